/** Every format through a real reader of it: valid by its schema, and the same data comes back, whatever stands in names. */
import { parse as parseCsv } from 'csv-parse/sync';
import MarkdownIt from 'markdown-it';
import { parse as parseHtml, type DefaultTreeAdapterTypes } from 'parse5';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { FORMAT_NAMES, FORMATS, type Serializer } from '../../src/report/formats.ts';
import { withoutPlacesOfHalves, withPlacesOfHalves } from '../../src/report/half-places.ts';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { isOnlyHistory, placeOf } from '../../src/report/place.ts';
import { safeText } from '../../src/report/safe-text.ts';
import { renderText } from '../../src/report/text.ts';
import { STATE_WORDS, verdict } from '../../src/report/words.ts';
import { check as advice, finding, half, HOSTILE_NAMES, hostileReport, location, OPTIONS, render, report } from '../support/reports.ts';
import { VALIDATORS } from '../support/validators.ts';

const NONE = report([]);
const HOSTILE = hostileReport();
const INCOMPLETE = report([], { notScanned: [{ unit: 'secret/key.pem', reason: 'EACCES', detail: 'its folder is closed' }] });
const PLAIN = report([
  finding(1, { severity: 'critical' }),
  finding(2, { severity: 'info', state: 'history', locations: [location('gone.ts', { state: 'history', startLine: 41 })] }),
]);
const REPORTS: readonly (readonly [string, ReportV1])[] = [
  ['nothing', NONE],
  ['plain findings', PLAIN],
  ['hostile names', HOSTILE],
  ['an incomplete scan', INCOMPLETE],
];

/** A text as XML can hold it: what it forbids is a visible escape. */
function inXml(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (character) => {
      const code = character.charCodeAt(0);
      return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
    },
  );
}

/** Controls but line feeds and carriage returns, what turns text around or hides in it, and commands that logs take anywhere. */
const STEERING = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|##\[|##vso\[|##teamcity\[/;

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** All elements in order, or the parser's error. */
function elementsOf(xml: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: '' };
    elements.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return elements;
}

test('each format has its media type', () => {
  expect(FORMAT_NAMES.map((name) => `${name} ${FORMATS[name].media}`)).toEqual([
    'text text/plain',
    'json application/json',
    'jsonl application/jsonl',
    'sarif application/sarif+json',
    'junit application/xml',
    'gitlab application/json',
    'codequality application/json',
    'github text/plain',
    'checkstyle application/xml',
    'rdjson application/json',
    'csv text/csv',
    'markdown text/markdown',
    'html text/html',
  ]);
});

