/**
 * The catalogue of hostile inputs, kept whole: each entry has a test that is named after it, here or beside the code that
 * it is about, or a reason why it has none. Part C, archives, comes with them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** How many entries each part has: content, names, repositories, faults of git, policy, process, output, random families. */
const PARTS = { A: 30, B: 28, D: 27, E: 19, F: 16, G: 19, H: 16, R: 10 } as const;

const WITHOUT: Readonly<Record<string, string>> = {
  H15: 'nothing is made for agents to read',
};

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** What a test or a group of tests is called, in front of what it says; rows of a table have names of their own. */
const NAMED = /['"`]((?:[A-HR]\d{1,2}(?: (?:to|and) |, )?)+)[:'"`]/g;

/** `D1 to D5` and `B27 and G19` as entries. */
function entriesOf(name: string): string[] {
  return name.split(/ and |, /).flatMap((part) => {
    const [first = '', last = first] = part.split(' to ');
    const count = Number(last.slice(1)) - Number(first.slice(1)) + 1;
    return Array.from({ length: count }, (_, index) => `${first[0]}${Number(first.slice(1)) + index}`);
  });
}

test('every entry has a test named after it, or a reason', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  const named = new Set(
    files.flatMap((file) => [...readFileSync(join(FOLDER, file), 'utf8').matchAll(NAMED)].flatMap(([, name = '']) => entriesOf(name))),
  );
  const all = Object.entries(PARTS).flatMap(([part, count]) => Array.from({ length: count }, (_, index) => `${part}${index + 1}`));
  expect(all).toHaveLength(165);
  expect(all.filter((entry) => !named.has(entry))).toEqual(Object.keys(WITHOUT));
});
