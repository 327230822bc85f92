/** Between where bytes come from and what is done with them. */
import type { NotScanned } from './not-scanned.ts';
import type { Origin } from './origin.ts';

/** Larger contents are looked at in windows that overlap, never held whole. Bytes. */
export const MAX_WHOLE = 16 * 1024 * 1024;

/**
 * What a source tells as it goes. The ledger balances when each unit that was counted ends in exactly one of: its
 * content (or pieces), `scanned` (for units whose texts are parts of it), `notScanned`, `excluded`.
 */
export interface Sink {
  /** A unit was found. Told before anything else about it. */
  counted(unit: Unit): void;
  /** Memory for a content of `size` bytes that need not be copied to be looked at; valid until the next call. */
  reserve(size: number): Buffer;
  /** A whole content. `bytes` is valid only until this returns. Throws when the run was stopped. */
  content(origin: Origin, bytes: Uint8Array): void;
  /**
   * A blob that may hold nothing, as its new lines tell. When it does, that is all that is told of it beside that it was
   * counted, and the answer is what `blob` would give; else the answer is undefined, and `blob` follows with the same blob.
   * @param lines see `LineChange`; all of them when `base` is undefined
   * @param isBase see `blob`: else the answer is anything but undefined
   * @param runs gives those of `LineChange`
   */
  plainBlob(size: number, lines: Uint8Array, base: KnownHits | undefined, isBase?: boolean, runs?: () => Int32Array): KnownHits | undefined;
  /**
   * A blob, told with how it was made from another one that was told, or undefined when that is not known.
   * @param id asked only where something is to be told of it, since it has to be looked up: most blobs hold nothing
   * @param isBase whether others are made from it
   * @returns what these are to be told as `base`; undefined when they must be looked at as a whole
   */
  blob(id: () => string, bytes: Uint8Array, change: LineChange | undefined, isBase: boolean): KnownHits | undefined;
  /**
   * A content too large to hold: pieces in order, then the end.
   * @param isAlone no other content is told in between
   */
  pieces(origin: Origin, isAlone?: boolean): Parts;
  /**
   * Offsets at which lines of some joined texts of kind `metadata` may hold something, ascending; undefined when they must
   * be given one by one.
   */
  placesIn(texts: Uint8Array): readonly number[] | undefined;
  /** A text of so many bytes in which there is none of these places, instead of its content. Throws when the run was stopped. */
  passed(size: number): void;
  /** All texts of a commit, tag or ref have been given: contents of kind `metadata` do not end a unit. */
  scanned(): void;
  notScanned(entry: NotScanned): void;
  /** Left out on purpose, by trusted policy. */
  excluded(reason: string): void;
  /** Worth saying, but no fault. */
  note(text: string): void;
}

export interface Parts {
  /** Memory for the next piece, of `most` bytes or fewer: what is read into it need not be copied. Valid until the next call. */
  room(most: number): Buffer;
  piece(bytes: Uint8Array): void;
  end(): void;
}

/** Where a content holds what could be found in it, or in another one with the same lines. */
export interface KnownHits {
  /** Pairs of numbers, ascending: offset after a literal, and which literal of which rule. */
  readonly pairs: Int32Array;
  /** For each pair the bytes around it, start and end, in which it gives nothing whatever lies beyond them; 0 and 0 where it may give something. */
  readonly settled: Int32Array;
  /** Bytes of the content. */
  readonly size: number;
}

/** How the lines of a content came from another one. Valid until the call returns. */
export interface LineChange {
  /** Undefined of one that has no lines of another. */
  readonly base: KnownHits | undefined;
  /** Runs of whole lines of the base, ascending, three offsets each: start and end in the content, start in the base. */
  readonly runs: Int32Array;
  /** All other lines, one after the other, but for those that were left out since they were seen before and held nothing. */
  readonly lines: Uint8Array;
}

export type Unit = 'file' | 'blob' | 'commit' | 'tag' | 'ref' | 'source';
