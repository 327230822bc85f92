/**
 * The graph of the history against git's own answers: `rev-list --objects`, `log --raw -c`, the trees of tips. git's way
 * is what `--reader=git` uses, and shares nothing with the graph but the tips.
 */
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BlobTrails } from '../../src/git/blob-trails.ts';
import { findTips, type Tips } from '../../src/git/enumerate.ts';
import { HistoryGraph } from '../../src/git/history-graph.ts';
import { findChanges } from '../../src/git/log.ts';
import { changedInOrder } from '../../src/git/log-order.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { heldByCommits } from '../../src/git/trees.ts';
import { tipCommits } from '../../src/scan/whereabouts.ts';
import { openRepositoryStore } from '../../src/sources/history.ts';
import { keysiftJson } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeHistory } from '../support/histories.ts';
import { Random } from '../support/random.ts';
import { TestRepository } from '../support/repository.ts';
import { seedsOfToday, SOAK } from '../support/sample.ts';
import { stripeKey } from '../support/secrets.ts';

function opened(made: TestRepository): Repository {
  const repository = openRepository(made.path, made.environment());
  if (repository === undefined) throw new Error('no repository');
  return repository;
}

function graphOf(repository: Repository, tips: readonly string[]): HistoryGraph {
  const store = openRepositoryStore(repository, false);
  onTestFinished(() => store.close());
  return new HistoryGraph(
    store,
    repository,
    () => tips,
    () => undefined,
  );
}

async function read(made: TestRepository, reflog = false): Promise<{ repository: Repository; tips: Tips; from: string[]; graph: HistoryGraph }> {
  const repository = opened(made);
  const tips = findTips(repository, reflog);
  const from = tipCommits(tips);
  return { repository, tips, from, graph: graphOf(repository, from) };
}

function reachedIds(graph: HistoryGraph): string[] {
  return [...graph.reached.keys()].filter((number) => graph.reached[number] === 1).map((number) => graph.numbers.id(number));
}

/** The kernel's order against the plain one, and whether it leaves out the same commits. */
function expectSameOrder(graph: HistoryGraph, from: readonly string[], wanted: Iterable<string>): void {
  const leads = graph.leadsTo([...wanted].map((id) => graph.find(id) ?? -1));
  const commits = from.map((tip) => graph.commits.peeled(graph.find(tip) ?? -1)).filter((commit) => graph.commits.isCommit(commit));
  const changed = graph.changedInOrder(from, leads);
  expect(changed).toEqual(changedInOrder(graph, leads, [...new Set(commits)]));
}

function listed(made: TestRepository, from: readonly string[]): string[] {
  const lines = made.gitWith({ input: from.join('\n') }, 'rev-list', '--objects', '--no-object-names', '--missing=print', '--stdin').split('\n');
  return lines.filter((line) => line !== '');
}

const ZERO = /^0+$/;
const SEEDS = seedsOfToday(101, 160, 8);

