import { createHash } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gitContext } from '../../src/git/command.ts';
import { BatchParser, readObjects, readSmall, type Failure, type ObjectType, type ObjectVisitor } from '../../src/git/object-stream.ts';
import type { Repository } from '../../src/git/repository.ts';
import { MAX_WHOLE } from '../../src/model/source.ts';
import { folderWith } from '../support/folder.ts';

interface Given {
  readonly id: string;
  readonly type: ObjectType;
  /** Undefined for an object that is missing. */
  readonly bytes: Buffer | undefined;
}

function summary(bytes: Buffer): { size: number; digest: string } {
  return { size: bytes.length, digest: createHash('sha256').update(bytes).digest('hex') };
}

class Recorder implements ObjectVisitor {
  readonly seen: { id: string; type?: ObjectType; size?: number; digest?: string; failure?: Failure; isPart?: boolean }[] = [];
  readonly reserved: number[] = [];

  reserve(size: number): Buffer {
    this.reserved.push(size);
    return Buffer.alloc(size);
  }

  object(id: string, type: ObjectType, bytes: Buffer): void {
    this.seen.push({ id, type, ...summary(bytes) });
  }

  large(id: string, type: ObjectType, size: number): { piece(bytes: Buffer): void; end(): void } {
    const pieces: Buffer[] = [];
    return {
      piece: (bytes) => pieces.push(Buffer.from(bytes)),
      end: () => {
        const bytes = Buffer.concat(pieces);
        expect(bytes).toHaveLength(size);
        this.seen.push({ id, type, ...summary(bytes) });
      },
    };
  }

  absent(id: string, failure: Failure, isPart: boolean): void {
    this.seen.push({ id, failure, isPart });
  }
}

function idOf(index: number, width: number): string {
  return createHash('sha256').update(`${index}`).digest('hex').slice(0, width);
}

function streamOf(objects: readonly Given[]): Buffer {
  return Buffer.concat(
    objects.flatMap(({ id, type, bytes }) =>
      bytes === undefined ? [Buffer.from(`${id} missing\n`)] : [Buffer.from(`${id} ${type} ${bytes.length}\n`), bytes, Buffer.from('\n')],
    ),
  );
}

/** Pushes a stream in pieces of the given sizes, over and over. */
function parse(ids: readonly string[], stream: Buffer, sizes: readonly number[]): { parser: BatchParser; recorder: Recorder } {
  const recorder = new Recorder();
  const parser = new BatchParser(ids, 0, recorder);
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    // A copy that is overwritten afterwards: the parser may not keep what it was given.
    const chunk = Buffer.from(stream.subarray(at, at + size));
    parser.push(chunk);
    chunk.fill(0x21);
    at += size;
  }
  return { parser, recorder };
}

function expected(objects: readonly Given[]): Recorder['seen'] {
  return objects.map(({ id, type, bytes }) =>
    bytes === undefined
      ? { id, failure: { kind: 'missing', detail: 'git has no readable object of this id' }, isPart: false }
      : { id, type, ...summary(bytes) },
  );
}

const given = fc
  .array(
    fc.record({
      type: fc.constantFrom<ObjectType>('blob', 'commit', 'tag', 'tree'),
      bytes: fc.option(
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
          fc.constantFrom('', '\n', '\n\n', `${'a'.repeat(40)} missing\n`, `${'b'.repeat(40)} blob 3\nabc\n`).map((text) => Buffer.from(text)),
          fc.integer({ min: 4000, max: 9000 }).map((size) => Buffer.alloc(size, 'x')),
          // The last is more than twice what is held at first.
          fc.constantFrom(65_535, 65_536, 65_537, 200_000).map((size) => Buffer.alloc(size, 'z')),
        ),
        { nil: undefined },
      ),
    }),
    { maxLength: 12 },
  )
  .chain((objects) => fc.constantFrom(40, 64).map((width) => objects.map((object, index): Given => ({ ...object, id: idOf(index, width) }))));
const sizes = fc.oneof(
  fc.constant([1, 2, 700, 1]),
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }).map((small) => [...small, 997]),
  fc.array(fc.integer({ min: 100, max: 5000 }), { minLength: 1, maxLength: 5 }),
  fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 }),
);

const repeated = (digit: string): string => digit.repeat(40);