describe.each(FORMAT_NAMES)('%s', (name) => {
  test.each(REPORTS)('%s: nothing steers a terminal or a log', async (_what, given) => {
    const text = await render(name, given);
    expect(text).not.toMatch(STEERING);
    expect(text.replaceAll('\r\n', '\n')).not.toContain('\r');
    if (name !== 'github') expect(text).not.toMatch(/^\s*::/m);
    expect(Buffer.from(text).toString()).toBe(text);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('an incomplete scan is told, with unit and reason', async () => {
    const text = await render(name, INCOMPLETE);
    const plain = name === 'markdown' ? textOf(new MarkdownIt({ html: true }).render(text)) : text.replaceAll('\\/', '/');
    expect(plain).toContain('secret/key.pem');
    expect(plain).toContain('EACCES');
    expect(await render(name, NONE)).not.toContain('EACCES');
  });

  test('a check that applies is told, a note only where all is', async () => {
    const note = { ...advice, ruleId: 'key-in-docs', title: 'Only a note', severity: 'info' } as const;
    const told = await render(name, report([finding(1, { checks: [advice, note] })]));
    const plain = name === 'markdown' ? textOf(new MarkdownIt({ html: true }).render(told)) : told;
    expect(plain).toContain(name === 'sarif' ? 'Also: Real key as a fallback.' : 'Real key as a fallback');
    const all = ['text', 'json', 'jsonl'].includes(name);
    expect([name, plain.includes('Only a note')]).toEqual([name, all]);
    expect(await render(name, PLAIN)).not.toMatch(/\balso:? {0,2}(?:Real|in )/i);
  });

  test('the public half of a pair is told, with its mask and its place', async () => {
    const told = await render(name, report([finding(1, { halves: [half(1)] })]));
    const plain =
      name === 'markdown'
        ? textOf(new MarkdownIt({ html: true }).render(told))
        : told.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    for (const part of ['Access key id of id/1.ts', 'AKIA****', 'id/1.ts']) expect([name, plain]).toEqual([name, expect.stringContaining(part)]);
    const account = ['text', 'json', 'jsonl', 'sarif', 'junit', 'gitlab', 'csv', 'html'].includes(name);
    expect([name, plain.includes('belongs to account')]).toEqual([name, account]);
    expect(await render(name, PLAIN)).not.toMatch(/\bwith\b.{0,40}AKIA/i);
  });

  test('a finding of the history is told apart, with its commit and without a line of the current file', async () => {
    const text = await render(name, PLAIN);
    const plain = name === 'markdown' ? textOf(new MarkdownIt({ html: true }).render(text)) : text;
    expect(plain).toContain('0123456789');
    expect(plain).toMatch(/only in (?:git )?history|"history"|git-history\/0123456789\/gone\.ts/i);
    if (['sarif', 'checkstyle', 'codequality', 'rdjson'].includes(name)) expect(plain).not.toMatch(/"(?:uri|path|name)"?[:=] ?"gone\.ts"/);
  });
});

test.each(['json', 'jsonl', 'sarif', 'junit', 'gitlab', 'codequality', 'checkstyle', 'rdjson', 'csv'] as const)(
  '%s: however many findings there are, no piece of it is longer',
  async (name) => {
    const serialize: Serializer = await FORMATS[name].load();
    const longest = (findings: number): number => {
      const alike = report(Array.from({ length: findings }, () => finding(1)));
      const text = serialize(alike, OPTIONS);
      return Math.max(...Array.from(typeof text === 'string' ? [text] : text, (piece) => piece.length));
    };
    expect(longest(100)).toBe(longest(10));
  },
);

describe('JSON', () => {
  test.each(REPORTS)('%s comes back as it was', async (_what, given) => {
    expect(withoutPlacesOfHalves(JSON.parse(await render('json', given)) as ReportV1)).toEqual(given);
  });

  test.each(REPORTS)('%s, line by line', async (_what, given) => {
    const lines = (await render('jsonl', given))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ type: 'scan', schemaVersion: 1, counts: given.counts, scan: given.scan });
    expect(lines.at(-1)).toEqual({ type: 'end', complete: given.scan.complete, lines: lines.length });
    const of = (type: string): unknown[] => lines.filter((line) => line['type'] === type);
    expect(of('finding')).toEqual(given.findings.map((one) => ({ type: 'finding', ...withPlacesOfHalves(one) })));
    expect(of('notScanned')).toEqual(given.notScanned.map((one) => ({ type: 'notScanned', ...one })));
    expect(of('rule')).toEqual(given.rules?.map((one) => ({ type: 'rule', ...one })));
  });
});

interface Sarif {
  readonly runs: readonly {
    readonly automationDetails: { readonly id: string };
    readonly tool: { readonly driver: { readonly rules: readonly SarifRule[] } };
    readonly invocations: readonly { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly unknown[] }[];
    readonly results: readonly SarifResult[];
    readonly properties: Readonly<Record<string, unknown>>;
  }[];
}
interface SarifRule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly properties: Readonly<Record<string, unknown>>;
}
interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: Readonly<Record<string, number>> };
    readonly properties: { readonly file: string };
  }[];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  readonly properties: Readonly<Record<string, unknown>>;
}

