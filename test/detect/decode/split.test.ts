/** Strings that a program joins, as they read: which joints there are, where a list is joined to one text, and how far is looked. */
import { describe, expect, test } from 'vitest';
import { DecodedText } from '../../../src/detect/decode/decoded-text.ts';
import { NO_QUOTE, splitKeys } from '../../../src/detect/decode/split.ts';

const MARK = 'acme_';
const GAP = `${'\n'.repeat(21)}\0\n`;

/** The segments that begin at marks of a content, and the text of each. */
function split(content: string): { start: number; end: number; text: string; isTrusted: boolean; label: string }[] {
  const bytes = Buffer.from(content, 'latin1');
  const places = [...content.matchAll(/acme_/g)].map(({ index }) => ({ start: index, end: index + MARK.length }));
  const segments = splitKeys(bytes, places);
  const texts = new DecodedText(bytes, segments).bytes.toString('latin1').split(GAP);
  expect(texts).toHaveLength(segments.length + 1);
  return segments.map(({ start, end, isTrusted, label }, index) => ({ start, end, text: texts[index]!, isTrusted, label }));
}

const reads = (content: string): string[] => split(content).map(({ text }) => text);
const blanks = (count: number): string => ' '.repeat(count);

test.each([' -> ', ' => ', ': '])('a string behind which %j stands is one by itself', (operator) => {
  expect(reads(`"acme_rest"\n"b"${operator}"c"`)).toEqual([]);
  expect(reads(`"acme_" + "rest"\n"b"${operator}"c"`)).toEqual(['"acme_rest"']);
  // Not where it is joined to the one above.
  for (const joint of [' +\n', '\n  .. ']) expect(reads(`"acme_rest"${joint}"b"${operator}"c"`)).toEqual([expect.stringMatching(/^"acme_restb"/)]);
});

describe('two strings are one', () => {
  test.each([
    '',
    ' ',
    ' + ',
    '+',
    ' . ',
    ' & ',
    ' || ',
    ' <> ',
    '\t+\t',
    '.concat(',
    '..',
    ' .. ',
    '\n',
    '\r\n',
    ' \n  ',
    ' +\n  ',
    '\n  + ',
    '\n . ',
    '\n .. ',
    '\n & ',
    '\n || ',
    '\n <> ',
    ' \\\n',
    ' + \\\n  ',
    ' & _\n  ',
    blanks(20),
    `${blanks(20)}+`,
    `+${blanks(20)}`,
    `\\${blanks(20)}\n`,
    `\n${blanks(80)}`,
    `\n+${blanks(8)}`,
  ])('with %j between them', (joint) => {
    expect(reads(`key = "acme_"${joint}"rest";`)).toEqual(['key = "acme_rest";']);
  });

  test.each([
    ', ',
    '-',
    ' = ',
    ' + x + ',
    ' + + ',
    '\n\n',
    ' + \n + \n',
    blanks(21),
    `+${blanks(21)}`,
    `+${blanks(20)}\\${blanks(21)}\n`,
    `\n${blanks(81)}`,
    `\n+${blanks(9)}`,
  ])('but not with %j', (joint) => {
    expect(reads(`key = "acme_"${joint}"rest";`)).toEqual([]);
  });

  test.each(['"', "'", '`'])('in quotes of one kind: %s', (quote) => {
    expect(reads(`${quote}acme_${quote} + ${quote}rest${quote}`)).toEqual([`${quote}acme_rest${quote}`]);
    const other = quote === '"' ? "'" : '"';
    expect(reads(`${quote}acme_${quote} + ${other}rest${other}`)).toEqual([]);
  });

  test.each(['f', 'r', 'u'])('also with a letter before the second: %s', (letter) => {
    expect(reads(`"acme_" ${letter}"rest"`)).toEqual(['"acme_rest"']);
  });
});

test('what a key is made of may stand in each part', () => {
  expect(reads('"acme_aZ09" + "+/=" + "._:-"')).toEqual(['"acme_aZ09+/=._:-"']);
  for (const other of ' !~,@#{') expect(reads(`"acme_" + "a${other}" + "b"`), other).toEqual([`"acme_a${other}" + "b"`]);
});

test('a string of nothing is a part, too', () => {
  expect(reads('key = "acme_" + "" + "rest";')).toEqual(['key = "acme_rest";']);
  expect(reads('key = "acme_" + "" + "" + "re" + "" + "st" + "";')).toEqual(['key = "acme_rest";']);
});

test('the last string need not be one that a key is made of', () => {
  expect(reads('"acme_" + "rest')).toEqual(['"acme_rest']);
  expect(reads('"acme_" + "rest" + " of it"')).toEqual(['"acme_rest of it"']);
  expect(reads('"acme_')).toEqual([]);
  expect(reads('"acme_" + x')).toEqual([]);
});

