/** Of several pairs in one content each half goes with its own secret, and with none where that is not sure. */
import { expect, test } from 'vitest';
import { pairsIn } from '../../src/classify/pairs.ts';
import type { Sighting } from '../../src/model/finding.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { plantOne } from '../support/secrets.ts';

const inspector = new Inspector(builtinRules());
const VALUES: Readonly<Record<string, string>> = Object.fromEntries(
  ['A', 'B', 'C', 'S', 'T', 'U'].map((letter) => [
    letter,
    plantOne(letter < 'S' ? '[|AKIA{{[A-Z2-7]:16}}|]' : '[|{{base64:40}}|]', `pairs ${letter}`).secret,
  ]),
);

/** Lines of a content: a letter for an id (A to C) or a secret (S to U), `.` for any other line, more than one for one line of JSON. */
function content(lines: readonly string[]): string {
  const settings = (letters: string): string[] =>
    [...letters].map((letter) => `"${letter < 'S' ? 'aws_access_key_id' : 'aws_secret_access_key'}": "${VALUES[letter]}"`);
  return lines.map((line) => (line === '.' ? '[section]' : settings(line).join(', '))).join('\n');
}

/** `AS`: the id A stands beside the secret S, at as many places. */
function paired(...lines: string[]): string[] {
  const letterOf = ({ secret }: Sighting): string => Object.keys(VALUES).find((letter) => VALUES[letter] === secret.reveal()) ?? '?';
  const sightings = inspector.inspect(Buffer.from(content(lines)));
  expect(sightings).toHaveLength(lines.join('').replaceAll('.', '').length);
  const there = [...pairsIn(sightings)].map(([half, secret]) => letterOf(half) + letterOf(secret));
  expect([...pairsIn(sightings.toReversed())].map(([half, secret]) => letterOf(half) + letterOf(secret)).toSorted()).toEqual(there.toSorted());
  return there.toSorted();
}

const FAR = Array<string>(9).fill('.');

test.each<[string, string[], string[]]>([
  ['the usual order', ['A', 'S'], ['AS']],
  ['the secret first', ['S', 'A'], ['AS']],
  ['on one line', ['AS'], ['AS']],
  ['eight lines apart', ['A', ...FAR.slice(2), 'S'], ['AS']],
  ['nine lines apart', ['A', ...FAR.slice(1), 'S'], []],
  ['no secret', ['A', 'B'], []],
  ['no half', ['S', 'T'], []],
  ['pairs without a line between them', ['A', 'S', 'B', 'T', 'C', 'U'], ['AS', 'BT', 'CU']],
  ['the same, secrets first', ['S', 'A', 'T', 'B', 'U', 'C'], ['AS', 'BT', 'CU']],
  ['pairs on one line', ['ASBT'], ['AS', 'BT']],
  ['pairs in sections, one the other way round', ['A', 'S', '.', 'T', 'B'], ['AS', 'BT']],
  ['a secret between two ids', ['A', '.', 'S', '.', '.', 'B', 'T'], ['AS', 'BT']],
  ['the same pair twice', ['A', 'S', ...FAR, 'A', 'S'], ['AS', 'AS']],
  ['an id written twice beside its secret', ['A', 'S', '.', 'A'], ['AS', 'AS']],
  ['an id that also stands alone', ['A', 'S', ...FAR, 'A'], ['AS']],
  ['an id whose secret has one of its own', ['A', 'B', 'S'], ['BS']],
  ['two secrets for one id', ['A', 'S', 'T'], []],
  ['two secrets for one id, far from each other', ['A', 'S', ...FAR, 'A', 'T'], []],
  ['a secret without an id near another pair', ['A', 'S', '.', 'T', ...FAR, 'B', 'U'], ['BU']],
])('%s', (_what, lines, expected) => {
  expect(paired(...lines)).toEqual(expected);
});

test('so many bytes on one line are too far', () => {
  const text = (bytes: number): string => `${content(['A'])}, "x": "${'- '.repeat(bytes / 2)}", ${content(['S'])}`;
  expect(pairsIn(inspector.inspect(Buffer.from(text(1900)))).size).toBe(1);
  expect(pairsIn(inspector.inspect(Buffer.from(text(2100)))).size).toBe(0);
});

test('a content of many pairs takes no long time', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => (index % 2 === 0 ? 'A' : 'S'));
  const one = inspector.inspect(Buffer.from(content(['A', 'S'])));
  const size = content(['A', 'S']).length + 1;
  const many = lines.map((_, index) => {
    const { span, range, ...rest } = one[index % 2]!;
    const [offset, line] = [Math.floor(index / 2) * size, Math.floor(index / 2) * 2];
    return {
      ...rest,
      span: { start: span.start + offset, end: span.end + offset },
      range: { ...range, startLine: range.startLine + line, endLine: range.endLine + line },
    };
  });
  const begun = process.cpuUsage().user;
  expect(pairsIn(many).size).toBe(10_000);
  expect((process.cpuUsage().user - begun) / 1000).toBeLessThan(2000);
});
