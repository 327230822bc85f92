/** What the consumers refuse or hide beyond: nothing is written that they would not take, and the rest is counted. */
import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { serializeGithub } from '../../src/report/github.ts';
import { serializeHtml } from '../../src/report/html.ts';
import { STYLE } from '../../src/report/html-style.ts';
import type { FindingV1, ReportV1 } from '../../src/report/json-v1.ts';
import { serializeMarkdown } from '../../src/report/markdown.ts';
import { serializeSarif } from '../../src/report/sarif.ts';
import { check, finding, location, report } from '../support/reports.ts';

interface Sarif {
  readonly runs: readonly {
    readonly invocations: readonly [
      {
        readonly toolExecutionNotifications: readonly { readonly descriptor: { readonly id: string }; readonly message: { readonly text: string } }[];
      },
    ];
    readonly results: readonly {
      readonly properties: { readonly id: string; readonly 'security-severity': string };
      readonly relatedLocations?: readonly unknown[];
    }[];
    readonly properties: Readonly<Record<string, unknown>>;
  }[];
}

function many(count: number, more: (index: number) => Partial<FindingV1> = () => ({})): FindingV1[] {
  return Array.from({ length: count }, (_, index) => finding(index, more(index)));
}

describe('SARIF', () => {
  const sarif = (given: ReportV1): string => [...serializeSarif(given)].join('');

  test('H8: 25,000 results a run, the most severe ones, and the true total', () => {
    const given = report(many(26_001, (index) => ({ severity: index === 26_000 ? 'critical' : 'low', evidence: [] })));
    const [current, history] = (JSON.parse(sarif(given)) as Sarif).runs;
    expect(current?.results).toHaveLength(25_000);
    expect(current?.results[0]?.properties.id).toBe(given.findings[26_000]?.id);
    expect(current?.properties).toMatchObject({ totalFindings: 26_001, findingsLeftOut: 1001 });
    expect(history?.results).toEqual([]);
    expect(current?.invocations[0].toolExecutionNotifications).toMatchObject([
      { descriptor: { id: 'RESULTS-LEFT-OUT' }, message: { text: expect.stringContaining('26,001 findings; the 1,001 least severe') as string } },
    ]);
  });

  test('H8: 10 MB packed', () => {
    const noise = Array.from({ length: 40 }, () => randomBytes(300_000).toString('base64'));
    const given = report(
      many(1000, (index) => ({
        severity: index % 2 === 0 ? 'high' : 'low',
        evidence: [noise[index % 40]?.slice(Math.floor(index / 40) * 16_000, (Math.floor(index / 40) + 1) * 16_000) ?? ''],
      })),
    );
    const text = sarif(given);
    expect(gzipSync(text).length).toBeLessThanOrEqual(10_000_000);
    const [current] = (JSON.parse(text) as Sarif).runs;
    const shown = current?.results.length ?? 0;
    expect(shown).toBeGreaterThan(500);
    expect(shown).toBeLessThan(1000);
    expect(current?.results.slice(0, 500).every(({ properties }) => properties['security-severity'] === '8.0')).toBe(true);
    expect(current?.properties).toMatchObject({ totalFindings: 1000, findingsLeftOut: 1000 - shown });
  });

  test('not more places of one finding than are taken', () => {
    const locations = Array.from({ length: 2000 }, (_, index) => location(`f${index}.ts`));
    const [current] = (JSON.parse(sarif(report([finding(1, { locations })]))) as Sarif).runs;
    expect(current?.results[0]?.relatedLocations).toHaveLength(100);
    expect(current?.results[0]?.properties).toMatchObject({ places: 2000 });
  });
});

describe('GitHub annotations', () => {
  const levels = (text: string): Record<string, number> => {
    const numbers: Record<string, number> = {};
    for (const [, level = ''] of text.matchAll(/^::(\w+) /gm)) numbers[level] = (numbers[level] ?? 0) + 1;
    return numbers;
  };

  test('H9: ten of each level, the most severe first, and the rest counted', () => {
    const text = serializeGithub(report([...many(30, () => ({ severity: 'high' })), finding(99, { severity: 'critical', title: 'The worst' })]));
    expect(levels(text)).toEqual({ error: 10 });
    expect(text.split('\n')[0]).toContain('The worst');
    expect(text).toMatch(
      /\nkeysift: 31 findings \(1 critical, 30 high\); 21 of them without an annotation, because only 10 of each level are shown\n$/,
    );
  });

  test('notes stand in the log, before the verdict, and are no commands', () => {
    const given = report([finding(1)]);
    const text = serializeGithub({ ...given, scan: { ...given.scan, notes: ['keysift.config.yaml differs', '::error::x'] } });
    expect(text.split('\n').slice(1, -1)).toEqual([
      'keysift: note: keysift.config.yaml differs',
      'keysift: note: \\x3a:error::x',
      'keysift: 1 finding (1 high)',
    ]);
  });

  test('that the scan is incomplete has a place among them', () => {
    const text = serializeGithub(report(many(60), { notScanned: [{ unit: 'a', reason: 'EACCES', detail: '' }] }));
    expect(levels(text)).toEqual({ error: 10, warning: 10, notice: 10 });
    expect(text.split('\n')[0]).toBe('::error title=keysift%3A the scan is incomplete::1 unit not scanned%0Aa: EACCES: no permission to read it');
  });
});

