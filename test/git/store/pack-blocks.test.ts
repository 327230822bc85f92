import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { referenceCodec, type Codec } from '../../../src/git/store/codec.ts';
import { InputFile } from '../../../src/git/store/input-file.ts';
import { PackBlocks } from '../../../src/git/store/pack-blocks.ts';
import { temporaryFolder } from '../../support/folder.ts';

const BLOCK = 4096;
/** As many blocks as are kept, and some more: so places far from each other want the same slot. */
const SLOTS = 1024;

function fileOf(bytes: Uint8Array): InputFile {
  const path = join(temporaryFolder(), 'pack');
  writeFileSync(path, bytes);
  return new InputFile(path);
}

/** Bytes that tell their place. */
function telling(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE((at + seed) >>> 0, at);
  return bytes;
}

test('every place of a file reads as it is, within blocks, across them, and behind the end', () => {
  const bytes = telling(3 * BLOCK + 100, 0);
  const [file, blocks] = [fileOf(bytes), new PackBlocks()];
  for (const [start, length] of [
    [0, 10],
    [5, 1],
    [BLOCK - 10, 10],
    [BLOCK - 10, 11],
    [BLOCK, BLOCK],
    [BLOCK - 1, BLOCK + 2],
    [10, 3 * BLOCK],
    [3 * BLOCK, 50],
    [3 * BLOCK + 90, 50],
    [3 * BLOCK + 100, 50],
    [3 * BLOCK + 120, 50],
    [2 * BLOCK + 100, BLOCK + 100],
    [4 * BLOCK, 10],
  ] as const) {
    expect(blocks.bytes(file, start, length).equals(bytes.subarray(start, start + length)), `${length} bytes at ${start}`).toBe(true);
    // And once more, from what is kept.
    expect(blocks.bytes(file, start, length).equals(bytes.subarray(start, start + length))).toBe(true);
  }
  for (const length of [0, -1]) expect(() => blocks.bytes(file, 0, length)).toThrow('unreadable');
});

test('a block is read once, as long as nothing else takes its place', () => {
  const bytes = telling(3 * BLOCK, 0);
  const path = join(temporaryFolder(), 'pack');
  writeFileSync(path, bytes);
  const [file, blocks] = [new InputFile(path), new PackBlocks()];
  expect(blocks.bytes(file, BLOCK + 8, 4).readUInt32LE()).toBe(BLOCK + 8);
  file.close();
  for (const at of [BLOCK, BLOCK + 12, 2 * BLOCK - 4]) expect(blocks.bytes(file, at, 4).readUInt32LE()).toBe(at);
  // What failed has not taken a place.
  for (let turn = 0; turn < 2; turn++) expect(() => blocks.bytes(file, 2 * BLOCK, 4)).toThrow('unreadable');
});

test('places and files that want the same slot never read each other', () => {
  const far = SLOTS * BLOCK;
  const blocks = new PackBlocks();
  const one = fileOf(telling(far + 2 * BLOCK, 1));
  const two = fileOf(telling(2 * BLOCK, 2));
  // In the second block, so that its number is not that of nothing.
  const read = (file: InputFile, at: number): number => blocks.bytes(file, BLOCK + at, 4).readUInt32LE() - BLOCK;
  for (let turn = 0; turn < 2; turn++) {
    expect([read(one, 8), read(two, 8), read(one, far + 8), read(one, 12), read(two, 12), read(one, far + 12)]).toEqual([
      9,
      10,
      far + 9,
      13,
      14,
      far + 13,
    ]);
  }
  // A read that fails leaves nothing of the block that was there.
  two.close();
  expect(read(one, 16)).toBe(17);
  expect(() => read(two, 16)).toThrow('unreadable');
  expect(read(one, 20)).toBe(21);
  one.close();
  expect(() => read(one, far + 8)).toThrow('unreadable');
  expect(() => read(one, 20)).toThrow('unreadable');
});

test('what is compressed is inflated where it lies, by the codec that holds it, and by any other', () => {
  const codec = referenceCodec();
  const content = telling(20_000, 5);
  const stream = deflateSync(content);
  for (const start of [5, BLOCK - 3]) {
    const file = fileOf(Buffer.concat([Buffer.alloc(start), stream, Buffer.alloc(50)]));
    const blocks = new PackBlocks(codec);
    for (const other of [codec, referenceCodec()]) {
      const held = blocks.inflate(other, file, start, stream.length, content.length);
      expect(other.bytes(held).equals(content)).toBe(true);
      expect(() => blocks.inflate(other, file, start, stream.length, content.length - 1)).toThrow('wrong-size');
      expect(() => blocks.inflate(other, file, start, 0, content.length)).toThrow('unreadable');
    }
  }
});

test('room for what lies across blocks is given back when more is needed', () => {
  const codec = referenceCodec();
  const held = new Set<number>();
  const counting: Codec = Object.assign(Object.create(codec) as Codec, {
    memory: (room: number) => codec.memory(room),
    address: (room: number) => codec.address(room),
    room(size: number) {
      const room = codec.room(size);
      held.add(room);
      return room;
    },
    release(room: number) {
      held.delete(room);
      codec.release(room);
    },
  });
  const bytes = telling(600_000, 0);
  const [file, blocks] = [fileOf(bytes), new PackBlocks(counting)];
  for (const length of [5000, 70_000, 60_000, 300_000, 5000]) {
    expect(blocks.bytes(file, 10, length).equals(bytes.subarray(10, 10 + length))).toBe(true);
    expect(held.size).toBe(1);
  }
});
