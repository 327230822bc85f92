/** What is cut out of the bytes of a report: the items of its lists, each told with its list's name, wherever the bytes are cut. */
import { expect, test } from 'vitest';
import { ReportItems } from '../../src/report/report-items.ts';

/** What is told, and what is left. */
function cut(text: string, size: number): { items: string[]; frame: string } {
  const items: string[] = [];
  const taken = new ReportItems((list, item) => items.push(`${list}: ${item}`));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    taken.push(chunk);
    // What is kept of it is a copy.
    chunk.fill(0);
  }
  return { items, frame: taken.frame };
}

test.each<[what: string, text: string, items: readonly string[], frame: string]>([
  ['an item, and what stands in it', '{"a": [{"b": {"c": [{}]}}]}', ['a: {"b": {"c": [{}]}}'], '{"a": [{"":0}]}'],
  [
    'items of several lists, counted on',
    '{"a" : [ {"x": 1} , {"x": 2}],\n"b":[{}], "c": 1}',
    ['a: {"x": 1}', 'a: {"x": 2}', 'b: {}'],
    '{"a" : [ {"":0} , {"":1}],\n"b":[{"":2}], "c": 1}',
  ],
  [
    'brackets and quotes in strings',
    String.raw`{"a]": "{[\"", "a": [{"b": "}]\\"}, {"c": "\"}"}]}`,
    [String.raw`a: {"b": "}]\\"}`, String.raw`a: {"c": "\"}"}`],
    String.raw`{"a]": "{[\"", "a": [{"":0}, {"":1}]}`,
  ],
  ['letters beyond ASCII', '{"é": "ü", "a": [{"b": "ü\u{1f511}"}]}', ['a: {"b": "ü\u{1f511}"}'], '{"é": "ü", "a": [{"":0}]}'],
  ['a list of a name that is none', '{"a b": [{}], "": [{}]}', [': {}', ': {}'], '{"a b": [{"":0}], "": [{"":1}]}'],
  ['a name in a name', '{"b": {"a": [{"c": 1}]}, "d": [{}]}', ['d: {}'], '{"b": {"a": [{"c": 1}]}, "d": [{"":0}]}'],
  ['what is in a list and no object', '{"a": [1, "x", [{"b": 1}], {}]}', ['a: {}'], '{"a": [1, "x", [{"b": 1}], {"":0}]}'],
  ['a long name, and one that is empty', '{"": 1, "not_scanned": [{}]}', ['not_scanned: {}'], '{"": 1, "not_scanned": [{"":0}]}'],
  ['what is in an object and no list', '{"a": {"b": {"c": 1}}}', [], '{"a": {"b": {"c": 1}}}'],
  ['a list of lists', '[[{"a": 1}], {"b": [{}]}]', [], '[[{"a": 1}], {"b": [{}]}]'],
  ['two documents', '{"a": [{}]}[[{}]]{"a": [{}]}', ['a: {}', 'a: {}'], '{"a": [{"":0}]}[[{}]]{"a": [{"":1}]}'],
  ['what ends in an item', '{"a": [{"b": [', [], '{"a": [{"":0}'],
  ['nothing', '', [], ''],
])('%s', (_what, text, items, frame) => {
  for (const size of [1, 2, 3, 5, 8, 1000]) expect(cut(text, size)).toEqual({ items, frame });
});
