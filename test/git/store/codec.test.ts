import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inflateStart, MAX_RUNS, referenceCodec } from '../../../src/git/store/codec.ts';
import { MAX_WHOLE } from '../../../src/model/source.ts';
import { kernelCodec, makeDelta, type Operation } from './hand-made.ts';

/** The parts of a result that no run holds, as text. */
function gaps(text: string, runs: Int32Array): string[] {
  const parts: string[] = [];
  let done = 0;
  for (let run = 0; run <= runs.length; run += 3) {
    parts.push(text.slice(done, runs[run] ?? text.length));
    done = runs[run + 1] ?? text.length;
  }
  return parts.filter((part) => part !== '');
}

/** Lines of a text without their line feeds; what follows a last line feed is no line. */
function linesOf(text: string): { line: string; start: number }[] {
  const lines: { line: string; start: number }[] = [];
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    lines.push({ line: text.slice(start, end < 0 ? text.length : end), start });
    start = end < 0 ? text.length : end + 1;
  }
  return lines;
}

describe.each([
  ['in JavaScript', referenceCodec],
  ['in WebAssembly', kernelCodec],
])('%s', (_name, create) => {
  const codec = create();

  /** The content, given back at once: so one codec serves all, and what it hands out is memory that was used before. */
  const taken = (held: number): Buffer => {
    const bytes = Buffer.from(codec.bytes(held));
    codec.release(held);
    return bytes;
  };
  const inflated = (input: Uint8Array, size: number): Buffer => taken(codec.inflate(input, size));
  const applied = (base: Uint8Array, delta: Uint8Array): Buffer => {
    const held = [codec.hold(base), codec.hold(delta)] as const;
    try {
      return taken(codec.applyDelta(...held));
    } finally {
      for (const one of held) codec.release(one);
    }
  };
  const patched = (base: Uint8Array, delta: Uint8Array): { bytes: Buffer; runs: Int32Array; lines: Buffer } => {
    const held = [codec.hold(base), codec.hold(delta)] as const;
    try {
      const result = codec.applyDeltaLines(...held);
      const [runs, lines] = [Int32Array.from(codec.runs()), Buffer.from(codec.lines())];
      return { bytes: taken(result), runs, lines };
    } finally {
      for (const one of held) codec.release(one);
    }
  };

  /** The result and its dirty lines, as text. */
  function patch(base: string, operations: readonly Operation[]): { text: string; dirty: string[] } {
    const bytes = Buffer.from(base, 'latin1');
    const result = patched(bytes, makeDelta(bytes.length, operations));
    const text = result.bytes.toString('latin1');
    const dirty = gaps(text, result.runs);
    expect(result.lines.toString('latin1')).toBe(dirty.join(''));
    return { text, dirty };
  }

  describe('inflate', () => {
    test.each([0, 1, 63, 64, 65, 16_383, 16_384, 70_000])('gives %i bytes', (size) => {
      const content = Buffer.alloc(size, 'keysift\n');
      expect(inflated(deflateSync(content), size)).toEqual(content);
    });

    test('takes no notice of what follows the stream', () => {
      expect(inflated(Buffer.concat([deflateSync(Buffer.from('abc')), Buffer.from('next object')]), 3).toString()).toBe('abc');
    });

    test.each([
      ['a stream of more bytes', deflateSync(Buffer.from('abcd')), 3, 'wrong-size'],
      ['a stream of fewer bytes', deflateSync(Buffer.from('ab')), 3, 'wrong-size'],
      ['a stream of some bytes for none', deflateSync(Buffer.from('a')), 0, 'wrong-size'],
      ['a stream that is cut', deflateSync(Buffer.from('abc')).subarray(0, -1), 3, 'bad-compression'],
      ['no bytes at all', Buffer.alloc(0), 3, 'bad-compression'],
      ['bytes that are no stream', Buffer.from('hello, world'), 3, 'bad-compression'],
    ])('refuses %s', (_what, input, size, fault) => {
      expect(() => inflated(input, size)).toThrow(fault);
    });

    test('makes no more of a bomb than was declared', () => {
      const bomb = deflateSync(Buffer.alloc(96 * 1024 * 1024), { level: 9 });
      const before = process.memoryUsage().rss;
      expect(() => inflated(bomb, 1000)).toThrow('wrong-size');
      expect(process.memoryUsage().rss - before).toBeLessThan(32 * 1024 * 1024);
    });

    test('the start of a stream is enough for a start', () => {
      const stream = deflateSync(Buffer.alloc(100_000, 'abc'));
      expect(inflateStart(stream.subarray(0, 60)).toString('latin1', 0, 6)).toBe('abcabc');
      expect(() => inflateStart(Buffer.from('hello'))).toThrow('bad-compression');
    });
  });

  describe('applyDelta', () => {
    const base = Buffer.from('0123456789');

    test('copies and inserts', () => {
      expect(patch('0123456789', [{ copy: 8, size: 2 }, { insert: '-' }, { copy: 0, size: 3 }, { copy: 1, size: 1 }]).text).toBe('89-0121');
    });

    test('a copy without a size is of 65536 bytes', () => {
      const large = Buffer.alloc(70_000, 'x');
      expect(applied(large, makeDelta(large.length, [{ copy: 1, size: 0x10000 }]))).toHaveLength(0x10000);
    });

    test('an offset may have four bytes', () => {
      const large = Buffer.concat([Buffer.alloc(16 * 1024 * 1024 + 1, 'x'), Buffer.from('yy')]);
      expect(applied(large, makeDelta(large.length, [{ copy: large.length - 3, size: 3 }])).toString()).toBe('xyy');
    });

    test('every byte of an offset and of a size counts', () => {
      const large = Buffer.from(Array.from({ length: 0x30000 }, (_, at) => (at * 2654435761) >>> 24));
      const made = applied(
        large,
        makeDelta(large.length, [
          { copy: 0x012345, size: 0x010203 },
          { copy: 0x2ff00, size: 0x100 },
        ]),
      );
      expect(made.equals(Buffer.concat([large.subarray(0x012345, 0x012345 + 0x010203), large.subarray(0x2ff00)]))).toBe(true);
    });

    test('a result of exactly the limit is made', () => {
      const large = Buffer.alloc(0x10000, 'x');
      const copies = Array.from({ length: MAX_WHOLE / 0x10000 }, (): Operation => ({ copy: 0, size: 0x10000 }));
      expect(applied(large, makeDelta(large.length, copies))).toHaveLength(MAX_WHOLE);
    });

    test('a result may be empty', () => {
      expect(patch('abc', [])).toEqual({ text: '', dirty: [] });
    });

    test.each([
      ['of another base', makeDelta(11, [{ copy: 0, size: 3 }]), 'bad-delta'],
      ['that copies from behind the base', makeDelta(10, [{ copy: 8, size: 3 }]), 'bad-delta'],
      ['that copies from far behind the base', makeDelta(10, [{ copy: 0xffff_ffff, size: 3 }]), 'bad-delta'],
      ['that makes too much by copying', makeDelta(10, [{ copy: 0, size: 3 }], 2), 'bad-delta'],
      ['that makes too much by inserting', makeDelta(10, [{ insert: 'abc' }], 2), 'bad-delta'],
      ['that makes too little', makeDelta(10, [{ copy: 0, size: 3 }], 4), 'bad-delta'],
      ['whose last insertion is cut', makeDelta(10, [{ insert: 'abc' }]).subarray(0, -1), 'bad-delta'],
      ['whose last copy is cut', makeDelta(10, [{ copy: 1, size: 3 }]).subarray(0, -1), 'bad-delta'],
      ['with the reserved instruction', Buffer.concat([makeDelta(10, [], 1), Buffer.from([0])]), 'bad-delta'],
      ['with the reserved instruction at its end', Buffer.concat([makeDelta(10, [{ insert: 'a' }]), Buffer.from([0])]), 'bad-delta'],
      ['that is empty', Buffer.alloc(0), 'bad-delta'],
      ['of a result over the limit', makeDelta(10, [], 17 * 1024 * 1024), 'wrong-size'],
      ['of a result that nothing can hold', makeDelta(10, [], 2 ** 48), 'wrong-size'],
    ])('refuses one %s', (_what, delta, fault) => {
      expect(() => applied(base, delta)).toThrow(fault);
    });

    test('is bounded whatever the instructions are', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 60 }), fc.nat(200), (from, instructions, size) => {
          const delta = Buffer.concat([makeDelta(from.length, [], size), instructions]);
          try {
            expect(applied(Buffer.from(from), delta)).toHaveLength(size);
          } catch (error) {
            expect(String(error)).toContain('bad-delta');
          }
        }),
        { numRuns: 2000 },
      );
    });
  });

  describe('dirty lines', () => {
    const range = (from: number, size: number): Operation => ({ copy: from, size });

    test.each<[string, string, Operation[], string[]]>([
      ['all copied', 'a\nb\n', [range(0, 4)], []],
      ['all copied, no line feed at the end', 'a\nb', [range(0, 3)], []],
      ['all inserted', 'a\n', [{ insert: 'b\nc' }], ['b\nc']],
      ['a line changed in the middle', 'one\ntwo\nthree\n', [range(0, 5), { insert: 'W' }, range(6, 8)], ['tWo\n']],
      ['a line inserted', 'one\ntwo\n', [range(0, 4), { insert: 'new\n' }, range(4, 4)], ['new\n']],
      ['a line taken out', 'one\ntwo\nthree\n', [range(0, 4), range(8, 6)], []],
      ['two halves joined', 'ab\ncd\n', [range(0, 1), range(4, 2)], ['ad\n']],
      ['half a line taken as one', 'abcd\nef\n', [range(2, 6)], ['cd\n']],
      ['copies that go on where the last one ended are one', 'abcd\n', [range(0, 2), range(2, 3)], []],
      ['the same range twice', 'ab\n', [range(0, 3), range(0, 3)], []],
      ['half of a range twice', 'ab\ncd\n', [range(0, 6), range(1, 5)], ['b\n']],
      ['a last line that had no line feed, now in the middle', 'a\nb', [range(0, 3), range(0, 3)], ['ba\n']],
      ['a line feed added at the end', 'a\nb', [range(0, 3), { insert: '\n' }], ['b\n']],
      ['the last line feed taken away', 'a\nb\n', [range(0, 3)], ['b']],
      ['the end of the file is no end of the base', 'ab\ncd\n', [range(0, 4)], ['c']],
      ['the start of the base is one', 'ab\ncd\n', [{ insert: 'x\n' }, range(0, 3)], ['x\n']],
      ['the start of the file is none of the base', 'ab\ncd\n', [range(1, 5)], ['b\n']],
      ['empty lines', '\n\n\n', [range(0, 1), { insert: 'x' }, range(1, 2)], ['x\n']],
      ['carriage returns belong to their line', 'a\r\nb\r\n', [range(0, 1), range(2, 4)], ['a\n']],
      ['a run inside a line is dirty', 'abcdef\n', [{ insert: 'x' }, range(1, 3), { insert: 'y\n' }], ['xbcdy\n']],
    ])('%s', (_what, base, operations, dirty) => {
      expect(patch(base, operations).dirty).toEqual(dirty);
    });

    const text = fc.array(fc.constantFrom('a', 'b', 'key=1', '\n', '\n', '\r\n', '')).map((parts) => parts.join(''));
    const steps = fc.array(fc.oneof(fc.tuple(fc.nat(60), fc.nat(60)), fc.constantFrom('a', '\n', 'key', 'b\n')), { maxLength: 12 });

    test('whatever is not in them stands in the base, and they are whole lines', () => {
      fc.assert(
        fc.property(text, steps, (base, edits) => {
          const operations = edits.flatMap((edit): Operation[] => {
            if (typeof edit === 'string') return [{ insert: edit }];
            if (base === '') return [];
            const copy = edit[0] % base.length;
            return [{ copy, size: 1 + (edit[1] % (base.length - copy)) }];
          });
          const bytes = Buffer.from(base);
          const { bytes: result, runs } = patched(bytes, makeDelta(bytes.length, operations));
          const known = new Set(linesOf(base).map(({ line }) => line));
          const lines = linesOf(result.toString());
          const starts = new Set([...lines.map(({ start }) => start), result.length]);
          for (let run = 0; run < runs.length; run += 3) {
            const [start = 0, end = 0, from = 0] = runs.subarray(run, run + 3);
            expect(starts).toContain(start);
            expect(starts).toContain(end);
            expect(start).toBeGreaterThanOrEqual(runs[run - 2] ?? 0);
            expect(end).toBeGreaterThan(start);
            expect(result.subarray(start, end)).toEqual(bytes.subarray(from, from + end - start));
          }
          const isDirty = (at: number): boolean => !runs.some((start, place) => place % 3 === 0 && start <= at && at < runs[place + 1]!);
          for (const { line, start } of lines) if (!isDirty(start)) expect(known).toContain(line);
        }),
        { numRuns: 3000 },
      );
    });

    test('a delta of thousands of copies', () => {
      const base = Array.from({ length: 4000 }, (_, line) => `line ${String(line).padStart(4, '0')}\n`).join('');
      const operations = Array.from({ length: 4000 }, (_, line): Operation => ({ copy: (3999 - line) * 10, size: 10 }));
      expect(patch(base, operations).dirty).toEqual([]);
      const halves = operations.flatMap((operation): Operation[] => [
        'copy' in operation ? { copy: operation.copy, size: 9 } : operation,
        { insert: '!\n' },
      ]);
      expect(patch(base, halves).dirty.join('')).toBe(patch(base, halves).text);
    });
  });

  test('more runs than are kept count as not copied', () => {
    const count = MAX_RUNS + 2;
    const base = Buffer.from('a\n'.repeat(2 * count));
    const operations = Array.from({ length: count }, (_, line): Operation[] => [{ copy: 4 * line, size: 2 }, { insert: 'b\n' }]).flat();
    const { runs, lines } = patched(base, makeDelta(base.length, operations));
    expect([runs.length, runs.at(-2)]).toEqual([3 * MAX_RUNS, 4 * MAX_RUNS - 2]);
    expect(lines.length).toBe(2 * count + 2 * 2);
  });

  describe('release', () => {
    test('what was given back is used again, what was not is left alone', () => {
      const own = create();
      const base = own.hold(Buffer.from('0123456789'));
      const delta = own.hold(makeDelta(10, [{ copy: 0, size: 10 }]));
      const other = own.hold(makeDelta(10, [{ insert: 'abcdefghij' }]));
      const living = own.applyDelta(base, delta);
      const dead = own.applyDelta(base, delta);
      const { buffer, byteOffset } = own.bytes(dead);
      own.release(dead);
      const next = own.applyDelta(base, other);
      expect(own.bytes(next).buffer).toBe(buffer);
      expect(own.bytes(next).byteOffset).toBe(byteOffset);
      expect(own.bytes(living).toString()).toBe('0123456789');
      expect(own.bytes(base).toString()).toBe('0123456789');
    });

    test('no more memory than is held at one time', () => {
      const own = create();
      const large = Buffer.alloc(1024 * 1024, 'keysift\n');
      const streams = [deflateSync(large), deflateSync(large, { level: 0 })];
      let base = own.inflate(streams[0]!, large.length);
      const before = process.memoryUsage().arrayBuffers;
      for (let round = 0; round < 100; round++) {
        const delta = own.hold(makeDelta(large.length, [{ copy: 0, size: 65_536 }]));
        const held = own.applyDeltaLines(base, delta);
        own.lines();
        for (const one of [delta, held, base]) own.release(one);
        base = own.inflate(streams[round % 2]!, large.length);
        expect(() => own.inflate(streams[1]!, large.length - 1)).toThrow('wrong-size');
      }
      // zlib's own output is collected some time; the module's memory is counted here whole.
      if (create === kernelCodec) expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
      expect(own.bytes(base).equals(large)).toBe(true);
    });
  });
});
