/**
 * Where in the history found blobs are: which commits brought a secret in and took it out, under which paths, and
 * which tips still hold it. Asked once, and only when there is something to place.
 */
import { BlobTrails } from '../git/blob-trails.ts';
import type { Tips } from '../git/enumerate.ts';
import type { HistoryGraph } from '../git/history-graph.ts';
import { CUT_OFF } from '../git/command.ts';
import { findChanges, type Change } from '../git/log.ts';
import { listCommits } from '../git/questions.ts';
import { readSmall } from '../git/object-stream.ts';
import type { Repository } from '../git/repository.ts';
import { letGoNow } from '../git/store/let-go.ts';
import { heldByCommits } from '../git/trees.ts';
import { decodeLatin1, decodeName } from '../model/file-name.ts';
import { compareState, type CommitStamp, type State } from '../model/finding.ts';

/** A path at which some blobs of one secret were, and the most exposed of them. */
export interface Place {
  readonly path: string;
  readonly state: State;
  readonly blob: string;
  /** The commit that brought the secret to this path. */
  readonly introduced: string | undefined;
}

export interface SecretHistory {
  readonly places: readonly Place[];
  /** Whether it is in more places than these. */
  readonly isCut: boolean;
  readonly first: string | undefined;
  /** The last commit known to hold it: a tip, or the parent of the commit that took it out. */
  readonly last: string | undefined;
  /** The commit that took it out, where no tip holds it any more. */
  readonly removed: string | undefined;
}

/** What `Whereabouts` is made of, as plain data: ids, paths and times. */
export interface PlainWhereabouts {
  readonly changes: readonly Change[];
  readonly held: readonly HeldAt[];
  readonly onlyIn: readonly (readonly [string, State])[];
  /** Blobs that are in more places than are told of here. */
  readonly cut: readonly string[];
}

interface HeldAt {
  readonly blob: string;
  readonly path: string;
  readonly state: State;
  readonly commit: string | undefined;
}

export class Whereabouts {
  readonly #repository: Repository;
  /** Reads an object; undefined when only git can. */
  readonly #read: ((id: string) => Buffer | undefined) | undefined;
  readonly plain: PlainWhereabouts;
  readonly #changes = new Map<string, Change[]>();
  readonly #held = new Map<string, HeldAt[]>();
  readonly #onlyIn = new Map<string, State>();
  readonly #cut: ReadonlySet<string>;
  readonly #stamps = new Map<string, CommitStamp>();
  readonly failure: string | undefined;

