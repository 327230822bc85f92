import { deflateSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { MAX_WHOLE } from '../../../src/model/source.ts';
import { mostShares, walkBlobs, type BlobVisitor, type Change, type Sharing } from '../../../src/git/store/families.ts';
import type { ObjectStore } from '../../../src/git/store/object-store.ts';
import { PackFile } from '../../../src/git/store/pack-file.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { blobId, makeDelta, objectId, storeOf, walked, whole, writeLoose, type Entry, type Operation } from './hand-made.ts';

/** An entry that makes `content` by putting a line in front of the base. */
function prefixed(base: string, line: string, of: number | string): Entry {
  const operations = Array.from({ length: Math.ceil((line.length + 1) / 127) }, (_, part): Operation => {
    return { insert: `${line}\n`.slice(part * 127, (part + 1) * 127) };
  });
  for (let copy = 0; copy < base.length; copy += 0x10000) operations.push({ copy, size: Math.min(0x10000, base.length - copy) });
  return { id: blobId(`${line}\n${base}`), body: makeDelta(base.length, operations), base: of };
}

interface Told {
  readonly content: string;
  readonly change: { readonly base: boolean | undefined; readonly lines: string } | undefined;
}

function told(store: ObjectStore, answer: (content: string) => boolean = () => false, sharing?: Sharing): Told[] {
  const list: Told[] = [];
  const visitor: BlobVisitor<boolean> = {
    blob(_id, content, change: Change<boolean> | undefined) {
      list.push({
        content: content.toString(),
        change: change === undefined ? undefined : { base: change.base, lines: change.lines.toString() },
      });
      return answer(content.toString());
    },
    special: () => expect.unreachable(),
    failed: (id, reason) => expect.unreachable(`${id} ${reason}`),
  };
  walkBlobs(store, visitor, sharing);
  return list;
}

describe('walkBlobs', () => {
  test('tells a delta what the visitor said of its base, and which lines are new', () => {
    const store = storeOf([[whole('base\n'), prefixed('base\n', 'one', 0), prefixed('one\nbase\n', 'two', 1), prefixed('base\n', 'three', 0)]]);
    expect(told(store, (content) => content.startsWith('one'))).toEqual([
      { content: 'base\n', change: undefined },
      { content: 'three\nbase\n', change: { base: false, lines: 'three\n' } },
      // The branch with the most below it comes last, when the base is needed no longer.
      { content: 'one\nbase\n', change: { base: false, lines: 'one\n' } },
      { content: 'two\none\nbase\n', change: { base: true, lines: 'two\n' } },
    ]);
  });

  test('alone as families lie in the pack; with others those that cost most first, equal ones in their order', () => {
    const store = storeOf([[...['b', 'a', 'c'].map(whole), whole('large '.repeat(50)), prefixed('c', 'x', 2)]]);
    const order = (sharing?: Sharing): string[] => told(store, undefined, sharing).map(({ content }) => content.slice(0, 5));
    expect(order()).toEqual(['b', 'a', 'c', 'x\nc', 'large']);
    const sharing = { told: new Uint8Array(store.catalogue.total), claim: () => true, done: () => undefined, rest: true };
    expect(order(sharing)).toEqual(['large', 'c', 'x\nc', 'b', 'a']);
  });

  test('a base by id may lie behind its delta', () => {
    const store = storeOf([[prefixed('base\n', 'one', blobId('base\n')), whole('base\n')]]);
    expect(told(store).map(({ content }) => content)).toEqual(['base\n', 'one\nbase\n']);
  });

  test('what is there several times is told once, and its deltas all the same', () => {
    const twoPacks = [
      [whole('base\n'), prefixed('base\n', 'one', 0)],
      [whole('other\n'), whole('base\n'), prefixed('base\n', 'two', 1), prefixed('base\n', 'one', 1)],
    ];
    const objectsDir = temporaryFolder();
    for (const content of ['base\n', 'two\nbase\n', 'loose\n']) writeLoose(objectsDir, 'blob', content);
    expect(told(storeOf(twoPacks, objectsDir), (content) => content === 'base\n')).toEqual([
      { content: 'base\n', change: undefined },
      { content: 'one\nbase\n', change: { base: true, lines: 'one\n' } },
      { content: 'other\n', change: undefined },
      { content: 'two\nbase\n', change: { base: true, lines: 'two\n' } },
      { content: 'loose\n', change: undefined },
    ]);
  });

  test('the same id twice in one index', () => {
    expect(
      told(storeOf([[whole('x'), whole('x'), whole('y')]]))
        .map(({ content }) => content)
        .toSorted(),
    ).toEqual(['x', 'y']);
  });

  test('a base in another pack, or loose', () => {
    const objectsDir = temporaryFolder();
    writeLoose(objectsDir, 'blob', 'loose\n');
    const store = storeOf(
      [
        [prefixed('base\n', 'one', blobId('base\n')), prefixed('one\nbase\n', 'two', 0), prefixed('loose\n', 'three', blobId('loose\n'))],
        [whole('base\n')],
      ],
      objectsDir,
    );
    expect(told(store)).toEqual([
      { content: 'one\nbase\n', change: undefined },
      { content: 'two\none\nbase\n', change: { base: false, lines: 'two\n' } },
      { content: 'three\nloose\n', change: undefined },
      { content: 'base\n', change: undefined },
      { content: 'loose\n', change: undefined },
    ]);
    expect(store.read(blobId('two\none\nbase\n'))?.bytes.toString()).toBe('two\none\nbase\n');
  });

  test('objects of other types are none of its', () => {
    const message = Buffer.from('tree 0\n\nmessage');
    const objectsDir = temporaryFolder();
    writeLoose(objectsDir, 'commit', 'loose commit');
    const store = storeOf(
      [
        [
          { id: objectId('commit', message), type: 'commit', body: message },
          { id: objectId('commit', Buffer.from('tree')), body: makeDelta(message.length, [{ copy: 0, size: 4 }]), base: 0 },
          { id: objectId('tag', Buffer.from('t')), type: 'tag', body: Buffer.from('t') },
          whole('blob'),
        ],
      ],
      objectsDir,
    );
    expect(told(store).map(({ content }) => content)).toEqual(['blob']);
  });

  test('what the visitor throws goes through', () => {
    const stop = new Error('stop');
    const visitor = {
      blob: (): boolean => {
        throw stop;
      },
      special: () => undefined,
      failed: () => undefined,
    };
    expect(() => walkBlobs(storeOf([[whole('x')]]), visitor)).toThrow(stop);
  });

  test('a chain of 30,000 deltas', () => {
    const depth = 30_000;
    const content = (step: number): string => `${String(step).padStart(6, '0')}\nbase\n`;
    const entries: Entry[] = [whole(content(0))];
    for (let step = 1; step <= depth; step++) {
      const body = makeDelta(12, [{ insert: content(step).slice(0, 6) }, { copy: 6, size: 6 }]);
      entries.push({ id: blobId(content(step)), body, base: step - 1 });
    }
    const store = storeOf([entries]);
    const list = told(store);
    expect(list).toHaveLength(depth + 1);
    expect(list.at(-1)).toEqual({ content: content(depth), change: { base: false, lines: content(depth).slice(0, 7) } });
    expect(store.read(blobId(content(depth)))?.bytes.toString()).toBe(content(depth));
  });

  test('holds few bases at a time, however a family branches', () => {
    // A comb: each tooth's base has the long branch as its first child, which an eager walk would keep for ever.
    const size = 1024 * 1024;
    const filler = Buffer.alloc(size - 8, 'x');
    const content = (name: string): Buffer => Buffer.concat([Buffer.from(name.padEnd(8, '_')), filler]);
    const entries: Entry[] = [whole(content('root'))];
    const child = (name: string, base: number): void => {
      const copies = Array.from({ length: Math.ceil(filler.length / 0x10000) }, (_, part): Operation => {
        const copy = 8 + part * 0x10000;
        return { copy, size: Math.min(0x10000, size - copy) };
      });
      entries.push({ id: blobId(content(name)), body: makeDelta(size, [{ insert: name.padEnd(8, '_') }, ...copies]), base });
    };
    let spine = 0;
    for (let step = 0; step < 400; step++) {
      child(`s${step}`, spine);
      child(`t${step}`, spine);
      spine = entries.length - 2;
    }
    const store = storeOf([entries]);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    let blobs = 0;
    walkBlobs(store, {
      blob() {
        blobs++;
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        return false;
      },
      special: () => expect.unreachable(),
      failed: () => expect.unreachable(),
    });
    expect(blobs).toBe(801);
    expect(most).toBeLessThan(40 * 1024 * 1024);
  });
});

test('what a blob copies from its base is there when it is asked for, and is nothing to the next one', () => {
  const long = (letter: string): string => `${letter.repeat(99)}\n`.repeat(60);
  // The second leaf is not asked for its content; the next blob is as large, so that it lies where that lay.
  const entries = [whole(long('a')), prefixed(long('a'), 'two', 0), prefixed(long('a'), 'one', 0), whole(long('b')), prefixed(long('b'), 'three', 3)];
  const contents: string[] = [];
  walkBlobs<boolean>(storeOf([entries]), {
    sift: () => true,
    plain: (_number, _size, lines, base) => (base === undefined || lines.toString() === 'two\n' ? undefined : true),
    blob: (_id, content) => contents.push(content.toString()) > 0,
    special: () => expect.unreachable(),
    failed: () => expect.unreachable(),
  });
  expect(contents.toSorted()).toEqual([long('a'), long('b'), `two\n${long('a')}`]);
});

test('families that lie all over a large pack: each object is read about once, and all are told', () => {
  let state = 1;
  const noise = (size: number): string => {
    const bytes = Buffer.alloc(size);
    for (let at = 0; at < size; at++) bytes[at] = (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 24;
    return bytes.toString('base64').slice(0, size);
  };
  const bases = Array.from({ length: 40 }, () => `${noise(60_000)}\n`);
  const rounds = Array.from({ length: 60 }, (_, round) => (round % 9 === 8 ? '' : noise(120)));
  const entries: Entry[] = bases.map(whole);
  // One that is read alone, and behind it some that are smaller than the room between two that are read together.
  entries.push(whole(noise(700_000)));
  for (const line of rounds)
    for (const [base, content] of bases.entries())
      entries.push(line === '' ? whole(`${noise(3000 + base * 90)}`) : prefixed(content, `${line}${noise(1500)}`, base));
  for (const [base, content] of bases.entries()) entries.push(prefixed(content, noise(20_000), base));
  const read = vi.spyOn(PackFile.prototype, 'read');
  const store = storeOf([entries]);
  const { blobs, failed } = walked(store);
  // Plans read headers by the 64 KiB, or without the kernel by the 4 MiB.
  const lengths = read.mock.calls.map(([, , length]) => length).filter((length) => length !== 64 * 1024 && length < 4 * 1024 * 1024);
  read.mockRestore();
  expect(blobs.size).toBe(entries.length);
  expect(failed).toEqual({});
  expect(store.packs[0]!.size).toBeGreaterThan(6_000_000);
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(1.2 * store.packs[0]!.size);
});

describe('large objects', () => {
  const size = MAX_WHOLE + 1;
  const head = (count: number): Operation[] => [{ copy: 0, size: count }];

  test('are told with all that comes from them, and not read', () => {
    const large = Buffer.alloc(size, 'x');
    const entries: Entry[] = [
      { id: blobId(large), body: large },
      { id: blobId('xx'), body: makeDelta(size, head(2)), base: 0 },
      { id: blobId('x'), body: makeDelta(2, head(1)), base: 1 },
      whole('small'),
      // A small base, a large result; and instructions that are larger than any result.
      { id: '1'.repeat(40), body: makeDelta(5, [], size + 5), base: 3 },
      { id: '2'.repeat(40), body: makeDelta(5, head(3)), size: size + 9, base: 3 },
      { id: '3'.repeat(40), body: makeDelta(9, head(3)), base: 4 },
      { id: '4'.repeat(40), body: Buffer.alloc(0), raw: Buffer.from('damaged'), base: 4 },
    ];
    const objectsDir = temporaryFolder();
    const loose = writeLoose(objectsDir, 'blob', Buffer.concat([large, large]));
    const { blobs, special, failed } = walked(storeOf([entries], objectsDir));
    expect([...blobs.values()]).toEqual(['small']);
    expect(Object.fromEntries(special)).toEqual(
      Object.fromEntries([
        [blobId(large), size],
        [blobId('xx'), 2],
        [blobId('x'), 1],
        ['1'.repeat(40), size + 5],
        ['2'.repeat(40), 3],
        ['3'.repeat(40), 3],
        [loose, 2 * size],
      ]),
    );
    expect(failed).toEqual({ ['4'.repeat(40)]: 'bad-compression' });
  });

  test('one of exactly the limit is read', () => {
    const content = Buffer.alloc(MAX_WHOLE, 'y');
    const store = storeOf([[{ id: blobId(content), body: content, raw: deflateSync(content, { level: 0 }) }]]);
    expect(walked(store).blobs.get(blobId(content))).toHaveLength(MAX_WHOLE);
    expect(store.read(blobId(content))?.bytes).toHaveLength(MAX_WHOLE);
  });
});

test('no pack has more shares than it may, whatever its families weigh', () => {
  const packs = [128, 129, 500].map((count, pack) =>
    Array.from({ length: count }, (_, place) => whole(`${pack} ${place}`.padEnd(place % 7 === 0 ? 400 : 12, 'x'))),
  );
  const asked: number[] = [];
  const claim = (share: number): boolean => asked.push(share) > 0;
  const visitor = { blob: () => undefined, special: () => undefined, failed: () => undefined };
  walkBlobs(storeOf(packs), visitor, { told: new Uint8Array(1000), claim, done: () => undefined, rest: true });
  expect(asked).toEqual(asked.map((_, share) => share));
  expect(asked.length).toBeGreaterThan(100);
  expect(asked.length).toBeLessThanOrEqual(mostShares(packs.length));
});
