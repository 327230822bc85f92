/** The codec in WebAssembly against the one in JavaScript: equal content, lines and faults, whatever the input. */
import { constants, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { referenceCodec, type Codec } from '../../../src/git/store/codec.ts';
import { Damaged } from '../../../src/git/store/damage.ts';
import { kernelCodec, makeDelta, type Operation } from './hand-made.ts';

/** A number, and often 0: so that what is not damaged comes about as well. */
const sometimesNothing = (numbers: fc.Arbitrary<number>): fc.Arbitrary<number> => fc.oneof(fc.constant(0), numbers);

describe('both codecs', () => {
  const reference = referenceCodec();
  const kernel = kernelCodec();

  /** Content and lines, or the fault. */
  function outcome(codec: Codec, act: (codec: Codec) => { held: number; runs?: Int32Array; lines?: Buffer }): unknown {
    try {
      const { held, runs, lines } = act(codec);
      const answer = [codec.bytes(held).toString('latin1'), runs === undefined ? undefined : [...runs], lines?.toString('latin1')];
      codec.release(held);
      return answer;
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      return error.fault;
    }
  }

  function inflateBoth(stream: Uint8Array, size: number): unknown {
    const expected = outcome(reference, (codec) => ({ held: codec.inflate(stream, size) }));
    expect(outcome(kernel, (codec) => ({ held: codec.inflate(stream, size) }))).toEqual(expected);
    return expected;
  }

  const byte = fc.nat(255);
  /** Noise, few letters, repetitions near and far, lines. */
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc.array(fc.constantFrom(97, 98, 99, 10), { maxLength: 3000 }).map((list) => Uint8Array.from(list)),
    fc
      .tuple(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.integer({ min: 1, max: 200 }))
      .map(([part, times]) => Buffer.concat(Array.from({ length: times }, () => part))),
    fc.tuple(byte, fc.nat(70_000)).map(([value, size]) => Buffer.alloc(size, value)),
    fc
      .array(fc.tuple(fc.constantFrom('const ', 'key = ', '\n', 'x', '0123456789abcdef', '\r\n', '{}'), fc.nat(9)), { maxLength: 400 })
      .map((list) => Buffer.from(list.map(([text, number]) => `${text}${number}`).join(''))),
  );
  const settings = fc.record({
    level: fc.integer({ min: 0, max: 9 }),
    strategy: fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_FILTERED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE, constants.Z_FIXED),
    memLevel: fc.integer({ min: 1, max: 9 }),
    windowBits: fc.integer({ min: 9, max: 15 }),
  });

  test('inflate alike: all levels, strategies and windows, whatever follows', () => {
    fc.assert(
      fc.property(content, settings, fc.uint8Array({ maxLength: 40 }), (bytes, options, behind) => {
        const stream = Buffer.concat([deflateSync(bytes, options), behind]);
        expect(inflateBoth(stream, bytes.length)).toEqual([Buffer.from(bytes).toString('latin1'), undefined, undefined]);
      }),
      { numRuns: 600 },
    );
  });

  test('inflate alike: large contents of several blocks', () => {
    const words = ['secret', 'token', '=', '\n', ' ', 'eyJ', '0x9f', '"', 'const', 'return'];
    for (let seed = 1; seed <= 6; seed++) {
      let state = seed;
      const parts = Array.from({ length: 120_000 }, () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return state % 7 === 0 ? String.fromCodePoint(state >>> 24) : words[(state >>> 16) % words.length]!;
      });
      const bytes = Buffer.from(parts.join(''), 'latin1');
      for (const level of [1, 6, 9]) expect(inflateBoth(deflateSync(bytes, { level }), bytes.length)).not.toBeTypeOf('string');
    }
  });

  test('inflate alike: flipped, cut, and of another size than declared', () => {
    const seen = new Map<unknown, number>();
    fc.assert(
      fc.property(
        content,
        settings,
        fc.nat(),
        sometimesNothing(byte),
        sometimesNothing(fc.integer({ min: -70, max: 70 })),
        fc.boolean(),
        (bytes, options, at, bits, more, cut) => {
          const stream = deflateSync(bytes, options);
          if (cut) {
            const answer = inflateBoth(stream.subarray(0, at % stream.length), Math.max(0, bytes.length + more));
            seen.set(answer, (seen.get(answer) ?? 0) + 1);
            return;
          }
          stream[at % stream.length]! ^= bits;
          const answer = inflateBoth(stream, Math.max(0, bytes.length + more));
          const key = typeof answer === 'string' ? answer : 'sound';
          seen.set(key, (seen.get(key) ?? 0) + 1);
        },
      ),
      { numRuns: 3000 },
    );
    expect(new Set(seen.keys())).toEqual(new Set(['bad-compression', 'wrong-size', 'sound']));
  });

  test.each([
    ['a row of NUL', Buffer.alloc(64), 938_193_763, 45, -1],
    ['lines', Buffer.from('0123456789abcdef0{}0key = 0x1key = 1'), 5, 72, 0],
  ] as const)('inflate alike: a match from before the start that finds no room: %s', (_what, bytes, at, bits, more) => {
    const stream = deflateSync(bytes, { level: 1, memLevel: 1, windowBits: 9 });
    stream[at % stream.length]! ^= bits;
    expect(inflateBoth(stream, bytes.length + more)).toBe('wrong-size');
  });

  test('inflate alike: every byte of a dynamic block, every bit', () => {
    const bytes = Buffer.from(Array.from({ length: 90 }, (_, line) => `line ${line} = ${line * line}\n`).join(''));
    const stream = deflateSync(bytes, { level: 9 });
    for (let bit = 0; bit < stream.length * 8; bit++) {
      const flipped = Buffer.from(stream);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      inflateBoth(flipped, bytes.length);
    }
  });

  test('inflate alike: streams that no compressor writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7), fc.nat(500), (bytes, start, size) => {
        const stream = Buffer.concat([Buffer.from([0x78, 0x9c, start | ((bytes[0] ?? 0) & 0xf8)]), bytes]);
        inflateBoth(stream, size);
      }),
      { numRuns: 5000 },
    );
  });

  const step = fc.oneof(
    fc.tuple(fc.nat(), fc.nat(), fc.boolean()).map(([copy, size, large]) => ({ copy, size, large })),
    fc
      .array(fc.constantFrom('a', '\n', 'key=1', 'b\n', '\r\n'), { minLength: 1, maxLength: 20 })
      .map((parts) => ({ insert: parts.join('').slice(0, 127) })),
  );
  const base = fc.oneof(
    content,
    fc
      .array(fc.constantFrom('a', 'b', 'key=1', '\n', '\n', '\r\n', 'a line of more than sixteen bytes'), { maxLength: 300 })
      .map((parts) => Buffer.from(parts.join(''))),
  );

  test('apply deltas alike', () => {
    fc.assert(
      fc.property(base, fc.array(step, { maxLength: 40 }), fc.option(fc.tuple(fc.nat(), byte)), (bytes, steps, damage) => {
        const operations = steps.flatMap((one): Operation[] => {
          if ('insert' in one) return [one];
          if (bytes.length === 0) return [];
          const copy = one.copy % bytes.length;
          const most = Math.min(bytes.length - copy, 0xffffff);
          return [{ copy, size: one.large ? most : 1 + (one.size % Math.min(most, 40)) }];
        });
        const delta = makeDelta(bytes.length, operations);
        if (damage !== null) delta[damage[0] % delta.length]! ^= damage[1];
        const act = (codec: Codec): { held: number; runs: Int32Array; lines: Buffer } => {
          const held = [codec.hold(bytes), codec.hold(delta)] as const;
          try {
            const made = codec.applyDeltaLines(...held);
            const lines = codec.lines();
            return { held: made, runs: codec.runs(), lines };
          } finally {
            for (const one of held) codec.release(one);
          }
        };
        expect(outcome(kernel, act)).toEqual(outcome(reference, act));
      }),
      { numRuns: 3000 },
    );
  });
});
