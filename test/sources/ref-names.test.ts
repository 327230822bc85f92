/** Names of refs as texts: what is asked of all of them together, what is looked at one by one, and how they are counted. */
import { expect, test } from 'vitest';
import type { Tips } from '../../src/git/enumerate.ts';
import type { Sink } from '../../src/model/source.ts';
import { passRefNames, scanRefNames } from '../../src/sources/ref-names.ts';

const tips = (...names: string[]): Tips => ({
  head: undefined,
  refs: names.map((name, index) => ({ name, target: `target-${index}`, peeled: `peeled-${index}` })),
  stash: [],
  others: [],
  broken: [],
});

/** What a sink is told, a line each. */
function told(tell: (sink: Sink) => unknown, placesIn: (texts: Buffer) => readonly number[] | undefined = () => undefined) {
  const lines: string[] = [];
  const sink = {
    counted: (unit: string) => void lines.push(`counted ${unit}`),
    content: (origin: unknown, bytes: Buffer) => void lines.push(`content ${JSON.stringify(origin)} ${bytes.toString()}`),
    placesIn: (texts: Buffer) => {
      lines.push(`asked ${JSON.stringify(texts.toString())}`);
      return placesIn(texts);
    },
    passed: (size: number) => void lines.push(`passed ${size}`),
    scanned: () => void lines.push('scanned'),
  };
  return { result: tell(sink as unknown as Sink), lines };
}

const content = (index: number, text: string): string =>
  `content {"kind":"metadata","part":"ref name","object":"peeled-${index}","label":"<ref name>"} ${text}`;

test('names are looked at without the folder that says what they are of', () => {
  const names = ['refs/heads/main', 'refs/tags/v1', 'refs/remotes/origin/x', 'refs/notes/refs/heads/a'];
  const { result, lines } = told((sink) => scanRefNames(tips(...names), sink));
  const texts = ['main', 'v1', 'origin/x', 'refs/notes/refs/heads/a'];
  expect(lines).toEqual([
    `asked ${JSON.stringify(texts.join('\n'))}`,
    ...texts.flatMap((text, index) => ['counted ref', content(index, text), 'scanned']),
  ]);
  expect(result).toBe(texts.join('').length);
});

test('those that hold no place are passed, by their bytes', () => {
  // [0, 3), [4, 8) of three letters in four bytes, [9, 10)
  const { result, lines } = told(
    (sink) => scanRefNames(tips('refs/heads/one', 'refs/heads/zw\u00f6', 'refs/heads/x'), sink),
    () => [8],
  );
  expect(lines.slice(1)).toEqual([
    'counted ref',
    'passed 3',
    'scanned',
    'counted ref',
    content(1, 'zw\u00f6'),
    'scanned',
    'counted ref',
    'passed 1',
    'scanned',
  ]);
  expect(result).toBe(8);
});

test('where a name holds a zero byte each is looked at, and nothing is asked of all', () => {
  const { result, lines } = told(
    (sink) => scanRefNames(tips('refs/heads/a\0b', 'refs/heads/c'), sink),
    () => [],
  );
  expect(lines).toEqual(['counted ref', content(0, 'a\0b'), 'scanned', 'counted ref', content(1, 'c'), 'scanned']);
  expect(result).toBe(4);
});

test('there may be none', () => {
  expect(told((sink) => scanRefNames(tips(), sink))).toEqual({ result: 0, lines: ['asked ""'] });
});

test('names that held nothing the last time count as they did', () => {
  const { lines } = told((sink) => passRefNames({ head: undefined, refs: 2, bytes: 7 }, sink));
  expect(lines).toEqual(['counted ref', 'scanned', 'counted ref', 'scanned', 'passed 7']);
});
