/**
 * The history scan against an oracle that shares none of its code: every object that git names is read on its own and
 * looked at whole.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTips } from '../../src/git/enumerate.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { referenceCodec } from '../../src/git/store/codec.ts';
import { openStore } from '../../src/git/store/object-store.ts';
import type { LineSieve } from '../../src/kernel/line-sieve.ts';
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
import { seedsOfToday, SOAK } from '../support/sample.ts';
import { gitObjects } from './store/hand-made.ts';
import { makeHistoryByHand } from './store/hand-made-repository.ts';

const inspector = new Inspector(builtinRules());

/** Everything that refs, HEAD and the stash's entries reach, as git walks it. */
function reachable(repository: TestRepository, stash: readonly string[]): string[] {
  return repository
    .git('rev-list', '--objects', '--no-object-names', '--all', 'HEAD', ...stash)
    .split('\n')
    .filter((id) => /^[0-9a-f]{40,64}$/.test(id));
}

function stashOf(repository: TestRepository): string[] {
  const shown = repository.tryGit(['reflog', 'show', '--format=%H', 'refs/stash']).stdout.toString('latin1');
  return shown.split('\n').filter((line) => line !== '');
}

/** What blobs hold, each as git gives it and looked at whole. */
class Oracle {
  readonly #objects: ReturnType<typeof gitObjects>;
  readonly #seen = new Map<string, Sighting[]>();

  constructor(repository: TestRepository) {
    this.#objects = gitObjects(repository);
  }

