/** The ledger: every unit that was counted ends exactly once, and nothing of it is lost on the way from another thread. */
import { describe, expect, test, vi } from 'vitest';
import { Locator } from '../../src/detect/locate.ts';
import type { Dropped, Sighting } from '../../src/model/finding.ts';
import type { NotScanned } from '../../src/model/not-scanned.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { Rule } from '../../src/model/rule.ts';
import { Secret } from '../../src/model/secret.ts';
import type { KnownHits, LineChange } from '../../src/model/source.ts';
import { Collector, Stopped, Windows } from '../../src/scan/collector.ts';
import type { InspectOptions, Inspector } from '../../src/scan/inspector.ts';
import { newPulse } from '../../src/scan/pulse.ts';

const RULE = { id: 'a-rule', matcher: { kind: 'token' } } as unknown as Rule;
const OTHER = { id: 'a-rul', matcher: { kind: 'token' } } as unknown as Rule;

/**
 * Finds each `key=…`, and says that every comment with a `!` before it covers it. A NUL makes a content one that must be
 * inspected as a whole, a `slow` lets rules run out of time.
 */
class FakeInspector {
  readonly set = { rules: [RULE, OTHER] };
  readonly asked: InspectOptions[] = [];
  sawComment = false;
  matchedBytes = 0;

  reserve(size: number): Buffer {
    return Buffer.alloc(size, 'r');
  }

  lineFeeds(bytes: Uint8Array): number {
    return lineFeedsOf(bytes);
  }

  columns(bytes: Uint8Array): number {
    return columnsOf(bytes);
  }

  placesIn(texts: Uint8Array): number[] {
    return [texts.length];
  }

  inspect(bytes: Uint8Array, options: InspectOptions): Sighting[] {
    this.asked.push(options);
    const text = Buffer.from(bytes).toString('latin1');
    this.sawComment = text.includes(':allow');
    for (const rule of text.includes('slow') ? [RULE, OTHER, RULE] : []) options.timedOut?.(rule);
    options.dropped?.({ rule: RULE, span: { start: 1, end: 2 }, filter: 'f', reason: 'r' });
    return [...text.matchAll(/key=(\w+)/g)].map((match) => sighting(match[1] ?? '', match.index, text));
  }

  inspectLines(bytes: Uint8Array, change: LineChange | undefined, options: InspectOptions): Sighting[] | undefined {
    if (bytes.includes(0)) return undefined;
    this.matchedBytes = change?.lines.length ?? bytes.length;
    return this.inspect(bytes, options);
  }

  /** Blobs whose new lines hold a NUL or a key must be there as a whole. */
  plainLines(size: number, lines: Uint8Array, base: KnownHits | undefined): KnownHits | undefined {
    if (/\0|key=/.test(Buffer.from(lines).toString('latin1'))) return undefined;
    this.matchedBytes = lines.length;
    return { pairs: new Int32Array(), settled: base?.settled ?? new Int32Array(), size };
  }

  known(): { pairs: Int32Array; settled: Int32Array; size: number } {
    return { pairs: new Int32Array(), settled: new Int32Array(), size: this.matchedBytes };
  }
}

function lineFeedsOf(bytes: Uint8Array): number {
  return bytes.filter((byte) => byte === 0x0a).length;
}

function columnsOf(bytes: Uint8Array): number {
  return bytes.filter((byte) => byte < 0x80 || byte > 0xbf).length;
}

function sighting(value: string, start: number, text: string): Sighting {
  const line = text.slice(0, start).split('\n').length;
  const comments = text
    .split('\n')
    .flatMap((one, index) => [...one.matchAll(/!(\w+:allow[\w-]*)/g)].map(([, marker]) => ({ line: index + 1, marker })));
  return {
    rule: RULE,
    secret: new Secret(value, value.slice(0, 2)),
    span: { start, end: start + value.length + 4 },
    range: { startLine: line, startColumn: 1, endLine: line, endColumn: 2 },
    name: 'key',
    evidence: [],
    confidence: 'high',
    severity: 'high',
    ...(comments.length === 0 ? {} : { comments }),
  } as unknown as Sighting;
}

function collecting(options: ConstructorParameters<typeof Collector>[1] = {}): { collector: Collector; inspector: FakeInspector } {
  const inspector = new FakeInspector();
  return { collector: new Collector(inspector as unknown as Inspector, options), inspector };
}

