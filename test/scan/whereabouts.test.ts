/** Where in a history found blobs are: paths, states, and the commits that brought them in and took them out. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { findTips, type Tips } from '../../src/git/enumerate.ts';
import { HistoryGraph } from '../../src/git/history-graph.ts';
import type { Change } from '../../src/git/log.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import type { State } from '../../src/model/finding.ts';
import { tipCommits, Whereabouts, type PlainWhereabouts } from '../../src/scan/whereabouts.ts';
import { openRepositoryStore } from '../../src/sources/history.ts';
import { TestRepository } from '../support/repository.ts';

const NONE = '0'.repeat(40);

/** A change of one path, by its time; of commits at one time, the first is the newest. */
function change(commit: string, time: number, path: string, from: string | readonly string[], to: string, order = -time): Change {
  return {
    commit,
    parents: (typeof from === 'string' ? [from] : from).map((_, index) => `${commit}^${index}`),
    time,
    order,
    to,
    from: [from].flat(),
    path,
  };
}

function held(blob: string, path: string, state: State, commit?: string): PlainWhereabouts['held'][number] {
  return { blob, path, state, commit };
}

function known(plain: Partial<PlainWhereabouts>, read: (id: string) => Buffer | undefined = () => undefined): Whereabouts {
  return Whereabouts.again({} as Repository, { changes: [], held: [], onlyIn: [], cut: [], ...plain }, read);
}

/** `path state blob introduced` of each place of some blobs. */
function places(plain: Partial<PlainWhereabouts>, blobs: readonly string[] = ['b1'], counts?: (blob: string, path: string) => boolean): string[] {
  return known(plain)
    .of(new Set(blobs), counts)
    .places.map(({ path, state, blob, introduced }) => `${path} ${state} ${blob} ${introduced}`);
}

/** `first last removed` of some blobs. */
function story(plain: Partial<PlainWhereabouts>, blobs: readonly string[] = ['b1'], counts?: (blob: string, path: string) => boolean): string {
  const { first, last, removed } = known(plain).of(new Set(blobs), counts);
  return [first, last, removed].join(' ').trimEnd();
}

describe('the paths of a blob', () => {
  const plain = {
    held: [held('b1', 'a', 'head', 'c1'), held('b2', 'b', 'head', 'c1')],
    changes: [change('c2', 2, 'c', 'b1', NONE), change('c1', 1, 'c', NONE, 'b1'), change('c1', 1, 'd', 'b1', 'b2')],
    cut: ['b2'],
  };

  test('are those of tips and those that changes brought it to', () => {
    const whereabouts = known(plain);
    expect([[...whereabouts.pathsOf('b1')], [...whereabouts.pathsOf('b2')], [...whereabouts.pathsOf('b3')]]).toEqual([['a', 'c'], ['b', 'd'], []]);
    expect([whereabouts.isCut('b1'), whereabouts.isCut('b2')]).toEqual([false, true]);
    expect(whereabouts.changesTo('b1').map(({ path }) => path)).toEqual(['c']);
    expect(whereabouts.changesTo('b3')).toEqual([]);
    expect(whereabouts.plain).toMatchObject(plain);
    expect([whereabouts.of(new Set(['b1'])).isCut, whereabouts.of(new Set(['b1', 'b2'])).isCut]).toEqual([false, true]);
  });
});