describe('SARIF', () => {
  test.each(REPORTS)('%s is what the schema says', async (_what, given) => {
    expect(await VALIDATORS.sarif(await render('sarif', given))).toEqual([]);
  });

  test('JUnit: a date that is none is the first one, since there has to be one; a time in another zone is told without it', async () => {
    const given = report([finding(0)]);
    const at = async (startedAt: string): Promise<(string | undefined)[]> => {
      const xml = await render('junit', { ...given, scan: { ...given.scan, startedAt } });
      return [...new Set(elementsOf(xml).flatMap(({ name, attributes }) => (name === 'testsuite' ? [attributes['timestamp']] : [])))];
    };
    expect([await at('never'), await at('2026-07-01T02:00:00+02:00')]).toEqual([['1970-01-01T00:00:00'], ['2026-07-01T00:00:00']]);
  });

  test('the schema is not satisfied by anything', async () => {
    expect(await VALIDATORS.sarif('{"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]}')).not.toEqual([]);
  });

  test.each(REPORTS)('%s has all that code scanning asks for', async (_what, given) => {
    const { runs } = JSON.parse(await render('sarif', given)) as Sarif;
    expect(runs.map(({ automationDetails }) => automationDetails.id)).toEqual(['keysift/', 'keysift-history/']);
    expect(runs.flatMap(({ results }) => results)).toHaveLength(given.findings.length);
    for (const run of runs) {
      expect(run.invocations[0]?.executionSuccessful).toBe(given.scan.complete);
      expect(run.invocations[0]?.toolExecutionNotifications).toHaveLength(given.notScanned.length);
      for (const rule of run.tool.driver.rules) {
        expect(rule.name.length).toBeLessThanOrEqual(255);
        for (const text of [rule.shortDescription.text, rule.fullDescription.text, rule.help.text, rule.help.markdown]) expect(text).not.toBe('');
        expect(rule.fullDescription.text.length).toBeLessThanOrEqual(1024);
        expect(rule.properties['tags']).toContain('security');
        expect(Number(rule.properties['security-severity'])).toBeGreaterThan(0);
        expect(rule.properties['security-severity']).toBeTypeOf('string');
      }
      for (const result of run.results) {
        expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
        expect(result.locations).toHaveLength(1);
        for (const number of Object.values(result.locations[0]?.physicalLocation.region ?? {})) expect(number).toBeGreaterThanOrEqual(1);
      }
    }
    const prints = runs.flatMap(({ results }) => results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash));
    expect(new Set(prints).size).toBe(given.findings.length);
  });

  test('a URI is relative, valid, and decodes to the name; history has a folder of its own', async () => {
    const { runs } = JSON.parse(await render('sarif', HOSTILE)) as Sarif;
    const byId = new Map(HOSTILE.findings.map((one) => [one.id, one]));
    for (const [index, run] of runs.entries()) {
      for (const result of run.results) {
        const uri = result.locations[0]?.physicalLocation.artifactLocation.uri ?? '';
        const one = byId.get(String(result.properties['id']));
        const name = one?.locations[0]?.file ?? 'no finding';
        expect(uri).toMatch(/^(?:[A-Za-z0-9\-._~/]|%[0-9A-F]{2})+$/);
        expect(uri).not.toMatch(/^\/\/|^[A-Za-z][A-Za-z0-9+.-]*:/);
        const decoded = decodeURIComponent(uri);
        const bytes = Buffer.from(name).toString();
        const expected = index === 0 ? bytes : `git-history/0123456789/${bytes}`;
        expect(decoded.replace(/^\/\.(?=\/\/)/, '')).toBe(expected === '' ? '.' : expected);
        expect(result.locations[0]?.properties.file).toBe(name);
      }
    }
    expect(runs.map(({ results }) => results.length)).toEqual([
      HOSTILE.findings.filter((one) => !isOnlyHistory(one)).length,
      HOSTILE.findings.filter(isOnlyHistory).length,
    ]);
  });

  test('no bracket of a name is a link, no brace a placeholder', async () => {
    const { runs } = JSON.parse(await render('sarif', HOSTILE)) as Sarif;
    for (const { message } of runs.flatMap(({ results }) => results)) {
      expect(message.text).not.toMatch(/(?<!\\)(?:\\\\)*\[[^\]]*(?<!\\)\]\(/);
      expect(message.text.replaceAll('{{', '').replaceAll('}}', '')).not.toMatch(/\{\d+\}/);
    }
  });

  test('without a history scan there is no run that would close its alerts', async () => {
    const { runs } = JSON.parse(await render('sarif', { ...NONE, scan: { ...NONE.scan, sources: ['staged'] } })) as Sarif;
    expect(runs.map(({ automationDetails }) => automationDetails.id)).toEqual(['keysift/']);
  });
});

