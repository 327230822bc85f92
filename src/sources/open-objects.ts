/** Which objects of a history are still to be looked at. */
import type { HistoryGraph } from '../git/history-graph.ts';
import type { ObjectStore } from '../git/store/object-store.ts';
import { TYPE, typeName } from '../git/store/pack-entry.ts';

/** What of a store is to be looked at. */
export interface Wanted {
  /** Also what nothing reaches. */
  readonly everything: boolean;
  /** Blobs that are looked at whatever reaches them, as ids. */
  readonly alsoBlobs: readonly string[];
  /** By number, 1 for commits and tags that were looked at while the graph was read. */
  readonly done: Uint8Array;
}

/** Objects of a graph by number; each is open until it is taken. */
export class OpenObjects {
  /** By number, 1 for what is open. */
  readonly #open: Uint8Array;
  readonly #graph: HistoryGraph;
  /** Blobs that the store does not know, as ids. */
  readonly unknown: readonly string[];
  /** Ids that should be blobs, and what they are instead: a code of `TYPE`. */
  readonly mistyped: ReadonlyMap<string, number>;
  /** Whether something else than blobs may be open. */
  readonly hasOthers: boolean;

  constructor(store: ObjectStore, graph: HistoryGraph, { everything, alsoBlobs, done }: Wanted) {
    const { types, numbers, reached } = graph;
    const missing = new Set(graph.missing);
    const open = new Uint8Array(types.length);
    let hasOthers = false;
    for (let number = 0; number < types.length; number++) {
      const type = types[number];
      if (type === TYPE.none) {
        // Nobody can say what it is: where everything is asked for, it is told as what is reached is.
        if (!everything || !store.catalogue.stands(number) || missing.has(numbers.id(number))) continue;
      } else if (type === TYPE.tree || done[number] === 1 || (reached[number] === 0 && !everything)) continue;
      open[number] = 1;
      if (type !== TYPE.blob) hasOthers = true;
    }
    for (const number of graph.mistyped) open[number] = 0;
    const unknown: string[] = [];
    const mistyped = new Map<string, number>();
    for (const id of new Set(alsoBlobs)) {
      if (missing.has(id)) continue;
      const number = numbers.find(id);
      if (number === undefined) unknown.push(id);
      else if (types[number] === TYPE.blob || types[number] === TYPE.none) {
        open[number] = 1;
        if (types[number] === TYPE.none) hasOthers = true;
      } else if (!graph.mistyped.has(number)) mistyped.set(id, types[number]!);
    }
    this.#open = open;
    this.#graph = graph;
    this.unknown = unknown;
    this.mistyped = mistyped;
    this.hasOthers = hasOthers;
  }

  has(number: number): boolean {
    return this.#open[number] === 1;
  }

  /** Closes one; gives whether it was open. */
  take(number: number): boolean {
    const wasOpen = this.#open[number] === 1;
    this.#open[number] = 0;
    return wasOpen;
  }

  /** Numbers of what is open, in their order; what is taken meanwhile is passed over. */
  *numbers(): Generator<number, void> {
    for (let number = this.#open.indexOf(1); number >= 0; number = this.#open.indexOf(1, number + 1)) yield number;
  }

  get blobs(): number {
    const { types } = this.#graph;
    let found = 0;
    for (const number of this.numbers()) if (types[number] === TYPE.blob) found++;
    return found;
  }

  /** Takes those of which somebody says so. */
  takeIf(isTaken: (id: string, type: 'blob' | 'commit' | 'tag') => boolean): void {
    const { types, numbers } = this.#graph;
    for (const number of this.numbers()) {
      const type = typeName(types[number]!);
      if (type !== undefined && type !== 'tree' && isTaken(numbers.id(number), type)) this.#open[number] = 0;
    }
  }

  /** What is left, for git: ids that should be blobs, those that the store does not know among them, and others. */
  rest(): { readonly blobs: ReadonlySet<string>; readonly others: ReadonlySet<string> } {
    const { types, numbers } = this.#graph;
    const blobs = new Set(this.unknown);
    const others = new Set<string>();
    for (const number of this.numbers()) (types[number] === TYPE.commit || types[number] === TYPE.tag ? others : blobs).add(numbers.id(number));
    return { blobs, others };
  }
}
