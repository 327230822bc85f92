/**
 * Where some blobs were, from the graph: the same as `git log --raw -c` and the trees of tips say, without git. Only
 * trees that may hold one of the blobs are looked at, and of those only the entries that lead to one.
 */
import { append } from '../model/append.ts';
import { decodeLatin1 } from '../model/file-name.ts';
import type { HistoryGraph } from './history-graph.ts';
import type { Change } from './log.ts';
import { NumberPairs } from './number-pairs.ts';
import type { Leads } from './store/leads.ts';
import { KIND } from './store/tree-entries.ts';
import { kindOf, nameOf } from './store/tree-graph.ts';

const NONE = -1;
/** Folders in folders. git itself goes no deeper. */
const MAX_DEPTH = 2048;
/** Places that are told of for each blob and name. Trees in trees can put one in more than anybody could list. */
export const MAX_PLACES = 1000;
/** Steps of one commit, and of all commits; beyond, as few as one for each blob and commit. */
const MAX_STEPS = 100_000;
const MAX_CHANGES = 50_000;
/** Steps in memory; beyond, a pair carries on one for each blob. */
const MAX_KNOWN = 1_000_000;

/** A blob and the path that it has in a commit. */
export interface HeldBlob {
  readonly commit: string;
  readonly blob: string;
  readonly path: string;
}

interface Entry {
  readonly label: number;
  readonly child: number;
}

export class BlobTrails {
  readonly #graph: HistoryGraph;
  readonly #leads: Leads;
  readonly #noId: string;
  readonly #cut = new Set<number>();
  /** Ids that were asked about, by number: most are told many times, and each time as the same text. */
  readonly #ids = new Map<number, string>();
  /** By number, those that were asked about. */
  readonly #names: string[] = [];
  /** By list, in how many places the blobs are below; one more than `MAX_PLACES` for more. */
  readonly #counts = new Map<number, number>();
  /** Set when folders lay too deep to be looked into. */
  failure: string | undefined;

  constructor(graph: HistoryGraph, blobs: Iterable<string>) {
    this.#graph = graph;
    this.#noId = '0'.repeat(graph.idLength);
    const targets: number[] = [];
    for (const id of blobs) {
      const number = graph.numbers.find(id);
      if (number !== undefined) targets.push(number);
    }
    this.#leads = graph.leadsTo(targets);
  }