test('H9: a summary stays below 1 MiB, the most severe first, and the rest counted', () => {
  const given = report(
    many(20_000, (index) => ({ severity: index === 19_999 ? 'critical' : 'low', title: index === 19_999 ? 'Worst' : 'Other' })),
    {
      notScanned: Array.from({ length: 20_000 }, (_, index) => ({ unit: `unit-${index}`, reason: 'EACCES' as const, detail: '' })),
    },
  );
  const text = serializeMarkdown(given);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
  expect(Buffer.byteLength(text)).toBeGreaterThan(800_000);
  expect(text.indexOf('Worst')).toBeLessThan(text.indexOf('Other'));
  expect(text).toMatch(/\n[\d,]+ more findings, not shown/);
  expect(text).toMatch(/\n[\d,]+ more units, not shown/);
  const shown = text.match(/^\| low \|/gm)?.length ?? 0;
  expect(text).toContain(`\n${String(19_999 - shown).replace(/\B(?=(?:\d{3})+$)/g, ',')} more findings, not shown`);
  expect(text).toContain('### What to do');
});

test('a summary tells what to do about each env file: their commands differ', () => {
  const files = ['.env', 'api/.env.local', 'web/.env'];
  const steps = (file: string): string[] => [`git rm --cached -- '${file}'`, `git commit -m 'Stop tracking ${file}'`];
  const given = report(
    files.map((file, index) =>
      finding(index, { ruleId: 'env-file', title: 'Env file', remedy: { revoke: 'Rotate.', steps: steps(file) }, locations: [location(file)] }),
    ),
  );
  const text = new MarkdownIt({ html: true }).render(serializeMarkdown(given));
  for (const file of files) for (const step of steps(file)) expect(text).toContain(`<li>${step}</li>`);
  expect(text.match(/<details>/g)).toHaveLength(3);
});

test('steps that have no room are counted', () => {
  const given = report(many(3000, (index) => ({ title: 'x'.repeat(400), remedy: { revoke: `r${index}`, steps: ['s'.repeat(400)] } })));
  const text = serializeMarkdown(given);
  const shown = text.match(/<details>/g)?.length ?? 0;
  expect(shown).toBeGreaterThan(10);
  expect(text).toMatch(new RegExp(`\\n${String(3000 - shown).replace(/(?=\d{3}$)/, ',')} more of these, not shown`));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
});

describe('HTML', () => {
  test('1,000 findings take less than 500 kB', () => {
    const given = report(
      many(1000, (index) => ({
        state: index % 2 === 0 ? 'head' : 'history',
        // Most have nothing to say but notes, which are left out.
        checks: index % 5 === 0 ? [check] : [{ ...check, severity: 'info' }],
        locations: [
          location(`packages/service-${index % 14}/src/settings-${index}.ts`),
          ...(index % 3 === 0 ? [location(`apps/web/${index}.env`, { state: 'history' })] : []),
        ],
      })),
    );
    const html = serializeHtml(given);
    expect(html.match(/<details /g)).toHaveLength(1000);
    expect(html.length).toBeLessThan(500_000);
  });

  test('more than a browser likes are counted', () => {
    const html = serializeHtml(report(many(5002)));
    expect(html.match(/<details /g)).toHaveLength(5000);
    expect(html).toContain('2 more findings, the least severe, not on this page');
    expect(html).toContain('<strong>5,002 findings</strong>');
  });

  test('the policy allows the style and the script of the page by their hashes, and nothing else', () => {
    const html = serializeHtml(report(many(3)));
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const hash = (tag: string): string =>
      createHash('sha256')
        .update(new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)?.[1] ?? '')
        .digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash('style')}'; script-src 'sha256-${hash('script')}'; base-uri 'none'; form-action 'none'`,
    );
    expect(html.match(/<(?:script|style)/g)).toEqual(['<style', '<script']);
    expect(html).not.toMatch(/ style=| on\w+=|javascript:|url\(|@import/);
  });

  test('without scripts nothing is hidden but the filters', () => {
    const html = serializeHtml(report(many(3)));
    expect(html.match(/<[^>]* hidden[ >]/g)).toEqual(['<form class="filters" hidden>']);
  });

  describe.each([
    ['light', /:root \{([^}]*)\}/],
    ['dark', /prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/],
    ['print', /@media print \{\s*:root \{([^}]*)\}/],
  ])('contrast of text, %s', (_theme, pattern) => {
    const variables = new Map(
      [...(pattern.exec(STYLE)?.[1] ?? '').matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name = '', colour = '']) => [name, colour]),
    );

    test.each([
      ['text', 'page'],
      ['text', 'card'],
      ['soft', 'page'],
      ['soft', 'card'],
      ['link', 'page'],
      ['link', 'card'],
      ['warn-text', 'warn'],
      ['on', 'critical'],
      ['on', 'high'],
      ['on', 'medium'],
      ['on', 'low'],
      ['on', 'info'],
    ])('%s on %s is at least 4.5', (front, back) => {
      expect(contrast(variables.get(front) ?? '', variables.get(back) ?? '')).toBeGreaterThanOrEqual(4.5);
    });

    test.each(['critical', 'info', 'low', 'text'])('a bar or line in %s is at least 3', (front) => {
      expect(contrast(variables.get(front) ?? '', variables.get('page') ?? '')).toBeGreaterThanOrEqual(3);
    });
  });
});

/** As WCAG defines it, 1 to 21. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string): number => {
    const [red = Number.NaN, green = Number.NaN, blue = Number.NaN] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [bright, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return ((bright ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}