describe('GitLab', () => {
  test.each(REPORTS)('%s is what the schema says, with the same names', async (_what, given) => {
    const text = await render('gitlab', given);
    expect(await VALIDATORS.gitlab(text)).toEqual([]);
    const written = JSON.parse(text) as {
      scan: { status: string; messages: unknown[] };
      vulnerabilities: { id: string; name: string; location: { file: string; commit: { sha: string } } }[];
    };
    expect(written.scan.status).toBe(given.scan.complete ? 'success' : 'failure');
    expect(written.scan.messages).toHaveLength(given.notScanned.length === 0 ? 0 : given.notScanned.length + 1);
    expect(new Map(written.vulnerabilities.map(({ id, location: { file } }) => [id, file]))).toEqual(
      new Map(given.findings.map((one) => [one.id, placeOf(one).file])),
    );
    for (const one of written.vulnerabilities) expect(one.location.commit.sha).toMatch(/^[0-9a-f]{40}$/);
    expect(written.vulnerabilities.filter(({ name }) => name.endsWith(' (not in the current files)'))).toHaveLength(
      given.findings.filter(isOnlyHistory).length,
    );
  });

  test.each(REPORTS)('code quality: %s has the fields that are asked for', async (_what, given) => {
    const text = await render('codequality', given);
    expect(text.startsWith('[')).toBe(true); // no byte order mark
    const issues = JSON.parse(text) as Record<string, unknown>[];
    expect(await VALIDATORS.codequality(text)).toEqual([]);
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    const paths = new Map(issues.map(({ fingerprint, location: place }) => [fingerprint, (place as { path: string }).path]));
    for (const one of given.findings) expect(paths.get(one.id)).toBe(placeOf(one).path);
    expect(issues.some(({ check_name: check_ }) => check_ === 'scan-incomplete')).toBe(!given.scan.complete);
  });
});

describe('XML', () => {
  test.each(REPORTS)('JUnit: %s is what the schema says, with the same names', async (_what, given) => {
    const xml = await render('junit', given);
    expect(await VALIDATORS.junit(xml)).toEqual([]);
    const elements = elementsOf(xml);
    const failures = elements.filter((element) => element.name === 'failure');
    expect(failures).toHaveLength(given.findings.length);
    const cases = elements.filter((element) => element.name === 'testcase').map(({ attributes }) => attributes['name']);
    for (const one of given.findings) {
      const place = placeOf(one);
      expect(cases).toContain(inXml(`${one.title} in ${place.path}:${place.startLine} (${one.id.slice(0, 8)})`));
    }
    for (const { unit } of given.notScanned) expect(cases).toContain(inXml(`scanned: ${unit}`));
    const suites = elements.filter((element) => element.name === 'testsuite').map(({ attributes }) => attributes);
    const total = (key: string): number => suites.reduce((sum, attributes) => sum + Number(attributes[key]), 0);
    expect([total('tests'), total('failures'), total('errors')]).toEqual([
      cases.length,
      failures.length,
      elements.filter((element) => element.name === 'error').length,
    ]);
  });

  test('the schema is not satisfied by anything', async () => {
    expect(await VALIDATORS.junit('<testsuites><testcase/></testsuites>')).not.toEqual([]);
  });

  test.each(REPORTS)('Checkstyle: %s comes back with the same names', async (_what, given) => {
    const elements = elementsOf(await render('checkstyle', given));
    const files = new Set(elements.filter((element) => element.name === 'file').map(({ attributes }) => attributes['name']));
    for (const one of given.findings) expect(files).toContain(inXml(placeOf(one).path));
    for (const { unit } of given.notScanned) expect(files).toContain(inXml(unit));
    const errors = elements.filter((element) => element.name === 'error');
    expect(errors).toHaveLength(given.findings.length + (given.notScanned.length === 0 ? 0 : given.notScanned.length + 1));
    for (const { attributes } of errors) expect(Number(attributes['line'])).toBeGreaterThanOrEqual(1);
  });
});

test.each(REPORTS)('rdjson: %s is what the schema says, with the same names', async (_what, given) => {
  const text = await render('rdjson', given);
  const written = JSON.parse(text) as { diagnostics: { location: { path: string } }[] };
  // An empty name, which only a report made by hand can hold, is none for this schema.
  const errors = await VALIDATORS.rdjson(text);
  expect(given === HOSTILE ? errors.filter((error) => !error.includes('.path: ')) : errors).toEqual([]);
  const paths = written.diagnostics.map(({ location: { path } }) => path);
  expect(paths).toEqual([
    ...given.findings.map((one) => placeOf(one).path),
    ...(given.notScanned.length === 0 ? [] : ['keysift']),
    ...given.notScanned.slice(0, 100).map(({ unit }) => unit),
  ]);
});

