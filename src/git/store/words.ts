/** 32-bit integers by place, such as an `IntList`. */
export interface Words {
  at(index: number): number;
  set(index: number, value: number): void;
}

/** Some of an array's. Where that is cut off, as by memory that grows, another one is put in its place. */
export class WordView implements Words {
  readonly #first: number;
  values: Int32Array;

  constructor(values: Int32Array, first = 0) {
    this.values = values;
    this.#first = first;
  }

  at(index: number): number {
    return this.values[this.#first + index]!;
  }

  set(index: number, value: number): void {
    this.values[this.#first + index] = value;
  }
}
