/** Where all sources pour into: looks at every content, keeps what was found, and balances the ledger. */
import { standsAt } from '../classify/paths.ts';
import { encodingOf, wideView, type Encoding } from '../detect/encodings.ts';
import { LF } from '../detect/lines.ts';
import { append } from '../model/append.ts';
import type { Dropped, Sighting } from '../model/finding.ts';
import type { NotScanned } from '../model/not-scanned.ts';
import type { Rule } from '../model/rule.ts';
import { originFile, type Origin } from '../model/origin.ts';
import type { KnownHits, LineChange, Parts, Sink, Unit } from '../model/source.ts';
import { OWN_MARKER } from '../model/inline-comment.ts';
import { inlineComments, speaksOf } from '../policy/inline.ts';
import type { SeenComment } from '../policy/triage.ts';
import { packFound, Unpacker, type Gathered, type PackedFound } from './gathered.ts';
import type { InspectOptions, Inspector } from './inspector.ts';
import { beat, type Pulse } from './pulse.ts';

/** A sighting and the content that it was made in. */
export interface Found {
  readonly origin: Origin;
  readonly sighting: Sighting;
}

/** Running totals, for the report and for progress. */
export interface Totals {
  files: number;
  blobs: number;
  commits: number;
  bytes: number;
  matchedBytes: number;
}

/** The run was stopped from outside: what is there so far is reported as incomplete. */
export class Stopped extends Error {}

export class Collector implements Sink {
  readonly totals: Totals = { files: 0, blobs: 0, commits: 0, bytes: 0, matchedBytes: 0 };
  readonly found: Found[] = [];
  readonly missed: NotScanned[] = [];
  readonly left: Record<string, number> = {};
  readonly notes = new Set<string>();
  /** keysift's own ignore comments in files and staged contents. */
  readonly comments: SeenComment[] = [];
  /** Called for each hit that a filter dropped, with the file that it was in. */
  readonly #tell: ((file: string, drop: Dropped) => void) | undefined;
  readonly #inspector: Inspector;
  /** For what other threads found. */
  #unpacker: Unpacker | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #pulse: Pulse | undefined;
  #counted = 0;
  #ended = 0;

  constructor(
    inspector: Inspector,
    options: { signal?: AbortSignal | undefined; dropped?: ((file: string, drop: Dropped) => void) | undefined; pulse?: Pulse } = {},
  ) {
    this.#inspector = inspector;
    this.#signal = options.signal;
    this.#pulse = options.pulse;
    this.#tell = options.dropped;
  }

  /** Units counted = scanned + not scanned + excluded. */
  get balanced(): boolean {
    return this.#counted === this.#ended;
  }

