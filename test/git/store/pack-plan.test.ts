/** Which object of a pack is a delta of which, on packs made by hand. Ranks are places in the list. */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codecModule } from '../../../src/kernel/codec-instance.ts';
import { kernelPlan } from '../../../src/git/store/kernel-plan.ts';
import { PackBlocks } from '../../../src/git/store/pack-blocks.ts';
import { TYPE } from '../../../src/git/store/pack-entry.ts';
import { PackFile } from '../../../src/git/store/pack-file.ts';
import { planPack, type PackPlan } from '../../../src/git/store/pack-plan.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { Random } from '../../support/random.ts';
import { blobId, makeDelta, whole, writePack, type Entry } from './hand-made.ts';

const id = (digit: string): string => digit.repeat(40);

/** A delta of an object of four bytes; what it makes does not matter to a plan. */
function delta(name: string, base: number | string): Entry {
  return { id: id(name), body: makeDelta(4, [{ copy: 0, size: 3 }]), base };
}

function planOf(entries: readonly Entry[], cut?: (offsets: readonly number[]) => number): PackPlan {
  const { path, offsets } = written(entries);
  if (cut !== undefined) truncateSync(`${path}.pack`, cut(offsets));
  return planAt(path);
}

function written(entries: readonly Entry[]): { path: string; offsets: readonly number[] } {
  const objectsDir = temporaryFolder();
  const offsets = writePack(objectsDir, 'p', entries);
  return { path: join(objectsDir, 'pack', 'p'), offsets };
}

function planAt(path: string, before: (pack: PackFile) => void = () => undefined): PackPlan {
  const pack = PackFile.open(`${path}.pack`, `${path}.idx`, 20, new PackBlocks());
  before(pack);
  const plan = planPack(pack);
  // The kernel makes the same of every pack here.
  expect(kernelPlan(kernel(), pack)).toEqual(plan);
  pack.close();
  return plan;
}

function kernel(): WebAssembly.Module {
  const module = codecModule();
  if (module === undefined) throw new Error('no codec.wasm: run npm run build first');
  return module;
}

/** The deltas of each object that has some, in the order in which they are read. */
function children({ first, next }: PackPlan): Record<number, number[]> {
  const found: Record<number, number[]> = {};
  for (const [base, child] of first.entries()) {
    for (let at = child; at >= 0; at = next[at]!) (found[base] ??= []).push(at);
  }
  return found;
}

const faults = ({ broken }: PackPlan): (number | string)[][] => broken.map(({ rank, fault }) => [rank, fault]);

