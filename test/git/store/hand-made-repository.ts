/** Whole repositories without a process of git: objects of any history, in packs whose deltas cut wherever they like. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../../support/folder.ts';
import { History, LINES, PERSON, type Files } from '../../support/histories.ts';
import { Random } from '../../support/random.ts';
import { TestRepository } from '../../support/repository.ts';
import { plant } from '../../support/secrets.ts';
import { Versions } from '../../support/versions.ts';
import { makeDelta, objectId, writeLoose, writePack, type Entry, type Operation } from './hand-made.ts';

type Type = 'blob' | 'commit' | 'tag' | 'tree';
type FileMap = Map<string, { readonly mode: string; readonly bytes: Buffer }>;

interface StashEntry {
  /** By path, beside what HEAD holds. */
  readonly tracked: ReadonlyMap<string, string>;
  /** What git does not track, as a third parent. */
  readonly untracked: ReadonlyMap<string, string>;
}

/** Objects by id, in the order in which they were made. */
class Objects {
  readonly all = new Map<string, { readonly type: Type; readonly bytes: Buffer }>();
  readonly hashBytes: 20 | 32;

  constructor(hashBytes: 20 | 32) {
    this.hashBytes = hashBytes;
  }

  add(type: Type, content: string | Buffer): string {
    const bytes = Buffer.from(content);
    const id = objectId(type, bytes, this.hashBytes);
    this.all.set(id, { type, bytes });
    return id;
  }