describe('generated repositories', () => {
  test.each(SEEDS)('number %i: reached objects, changes in their order, contents of tips, commits of some tips alone', async (seed) => {
    const random = new Random(seed);
    const { repository: made, form } = makeHistory(seed);
    // What is left of deleted branches lies among the deltas, and bases may be of what nothing reaches.
    const branches = made.git('for-each-ref', '--format=%(refname)', 'refs/heads').split('\n');
    for (const branch of branches) if (random.chance(30)) made.git('update-ref', '-d', branch);
    for (const reflog of [false, true]) {
      const { repository, tips, from, graph } = await read(made, reflog);
      expect(graph.failure).toBeUndefined();
      expect(graph.missing).toEqual([]);
      expect(reachedIds(graph).toSorted(), form).toEqual(listed(made, from).toSorted());
      const reached = reachedIds(graph).filter((id) => graph.types[graph.numbers.find(id) ?? -1] === 3);
      for (const share of [100, 30, 3]) {
        const wanted = new Set(reached.filter(() => random.chance(share)));
        const oracle = await findChanges(repository, from, wanted);
        expect(oracle.failure).toBeUndefined();
        const trails = new BlobTrails(graph, wanted);
        expect(trails.changes(from)).toEqual(oracle.changes);
        const commits = [...new Set(tips.refs.map((ref) => ref.peeled))].toSorted();
        const paths = new Set(oracle.changes.map((change) => change.path));
        const trees = await heldByCommits(repository, commits, wanted, paths);
        const held = new Set([...trees.values()].flat().map(({ blob, path }) => `${blob} ${path}`));
        const own = trails.held(commits.map((commit) => [commit, 'branch'] as const));
        expect(own.map(({ blob, path }) => `${blob} ${path}`).toSorted()).toEqual([...held].toSorted());
        for (const { commit, blob, path } of own) expect(trees.get(commit)).toContainEqual({ blob, path });
        expect(trails.failure).toBeUndefined();
        expectSameOrder(graph, from, wanted);
      }
      const [some, others] = [from.filter(() => random.chance(50)), from.filter(() => random.chance(30))];
      if (some.length === 0) continue;
      const between = made.gitWith({ input: [...some, ...others.map((id) => `^${id}`)].join('\n') }, 'rev-list', '--stdin').split('\n');
      expect(graph.commitsBetween(some, others).toSorted()).toEqual(between.filter((line) => line !== '').toSorted());
    }
  });

  test.each(SEEDS.slice(0, SOAK ? 8 : 3))('number %i: both readers give the same report', async (seed) => {
    const { repository: made } = makeHistory(seed);
    for (const flags of [[], ['--all-objects']]) {
      const [own, git] = await Promise.all(
        ['pack', 'git'].map((reader) => keysiftJson(['--history-only', `--reader=${reader}`, ...flags], { cwd: made.path })),
      );
      const same = { startedAt: '', durationMs: 0 };
      for (const answer of [own, git])
        Object.assign(answer?.report ?? {}, { scan: { ...answer?.report.scan, ...same }, counts: { ...answer?.report.counts, matchedBytes: 0 } });
      expect(own?.report.findings.length).toBeGreaterThan(3);
      expect(own?.report).toEqual(git?.report);
    }
  });

  test('the generator makes what the walks can get wrong', async () => {
    const counts = { merged: 0, tied: 0, modes: 0, removed: 0, modules: 0, unreachedBases: 0 };
    for (let seed = 101; Object.values(counts).includes(0) && seed <= 112; seed++) {
      const { repository: made } = makeHistory(seed);
      for (const branch of made.git('for-each-ref', '--format=%(refname)', 'refs/heads').split('\n').slice(1, 3))
        made.git('update-ref', '-d', branch);
      const { repository, from, graph } = await read(made);
      const wanted = new Set(reachedIds(graph));
      const { changes } = await findChanges(repository, from, wanted);
      counts.merged += changes.filter((change) => change.parents.length > 1).length;
      counts.tied += changes.filter(
        (change, index) => change.time === changes[index - 1]?.time && change.commit !== changes[index - 1]?.commit,
      ).length;
      counts.modes += changes.filter((change) => change.from.includes(change.to)).length;
      counts.removed += changes.filter((change) => ZERO.test(change.to)).length;
      const trees = [...graph.types.keys()].filter((number) => graph.trees.has(number) && graph.reached[number] === 1);
      counts.unreachedBases += trees.filter((tree) => graph.trees.base(tree) >= 0 && graph.reached[graph.trees.base(tree)] === 0).length;
      counts.modules += made.git('log', '--raw', '--all', '--no-abbrev', '--format=').split(' 160000 ').length - 1;
    }
    for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(0);
  });
});

/** Three commits with a folder, everything loose. */
function small(): TestRepository {
  const made = TestRepository.create();
  for (const number of [1, 2, 3]) made.write('in/a.txt', `${number}\n`).write(`top-${number}.txt`, `top ${number}\n`).commit(`commit ${number}`);
  return made;
}

