import { describe, expect, test, vi } from 'vitest';
import { PAGE, type CodecImports } from '../../../src/kernel/codec-instance.ts';
import { openStore, type ObjectStore } from '../../../src/git/store/object-store.ts';
import { TYPE } from '../../../src/git/store/pack-entry.ts';
import { packKernel, PackInput } from '../../../src/git/store/pack-input.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { blobId, storeOf, whole } from './hand-made.ts';

/** A kernel that gives room after room, and blocks from the other end. */
function placed(store: ObjectStore): { input: PackInput; memory: WebAssembly.Memory } {
  const memory = new WebAssembly.Memory({ initial: 1 });
  let [room, block] = [0, PAGE];
  const kernel = { room: (size: number) => (room += size) - size, need: (size: number) => (block -= size) };
  return { input: new PackInput(store, { memory, kernel }), memory };
}

describe('the memory of a kernel', () => {
  test('shows what the kernel wrote, also after it has grown', () => {
    const { input, memory } = placed(storeOf([]));
    new Uint8Array(memory.buffer).set([1, 2, 3, 4], 10);
    expect([...input.view(11, 2)]).toEqual([2, 3]);
    expect(input.bytes.length).toBe(PAGE);
    memory.grow(1);
    expect([...input.view(10, 4)]).toEqual([1, 2, 3, 4]);
    expect(input.bytes.length).toBe(2 * PAGE);
    input.view(PAGE, 1)[0] = 7;
    expect(new Uint8Array(memory.buffer)[PAGE]).toBe(7);
  });

  test('is asked for again only when it has grown: that costs more than a view', () => {
    const { input } = placed(storeOf([]));
    expect(input.bytes).toBe(input.bytes);
  });

  test('takes tables as they lie in theirs, in room of their size', () => {
    const { input } = placed(storeOf([]));
    const words = Uint32Array.of(1, 2, 0x01020304, 9).subarray(2, 3);
    expect([input.place(words), input.place(Float64Array.of(1.5)), input.place(Uint8Array.of(5, 6))]).toEqual([0, 4, 12]);
    expect([...input.view(0, 4)]).toEqual([4, 3, 2, 1]);
    expect([input.view(4, 8).readDoubleLE(), ...input.view(12, 2)]).toEqual([1.5, 5, 6]);
    expect([input.placeBlock(Int32Array.of(-1)), input.placeBlock(words)]).toEqual([PAGE - 4, PAGE - 8]);
    expect([...input.view(PAGE - 8, 8)]).toEqual([4, 3, 2, 1, 255, 255, 255, 255]);
  });
});

describe('what the kernel asks of a pack', () => {
  const objectsDir = temporaryFolder();
  const store = storeOf([[whole('first'), whole('second')]], objectsDir);
  const verifying = openStore({ objectsDir, hashBytes: 20, verify: true });
  const [pack] = verifying.packs;

  test('whether bytes are the object that they are taken for', () => {
    const { input } = placed(verifying);
    input.bytes.write('first, and more', 8, 'latin1');
    input.idOf = (rank) => [blobId('first'), blobId('second')][rank]!;
    expect([input.isObject(0, TYPE.blob, 8, 5), input.isObject(1, TYPE.blob, 8, 5), input.isObject(0, TYPE.tag, 8, 5)]).toEqual([1, 0, 0]);
    expect(input.isObject(0, TYPE.blob, 8, 6)).toBe(0);
    input.idOf = () => {
      throw new RangeError('no such rank');
    };
    expect(() => input.isObject(0, TYPE.blob, 8, 5)).toThrow(RangeError);
  });

  test('nothing is hashed, nor its id made, where nobody wants it verified', () => {
    const { input } = placed(store);
    expect(input.isObject(5, TYPE.blob, 8, 5)).toBe(1);
  });

  test('bytes of it: as many as there are, and none of what cannot be read', () => {
    const { input } = placed(store);
    input.pack = pack;
    expect([input.readPack(0, 100, 4), input.view(100, 5).toString('latin1')]).toEqual([4, 'PACK\0']);
    expect(input.readPack(pack!.end - 3, 100, 50)).toBe(3);
    input.pack = openStore({ objectsDir, hashBytes: 20 }).packs[0]!;
    input.pack.close();
    expect(input.readPack(0, 100, 4)).toBe(-1);
    input.pack = undefined;
    expect(() => input.readPack(0, 100, 4)).toThrow(TypeError);
  });
});

describe('an instance for a store', () => {
  /** A module that asks for everything, so that what it was given can be asked by hand. */
  function instance(store: ObjectStore, given: Partial<CodecImports> = {}): ReturnType<typeof packKernel> & { asked: CodecImports } {
    let asked: CodecImports | undefined;
    const made = vi.spyOn(WebAssembly, 'Instance').mockImplementation(function (_module, wanted) {
      ({ env: asked } = wanted as unknown as { env: CodecImports });
      return { exports: { room: () => 0, need: () => 0 } } as unknown as WebAssembly.Instance;
    });
    const kernel = packKernel({} as WebAssembly.Module, store, given);
    made.mockRestore();
    return { ...kernel, asked: asked! };
  }

  test('asks the pack that it is given, and whoever is told of blobs', () => {
    const store = storeOf([[whole('first')]]);
    const { asked, input } = instance(store);
    input.pack = store.packs[0];
    input.idOf = () => blobId('first');
    const blobs = { isTold: vi.fn(() => 1), tellBlob: vi.fn(() => 7), forget: vi.fn() };
    input.blobs = blobs;
    expect([asked.readPack(0, 64, 4), input.view(64, 4).toString()]).toEqual([4, 'PACK']);
    expect(asked.isObject(0, TYPE.blob, 64, 4)).toBe(1);
    expect([asked.isTold(3), asked.tellBlob(1, 2, 3, 4, 5, 6, 7), asked.forget(9)]).toEqual([1, 7, undefined]);
    expect([blobs.isTold.mock.calls, blobs.tellBlob.mock.calls, blobs.forget.mock.calls]).toEqual([[[3]], [[1, 2, 3, 4, 5, 6, 7]], [[9]]]);
  });

  test('asks elsewhere what it is told to', () => {
    const { asked } = instance(storeOf([]), { isTold: () => 5, timeOf: () => 6 });
    expect([asked.isTold(1), asked.timeOf(0, 0)]).toEqual([5, 6]);
  });

  test('has more room for more objects from the beginning: each growth makes work', () => {
    const bytes = (store: ObjectStore): number => instance(store).memory.buffer.byteLength;
    const many = storeOf([Array.from({ length: 3000 }, (_, place) => whole(`${place}`))]);
    expect(bytes(many)).toBeGreaterThan(bytes(storeOf([])));
  });
});