describe('a plan', () => {
  test('knows type, size and header of each object, and whose delta it is', () => {
    const commit: Entry = { id: id('1'), type: 'commit', body: Buffer.alloc(20, 'c') };
    const plan = planOf([commit, whole('abcd'), delta('2', 0), delta('3', 1), delta('4', id('3')), delta('5', id('f'))]);
    const size = delta('2', 0).body.length;
    expect([...plan.types]).toEqual([TYPE.commit, TYPE.blob, TYPE.commit, TYPE.blob, TYPE.blob, TYPE.none]);
    expect([...plan.sizes]).toEqual([20, 4, size, size, size, size]);
    expect([...plan.headers]).toEqual([2, 1, 2, 2, 21, 21]);
    expect([...plan.roots]).toEqual([0, 1]);
    expect(children(plan)).toEqual({ 0: [2], 1: [3], 3: [4] });
    expect(plan.external.map(({ rank, baseId }) => [rank, baseId.toString('hex')])).toEqual([[5, id('f')]]);
    expect(plan.broken).toEqual([]);
  });

  test('bases are found wherever they lie among thousands of objects of very different sizes', () => {
    const random = new Random(7);
    const entries = Array.from({ length: 3000 }, (_, rank): Entry => {
      const own = rank.toString(16).padStart(40, 'a');
      if (rank % 10 === 0)
        return { id: own, type: 'blob', body: Uint8Array.from({ length: random.chance(2) ? 20_000 : 4 }, () => random.below(256)) };
      return { id: own, body: makeDelta(4, [{ copy: 0, size: 3 }]), base: random.below(rank) };
    });
    const { broken, external, roots } = planOf(entries);
    expect([broken, external, roots.length]).toEqual([[], [], 300]);
  });

  test('an index that says an offset beyond all numbers breaks that object, and what is made of it lacks its base', () => {
    const { path } = written([whole('abcd'), delta('1', 0), delta('2', 1)]);
    const index = readFileSync(`${path}.idx`);
    const words = index.length - 40 - 3 * 4;
    // The object that is last in the order of ids, here the first: its word is now the first place of a table of 64 bits.
    index.writeUInt32BE(2 ** 31, words + 8);
    writeFileSync(`${path}.idx`, Buffer.concat([index.subarray(0, -40), Buffer.alloc(8, 0xff), index.subarray(-40)]));
    expect(planAt(path).broken).toMatchObject([{ fault: 'missing-base' }, { fault: 'unreadable' }]);
  });

  test('a base may lie behind its delta', () => {
    const plan = planOf([delta('1', blobId('abcd')), whole('abcd')]);
    expect([[...plan.types], [...plan.roots], children(plan)]).toEqual([[TYPE.blob, TYPE.blob], [1], { 1: [0] }]);
  });

  test('the branch with the most below it is read last, of equal ones the last', () => {
    // 0 has 1, 2 and 3; below 1 there are two more, below 3 one.
    expect(children(planOf([whole('abcd'), delta('1', 0), delta('2', 0), delta('3', 0), delta('4', 1), delta('5', 4), delta('6', 3)]))).toEqual({
      0: [2, 3, 1],
      1: [4],
      3: [6],
      4: [5],
    });
    expect(children(planOf([whole('abcd'), delta('1', 0), delta('2', 0), delta('3', 0)]))).toEqual({ 0: [1, 2, 3] });
    // The heaviest is the one in the middle: it is taken out of the list and put behind its end.
    expect(children(planOf([whole('abcd'), delta('1', 0), delta('2', 0), delta('3', 0), delta('4', 2)]))).toEqual({ 0: [1, 3, 2], 2: [4] });
    expect(children(planOf([whole('abcd'), delta('1', 0), delta('2', 0), delta('3', 0), delta('4', 0), delta('5', 3)]))).toEqual({
      0: [1, 2, 4, 3],
      3: [5],
    });
  });

  test('a family costs what it holds: compressed bytes, and each object as large as its root', () => {
    const raw = Buffer.alloc(10);
    const family = [
      { ...whole('abcd'), raw },
      { ...delta('1', 0), raw },
      { ...delta('2', 1), raw },
    ];
    // A header has one byte, and one more where it names a base.
    const plan = planOf([...family, { ...whole('x'), raw, size: 2000 }]);
    expect([...plan.weights]).toEqual([6 * (11 + 12 + 12) + 0.15 * 3 * 4, 6 * 12 + 0.15 * 2000]);
  });
});