describe('a list', () => {
  test.each([
    ['["acme_", "rest"].join("")', '["acme_rest"].join("")'],
    ["['acme_', 'rest'].join('')", "['acme_rest'].join('')"],
    ['["acme_", "rest"].join\n', '["acme_rest"].join'],
    ['("acme_", "rest").join``', '("acme_rest").join``'],
    ['["acme_", "rest", ].join("")', '["acme_rest", ].join("")'],
    ['["acme_",\n  "rest"\n].join("")', '["acme_rest"'],
    ['["acme_", "rest",].join("")', '["acme_rest",].join("")'],
    ["''.join(['acme_', 'rest'])", "''.join(['acme_rest'])"],
    ['"".join( ( "acme_", "rest"))', '"".join( ( "acme_rest"))'],
    [`"".join(${blanks(70)}["acme_", "rest"])`, `"".join(${blanks(70)}["acme_rest"])`],
    ["implode('', ['acme_', 'rest'])", "implode('', ['acme_rest'])"],
    ['implode("", ["acme_", "rest"])', 'implode("", ["acme_rest"])'],
    ['String.join("", "acme_", "rest")', 'String.join("", "acme_rest")'],
    ['concat("acme_", "rest")', 'concat("acme_rest")'],
    ['["acme_" + "re", "st"].join("")', '["acme_rest"].join("")'],
    ['["acme_", "", "rest"].join("")', '["acme_rest"].join("")'],
    [`["acme_",${blanks(8)}\n${blanks(80)}"rest"].join("")`, '["acme_rest"].join("")'],
    [`["acme_"${blanks(8)},${blanks(8)}"rest"].join("")`, '["acme_rest"].join("")'],
    [`["acme_", "rest"${blanks(80)}].join("")`, `["acme_rest"${blanks(80)}].join("")`],
  ])('is joined: %j', (content, expected) => {
    expect(reads(content)).toEqual([expected]);
  });

  test.each([
    '["acme_", "rest"]',
    '["acme_", "rest"].join("-")',
    '["acme_", "rest"].join(x)',
    '["acme_", "rest"].joined',
    '{"acme_", "rest"}.join("")',
    "','.join(['acme_', 'rest'])",
    'concat(x, ["acme_", "rest"])',
    `"".join(${blanks(80)}["acme_", "rest"])`,
    `["acme_",${blanks(9)}"rest"].join("")`,
    `["acme_"${blanks(9)},"rest"].join("")`,
    `["acme_", "rest"${blanks(81)}].join("")`,
    '["acme_", x].join("")',
    '"".join(-"acme_", "rest")',
    '"".join(["acme_", "two words"])',
    '["acme_" + "", "rest"]',
  ])('is not: %j', (content) => {
    expect(reads(content)).toEqual([]);
  });

  test.each([
    ['connect("acme_" + "rest", "other")', 'connect("acme_rest", "other")'],
    ['connect("acme_" + "re" + "st", "other", "third")', 'connect("acme_rest", "other", "third")'],
    ['connect("acme_" + "rest", "other words")', 'connect("acme_rest", "other words")'],
    ['connect("acme_" + "rest" + "", "other")', 'connect("acme_rest" + "", "other")'],
    [`["acme_" + "rest", ${'"x", '.repeat(50)}]`, `["acme_rest", ${'"x", '.repeat(50)}]`],
  ])('leaves alone what is joined in its first place: %s', (content, expected) => {
    expect(reads(content)).toEqual([expected]);
  });
});

describe('how far is looked', () => {
  const parts = (count: number): string => Array.from({ length: count }, () => '"a"').join('+');

  test('41 parts are one key, of more the rest stays as it is', () => {
    expect(reads(`"acme_"+${parts(40)}`)).toEqual([`"acme_${'a'.repeat(40)}"`]);
    expect(reads(`"acme_"+${parts(42)}`)).toEqual([`"acme_${'a'.repeat(40)}"+"a"+"a"`]);
    expect(reads(`"acme_"+${Array.from({ length: 42 }, () => '""').join('+')}`)).toEqual(['"acme_"+""+""']);
  });

  test('a part that goes on has 256 bytes at most', () => {
    const [most, more] = ['a'.repeat(256), 'a'.repeat(257)];
    expect(reads(`"acme_" + "${most}" + "b"`)).toEqual([`"acme_${most}b"`]);
    expect(reads(`"acme_" + "${more}" + "b"`)).toEqual([`"acme_${more}" + "b"`]);
  });

  test('the line around it is read, up to 128 bytes before and 384 behind', () => {
    expect(split('one\ntwo "acme_" + "rest" three\nfour')).toEqual([
      { start: 4, end: 30, text: 'two "acme_rest" three', isTrusted: false, label: 'strings that are put together' },
    ]);
    const [long] = split(`${'x'.repeat(200)}"acme_" + "rest"${'y'.repeat(500)}`);
    const joined = 201 + '"acme_" + "'.length - 1;
    expect(long).toMatchObject({ start: 201 - 128, end: joined + 384, text: `${'x'.repeat(127)}"acme_rest"${'y'.repeat(379)}` });
  });

  test('the line ends where it does, also far behind', () => {
    expect(reads(`"acme_" + "rest"${'y'.repeat(300)}\nnext`)).toEqual([`"acme_rest"${'y'.repeat(300)}`]);
  });

  test('keys whose lines are read together are of one part', () => {
    expect(reads('"acme_" + "one"; "acme_" + "two"\nx = "acme_" + "three"')).toEqual(['"acme_one"; "acme_two"', 'x = "acme_three"']);
    expect(reads(`"acme_" + "one"${'y'.repeat(506)}"acme_" + "two"`)).toEqual([`"acme_one"${'y'.repeat(506)}"acme_two"`]);
    const [, atOnce] = split(`"acme_" + "one"${'y'.repeat(507)}"acme_" + "two"`);
    expect(atOnce).toMatchObject({ start: 395, text: `${'y'.repeat(127)}"acme_two"` });
  });
});

test('a key may begin behind a quote alone', () => {
  const none = [...NO_QUOTE].flatMap((bit, byte) => (bit === 0 ? [String.fromCharCode(byte)] : []));
  expect(none).toEqual(['\n', '"', "'", '`']);
});
