/** What stands before an object's compressed bytes in a pack: its type, its size, and for a delta its base. */
import type { ObjectType } from '../object-stream.ts';

/** Type codes of the pack format. A delta has the type of its base. */
export const TYPE = { none: 0, commit: 1, tree: 2, blob: 3, tag: 4, offsetDelta: 6, idDelta: 7 } as const;

const NAMES: readonly (ObjectType | undefined)[] = [undefined, 'commit', 'tree', 'blob', 'tag'];

export function typeName(code: number): ObjectType | undefined {
  return NAMES[code];
}

export function typeCode(name: string): number {
  const code = NAMES.indexOf(name as ObjectType);
  return code < 0 ? TYPE.none : code;
}

/** No header is longer: a size of 64 bits, and an offset or an id. */
export const MAX_HEADER = 64;

/** The last header that was parsed. One is used for a million objects. */
export class EntryHeader {
  type: number = TYPE.none;
  /** Bytes of the object, or of the delta's instructions, before compression. */
  size = 0;
  /** Bytes of the header. An `idDelta`'s base is named by the last ones. */
  length = 0;
  /** How many bytes before this object an `offsetDelta`'s base begins. */
  distance = 0;

  /** Parses what begins at `at`; false when it is no header. */
  parse(bytes: Uint8Array, at: number, end: number, hashBytes: number): boolean {
    let next = at;
    if (next >= end) return false;
    let byte = bytes[next++]!;
    this.type = (byte >> 4) & 7;
    let size = byte & 15;
    let scale = 16;
    while (byte >= 0x80) {
      if (next >= end) return false;
      byte = bytes[next++]!;
      size += (byte & 0x7f) * scale;
      scale *= 128;
    }
    if (size > Number.MAX_SAFE_INTEGER || this.type === TYPE.none || this.type === 5) return false;
    this.size = size;
    this.distance = 0;
    if (this.type === TYPE.offsetDelta) {
      if (next >= end) return false;
      byte = bytes[next++]!;
      let distance = byte & 0x7f;
      while (byte >= 0x80) {
        if (next >= end) return false;
        byte = bytes[next++]!;
        distance = (distance + 1) * 128 + (byte & 0x7f);
      }
      if (distance === 0 || distance > Number.MAX_SAFE_INTEGER) return false;
      this.distance = distance;
    } else if (this.type === TYPE.idDelta) {
      next += hashBytes;
      if (next > end) return false;
    }
    this.length = next - at;
    return true;
  }
}
