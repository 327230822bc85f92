/** The graph that the kernel reads against the plain one: packs, families and texts that git would never write among them. */
import { describe, expect, test } from 'vitest';
import type { GraphParts } from '../../../src/git/store/graph-parts.ts';
import type { Leads } from '../../../src/git/store/leads.ts';
import { kernelGraph } from '../../../src/git/store/kernel-graph.ts';
import { ObjectNumbers } from '../../../src/git/store/numbers.ts';
import { openStore, type ObjectStore } from '../../../src/git/store/object-store.ts';
import { TYPE } from '../../../src/git/store/pack-entry.ts';
import { planPack } from '../../../src/git/store/pack-plan.ts';
import { plainGraph } from '../../../src/git/store/plain-graph.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { Random } from '../../support/random.ts';
import { blobId, makeDelta, objectId, whole, writeLoose, writePack, type Entry, type Operation } from './hand-made.ts';

type Reader = (choice: Parameters<typeof plainGraph>[0]) => GraphParts | undefined;

interface Told {
  /** Commits and tags that were told alone or whose message was taken, and people, in their order. */
  readonly texts: string[];
  readonly graph: object;
}

interface Choice {
  readonly starts: readonly string[];
  readonly shallow: readonly string[];
  /** Take texts together; also those of what nothing reaches. */
  readonly joins: boolean;
  readonly all: boolean;
  /** Takes texts of commits also where what leads to them comes later, as texts that are taken together are. */
  readonly keepsEarly?: boolean;
  /** What trees may lead to. */
  readonly targets?: readonly string[];
}

/** People and message of a commit as `history.ts` reads them. */
function textsOf(bytes: Buffer): { people: string[]; message: string } {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\n\n');
  const header = end < 0 ? text : text.slice(0, end);
  const people = header.split('\n').flatMap((line) => /^(author|committer|tagger) (.*?)(?: \d+ [+-]\d+)?$/s.exec(line)?.[2] ?? []);
  return { people, message: end < 0 ? '' : text.slice(end + 2) };
}

/** Whether texts of a commit are taken together with others. */
function isTaken(bytes: Buffer): boolean {
  const rest = bytes.toString('latin1').replace(/^tree \w+\n(?:parent \w+\n)*/, '');
  return !rest.startsWith('\n') && !rest.includes('\0');
}

