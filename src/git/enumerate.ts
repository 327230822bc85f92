/** Which objects a scan of the history is about, and which of them are not there. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodeLatin1 } from '../model/file-name.ts';
import { CUT_OFF, eachRecord, ending, failureOf, gitSpawn, gitSync, recordsOf, unanswered } from './command.ts';
import { isObject } from './object-id.ts';
import type { ObjectType } from './object-stream.ts';
import type { Repository } from './repository.ts';
import type { ObjectStore } from './store/object-store.ts';

const LF = 0x0a;
const ZERO_ID = /^0+$/;

export interface Ref {
  readonly name: string;
  /** Object id that the ref holds. */
  readonly target: string;
  /** The commit, tree or blob at the end of a tag's chain; the target itself for others. */
  readonly peeled: string;
}

/** Where history begins: everything that refs, HEADs and the stash hold. */
export interface Tips {
  readonly head: string | undefined;
  readonly refs: readonly Ref[];
  /** All stash entries, newest first; only the newest one is a ref. */
  readonly stash: readonly string[];
  /** HEADs of linked worktrees, and what merges and fetches left behind. */
  readonly others: readonly string[];
  readonly broken: readonly { readonly unit: string; readonly detail: string }[];
}

/** What refs, HEADs and reflogs hold, whether it is there or not. */
export interface NamedTips extends Omit<Tips, 'refs'> {
  readonly refs: readonly Omit<Ref, 'peeled'>[];
}

/** @param reflog also every commit that a reflog remembers */
export function nameTips(repository: Repository, reflog = false): NamedTips {
  const { named, head: branch } = listRefs(repository);
  const broken: { unit: string; detail: string }[] = [];
  const stash = reflogIds(join(repository.commonDir, 'logs', 'refs', 'stash'));
  const head = branch ?? headCommit(repository, new Set(named.map((ref) => ref.name)), broken);
  const others = [...otherHeads(repository), ...(reflog ? allReflogIds(repository) : [])];
  const known = new Set(named.map((ref) => ref.name));
  for (const name of [...looseRefNames(repository.commonDir), ...packedRefNames(repository.commonDir)])
    if (!known.has(name)) broken.push({ unit: name, detail: 'git cannot read this ref' });
  return { head, refs: named, stash, others, broken };
}

/**
 * Those of some tips that are there. A store of objects that was opened since says it of most without git.
 */
export function soundTips(repository: Repository, { head, refs: named, stash, others, broken: known }: NamedTips, store?: ObjectStore): Tips {
  const broken = [...known];
  const sound = present(repository, [...named.map((ref) => ref.target), ...stash, ...others, ...(head === undefined ? [] : [head])], store);
  for (const ref of named) if (!sound.has(ref.target)) broken.push({ unit: ref.name, detail: `it points to ${ref.target}, which is not there` });
  if (head !== undefined && !sound.has(head)) broken.push({ unit: 'HEAD', detail: `it points to ${head}, which is not there` });
  // Field by field: of objects that are spread V8 gives each a shape of its own, 200 bytes for each of 50,000 refs.
  const refs = named.flatMap(({ name, target }) => {
    const peeled = sound.get(target);
    return peeled === undefined ? [] : [{ name, target, peeled }];
  });
  return {
    head: head !== undefined && sound.has(head) ? head : undefined,
    refs,
    stash: stash.filter((id) => sound.has(id)),
    others: others.filter((id) => sound.has(id)),
    broken,
  };
}

export function findTips(repository: Repository, reflog = false): Tips {
  return soundTips(repository, nameTips(repository, reflog));
}

/**
 * All refs, in git's order, and what the branch holds that is checked out. Refs that git cannot read it leaves out: they are
 * found among the files.
 */
function listRefs(repository: Repository): { named: { name: string; target: string }[]; head: string | undefined } {
  const result = gitSync(repository.git, ['for-each-ref', '--format=%(objectname)%(HEAD)%(refname)']);
  let head: string | undefined;
  const named = recordsOf(repository.git, REFS, result, '\n').flatMap((line) => {
    // The sign between them is a star where HEAD is this ref.
    const [, target, mark, name] = /^([0-9a-f]{40,64})([ *])(refs\/.*)$/s.exec(line) ?? [];
    if (target === undefined || name === undefined) {
      unanswered(repository.git, REFS, CUT_OFF);
      return [];
    }
    if (mark === '*') head = target;
    return [{ target, name: decodeLatin1(name) }];
  });
  return { named, head };
}

