import * as fs from 'node:fs';
import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { builtinExamples, builtinRules, packRules, ruleAt, ruleCount } from '../../src/rules/builtin.ts';
import { keysift } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';

test('a scan that finds nothing reads hardly any rule: parsing all is a tenth of what a commit waits for', async () => {
  const parse = vi.spyOn(JSON, 'parse');
  const { code } = await keysift(['--no-history'], { cwd: folderWith({ 'a.txt': 'nothing\n' }) });
  const read = parse.mock.calls.filter(([text]) => /^\{"id":"[a-z0-9-]+"/.test(text)).length;
  parse.mockRestore();
  expect(code).toBe(0);
  expect(read).toBeLessThan(10);
  expect(ruleCount(builtinRules())).toBeGreaterThan(1000);
});

test('the file of rules is read as it was written, and one rule like all of them', () => {
  const set = builtinRules();
  const one = ruleAt(set, 1);
  const { samples, digest, rules } = set;
  expect(packRules({ samples, digest, rules })).toBe(readFileSync(new URL('../../dist/rules.jsonl', import.meta.url), 'utf8'));
  expect([rules.length, rules[1]]).toEqual([ruleCount(set), one]);
  expect(set.rules).toBe(rules);
});

test('a set of one rule has that rule', () => {
  const set = { ...builtinRules(), rules: [ruleAt(builtinRules(), 3)] };
  expect([ruleCount(set), ruleAt(set, 0).id]).toEqual([1, builtinRules().rules[3]?.id]);
});

test('each rule has examples, and none belong to no rule', () => {
  expect(Object.keys(builtinExamples()).toSorted()).toEqual(builtinRules().rules.map(({ id }) => id).toSorted());
});

describe('the file of rules', () => {
  type Read = (file: number, buffer: Uint8Array, at: number, length: number, position: number) => number;
  const lines = readFileSync(new URL('../../dist/rules.jsonl', import.meta.url), 'utf8').split('\n').slice(1, -1);
  const last = lines.length - 1;

  /** The module anew, and how it reads: so many bytes each time. */
  async function anew(most = Infinity): Promise<{ module: typeof import('../../src/rules/builtin.ts'); reads: number[]; closed: number[] }> {
    vi.resetModules();
    const [reads, closed]: [number[], number[]] = [[], []];
    vi.doMock('node:fs', () => ({
      ...fs,
      readSync: ((file, buffer, at, length, position) => {
        reads.push(length);
        return (fs.readSync as Read)(file, buffer, at, Math.min(length, most), position);
      }) as Read,
      closeSync: (file: number) => {
        closed.push(file);
        fs.closeSync(file);
      },
    }));
    const module = await import('../../src/rules/builtin.ts');
    vi.doUnmock('node:fs');
    return { module, reads, closed };
  }

  test('is read for a few rules part by part, for more at once, and is closed then', async () => {
    const { module, reads, closed } = await anew();
    const set = module.builtinRules();
    expect(module.ruleAt(set, 0)).toEqual(JSON.parse(lines[0] ?? ''));
    expect(reads).toEqual([65_536]);
    for (let number = 0; number < 8; number++) expect(module.ruleAt(set, last - number)).toEqual(JSON.parse(lines[last - number] ?? ''));
    expect(reads.slice(1)).toEqual(Array.from({ length: 8 }, (_, number) => Buffer.byteLength(lines[last - number] ?? '') + 1));
    expect(closed).toEqual([]);
    // One that was read before is not read again.
    expect(module.ruleAt(set, last)).toBe(module.ruleAt(set, last));
    expect(reads).toHaveLength(9);
    for (const number of [8, 9, 100]) expect(module.ruleAt(set, last - number)).toEqual(JSON.parse(lines[last - number] ?? ''));
    expect([reads.length, closed.length]).toEqual([10, 1]);
    expect(set.rules).toEqual(lines.map((line) => JSON.parse(line) as unknown));
    expect([reads.length, closed.length]).toEqual([10, 1]);
    expect(module.builtinRules()).toBe(set);
  });

  test('may come in parts, and is an error where it ends early', async () => {
    const { module } = await anew(10_000);
    expect(module.ruleAt(module.builtinRules(), last).id).toBe((JSON.parse(lines[last] ?? '') as { id: string }).id);
    const { module: cut } = await anew(0);
    expect(() => cut.builtinRules()).toThrow('the built-in rules end early');
  });
});