const FILE: Origin = { kind: 'file', path: 'a.ts' };
const MESSAGE: Origin = { kind: 'metadata', part: 'commit message', object: '1', label: '<commit message>' };
const MISSED: NotScanned = { unit: 'b.ts', reason: 'EACCES', detail: 'closed' };
const id = 'ab'.repeat(20);

/** What ends a unit. Each alone leaves the ledger balanced after one `counted`, and unbalanced twice. */
const ENDS: readonly (readonly [string, (collector: Collector) => void])[] = [
  ['a content', (collector) => collector.content(FILE, Buffer.from('x'))],
  ['a blob by its lines', (collector) => collector.blob(() => id, Buffer.from('x'), undefined, false)],
  ['a blob as a whole', (collector) => collector.blob(() => id, Buffer.from('\0'), undefined, false)],
  ['the new lines of a blob that holds nothing', (collector) => collector.plainBlob(9, Buffer.from('x'), undefined)],
  ['pieces', (collector) => collector.pieces(FILE).end()],
  ['scanned', (collector) => collector.scanned()],
  ['not scanned', (collector) => collector.notScanned(MISSED)],
  ['excluded', (collector) => collector.excluded('why')],
];

describe('the ledger', () => {
  test.each(ENDS)('balances when a unit ends in %s, once', (_name, end) => {
    const { collector } = collecting();
    expect(collector.balanced).toBe(true);
    collector.counted('file');
    expect(collector.balanced).toBe(false);
    end(collector);
    expect(collector.balanced).toBe(true);
    end(collector);
    expect(collector.balanced).toBe(false);
    collector.counted('file');
    expect(collector.balanced).toBe(true);
  });

  test('counts by kind of unit', () => {
    const { collector } = collecting();
    for (const unit of ['file', 'blob', 'blob', 'commit', 'commit', 'commit', 'tag', 'ref', 'source'] as const) collector.counted(unit);
    expect(collector.totals).toEqual({ files: 1, blobs: 2, commits: 3, bytes: 0, matchedBytes: 0 });
  });

  test('texts of a commit do not end it, and are looked at without context', () => {
    const { collector, inspector } = collecting();
    collector.counted('commit');
    collector.content(MESSAGE, Buffer.from('key=one'));
    expect(collector.balanced).toBe(false);
    collector.scanned();
    expect(collector.balanced).toBe(true);
    collector.counted('file');
    collector.content(FILE, Buffer.from('x'));
    expect(inspector.asked.map((options) => options.selfIdentifyingOnly)).toEqual([true, false]);
  });

  test('only where the path is known a rule about some paths can tell that it is another one', () => {
    const { collector, inspector } = collecting();
    const paths = { only: ['.env*'], not: [] };
    const origins: Origin[] = [
      FILE,
      { kind: 'file', path: 'app/.env.local' },
      { kind: 'staged', blob: id, path: 'a.ts' },
      { kind: 'staged', blob: id, path: '.env' },
      { kind: 'stdin', path: 'a.ts' },
      MESSAGE,
      { kind: 'blob', blob: id },
    ];
    for (const origin of origins) collector.content(origin, Buffer.from('x'));
    expect(inspector.asked.map(({ isOtherFile }) => isOtherFile?.({ ...RULE, paths }))).toEqual([true, false, true, false, true, true, undefined]);
    expect(inspector.asked[0]?.isOtherFile?.(RULE)).toBe(false);
  });

  test('a rule that ran out of time is a unit of its own, told once a content and rule', () => {
    const { collector } = collecting();
    for (const origin of [FILE, FILE, { kind: 'file', path: 'b.ts' } as const]) {
      collector.counted('file');
      collector.content(origin, Buffer.from('slow'));
    }
    expect(collector.balanced).toBe(true);
    const entry = (unit: string, rule: string): NotScanned => ({
      unit,
      reason: 'RULE-TIMEOUT',
      detail: `rule ${rule} was stopped in it; make its pattern shorter, or its literals rarer`,
    });
    expect(collector.missed).toEqual([entry('a.ts', 'a-rule'), entry('a.ts', 'a-rul'), entry('b.ts', 'a-rule'), entry('b.ts', 'a-rul')]);
    // What was missed there for another reason is no answer to it.
    const fresh = collecting().collector;
    fresh.notScanned({ unit: 'a.ts', reason: 'EACCES', detail: 'rule a-rule was never run' });
    fresh.content(FILE, Buffer.from('slow'));
    expect(fresh.missed).toHaveLength(3);
  });

  test('keeps what was missed, left out and noted', () => {
    const { collector } = collecting();
    collector.notScanned(MISSED);
    for (const reason of ['x', 'y', 'x']) collector.excluded(reason);
    for (const note of ['n', 'm', 'n']) collector.note(note);
    expect([collector.missed, collector.left, [...collector.notes]]).toEqual([[MISSED], { x: 2, y: 1 }, ['n', 'm']]);
  });
});