describe('the places of a secret', () => {
  test('are where tips hold it, with the commit that brought it', () => {
    const changes = [change('c1', 1, 'a', NONE, 'b1')];
    expect(places({ held: [held('b1', 'a', 'head', 't')], changes })).toEqual(['a head b1 c1']);
    expect(places({ held: [held('b1', 'a', 'head', 't')] })).toEqual(['a head b1 undefined']);
    expect(places({ held: [held('b1', 'a', 'branch', 't')], changes })).toEqual(['a branch b1 c1']);
    expect(places({ held: [held('b1', 'a', 'tag', 't')], changes })).toEqual(['a tag b1 c1']);
    // The most exposed of several, then the first by its id.
    expect(places({ held: [held('b1', 'a', 'tag', 't'), held('b2', 'a', 'head', 't')], changes }, ['b1', 'b2'])).toEqual(['a head b2 c1']);
    const tags = ['b2', 'b1', 'b3'].map((blob) => held(blob, 'a', 'tag', 't'));
    expect(places({ held: tags }, ['b2', 'b1', 'b3'])).toEqual(['a tag b1 undefined']);
    // What a tip holds is there now, whatever came to the path elsewhere.
    const more = [...changes, change('c2', 2, 'a', 'b1', 'b2')];
    for (const state of ['head', 'branch', 'tag'] as const)
      expect(places({ held: [held('b1', 'a', state, 't')], changes: more }, ['b1', 'b2'])).toEqual([`a ${state} b1 c1`]);
  });

  test('are in the history where only changes know it, with its last content there', () => {
    const changes = [change('c2', 2, 'a', 'b1', 'b2'), change('c1', 1, 'a', NONE, 'b1')];
    expect(places({ changes }, ['b1', 'b2'])).toEqual(['a history b2 c1']);
    expect(places({ changes }, ['b2'])).toEqual(['a history b2 c2']);
    expect(places({ changes: [change('c2', 2, 'a', 'b1', 'b2')] }, ['b1', 'b2'])).toEqual(['a history b2 c2']);
  });

  test('were brought by the commit before which the path had no other content of it', () => {
    const changes = [change('c1', 1, 'a', 'b1', 'b2'), change('c2', 2, 'a', NONE, 'b1')];
    expect(places({ changes }, ['b1', 'b2'])).toEqual(['a history b1 c2']);
    const merged = [change('c1', 1, 'a', ['b9', 'b1'], 'b2'), change('c2', 2, 'a', NONE, 'b1')];
    expect(places({ changes: merged }, ['b1', 'b2'])).toEqual(['a history b1 c2']);
    // A path that it was only taken from is none of its places.
    const taken = [change('c1', 1, 'x', 'b1', NONE), change('c2', 2, 'a', NONE, 'b1')];
    expect([places({ changes: taken }), story({ changes: taken })]).toEqual([['a history b1 c2'], 'c2 c1^0 c1']);
  });

  test('in the index or the stash are in the history where that has them too', () => {
    const changes = [change('c1', 1, 'a', NONE, 'b1')];
    expect(places({ held: [held('b1', 'a', 'staged')] })).toEqual(['a staged b1 undefined']);
    expect(places({ held: [held('b1', 'a', 'staged')], changes })).toEqual(['a history b1 c1']);
    expect(places({ held: [held('b1', 'a', 'stash', 't')], changes, onlyIn: [['c1', 'stash']] })).toEqual(['a stash b1 c1']);
    expect(places({ held: [held('b1', 'a', 'staged')], changes, onlyIn: [['c1', 'reflog']] })).toEqual(['a staged b1 c1']);
    const more = [...changes, change('c2', 2, 'a', NONE, 'b1')];
    expect(
      places({
        changes: more,
        onlyIn: [
          ['c1', 'reflog'],
          ['c2', 'stash'],
        ],
      }),
    ).toEqual(['a stash b1 c1']);
  });

  test('are in the order of their paths, and only those that are wanted', () => {
    const changes = [change('c1', 1, 'z', NONE, 'b1'), change('c1', 1, 'm', NONE, 'b1')];
    const plain = { held: [held('b1', 'a', 'head', 't')], changes };
    expect(places(plain)).toEqual(['a head b1 undefined', 'm history b1 c1', 'z history b1 c1']);
    expect(places(plain, ['b1'], (_, path) => path !== 'm')).toEqual(['a head b1 undefined', 'z history b1 c1']);
    expect(places(plain, ['b1'], (_, path) => path !== 'a')).toEqual(['m history b1 c1', 'z history b1 c1']);
    expect(places(plain, ['b2'])).toEqual([]);
  });

  test('are those where the blob counts, and a blob that does not is as one without the secret', () => {
    const changes = [change('c1', 1, 'a', NONE, 'b1'), change('c2', 2, 'a', 'b1', 'b2'), change('c3', 3, 'z', NONE, 'b2')];
    const plain = { held: [held('b2', 'a', 'head', 't')], changes };
    const counts = (blob: string, path: string): boolean => blob === 'b1' || path === 'z';
    expect(places(plain, ['b1', 'b2'])).toEqual(['a head b2 c1', 'z history b2 c3']);
    expect(places(plain, ['b1', 'b2'], counts)).toEqual(['a history b1 c1', 'z history b2 c3']);
    expect(story(plain, ['b1', 'b2'], (blob) => blob === 'b1')).toBe('c1 c2^0 c2');
  });
});

