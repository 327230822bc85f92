import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Collector, Stopped } from '../../src/scan/collector.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { AHEAD, BATCH, scanUnits } from '../../src/scan/pool.ts';
import { fileUnit } from '../../src/sources/folder.ts';
import type { FileUnit } from '../../src/sources/file-units.ts';
import { temporaryFolder } from '../support/folder.ts';
import { Random } from '../support/random.ts';
import { githubToken } from '../support/secrets.ts';

const FILES = 3000;

let made: { root: string; units: FileUnit[] } | undefined;

/** Many files, one secret in every hundredth. */
function folder(): { root: string; units: FileUnit[] } {
  made ??= makeFolder();
  return made;
}

function makeFolder(): { root: string; units: FileUnit[] } {
  const root = temporaryFolder();
  const units = Array.from({ length: FILES }, (_, index) => {
    const name = `f${index}.txt`;
    writeFileSync(join(root, name), index % 100 === 0 ? `see ${githubToken(String(index))}\n` : 'nothing\n');
    return fileUnit(join(root, name), name);
  });
  return { root, units };
}

/** @param listed what to scan instead of each file once; it is given the collector, to see how far the scan is */
async function scanned(jobs: number, listed: (units: FileUnit[], collector: Collector) => Iterable<FileUnit> = (units) => units): Promise<Collector> {
  const { root, units } = folder();
  const rules = builtinRules();
  const collector = new Collector(new Inspector(rules));
  await scanUnits((add) => add(listed(units, collector)), root, rules, { maxFileSize: Infinity }, collector, {
    jobs,
    signal: undefined,
    clock: () => performance.now(),
  });
  return collector;
}

/** Kills threads as they begin to tell, as a crash would. */
function killing(count: number): { killed: () => number } {
  let killed = 0;
  const onWorker = (worker: Worker): void => {
    if (killed >= count) return;
    killed++;
    worker.once('message', () => void worker.terminate());
  };
  process.on('worker', onWorker);
  ended = () => process.off('worker', onWorker);
  return { killed: () => killed };
}

let ended: (() => void) | undefined;
afterEach(() => ended?.());

const everySecret = Array.from({ length: FILES / 100 }, (_, index) => githubToken(String(index * 100))).toSorted((a, b) => (a < b ? -1 : 1));

function secrets(collector: Collector): string[] {
  return collector.found.map(({ sighting }) => sighting.secret.reveal()).toSorted((a, b) => (a < b ? -1 : 1));
}

describe('G6: a thread that dies', () => {
  test('is replaced, and what it had not told of is looked at again', async () => {
    const killer = killing(2);
    const collector = await scanned(3);
    expect(killer.killed()).toBe(2);
    expect(secrets(collector)).toEqual(everySecret);
    expect(collector.totals.files).toBe(FILES);
    expect(collector.missed).toEqual([]);
    expect(collector.balanced).toBe(true);
  });

  test('each time: its files are listed, and nothing is lost', async () => {
    killing(Infinity);
    const collector = await scanned(3);
    const lost = collector.missed.filter(({ reason }) => reason === 'WORKER-LOST');
    expect(collector.missed).toEqual(lost);
    expect(lost.length % BATCH === 0 || lost.length % BATCH === FILES % BATCH).toBe(true);
    expect(collector.totals.files).toBe(FILES);
    expect(collector.balanced).toBe(true);
    const listed = new Set(lost.map(({ unit }) => unit));
    expect(secrets(collector)).toEqual(everySecret.filter((_, index, all) => !listed.has(`f${indexOf(all[index] ?? '')}.txt`)));
  });
});

/** Rounds of all files that are more than may be listed ahead. */
const ROUNDS = Math.ceil((AHEAD * BATCH * 1.3) / FILES);

function* again(units: FileUnit[]): Generator<FileUnit, void> {
  for (let round = 0; round < ROUNDS; round++) yield* units;
}

describe('S12: more files than are listed ahead', () => {
  test('are listed no faster than they are looked at', async () => {
    let most = 0;
    const collector = await scanned(1, function* (units, { totals }) {
      let listed = 0;
      for (const unit of again(units)) {
        most = Math.max(most, ++listed - totals.files);
        yield unit;
      }
    });
    expect(collector.totals.files).toBe(ROUNDS * FILES);
    expect(most).toBeGreaterThan((AHEAD - 1) * BATCH);
    expect(most).toBeLessThan((AHEAD + 10) * BATCH);
  });

  test.each([3, 8])('are each looked at once, by %i threads of which two die', async (jobs) => {
    const killer = killing(2);
    const collector = await scanned(jobs, again);
    expect(killer.killed()).toBe(2);
    expect(secrets(collector)).toEqual(everySecret.flatMap((secret) => Array.from({ length: ROUNDS }, () => secret)));
    expect([collector.totals.files, collector.balanced]).toEqual([ROUNDS * FILES, true]);
    expect(collector.missed).toEqual([]);
  });

  test('are not listed any more once the scan is stopped', async () => {
    const { root, units } = folder();
    const stop = new AbortController();
    const collector = new Collector(new Inspector(builtinRules()), { signal: stop.signal });
    let listed = 0;
    const endless = function* (): Generator<FileUnit, void> {
      for (;;) {
        if (++listed === AHEAD * BATCH * 2) stop.abort();
        yield units[listed % FILES]!;
      }
    };
    const options = { jobs: 1, signal: stop.signal, clock: () => performance.now() };
    await expect(scanUnits((add) => add(endless()), root, builtinRules(), { maxFileSize: Infinity }, collector, options)).rejects.toThrow(Stopped);
    expect(listed).toBeLessThanOrEqual(AHEAD * BATCH * 2 + BATCH);
  });
});

/** Kills each new thread after some messages of its own, or after some milliseconds, or not at all. */
function killingAtRandom(random: Random): void {
  const onWorker = (worker: Worker): void => {
    let messages = random.below(12);
    if (random.chance(30)) setTimeout(() => void worker.terminate(), random.below(120));
    if (random.chance(60)) worker.on('message', () => messages-- === 0 && void worker.terminate());
  };
  process.on('worker', onWorker);
  ended = () => process.off('worker', onWorker);
}

test.each(Array.from({ length: process.env['KEYSIFT_SOAK'] === '1' ? 200 : 4 }, (_, seed) => seed))(
  'R6 and R7: threads that end at random times, %i: all is found or listed, once',
  async (seed) => {
    killingAtRandom(new Random(seed));
    const collector = await scanned(2 + (seed % 4));
    const listed = new Set(collector.missed.map(({ unit }) => unit));
    expect(collector.missed.filter(({ reason }) => reason !== 'WORKER-LOST')).toEqual([]);
    expect([collector.totals.files, collector.balanced, listed.size]).toEqual([FILES, true, collector.missed.length]);
    expect(secrets(collector)).toEqual(everySecret.filter((secret) => !listed.has(`f${indexOf(secret)}.txt`)));
  },
);

/** The file that holds a secret. */
function indexOf(secret: string): number {
  return Array.from({ length: FILES / 100 }, (_, index) => index * 100).find((index) => githubToken(String(index)) === secret) ?? -1;
}
