/** What each format makes of text of others: the exact escapes, where the readers of `formats.test.ts` only see that it comes back. */
import { describe, expect, test } from 'vitest';
import { htmlCode, htmlName, htmlText } from '../../src/report/html-text.ts';
import { markdownCode, markdownText } from '../../src/report/markdown-text.ts';
import { itemPieces, jsonPieces, jsonText, LongItem } from '../../src/report/safe-json.ts';
import { safeLines, visible } from '../../src/report/safe-text.ts';
import { xmlAttributes, xmlText } from '../../src/report/xml.ts';

test('several lines keep their ends, and each is made safe for itself', () => {
  expect(safeLines('one\n::error::two\r\n  ##[group]three')).toBe('one\n\\x3a:error::two\\x0d\n  #\\x23[group]three');
});

test('a visible escape has two digits below 256 and four from there on', () => {
  expect(['\u0007', '\u00ff', '\u0100', '\ufeff'].map(visible)).toEqual(['\\x07', '\\xff', '\\u0100', '\\ufeff']);
});

describe('XML', () => {
  test.each([
    [`a & b < c > d " e ' f`, 'a &#38; b &#60; c &#62; d &#34; e &#39; f'],
    ['tab\tline\nend\r', 'tab&#9;line&#10;end&#13;'],
    ['bell\u0007 escape\u001b end\uffff', 'bell\\x07 escape\\x1b end\\uffff'],
    ['half \ud800 pair \u{1f511}', 'half \\ud800 pair \u{1f511}'],
    ['gpj\u202eexe', 'gpj&#8238;exe'],
    ['##[error] ##vso[x] #hash', '#&#35;[error] #&#35;vso[x] #hash'],
  ])('%j', (text, expected) => {
    expect(xmlText(text)).toBe(expected);
  });

  test('attributes stand each behind a blank', () => {
    expect(xmlAttributes({ name: 'a"b', line: 7 })).toBe(' name="a&#34;b" line="7"');
    expect(xmlAttributes({})).toBe('');
  });
});

test('Markdown: every sign that could be mark-up is a reference, after what steers is visible', () => {
  expect(markdownText('a*b_[c](d) `e` <f>\u001b')).toBe('a&#42;b&#95;&#91;c&#93;&#40;d&#41; &#96;e&#96; &#60;f&#62;&#92;x1b');
  expect(markdownCode('a.b')).toBe('<code>a&#46;b</code>');
});

test('HTML: mark-up is escaped, and a name that runs from right to left is isolated', () => {
  expect(htmlText(`<a href="x">&'\u202e`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#39;\\u202e');
  expect(htmlCode('<a>')).toBe('<code>&lt;a&gt;</code>');
  expect(htmlName('Ada <a>')).toBe('Ada &lt;a&gt;');
  expect(htmlName('\u05d0\u05d3\u05d4 <a>')).toBe('<bdi>\u05d0\u05d3\u05d4 &lt;a&gt;</bdi>');
});

test('JSON: what steers a terminal or a log is an escape, and it reads as it was', () => {
  const value = { name: 'a\u202eb\u009f ##[error]', deep: [{ text: '##vso[x] ## y' }] };
  const text = jsonText(value);
  expect(text).toBe(`{"name":"a\\u202eb\\u009f #\\u0023[error]","deep":[{"text":"#\\u0023vso[x] ## y"}]}\n`);
  expect(JSON.parse(text)).toEqual(value);
  expect(jsonText({ a: 1 }, 2)).toBe('{\n  "a": 1\n}\n');
});

test('JSON in pieces is the same document, an item of a list at a time', () => {
  const items = [{ text: 'a\u202eb ##[error]', deep: [{ more: [1, 2] }, {}] }, [], 'c'];
  const value = { '##[name]': 1, nothing: null, none: [], items, object: { list: [{}] }, absent: undefined };
  const pieces = [...jsonPieces({ ...value, items: new Set(items) })];
  expect(pieces.join('')).toBe(jsonText(value, 2));
  expect(pieces.filter((piece) => piece.includes('error') || piece.includes('"c"'))).toHaveLength(2);
  expect(`${[...itemPieces(items)].join('')}\n`).toBe(jsonText(items, 2));

  const within = [...jsonPieces({ all: [new LongItem({ ...value, items: new Set(items) }), 1] }, ' ')];
  expect(within.join('')).toBe(jsonText({ all: [value, 1] }, 1));
  expect(within.filter((piece) => piece.includes('error') || piece.includes('"c"'))).toHaveLength(2);
});
