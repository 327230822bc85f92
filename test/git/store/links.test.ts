import { describe, expect, test } from 'vitest';
import { noteRest, objectTypes, walkLinks } from '../../../src/git/store/links.ts';
import { ObjectNumbers } from '../../../src/git/store/numbers.ts';
import { openStore, type ObjectStore } from '../../../src/git/store/object-store.ts';
import { TYPE } from '../../../src/git/store/pack-entry.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { makeDelta, objectId, storeOf, whole, writeLoose, writePack, type Entry, type Operation } from './hand-made.ts';

const textOf = (content: string): Operation[] => [{ insert: content }];

function commitEntry(content: string): Entry {
  return { id: objectId('commit', Buffer.from(content)), type: 'commit', body: Buffer.from(content) };
}

/** A commit that is made from another one: by its place in the pack, or by its id. */
function madeEntry(base: string, content: string, of: number | string, type = 'commit'): Entry {
  return { id: objectId(type, Buffer.from(content)), body: makeDelta(base.length, textOf(content)), base: of };
}

interface Told {
  /** What was told, in order: how, and the content, of what is made also the base's. */
  readonly told: string[];
  readonly unreadable: string[];
}

/** All that is told of some types; what is kept of each is its content. */
function walked(store: ObjectStore, wanted: readonly number[]): Told {
  const numbers = new ObjectNumbers(store);
  const told: string[] = [];
  const lost: string[] = [];
  const held = new Set<string>();
  const keep = (content: string): string => {
    held.add(content);
    return content;
  };
  const unreadable = walkLinks<string>(store, numbers, objectTypes(store, numbers), wanted, {
    expect: (size) => told.push(`expect ${size}`),
    whole(number, type, bytes) {
      expect(numbers.id(number)).toBe(objectId(nameOf(type), bytes));
      told.push(`whole ${bytes.toString()}`);
      return keep(bytes.toString());
    },
    made(number, type, bytes, delta, base) {
      expect(numbers.id(number)).toBe(objectId(nameOf(type), bytes));
      expect(delta.equals(makeDelta(base.length, textOf(bytes.toString())))).toBe(true);
      expect(held.has(base)).toBe(true);
      told.push(`made ${bytes.toString()} of ${base}`);
      return keep(bytes.toString());
    },
    drop(kept) {
      expect(held.delete(kept)).toBe(true);
    },
    unreadable: (number) => lost.push(numbers.id(number)),
  });
  expect([...held]).toEqual([]);
  expect(unreadable.map((number) => numbers.id(number))).toEqual(lost);
  return { told: told.filter((line) => !line.startsWith('expect ')), unreadable: lost };
}

const nameOf = (type: number): string => Object.entries(TYPE).find(([, code]) => code === type)![0];

function typesOf(store: ObjectStore, ids: readonly string[]): (string | undefined)[] {
  const numbers = new ObjectNumbers(store);
  const types = objectTypes(store, numbers);
  return ids.map((id) => nameOf(types[numbers.find(id)!]!));
}

describe('types of all objects', () => {
  test('in packs, loose, and of what is made from others', () => {
    const objectsDir = temporaryFolder();
    const loose = ['commit', 'tree', 'blob', 'tag'].map((type) => writeLoose(objectsDir, type, `loose ${type}`));
    const entries = [commitEntry('one'), madeEntry('one', 'two', 0), whole('blob\n')];
    expect(typesOf(storeOf([entries], objectsDir), [...loose, ...entries.map(({ id }) => id)])).toEqual([
      'commit',
      'tree',
      'blob',
      'tag',
      'commit',
      'commit',
      'blob',
    ]);
  });

  test('a base that lies in another pack, or loose', () => {
    const objectsDir = temporaryFolder();
    writeLoose(objectsDir, 'tag', 'tagged');
    const entries = [madeEntry('one', 'two', commitEntry('one').id), madeEntry('tagged', 'again', objectId('tag', Buffer.from('tagged')), 'tag')];
    const store = storeOf([entries, [commitEntry('one')]], objectsDir);
    expect(
      typesOf(
        store,
        entries.map(({ id }) => id),
      ),
    ).toEqual(['commit', 'tag']);
  });

  test('none for what cannot be read, and that of any copy that can be', () => {
    const objectsDir = temporaryFolder();
    const gone = madeEntry('one', 'gone', '0'.repeat(40));
    const twice = madeEntry('one', 'twice', '0'.repeat(40));
    const damaged = writeLoose(objectsDir, 'commit', 'damaged', { raw: Buffer.from('no zlib') });
    const saved = writeLoose(objectsDir, 'commit', 'saved', { raw: Buffer.from('no zlib') });
    writeLoose(objectsDir, 'commit', 'twice');
    const store = storeOf([[gone, twice, commitEntry('saved')]], objectsDir);
    expect(typesOf(store, [gone.id, damaged, twice.id, saved])).toEqual(['none', 'none', 'commit', 'commit']);
  });

  test('what is known of the rest already stays', () => {
    const objectsDir = temporaryFolder();
    const id = writeLoose(objectsDir, 'commit', 'loose');
    const store = openStore({ objectsDir, hashBytes: 20 });
    const numbers = new ObjectNumbers(store);
    const types = new Uint8Array([TYPE.tag]);
    noteRest(store, numbers, types, [0]);
    expect([numbers.find(id), ...types]).toEqual([0, TYPE.tag]);
  });

  test('what fails for another reason is not hidden', () => {
    const objectsDir = temporaryFolder();
    writeLoose(objectsDir, 'commit', 'loose');
    const store = openStore({ objectsDir, hashBytes: 20 });
    store.looseReader.head = () => expect.unreachable('a defect');
    expect(() => objectTypes(store, new ObjectNumbers(store))).toThrow('a defect');
  });
});

