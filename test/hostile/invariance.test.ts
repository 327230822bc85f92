/** One history, however it is stored and whoever looks at it: the same report, byte for byte. */
import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { keysift } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeHistory } from '../support/histories.ts';
import { TestRepository } from '../support/repository.ts';
import { seedsOfToday } from '../support/sample.ts';
import { BENT_SETTINGS } from './bent-settings.ts';

/** Other ones each day; `KEYSIFT_SEEDS=from-to` takes those. */
const [FROM, TO = FROM] = (process.env['KEYSIFT_SEEDS'] ?? '').split('-').flatMap((text) => (text === '' ? [] : [Number(text)]));
const SEEDS =
  FROM === undefined || TO === undefined ? seedsOfToday(1001, 1050, 2) : Array.from({ length: TO - FROM + 1 }, (_, index) => FROM + index);

/** A bare copy of everything that refs reach, in a folder of one name, which is the target that reports tell. */
function copyOf(path: string): TestRepository {
  const folder = join(temporaryFolder(), 'copy.git');
  TestRepository.at(temporaryFolder()).git('clone', '--quiet', '--mirror', path, folder);
  return TestRepository.at(folder);
}

/** Each object in a file of its own. */
function unpack(repository: TestRepository): void {
  const packs = join(repository.path, 'objects', 'pack');
  const aside = temporaryFolder();
  for (const name of readdirSync(packs)) renameSync(join(packs, name), join(aside, name));
  mkdirSync(packs, { recursive: true });
  for (const name of readdirSync(aside)) {
    if (name.endsWith('.pack')) repository.gitWith({ input: readFileSync(join(aside, name)) }, 'unpack-objects', '-q');
  }
}

function bundled(repository: TestRepository): TestRepository {
  const bundle = join(temporaryFolder(), 'all.bundle');
  repository.git('bundle', 'create', '--quiet', bundle, '--all');
  return copyOf(bundle);
}

const FORMS: Readonly<Record<string, (repository: TestRepository) => TestRepository | void>> = {
  'a mirror of it': ({ path }) => copyOf(`file://${path}`),
  'after gc': (repository) => void repository.git('gc', '--quiet', '--aggressive', '--prune=now'),
  'with long chains of deltas': (repository) => void repository.git('repack', '-adfq', '--depth=250', '--window=50'),
  'with a graph of commits, an index over packs, and a bitmap': (repository) => {
    repository.git('repack', '-adq', '--write-bitmap-index');
    repository.git('commit-graph', 'write', '--reachable');
    repository.git('multi-pack-index', 'write');
  },
  unpacked: unpack,
  'from a bundle': bundled,
  'with settings that bend what git says': (repository) => {
    for (const [name, value] of Object.entries(BENT_SETTINGS)) repository.git('config', name, value);
  },
};

/** Copies have nothing that nothing reaches. */
const UNREACHED = /objects? that nothing reaches/;

/** The report as it is printed, but for when it was made, how many bytes deltas spared the scan, and what nothing reaches. */
async function reportOf(repository: TestRepository, ...argv: readonly string[]): Promise<string> {
  const { stdout } = await keysift(['--show-secrets', '--format', 'json', ...argv], { cwd: repository.path });
  const { scan, counts, ...rest } = JSON.parse(stdout) as ReportV1;
  const notes = scan.notes.filter((note) => !UNREACHED.test(note));
  return JSON.stringify({ scan: { ...scan, target: '', notes }, counts: { ...counts, matchedBytes: 0 }, ...rest }, undefined, 1);
}

test.each(SEEDS)('R2: history %i', { timeout: 600_000 }, async (seed) => {
  const original = copyOf(makeHistory(seed).repository.path);
  const expected = await reportOf(original, '--jobs=1');
  expect((JSON.parse(expected) as ReportV1).findings.length).toBeGreaterThan(0);
  for (const argv of [['--jobs=2'], ['--jobs=8'], ['--reader=git']]) expect(await reportOf(original, ...argv), argv.join()).toBe(expected);
  for (const [form, change] of Object.entries(FORMS)) {
    const changed = change(original) ?? original;
    expect(await reportOf(changed, '--jobs=2'), form).toBe(expected);
  }
});
