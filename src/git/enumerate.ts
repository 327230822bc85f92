/** Which objects a scan of the history is about, and which of them are not there. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodeName } from '../model/file-name.ts';
import { ending, eachRecord, gitSpawn, gitSync, lastComplaint } from './command.ts';
import type { ObjectType } from './object-stream.ts';
import type { Repository } from './repository.ts';

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

/** @param reflog also every commit that a reflog remembers */
export async function findTips(repository: Repository, reflog = false): Promise<Tips> {
  const named = listRefs(repository);
  const broken: { unit: string; detail: string }[] = [];
  const stash = reflogIds(join(repository.commonDir, 'logs', 'refs', 'stash'));
  const head = headCommit(repository, broken);
  const others = [...otherHeads(repository), ...(reflog ? allReflogIds(repository) : [])];
  const known = new Set(named.map((ref) => ref.name));
  for (const name of looseRefNames(repository.commonDir)) if (!known.has(name)) broken.push({ unit: name, detail: 'git cannot read this ref' });
  const sound = present(repository, [...named.map((ref) => ref.target), ...stash, ...others, ...(head === undefined ? [] : [head])]);
  for (const ref of named) if (!sound.has(ref.target)) broken.push({ unit: ref.name, detail: `it points to ${ref.target}, which is not there` });
  if (head !== undefined && !sound.has(head)) broken.push({ unit: 'HEAD', detail: `it points to ${head}, which is not there` });
  const refs = named.map((ref) => ({ ...ref, peeled: sound.get(ref.target) ?? ref.target }));
  return {
    head: head !== undefined && sound.has(head) ? head : undefined,
    refs: refs.filter((ref) => sound.has(ref.target)),
    stash: stash.filter((id) => sound.has(id)),
    others: others.filter((id) => sound.has(id)),
    broken,
  };
}

/** All refs, in git's order. Those that git cannot read it leaves out: they are found among the files. */
function listRefs(repository: Repository): { name: string; target: string }[] {
  const result = gitSync(repository.git, ['for-each-ref', '--format=%(objectname) %(refname)']);
  const lines = result.stdout.toString('latin1').split('\n');
  return lines.flatMap((line) => {
    const space = line.indexOf(' ');
    return space < 0 ? [] : [{ target: line.slice(0, space), name: decodeName(Buffer.from(line.slice(space + 1), 'latin1')) }];
  });
}

function headCommit(repository: Repository, broken: { unit: string; detail: string }[]): string | undefined {
  const result = gitSync(repository.git, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  const id = result.stdout.toString('latin1').trim();
  if (result.status === 0 && id !== '') return id;
  const symbolic = gitSync(repository.git, ['symbolic-ref', '--quiet', 'HEAD']);
  const target = symbolic.stdout.toString('utf8').trim();
  // A HEAD whose branch does not exist yet is unborn, which is no fault; one that is neither is broken.
  const unborn = symbolic.status === 0 && !existsSync(join(repository.commonDir, target));
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

const LEFT_BEHIND = ['ORIG_HEAD', 'FETCH_HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'];

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

/** Those of some ids that git can find, each with what is at the end of it when it is a tag. */
function present(repository: Repository, ids: readonly string[]): Map<string, string> {
  const unique = [...new Set(ids)].filter((id) => !ZERO_ID.test(id));
  const found = new Map<string, string>();
  if (unique.length === 0) return found;
  const asked = unique.flatMap((id) => [id, `${id}^{}`]);
  const result = gitSync(repository.git, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], `${asked.join('\n')}\n`);
  const answers = result.stdout.toString('latin1').split('\n');
  for (const [index, id] of unique.entries()) {
    const [name, type] = answers[2 * index]?.split(' ') ?? [];
    if (name !== id || type === undefined || type === 'missing') continue;
    const [peeled, peeledType] = answers[2 * index + 1]?.split(' ') ?? [];
    found.set(id, peeled !== undefined && peeledType !== undefined && peeledType !== 'missing' ? peeled : id);
  }
  return found;
}

export interface ObjectList {
  /** In the order in which they lie in the packs, which is the fastest to read. */
  readonly blobs: readonly string[];
  readonly commits: readonly string[];
  readonly tags: readonly string[];
  /** Named by what is there, but not there themselves. */
  readonly missing: readonly string[];
  /** Objects in the database that nothing scanned reaches; in the lists above only when they were asked for. */
  readonly unreachable: number;
  /** Set when git could not walk the history to its end; the list is then of all objects that there are. */
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
  const lists: Record<ObjectType, string[]> = { blob: [], commit: [], tag: [], tree: [] };
  let others = 0;
  const take = (id: string, type: ObjectType): void => {
    if (reached.ids.delete(id) || reached.failure !== undefined) lists[type].push(id);
    else {
      others++;
      if (unreachable) lists[type].push(id);
    }
  };
  if (exclude.length === 0) await databaseObjects(repository, take);
  else objectTypes(repository, [...reached.ids], take);
  // What the walk named and the database does not list is missing, however git answered.
  const missing = [...reached.missing, ...(reached.failure === undefined ? reached.ids : [])];
  return {
    blobs: lists.blob,
    commits: lists.commit,
    tags: lists.tag,
    missing: [...new Set(missing)].toSorted(),
    unreachable: others,
    ...(reached.failure === undefined ? {} : { failure: reached.failure }),
  };
}

async function walk(
  repository: Repository,
  tips: readonly string[],
  exclude: readonly string[],
): Promise<{ ids: Set<string>; missing: string[]; failure?: string }> {
  const child = gitSpawn(repository.git, ['rev-list', '--objects', '--missing=print', '--stdin']);
  const ended = ending(child);
  child.stdin.end(`${[...tips, ...exclude.map((id) => `^${id}`)].join('\n')}\n`);
  const ids = new Set<string>();
  const missing: string[] = [];
  const width = repository.idLength;
  await eachRecord(child, LF, (line) => {
    if (line[0] === 0x3f) missing.push(line.toString('latin1', 1, 1 + width));
    else if (line.length >= width) {
      const id = line.toString('latin1', 0, width);
      if (/^[0-9a-f]+$/.test(id)) ids.add(id); // a path with a line feed gives lines that are no ids
    }
  });
  const { code, signal, stderr } = await ended;
  if (code === 0) return { ids, missing };
  return { ids, missing, failure: signal === null ? lastComplaint(stderr) : `git was ended by ${signal}` };
}

/** Every object of the database in pack order. */
async function databaseObjects(repository: Repository, take: (id: string, type: ObjectType) => void): Promise<void> {
  const child = gitSpawn(repository.git, ['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objectname) %(objecttype)']);
  const ended = ending(child);
  child.stdin.end();
  await eachRecord(child, LF, (line) => takeLine(line.toString('latin1'), take));
  await ended;
}

function objectTypes(repository: Repository, ids: readonly string[], take: (id: string, type: ObjectType) => void): void {
  if (ids.length === 0) return;
  const result = gitSync(repository.git, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], `${ids.join('\n')}\n`);
  for (const line of result.stdout.toString('latin1').split('\n')) takeLine(line, take);
}

function takeLine(line: string, take: (id: string, type: ObjectType) => void): void {
  const [id = '', type] = line.split(' ');
  if (type === 'blob' || type === 'commit' || type === 'tag' || type === 'tree') take(id, type);
}