describe('walkLinks', () => {
  test('tells what is wanted and nothing else, in the order of the pack, each base before what is made from it', () => {
    const objectsDir = temporaryFolder();
    writeLoose(objectsDir, 'commit', 'loose');
    writeLoose(objectsDir, 'tree', 'loose tree');
    const entries: Entry[] = [
      commitEntry('one'),
      whole('blob\n'),
      madeEntry('one', 'two', 0),
      madeEntry('two', 'three', 2),
      madeEntry('one', 'four', 0),
      { id: objectId('tag', Buffer.from('tag')), type: 'tag', body: Buffer.from('tag') },
      commitEntry('last'),
    ];
    const store = storeOf([entries], objectsDir);
    const { told, unreadable } = walked(store, [TYPE.commit]);
    expect(told[0]).toBe('whole one');
    expect(told.slice(1, 4).toSorted()).toEqual(['made four of one', 'made three of two', 'made two of one']);
    expect(told.indexOf('made two of one')).toBeLessThan(told.indexOf('made three of two'));
    expect(told.slice(4)).toEqual(['whole last', 'whole loose']);
    expect(unreadable).toEqual([]);
    expect(walked(store, [TYPE.tag]).told).toEqual(['whole tag']);
    expect(walked(store, [TYPE.tree, TYPE.tag]).told).toEqual(['whole tag', 'whole loose tree']);
    expect(walked(store, []).told).toEqual([]);
  });

  test('one that is there several times is told once, but where others are made from it', () => {
    const entries = [commitEntry('one'), madeEntry('one', 'two', 0)];
    const again = [commitEntry('one'), madeEntry('one', 'three', 0), madeEntry('one', 'two', 0)];
    expect(walked(storeOf([entries, [commitEntry('other'), commitEntry('one')]]), [TYPE.commit]).told.slice(0, 3)).toEqual([
      'whole one',
      'made two of one',
      'whole other',
    ]);
    expect(walked(storeOf([entries, again]), [TYPE.commit]).told).toEqual(['whole one', 'made two of one', 'whole one', 'made three of one']);
  });

  test('the first object of a pack may be made from those behind it', () => {
    const first = (content: string): Entry => madeEntry('one', content, commitEntry('one').id);
    expect(walked(storeOf([[first('two'), commitEntry('one')]]), [TYPE.commit]).told).toEqual(['whole one', 'made two of one']);
    const several = [first('two'), commitEntry('one'), madeEntry('one', 'three', 1), madeEntry('two', 'four', 0)];
    expect(walked(storeOf([several]), [TYPE.commit]).told).toEqual(['whole one', 'made three of one', 'made two of one', 'made four of two']);
  });

  test('one that was told is made again where others are made from it', () => {
    const entries = [commitEntry('one'), madeEntry('one', 'two', 0)];
    const told = ['whole one', 'made two of one', 'whole one', 'made two of one', 'made three of two'];
    expect(walked(storeOf([entries, [...entries, madeEntry('two', 'three', 1)]]), [TYPE.commit]).told).toEqual(told);
    const first = [madeEntry('two', 'three', madeEntry('one', 'two', 0).id), ...entries.slice(0, 1), madeEntry('one', 'two', 1)];
    expect(walked(storeOf([entries, first]), [TYPE.commit]).told).toEqual(told);
  });

  test('a base that lies elsewhere', () => {
    const entries = [madeEntry('one', 'two', commitEntry('one').id)];
    expect(walked(storeOf([entries, [commitEntry('one')]]), [TYPE.commit]).told).toEqual(['whole one', 'whole two']);
  });

  test('a damaged base: what is below it cannot be read, and what lies beside it can', () => {
    const damaged = { ...commitEntry('one'), raw: Buffer.from('no zlib') };
    const entries = [damaged, madeEntry('one', 'two', 0), madeEntry('two', 'three', 1), commitEntry('last')];
    const { told, unreadable } = walked(storeOf([entries]), [TYPE.commit]);
    expect(told).toEqual(['whole last']);
    expect(unreadable.toSorted()).toEqual(
      entries
        .slice(0, 3)
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  test('a damaged delta between two others', () => {
    const entries = [
      commitEntry('one'),
      { ...madeEntry('one', 'two', 0), body: makeDelta(99, textOf('two')) },
      madeEntry('two', 'three', 1),
      madeEntry('one', 'four', 0),
    ];
    const { told, unreadable } = walked(storeOf([entries]), [TYPE.commit]);
    expect(told).toEqual(['whole one', 'made four of one']);
    expect(unreadable.toSorted()).toEqual([entries[1]!.id, entries[2]!.id].toSorted());
  });

  test('another copy is read where one is damaged', () => {
    const damaged = { ...commitEntry('one'), raw: Buffer.from('no zlib') };
    const { told, unreadable } = walked(storeOf([[damaged, madeEntry('one', 'two', 0)], [commitEntry('one')]]), [TYPE.commit]);
    expect(told.toSorted()).toEqual(['whole one', 'whole two']);
    expect(unreadable).toEqual([]);
  });

  test('where hashes are to be verified, what is not what its id says is damaged', () => {
    const objectsDir = temporaryFolder();
    const wrong = { ...commitEntry('one'), id: '12'.repeat(20) };
    writePack(objectsDir, 'pack-0', [wrong, commitEntry('two'), { ...madeEntry('two', 'three', 1), id: '34'.repeat(20) }]);
    const { told, unreadable } = walked(openStore({ objectsDir, hashBytes: 20, verify: true }), [TYPE.commit]);
    expect(told).toEqual(['whole two']);
    expect(unreadable.toSorted()).toEqual(['12'.repeat(20), '34'.repeat(20)]);
  });

  test('room for an object is asked for before it is told', () => {
    const store = storeOf([[commitEntry('one'), madeEntry('one', 'longer', 0)]]);
    const numbers = new ObjectNumbers(store);
    const told: (number | string)[] = [];
    walkLinks<undefined>(store, numbers, objectTypes(store, numbers), [TYPE.commit], {
      expect: (size) => told.push(size),
      whole: (_number, _type, bytes) => void told.push(bytes.toString()),
      made: (_number, _type, bytes) => void told.push(bytes.toString()),
      drop: () => undefined,
      unreadable: () => expect.unreachable(),
    });
    expect(told).toEqual([3, 'one', 6, 'longer']);
  });

  test('what a visitor throws is not hidden', () => {
    const store = storeOf([[commitEntry('one')]]);
    const numbers = new ObjectNumbers(store);
    let calls = 0;
    const fails = (): undefined => {
      if (calls++ === 0) throw new TypeError('a defect');
    };
    const visitor = { expect: () => undefined, whole: fails, made: fails, drop: fails, unreadable: fails };
    expect(() => walkLinks(store, numbers, objectTypes(store, numbers), [TYPE.commit], visitor)).toThrow('a defect');
  });

  test('bytes that are held for objects are given back', () => {
    const store = storeOf([
      [commitEntry('one'), madeEntry('one', 'two', 0), madeEntry('two', 'three', 1), { ...madeEntry('one', 'bad', 0), body: makeDelta(99, []) }],
    ]);
    const held = new Set<unknown>();
    let most = 0;
    const { codec } = store;
    const { release } = codec;
    const note = <Given extends unknown[], Result>(work: (...given: Given) => Result) => {
      return (...given: Given): Result => {
        const result = work.apply(codec, given);
        most = Math.max(most, held.add(result).size);
        return result;
      };
    };
    codec.inflate = note(codec.inflate);
    codec.inflateFrom = note(codec.inflateFrom);
    codec.applyDelta = note(codec.applyDelta);
    codec.release = (one) => {
      held.delete(one);
      release.call(codec, one);
    };
    walked(store, [TYPE.commit]);
    expect(most).toBe(3);
    expect(held.size).toBe(0);
  });
});
