/** Strings below a name: lists, and values that were too long for its line. */
import { describe, expect, test } from 'vitest';
import { stringsBelow } from '../../src/detect/strings-below.ts';

function below(text: string, most: number): string[] {
  return stringsBelow(Buffer.from(text, 'latin1'), 0, most).found.map(({ start, end }) => text.slice(start, end));
}

describe('a list', () => {
  test.each([
    ['of YAML', 'keys:\n  - abcd-1\n  - "abcd-2"\n', ['abcd-1', 'abcd-2']],
    ['with comments and blank lines', "keys = [\n  # anna\n  'abcd-1', // of anna\n\n  'abcd-2',\n]\n'abcd-3'\n", ['abcd-1', 'abcd-2']],
    ['that its last string closes', 'keys = List.of(\n  "abcd-1",\n  "abcd-2");\n"abcd-3"\n', ['abcd-1', 'abcd-2']],
    ['up to what is no string', "keys = [\n  'abcd-1',\n  call2(),\n  'abcd-3']", ['abcd-1']],
    ['without quotes, and not of YAML', 'keys = [\n  abcd_1,\n  abcd_2]', []],
    ['with lines of Windows', 'keys:\r\n  - abcd-1\r\n  - abcd-2\r\n', ['abcd-1', 'abcd-2']],
    ['of other things', 'keys:\n  - name: abcd-1\n', []],
    ['that is not there', 'keys:', []],
    ['of words that begin like a kind of string', "keys:\n  - bcde-1\n  - fade-2\n  - b'cde-3'\n", ['bcde-1', 'fade-2', 'cde-3']],
    ['up to an item that begins a list of its own', 'keys:\n  - abcd-1\n  - api_keys=(\n  - abcd-2\n', ['abcd-1']],
    ['below six lines', `keys:\n${'  # anna\n'.repeat(6)}  - abcd-1\n`, ['abcd-1']],
    ['and not below seven', `keys:\n${'  # anna\n'.repeat(7)}  - abcd-1\n`, []],
  ])('%s', (_what, text, expected) => {
    expect(below(text, 64)).toEqual(expected);
  });

  test('no longer than asked for', () => {
    expect(below(`keys:\n${'  - abcd-1\n'.repeat(9)}`, 3)).toHaveLength(3);
  });
});

describe('a single value', () => {
  test.each([
    ['in quotes', "key =\n  'abcd-1';\n", ['abcd-1']],
    ['of a call', 'set(\n  "abcd-1")\n', ['abcd-1']],
    ['without quotes is code', 'key =\n  abcd_1;\n', []],
    ['with an end of another kind', 'key =\n  "abcd-1\';\n', []],
  ])('%s', (_what, text, expected) => {
    expect(below(text, 1)).toEqual(expected);
  });
});