describe('contents', () => {
  test('what is found is kept with its origin; bytes are counted', () => {
    const { collector } = collecting();
    collector.content(FILE, Buffer.from('key=one key=two'));
    const pieces = collector.pieces(MESSAGE);
    for (const piece of ['ke', 'y=three']) pieces.piece(Buffer.from(piece));
    pieces.end();
    const found = collector.found.map(({ origin, sighting: one }) => [origin, one.secret.reveal(), one.span.start]);
    expect(found).toEqual([
      [FILE, 'one', 0],
      [FILE, 'two', 8],
      [MESSAGE, 'three', 0],
    ]);
    expect(collector.totals).toMatchObject({ bytes: 24, matchedBytes: 24 });
    expect(collector.reserve(3).toString()).toBe('rrr');
  });

  test('of a blob only the bytes that were looked at count as matched, and what is known is told of a base alone', () => {
    const { collector } = collecting();
    const bytes = Buffer.from('old line\nkey=one');
    const change = { base: new FakeInspector().known(), runs: new Int32Array(), lines: bytes.subarray(9) };
    expect(collector.blob(() => id, bytes, change, true)).toMatchObject({ size: 7 });
    expect(collector.blob(() => id, bytes, change, false)).toBeUndefined();
    expect(collector.blob(() => id, Buffer.from('key=two\0'), change, true)).toBeUndefined();
    expect(collector.found.map(({ origin, sighting: one }) => [origin, one.secret.reveal()])).toEqual([
      [{ kind: 'blob', blob: id }, 'one'],
      [{ kind: 'blob', blob: id }, 'one'],
      [{ kind: 'blob', blob: id }, 'two'],
    ]);
    expect(collector.totals).toMatchObject({ bytes: 16 + 16 + 8, matchedBytes: 7 + 7 + 8 });
  });

  test('what filters drop is told with its file, and then every blob is looked at whole', () => {
    const told: (readonly [string, Dropped])[] = [];
    const { collector } = collecting({ dropped: (file, drop) => told.push([file, drop]) });
    collector.content(FILE, Buffer.from('x'));
    expect(collector.blob(() => id, Buffer.from('x'), undefined, true)).toBeUndefined();
    expect(told.map(([file, { filter }]) => `${file} ${filter}`)).toEqual(['a.ts f', `<blob ${id.slice(0, 12)}> f`]);
    const { collector: silent, inspector } = collecting();
    silent.content(FILE, Buffer.from('x'));
    expect(inspector.asked[0]).not.toHaveProperty('dropped');
  });

  test('a stop from outside ends it before the next content, blob or piece', () => {
    const abort = new AbortController();
    const { collector } = collecting({ signal: abort.signal });
    const pieces = collector.pieces(FILE);
    collector.content(FILE, Buffer.from('key=one'));
    abort.abort();
    expect(() => collector.content(FILE, Buffer.from('key=two'))).toThrow(Stopped);
    expect(() => collector.blob(() => id, Buffer.from('key=two'), undefined, false)).toThrow(Stopped);
    expect(() => collector.plainBlob(9, Buffer.from('x'), undefined)).toThrow(Stopped);
    expect(() => pieces.piece(Buffer.from('key=two'))).toThrow(Stopped);
    expect(() => collector.passed(9)).toThrow(Stopped);
    expect(collector.found).toHaveLength(1);
    expect(collector.totals.bytes).toBe(7);
  });

  test('comments of ours in files and staged contents are kept, and whether they cover something', () => {
    const { collector } = collecting();
    const text = 'key=one // !gitleaks:allow !keysift:allow a-rule\nx // keysift:allow-begin\nkey=two // gitleaks:allow';
    for (const kind of ['file', 'staged', 'blob'] as const)
      collector.content({ kind, path: `${kind}.ts`, blob: id }, Buffer.from(`  ${text}`).subarray(2));
    collector.content(FILE, Buffer.from('key=one // !keysift:allow a-rul'));
    collector.content(FILE, Buffer.from('key=one // !gitleaks:allow keysift:allow\nx // !keysift:allow-begin\ny // keysift:allow-begin'));
    expect(collector.comments.map(({ file, comment, used }) => [file, comment.line, used])).toEqual([
      ['file.ts', 1, true],
      ['file.ts', 2, false],
      ['staged.ts', 1, true],
      ['staged.ts', 2, false],
      ['a.ts', 1, false],
      ['a.ts', 1, false],
      ['a.ts', 2, true],
      ['a.ts', 3, false],
    ]);
  });
});

