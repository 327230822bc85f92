/** The line around a place, and its neighbours, where lines are short and where they are longer than anybody looks. */
import fc from 'fast-check';
import { expect, describe, test } from 'vitest';
import { latin1, LF, LINE_REACH, lineAbove, lineAround, lineBelow, lineEnd, lineStart } from '../../src/detect/lines.ts';

/** The line that the mark `@` stands in, which is part of it. */
const at = (content: string): ReturnType<typeof lineAround> => {
  const bytes = Buffer.from(content, 'latin1');
  return lineAround(bytes, bytes.indexOf('@'), bytes.indexOf('@') + 1);
};
const far = 'x'.repeat(LINE_REACH);

describe('the line around a place', () => {
  test.each<[what: string, content: string, text: string, offset: number]>([
    ['alone', 'ab@c', 'ab@c', 0],
    ['in the middle', 'one\na@b\ntwo', 'a@b', 4],
    ['at both ends of its line', 'one\n@\ntwo', '@', 4],
    ['at the end of its line', 'one\na@\ntwo', 'a@', 4],
    ['at the beginning of its line', 'one\n@b\ntwo', '@b', 4],
    ['at the beginning of the content', '@b\ntwo', '@b', 0],
    ['at the end of the content', 'one\n\na@', 'a@', 5],
    ['with bytes above 127', 'one\n\xe9@\xff\n', '\xe9@\xff', 4],
    ['far from the beginning', `${far}${far}\na@b\ncd`, 'a@b', 2 * LINE_REACH + 1],
    ['as far as is looked', `${far}y@z${far}`, `${far.slice(1)}y@z${far.slice(1)}`, 1],
    ['to a line end that is just in reach', `ab\n${far.slice(1)}@${far.slice(1)}\ncd`, `${far.slice(1)}@${far.slice(1)}`, 3],
    ['not to a line end that is just out of reach', `ab\n${far}@${far}\ncd`, `${far}@${far}`, 3],
  ])('%s', (_what, content, text, offset) => {
    expect(at(content)).toEqual({ text, offset });
  });

  test('goes over the line ends of a place of several lines', () => {
    expect(lineAround(Buffer.from('0\nab\ncd\n1'), 3, 6)).toEqual({ text: 'ab\ncd', offset: 2 });
  });

  test('at the beginning of a content that begins with a line end', () => {
    const bytes = Buffer.from('\nab\ncd');
    expect([lineAround(bytes, 0, 0), lineAround(bytes, 0, 2)]).toEqual([
      { text: '', offset: 0 },
      { text: '\nab', offset: 0 },
    ]);
  });

  test('of nothing between two lines is the one that begins there', () => {
    expect(lineAround(Buffer.from('ab\ncd\nef'), 3, 3)).toEqual({ text: 'cd', offset: 3 });
  });
});

describe('the line above', () => {
  test.each<[content: string, above: { text: string; offset: number } | undefined]>([
    ['one\na@\n', { text: 'one', offset: 0 }],
    ['zero\none\n@', { text: 'one', offset: 5 }],
    ['one\n\n@', { text: '', offset: 4 }],
    ['a@\n', undefined],
    ['', undefined],
    [`one\nz${far}@`, undefined],
  ])('%#', (content, above) => {
    expect(lineAbove(Buffer.from(content), at(content))).toEqual(above);
  });
});

describe('the line below', () => {
  test.each<[content: string, below: { text: string; offset: number } | undefined]>([
    ['a@\none\ntwo', { text: 'one', offset: 3 }],
    ['@\none', { text: 'one', offset: 2 }],
    ['@\n\none', { text: '', offset: 2 }],
    ['@\nx', { text: 'x', offset: 2 }],
    ['a@\n', undefined],
    ['a@', undefined],
    [`@${far}z\none`, undefined],
  ])('%#', (content, below) => {
    expect(lineBelow(Buffer.from(content), at(content))).toEqual(below);
  });
});

test('a text goes no further than the content', () => {
  const bytes = Buffer.from('abc');
  expect([latin1(bytes, -2, 2), latin1(bytes, 1, 9), latin1(bytes, -1, 9), latin1(bytes, 3, 9)]).toEqual(['ab', 'bc', 'abc', '']);
});

describe('where the line of a place begins and ends', () => {
  test('is where a search byte by byte would stop', () => {
    const line = fc.oneof({ weight: 3, arbitrary: fc.nat(6) }, fc.constantFrom(46, 47, 48, 49, 50, 300));
    const text = fc.array(line, { minLength: 1, maxLength: 6 }).map((lengths) => Buffer.from(lengths.map((length) => 'x'.repeat(length)).join('\n')));
    const reach = fc.oneof(fc.nat(10), fc.constantFrom(47, 48, 49, 200, 1000));
    fc.assert(
      fc.property(text, fc.nat(1000), reach, (bytes, somewhere, most) => {
        const place = somewhere % (bytes.length + 1);
        let [start, end] = [place, place];
        while (start > 0 && place - start < most && bytes[start - 1] !== LF) start--;
        while (end < bytes.length && end - place < most && bytes[end] !== LF) end++;
        expect([lineStart(bytes, place, most), lineEnd(bytes, place, most)]).toEqual([start, end]);
      }),
      { numRuns: 2000 },
    );
  });
});