function remove(made: TestRepository, id: string): void {
  rmSync(join(made.path, '.git', 'objects', id.slice(0, 2), id.slice(2)));
}

test('memory that grows between two questions cuts nothing off', async () => {
  const { repository, from, graph } = await read(small());
  const wanted = new Set(reachedIds(graph).filter((id) => graph.types[graph.find(id) ?? -1] === 3));
  const { changes } = await findChanges(repository, from, wanted);
  const trails = new BlobTrails(graph, wanted);
  const { memory } = graph;
  expect(memory?.buffer.byteLength).toBeGreaterThan(0);
  memory?.grow(1); // as it does for tables that have no room, which depends on how much was read so far
  expect(changes.length).toBeGreaterThan(5);
  expect(trails.changes(from)).toEqual(changes);
});

describe('what is not there', () => {
  test.each([
    ['a blob', 'HEAD~1:in/a.txt', false],
    ['a tree', 'HEAD~1:in', false],
    ['the tree of a commit', 'HEAD~1^{tree}', false],
    ['a commit', 'HEAD~1', true],
  ] as const)('%s is named as missing', async (_what, revision, isFailure) => {
    const made = small();
    const id = made.git('rev-parse', revision);
    remove(made, id);
    const { graph } = await read(made);
    expect(graph.missing).toEqual([id]);
    expect(graph.failure !== undefined).toBe(isFailure);
    expect(graph.gap !== undefined).toBe(revision !== 'HEAD~1:in/a.txt');
  });

  test.each([
    ['a tree that is cut short', 'HEAD~1:in'],
    ['a commit that is no commit', 'HEAD~1'],
  ] as const)('%s: the walk says that it failed', async (_what, revision) => {
    const made = small();
    const type = made.git('cat-file', '-t', revision);
    const bytes = made.bytes({}, 'cat-file', type, revision);
    const parts = type === 'tree' ? bytes.subarray(0, bytes.length - 3) : Buffer.concat([Buffer.from('x'), bytes]);
    const damaged = made.gitWith({ input: parts }, 'hash-object', '-t', type, '-w', '--literally', '--stdin');
    const entry = type === 'tree' ? made.gitWith({ input: `040000 tree ${damaged}\tin\n` }, 'mktree') : made.git('rev-parse', 'HEAD^{tree}');
    const parent = type === 'tree' ? 'HEAD' : damaged;
    const commit = made.gitWith(
      { input: `tree ${entry}\nparent ${made.git('rev-parse', parent)}\nauthor A <a@b.c> 1 +0000\ncommitter A <a@b.c> 1 +0000\n\nx\n` },
      'hash-object',
      '-t',
      'commit',
      '-w',
      '--literally',
      '--stdin',
    );
    writeFileSync(join(made.path, '.git', 'refs', 'heads', 'damaged'), `${commit}\n`);
    const { graph } = await read(made);
    expect(graph.failure).toBe(`${damaged} cannot be read`);
  });

  test('the boundary of a shallow clone is no gap', async () => {
    const origin = small();
    const made = TestRepository.at(join(temporaryFolder(), 'shallow'));
    origin.git('clone', '--quiet', '--depth=2', `file://${origin.path}`, made.path);
    const { repository, from, graph } = await read(made);
    expect([graph.missing, graph.failure, graph.gap]).toEqual([[], undefined, undefined]);
    expect(reachedIds(graph).toSorted()).toEqual(listed(made, from).toSorted());
    const wanted = new Set(reachedIds(graph));
    expect(new BlobTrails(graph, wanted).changes(from)).toEqual((await findChanges(repository, from, wanted)).changes);
    expectSameOrder(graph, from, wanted);
  });

  test('replace refs and grafts change nothing', async () => {
    const made = small();
    made.git('replace', '--graft', 'HEAD~1');
    appendFileSync(join(made.path, '.git', 'info', 'grafts'), `${made.git('--no-replace-objects', 'rev-parse', 'HEAD')}\n`);
    const { graph, from } = await read(made);
    const expected = made.gitWith(
      { input: from.join('\n'), env: { GIT_GRAFT_FILE: '/dev/null' } },
      '--no-replace-objects',
      'rev-list',
      '--objects',
      '--no-object-names',
      '--stdin',
    );
    expect(reachedIds(graph).toSorted()).toEqual(expected.split('\n').toSorted());
  });
});