  /** Everything gathered so far, as plain data; the collector starts again from nothing. */
  drain(): Gathered {
    const gathered = {
      totals: { ...this.totals },
      found: packFound(this.found),
      missed: [...this.missed],
      left: { ...this.left },
      notes: [...this.notes],
      comments: [...this.comments],
      ledger: [this.#counted, this.#ended] as const,
    };
    Object.assign(this.totals, { files: 0, blobs: 0, commits: 0, bytes: 0, matchedBytes: 0 });
    this.found.length = 0;
    this.missed.length = 0;
    for (const reason of Object.keys(this.left)) delete this.left[reason];
    this.notes.clear();
    this.comments.length = 0;
    this.#counted = 0;
    this.#ended = 0;
    return gathered;
  }

  /** Takes over what another thread gathered. */
  absorb(gathered: Gathered): void {
    for (const name of ['files', 'blobs', 'commits', 'bytes', 'matchedBytes'] as const) this.totals[name] += gathered.totals[name];
    append(this.found, this.unpack(gathered.found));
    append(this.missed, gathered.missed);
    for (const [reason, count] of Object.entries(gathered.left)) this.left[reason] = (this.left[reason] ?? 0) + count;
    for (const note of gathered.notes) this.notes.add(note);
    append(this.comments, gathered.comments);
    this.#counted += gathered.ledger[0];
    this.#ended += gathered.ledger[1];
  }

  /** Takes over a blob that another thread looked at. */
  takeBlob(size: number, matched: number, found: readonly Found[], missed: Gathered['missed']): void {
    this.totals.blobs++;
    this.totals.bytes += size;
    this.totals.matchedBytes += matched;
    append(this.found, found);
    append(this.missed, missed);
    // Each entry is a unit of its own.
    this.#counted += 1 + missed.length;
    this.#ended += 1 + missed.length;
  }

  /** What another thread found, see `Unpacker.unpack`. */
  unpack(found: PackedFound, from?: number, to?: number): Found[] {
    if (found.rows.length === 0) return []; // or all rules would be parsed
    this.#unpacker ??= new Unpacker(new Map(this.#inspector.set.rules.map((rule) => [rule.id, rule])));
    return this.#unpacker.unpack(found, from, to);
  }

  counted(unit: Unit): void {
    this.#counted++;
    if (unit === 'file') this.totals.files++;
    else if (unit === 'blob') this.totals.blobs++;
    else if (unit === 'commit') this.totals.commits++;
  }

  reserve(size: number): Buffer {
    return this.#inspector.reserve(size);
  }

  content(origin: Origin, bytes: Uint8Array): void {
    this.#goOn();
    this.totals.bytes += bytes.length;
    this.totals.matchedBytes += bytes.length;
    const sightings = this.#inspector.inspect(bytes, this.#options(origin));
    this.#found(origin, sightings);
    if ((origin.kind === 'file' || origin.kind === 'staged') && this.#inspector.sawComment) this.#keepComments(origin.path, bytes, sightings);
    if (origin.kind !== 'metadata') this.#ended++;
  }

  plainBlob(size: number, lines: Uint8Array, base: KnownHits | undefined, isBase = true, runs?: () => Int32Array): KnownHits | undefined {
    this.#goOn();
    const known = this.#tell === undefined ? this.#inspector.plainLines(size, lines, base, isBase, runs) : undefined;
    if (known === undefined) return undefined;
    this.totals.bytes += size;
    this.totals.matchedBytes += this.#inspector.matchedBytes;
    this.#ended++;
    return known;
  }

  placesIn(texts: Uint8Array): readonly number[] | undefined {
    return this.#inspector.placesIn(texts);
  }

  passed(size: number): void {
    this.#goOn();
    this.totals.bytes += size;
    this.totals.matchedBytes += size;
  }

  blob(id: () => string, bytes: Uint8Array, change: LineChange | undefined, isBase: boolean): KnownHits | undefined {
    const originOf = (): Origin => ({ kind: 'blob', blob: id() });
    this.#goOn();
    // What filters drop is told for each blob, so then each is looked at whole.
    const sightings = this.#tell === undefined ? this.#inspector.inspectLines(bytes, change, this.#blobOptions(originOf)) : undefined;
    if (sightings === undefined) {
      this.content(originOf(), bytes);
      return undefined;
    }
    this.totals.bytes += bytes.length;
    this.totals.matchedBytes += this.#inspector.matchedBytes;
    if (sightings.length > 0) this.#found(originOf(), sightings);
    this.#ended++;
    return isBase ? this.#inspector.known() : undefined;
  }

  pieces(origin: Origin, isAlone = false): Parts {
    const windows = new Windows(this.#inspector, this.#options(origin), (sighting) => this.found.push({ origin, sighting }), { isAlone });
    return {
      room: (most) => windows.room(most),
      piece: (bytes) => {
        this.#goOn();
        this.totals.bytes += bytes.length;
        this.totals.matchedBytes += bytes.length;
        windows.push(bytes);
      },
      end: () => {
        windows.end();
        this.#ended++;
      },
    };
  }

  #found(origin: Origin, sightings: readonly Sighting[]): void {
    for (const sighting of sightings) this.found.push({ origin, sighting });
  }

  /** Before each content, and each piece of one. */
  #goOn(): void {
    if (this.#signal?.aborted === true) throw new Stopped();
    if (this.#pulse !== undefined) beat(this.#pulse);
  }

  #keepComments(file: string, bytes: Uint8Array, sightings: readonly Sighting[]): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const comment of inlineComments(buffer.toString('latin1'))) {
      if (!comment.marker.startsWith(OWN_MARKER)) continue;
      const used = sightings.some(
        ({ rule, comments = [] }) =>
          comments.some(({ line, marker }) => line === comment.line && marker === comment.marker) && speaksOf(comment, rule),
      );
      this.comments.push({ file, comment, used });
    }
  }

  scanned(): void {
    this.#ended++;
  }

  notScanned(entry: NotScanned): void {
    this.missed.push(entry);
    this.#ended++;
  }

  excluded(reason: string): void {
    this.left[reason] = (this.left[reason] ?? 0) + 1;
    this.#ended++;
  }

  note(text: string): void {
    this.notes.add(text);
  }

  /** Of the lines of a blob: it has its paths afterwards. */
  #blobOptions(originOf: () => Origin): InspectOptions {
    return { selfIdentifyingOnly: false, timedOut: (rule) => this.#timedOut(originOf(), rule) };
  }

  #options(origin: Origin): InspectOptions {
    const tell = this.#tell;
    const common = {
      selfIdentifyingOnly: origin.kind === 'metadata',
      // Blobs have their paths afterwards.
      ...(origin.kind !== 'blob' && {
        isOtherFile: ({ paths }: Rule): boolean => !standsAt(originFile(origin), { paths }),
      }),
      timedOut: (rule: Rule): void => this.#timedOut(origin, rule),
    };
    return tell === undefined ? common : { ...common, dropped: (drop) => tell(originFile(origin), drop) };
  }

