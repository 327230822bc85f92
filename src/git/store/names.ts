/** The names in all trees, each once, as numbers. */
import { randomInt } from 'node:crypto';

export class Names {
  #bytes = Buffer.allocUnsafeSlow(65_536);
  #used = 0;
  /** Where each name ends in `#bytes`; it begins where the one before it ends. */
  #ends = new Int32Array(1024);
  #hashes = new Int32Array(1024);
  #count = 0;
  /** Number + 1 of a name, by hash. */
  #slots = new Int32Array(4096);
  /** Unknown outside, so that nobody can write names that all fall into one slot. */
  readonly #factor = randomInt(2 ** 30) * 2 + 1;

  /** Number of the name in `[start, end)`; not for an empty one. */
  add(bytes: Buffer, start: number, end: number): number {
    const hash = this.#hash(bytes, start, end);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const name = this.#slots[slot]! - 1;
      if (this.#hashes[name] === hash && this.#isEqual(name, bytes, start, end)) return name;
    }
    return this.#append(slot, hash, bytes, start, end);
  }

  get(name: number): Buffer {
    return this.#bytes.subarray(this.#start(name), this.#ends[name]);
  }

  #start(name: number): number {
    return name === 0 ? 0 : this.#ends[name - 1]!;
  }

  #hash(bytes: Buffer, start: number, end: number): number {
    let hash = 0;
    for (let at = start; at < end; at++) {
      hash = Math.imul(hash ^ bytes[at]!, this.#factor);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #isEqual(name: number, bytes: Buffer, start: number, end: number): boolean {
    const from = this.#start(name);
    if (this.#ends[name]! - from !== end - start) return false;
    for (let index = 0; index < end - start; index++) if (this.#bytes[from + index] !== bytes[start + index]) return false;
    return true;
  }

  #append(slot: number, hash: number, bytes: Buffer, start: number, end: number): number {
    const name = this.#count++;
    if (name === this.#ends.length) {
      this.#ends = grown(this.#ends);
      this.#hashes = grown(this.#hashes);
    }
    while (this.#used + end - start > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2);
    bytes.copy(this.#bytes, this.#used, start, end);
    this.#used += end - start;
    this.#ends[name] = this.#used;
    this.#hashes[name] = hash;
    this.#slots[slot] = name + 1;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return name;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    for (let name = 0; name < this.#count; name++) {
      let slot = this.#hashes[name]! & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = name + 1;
    }
    this.#slots = slots;
  }
}

function grown(values: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(values.length * 2);
  larger.set(values);
  return larger;
}