describe('the story of a secret', () => {
  const brought = change('c1', 1, 'a', NONE, 'b1');

  test('begins with the oldest commit, by time, then by the order of the log', () => {
    expect(story({ changes: [change('c3', 3, 'b', NONE, 'b1'), brought] })).toBe('c1 c3');
    expect(story({ changes: [brought, change('c3', 3, 'b', NONE, 'b1')] })).toBe('c1 c3');
    expect(story({ changes: [change('c2', 2, 'a', NONE, 'b1', 9), change('c1', 1, 'b', NONE, 'b1', 0)] })).toBe('c1 c2');
    const same = [change('new', 5, 'a', NONE, 'b1', 0), change('old', 5, 'b', NONE, 'b1', 1)];
    expect([story({ changes: same }), story({ changes: same.toReversed() })]).toEqual(['old new', 'old new']);
    const timeless = same.map((one) => ({ ...one, time: Number.NaN }));
    expect(story({ changes: timeless })).toBe('old new');
  });

  test('goes on as long as a tip holds it', () => {
    const changes = [change('c2', 2, 'a', 'b1', NONE), brought];
    expect(story({ changes, held: [held('b1', 'b', 'branch', 't2'), held('b1', 'b', 'head', 't1')] })).toBe('c1 t1');
    expect(story({ changes, held: [held('b1', 'b', 'branch', 't2'), held('b1', 'b', 'branch', 't1'), held('b1', 'b', 'branch', 't3')] })).toBe(
      'c1 t1',
    );
    // The index is no commit.
    expect(story({ changes, held: [held('b1', 'b', 'staged')] })).toBe('c1 c2^0 c2');
  });

  test('ends with the commit before the last one that took it out', () => {
    expect(story({ changes: [change('c2', 2, 'a', 'b1', NONE), brought] })).toBe('c1 c2^0 c2');
    expect(story({ changes: [change('c2', 2, 'a', ['b9', 'b1'], 'b8'), brought] })).toBe('c1 c2^1 c2');
    expect(story({ changes: [change('c3', 3, 'b', 'b1', NONE), change('c2', 2, 'a', 'b1', NONE), brought] })).toBe('c1 c3^0 c3');
    // From one of its contents to another one it was not taken out.
    expect(story({ changes: [change('c2', 2, 'a', 'b1', 'b2'), brought] }, ['b1', 'b2'])).toBe('c1 c2');
    expect(story({})).toBe('');
  });
});