  /** The content counts as scanned, but not under this rule: that is a unit of its own, told once for all windows. */
  #timedOut(origin: Origin, rule: Rule): void {
    const unit = originFile(origin);
    if (this.missed.some((entry) => entry.reason === 'RULE-TIMEOUT' && entry.unit === unit && entry.detail.startsWith(`rule ${rule.id} `))) return;
    this.counted('source');
    this.notScanned({ unit, reason: 'RULE-TIMEOUT', detail: `rule ${rule.id} was stopped in it; make its pattern shorter, or its literals rarer` });
  }
}

/** Bytes looked at together. */
const WINDOW = 8 * 1024 * 1024;
/** What a match may need before its start (its line, its context) and after it (its own length). Both are even. */
const BEFORE = 64 * 1024;
const AFTER = 128 * 1024;

/**
 * A content in windows that overlap. A sighting counts in the window in whose middle it begins, so it is told once,
 * and every window holds enough around its middle for any rule's verdict.
 */
export class Windows {
  /** The buffer of the last content, for the next one: a new one for each makes work for the collector of garbage. */
  static #spare: Buffer | undefined;
  readonly #size: number;
  readonly #inspector: Inspector;
  readonly #options: InspectOptions;
  readonly #found: (sighting: Sighting) => void;
  /** Undefined where it is the memory in which contents are looked at. */
  readonly #own: Buffer | undefined;
  #filled = 0;
  /** Offset of the buffer's first byte in the content. */
  #base = 0;
  /** Where the next window's middle begins, in the buffer. */
  #middle = 0;
  #line = 1;
  #column = 1;
  /** Told by the first window; the others do not hold the mark. */
  #encoding: Encoding | undefined;

  /**
   * @param place `isAlone`: nothing else is looked at until the end, so that what is looked at need not be copied. `size` of a
   *   window, for tests
   */
  constructor(inspector: Inspector, options: InspectOptions, found: (sighting: Sighting) => void, { isAlone = false, size = WINDOW } = {}) {
    this.#inspector = inspector;
    this.#options = options;
    this.#found = found;
    this.#size = BEFORE + size + AFTER;
    this.#own = isAlone ? undefined : Windows.#taken(this.#size);
  }

  /** A view for now: memory of the inspector that grows takes another one. */
  get #buffer(): Buffer {
    return this.#own ?? this.#inspector.reserve(this.#size);
  }

  static #taken(size: number): Buffer {
    const spare = Windows.#spare;
    if (spare?.length !== size) return Buffer.allocUnsafe(size);
    Windows.#spare = undefined;
    return spare;
  }

  /** See `Parts.room`. */
  room(most: number): Buffer {
    return this.#buffer.subarray(this.#filled, Math.min(this.#size, this.#filled + most));
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const count = Math.min(bytes.length - at, this.#size - this.#filled);
      const room = this.room(count);
      if (bytes.buffer !== room.buffer || bytes.byteOffset + at !== room.byteOffset) room.set(bytes.subarray(at, at + count));
      this.#filled += count;
      at += count;
      if (this.#filled === this.#size) this.#look(this.#filled - AFTER);
    }
  }

  end(): void {
    this.#look(this.#filled);
    if (this.#own !== undefined) Windows.#spare = this.#own;
  }

  /** Looks at the buffer and tells what begins before `until`. */
  #look(until: number): void {
    let window = this.#buffer.subarray(0, this.#filled);
    const last = until === this.#filled;
    for (const sighting of this.#inspector.inspect(window, { ...this.#options, line: this.#line, column: this.#column, encoding: this.#encoding })) {
      const { start, end } = sighting.span;
      if (start < this.#middle || (start >= until && !last)) continue;
      this.#found({ ...sighting, span: { start: this.#base + start, end: this.#base + end } });
    }
    const keepFrom = Math.max(0, until - BEFORE) & ~3; // units of four bytes stay whole
    window = this.#buffer.subarray(0, this.#filled);
    if (keepFrom > 0 && !last) this.#advance(window, keepFrom);
    this.#buffer.copyWithin(0, keepFrom, this.#filled);
    this.#filled -= keepFrom;
    this.#base += keepFrom;
    this.#middle = until - keepFrom;
  }

  /** Counts lines and columns up to where the next window begins, in characters of the content's encoding. */
  #advance(window: Uint8Array, keepFrom: number): void {
    const encoding = this.#encoding ?? encodingOf(window);
    const view = encoding === 'bytes' ? undefined : wideView(window, encoding, this.#encoding === undefined);
    const before = (view?.bytes ?? window).subarray(0, view?.offset(keepFrom) ?? keepFrom);
    const lineFeeds = this.#inspector.lineFeeds(before);
    const lastLine = before.lastIndexOf(LF) + 1;
    this.#line += lineFeeds;
    this.#column = (lineFeeds === 0 ? this.#column : 1) + this.#inspector.columns(before.subarray(lastLine));
    this.#encoding = encoding;
  }
}