describe('CSV', () => {
  test.each(REPORTS)('%s comes back with the same names', async (_what, given) => {
    const rows: Record<string, string>[] = parseCsv(await render('csv', given), { columns: true, relax_column_count: false });
    expect(rows[0]).toMatchObject({ kind: 'scan', title: verdict(given), state: given.scan.complete ? 'complete' : 'incomplete' });
    expect(rows).toHaveLength(1 + given.findings.length + given.notScanned.length);
    const asText = (text: string): string => (/^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(safeText(text)) ? `'${safeText(text)}` : safeText(text));
    const byId = new Map(rows.map((row) => [row['id'], row]));
    for (const one of given.findings) {
      expect(byId.get(one.id)).toMatchObject({
        file: asText(placeOf(one).file),
        title: asText(one.title),
        provider: asText(one.provider),
        author: asText(one.firstSeen?.author ?? ''),
        category: isOnlyHistory(one) ? 'history' : 'current',
        state: STATE_WORDS[one.state],
      });
    }
    expect(rows.filter(({ kind }) => kind === 'not-scanned').map(({ file }) => file)).toEqual(given.notScanned.map(({ unit }) => asText(unit)));
  });

  test('no cell is a formula', async () => {
    const rows: string[][] = parseCsv(await render('csv', HOSTILE));
    expect(rows.flat().filter((cell) => /^[=+\-@]/.test(cell))).toEqual([]);
  });
});

/** Text of HTML without mark-up; a cell and a paragraph end with a line feed. */
function textOf(html: string): string {
  const text: string[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('value' in node && node.nodeName === '#text') text.push(node.value);
    if (['style', 'script'].includes(node.nodeName)) return;
    if ('childNodes' in node) for (const child of node.childNodes) walk(child);
    if (['td', 'p', 'li', 'h2', 'h3', 'br', 'summary'].includes(node.nodeName)) text.push('\n');
  };
  walk(parseHtml(html));
  return text.join('');
}

/** Elements of a document, apart from those that every document has. */
function tagsOf(html: string): { tags: Set<string>; attributes: Set<string>; urls: string[] } {
  const tags = new Set<string>();
  const attributes = new Set<string>();
  const urls: string[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node) {
      tags.add(node.tagName);
      for (const { name, value } of node.attrs) {
        attributes.add(name);
        if (['src', 'href', 'action', 'srcset', 'data', 'xlink:href'].includes(name)) urls.push(value);
      }
    }
    if ('childNodes' in node) for (const child of node.childNodes) walk(child);
  };
  walk(parseHtml(html));
  return { tags, attributes, urls };
}

describe('Markdown', () => {
  test.each(REPORTS)('%s: names are text and nothing else', async (_what, given) => {
    const html = new MarkdownIt({ html: true, linkify: true }).render(await render('markdown', given));
    const { tags, attributes, urls } = tagsOf(html);
    for (const tag of ['script', 'img', 'a', 'svg', 'em', 'hr', 'ul', 'blockquote', 'pre', 'h1', 's']) expect(tags).not.toContain(tag);
    expect([...attributes]).toEqual([]);
    expect(urls).toEqual([]);
    const text = textOf(html);
    for (const one of given.findings) {
      expect(text).toContain(safeText(one.title));
      expect(text).toContain(`${safeText(placeOf(one).file)}:3:5`.replace(/^:3:5$/, ':3:5').replace(':3:5', `:${placeOf(one).startLine}:5`));
    }
    for (const { unit } of given.notScanned) expect(text).toContain(safeText(unit));
  });
});

describe('GitHub annotations', () => {
  /** The documented reverse of the escaping. */
  const decode = (text: string, property: boolean): string =>
    (property ? text.replaceAll('%2C', ',').replaceAll('%3A', ':') : text).replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');

  function commandsOf(text: string): { level: string; properties: Record<string, string>; message: string }[] {
    return text
      .split('\n')
      .filter((line) => line.startsWith('::'))
      .map((line) => {
        const [, level = '', properties = '', message = ''] = /^::(\w+) ([^:]*)::(.*)$/.exec(line) ?? [];
        const pairs = properties.split(',').map((pair): [string, string] => {
          const at = pair.indexOf('=');
          return [pair.slice(0, at), decode(pair.slice(at + 1), true)];
        });
        return { level, properties: Object.fromEntries(pairs), message: decode(message, false) };
      });
  }

  test.each(HOSTILE_NAMES)('%j is one command, with the name in it', async (name) => {
    const text = await render('github', report([finding(1, { severity: 'high', locations: [location(name)], title: `Title ${name}` })]));
    expect(text).not.toMatch(STEERING);
    const [command, ...others] = commandsOf(text);
    expect(others).toEqual([]);
    expect(command?.level).toBe('error');
    expect(command?.properties['title']).toBe(`keysift: ${safeText(`Title ${name}`).replace('Title \\x3a', 'Title :')}`);
    const file = command?.properties['file'];
    if (file === undefined) expect(command?.message).toContain(safeText(name));
    else expect(file).toBe(name);
    expect(Object.keys(command?.properties ?? {})).toEqual(file === undefined ? ['title'] : ['file', 'line', 'endLine', 'col', 'endColumn', 'title']);
  });

  test('history has no file to annotate', async () => {
    const commands = commandsOf(await render('github', PLAIN));
    expect(commands.map(({ level, properties }) => [level, properties['file']])).toEqual([
      ['error', 'src/1.ts'],
      ['notice', undefined],
    ]);
    expect(commands[1]?.message).toContain('gone.ts:41 of commit 0123456789');
  });
});