  get blobs(): string[] {
    return [...this.#objects].flatMap(([id, { type }]) => (type === 'blob' ? [id] : []));
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

/** How a history is read: the kernel, which leaves out known lines; our code in JavaScript, with either codec; and git. */
const WAYS = ['kernel', 'families', 'reference', 'git'] as const;
type Way = (typeof WAYS)[number];

/** The kernel, and one of the others; in a soak git as well as one of ours. */
function waysFor(seed: number): readonly Way[] {
  return SOAK ? ['kernel', seed % 2 === 0 ? 'families' : 'reference', 'git'] : ['kernel', WAYS[1 + (seed % 3)] ?? 'git'];
}

/** One for each way: a third of a scan of so little is to compile the rules that it wakes. */
const LOOKING = Object.fromEntries(WAYS.map((way) => [way, new Inspector(builtinRules())])) as Record<Way, Inspector>;

async function scanned(repository: Repository, way: Way, unreachable: boolean): Promise<{ places: string[]; collector: Collector }> {
  const looking = LOOKING[way];
  const collector = new Collector(looking);
  const tips = findTips(repository);
  const choice = { from: () => tipCommits(tips), without: [], isPartial: () => false, unreachable, verify: false, alsoBlobs: [] };
  const store =
    way === 'git'
      ? undefined
      : way === 'reference'
        ? openStore({ objectsDir: join(repository.commonDir, 'objects'), hashBytes: repository.idLength === 64 ? 32 : 20, codec: referenceCodec() })
        : openRepositoryStore(repository, false);
  const sifts = way === 'kernel' ? { sift: (sieve: LineSieve) => looking.useSieve(sieve), sifted: () => looking.dropSieve() } : {};
  await scanHistory(repository, { ...choice, store, ...sifts }, collector);
  store?.close();
  const places = collector.found.flatMap(({ origin, sighting: { rule, span } }) =>
    isBlob(origin) ? [`${origin.blob} ${rule.id} ${span.start}-${span.end}`] : [],
  );
  return { places: places.toSorted(), collector };
}

/** 100 of 5,000, which a soak takes all, or others: `KEYSIFT_SEEDS=from-to`. One by hand takes a third of the time of one by git. */
const [FROM, TO = FROM] = (process.env['KEYSIFT_SEEDS'] ?? '').split('-').flatMap((text) => (text === '' ? [] : [Number(text)]));
const SEEDS = FROM === undefined || TO === undefined ? seedsOfToday(1, 5000, 100) : Array.from({ length: TO - FROM + 1 }, (_, index) => FROM + index);
/** One in so many is made by git, and read through the command line, too; without a soak each second of these, of all forms. */
const BY_GIT = 5;
const isMadeByGit = (seed: number): boolean => seed % BY_GIT === 0 && (SOAK || (seed / BY_GIT) % 4 < 2);

describe('R1: generated repositories', () => {
  let sightings = 0;

  test.each(SEEDS)('number %i: the history scan sees what every object on its own shows', async (seed) => {
    const isByGit = isMadeByGit(seed);
    const { repository: made, form } = isByGit ? makeHistory(seed / BY_GIT) : makeHistoryByHand(seed);
    const repository = openRepository(made.path, made.environment());
    if (repository === undefined) throw new Error('no repository');
    const oracle = new Oracle(made);
    const reached = new Set(reachable(made, stashOf(made)));
    const blobs = { all: oracle.blobs, reached: oracle.blobs.filter((id) => reached.has(id)) };
    const held = oracle.places(blobs.reached).length;
    if (isByGit) expect(held).toBeGreaterThan(5);
    sightings += held;
    const ways = waysFor(seed);
    for (const [turn, way] of ways.entries()) {
      for (const unreachable of SOAK ? [false, true] : [((seed >> 1) + turn) % 2 === 0]) {
        const expected = unreachable ? blobs.all : blobs.reached;
        const { places, collector } = await scanned(repository, way, unreachable);
        expect(places, `${form}, ${way}, ${unreachable ? 'all objects' : 'reachable ones'}`).toEqual(oracle.places(expected));
        expect(collector.missed).toEqual([]);
        expect(collector.balanced).toBe(true);
        expect(collector.totals.blobs).toBe(expected.length);
      }
    }
    if (isByGit) await expectSameInReport(made, oracle.secrets(blobs.reached));
    rmSync(made.path, { recursive: true });
  });

  test('they held many secrets', () => expect(sightings).toBeGreaterThan(20 * SEEDS.length));
});

/** Through the command line: every secret is in the report, with a file, and none that the oracle lacks. */
async function expectSameInReport(made: TestRepository, secrets: ReadonlySet<string>): Promise<void> {
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
  expect(new Set(inFiles.map(({ secret }) => secret))).toEqual(secrets);
}

test('histories by hand are sound to git, with long chains, cut deltas, stashes and both kinds of ids', () => {
  const totals = { chains: 0, stashes: 0, sha256: 0, loose: 0, twice: 0, unreached: 0 };
  for (let seed = 1; seed <= 12; seed++) {
    const { repository, stash } = makeHistoryByHand(seed);
    expect(stashOf(repository)).toEqual(stash);
    const objects = join(repository.path, '.git', 'objects');
    const packs = readdirSync(join(objects, 'pack')).filter((name) => name.endsWith('.idx'));
    // Ours have no checksums of single entries, on which git insists.
    for (const name of packs) {
      rmSync(join(objects, 'pack', name));
      repository.git('index-pack', '--strict', join(objects, 'pack', name.replace('.idx', '.pack')));
    }
    expect(repository.git('fsck', '--full', '--strict', '--no-dangling', '--no-progress')).toBe('');
    const listed = packs.flatMap((name) => repository.git('verify-pack', '-v', join(objects, 'pack', name)).split('\n'));
    const packed = listed.filter((line) => /^[0-9a-f]{40,64} /.test(line));
    totals.chains += packed.filter((line) => Number(line.split(/ +/)[5] ?? 0) > 10).length;
    totals.twice += packed.length - new Set(packed.map((line) => line.split(' ')[0])).size;
    totals.loose += Number(/^count: (\d+)$/m.exec(repository.git('count-objects', '-v'))?.[1]);
    totals.unreached += gitObjects(repository).size - reachable(repository, stash).length;
    totals.stashes += stash.length;
    totals.sha256 += Number(repository.git('rev-parse', '--show-object-format') === 'sha256');
  }
  for (const [what, count] of Object.entries(totals)) expect(count, what).toBeGreaterThan(0);
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
