/**
 * The disk goes wrong while a report, a baseline or a list of what is clean is written: each call in turn, in twelve ways.
 * Then the old file is kept, nothing is left beside it, and the run does not end as if it had been written.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatBaseline } from '../../src/policy/baseline.ts';
import { keysift, type Outcome } from '../support/cli.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { isInSlice, SOAK, tellCases } from '../support/sample.ts';
import { githubToken } from '../support/secrets.ts';
import { withFault, WRITE_FAULTS, WRITES, type FileFault } from './failing-files.ts';
import { expectNoSecret, unless } from './harness.ts';

const secret = githubToken('write');
/** What was there before: a baseline of nothing, which is read before it is written. */
const OLD = formatBaseline([]);

const { skip, why } = unless(process.platform === 'linux', 'open files have names only on Linux');

/** What is written to a file in the folder, and by which command. */
const WRITERS: Readonly<Record<string, (folder: string) => readonly string[]>> = {
  'a report': (folder) => ['.', '--format', `json=${join(folder, 'file')}`],
  'two reports': (folder) => ['.', '--format', `sarif=${join(folder, 'file')}`, '--format', `html=${join(folder, 'other')}`],
  'a baseline': (folder) => ['baseline', 'update', '--baseline', join(folder, 'file')],
};

test.skipIf(skip).each(Object.entries(WRITERS))(`G4: each write fails, of %s${why}`, { timeout: 600_000 }, async (written, argvOf) => {
  const cwd = folderWith({ 'a.txt': `${secret}\n` });
  const run = async (fault: FileFault, number: number): Promise<{ result: Outcome; count: number; what: string; folder: string }> => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), OLD);
    return { folder, ...(await withFault({ calls: WRITES, below: folder, fault, number }, () => keysift(argvOf(folder), { cwd }))) };
  };
  const sound = await run('EIO', 0);
  expect(sound.count, `${sound.result.stdout}${sound.result.stderr}`).toBeGreaterThan(4);
  const wrong: string[] = [];
  let failed = 0;
  let ran = 0;
  for (let number = 1; number <= sound.count; number++) {
    for (const [index, fault] of WRITE_FAULTS.entries()) {
      if (!SOAK && number % WRITE_FAULTS.length !== index && fault !== 'half') continue;
      if (!isInSlice(number + index)) continue;
      const { result, what, folder } = await run(fault, number);
      ran++;
      const { code, stdout, stderr } = result;
      expectNoSecret(stdout + stderr, [secret]);
      if (code === 2) failed++;
      const file = readFileSync(join(folder, 'file'), 'utf8');
      const beside = readdirSync(folder).filter((name) => name !== 'file' && name !== 'other');
      const holds = beside.length === 0 && (code === 2 ? stderr.includes('cannot write') : code === sound.result.code && file !== OLD && whole(file));
      if (!holds) wrong.push(`${fault} at ${what}: ${code} ${stderr.slice(0, 200)} ${beside.join()}`);
    }
  }
  tellCases(`${sound.count} calls that write ${written}`, ran);
  expect(wrong).toEqual([]);
  expect(failed).toBeGreaterThan(0);
});

function whole(file: string): boolean {
  return file.startsWith('{') ? typeof JSON.parse(file) === 'object' : file.endsWith('\n');
}