describe('HTML', () => {
  const allowed = new Set(
    'html head meta title style body main h1 div b p dl dt dd section h2 h3 h4 figure figcaption svg line text g rect polyline span bdi form label input select option output details summary code i ul li a ol script table thead tbody tr th td strong'.split(
      ' ',
    ),
  );

  test.each(REPORTS)('%s: names are text and nothing else', async (_what, given) => {
    const html = await render('html', given);
    const { tags, attributes, urls } = tagsOf(html);
    expect([...tags].filter((tag) => !allowed.has(tag))).toEqual([]);
    expect([...attributes].filter((attribute) => attribute.startsWith('on') || attribute === 'style')).toEqual([]);
    expect(urls.filter((url) => !url.startsWith('#') && url !== 'https://docs.example.com/keys')).toEqual([]);
    const text = textOf(html);
    for (const one of given.findings) {
      expect(text).toContain(safeText(one.title));
      expect(text).toContain(`${safeText(`${placeOf(one).file}:${placeOf(one).startLine}`)}:5`);
    }
    for (const { unit } of given.notScanned) expect(text).toContain(safeText(unit));
  });
});

describe('text', () => {
  test('in a terminal of 80 columns only a name that is longer makes a longer line', async () => {
    const serialize = await FORMATS.text.load();
    const long = 'src/a/very/long/path/that/does/not/fit/into/eighty/columns/whatever/is/done/about/it.ts';
    const text = serialize(
      report(
        [
          finding(1, {
            locations: [location(long)],
            evidence: ['a sentence that is rather long and goes on, so that it has to be broken somewhere in the middle'],
          }),
          finding(13),
        ],
        {
          notScanned: [{ unit: long, reason: 'EACCES', detail: 'a sentence that is rather long and goes on, so that it has to be broken somewhere' }],
        },
      ),
      { ...OPTIONS, columns: 80 },
    );
    expect(text.split('\n').filter((line) => line.length > 80 && !line.includes(long))).toEqual([]);
    expect(text).toContain(`  ${long}:3:5\n`);
    expect(text.replaceAll(/\n {8,}/g, ' ')).toContain('has to be broken somewhere in the middle');
  });

  test('what to do is said once for findings of one rule', async () => {
    const text = await render('text', report([finding(0), finding(12), finding(24)]));
    expect(text.match(/Delete the leaked key\./g)).toHaveLength(1);
    expect(text.match(/ id [0-9a-f]{20}$/gm)).toHaveLength(3);
    expect(text).toContain('CRITICAL  Live secret key number 0  3 findings\n');
  });

  test('findings of one rule with the same checks share a head; -v says where each check saw it', async () => {
    const alike = report(
      [0, 12, 24].map((index) => finding(index, { provider: 'Acme', daysExposed: 5, checks: [{ ...advice, saw: `in \`src/${index}.ts\`` }] })),
    );
    const shown = (verbose: boolean): string => renderText(alike, { ...OPTIONS, verbose });
    expect(shown(false).match(/^  also  Real key as a fallback$/gm)).toHaveLength(1);
    expect(shown(true).match(/^  also  Real key as a fallback: in `src\/\d+\.ts`$/gm)).toHaveLength(3);
    const single = renderText(report([finding(0, { checks: [advice] })]), { ...OPTIONS, verbose: false });
    expect(single).toContain('  also  Real key as a fallback: `process.env.KEY || …`, in `src/pay.ts`\n');
  });
});
