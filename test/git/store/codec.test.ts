import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deltaResultSize, inflateStart, referenceCodec } from '../../../src/git/store/codec.ts';
import { makeDelta, type Operation } from './hand-made.ts';

const codec = referenceCodec();

/** The result and its dirty ranges, as text. */
function patch(base: string, operations: readonly Operation[]): { text: string; dirty: string[] } {
  const bytes = Buffer.from(base, 'latin1');
  const patched = codec.applyDeltaLines(bytes, makeDelta(bytes.length, operations));
  const text = patched.bytes.toString('latin1');
  const dirty: string[] = [];
  for (let place = 0; place < patched.dirty.length; place += 2) dirty.push(text.slice(patched.dirty[place], patched.dirty[place + 1]));
  return { text, dirty };
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

describe('inflateObject', () => {
  test.each([0, 1, 63, 64, 65, 16_383, 16_384, 70_000])('gives %i bytes', (size) => {
    const content = Buffer.alloc(size, 'keysift\n');
    expect(codec.inflateObject(deflateSync(content), size)).toEqual(content);
  });

  test('takes no notice of what follows the stream', () => {
    expect(codec.inflateObject(Buffer.concat([deflateSync(Buffer.from('abc')), Buffer.from('next object')]), 3).toString()).toBe('abc');
  });

  test.each([
    ['a stream of more bytes', deflateSync(Buffer.from('abcd')), 3, 'wrong-size'],
    ['a stream of fewer bytes', deflateSync(Buffer.from('ab')), 3, 'wrong-size'],
    ['a stream of some bytes for none', deflateSync(Buffer.from('a')), 0, 'wrong-size'],
    ['a stream that is cut', deflateSync(Buffer.from('abc')).subarray(0, -1), 3, 'bad-compression'],
    ['no bytes at all', Buffer.alloc(0), 3, 'bad-compression'],
    ['bytes that are no stream', Buffer.from('hello, world'), 3, 'bad-compression'],
  ])('refuses %s', (_what, input, size, fault) => {
    expect(() => codec.inflateObject(input, size)).toThrow(fault);
  });

  test('makes no more of a bomb than was declared', () => {
    const bomb = deflateSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 });
    const before = process.memoryUsage().rss;
    expect(() => codec.inflateObject(bomb, 1000)).toThrow('wrong-size');
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
    expect(codec.applyDelta(large, makeDelta(large.length, [{ copy: 1, size: 0x10000 }]))).toHaveLength(0x10000);
  });

  test('an offset may have four bytes', () => {
    const large = Buffer.concat([Buffer.alloc(16 * 1024 * 1024 + 1, 'x'), Buffer.from('yy')]);
    expect(codec.applyDelta(large, makeDelta(large.length, [{ copy: large.length - 3, size: 3 }])).toString()).toBe('xyy');
  });

  test('a result may be empty', () => {
    expect(patch('abc', [])).toEqual({ text: '', dirty: [] });
  });

  test('says the size of the result first', () => {
    expect(deltaResultSize(makeDelta(10, [], 123_456_789_012))).toBe(123_456_789_012);
    expect(() => deltaResultSize(Buffer.from([0x80]))).toThrow('bad-delta');
    expect(() => deltaResultSize(Buffer.alloc(20, 0xff))).toThrow('bad-delta');
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
    ['that is empty', Buffer.alloc(0), 'bad-delta'],
    ['of a result over the limit', makeDelta(10, [], 17 * 1024 * 1024), 'wrong-size'],
    ['of a result that nothing can hold', makeDelta(10, [], 2 ** 48), 'wrong-size'],
  ])('refuses one %s', (_what, delta, fault) => {
    expect(() => codec.applyDelta(base, delta)).toThrow(fault);
  });

  test('is bounded whatever the instructions are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 60 }), fc.nat(200), (from, instructions, size) => {
        const delta = Buffer.concat([makeDelta(from.length, [], size), instructions]);
        try {
          expect(codec.applyDelta(Buffer.from(from), delta)).toHaveLength(size);
        } catch (error) {
          expect(String(error)).toContain('bad-delta');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('dirty lines', () => {
  test.each<[string, string, Operation[], string[]]>([
    ['all copied', 'a\nb\n', [{ copy: 0, size: 4 }], []],
    ['all copied, no line feed at the end', 'a\nb', [{ copy: 0, size: 3 }], []],
    ['all inserted', 'a\n', [{ insert: 'b\nc' }], ['b\nc']],
    ['a line changed in the middle', 'one\ntwo\nthree\n', [{ copy: 0, size: 5 }, { insert: 'W' }, { copy: 6, size: 8 }], ['tWo\n']],
    ['a line inserted', 'one\ntwo\n', [{ copy: 0, size: 4 }, { insert: 'new\n' }, { copy: 4, size: 4 }], ['new\n']],
    [
      'a line taken out',
      'one\ntwo\nthree\n',
      [
        { copy: 0, size: 4 },
        { copy: 8, size: 6 },
      ],
      [],
    ],
    [
      'two halves joined',
      'ab\ncd\n',
      [
        { copy: 0, size: 1 },
        { copy: 4, size: 2 },
      ],
      ['ad\n'],
    ],
    ['half a line taken as one', 'abcd\nef\n', [{ copy: 2, size: 6 }], ['cd\n']],
    [
      'copies that go on where the last one ended are one',
      'abcd\n',
      [
        { copy: 0, size: 2 },
        { copy: 2, size: 3 },
      ],
      [],
    ],
    [
      'the same range twice',
      'ab\n',
      [
        { copy: 0, size: 3 },
        { copy: 0, size: 3 },
      ],
      [],
    ],
    [
      'half of a range twice',
      'ab\ncd\n',
      [
        { copy: 0, size: 6 },
        { copy: 1, size: 5 },
      ],
      ['b\n'],
    ],
    [
      'a last line that had no line feed, now in the middle',
      'a\nb',
      [
        { copy: 0, size: 3 },
        { copy: 0, size: 3 },
      ],
      ['ba\n'],
    ],
    ['a line feed added at the end', 'a\nb', [{ copy: 0, size: 3 }, { insert: '\n' }], ['b\n']],
    ['the last line feed taken away', 'a\nb\n', [{ copy: 0, size: 3 }], ['b']],
    ['the end of the file is no end of the base', 'ab\ncd\n', [{ copy: 0, size: 4 }], ['c']],
    ['the start of the base is one', 'ab\ncd\n', [{ insert: 'x\n' }, { copy: 0, size: 3 }], ['x\n']],
    ['the start of the file is none of the base', 'ab\ncd\n', [{ copy: 1, size: 5 }], ['b\n']],
    ['empty lines', '\n\n\n', [{ copy: 0, size: 1 }, { insert: 'x' }, { copy: 1, size: 2 }], ['x\n']],
    [
      'carriage returns belong to their line',
      'a\r\nb\r\n',
      [
        { copy: 0, size: 1 },
        { copy: 2, size: 4 },
      ],
      ['a\n'],
    ],
    ['a run inside a line is dirty', 'abcdef\n', [{ insert: 'x' }, { copy: 1, size: 3 }, { insert: 'y\n' }], ['xbcdy\n']],
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
        const { bytes: result, dirty } = codec.applyDeltaLines(bytes, makeDelta(bytes.length, operations));
        const known = new Set(linesOf(base).map(({ line }) => line));
        const lines = linesOf(result.toString());
        const starts = new Set([...lines.map(({ start }) => start), result.length]);
        for (const edge of dirty) expect(starts).toContain(edge);
        for (let place = 1; place < dirty.length; place++) expect(dirty[place]).toBeGreaterThan(dirty[place - 1]!);
        const isDirty = (start: number): boolean => dirty.some((edge, place) => place % 2 === 0 && edge <= start && start < dirty[place + 1]!);
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

describe('release', () => {
  test('a result that was given back is used again, a living one never', () => {
    const base = Buffer.from('0123456789');
    const living = codec.applyDelta(base, makeDelta(10, [{ copy: 0, size: 10 }]));
    const dead = codec.applyDelta(base, makeDelta(10, [{ copy: 0, size: 10 }]));
    codec.release(dead);
    const next = codec.applyDelta(base, makeDelta(10, [{ insert: 'abcdefghij' }]));
    expect(next.buffer).toBe(dead.buffer);
    expect(living.toString()).toBe('0123456789');
    // What the pool did not make is left alone, however well its size would fit.
    const foreign = Buffer.alloc(4096);
    codec.release(foreign);
    expect(codec.applyDelta(base, makeDelta(10, [{ insert: 'abcdefghij' }])).buffer).not.toBe(foreign.buffer);
  });
});