describe('trees that git would not write', () => {
  /** A tree object of entries as they are given. */
  function tree(made: TestRepository, entries: readonly (readonly [mode: string, name: string, id: string])[]): string {
    const bytes = Buffer.concat(entries.flatMap(([mode, name, id]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]));
    return made.gitWith({ input: bytes }, 'hash-object', '-t', 'tree', '-w', '--literally', '--stdin');
  }

  function commit(made: TestRepository, root: string, parents: readonly string[]): string {
    const id = made.git('commit-tree', '-m', 'made by hand', ...parents.flatMap((parent) => ['-p', parent]), root);
    made.git('update-ref', 'refs/heads/made', id);
    return id;
  }

  test('the same name several times, also across a delta', async () => {
    const made = TestRepository.create();
    const blobs = Array.from({ length: 40 }, (_, index) => made.gitWith({ input: `${index}\n` }, 'hash-object', '-w', '--stdin'));
    const plain = blobs.slice(0, 30).map((id, index) => ['100644', `file-${index + 10}`, id] as const);
    const twice = [...plain.slice(0, 20), ['100644', 'file-29', blobs[35] ?? ''] as const, ...plain.slice(20)];
    const kept = tree(made, [...plain, ['100644', 'file-99', blobs[36] ?? ''] as const]);
    const commits = [kept, tree(made, [...twice, ['100644', 'file-99', blobs[37] ?? ''] as const])].map((root) => commit(made, root, []));
    made.git('update-ref', 'refs/heads/kept', commits[0] ?? '');
    made.git('repack', '-adfq', '--depth=50');
    made.git('update-ref', '-d', 'refs/heads/made');
    const { graph } = await read(made);
    const base = graph.trees.base(graph.numbers.find(kept) ?? -1);
    expect([base, graph.reached[base]], 'it is a delta of what nothing reaches, or stands for itself').toEqual([-1, undefined]);
    const reached = new Set(reachedIds(graph));
    expect(blobs.map((id) => reached.has(id))).toEqual(blobs.map((_, index) => index < 30 || index === 36));
  });

  test('folders as deep as nobody has them are told, and end nothing', async () => {
    const made = TestRepository.create();
    const secret = stripeKey('deep');
    let id = tree(made, [['100644', 'a.txt', made.gitWith({ input: `key = "${secret}"\n` }, 'hash-object', '-w', '--stdin')]]);
    const { createHash } = await import('node:crypto');
    const { deflateSync } = await import('node:zlib');
    const { mkdirSync } = await import('node:fs');
    for (let depth = 0; depth < 6000; depth++) {
      const body = Buffer.concat([Buffer.from('40000 d\0'), Buffer.from(id, 'hex')]);
      const whole = Buffer.concat([Buffer.from(`tree ${body.length}\0`), body]);
      id = createHash('sha1').update(whole).digest('hex');
      mkdirSync(join(made.path, '.git', 'objects', id.slice(0, 2)), { recursive: true });
      writeFileSync(join(made.path, '.git', 'objects', id.slice(0, 2), id.slice(2)), deflateSync(whole));
    }
    commit(made, id, []);
    const { report, code } = await keysiftJson(['--history-only', '--show-secrets'], { cwd: made.path });
    expect(code).toBe(3);
    expect(report.notScanned).toMatchObject([{ unit: 'the log', reason: 'GIT-FAILED', detail: expect.stringContaining('too deep') as string }]);
    expect(report.findings.map((finding) => finding.secret)).toEqual([secret]);
  });
});