test('what was gone through elsewhere counts as looked at, and ends nothing', () => {
  const { collector } = collecting();
  collector.counted('blob');
  collector.passed(30);
  collector.passed(4);
  expect(collector.totals).toMatchObject({ bytes: 34, matchedBytes: 34 });
  expect(collector.balanced).toBe(false);
  expect(collector.placesIn(Buffer.from('abc'))).toEqual([3]);
});

describe('pieces', () => {
  const SIZE = 8 * 1024 * 1024 + 64 * 1024 + 128 * 1024;

  test('are looked at together, in memory of their own where others are looked at in between', () => {
    const { collector, inspector } = collecting();
    const reserve = vi.spyOn(inspector, 'reserve');
    const pieces = collector.pieces(FILE);
    expect([pieces.room(7).length, pieces.room(SIZE * 2).length]).toEqual([7, SIZE]);
    for (const piece of ['key', '=on', 'e']) pieces.piece(Buffer.from(piece));
    expect([pieces.room(7).length, pieces.room(SIZE).length]).toEqual([7, SIZE - 7]);
    expect(inspector.asked).toHaveLength(0);
    pieces.end();
    expect([inspector.asked.length, reserve.mock.calls.length]).toEqual([1, 0]);
  });

  test('that are alone are read into the memory in which they are looked at', () => {
    const { collector, inspector } = collecting();
    const memory = Buffer.alloc(SIZE);
    inspector.reserve = (size) => memory.subarray(0, size);
    const pieces = collector.pieces(FILE, true);
    const room = pieces.room(8);
    expect([room.length, room.buffer === memory.buffer, room.byteOffset]).toEqual([8, true, memory.byteOffset]);
    room.write('key=one ');
    const set = vi.spyOn(Buffer.prototype, 'set');
    pieces.piece(room);
    const copies = set.mock.calls.length;
    set.mockRestore();
    expect(copies).toBe(0);
    // The same memory, and another place of it.
    memory.write('key=two ', 1000);
    pieces.piece(memory.subarray(1000, 1008));
    pieces.piece(Buffer.from('key=six'));
    pieces.end();
    expect(collector.found.map(({ sighting: one }) => [one.secret.reveal(), one.span.start])).toEqual([
      ['one', 0],
      ['two', 8],
      ['six', 16],
    ]);
  });

  test('have the memory of those before them, and never that of others', () => {
    const { collector, inspector } = collecting();
    const alone = Buffer.alloc(SIZE);
    inspector.reserve = (size) => alone.subarray(0, size);
    const [first, second] = [collector.pieces(FILE), collector.pieces(FILE)];
    const memory = [first, second].map((pieces) => pieces.room(1).buffer);
    expect(memory[0]).not.toBe(memory[1]);
    first.end();
    collector.pieces(FILE, true).end();
    expect(collector.pieces(FILE).room(1).buffer).toBe(memory[0]);
    expect(collector.pieces(FILE).room(1).buffer).not.toBe(memory[0]);
    second.end();
  });
});