describe('what is broken', () => {
  test('has its fault, and what hangs on it no type', () => {
    const plan = planOf([{ ...whole('abcd'), offset: 3 }, { ...whole('x'), code: 5 }, delta('1', 1), { ...whole('y'), offset: 1e6 }]);
    // By offset: the one before the first object, the one without a type, its delta, the one behind the end.
    expect(faults(plan)).toEqual([
      [0, 'bad-header'],
      [1, 'bad-header'],
      [3, 'unreadable'],
    ]);
    expect([...plan.types]).toEqual([0, 0, 0, 0]);
    expect(children(plan)).toEqual({ 1: [2] });
    expect([...plan.roots]).toEqual([]);
  });

  test('a base at a place where nothing begins', () => {
    const odd: Entry = { id: id('1'), body: Buffer.alloc(1), code: 6, raw: Buffer.from([1]) };
    expect(faults(planOf([whole('abcd'), odd]))).toEqual([[1, 'missing-base']]);
  });

  test('one object of each ring, and the rest hangs on it', () => {
    const ring = [delta('1', id('3')), delta('2', id('1')), delta('3', id('2')), delta('4', id('2')), delta('5', id('5')), whole('abcd')];
    const plan = planOf(ring);
    expect(faults(plan)).toEqual([
      [0, 'delta-cycle'],
      [4, 'delta-cycle'],
    ]);
    expect(children(plan)).toEqual({ 0: [1], 1: [2, 3] });
    expect([...plan.types]).toEqual([0, 0, 0, 0, 0, TYPE.blob]);
    expect([...plan.roots]).toEqual([5]);
  });

  test('what hangs on a ring is no part of it', () => {
    const plan = planOf([delta('1', id('2')), delta('2', id('3')), delta('3', id('2'))]);
    expect([faults(plan), children(plan)]).toEqual([[[1, 'delta-cycle']], { 1: [0, 2] }]);
  });

  test('nothing can be read of a pack that fails', () => {
    const objectsDir = temporaryFolder();
    writePack(objectsDir, 'p', [whole('abcd'), whole('x')]);
    const path = join(objectsDir, 'pack', 'p');
    const pack = PackFile.open(`${path}.pack`, `${path}.idx`, 20, new PackBlocks());
    pack.close();
    expect(faults(planPack(pack))).toEqual([
      [0, 'unreadable'],
      [1, 'unreadable'],
    ]);
  });

  test('a pack that is cut: what lies behind its end is unreadable, a header in the middle is none', () => {
    const entries = [whole('abcd'), delta('1', id('f')), whole('efgh')];
    expect(faults(planOf(entries, ([, second = 0]) => second + 3))).toEqual([
      [1, 'bad-header'],
      [2, 'unreadable'],
    ]);
    expect(faults(planOf(entries, ([, , third = 0]) => third))).toEqual([[2, 'unreadable']]);
  });
});

test('of a pack that cannot be read any more all objects are broken', () => {
  const { path } = written([whole('abcd'), delta('1', 0)]);
  const plan = planAt(path, (pack) => {
    expect(pack.table.positions).toHaveLength(2);
    pack.close();
  });
  expect(faults(plan)).toEqual([
    [0, 'unreadable'],
    [1, 'unreadable'],
  ]);
});

test('an error that is no damage of the pack is a bug, and no broken object', () => {
  const objectsDir = temporaryFolder();
  writePack(objectsDir, 'p', [whole('abcd')]);
  const path = join(objectsDir, 'pack', 'p');
  const pack = PackFile.open(`${path}.pack`, `${path}.idx`, 20, new PackBlocks());
  pack.read = () => {
    throw new TypeError('a bug');
  };
  expect(() => planPack(pack)).toThrow('a bug');
  expect(() => kernelPlan(kernel(), pack)).toThrow('a bug');
  pack.close();
});

test('headers are read in pieces: a pack of more than one, and a header across their border', () => {
  const piece = 4 * 1024 * 1024;
  const filler = (size: number): Entry => ({ id: id('0'), body: Buffer.alloc(1), raw: Buffer.alloc(size, 7) });
  for (const shift of [-66, -64, -63, -3, 0]) {
    // The first object's header has one byte, the pack's twelve.
    const plan = planOf([filler(piece - 1 + shift), delta('1', id('f')), whole('abcd'), delta('2', blobId('abcd'))]);
    expect([...plan.types]).toEqual([TYPE.blob, TYPE.none, TYPE.blob, TYPE.blob]);
    expect(plan.external.map(({ rank, baseId }) => [rank, baseId.toString('hex')])).toEqual([[1, id('f')]]);
    expect(children(plan)).toEqual({ 2: [3] });
  }
});
