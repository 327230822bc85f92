/** A list of 32-bit integers that grows: millions of them without an object each. */
export class IntList {
  #values: Int32Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#values = new Int32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  /** Changes a value that is there. */
  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(this.#length + (this.#length >> 1) + 16);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** Takes away all values from a place on. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** Takes the last value away. Only for a list that is not empty. */
  pop(): number {
    return this.#values[--this.#length]!;
  }
}