describe('commits', () => {
  test('are seen in the history, unless only something else reaches them', () => {
    const whereabouts = known({ onlyIn: [['c1', 'stash']] });
    expect([whereabouts.stateOfCommit('c1'), whereabouts.stateOfCommit('c2')]).toEqual(['stash', 'history']);
  });

  test('say who made them and when, in whatever form git has it', async () => {
    const texts: Readonly<Record<string, string>> = {
      plain:
        'tree x\nmergetag author Eve <e@example.org> 1 +0000\nauthor Ada <a@example.org> 1767225600 +0100\ncommitter Bob <b@example.org> 1 +0000\n\nauthor Eve <e@example.org> 5 +0000\n',
      latin: 'tree x\nauthor J\xfcrgen <j@example.org> 0 +0000\n\nx',
      far: 'tree x\nauthor Ada <a@example.org> 99999999999999 +0000\n\nx',
      last: 'tree x\nauthor Ada <a@example.org> 8640000000000 +0000\n\nx',
      early: 'tree x\nauthor Ada <a@example.org> -1 +0000\n\nx',
      none: 'tree x\n\nauthor Eve <e@example.org> 5 +0000\n',
      bare: 'author Ada <a@example.org> 60 +0000',
      tail: 'tree x\nauthor Ada <a@example.org> 60 +0000 x\n\n',
    };
    const read: string[] = [];
    const whereabouts = known({}, (id) => (read.push(id), Buffer.from(texts[id] ?? expect.unreachable(), 'latin1')));
    const stamps = await whereabouts.stamp([...Object.keys(texts), 'plain']);
    await whereabouts.stamp(['plain']);
    expect(read).toEqual(Object.keys(texts));
    expect(Object.fromEntries([...stamps].map(([id, { author, date }]) => [id, `${author}, ${date}`]))).toEqual({
      plain: 'Ada <a@example.org>, 2026-01-01T00:00:00.000Z',
      latin: expect.stringMatching(/^J.+rgen <j@example.org>, 1970-01-01T00:00:00.000Z$/) as string,
      far: 'Ada <a@example.org>, 99999999999999 +0000',
      last: 'Ada <a@example.org>, +275760-09-13T00:00:00.000Z',
      early: 'Ada <a@example.org>, 1969-12-31T23:59:59.000Z',
      none: ', ',
      bare: 'Ada <a@example.org>, 1970-01-01T00:01:00.000Z',
      tail: ', ',
    });
    expect((await whereabouts.stamp(['plain'])).get('plain')?.commit).toBe('plain');
  });

  test('that hold everything there is to know about are named once', () => {
    expect(tipCommits({ head: 'x', refs: [], stash: [], others: [] } as unknown as Tips)).toEqual(['x']);
    const tips = { head: 'h', refs: [{ target: 'h' }, { target: 'r' }], stash: ['s', 'r'], others: ['o', 's'] } as unknown as Tips;
    expect(tipCommits(tips)).toEqual(['h', 'r', 's', 'o']);
    expect(tipCommits({ ...tips, head: undefined })).toEqual(['h', 'r', 's', 'o']);
    expect(tipCommits({ head: undefined, refs: [], stash: [], others: [] } as unknown as Tips)).toEqual([]);
  });
});