/** Everything that a graph says, with ids for numbers. */
function read(reader: Reader, store: ObjectStore, { starts, shallow, joins, all, keepsEarly = false, targets = [] }: Choice): Told {
  const numbers = new ObjectNumbers(store);
  const find = (ids: readonly string[]): number[] => ids.map((id) => numbers.find(id)).filter((number) => number !== undefined);
  const texts: string[] = [];
  const people = new Set<string>();
  const note = (id: string, person: string): void => {
    if (people.has(person)) return;
    people.add(person);
    texts.push(`${id} person ${person}`);
  };
  const commit = (id: string, bytes: Buffer): void => {
    const { people: some, message } = textsOf(bytes);
    for (const person of some) note(id, person);
    texts.push(`${id} message ${message}`);
  };
  /** Commits that came by before what leads to them. */
  const early: { readonly number: number; readonly bytes: Buffer }[] = [];
  const graph = reader({
    store,
    numbers,
    shallow: new Set(find(shallow)),
    starts: find(starts),
    told(number, type, bytes, isReached) {
      if (!isReached && !all) {
        if (keepsEarly && type === TYPE.commit) early.push({ number, bytes: Buffer.from(bytes) });
        return;
      }
      const id = numbers.id(number);
      if (type === TYPE.commit) commit(id, bytes);
      else texts.push(`${id} ${type} ${bytes.toString('latin1')}`);
    },
    texts: joins
      ? {
          all,
          take(joined, items, idOf) {
            let start = 0;
            for (let item = 0; item < items.length; item += 3) {
              const [number, kind, end] = items.subarray(item, item + 3);
              const text = joined.toString('latin1', start, end);
              expect(joined[end!]).toBe(0x0a);
              if (kind === 1) note(idOf(number!), text);
              else texts.push(`${idOf(number!)} message ${text}`);
              start = end! + 1;
            }
          },
        }
      : undefined,
  });
  if (graph === undefined) throw new Error('no kernel');
  const { types, commits, trees, unreadable, reach } = graph;
  for (const { number, bytes } of early.toSorted((a, b) => a.number - b.number))
    if (reach.reached[number] === 1 && !reach.mistyped.has(number) && commits.has(number) && isTaken(bytes)) commit(numbers.id(number), bytes);
  const id = (number: number): string => numbers.id(number);
  const entry = (label: number, child: number): string => `${trees.names.get(label >> 3).toString('latin1')} ${label & 7} ${id(child)}`;
  const records = Array.from({ length: types.length }, (_, number) => {
    const record: Record<string, unknown> = { id: id(number), type: types[number] };
    if (commits.has(number)) {
      const isCommit = commits.isCommit(number);
      const parents = Array.from({ length: commits.parentCount(number) }, (__, index) => id(commits.parent(number, index)));
      Object.assign(record, { isCommit, target: id(commits.target(number)), parents, peeled: id(commits.peeled(number)) });
      if (isCommit) record['time'] = commits.time(number);
    }
    if (trees.has(number)) {
      const added: string[] = [];
      const dropped: string[] = [];
      const entries: string[] = [];
      trees.eachAdded(number, (label, child) => added.push(entry(label, child)));
      trees.eachDropped(number, (name) => dropped.push(trees.names.get(name).toString('latin1')));
      trees.eachEntry(number, (label, child) => entries.push(entry(label, child)));
      Object.assign(record, { base: trees.base(number) < 0 ? '' : id(trees.base(number)), added, dropped, entries });
    }
    return record;
  });
  // Twice, since memory that grows cuts off what was said before.
  const leads = [targets.slice(1), targets].map((some) => {
    const { has, list, at } = bound(graph.leadsTo(find(some)));
    const firsts = new Map<number, number>();
    return Array.from({ length: types.length }, (_, number) => {
      const start = list(number);
      if (start < 0) return [has(number)];
      if (!firsts.has(start)) firsts.set(start, number);
      const entries = Array.from({ length: at(start) }, (__, index) => entry(at(start + 1 + 2 * index), at(start + 2 + 2 * index)));
      return [has(number), firsts.get(start), ...entries.toSorted()];
    });
  });
  return {
    texts,
    graph: {
      leads,
      records,
      unreadable: unreadable.map(id),
      reached: [...reach.reached],
      missing: Array.from(reach.missing, id).toSorted(),
      mistyped: Array.from(reach.mistyped, id).toSorted(),
      failed: reach.failed === undefined ? undefined : id(reach.failed),
      missingTree: reach.missingTree === undefined ? undefined : id(reach.missingTree),
    },
  };
}

function bound(leads: Leads): Leads {
  return { has: (number) => leads.has(number), list: (tree) => leads.list(tree), at: (index) => leads.at(index) };
}

function expectSame(objectsDir: string, choice: Choice, verify = false): Told {
  const stores = [0, 1].map(() => openStore({ objectsDir, hashBytes: 20, verify }));
  for (const [number, pack] of stores[0]!.packs.entries()) expect(stores[0]!.plan(number)).toEqual(planPack(pack));
  const plain = read(plainGraph, stores[0]!, { ...choice, joins: false, keepsEarly: choice.joins });
  const kernel = read(kernelGraph, stores[1]!, choice);
  expect(kernel).toEqual(plain);
  for (const store of stores) store.close();
  return plain;
}

const MODES = ['100644', '100755', '40000', '040000', '120000', '160000', '100664', '1', '', '10064x', '777777777777'];

