/**
 * S14: a report is made of the same parts whatever names say, to a real reader of its format: a name that adds a command, an
 * element, a column or a key would show. `formats.test.ts` holds that the names themselves come back.
 */
import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { parse as parseHtml, type DefaultTreeAdapterTypes } from 'parse5';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { FORMAT_NAMES, type FormatName } from '../../src/report/formats.ts';
import { HOSTILE_NAMES, hostileReport, render } from '../support/reports.ts';
import { SOAK } from '../support/sample.ts';
import { VALIDATORS } from '../support/validators.ts';

/** Names in a report, and reports for each format: 13 formats × 10 × 40 are 5,200 cases. */
const NAMES = 40;
const REPORTS = SOAK ? 100 : 10;

const SHORT = HOSTILE_NAMES.filter((name) => name !== '' && name.length < 200);
const PIECES = [
  '::',
  '##[',
  '##vso[',
  '##teamcity[',
  '\n',
  '\r',
  '\r\n',
  ' ',
  '"',
  "'",
  '<',
  '>',
  '&',
  ']]>',
  '-->',
  '</',
  '`',
  '|',
  '[',
  '](',
  '\\',
  '%0A',
  ',',
  ';',
  '=',
  '\u001b[',
  '\u009b',
  '\u202e',
  '\u2028',
  '\ud800',
  '\0',
  'error',
  'a',
  '\u4e2d',
];

const name = fc
  .oneof(
    fc.constantFrom(...SHORT),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.array(fc.constantFrom(...PIECES, ...SHORT), { minLength: 1, maxLength: 12 }).map((parts) => parts.join('')),
  )
  .filter((text) => text.trim() !== '');

/** A terminal that obeys: the control characters that come to it, but for line ends. */
function steered(text: string): string[] {
  return text.replaceAll('\r\n', '\n').match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g) ?? [];
}

/** What GitHub's runner, Azure's agent and TeamCity take for a command in a log: by the line, and anywhere in it. */
function commandsOf(log: string): string[] {
  return log.split(/\r\n|\r|\n/).flatMap((line) => {
    const [command = ''] = /^\s*::[\w-]+/.exec(line) ?? [];
    return [...(command === '' ? [] : [command.trim()]), ...(line.match(/##\[|##vso\[|##teamcity\[/g) ?? [])];
  });
}

/** A bar of a chart: how many there are depends on what names have in common. */
const BAR = new Set(['span ', 'svg viewBox preserveAspectRatio aria-hidden', 'rect class width height', 'p class']);

function tagsOf(html: string): string[] {
  const tags: string[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node, inFigure: boolean): void => {
    if ('tagName' in node) {
      const tag = `${node.tagName} ${node.attrs.map((attribute) => attribute.name).join(' ')}`;
      // A name that runs from right to left is isolated by an element of its own.
      if (node.tagName !== 'bdi' && !(inFigure && BAR.has(tag))) tags.push(tag);
    }
    if ('childNodes' in node) for (const child of node.childNodes) walk(child, inFigure || node.nodeName === 'figure');
  };
  walk(parseHtml(html), false);
  return tags;
}

function elementsOf(xml: string): string[] {
  const elements: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => void elements.push(`${tag.name} ${Object.keys(tag.attributes).join(' ')}`));
  parser.write(xml).close();
  return elements;
}

/** A value with its texts and numbers taken out. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (value === null || typeof value !== 'object') return typeof value;
  return Object.entries(value).map(([key, one]) => [key, shapeOf(one)]);
}

const json = (text: string): unknown => shapeOf(JSON.parse(text));
const markdown = new MarkdownIt({ html: true, linkify: true });

/** What a report is made of, by a reader of its format. */
const PARTS: Readonly<Record<FormatName, (text: string) => unknown>> = {
  text: (text) => text.split('\n').length,
  github: (text) => text.split('\n').length,
  json,
  jsonl: (text) => text.trimEnd().split('\n').map(json),
  sarif: json,
  gitlab: json,
  codequality: json,
  rdjson: json,
  junit: elementsOf,
  checkstyle: elementsOf,
  csv: (text) => parseCsv(text).map((row: string[]) => row.length),
  html: tagsOf,
  markdown: (text) => tagsOf(markdown.render(text)),
};

const plain = hostileReport(Array.from({ length: NAMES }, (_, index) => `plain-${index}`));

test.each(FORMAT_NAMES)(`%s: ${REPORTS * NAMES} names`, { timeout: 3_600_000 }, async (format) => {
  const usual = await render(format, plain);
  const [parts, commands] = [PARTS[format](usual), commandsOf(usual)];
  expect(commands.length > 0).toBe(format === 'github');
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { minLength: NAMES, maxLength: NAMES }), async (names) => {
      const text = await render(format, hostileReport(names));
      expect(steered(text)).toEqual([]);
      expect(commandsOf(text)).toEqual(commands);
      expect(Buffer.from(text).toString()).toBe(text);
      expect(PARTS[format](text)).toEqual(parts);
      if (format in VALIDATORS && (SOAK || runs++ === 0)) expect(await VALIDATORS[format as keyof typeof VALIDATORS](text)).toEqual([]);
    }),
    { numRuns: REPORTS },
  );
});
