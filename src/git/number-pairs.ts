/** Pairs of numbers, each once, as numbers: millions of them without an object or a text each. */
import { randomInt } from 'node:crypto';

export class NumberPairs {
  /** Two numbers for each pair. */
  #pairs = new Int32Array(512);
  /** Number + 1 of a pair, by hash. */
  #slots = new Int32Array(512);
  #count = 0;
  /** Unknown outside, so that nobody can make pairs that all fall into one slot. */
  readonly #factors = [randomInt(2 ** 30) * 2 + 1, randomInt(2 ** 30) * 2 + 1] as const;

  first(pair: number): number {
    return this.#pairs[2 * pair]!;
  }

  second(pair: number): number {
    return this.#pairs[2 * pair + 1]!;
  }

  get count(): number {
    return this.#count;
  }

  has(first: number, second: number): boolean {
    return this.#slots[this.#slotOf(first, second)] !== 0;
  }

  /** Number of a pair of 32-bit integers, from 0 in the order in which they came. */
  add(first: number, second: number): number {
    const slot = this.#slotOf(first, second);
    const known = this.#slots[slot]!;
    if (known !== 0) return known - 1;
    const pair = this.#count++;
    this.#slots[slot] = pair + 1;
    this.#pairs[2 * pair] = first;
    this.#pairs[2 * pair + 1] = second;
    if (2 * this.#count === this.#slots.length) this.#grow();
    return pair;
  }

  /** The same; whether it is a new one. */
  isNew(first: number, second: number): boolean {
    const before = this.#count;
    this.add(first, second);
    return this.#count > before;
  }

  /** The slot of a pair; an empty one where it is not there. */
  #slotOf(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(first, second) & mask;
    for (let known = this.#slots[slot]!; known !== 0; known = this.#slots[slot]!) {
      if (this.#pairs[2 * known - 2] === first && this.#pairs[2 * known - 1] === second) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #hash(first: number, second: number): number {
    const mixed = Math.imul(first ^ Math.imul(second, this.#factors[0]), this.#factors[1]);
    return Math.imul(mixed ^ (mixed >>> 15), this.#factors[0]) >>> 4;
  }

  #grow(): void {
    const pairs = this.#pairs;
    this.#pairs = new Int32Array(2 * pairs.length);
    this.#pairs.set(pairs);
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let pair = 0; pair < this.#count; pair++) {
      let slot = this.#hash(pairs[2 * pair]!, pairs[2 * pair + 1]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = pair + 1;
    }
    this.#slots = slots;
  }
}