describe('a blob by its new lines alone', () => {
  const base: KnownHits = { pairs: new Int32Array(), settled: Int32Array.of(7), size: 1 };

  test('counts with its whole size, and hands on what is known', () => {
    const { collector } = collecting();
    collector.counted('blob');
    expect(collector.plainBlob(90, Buffer.from('xyz'), base)).toEqual({ ...base, size: 90 });
    expect(collector.totals).toEqual({ files: 0, blobs: 1, commits: 0, bytes: 90, matchedBytes: 3 });
  });

  test('that may hold something, or of which each drop is told, has not been looked at', () => {
    for (const [options, lines] of [
      [{}, 'key=one'],
      [{ dropped: () => undefined }, 'xyz'],
    ] as const) {
      const { collector } = collecting(options);
      collector.counted('blob');
      expect(collector.plainBlob(90, Buffer.from(lines), base)).toBeUndefined();
      expect([collector.totals.bytes, collector.totals.matchedBytes, collector.balanced]).toEqual([0, 0, false]);
    }
  });
});

test('each content and each piece of one is a sign of life', () => {
  const pulse = newPulse();
  const { collector } = collecting({ pulse });
  const pieces = collector.pieces(FILE);
  const looks: readonly (() => void)[] = [
    () => collector.content(FILE, Buffer.from('x')),
    () => void collector.blob(() => id, Buffer.from('x'), undefined, false),
    () => void collector.plainBlob(9, Buffer.from('x'), undefined),
    () => pieces.piece(Buffer.from('x')),
    () => collector.passed(1),
  ];
  const beats = looks.map((look) => {
    const before = pulse[0] ?? 0;
    look();
    return (pulse[0] ?? 0) > before;
  });
  expect(beats).toEqual([true, true, true, true, true]);
});

describe('threads', () => {
  function full(): Collector {
    const { collector } = collecting();
    collector.counted('file');
    collector.counted('blob');
    collector.counted('commit');
    collector.content(FILE, Buffer.from('key=one // keysift:allow\n'));
    collector.notScanned(MISSED);
    collector.excluded('x');
    collector.note('n');
    return collector;
  }

  test('what one gathered comes to the other whole, as plain data, and the first begins anew', () => {
    const collector = full();
    collector.note('m');
    const { found, missed, left, totals, notes, comments } = full();
    const gathered = structuredClone(collector.drain());
    expect(gathered.ledger).toEqual([3, 3]);
    expect(collector.drain()).toEqual({
      totals: { files: 0, blobs: 0, commits: 0, bytes: 0, matchedBytes: 0 },
      found: { rows: new Float64Array(0), values: [] },
      missed: [],
      left: {},
      notes: [],
      comments: [],
      ledger: [0, 0],
    });
    const taker = full();
    taker.counted('file');
    taker.absorb(gathered);
    expect(taker.balanced).toBe(false);
    taker.scanned();
    expect(taker.balanced).toBe(true);
    expect(taker.found).toEqual([...found, ...found]);
    expect(taker.found.map(({ sighting: one }) => [one.rule, one.secret.reveal(), one.secret.publicPrefix])).toEqual([
      [RULE, 'one', 'on'],
      [RULE, 'one', 'on'],
    ]);
    expect(taker.totals).toEqual({ files: 3, blobs: 2, commits: 2, bytes: 2 * totals.bytes, matchedBytes: 2 * totals.matchedBytes });
    expect([taker.missed, taker.left, [...taker.notes], taker.comments]).toEqual([
      [...missed, ...missed],
      { x: 2 * (left['x'] ?? 0) },
      [...notes, 'm'],
      [...comments, ...comments],
    ]);
  });

  test('what was left out only there is left out here as often', () => {
    const { collector } = collecting();
    collector.excluded('y');
    collector.absorb(full().drain());
    expect(collector.left).toEqual({ x: 1, y: 1 });
  });

  test('a finding whose rule is not known here is a bug, and not gone', () => {
    const gathered = full().drain();
    const found = { ...gathered.found, values: gathered.found.values.map((value) => (value === JSON.stringify(RULE.id) ? '"another"' : value)) };
    expect(() => collecting().collector.absorb({ ...gathered, found })).toThrow('no rule another in this thread');
  });

  test('where nothing was found no rule is asked for: all would be read', () => {
    const { collector, inspector } = collecting();
    const rules = vi.fn(() => [RULE, OTHER]);
    Object.defineProperty(inspector.set, 'rules', { get: rules });
    collector.absorb(collecting().collector.drain());
    collector.takeBlob(7, 7, [], []);
    expect(rules).not.toHaveBeenCalled();
    collector.absorb(full().drain());
    collector.absorb(full().drain());
    expect(rules).toHaveBeenCalledOnce();
  });

  test('a ledger that did not balance there does not balance here', () => {
    const { collector } = collecting();
    collector.counted('file');
    const taker = collecting().collector;
    taker.absorb(collector.drain());
    expect(taker.balanced).toBe(false);
  });

  test('a blob of another thread is a unit that has ended, and so is each thing that was missed in it', () => {
    const { collector: other } = collecting();
    other.content({ kind: 'blob', blob: id }, Buffer.from('key=one'));
    const { found } = other.drain();
    const { collector } = collecting();
    collector.takeBlob(70, 7, collector.unpack(found), [MISSED, MISSED]);
    expect(collector.balanced).toBe(true);
    expect(collector.totals).toEqual({ files: 0, blobs: 1, commits: 0, bytes: 70, matchedBytes: 7 });
    expect([collector.found.length, collector.missed]).toEqual([1, [MISSED, MISSED]]);
    // They are counted as units in both: the difference shows when one is drained.
    expect(collector.drain().ledger).toEqual([3, 3]);
  });
});