describe('asked of git, or of the graph', () => {
  /** A secret that was taken out of the branch, and is still in another one, a tag, the stash and what git left behind. */
  async function asked(): Promise<Record<string, unknown>[]> {
    const made = TestRepository.create();
    const first = made.write('a.txt', 'secret').write('b.txt', 'other').commit('first');
    const second = made.write('a.txt', 'gone').commit('second');
    made.git('branch', 'old', first);
    made.git('tag', '-a', '-m', 'x', 'v1', first);
    made.write('left.txt', 'left');
    const left = made.commit('left behind');
    made.git('reset', '-q', '--hard', second);
    made.write('b.txt', 'stashed');
    made.git('stash', '-q');
    const stash = made.git('rev-parse', 'stash');
    const repository = openRepository(made.path, made.environment()) ?? expect.unreachable();
    const tips = findTips(repository, true);
    const blob = (revision: string): string => made.git('rev-parse', revision);
    const blobs = { secret: blob(`${first}:a.txt`), left: blob(`${left}:left.txt`), stashed: blob('stash:b.txt'), gone: blob(`${second}:a.txt`) };
    const index = [
      { id: blobs.secret, path: Buffer.from('staged.txt') },
      { id: 'f'.repeat(40), path: Buffer.from('other.txt') },
    ];
    const store = openRepositoryStore(repository, false);
    onTestFinished(() => store.close());
    const wanted = new Set(Object.values(blobs));
    const graph = new HistoryGraph(
      store,
      repository,
      () => tipCommits(tips),
      () => undefined,
    );
    const names = new Map(Object.entries({ first, second, left, stash }).map(([name, id]) => [id, name]));
    const told = async (whereabouts: Whereabouts): Promise<Record<string, unknown>> => {
      expect(whereabouts.failure).toBeUndefined();
      const of = (id: string): unknown => {
        const { places: at, first: from, last, removed } = whereabouts.of(new Set([id]));
        const name = (commit: string | undefined): string | undefined => names.get(commit ?? '') ?? commit?.slice(0, 4);
        return [...at.map(({ path, state, introduced }) => `${path} ${state} ${name(introduced)}`), name(from), name(last), name(removed)];
      };
      expect(whereabouts.plain.held.filter(({ state }) => state === 'staged')).toHaveLength(1);
      expect((await whereabouts.stamp([first])).get(first)?.author).toBe('Ada Example <ada@example.com>');
      return {
        ...Object.fromEntries(Object.entries(blobs).map(([name, id]) => [name, of(id)])),
        states: [stash, left, first, second].map((commit) => whereabouts.stateOfCommit(commit)),
        held: whereabouts.plain.held.length,
      };
    };
    return [
      await told(await Whereabouts.ask(repository, tips, wanted, index, undefined)),
      await told(Whereabouts.look(repository, graph, tips, wanted, index)),
      await told(await Whereabouts.ask(repository, tips, wanted, index, { from: tipCommits(tips), without: [] })),
    ];
  }

  test('they say the same of branches, tags, the stash and what git left behind', async () => {
    const [git, graph, range] = await asked();
    expect(git).toMatchObject({
      secret: ['a.txt branch first', 'staged.txt staged undefined', 'first', 'first', undefined],
      left: ['left.txt reflog left', 'left', 'left', undefined],
      stashed: ['b.txt stash stash', 'stash', 'stash', undefined],
      gone: ['a.txt head second', 'second', 'second', undefined],
      states: ['stash', 'reflog', 'history', 'history'],
    });
    expect(graph).toEqual(git);
    expect(range).toEqual(git);
  });

  test('nothing is looked for where nothing was found', async () => {
    const made = TestRepository.create();
    const head = made.write('a.txt', 'x').commit('first');
    const repository = openRepository(made.path, made.environment()) ?? expect.unreachable();
    const tips = findTips(repository, false);
    const store = openRepositoryStore(repository, false);
    onTestFinished(() => store.close());
    const graph = new HistoryGraph(
      store,
      repository,
      () => tipCommits(tips),
      () => undefined,
    );
    expect(Whereabouts.look(repository, graph, tips, new Set(), []).plain).toEqual({ changes: [], held: [], onlyIn: [], cut: [] });
    const blobs = new Set([made.git('rev-parse', 'HEAD:a.txt')]);
    // A range that begins behind it brought nothing in.
    expect(Whereabouts.look(repository, graph, tips, blobs, [], [head]).plain.changes).toEqual([]);
    expect(Whereabouts.look(repository, graph, tips, blobs, []).plain.changes).toHaveLength(1);
  });

  test('a walk that knows of no place of what a commit reaches has failed', () => {
    const made = TestRepository.create();
    made.write('a.txt', 'old').commit('first');
    const old = made.git('rev-parse', 'HEAD:a.txt');
    made.write('a.txt', 'new').commit('second');
    const look = (blob: string, hasForgotten: boolean): Whereabouts => {
      const repository = openRepository(made.path, made.environment()) ?? expect.unreachable();
      const tips = findTips(repository, false);
      const store = openRepositoryStore(repository, false);
      onTestFinished(() => store.close());
      const graph = new HistoryGraph(
        store,
        repository,
        () => tipCommits(tips),
        () => undefined,
      );
      if (hasForgotten) vi.spyOn(graph, 'changedInOrder').mockReturnValue([]);
      return Whereabouts.look(repository, graph, tips, new Set([blob]), [{ id: blob, path: Buffer.from('index.txt') }]);
    };
    expect(look(old, false).failure).toBeUndefined();
    expect(look(old, true).failure).toContain('no place');
    // Tips hold it.
    expect(look(made.git('rev-parse', 'HEAD:a.txt'), true).failure).toBeUndefined();
    // No commit reaches it.
    const lone = made.gitWith({ input: 'lone' }, 'hash-object', '-w', '--stdin');
    expect(look(lone, true).failure).toBeUndefined();
    made.git('tag', 'of-a-blob', lone);
    expect(look(lone, false).failure).toBeUndefined();
    expect(look(old, true).failure).toBeUndefined();
  });
});
