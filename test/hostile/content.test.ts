import { expect, test } from 'vitest';
import { folderWith } from '../support/folder.ts';
import { githubToken } from '../support/secrets.ts';
import { attack } from './harness.ts';

test('A1: a file of 0 bytes', async () => {
  const { report } = await attack({ cwd: folderWith({ empty: '' }), code: 0 });
  expect(report.counts.files).toBe(1);
});
test('A14', async () => {
  const secret = githubToken('a14');
  const { report } = await attack({ cwd: folderWith({ 'a.bin': `one\n\0two\n${secret}\n` }), code: 1, secrets: [secret] });
  expect(report.findings).toHaveLength(1);
});
