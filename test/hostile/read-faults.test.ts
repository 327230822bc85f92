/**
 * The disk goes wrong: each call by which a run reads a file or a folder fails in turn, in twelve ways. Whatever the
 * program then says, it must never be that all is well with less than all of it.
 */
import { expect, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { keysift, type Outcome } from '../support/cli.ts';
import { TestRepository } from '../support/repository.ts';
import { isInSlice, SOAK, tellCases } from '../support/sample.ts';
import { githubToken } from '../support/secrets.ts';
import { READ_FAULTS, READS, withFault, type FileFault } from './failing-files.ts';
import { expectNoSecret, unless } from './harness.ts';

const SECRETS = ['old', 'now', 'staged', 'loose'].map((name) => githubToken(`read ${name}`));
const [OLD = '', NOW = '', STAGED = '', LOOSE = ''] = SECRETS;

/** Secrets in the history, packed and not, in the index, and in files that git does not track; and files of policy. */
function victim(): TestRepository {
  const repository = TestRepository.create();
  repository.write('old.txt', `${OLD}\n`).commit('first');
  repository.git('repack', '-adq');
  repository.remove('old.txt').write('now.txt', `${NOW}\n`).write('.gitignore', 'build\n').commit('second');
  repository.write('staged.txt', `${STAGED}\n`).git('add', 'staged.txt');
  repository.write('keysift.config.yaml', 'exclude: [docs/]\n').write('.keysiftignore', '# nothing\n');
  return repository.write('folder/loose.txt', `${LOOSE}\n`);
}

function places(report: ReportV1): string[] {
  return report.findings.flatMap(({ ruleId, locations }) => locations.map(({ file, state }) => `${ruleId} ${file} ${state}`)).toSorted();
}

const { skip, why } = unless(process.platform === 'linux', 'open files have names only on Linux');

test.skipIf(skip).each([
  ['everything', []],
  ['everything, read through git', ['--reader=git']],
  ['the working tree', ['--no-history']],
  ['named paths', ['.', 'now.txt']],
  ['what is staged', ['--staged']],
  ['a range', ['--range', 'main~1..main', '--policy-from', 'main~1']],
])(
  `B27 and G19: each read fails, for %s${why}`,
  async (mode, argv) => {
    const repository = victim();
    const scan = (fault: FileFault, number: number): Promise<{ result: Outcome; count: number; what: string }> =>
      withFault({ calls: READS, below: repository.path, fault, number }, () => keysift(['--format', 'json', ...argv], { cwd: repository.path }));
    const sound = await scan('EIO', 0);
    expect([sound.result.code, sound.count > 3]).toEqual([1, true]);
    const expected = places(JSON.parse(sound.result.stdout) as ReportV1);
    const told = new Set<number | null>();
    const wrong: string[] = [];
    let ran = 0;
    for (let number = 1; number <= sound.count; number++) {
      for (const [index, fault] of READ_FAULTS.entries()) {
        // Without a soak: every third call in one way, another for each.
        if (!SOAK && (number % 3 !== 1 || Math.floor(number / 3) % READ_FAULTS.length !== index)) continue;
        if (!isInSlice(number + index)) continue;
        const { result, what } = await scan(fault, number);
        ran++;
        const { code, stdout, stderr } = result;
        expectNoSecret(stdout + stderr, SECRETS);
        told.add(code);
        const report = stdout === '' ? undefined : (JSON.parse(stdout) as ReportV1);
        const holds =
          code === 2
            ? stderr.startsWith('error: ')
            : code === 3
              ? report !== undefined && report.notScanned.length > 0
              : code === 1 && report !== undefined && places(report).join() === expected.join();
        if (!holds) wrong.push(`${fault} at ${what}: ${code} ${stderr.slice(0, 200)} ${report === undefined ? '' : places(report).join()}`);
      }
    }
    tellCases(`${sound.count} reads for ${mode}`, ran);
    expect(wrong).toEqual([]);
    expect(told.has(2) || told.has(3), 'some failure is told').toBe(true);
  },
  SOAK ? 3_600_000 : 300_000,
);