const REFS = 'the list of refs';

/**
 * What a HEAD holds that is no branch with a commit.
 * @param refs names of all of them
 */
function headCommit(repository: Repository, refs: ReadonlySet<string>, broken: { unit: string; detail: string }[]): string | undefined {
  const result = gitSync(repository.git, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  const id = result.stdout.toString('latin1').trim();
  if (result.status === 0 && id !== '') return id;
  const symbolic = gitSync(repository.git, ['symbolic-ref', '--quiet', 'HEAD']);
  const target = symbolic.stdout.toString('utf8').trim();
  // A HEAD whose branch does not exist yet is unborn, which is no fault; one that is neither is broken.
  const unborn = symbolic.status === 0 && !refs.has(target) && !existsSync(join(repository.commonDir, target));
  if (!unborn) broken.push({ unit: 'HEAD', detail: 'git cannot resolve it' });
  return undefined;
}

/** New ids of a reflog, newest first. */
function reflogIds(path: string): string[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'latin1').split('\n');
  return lines.flatMap((line) => /^[0-9a-f]{40,64} ([0-9a-f]{40,64}) /.exec(line)?.[1] ?? []).toReversed();
}

function allReflogIds(repository: Repository): string[] {
  const folders = [...new Set([join(repository.gitDir, 'logs'), join(repository.commonDir, 'logs')])].filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()));
  return [...new Set(files.flatMap((entry) => reflogIds(join(entry.parentPath ?? entry.path, entry.name))))];
}

export const LEFT_BEHIND = ['ORIG_HEAD', 'FETCH_HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'];

function otherHeads(repository: Repository): string[] {
  const worktrees = join(repository.commonDir, 'worktrees');
  const folders = existsSync(worktrees) ? readdirSync(worktrees).map((name) => join(worktrees, name)) : [];
  const files = [
    ...folders.map((folder) => join(folder, 'HEAD')),
    join(repository.commonDir, 'HEAD'),
    ...LEFT_BEHIND.map((name) => join(repository.gitDir, name)),
  ];
  return files.flatMap((file) => {
    try {
      return readFileSync(file, 'latin1').match(/^[0-9a-f]{40,64}(?=\s|$)/gm) ?? [];
    } catch {
      return [];
    }
  });
}