/** A repository whose git answers each line `$id` by a piece of a script, and how often it was started. */
function answering(script: string): { repository: Repository; starts: () => string[] } {
  const folder = folderWith({ git: `#!/bin/sh\necho "$*" >> "$0.started"\nwhile read id; do\n${script}\ndone\n`, 'git.started': '' });
  chmodSync(join(folder, 'git'), 0o755);
  const git = gitContext('/', { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` });
  return { repository: { git } as Repository, starts: () => readFileSync(join(folder, 'git.started'), 'utf8').trim().split('\n') };
}

/** What is told of three objects by a git that stumbles over the second. */
async function stumbling(how: string): Promise<{ told: unknown[]; starts: number }> {
  const { repository, starts } = answering(`case $id in b*) ${how};; *) printf '%s blob 1\\nx\\n' $id;; esac`);
  const recorder = new Recorder();
  await readObjects(repository, ['a', 'b', 'c'].map(repeated), recorder);
  return { told: recorder.seen.map(({ id, failure, isPart }) => (failure === undefined ? id[0] : { ...failure, isPart })), starts: starts().length };
}

describe('readObjects', () => {
  test('gives every object in order through one call, however many there are', async () => {
    const { repository, starts } = answering('echo "$id missing"; exec sed "s/\\$/ missing/"');
    const ids = Array.from({ length: 2 * 4096 }, (_, index) => idOf(index, 40));
    const recorder = new Recorder();
    await readObjects(repository, ids, recorder);
    expect(recorder.seen.map((one) => one.id)).toEqual(ids);
    expect(recorder.seen[0]?.failure).toEqual({ kind: 'missing', detail: 'git has no readable object of this id' });
    expect(starts()).toHaveLength(1);
    expect(starts()[0]?.endsWith(' cat-file --batch --buffer')).toBe(true);
    await readObjects(repository, [], recorder);
    expect(starts()).toHaveLength(1);
  });

  test.each([
    // Once more on its own, then it is left behind and the rest is asked for.
    ['ends with a complaint', 'echo boom >&2; exit 3', { kind: 'failed', detail: 'boom' }, 3],
    ['ends well and without a word', 'exit 0', { kind: 'failed', detail: 'git ended early with code 0' }, 3],
    ['is ended', 'kill -KILL $$', { kind: 'killed', detail: 'git was ended by SIGKILL' }, 3],
    [
      'answers something else, and goes on',
      "echo 'fatal: what'; exec sleep 600",
      { kind: 'failed', detail: 'git answered something that was not asked' },
      3,
    ],
    ['says no more, and ends later', 'exec >&-; sleep 0.2; echo boom >&2; exit 3', { kind: 'failed', detail: 'boom' }, 3],
    ['ends in the middle of it', "printf '%s blob 5\\nxy' $id; exit 0", { kind: 'failed', detail: 'git ended early with code 0' }, 2],
  ])('when git %s, the object that it stumbles over is told', async (_what, how, failure, starts) => {
    expect(await stumbling(how)).toEqual({ told: ['a', { ...failure, isPart: false }, 'c'], starts });
  });

  test('a large object that git leaves in its middle ends, not whole, and is told', async () => {
    const { repository } = answering(`case $id in b*) printf '%s blob ${MAX_WHOLE + 1}\\nxyz' $id; exit 0;; *) printf '%s blob 1\\nx\\n' $id;; esac`);
    const told: unknown[] = [];
    await readObjects(repository, ['a', 'b', 'c'].map(repeated), {
      object: (one) => told.push(one[0]),
      large: (one) => ({ piece: (bytes) => told.push(`${one[0]}: ${bytes.toString()}`), end: (isWhole) => told.push(isWhole) }),
      absent: (one, { detail }, isPart) => told.push([one[0], detail, isPart]),
    });
    expect(told).toEqual(['a', 'b: xyz', false, ['b', 'git ended early with code 0', true], 'c']);
  });

  test('when git stumbles just once, nothing is lost', async () => {
    const how = `if [ -e "$0.seen" ]; then printf '%s blob 1\\nx\\n' $id; else touch "$0.seen"; exit 1; fi`;
    expect(await stumbling(how)).toEqual({ told: ['a', 'b', 'c'], starts: 2 });
  });
});

test('readSmall: what git lacks is left out, that it failed is noted', async () => {
  const { repository } = answering(`case $id in a*) printf '%s blob 1\\nx\\n' $id;; b*) echo "$id missing";; *) echo boom >&2; exit 1;; esac`);
  expect(await readSmall(repository, ['a', 'b', 'c'].map(repeated))).toEqual(new Map([[repeated('a'), Buffer.from('x')]]));
  expect([...repository.git.unanswered]).toEqual([[repeated('c'), 'boom']]);
});

test('readSmall: what is too large to be held is left out', async () => {
  const large = `printf '%s blob ${MAX_WHOLE + 1}\\n' $id; head -c ${MAX_WHOLE + 1} /dev/zero; echo`;
  const { repository } = answering(`case $id in b*) ${large};; *) printf '%s blob 1\\nx\\n' $id;; esac`);
  expect([...(await readSmall(repository, ['a', 'b', 'c'].map(repeated))).keys()]).toEqual(['a', 'c'].map(repeated));
  expect(repository.git.unanswered.size).toBe(0);
});

describe('BatchParser', () => {
  const a = idOf(1, 40);
  const b = idOf(2, 40);

  test('gives the same objects however the stream is cut', () => {
    fc.assert(
      fc.property(given, sizes, (objects, cuts) => {
        const { parser, recorder } = parse(
          objects.map(({ id }) => id),
          streamOf(objects),
          cuts,
        );
        expect(parser.fault).toBeUndefined();
        expect(parser.answered).toBe(objects.length);
        expect(parser.begun).toBe(false);
        expect(recorder.seen).toEqual(expected(objects));
      }),
      { numRuns: 100 },
    );
  });

  test('a stream that ends early leaves what is not whole unanswered', () => {
    fc.assert(
      fc.property(given, fc.nat(), (objects, number) => {
        const stream = streamOf(objects);
        const cut = number % (stream.length + 1);
        let whole = 0;
        for (let end = 0; whole < objects.length; whole++) {
          end += streamOf(objects.slice(whole, whole + 1)).length;
          if (end > cut) break;
        }
        const { parser } = parse(
          objects.map(({ id }) => id),
          stream.subarray(0, cut),
          [4096],
        );
        expect(parser.fault).toBeUndefined();
        expect(parser.answered).toBe(whole);
      }),
      { numRuns: 200 },
    );
  });

  test('garbage of any kind is a fault or unfinished, never an object', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), sizes, (bytes, cuts) => {
        const { parser, recorder } = parse([a, b], Buffer.from(bytes), cuts);
        expect(recorder.seen).toEqual([]);
        expect(parser.answered).toBe(0);
      }),
    );
  });
});