  /**
   * The changes that bring in or take out one of the blobs, newest first, as `findChanges` gives them: of each commit
   * for each blob and file name the first `MAX_PLACES` by path, and once all together are `MAX_CHANGES`, the first one.
   * @param without commits whose history is left out
   */
  changes(tips: readonly string[], without: readonly string[] = []): Change[] {
    const { commits, numbers } = this.#graph;
    const wanted = without.length === 0 ? undefined : new Set(this.#graph.commitsBetween(tips, without));
    const found: Change[] = [];
    for (const { order, commit } of this.#graph.changedInOrder(tips, this.#leads)) {
      if (wanted?.has(numbers.id(commit)) === false) continue;
      const parents = Array.from({ length: this.#graph.parentCount(commit) }, (_, index) => commits.parent(commit, index));
      const before = parents.length === 0 ? [NONE] : parents.map((parent) => this.#treeOf(parent));
      const steps = this.#stepsOf({ tree: this.#treeOf(commit), before }, new KnownSteps());
      if (steps.length === 0) continue;
      const common = { commit: this.#id(commit), parents: parents.map((parent) => this.#id(parent)), time: commits.time(commit), order };
      for (const { to, from, path } of found.length < MAX_CHANGES ? steps : this.#firstOf([{ path: '', steps }], 1))
        found.push({ ...common, to: this.#idOf(to), from: from.map((entry) => this.#idOf(entry)), path: decodeLatin1(path) });
    }
    return found;
  }

  /**
   * The blobs in the trees of some commits, each with its path once for each kind of commit, under the first such commit:
   * the first `MAX_PLACES` for each blob, file name and kind.
   * @param commits with their kinds
   */
  held<Kind extends string>(commits: Iterable<readonly [string, Kind]>): (HeldBlob & { readonly kind: Kind })[] {
    const found: (HeldBlob & { readonly kind: Kind })[] = [];
    const known = new KnownSteps();
    const paths = new NumberPairs();
    const byKind = new Map<Kind, HeldPlaces>();
    const take = (commit: string, kind: Kind, { keys, counts, texts }: HeldPlaces, blob: number, name: number, path: string): void => {
      const place = `${blob} ${path}`;
      if (texts?.has(place) === true) return;
      texts?.add(place);
      const key = keys.add(blob, name);
      const count = counts[key] ?? 0;
      const isCut = count >= (found.length < MAX_CHANGES ? MAX_PLACES : 1);
      counts[key] = isCut ? count : count + 1;
      if (isCut) this.#cut.add(blob);
      else found.push({ commit, blob: this.#id(blob), path: decodeLatin1(path), kind });
    };
    for (const [commit, kind] of commits) {
      const tree = this.#treeOf(this.#graph.find(commit) ?? NONE);
      const held = byKind.get(kind) ?? newHeldPlaces();
      byKind.set(kind, held);
      const list = this.#leads.list(tree);
      if (held.lists.has(list)) continue;
      held.lists.add(list);
      if (this.#hasFew(tree))
        this.#eachNewPlace(tree, held, paths, (blob, name, path) => take(commit, kind, held, blob, name, this.#textOf(path, paths)));
      else {
        held.texts ??= this.#textsOf(held, paths);
        for (const { to, path, name } of this.#stepsOf({ tree, before: [NONE] }, known))
          if (to !== undefined) take(commit, kind, held, to.child, name, path);
      }
    }
    return found;
  }

  /** Whether a tree holds the blobs in few places, so that each can be gone to. */
  #hasFew(top: number): boolean {
    const open = [top];
    for (let tree = open.at(-1); tree !== undefined; tree = open.at(-1)) {
      if (open.length > MAX_DEPTH) return false;
      const list = this.#leads.list(tree);
      let count = 0;
      let below: number | undefined;
      if (list !== NONE && !this.#counts.has(list)) {
        this.#each(tree, (label, child) => {
          if (kindOf(label) !== KIND.folder) count++;
          else if (this.#leads.list(child) !== NONE) {
            const known = this.#counts.get(this.#leads.list(child));
            if (known === undefined) below ??= child;
            else count += known;
          }
        });
        if (below !== undefined) {
          open.push(below);
          continue;
        }
        this.#counts.set(list, Math.min(count, MAX_PLACES + 1));
      }
      open.pop();
    }
    return (this.#counts.get(this.#leads.list(top)) ?? 0) <= MAX_PLACES;
  }

  /** Tells the places of the blobs in a tree by path, but for those and for folders that were gone through before. */
  #eachNewPlace(top: number, held: HeldPlaces, paths: NumberPairs, place: (blob: number, name: number, path: number) => void): void {
    const { folders, places } = held;
    const open: Inside[] = [{ text: '', path: NONE, child: top, file: undefined }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { path, child, file } = next;
      if (file !== undefined) {
        if (places.isNew(child, path)) place(child, file, path);
        continue;
      }
      if (!folders.isNew(this.#leads.list(child), path)) continue;
      const inside: Inside[] = [];
      this.#each(child, (label, entry) => {
        const name = nameOf(label);
        const below = paths.add(path, name);
        if (kindOf(label) !== KIND.folder) {
          if (!places.has(entry, below)) inside.push({ text: this.#nameText(name), path: below, child: entry, file: name });
          return;
        }
        const list = this.#leads.list(entry);
        if (list !== NONE && !folders.has(list, below)) inside.push({ text: `${this.#nameText(name)}/`, path: below, child: entry, file: undefined });
      });
      inside.sort((a, b) => (a.text < b.text ? 1 : -1));
      append(open, inside);
    }
  }

  /** A name; each byte is a character. */
  #nameText(name: number): string {
    return (this.#names[name] ??= this.#graph.trees.names.get(name).toString('latin1'));
  }

  /** @param paths of each path the one of its folder, `NONE` for none, and its name */
  #textOf(path: number, paths: NumberPairs): string {
    let text = this.#nameText(paths.second(path));
    for (let folder = paths.first(path); folder !== NONE; folder = paths.first(folder)) text = `${this.#nameText(paths.second(folder))}/${text}`;
    return text;
  }

  /** Texts of the places that were told so far. */
  #textsOf({ places }: HeldPlaces, paths: NumberPairs): Set<string> {
    return new Set(Array.from({ length: places.count }, (_, place) => `${places.first(place)} ${this.#textOf(places.second(place), paths)}`));
  }

  /** Ids of blobs that are in more places than were told of. */
  get cut(): string[] {
    return Array.from(this.#cut, (number) => this.#id(number)).toSorted();
  }

  #treeOf(commit: number): number {
    const { commits } = this.#graph;
    return commits.isCommit(commit) ? commits.target(commit) : NONE;
  }

  #idOf(entry: Entry | undefined): string {
    return entry === undefined ? this.#noId : this.#id(entry.child);
  }

  #id(number: number): string {
    const known = this.#ids.get(number);
    if (known !== undefined) return known;
    const id = this.#graph.numbers.id(number);
    this.#ids.set(number, id);
    return id;
  }

  #isTarget(entry: Entry | undefined): boolean {
    return entry !== undefined && kindOf(entry.label) !== KIND.module && entry.child >= 0 && this.#leads.has(entry.child);
  }

  /**
   * What differs below a pair, by path. The same trees may stand in very many folders: each pair is compared once, and
   * of each blob only the first places are carried on. A stack and no recursion: folders may lie deep.
   */
  #stepsOf(top: Pair, known: KnownSteps): readonly Step[] {
    if (!this.#mayDiffer(top)) return NO_STEPS;
    if (known.isFull) known.clear();
    const open = [this.#compare(top)];
    for (let frame = open.at(-1); frame !== undefined; frame = open.at(-1)) {
      const part = frame.parts[frame.next];
      if (part?.pair !== undefined && known.get(keyOf(part.pair)) === undefined) {
        if (open.length <= MAX_DEPTH) open.push(this.#compare(part.pair));
        else {
          this.failure = 'folders lie too deep';
          known.set(keyOf(part.pair), NO_STEPS);
        }
      } else if (part !== undefined) {
        const below = part.pair === undefined ? [part.step] : known.get(keyOf(part.pair))!;
        frame.below.push({ path: part.path, steps: below });
        frame.next++;
      } else {
        known.set(frame.key, this.#firstOf(frame.below, known.isFull ? 1 : MAX_PLACES));
        open.pop();
      }
    }
    return known.get(keyOf(top))!;
  }

  /**
   * Of the steps below some parts, in their order, the first `limit` that bring each blob in under each file name, and
   * that take it out; fewer where there are very many of them. By name, so that what a name says of a file is not lost
   * among other names. What the same steps below another part give is not looked at once they are all beyond that.
   */
  #firstOf(below: readonly Below[], limit: number): readonly Step[] {
    const total = below.reduce((sum, { steps }) => sum + steps.length, 0);
    if (total <= limit) return below.flatMap(({ path, steps }) => (path === '' ? steps : steps.map((step) => ({ ...step, path: path + step.path }))));
    const counts = new Map<string, number>();
    for (const steps of new Set(below.map((part) => part.steps))) for (const { moves } of steps) for (const { key } of moves) counts.set(key, 0);
    const most = Math.max(1, Math.min(limit, Math.floor(MAX_STEPS / counts.size)));
    const found: Step[] = [];
    const spent = new Set<readonly Step[]>();
    for (const { path, steps } of below) {
      if (spent.has(steps)) continue;
      const before = found.length;
      for (const step of steps) {
        const isFirst = step.moves.some(({ key }) => counts.get(key)! < most);
        if (isFirst) found.push({ ...step, path: path + step.path });
        for (const { key, blob } of step.moves) {
          if (isFirst) counts.set(key, counts.get(key)! + 1);
          else this.#cut.add(blob);
        }
      }
      if (found.length === before) spent.add(steps);
    }
    return found;
  }

  /** The blobs that a step brings in or takes out. */
  #movesOf(to: Entry | undefined, from: readonly (Entry | undefined)[], name: number): Move[] {
    const moves = to === undefined || !this.#isTarget(to) ? [] : [{ blob: to.child, key: `+${to.child} ${name}` }];
    for (const entry of from) if (entry !== undefined && this.#isTarget(entry)) moves.push({ blob: entry.child, key: `-${entry.child} ${name}` });
    return moves;
  }

  /** Where a tree is equal to one of those before it nothing differs, neither here nor below: so does git combine the parents of a merge. */
  #mayDiffer({ tree, before }: Pair): boolean {
    const list = this.#leads.list(tree);
    const lists = before.map((one) => this.#leads.list(one));
    if (before.includes(tree) || (list === NONE && lists.every((one) => one === NONE))) return false;
    return lists.length > 1 || lists[0] !== list;
  }

  /** What differs between a tree and all of those before it, in itself: their lists are in one order. */
  #compare(pair: Pair): Frame {
    const log = this.#leads;
    /** Where in each list those names stand that have not been looked at, and where it ends. */
    const places = [log.list(pair.tree), ...pair.before.map((tree) => log.list(tree))];
    const ends = places.map((list) => (list === NONE ? NONE : list + 1 + 2 * log.at(list)));
    const parts: Part[] = [];
    for (let index = 0; index < places.length; index++) places[index]!++;
    for (;;) {
      let name = Number.POSITIVE_INFINITY;
      for (let index = 0; index < places.length; index++) if (places[index]! < ends[index]!) name = Math.min(name, nameOf(log.at(places[index]!)));
      if (name === Number.POSITIVE_INFINITY) break;
      // The common case: it leads somewhere, and is as it was.
      if (!this.#isAsBefore(places, ends, name)) this.#compareEntry(pair, name, parts);
      for (let index = 0; index < places.length; index++)
        while (places[index]! < ends[index]! && nameOf(log.at(places[index]!)) === name) places[index]! += 2;
    }
    parts.sort((a, b) => (a.path < b.path ? -1 : 1));
    return { key: keyOf(pair), parts, next: 0, below: [] };
  }

  /** Whether the first list has at its place what one of the others has at its own, under a name. */
  #isAsBefore(places: readonly number[], ends: readonly number[], name: number): boolean {
    const log = this.#leads;
    const [at = 0] = places;
    if (at >= ends[0]! || nameOf(log.at(at)) !== name) return false;
    for (let index = 1; index < places.length; index++) {
      const place = places[index]!;
      if (place < ends[index]! && log.at(place) === log.at(at) && log.at(place + 1) === log.at(at + 1)) return true;
    }
    return false;
  }

  #compareEntry({ tree, before }: Pair, number: number, parts: Part[]): void {
    const now = this.#entry(tree, number);
    const then = before.map((one) => this.#entry(one, number));
    if (then.some((entry) => isSame(entry, now))) return;
    const name = this.#nameText(number);
    const files = then.map(asFile);
    const file = asFile(now);
    if (!files.some((entry) => isSame(entry, file)) && [file, ...files].some((entry) => this.#isTarget(entry))) {
      // A submodule's commit is none of the blobs: one that comes in a blob's place takes it out.
      const to = file !== undefined && kindOf(file.label) === KIND.module ? undefined : file;
      parts.push({ path: name, step: { to, from: files, name: number, path: '', moves: this.#movesOf(to, files, number) } });
    }
    const pair = { tree: asFolder(now), before: then.map(asFolder) };
    if (this.#mayDiffer(pair)) parts.push({ path: `${name}/`, pair });
  }

  #entry(tree: number, name: number): Entry | undefined {
    return this.#graph.trees.has(tree) ? this.#graph.trees.entry(tree, name) : undefined;
  }

  /** The entries of a tree that lead to one of the blobs. */
  #each(tree: number, entry: (label: number, child: number) => void): void {
    const list = this.#leads.list(tree);
    if (list === NONE) return;
    for (let at = list + 1, end = at + 2 * this.#leads.at(list); at < end; at += 2) entry(this.#leads.at(at), this.#leads.at(at + 1));
  }
}

/** Something in a folder: a file with the number of its name, or a folder. */
interface Inside {
  /** Its name, that of a folder with a slash. */
  readonly text: string;
  /** See `BlobTrails.#textOf`. */
  readonly path: number;
  readonly child: number;
  readonly file: number | undefined;
}

/** What the trees of one kind of commit hold. */
interface HeldPlaces {
  /** Of whole trees. */
  readonly lists: Set<number>;
  /** Lists of folders, each with a path. */
  readonly folders: NumberPairs;
  /** Blobs, each with a path. */
  readonly places: NumberPairs;
  /** Blobs with names of files, and of each how many places were told. */
  readonly keys: NumberPairs;
  readonly counts: number[];
  /** Places as texts, once a tree holds so many that each cannot be gone to. */
  texts: Set<string> | undefined;
}

function newHeldPlaces(): HeldPlaces {
  return { lists: new Set(), folders: new NumberPairs(), places: new NumberPairs(), keys: new NumberPairs(), counts: [], texts: undefined };
}

/** A tree to compare with those before it, all of one folder. */
interface Pair {
  readonly tree: number;
  readonly before: readonly number[];
}

function keyOf({ tree, before }: Pair): string {
  return `${tree} ${before.join(' ')}`;
}

interface Step {
  readonly to: Entry | undefined;
  readonly from: readonly (Entry | undefined)[];
  /** Number of the file's own name. */
  readonly name: number;
  /** Relative to the pair that it was found in; each byte is a character. */
  readonly path: string;
  readonly moves: readonly Move[];
}

/** A blob that comes or goes, and what says so of it under a file name. */
interface Move {
  readonly blob: number;
  readonly key: string;
}

/** Steps below a path. */
interface Below {
  readonly path: string;
  readonly steps: readonly Step[];
}

const NO_STEPS: readonly Step[] = [];

/** What differs in a pair: a file, or something below a folder, whose path ends in a slash. */
type Part = { readonly path: string } & ({ readonly step: Step; readonly pair?: undefined } | { readonly pair: Pair });

/** A pair that is being compared. */
interface Frame {
  readonly key: string;
  /** By path. */
  readonly parts: readonly Part[];
  /** The first part that is not in `below` yet. */
  next: number;
  readonly below: Below[];
}

/** What was found below pairs. */
class KnownSteps {
  readonly #steps = new Map<string, readonly Step[]>();
  #total = 0;

  get isFull(): boolean {
    return this.#total > MAX_KNOWN;
  }

  get(key: string): readonly Step[] | undefined {
    return this.#steps.get(key);
  }

  set(key: string, steps: readonly Step[]): void {
    this.#total += steps.length;
    this.#steps.set(key, steps);
  }

  clear(): void {
    this.#steps.clear();
    this.#total = 0;
  }
}

function isSame(a: Entry | undefined, b: Entry | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.label === b.label && a.child === b.child;
}

function asFile(entry: Entry | undefined): Entry | undefined {
  return entry !== undefined && kindOf(entry.label) !== KIND.folder ? entry : undefined;
}

function asFolder(entry: Entry | undefined): number {
  return entry !== undefined && kindOf(entry.label) === KIND.folder ? entry.child : NONE;
}
