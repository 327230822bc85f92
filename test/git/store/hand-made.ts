/** Packs that git would never write, and what git itself says about a repository. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect, vi } from 'vitest';
import type { ObjectType } from '../../../src/git/object-stream.ts';
import type { Codec } from '../../../src/git/store/codec.ts';
import { walkBlobs, type BlobVisitor } from '../../../src/git/store/families.ts';
import { KernelCodec } from '../../../src/git/store/kernel-codec.ts';
import { openStore, type ObjectStore } from '../../../src/git/store/object-store.ts';
import { loadModule } from '../../../src/kernel/module.ts';
import { temporaryFolder } from '../../support/folder.ts';
import type { TestRepository } from '../../support/repository.ts';

export function objectId(type: string, content: Uint8Array, hashBytes = 20): string {
  return createHash(hashBytes === 20 ? 'sha1' : 'sha256')
    .update(`${type} ${content.length}\0`)
    .update(content)
    .digest('hex');
}

export function blobId(content: string | Uint8Array): string {
  return objectId('blob', Buffer.from(content));
}

export type Operation = { readonly copy: number; readonly size: number } | { readonly insert: string | Uint8Array };

function sizeBytes(size: number): Buffer {
  const bytes: number[] = [];
  let rest = size;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** A delta's bytes. The result's size is that of the operations unless it is said otherwise. */
export function makeDelta(baseSize: number, operations: readonly Operation[], resultSize?: number): Buffer {
  let size = 0;
  const parts = operations.map((operation) => {
    if ('insert' in operation) {
      const bytes = Buffer.from(operation.insert);
      size += bytes.length;
      return Buffer.concat([Buffer.from([bytes.length]), bytes]);
    }
    size += operation.size;
    const fields = [0, 8, 16, 24].map((shift) => (operation.copy / 2 ** shift) & 0xff);
    // 0x10000 is written as no size at all.
    const sizes = [0, 8, 16].map((shift) => (operation.size === 0x10000 ? 0 : (operation.size >> shift) & 0xff));
    const bytes = [...fields, ...sizes];
    const mask = bytes.reduce((bits, byte, place) => (byte === 0 ? bits : bits | (1 << place)), 0x80);
    return Buffer.from([mask, ...bytes.filter((byte) => byte !== 0)]);
  });
  return Buffer.concat([sizeBytes(baseSize), sizeBytes(resultSize ?? size), ...parts]);
}

export interface Entry {
  readonly id: string;
  readonly type?: ObjectType;
  /** Content, or a delta's instructions. */
  readonly body: Uint8Array;
  /** The base: its place in the pack, or its id. */
  readonly base?: number | string;
  /** What the header says, where it lies. */
  readonly size?: number;
  /** What stands behind the header, when it is not the body compressed. */
  readonly raw?: Uint8Array;
  /** What the index says, where it lies. */
  readonly offset?: number;
  /** Bits of the type in the header, where it is none. */
  readonly code?: number;
}

const CODES = { commit: 1, tree: 2, blob: 3, tag: 4 };

function entryHeader(code: number, size: number): Buffer {
  const bytes = [(code << 4) | (size % 16)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(rest % 128);
  }
  return Buffer.from(bytes);
}

function distanceBytes(distance: number): Buffer {
  const bytes = [distance % 128];
  for (let rest = Math.floor(distance / 128) - 1; rest >= 0; rest = Math.floor(rest / 128) - 1) bytes.unshift((rest % 128) | 0x80);
  return Buffer.from(bytes);
}

/** Writes `name.pack` and its index below `objects/pack`. Gives the offset of each entry. */
export function writePack(objectsDir: string, name: string, entries: readonly Entry[], hashBytes = 20): number[] {
  const head = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  head.writeUInt32BE(entries.length, 8);
  const parts: Buffer[] = [head];
  const offsets: number[] = [];
  let at = head.length;
  for (const entry of entries) {
    const code = entry.code ?? (typeof entry.base === 'number' ? 6 : entry.base === undefined ? CODES[entry.type ?? 'blob'] : 7);
    const header = [entryHeader(code, entry.size ?? entry.body.length)];
    if (typeof entry.base === 'number') header.push(distanceBytes(at - (offsets[entry.base] ?? 0)));
    else if (entry.base !== undefined) header.push(Buffer.from(entry.base, 'hex'));
    const bytes = Buffer.concat([...header, entry.raw ?? deflateSync(entry.body)]);
    offsets.push(at);
    parts.push(bytes);
    at += bytes.length;
  }
  const pack = Buffer.concat(parts);
  const checksum = createHash(hashBytes === 20 ? 'sha1' : 'sha256')
    .update(pack)
    .digest();
  mkdirSync(join(objectsDir, 'pack'), { recursive: true });
  writeFileSync(join(objectsDir, 'pack', `${name}.pack`), Buffer.concat([pack, checksum]));
  const indexed = entries.map(({ id, offset }, place) => ({ id, offset: offset ?? offsets[place] ?? 0 }));
  writeFileSync(join(objectsDir, 'pack', `${name}.idx`), makeIndex(indexed, checksum));
  return offsets;
}