describe('windows of a large content', () => {
  /** Finds each `key=…` of a window, with its line and column in the content. */
  const inspector = {
    inspect: (bytes: Uint8Array, { line, column }: InspectOptions): Sighting[] => {
      const locator = new Locator(bytes, line, column);
      const text = Buffer.from(bytes).toString('latin1');
      return [...text.matchAll(/key=(\w+)/g)].map((match) => {
        const span = { start: match.index, end: match.index + match[0].length };
        return { ...sighting(match[1] ?? '', match.index, ''), span, range: locator.range(span) };
      });
    },
    lineFeeds: lineFeedsOf,
    columns: columnsOf,
  } as unknown as Inspector;

  const told = ({ secret, span, range }: Sighting): string =>
    `${secret.reveal()} ${span.start}-${span.end} ${range.startLine}:${range.startColumn}-${range.endLine}:${range.endColumn}`;

  function through(bytes: Buffer, size: number, piece: number): string[] {
    const found: string[] = [];
    const windows = new Windows(inspector, {}, (one) => found.push(told(one)), { size });
    for (let at = 0; at < bytes.length; at += piece) windows.push(bytes.subarray(at, at + piece));
    windows.end();
    return found;
  }

  /** The first window's middle ends behind as many bytes as are kept before a window, and the window's size. */
  const BEFORE = 64 * 1024;

  test.each([
    [16_384, 5000],
    [16_384, 1_000_000],
    [50_001, 7777],
    [300_000, 1000],
  ])('of %i bytes, in pieces of %i: each sighting once, at its place, with its line and column', (size, piece) => {
    const bytes = Buffer.alloc(300_000, 'x ');
    for (let at = 3; at < bytes.length; at += 997) bytes.write('\n', at);
    // Also at both ends, and across each border of the smallest windows.
    const places = new Set([0, bytes.length - 7, ...Array.from({ length: 15 }, (_, index) => BEFORE + 16_384 * index - (index % 3))]);
    for (const place of places) if (place + 7 <= bytes.length) bytes.write(`key=${String(place % 997).padStart(3, '0')} `.slice(0, 7), place);
    const whole = inspector.inspect(bytes, {}).map(told);
    expect(whole.length).toBeGreaterThan(15);
    expect(through(bytes, size, piece)).toEqual(whole);
  });

  test('of one line that goes on over all of them', () => {
    const bytes = Buffer.alloc(300_000, 'x ');
    for (let at = 1000; at < bytes.length; at += 30_011) bytes.write(' key=abc ', at);
    const whole = inspector.inspect(bytes, {}).map(told);
    expect(whole.at(-1)).toMatch(/^abc 271100-271107 1:271101-/);
    expect(through(bytes, 16_384, 5000)).toEqual(whole);
  });

  test('one that begins just before, at and just behind a border', () => {
    for (const shift of [-8, -7, -1, 0, 1]) {
      const bytes = Buffer.alloc(3 * BEFORE + 4096 + 5000, '\n');
      bytes.write('key=abc', BEFORE + 4096 + shift);
      expect(through(bytes, 4096, bytes.length)).toEqual(inspector.inspect(bytes, {}).map(told));
    }
  });
});