  tree(files: Files): string {
    const entries = new Map<string, { readonly mode: string; readonly id: string }>();
    const folders = new Map<string, FileMap>();
    for (const [path, file] of files) {
      const slash = path.indexOf('/');
      if (slash >= 0) {
        const name = path.slice(0, slash);
        const inside = folders.get(name) ?? (new Map() as FileMap);
        folders.set(name, inside.set(path.slice(slash + 1), file));
      } else {
        // The digits of a submodule's commit; an id of SHA-256 has more.
        const id = file.mode === '160000' ? file.bytes.toString('latin1').padEnd(2 * this.hashBytes, '0') : this.add('blob', file.bytes);
        entries.set(path, { mode: file.mode, id });
      }
    }
    for (const [name, inside] of folders) entries.set(name, { mode: '40000', id: this.tree(inside) });
    // git sorts a folder as if its name ended in a slash.
    const key = ([name, { mode }]: [string, { readonly mode: string }]): Buffer => Buffer.from(mode === '40000' ? `${name}/` : name);
    const sorted = [...entries].toSorted((a, b) => Buffer.compare(key(a), key(b)));
    return this.add('tree', Buffer.concat(sorted.flatMap(([name, { mode, id }]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')])));
  }

  commit(tree: string, parents: readonly string[], seconds: number, message: string | Buffer): string {
    const who = `${PERSON} ${seconds} +0000`;
    const head = `tree ${tree}\n${parents.map((parent) => `parent ${parent}\n`).join('')}author ${who}\ncommitter ${who}\n\n`;
    return this.add('commit', Buffer.concat([Buffer.from(head), Buffer.from(message)]));
  }
}

/** A delta from one content to another: copies of any length, from the first or the last place that begins alike, and whatever is between. */
function deltaBetween(base: Buffer, target: Buffer, random: Random): Operation[] {
  const operations: Operation[] = [];
  let inserted = 0;
  const insert = (end: number): void => {
    for (let at = inserted; at < end; at += 127) operations.push({ insert: target.subarray(at, Math.min(end, at + 127)) });
  };
  for (let at = 0; at < target.length;) {
    const start = target.subarray(at, at + random.of([3, 6, 16]));
    const from = random.chance(70) ? base.indexOf(start) : base.lastIndexOf(start);
    if (from < 0 || random.chance(3)) {
      at++;
      continue;
    }
    let size = start.length;
    while (base[from + size] === target[at + size] && at + size < target.length && from + size < base.length) size++;
    if (random.chance(30)) size = 1 + random.below(size);
    insert(at);
    operations.push({ copy: from, size });
    at += size;
    inserted = at;
  }
  insert(target.length);
  return operations;
}

/** Puts objects into packs, a few of them twice, and the others beside them. */
function store(objectsDir: string, { all, hashBytes }: Objects, random: Random): void {
  const packs: Entry[][] = random.chance(50) ? [[], []] : [[]];
  const packed = packs.map(() => new Map<Type, { readonly place: number; readonly id: string; readonly bytes: Buffer }[]>());
  for (const [id, { type, bytes }] of all) {
    if (random.chance(8)) {
      writeLoose(objectsDir, type, bytes, { id });
      if (random.chance(80)) continue;
    }
    const places = packs.length > 1 && random.chance(10) ? [0, 1] : [random.below(packs.length)];
    for (const place of places) {
      const pack = packs[place]!;
      const alike = packed[place]!.get(type) ?? [];
      // Mostly of one of the last ones, so that chains are long.
      const base = alike.length === 0 || random.chance(15) ? undefined : random.chance(80) ? random.of(alike.slice(-4)) : random.of(alike);
      packed[place]!.set(type, [...alike, { place: pack.length, id, bytes }]);
      if (base === undefined || bytes.length === 0) pack.push({ id, type, body: bytes });
      else {
        const body = makeDelta(base.bytes.length, deltaBetween(base.bytes, bytes, random));
        pack.push({ id, body, base: random.chance(70) ? base.place : base.id });
      }
    }
  }
  for (const [place, entries] of packs.entries()) if (entries.length > 0) writePack(objectsDir, `pack-${place}`, entries, hashBytes);
}

/** Writes a repository with all of a history, without a working tree. Gives the commits of its stash, the newest first. */
function writeRepository(
  folder: string,
  { steps }: History,
  stash: readonly StashEntry[],
  options: { readonly hashBytes: 20 | 32; readonly random: Random },
): readonly string[] {
  const { hashBytes, random } = options;
  const git = join(folder, '.git');
  const objects = new Objects(hashBytes);
  const ids = new Map<number, string>();
  const types = new Map<number, Type>();
  const refs = new Map<string, string>();
  const id = (mark: number): string => ids.get(mark) ?? '';
  let main: { readonly id: string; readonly files: Files; readonly seconds: number } | undefined;
  for (const step of steps) {
    switch (step.kind) {
      case 'blob':
        ids.set(step.mark, objects.add('blob', step.bytes));
        types.set(step.mark, 'blob');
        break;
      case 'tag': {
        const head = `object ${id(step.mark)}\ntype ${types.get(step.mark)}\ntag ${step.name}\ntagger ${PERSON} ${step.seconds} +0000\n\n`;
        refs.set(`refs/tags/${step.name}`, objects.add('tag', Buffer.concat([Buffer.from(head), step.message])));
        break;
      }
      case 'commit': {
        const made = objects.commit(objects.tree(step.files), step.parents.map(id), step.seconds, step.message);
        ids.set(step.mark, made);
        types.set(step.mark, 'commit');
        refs.set(`refs/heads/${step.branch}`, made);
        if (step.branch === 'main') main = { id: made, files: step.files, seconds: step.seconds };
      }
    }
  }
  const zero = '0'.repeat(2 * hashBytes);
  const stashed: string[] = [];
  const log: string[] = [];
  const filesOf = (texts: ReadonlyMap<string, string>): Files =>
    new Map([...texts].map(([path, text]) => [path, { mode: '100644', bytes: Buffer.from(text) }]));
  for (const [place, { tracked, untracked }] of (main === undefined ? [] : stash).entries()) {
    const { id: head, files, seconds } = main!;
    const tree = objects.tree(new Map([...files, ...filesOf(tracked)]));
    const index = objects.commit(tree, [head], seconds, 'index on main');
    const beside = untracked.size === 0 ? [] : [objects.commit(objects.tree(filesOf(untracked)), [], seconds, 'untracked files on main')];
    const entry = objects.commit(tree, [head, index, ...beside], seconds, `On main: entry ${place}`);
    log.push(`${stashed[0] ?? zero} ${entry} ${PERSON} ${seconds} +0000\tOn main: entry ${place}\n`);
    stashed.unshift(entry);
  }
  if (stashed[0] !== undefined) refs.set('refs/stash', stashed[0]);

  for (const name of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags']) mkdirSync(join(git, name), { recursive: true });
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(git, name)), { recursive: true });
    writeFileSync(join(git, name), text);
  };
  write('HEAD', 'ref: refs/heads/main\n');
  const version = hashBytes === 32 ? '\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n' : '\trepositoryformatversion = 0\n';
  write('config', `[core]\n\tbare = false\n\tfilemode = true\n\tlogallrefupdates = true\n${version}`);
  if (log.length > 0) write('logs/refs/stash', log.join(''));
  const packed: string[] = [];
  for (const [name, value] of [...refs].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    // What a ref that is gone held is reached by nothing, or by others.
    if (!/\/(?:main|stash)$/.test(name) && random.chance(15)) continue;
    if (random.chance(50)) packed.push(`${value} ${name}\n`);
    else write(name, `${value}\n`);
  }
  if (packed.length > 0) write('packed-refs', packed.join(''));
  store(join(git, 'objects'), objects, random);
  return stashed;
}

/**
 * A history of any shape, as `makeHistory` makes: packs with deltas that cut secrets anywhere, and texts edited byte by byte, see `Versions`.
 * Many are short, some are as long as those of `makeHistory`.
 */
export function makeHistoryByHand(seed: number): { repository: TestRepository; form: 'by hand'; stash: readonly string[] } {
  const random = new Random(seed);
  const history = new History(random, new Versions(random));
  history.grow(random.of([6, 10, 15, 30]) + random.below(5));
  const stash = Array.from({ length: random.below(4) }, (): StashEntry => {
    const line = (what: string): string => `${plant(random.of(LINES), `${what} ${random.below(1_000_000)}`).text}\n`;
    const untracked = random.chance(50) ? [['loose.txt', line('untracked')] as const] : [];
    return { tracked: new Map([['stashed.txt', line('stash')]]), untracked: new Map(untracked) };
  });
  const folder = temporaryFolder();
  const ids = writeRepository(folder, history, stash, { hashBytes: seed % 5 === 4 ? 32 : 20, random });
  return { repository: TestRepository.at(folder), form: 'by hand', stash: ids };
}