  private constructor(
    repository: Repository,
    plain: PlainWhereabouts,
    failure: string | undefined,
    read: ((id: string) => Buffer | undefined) | undefined,
  ) {
    this.#repository = repository;
    this.#read = read;
    this.plain = plain;
    this.failure = failure;
    this.#cut = new Set(plain.cut);
    for (const [commit, state] of plain.onlyIn) this.#onlyIn.set(commit, state);
    for (const entry of plain.held) push(this.#held, entry.blob, entry);
    for (const change of plain.changes) for (const blob of new Set([change.to, ...change.from])) push(this.#changes, blob, change);
  }

  /** The same whereabouts again, of a repository that is as it was. */
  static again(repository: Repository, plain: PlainWhereabouts, read: (id: string) => Buffer | undefined): Whereabouts {
    return new Whereabouts(repository, plain, undefined, read);
  }

  /** Asks a graph of the history about `blobs`; what `ask` says, without git. `index` are the entries of the index; the history of `without` is left out. */
  static look(
    repository: Repository,
    graph: HistoryGraph,
    tips: Tips,
    blobs: ReadonlySet<string>,
    index: readonly { readonly id: string; readonly path: Buffer }[],
    without: readonly string[] = [],
  ): Whereabouts {
    // Where only texts hold something there is nothing to follow.
    const trails = blobs.size === 0 ? undefined : new BlobTrails(graph, blobs);
    const changes = trails?.changes(tipCommits(tips), without) ?? [];
    letGoNow(graph.types.length);
    const states = [...tipStates(tips)].toSorted((a, b) => (a[0] < b[0] ? -1 : 1));
    const inTips: HeldAt[] = (trails?.held(states) ?? []).map(({ blob, path, kind, commit }) => ({ blob, path, state: kind, commit }));
    const only = onlyInside(tips, (some, others) => graph.commitsBetween(some, others));
    const plain = { changes, held: [...inIndex(index, blobs), ...inTips], onlyIn: [...only], cut: trails?.cut ?? [] };
    const failure = graph.gap ?? trails?.failure ?? (without.length === 0 && loses(graph, tips, blobs, plain) ? LOST : undefined);
    return new Whereabouts(repository, plain, failure, (id) => graph.read(id));
  }

  /** Asks git about `blobs`. `index` are the entries of the index that hold one of them. */
  static async ask(
    repository: Repository,
    tips: Tips,
    blobs: ReadonlySet<string>,
    index: readonly { readonly id: string; readonly path: Buffer }[],
    range: { readonly from: readonly string[]; readonly without: readonly string[] } | undefined,
  ): Promise<Whereabouts> {
    const from = range?.from ?? tipCommits(tips);
    const { changes, commits, failure } = await findChanges(repository, from, blobs, range?.without);
    const held: HeldAt[] = inIndex(index, blobs);
    const states = tipStates(tips);
    // What a tree holds, some commit brought in: the log names every path that can matter.
    const paths = new Set(changes.filter((change) => blobs.has(change.to)).map((change) => change.path));
    // Thousands of branches hold the same blob at the same path: one of each state says it all.
    const known = new Set<string>();
    for (const [commit, entries] of await heldByCommits(repository, [...states.keys()].toSorted(), blobs, paths)) {
      const state = states.get(commit) ?? 'history';
      for (const { blob, path } of entries) {
        const key = `${state} ${blob} ${path}`;
        if (known.has(key)) continue;
        known.add(key);
        held.push({ blob, path, state, commit });
      }
    }
    const onlyIn = [...onlyInside(tips, (some, others) => listCommits(repository, 'what only the stash reaches', some, others))];
    const whole = failure ?? (commits === 0 && tips.head !== undefined ? CUT_OFF : undefined);
    return new Whereabouts(repository, { changes, held, onlyIn, cut: [] }, whole, undefined);
  }

  /** All paths at which a blob was. */
  pathsOf(blob: string): Set<string> {
    const paths = new Set((this.#held.get(blob) ?? []).map((entry) => entry.path));
    for (const change of this.#changes.get(blob) ?? []) if (change.to === blob) paths.add(change.path);
    return paths;
  }

  /** Whether a blob is at more paths than are known. */
  isCut(blob: string): boolean {
    return this.#cut.has(blob);
  }

  /** Changes that brought a blob in. */
  changesTo(blob: string): readonly Change[] {
    return (this.#changes.get(blob) ?? []).filter((change) => change.to === blob);
  }

  /**
   * The history of one secret, which all of `blobs` hold and no other does.
   * @param counts whether it counts as held where a path is that of a blob
   */
  of(blobs: ReadonlySet<string>, counts: (blob: string, path: string) => boolean = () => true): SecretHistory {
    const holds: Holds = (blob, path) => blobs.has(blob) && counts(blob, path);
    const held = [...blobs].flatMap((blob) => this.#held.get(blob) ?? []).filter(({ blob, path }) => holds(blob, path));
    const changes = [...new Set([...blobs].flatMap((blob) => this.#changes.get(blob) ?? []))]
      .filter(({ to, from, path }) => holds(to, path) || from.some((id) => holds(id, path)))
      .toSorted(oldestFirst);
    const gained = changes.filter(({ to, path }) => holds(to, path));
    const heldAt = byPath(held);
    const gainedAt = byPath(gained);
    const paths = new Set([...heldAt.keys(), ...gainedAt.keys()]);
    const places = [...paths].toSorted().map((path) => this.#place(path, holds, heldAt.get(path) ?? [], gainedAt.get(path) ?? []));
    return { places, isCut: [...blobs].some((blob) => this.#cut.has(blob)), first: gained[0]?.commit, ...lastHolder(held, changes, holds) };
  }

  /** @param held and `here`: what tips hold at the path, and what brought it there */
  #place(path: string, holds: Holds, held: readonly HeldAt[], here: readonly Change[]): Place {
    const introduced = (here.find((change) => !change.from.some((id) => holds(id, path))) ?? here[0])?.commit;
    const tip = held.toSorted((a, b) => compareState(a.state, b.state) || (a.blob < b.blob ? -1 : 1))[0];
    if (tip !== undefined && (tip.state === 'head' || tip.state === 'branch' || tip.state === 'tag' || here.length === 0)) {
      return { path, state: tip.state, blob: tip.blob, introduced };
    }
    // Some change brought it there, else a tip would be all that knows of it.
    const state = here.map((change) => this.stateOfCommit(change.commit)).toSorted(compareState)[0]!;
    const best = tip !== undefined && compareState(tip.state, state) < 0 ? tip.state : state;
    return { path, state: best, blob: here.at(-1)!.to, introduced };
  }

  /** Where a commit itself can be seen: in the history of branches and tags, or only in the stash or left behind. */
  stateOfCommit(commit: string): State {
    return this.#onlyIn.get(commit) ?? 'history';
  }

  /** Who made some commits, and when. */
  async stamp(commits: Iterable<string>): Promise<ReadonlyMap<string, CommitStamp>> {
    const unknown = [...new Set(commits)].filter((commit) => !this.#stamps.has(commit));
    const left: string[] = [];
    for (const commit of unknown) {
      const bytes = this.#read?.(commit);
      if (bytes === undefined) left.push(commit);
      else this.#stamps.set(commit, parseStamp(commit, bytes));
    }
    if (left.length > 0) for (const [commit, bytes] of await readSmall(this.#repository, left)) this.#stamps.set(commit, parseStamp(commit, bytes));
    return this.#stamps;
  }
}

/** Commits that hold everything there is to know about, without repetition. */
export function tipCommits(tips: Tips): string[] {
  return [...new Set([...(tips.head === undefined ? [] : [tips.head]), ...tips.refs.map((ref) => ref.target), ...tips.stash, ...tips.others])];
}

function tipStates(tips: Tips): Map<string, State> {
  const states = new Map<string, State>();
  const add = (commit: string, state: State): void => {
    const known = states.get(commit);
    if (known === undefined || compareState(state, known) < 0) states.set(commit, state);
  };
  for (const commit of tips.others) add(commit, 'reflog');
  for (const commit of tips.stash) add(commit, 'stash');
  for (const ref of tips.refs) add(ref.peeled, refState(ref.name));
  if (tips.head !== undefined) add(tips.head, 'head');
  return states;
}

function refState(name: string): State {
  if (name.startsWith('refs/tags/')) return 'tag';
  if (name === 'refs/stash') return 'stash';
  return 'branch';
}

/** Commits that only the stash, or only what git left behind, reaches. */
function onlyInside(tips: Tips, between: (from: readonly string[], without: readonly string[]) => readonly string[]): Map<string, State> {
  const only = new Map<string, State>();
  const shared = [...(tips.head === undefined ? [] : [tips.head]), ...tips.refs.filter((ref) => ref.name !== 'refs/stash').map((ref) => ref.target)];
  const list = (from: readonly string[], without: readonly string[], state: State): void => {
    if (from.length > 0) for (const id of between(from, without)) only.set(id, state);
  };
  list(tips.others, [...shared, ...tips.stash], 'reflog');
  list(tips.stash, shared, 'stash');
  return only;
}

const LOST = 'the graph of commits and trees has no place for some of what it reaches; please report this with keysift --version';

/** Whether a blob has no place though a commit reaches it: some change brought it in, so a walk that knows of none has lost something. */
function loses(graph: HistoryGraph, tips: Tips, blobs: ReadonlySet<string>, { changes, held, cut }: PlainWhereabouts): boolean {
  const isCommit = (id: string): boolean => graph.commits.isCommit(graph.commits.peeled(graph.find(id) ?? -1));
  // What a tag on a tree or on a blob reaches may be in no commit.
  if (!tipCommits(tips).every(isCommit)) return false;
  const placed = new Set([...changes.map(({ to }) => to), ...held.filter(({ state }) => state !== 'staged').map(({ blob }) => blob), ...cut]);
  return [...blobs].some((blob) => !placed.has(blob) && graph.reached[graph.find(blob) ?? -1] === 1);
}

function inIndex(index: readonly { readonly id: string; readonly path: Buffer }[], blobs: ReadonlySet<string>): HeldAt[] {
  return index
    .filter((entry) => blobs.has(entry.id))
    .map((entry) => ({ blob: entry.id, path: decodeName(entry.path), state: 'staged', commit: undefined }));
}

function byPath<Entry extends { readonly path: string }>(entries: readonly Entry[]): Map<string, Entry[]> {
  const paths = new Map<string, Entry[]>();
  for (const entry of entries) push(paths, entry.path, entry);
  return paths;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** By committer date; where dates tie or are no dates, by the order of the log, in which parents come later. */
function oldestFirst(a: Change, b: Change): number {
  const difference = a.time - b.time;
  return Number.isNaN(difference) || difference === 0 ? b.order - a.order : difference;
}

/** Whether a blob at a path holds the secret whose history is told. */
type Holds = (blob: string, path: string) => boolean;

function lastHolder(held: readonly HeldAt[], changes: readonly Change[], holds: Holds): Pick<SecretHistory, 'last' | 'removed'> {
  const tip = held
    .filter((entry) => entry.commit !== undefined)
    .toSorted((a, b) => compareState(a.state, b.state) || ((a.commit ?? '') < (b.commit ?? '') ? -1 : 1))[0];
  if (tip !== undefined) return { last: tip.commit, removed: undefined };
  const lost = changes.findLast(({ to, from, path }) => !holds(to, path) && from.some((id) => holds(id, path)));
  if (lost !== undefined) return { last: lost.parents[lost.from.findIndex((id) => holds(id, lost.path))], removed: lost.commit };
  return { last: changes.findLast(({ to, path }) => holds(to, path))?.commit, removed: undefined };
}

const AUTHOR = /^author (.*) (-?\d{1,20}) ([+-]\d{1,6})$/m;
/** Milliseconds beyond which a JavaScript date is none. */
const MAX_TIME = 8.64e15;

function parseStamp(commit: string, bytes: Buffer): CommitStamp {
  const end = bytes.indexOf('\n\n');
  const match = AUTHOR.exec(bytes.toString('latin1', 0, end < 0 ? bytes.length : end));
  if (match === null) return { commit, author: '', date: '' };
  const [, author = '', seconds = '', zone = ''] = match;
  const time = Number(seconds) * 1000;
  return {
    commit,
    author: decodeLatin1(author),
    date: Math.abs(time) <= MAX_TIME ? new Date(time).toISOString() : `${seconds} ${zone}`,
  };
}