function looseRefNames(commonDir: string): string[] {
  try {
    return readdirSync(join(commonDir, 'refs'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.lock'))
      .map((entry) =>
        join(entry.parentPath ?? entry.path, entry.name)
          .slice(commonDir.length + 1)
          .split('\\')
          .join('/'),
      );
  } catch {
    return [];
  }
}

function packedRefNames(commonDir: string): string[] {
  try {
    const lines = readFileSync(join(commonDir, 'packed-refs')).toString('latin1').split('\n');
    return lines.flatMap((line) => /^[0-9a-f]{40,64} (refs\/.*)$/s.exec(line)?.[1] ?? []).map(decodeLatin1);
  } catch {
    return [];
  }
}

/** Those of some ids that git can find, each with what is at the end of it when it is a tag. */
function present(repository: Repository, ids: readonly string[], store: ObjectStore | undefined): Map<string, string> {
  const found = new Map<string, string>();
  const unique: string[] = [];
  const asked = [...new Set(ids)];
  const types = store?.packedTypes(asked);
  for (const [index, id] of asked.entries()) {
    const type = types?.[index];
    const peeled = store === undefined || type === undefined ? undefined : type === 'tag' ? packedEnd(store, id) : id;
    // What is not in a pack, or leads to something that is not, is left to git.
    if (peeled !== undefined) found.set(id, peeled);
    else if (!ZERO_ID.test(id)) unique.push(id);
  }
  if (unique.length === 0) return found;
  const questions = unique.flatMap((id) => [id, `${id}^{}`]);
  const result = gitSync(repository.git, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], `${questions.join('\n')}\n`);
  const answers = recordsOf(repository.git, 'which refs lead to something', result, '\n');
  if (answers.length !== questions.length) unanswered(repository.git, 'which refs lead to something', CUT_OFF);
  for (const [index, id] of unique.entries()) {
    const [name, type] = answers[2 * index]?.split(' ') ?? [];
    if (name !== id || type === undefined || type === 'missing') continue;
    const [peeled, peeledType] = answers[2 * index + 1]?.split(' ') ?? [];
    found.set(id, peeled !== undefined && peeledType !== undefined && peeledType !== 'missing' ? peeled : id);
  }
  return found;
}

/** What is at the end of a tag's chain; undefined where something of it is damaged or in no pack. */
function packedEnd(store: ObjectStore, tag: string): string | undefined {
  let id = tag;
  // Ids are hashes of what they name, so a chain has an end.
  for (let type = store.packedType(id); type === 'tag';) {
    const object = store.read(id);
    if (object?.type !== 'tag' || !isObject(id, 'tag', object.bytes)) return undefined;
    const [, target, targetType] = TAGGED.exec(object.bytes.toString('latin1', 0, 512)) ?? [];
    if (target === undefined) return undefined;
    id = target;
    type = store.packedType(id);
    if (type !== targetType) return undefined;
  }
  return id;
}

/** How a tag begins that git takes for one. */
const TAGGED = /^object ([0-9a-f]{40,64})\ntype (blob|commit|tag|tree)\ntag [^\n]*\n/;

export interface ObjectList {
  /** In the order in which they lie in the packs, which is the fastest to read. */
  readonly blobs: readonly string[];
  readonly commits: readonly string[];
  readonly tags: readonly string[];
  /** Named by what is there, or listed by the database where all of it was asked for, but not to be had. */
  readonly missing: readonly string[];
  /** Objects in the database that nothing scanned reaches; in the lists above only when they were asked for. */
  readonly unreachable: number;
  /** Set when git could not walk the history to its end; the list is then of all objects that there are, of a range of those that were named. */
  readonly failure?: string;
}

/**
 * The objects that `tips` reach. Two ways of counting that must agree: git's walk says which objects there should be,
 * the database's own list which there are.
 * @param exclude commits whose history is left out (for a range)
 * @param unreachable list also what nothing reaches
 */
export async function listObjects(
  repository: Repository,
  tips: readonly string[],
  exclude: readonly string[] = [],
  unreachable = false,
): Promise<ObjectList> {
  const reached = tips.length === 0 ? { ids: new Set<string>(), missing: [] } : await walk(repository, tips, exclude);
  const lists = emptyLists();
  /** What the walk did not name and nobody asked for. */
  const left = emptyLists();
  /** What the database lists and git cannot say the type of. */
  const unreadable: string[] = [];
  let commits = 0;
  let others = 0;
  const take = (id: string, type: ObjectType | undefined): void => {
    if (type === undefined) {
      unreadable.push(id);
      return;
    }
    const isReached = reached.ids.delete(id);
    if (!isReached) others++;
    else if (type === 'commit') commits++;
    (isReached || unreachable || reached.failure !== undefined ? lists : left)[type].push(id);
  };
  if (exclude.length === 0) await databaseObjects(repository, take);
  else objectTypes(repository, [...reached.ids], take);
  // What is missing ends the count too, and is told anyway.
  const canCount = tips.length > 0 && reached.missing.length + reached.ids.size === 0;
  const failure = reached.failure ?? (canCount ? miscounted(repository, tips, exclude, commits) : undefined);
  const listed = (type: ObjectType): string[] => (failure === undefined ? lists[type] : [...lists[type], ...left[type]]);
  // What the walk named and the database does not list is missing, however git answered.
  const missing = [...reached.missing, ...(failure === undefined ? reached.ids : []), ...(unreachable || failure !== undefined ? unreadable : [])];
  return {
    blobs: listed('blob'),
    commits: listed('commit'),
    tags: listed('tag'),
    missing: [...new Set(missing)].toSorted(),
    unreachable: failure === undefined ? others : 0,
    ...(failure === undefined ? {} : { failure }),
  };
}

function emptyLists(): Record<ObjectType, string[]> {
  return { blob: [], commit: [], tag: [], tree: [] };
}

interface Walked {
  readonly ids: Set<string>;
  readonly missing: string[];
  readonly failure?: string;
}

/**
 * git ends with 0 also where its list was cut off, and nothing in a list says how long it should be: so there are two, in
 * different orders, since what is cut off alike then lacks different objects.
 */
async function walk(repository: Repository, tips: readonly string[], exclude: readonly string[]): Promise<Walked> {
  const [first, second] = await Promise.all([walkOnce(repository, tips, exclude), walkOnce(repository, tips, exclude, ['--in-commit-order'])]);
  if (first.failure !== undefined || isSame(first.ids, second.ids)) return first;
  return { ids: new Set([...first.ids, ...second.ids]), missing: first.missing, failure: second.failure ?? CUT_OFF };
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  if (one.size !== other.size) return false;
  for (const id of one) if (!other.has(id)) return false;
  return true;
}

async function walkOnce(repository: Repository, tips: readonly string[], exclude: readonly string[], flags: readonly string[] = []): Promise<Walked> {
  const child = gitSpawn(repository.git, ['rev-list', '--objects', '--no-object-names', '--missing=print', ...flags, '--stdin']);
  const ended = ending(child);
  child.stdin.end(`${[...tips, ...exclude.map((id) => `^${id}`)].join('\n')}\n`);
  const ids = new Set<string>();
  const missing: string[] = [];
  let strange = false;
  const whole = await eachRecord(child, LF, (line) => {
    const [, mark, id] = /^(\??)([0-9a-f]{40,64})$/.exec(line.toString('latin1')) ?? [];
    if (id === undefined) strange = true;
    else if (mark === '?') missing.push(id);
    else ids.add(id);
  });
  const how = await ended;
  if (how.code !== 0) return { ids, missing, failure: failureOf(how) };
  return whole && !strange ? { ids, missing } : { ids, missing, failure: CUT_OFF };
}

/**
 * What is wrong with a walk that named so many commits: silence is a list too, and a number is not silence. Undefined
 * where nothing is.
 */
function miscounted(repository: Repository, tips: readonly string[], exclude: readonly string[], commits: number): string | undefined {
  const result = gitSync(repository.git, ['rev-list', '--count', '--stdin'], `${[...tips, ...exclude.map((id) => `^${id}`)].join('\n')}\n`);
  const lines = recordsOf(repository.git, 'the number of commits', result, '\n');
  return lines.length === 1 && lines[0] === `${commits}` ? undefined : CUT_OFF;
}

/** Every object of the database in pack order. */
async function databaseObjects(repository: Repository, take: Take): Promise<void> {
  const child = gitSpawn(repository.git, ['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objectname) %(objecttype)']);
  const ended = ending(child);
  child.stdin.end();
  const whole = await eachRecord(child, LF, (line) => takeLine(line.toString('latin1'), take));
  const how = await ended;
  if (how.code !== 0 || !whole) unanswered(repository.git, OBJECTS, how.code === 0 ? CUT_OFF : failureOf(how));
}

const OBJECTS = 'the list of objects';

function objectTypes(repository: Repository, ids: readonly string[], take: Take): void {
  if (ids.length === 0) return;
  const result = gitSync(repository.git, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], `${ids.join('\n')}\n`);
  const lines = recordsOf(repository.git, OBJECTS, result, '\n');
  if (lines.length !== ids.length) unanswered(repository.git, OBJECTS, CUT_OFF);
  for (const line of lines) takeLine(line, take);
}

/** Told of an object and its type: undefined where git has none of it that can be read. */
type Take = (id: string, type: ObjectType | undefined) => void;

function takeLine(line: string, take: Take): void {
  const [id = '', type] = line.split(' ');
  take(id, type === 'blob' || type === 'commit' || type === 'tag' || type === 'tree' ? type : undefined);
}