class Maker {
  readonly entries: Entry[] = [];
  readonly commits: string[] = [];
  readonly #random: Random;
  readonly #ids: string[] = [];
  /** Trees that were made, and where they lie. */
  readonly #trees: { readonly place: number; readonly parts: readonly Buffer[]; readonly id: string }[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  get all(): readonly string[] {
    return this.#ids;
  }

  blob(text: string): void {
    this.#add({ ...whole(text), type: 'blob' });
  }

  #add(entry: Entry): void {
    if (this.#random.chance(97)) this.entries.push(entry);
    // An object whose bytes or header are damaged.
    else if (this.#random.chance(50)) this.entries.push({ ...entry, raw: Buffer.from('no stream') });
    else this.entries.push({ ...entry, size: entry.body.length + 1 });
    this.#ids.push(entry.id);
  }

  #id(): string {
    return this.#random.chance(93) ? (this.#ids[this.#random.below(this.#ids.length)] ?? blobId('')) : blobId(`absent ${this.#random.below(20)}`);
  }

  #part(names: number): Buffer {
    const random = this.#random;
    const mode = MODES[random.chance(99) ? random.below(6) : random.below(MODES.length)] ?? '';
    const name = random.chance(1) ? '' : `n${'ä'.repeat(random.below(4))}${random.below(names)}`;
    return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(this.#id(), 'hex')]);
  }

  tree(names: number): void {
    const random = this.#random;
    const base = this.#trees[this.#trees.length - 1 - random.below(3)];
    if (base === undefined || random.chance(20)) {
      const parts = Array.from({ length: random.below(40) }, () => this.#part(names));
      const body = Buffer.concat(parts);
      const cut = random.chance(3) ? body.subarray(0, random.below(body.length + 1)) : body;
      this.#keep(parts, { id: objectId('tree', cut), type: 'tree', body: cut });
      return;
    }
    const parts = [...base.parts];
    for (let change = random.below(4); change >= 0; change--) {
      const at = random.below(parts.length + 1);
      parts.splice(at, random.below(3), ...Array.from({ length: random.below(3) }, () => this.#part(names)));
      if (random.chance(5)) parts.splice(at, 0, ...parts.slice(random.below(parts.length + 1)).slice(0, 2));
    }
    const [from, to] = [Buffer.concat(base.parts), Buffer.concat(parts)];
    const size = random.chance(1) ? to.length + 1 : undefined;
    const body = makeDelta(from.length, this.#operations(from, to), size);
    this.#keep(parts, { id: objectId('tree', to), type: 'tree', body, base: random.chance(90) ? base.place : base.id });
  }

  /** Copies what is alike, also from odd places, and inserts the rest. */
  #operations(from: Buffer, to: Buffer): Operation[] {
    const operations: Operation[] = [];
    let inserted: Buffer[] = [];
    const flush = (): void => {
      const bytes = Buffer.concat(inserted);
      for (let at = 0; at < bytes.length; at += 127) operations.push({ insert: bytes.subarray(at, at + 127) });
      inserted = [];
    };
    for (let at = 0; at < to.length;) {
      const probe = to.subarray(at, at + 4 + this.#random.below(20));
      const found = from.indexOf(probe);
      if (found < 0) {
        inserted.push(to.subarray(at, ++at));
        continue;
      }
      let size = 0;
      const most = this.#random.chance(30) ? 30 : to.length;
      while (size < most && found + size < from.length && at + size < to.length && from[found + size] === to[at + size]) size++;
      flush();
      operations.push({ copy: found, size });
      at += size;
    }
    flush();
    return operations;
  }

  #keep(parts: readonly Buffer[], entry: Entry): void {
    if (this.#ids.includes(entry.id)) return;
    this.#trees.push({ place: this.entries.length, parts, id: entry.id });
    this.#add(entry);
  }

  commit(): void {
    const random = this.#random;
    const tree = random.chance(90) ? (this.#trees[random.below(this.#trees.length)]?.id ?? this.#id()) : this.#id();
    const parents = Array.from({ length: random.below(3) }, () =>
      random.chance(95) ? (this.commits.at(-1 - random.below(5)) ?? this.#id()) : this.#id(),
    );
    const person = (): string => `P${random.below(30)}${random.chance(10) ? ' é>' : ''} <p@example.com>`;
    const time = (): string => (random.chance(85) ? `${1_600_000_000 + random.below(1000)} +0200` : random.of(TIMES));
    const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${person()} ${time()}`, `committer ${person()} ${time()}`];
    if (random.chance(10)) lines.push(random.of(LINES));
    if (random.chance(5)) lines.splice(random.below(lines.length), 1);
    if (random.chance(3)) lines.splice(random.below(lines.length + 1), 0, random.of(LINES));
    const message = random.chance(95) ? `message ${random.below(1000)}\n\nmore\n` : random.of(MESSAGES);
    const text = random.chance(97) ? `${lines.join('\n')}\n\n${message}` : lines.join('\n');
    const body = Buffer.from(random.chance(98) ? text : text.slice(0, random.below(text.length)), 'latin1');
    const id = objectId('commit', body);
    if (this.#ids.includes(id)) return;
    this.commits.push(id);
    this.#add({ id, type: 'commit', body });
  }

  tag(): void {
    const body = Buffer.from(
      `object ${this.#random.chance(95) ? this.#id() : 'none'}\ntype commit\ntag v\ntagger P1 <p@example.com> 1 +0000\n\ntext\n`,
    );
    const id = objectId('tag', body);
    if (!this.#ids.includes(id)) this.#add({ id, type: 'tag', body });
  }
}

const TIMES = ['', '1', '1 +', '1  +0000', '12345678901234567890 +0000', '-5 +0000', '5 -0x', '+0000', ' 7 +0000 8 +0000', '7 +00', '7\t+0000'];
const LINES = [
  'gpgsig x\n y',
  'committer Z <z> 9 +0000',
  'encoding latin1',
  'a\rcommitter R <r> 3 +0000',
  'tagger T <t> 4 +0000',
  'author',
  'author ',
  '',
  'committer 5',
];
const MESSAGES = ['', 'with \0 in it', '\n\n', 'long '.repeat(20_000), 'ä'.repeat(100)];

/** Objects of all types in an order in which each is there before it is named, but for deltas by id. */
function make(random: Random, count: number): Maker {
  const maker = new Maker(random);
  for (let object = 0; object < count; object++) {
    const kind = random.below(100);
    if (kind < 15) maker.blob(`blob ${object}`);
    else if (kind < 60) maker.tree(60 + object);
    else if (kind < 97) maker.commit();
    else maker.tag();
  }
  return maker;
}

describe('generated packs', () => {
  test.each(Array.from({ length: 24 }, (_, index) => index))('number %i', (seed) => {
    const random = new Random(seed);
    const maker = make(random, 400);
    const objectsDir = temporaryFolder();
    writePack(objectsDir, 'pack-0', maker.entries);
    // Some objects once more, some alone: of a base that lies elsewhere a delta is made by its id.
    if (random.chance(50))
      writePack(objectsDir, 'pack-1', [...make(random, 40).entries, ...maker.entries.filter(({ base }) => base === undefined && random.chance(20))]);
    if (random.chance(50))
      for (const { body, type = 'blob', base } of maker.entries) if (base === undefined && random.chance(5)) writeLoose(objectsDir, type, body);
    const some = (list: readonly string[], count: number): string[] => Array.from({ length: count }, () => list[random.below(list.length)] ?? '');
    const choice = {
      starts: [...some(maker.commits, 4), ...some(maker.all, random.below(3))],
      shallow: random.chance(30) ? some(maker.commits, 3) : [],
    };
    const told = [true, false].map((joins) => expectSame(objectsDir, { ...choice, joins, all: random.chance(50) }, random.chance(30)));
    expect(told[0]!.texts.length).toBeGreaterThan(5);
    expect((told[0]!.graph as { records: { base?: string }[] }).records.filter(({ base = '' }) => base !== '').length).toBeGreaterThan(20);
  });
});

test('ids of a tree that begin alike, as nobody has them by chance', () => {
  const objectsDir = temporaryFolder();
  const ids = Array.from({ length: 310 }, (_, index) => index.toString(16).padStart(40, '7'));
  const body = Buffer.concat(ids.map((id, index) => Buffer.concat([Buffer.from(`100644 ${index}\0`), Buffer.from(id, 'hex')])));
  const tree = objectId('tree', body);
  writePack(objectsDir, 'pack-0', [{ id: tree, type: 'tree', body }, ...ids.slice(0, 300).map((id) => ({ ...whole(id), id }))]);
  const { graph } = expectSame(objectsDir, { starts: [tree], shallow: [], joins: true, all: true, targets: ids.toReversed() });
  expect((graph as { missing: string[] }).missing).toEqual(ids.slice(300));
});

test('texts by the thousand, and names of more bytes than there was room for', () => {
  const objectsDir = temporaryFolder();
  const entries: Entry[] = [];
  for (let index = 0; index < 2500; index++) {
    const tree = Buffer.concat([Buffer.from(`100644 ${String(index).padStart(60, 'x')}\0`), Buffer.from(blobId('a'), 'hex')]);
    const id = objectId('tree', tree);
    const commit = Buffer.from(
      `tree ${id}\nauthor A${index} <a> 1 +0000\ncommitter C${index % 7} <c> ${index} +0000\n\n${'text '.repeat(index % 100)}`,
    );
    entries.push({ id, type: 'tree', body: tree }, { id: objectId('commit', commit), type: 'commit', body: commit });
  }
  writePack(objectsDir, 'pack-0', [whole('a'), ...entries]);
  const { texts } = expectSame(objectsDir, { starts: entries.slice(-50).map(({ id }) => id), shallow: [], joins: true, all: true });
  expect(texts).toHaveLength(5007);
});
