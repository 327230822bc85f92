/**
 * The disk goes wrong: each call by which a run reads a file or a folder fails in turn. Whatever the program then says, it
 * must never be that all is well with less than all of it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { temporaryFolder } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken } from '../support/secrets.ts';
import { attack, unless, type Survived } from './harness.ts';

const SOAK = process.env['KEYSIFT_SOAK'] === '1';
/** Calls that fail in a mode without a soak, spread over all there are. */
const SAMPLE = 12;
const MODULE = fileURLToPath(new URL('failing-reads.mjs', import.meta.url));
const [OLD, NOW, STAGED, LOOSE] = ['old', 'now', 'staged', 'loose'].map((name) => githubToken(`read ${name}`)) as [string, string, string, string];

/** Secrets in the history, packed and not, in the index, and in files that git does not track. */
function victim(): TestRepository {
  const repository = TestRepository.create();
  repository.write('old.txt', `${OLD}\n`).commit('first');
  repository.git('repack', '-adq');
  repository.remove('old.txt').write('now.txt', `${NOW}\n`).write('.gitignore', 'build\n').commit('second');
  repository.write('staged.txt', `${STAGED}\n`).git('add', 'staged.txt');
  return repository.write('folder/loose.txt', `${LOOSE}\n`);
}

/** A run in which the call of a number fails, and how many there were. */
async function withFault(repository: TestRepository, argv: readonly string[], call: number): Promise<{ result: Survived; reads: number }> {
  const counted = join(temporaryFolder(), 'reads');
  const result = await attack({
    cwd: repository.path,
    argv,
    code: call === 0 ? 1 : [0, 1, 2, 3],
    secrets: [OLD, NOW, STAGED, LOOSE],
    node: [`--import=${MODULE}`],
    env: { KEYSIFT_TEST_FOLDER: repository.path, KEYSIFT_TEST_FAILS: String(call), KEYSIFT_TEST_READS: counted },
    again: false,
    counts: {},
  });
  return { result, reads: Number(readFileSync(counted, 'utf8')) };
}

function places({ findings }: ReportV1): string[] {
  return findings.flatMap(({ ruleId, locations }) => locations.map(({ file, state }) => `${ruleId} ${file} ${state}`)).toSorted();
}

const { skip, why } = unless(process.platform === 'linux', 'open files have names only on Linux');

test.skipIf(skip).each([
  ['everything', []],
  ['the working tree', ['--no-history']],
  ['named paths', ['.', 'now.txt']],
  ['what is staged', ['--staged']],
  ['a range', ['--range', 'main~1..main']],
])(
  `B27 and G19: each read fails, for %s${why}`,
  async (_mode, argv) => {
    const repository = victim();
    const sound = await withFault(repository, argv, 0);
    expect(sound.reads).toBeGreaterThan(0);
    const codes = new Set<number | null>();
    for (let call = 1; call <= sound.reads; call += SOAK ? 1 : Math.ceil(sound.reads / SAMPLE)) {
      const { result } = await withFault(repository, argv, call);
      codes.add(result.code);
      const told = `call ${call} of ${sound.reads}: ${result.stdout}${result.stderr}`;
      if (result.code === 0 || result.code === 1) expect(places(result.report), told).toEqual(places(sound.result.report));
      else expect(`${result.stdout}${result.stderr}`, told).not.toContain('    at ');
    }
    expect(codes.has(2) || codes.has(3), 'some failure is told').toBe(true);
  },
  SOAK ? 3_600_000 : 60_000,
);
