/** An object's id is a hash of what it is and holds. */
import { createHash, type Hash } from 'node:crypto';
import type { ObjectType } from './object-stream.ts';

/** SHA-1 or SHA-256, by the length of an id in hex, with what git hashes before a content of `size` bytes. */
export function beginHash(id: string, type: ObjectType, size: number): Hash {
  return createHash(id.length === 64 ? 'sha256' : 'sha1').update(`${type} ${size}\0`);
}

export function isObject(id: string, type: ObjectType, bytes: Uint8Array): boolean {
  return beginHash(id, type, bytes.length).update(bytes).digest('hex') === id;
}
