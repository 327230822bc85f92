/**
 * The history scan against an oracle that shares none of its code: every object that git names is read on its own and
 * looked at whole.
 */
import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findTips } from '../../src/git/enumerate.ts';
import { openRepository } from '../../src/git/repository.ts';
import type { Sighting } from '../../src/model/finding.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Collector } from '../../src/scan/collector.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { tipCommits } from '../../src/scan/whereabouts.ts';
import { openRepositoryStore, scanHistory } from '../../src/sources/history.ts';
import { keysift } from '../support/cli.ts';
import { makeHistory } from '../support/histories.ts';
import type { TestRepository } from '../support/repository.ts';
import { seedsOfToday } from '../support/sample.ts';
import { gitObjects } from './store/hand-made.ts';

const inspector = new Inspector(builtinRules());

function reachableBlobs(repository: TestRepository): string[] {
  const stash = repository
    .tryGit(['reflog', 'show', '--format=%H', 'refs/stash'])
    .stdout.toString('latin1')
    .split('\n')
    .filter((line) => line !== '');
  const ids = repository
    .git('rev-list', '--objects', '--no-object-names', '--all', 'HEAD', ...stash)
    .split('\n')
    .filter((id) => /^[0-9a-f]{40,64}$/.test(id));
  const types = repository.gitWith({ input: ids.join('\n') }, 'cat-file', '--batch-check=%(objecttype) %(objectname)').split('\n');
  return types.filter((line) => line.startsWith('blob ')).map((line) => line.slice(5));
}

function allBlobs(repository: TestRepository): string[] {
  const types = repository.git('cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectname)').split('\n');
  return types.filter((line) => line.startsWith('blob ')).map((line) => line.slice(5));
}

/** What blobs hold, each as git gives it and looked at whole. */
class Oracle {
  readonly #objects: ReturnType<typeof gitObjects>;
  readonly #seen = new Map<string, Sighting[]>();

  constructor(repository: TestRepository) {
    this.#objects = gitObjects(repository);
  }

  /** `blob rule start-end` of everything in some blobs. */
  places(blobs: readonly string[]): string[] {
    return blobs.flatMap((blob) => this.#sightings(blob).map(({ rule, span }) => `${blob} ${rule.id} ${span.start}-${span.end}`)).toSorted();
  }

  secrets(blobs: readonly string[]): Set<string> {
    const sightings = blobs.flatMap((blob) => this.#sightings(blob));
    return new Set(sightings.filter(({ rule }) => rule.matcher.kind !== 'file').map(({ secret }) => secret.reveal()));
  }

  #sightings(blob: string): Sighting[] {
    const known = this.#seen.get(blob) ?? inspector.inspect(this.#objects.get(blob)?.bytes ?? expect.unreachable(blob));
    this.#seen.set(blob, known);
    return known;
  }
}

function isBlob(origin: Origin): origin is Extract<Origin, { kind: 'blob' }> {
  return origin.kind === 'blob';
}

/** 12 of 5,000, which a soak takes all, or others: `KEYSIFT_SEEDS=from-to`. One takes 0.8 s of a free core, half of it in git; `TMPDIR` in memory saves 0.1 s more. */
const [FROM, TO = FROM] = (process.env['KEYSIFT_SEEDS'] ?? '').split('-').flatMap((text) => (text === '' ? [] : [Number(text)]));
const SEEDS = FROM === undefined || TO === undefined ? seedsOfToday(1, 5000, 12) : Array.from({ length: TO - FROM + 1 }, (_, index) => FROM + index);

describe('R1: generated repositories', () => {
  test.each(SEEDS)('number %i: the history scan sees what every object on its own shows', async (seed) => {
    const { repository: made, form } = makeHistory(seed);
    const repository = openRepository(made.path, made.environment());
    if (repository === undefined) throw new Error('no repository');
    const tips = findTips(repository);
    const oracle = new Oracle(made);
    const reachable = reachableBlobs(made);
    expect(oracle.places(reachable).length).toBeGreaterThan(5);
    for (const reader of ['pack', 'git'] as const) {
      for (const unreachable of [false, true]) {
        const collector = new Collector(new Inspector(builtinRules()));
        const store = reader === 'pack' ? openRepositoryStore(repository, false) : undefined;
        await scanHistory(
          repository,
          { from: () => tipCommits(tips), without: [], isPartial: () => false, unreachable, store, verify: false, alsoBlobs: [] },
          collector,
        );
        store?.close();
        const found = collector.found.flatMap(({ origin, sighting: { rule, span } }) =>
          isBlob(origin) ? [`${origin.blob} ${rule.id} ${span.start}-${span.end}`] : [],
        );
        const blobs = unreachable ? allBlobs(made) : reachable;
        expect(found.toSorted(), `${form}, ${reader}, ${unreachable ? 'all objects' : 'reachable ones'}`).toEqual(oracle.places(blobs));
        expect(collector.missed).toEqual([]);
        expect(collector.balanced).toBe(true);
        expect(collector.totals.blobs).toBe(blobs.length);
      }
    }

    // The same through the command line: every secret is in the report, with a file, and none that the oracle lacks.
    const runs = [];
    for (let run = 0; run < 3; run++) runs.push(await keysift(['--history-only', '--show-secrets', '--format', 'json'], { cwd: made.path }));
    const [first] = runs;
    expect(first?.code).toBe(1);
    // S20: and it is the same each time, byte for byte.
    expect(runs.map(({ stdout }) => stdout === first?.stdout)).toEqual([true, true, true]);
    const report = JSON.parse(first?.stdout ?? '') as ReportV1;
    const inFiles = report.findings.filter(
      ({ secret, locations }) => secret !== undefined && locations.some(({ file }) => !/^<(?:commit message|author|tag|ref name)/.test(file)),
    );
    expect(new Set(inFiles.map(({ secret }) => secret))).toEqual(oracle.secrets(reachable));
    rmSync(made.path, { recursive: true });
  });
});

test('the generator makes merges, octopuses, roots, tags, stashes, links and submodules', () => {
  const totals = { merges: 0, octopuses: 0, roots: 0, tags: 0, stashes: 0, links: 0, submodules: 0, sha256: 0 };
  for (let seed = 1; seed <= 12; seed++) {
    const { repository } = makeHistory(seed);
    const parents = repository
      .git('rev-list', '--parents', '--branches')
      .split('\n')
      .map((line) => line.split(' ').length - 1);
    totals.merges += parents.filter((count) => count === 2).length;
    totals.octopuses += parents.filter((count) => count > 2).length;
    totals.roots += parents.filter((count) => count === 0).length;
    totals.tags += repository
      .git('for-each-ref', '--format=%(objecttype)', 'refs/tags')
      .split('\n')
      .filter((type) => type === 'tag').length;
    totals.stashes += repository.tryGit(['reflog', 'show', 'refs/stash']).stdout.toString().split('\n').length - 1;
    const raw = repository.git('log', '--raw', '--branches', '--no-abbrev', '--format=');
    totals.links += raw.split(' 120000 ').length - 1;
    totals.submodules += raw.split(' 160000 ').length - 1;
    totals.sha256 += Number(repository.git('rev-parse', '--show-object-format') === 'sha256');
  }
  for (const [what, count] of Object.entries(totals)) expect(count, what).toBeGreaterThan(0);
});