/** An index of version 2; offsets over 31 bits go into its second table. */
export function makeIndex(entries: readonly { readonly id: string; readonly offset: number }[], packChecksum: Buffer): Buffer {
  const sorted = entries.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const fanout = Buffer.alloc(1024);
  let before = 0;
  for (let byte = 0; byte < 256; byte++) {
    while (before < sorted.length && Number.parseInt(sorted[before]!.id.slice(0, 2), 16) <= byte) before++;
    fanout.writeUInt32BE(before, byte * 4);
  }
  const small = Buffer.alloc(sorted.length * 4);
  const large: Buffer[] = [];
  for (const [place, { offset }] of sorted.entries()) {
    if (offset < 2 ** 31) small.writeUInt32BE(offset, place * 4);
    else {
      small.writeUInt32BE(2 ** 31 + large.length, place * 4);
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64BE(BigInt(offset));
      large.push(bytes);
    }
  }
  const ids = sorted.map(({ id }) => Buffer.from(id, 'hex'));
  const body = Buffer.concat([
    Buffer.from('ff744f6300000002', 'hex'),
    fanout,
    ...ids,
    Buffer.alloc(sorted.length * 4),
    small,
    ...large,
    packChecksum,
  ]);
  const checksum = createHash(packChecksum.length === 20 ? 'sha1' : 'sha256')
    .update(body)
    .digest();
  return Buffer.concat([body, checksum]);
}

/** Writes a loose object; gives its id. */
export function writeLoose(objectsDir: string, type: string, content: string | Uint8Array, options: { id?: string; raw?: Uint8Array } = {}): string {
  const bytes = Buffer.from(content);
  const id = options.id ?? objectId(type, bytes);
  mkdirSync(join(objectsDir, id.slice(0, 2)), { recursive: true });
  writeFileSync(
    join(objectsDir, id.slice(0, 2), id.slice(2)),
    options.raw ?? deflateSync(Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])),
  );
  return id;
}

/** A whole blob as an entry. */
export function whole(content: string | Uint8Array): Entry {
  return { id: blobId(content), body: Buffer.from(content) };
}

/** A store whose packs are made by hand. Closed by nobody: a test's process is short. */
export function storeOf(packs: readonly (readonly Entry[])[], objectsDir = temporaryFolder()): ObjectStore {
  for (const [place, entries] of packs.entries()) writePack(objectsDir, `pack-${place}`, entries);
  return openStore({ objectsDir, hashBytes: 20 });
}

/** The ids of all objects of a store, each once. */
export function idsOf({ packs, loose }: ObjectStore): Set<string> {
  return new Set([
    ...packs.flatMap(({ index }) => Array.from({ length: index.count }, (_, position) => index.id(position))),
    ...loose.flatMap(({ ids }) => ids),
  ]);
}

export interface Walked {
  readonly blobs: Map<string, string>;
  readonly special: [string, number][];
  /** Sorted by id. */
  readonly failed: Record<string, string>;
}

/** All that `walkBlobs` tells. Throws when an id is told twice, or when the kernel, in a store of its own, tells anything else. */
export function walked(store: ObjectStore): Walked {
  const result = walkedWith(store);
  const { hashBytes, verifies: verify, packs } = store;
  const [pack] = packs;
  if (pack === undefined) return result;
  const again = openStore({ objectsDir: dirname(dirname(pack.path)), hashBytes, verify, codec: kernelCodec() });
  const sift = vi.fn<() => boolean>(() => true);
  expect(walkedWith(again, { sift })).toEqual(result);
  expect(sift).toHaveBeenCalledOnce();
  again.close();
  return result;
}

function walkedWith(store: ObjectStore, way: Pick<BlobVisitor<boolean>, 'sift'> = {}): Walked {
  const result: Walked = { blobs: new Map(), special: [], failed: {} };
  const told = new Set<string>();
  const tell = (id: string): void => {
    if (told.has(id)) throw new Error(`told twice: ${id}`);
    told.add(id);
  };
  walkBlobs<boolean>(store, {
    ...way,
    blob(idOf, content) {
      const id = idOf();
      tell(id);
      result.blobs.set(id, content.toString('latin1'));
      return false;
    },
    special(id, size) {
      tell(id);
      result.special.push([id, size]);
    },
    failed(id, reason) {
      tell(id);
      result.failed[id] = reason;
    },
  });
  return result;
}

/** The codec in WebAssembly; fails where it is not built, since tests of it would else be tests of its fallback. */
export function kernelCodec(): Codec {
  const module = loadModule('codec.wasm');
  if (module === undefined) throw new Error('no codec.wasm: run npm run build first');
  return new KernelCodec(module);
}

export interface GitObject {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Every object that git finds in a repository. */
export function gitObjects(repository: TestRepository): Map<string, GitObject> {
  const out = repository.bytes({}, 'cat-file', '--batch-all-objects', '--batch', '--unordered');
  const objects = new Map<string, GitObject>();
  for (let at = 0; at < out.length;) {
    const end = out.indexOf(0x0a, at);
    const [id = '', type = '', size = ''] = out.toString('latin1', at, end).split(' ');
    const start = end + 1;
    objects.set(id, { type, bytes: out.subarray(start, start + Number(size)) });
    at = start + Number(size) + 1;
  }
  return objects;
}
