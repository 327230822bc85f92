/** Which of some joined texts may hold something, see `Sink.placesIn`: each where nothing is known. */
export class TextPlaces {
  readonly #places: readonly number[] | undefined;
  #next = 0;

  constructor(places: readonly number[] | undefined) {
    this.#places = places;
  }

  /** Whether the text in `[start, end)` may; to be asked from the first text to the last. */
  mayHold(start: number, end: number): boolean {
    const places = this.#places;
    if (places === undefined) return true;
    while (this.#next < places.length && places[this.#next]! <= start) this.#next++;
    return this.#next < places.length && places[this.#next]! <= end;
  }
}
