import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { findTips } from '../../src/git/enumerate.ts';
import { openRepository } from '../../src/git/repository.ts';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Collector } from '../../src/scan/collector.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { tipCommits } from '../../src/scan/whereabouts.ts';
import { openRepositoryStore, scanHistory, type BlobThreads } from '../../src/sources/history.ts';
import { keysiftJson } from '../support/cli.ts';
import { makeHistory } from '../support/histories.ts';
import type { TestRepository } from '../support/repository.ts';
import { seedsOfToday } from '../support/sample.ts';

/** A generated history with enough bytes that threads pay; nothing in them can be compressed. */
function largeHistory(seed: number): TestRepository {
  const { repository } = makeHistory(seed);
  const blobs = Array.from({ length: 4 }, () => Buffer.concat([Buffer.from('data 4000000\n'), randomBytes(4_000_000), Buffer.from('\n')]));
  const files = blobs.map((data, place) => Buffer.concat([Buffer.from(`M 644 inline noise/${place}\n`), data]));
  const head = Buffer.from('commit refs/heads/noise\ncommitter Ada <ada@example.com> 1700000000 +0000\ndata 5\nnoise\n');
  repository.import(Buffer.concat([head, ...files]));
  repository.git('repack', '-adq', '--depth=50');
  return repository;
}

function essence({ findings, notScanned, excluded, counts: { files, blobs, commits, bytes }, scan }: ReportV1): unknown {
  return { findings, notScanned, excluded, counts: { files, blobs, commits, bytes }, notes: scan.notes };
}

describe('a history looked at by threads', () => {
  test.each(seedsOfToday(301, 303, 1))('number %i: the same report as by one', async (seed) => {
    const repository = largeHistory(seed);
    // What nothing reaches is in the packs too, and threads do not know it.
    const branches = repository.git('for-each-ref', '--format=%(refname)', 'refs/heads').split('\n');
    if (branches.length > 2) repository.git('update-ref', '-d', branches[0] ?? '');
    const reports: unknown[] = [];
    for (const jobs of ['1', '2', '4']) {
      const { report } = await keysiftJson(['--history-only', '--show-secrets', '--jobs', jobs], { cwd: repository.path });
      reports.push(essence(report));
    }
    expect(reports[1]).toEqual(reports[0]);
    expect(reports[2]).toEqual(reports[0]);
  });

  test('what a thread took and never told of is read once more', async () => {
    const { repository: made } = makeHistory(304);
    // More than are read one by one.
    const many = Array.from({ length: 1100 }, (_, place) => `M 644 inline many/${place}\ndata <<END\nblob ${place}\nEND\n`).join('');
    made.import(Buffer.from(`commit refs/heads/many\ncommitter Ada <ada@example.com> 1700000000 +0000\ndata 4\nmany\n${many}`));
    made.git('repack', '-adq');
    const repository = openRepository(made.path, made.environment());
    if (repository === undefined) throw new Error('no repository');
    const tips = findTips(repository);
    const scanned = async (threads: BlobThreads | undefined): Promise<Collector> => {
      const collector = new Collector(new Inspector(builtinRules()));
      const store = openRepositoryStore(repository, false);
      const choice = { from: () => tipCommits(tips), without: [], isPartial: () => false, unreachable: false, verify: false, alsoBlobs: [] };
      await scanHistory(repository, { ...choice, store, threads: () => threads }, collector);
      store.close();
      return collector;
    };
    const lost = {
      sharing: { told: new Uint8Array(100_000), claim: (share: number) => share % 2 === 0, done: () => undefined, rest: true },
      finish: () => Promise.resolve([]),
      stop: () => undefined,
    };
    const [alone, beside] = [await scanned(undefined), await scanned(lost)];
    const shown = ({ found }: Collector): string[] =>
      found.map(({ origin, sighting }) => JSON.stringify([origin, sighting.rule.id, sighting.span])).toSorted();
    expect(alone.found.length).toBeGreaterThan(0);
    expect(shown(beside)).toEqual(shown(alone));
    expect(beside.totals).toMatchObject({ blobs: alone.totals.blobs, bytes: alone.totals.bytes });
    expect([beside.balanced, beside.missed]).toEqual([true, []]);
  });
});
