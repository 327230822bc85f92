/** What the index adds to HEAD: whole blobs of the index, never the working tree, at a cost of two git calls. */
import { join } from 'node:path';
import { CUT_OFF, gitSync, lastComplaint, type GitResult } from '../git/command.ts';
import { readObjects } from '../git/object-stream.ts';
import type { Repository } from '../git/repository.ts';
import { referenceCodec } from '../git/store/codec.ts';
import { Damaged } from '../git/store/damage.ts';
import { LooseReader } from '../git/store/loose.ts';
import { TYPE } from '../git/store/pack-entry.ts';
import { UserError } from '../model/errors.ts';
import { decodeLatin1 } from '../model/file-name.ts';
import type { Sink } from '../model/source.ts';
import { absentReason } from './object-reasons.ts';

export interface StagedFile {
  readonly path: string;
  readonly blob: string;
  /** The blob that HEAD has at this path; undefined when it has none. */
  readonly before: string | undefined;
}

const ZERO = /^0+$/;
/** The well-known ids of the tree without entries, for a repository without commits. */
const EMPTY_TREE = {
  40: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  64: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
} as const;

const COMPARE = [
  'diff-index',
  '--cached',
  '--raw',
  '-z',
  '--exit-code',
  '--no-renames',
  '--no-abbrev',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=none',
];

function isUnborn(repository: Repository): boolean {
  return (
    gitSync(repository.git, ['rev-parse', '--verify', '--quiet', 'HEAD']).status !== 0 &&
    gitSync(repository.git, ['symbolic-ref', '--quiet', 'HEAD']).status === 0
  );
}

/** With `--exit-code` git ends with 1 where there are differences. */
function isAnswer({ status }: GitResult): boolean {
  return status === 0 || status === 1;
}

/** `:mode mode id id S`: before and after. */
const STATUS = /^:\d{6} (\d{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [A-Z]\d*$/;

/** Files whose staged content differs from HEAD's. Throws a `UserError` where git cannot tell: never a silent nothing. */
export function listStaged(repository: Repository): StagedFile[] {
  const compare = (base: string): GitResult => gitSync(repository.git, [...COMPARE, base, '--']);
  const failed = (detail: string): UserError =>
    new UserError(
      `git cannot compare the index with HEAD: ${detail}`,
      'Mend the index (git status tells more), then try again. Nothing was scanned.',
    );
  let result = compare('HEAD');
  // Before the first commit there is no HEAD: everything staged is new.
  if (!isAnswer(result) && isUnborn(repository)) result = compare(EMPTY_TREE[repository.idLength === 64 ? 64 : 40]);
  if (!isAnswer(result)) throw failed(lastComplaint(result.stderr));
  const records = result.stdout.toString('latin1').split('\0');
  // The exit code says whether there are differences, and they must be there whole.
  if (records.pop() !== '' || records.length % 2 === 1 || records.length > 0 !== (result.status === 1)) throw failed(CUT_OFF);
  const files: StagedFile[] = [];
  for (let at = 0; at < records.length; at += 2) {
    const [, mode = '', before = '', blob] = STATUS.exec(records[at] ?? '') ?? [];
    const path = records[at + 1] ?? '';
    // git reads a damaged index, too, and has an entry without a name then.
    if (blob === undefined || path === '') throw failed(CUT_OFF);
    if (ZERO.test(blob) || mode === '160000') continue; // removed, not yet added, or a submodule
    files.push({ path: decodeLatin1(path), blob, before: ZERO.test(before) ? undefined : before });
  }
  return files;
}

export async function scanStaged(repository: Repository, files: readonly StagedFile[], sink: Sink): Promise<void> {
  const byBlob = new Map<string, StagedFile[]>();
  for (const file of files) byBlob.set(file.blob, [...(byBlob.get(file.blob) ?? []), file]);
  // Files of one content are told one by one: each may be new where the other is not.
  const tell = (id: string, bytes: Buffer): void => {
    for (const { path } of byBlob.get(id) ?? []) {
      sink.counted('blob');
      sink.content({ kind: 'staged', blob: id, path }, bytes);
    }
  };
  const packed = [...byBlob.keys()].filter((id) => {
    const bytes = readLoose(repository, id);
    if (bytes !== undefined) tell(id, bytes);
    return bytes === undefined;
  });
  await readObjects(repository, packed, {
    object: (id, _type, bytes) => tell(id, bytes),
    large(id) {
      const parts = (byBlob.get(id) ?? []).map(({ path }) => {
        sink.counted('blob');
        return sink.pieces({ kind: 'staged', blob: id, path });
      });
      return {
        piece: (bytes) => parts.forEach((part) => part.piece(bytes)),
        end: () => parts.forEach((part) => part.end()),
      };
    },
    absent(id, failure, isPart) {
      for (const { path } of byBlob.get(id) ?? []) {
        sink.counted(isPart ? 'source' : 'blob');
        sink.notScanned({ unit: path, ...absentReason(failure) });
      }
    },
  });
}

/** What was just staged lies in a file of its own; to read that costs a hook less than another process. */
function readLoose(repository: Repository, id: string): Buffer | undefined {
  try {
    const { type, bytes } = new LooseReader(referenceCodec()).read(join(repository.commonDir, 'objects'), id);
    return type === TYPE.blob ? bytes : undefined;
  } catch (error) {
    if (error instanceof Damaged) return undefined; // git is asked, and says what is wrong
    throw error;
  }
}
