import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BatchParser, type Failure, type ObjectType, type ObjectVisitor } from '../../src/git/object-stream.ts';
import { MAX_WHOLE } from '../../src/model/source.ts';

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
  readonly seen: { id: string; type?: ObjectType; size?: number; digest?: string; failure?: Failure }[] = [];
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

  absent(id: string, failure: Failure): void {
    this.seen.push({ id, failure });
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
    bytes === undefined ? { id, failure: { kind: 'missing', detail: 'git has no readable object of this id' } } : { id, type, ...summary(bytes) },
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
          fc.constantFrom(65_535, 65_536, 65_537).map((size) => Buffer.alloc(size, 'z')),
        ),
        { nil: undefined },
      ),
    }),
    { maxLength: 12 },
  )
  .chain((objects) => fc.constantFrom(40, 64).map((width) => objects.map((object, index): Given => ({ ...object, id: idOf(index, width) }))));
const sizes = fc.oneof(
  fc.constant([1, 2, 700, 1]),
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
  fc.array(fc.integer({ min: 100, max: 5000 }), { minLength: 1, maxLength: 5 }),
  fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 }),
);

describe('BatchParser', () => {
  const a = idOf(1, 40);
  const b = idOf(2, 40);
  test.each([
    ['another id', `${b} blob 1\nx\n`, 'git answered something that was not asked'],
    ['an unknown type', `${a} blib 1\nx\n`, 'git answered something that was not asked'],
    ['no size', `${a} blob \nx\n`, 'git answered something that was not asked'],
    ['a negative size', `${a} blob -1\nx\n`, 'git answered something that was not asked'],
    ['an ambiguous answer', `${a} ambiguous\n`, 'git answered something that was not asked'],
    ['a line without an end', 'x'.repeat(500), 'git wrote a line that is no object header'],
    ['a size that is too small', `${a} blob 1\nxyz\n`, 'git wrote bytes between two objects'],
    ['an error on stdout', 'fatal: out of memory\n', 'git answered something that was not asked'],
    ['more than was asked for', `${a} blob 1\nx\n${b} blob 1\ny\n${a} blob 1\nz\n`, 'git answered something that was not asked'],
  ])('%s is a fault', (_what, stream, fault) => {
    for (const cuts of [[1], [7], [10_000]]) expect(parse([a, b], Buffer.from(stream), cuts).parser.fault, `in pieces of ${cuts[0]}`).toBe(fault);
  });

  test('an object larger than what is held whole comes in pieces', () => {
    const bytes = Buffer.alloc(MAX_WHOLE + 3, 'y');
    const objects: Given[] = [
      { id: a, type: 'blob', bytes },
      { id: b, type: 'blob', bytes: Buffer.from('after') },
    ];
    const { parser, recorder } = parse([a, b], streamOf(objects), [65_536, 1_000_001]);
    expect(parser.answered).toBe(2);
    expect(recorder.seen).toEqual(expected(objects));
  });

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
