import { expect, test, vi } from 'vitest';
import { ruleCount, builtinRules } from '../../src/rules/builtin.ts';
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
