/** The plan of a pack, made by the kernel in memory of its own. `planPack` is the fallback and the oracle. */
import { Damaged, type Fault } from './damage.ts';
import { codecInstance, type CodecInstance } from '../../kernel/codec-instance.ts';
import { isWide, type PackFile } from './pack-file.ts';
import type { PackPlan } from './pack-plan.ts';

interface PlanExports {
  room(size: number): number;
  planPack(offsets: number, isWide: number, count: number, hashBytes: number): number;
}

/** As in `kernel/assembly/plan.ts`. */
const FAULTS: readonly Fault[] = ['bad-header', 'unreadable', 'missing-base', 'delta-cycle'];
const ANSWER_WORDS = 12;

export function kernelPlan(module: WebAssembly.Module, pack: PackFile): PackPlan {
  const { index, table } = pack;
  const { count, hashBytes } = index;
  const instance: CodecInstance<PlanExports> = codecInstance(module, {
    lookUp: (id) => {
      const position = index.find(new Uint8Array(instance.memory.buffer, id, hashBytes));
      return position < 0 ? -1 : pack.rankOf(position);
    },
    readPack: (position, start, size) => {
      try {
        return pack.read(position, new Uint8Array(instance.memory.buffer, start, size), size);
      } catch (error) {
        if (error instanceof Damaged) return -1;
        throw error;
      }
    },
  });
  const { memory, kernel } = instance;
  const { buffer: from, byteOffset, byteLength } = table.offsets;
  const offsets = kernel.room(byteLength);
  new Uint8Array(memory.buffer, offsets, byteLength).set(new Uint8Array(from, byteOffset, byteLength));
  const answer = kernel.planPack(offsets, isWide(table.offsets), count, hashBytes);
  const { buffer } = memory;
  const [sizes, headers, types, first, next, roots, rootCount = 0, weights, external, externalCount = 0, broken, brokenCount = 0] = new Int32Array(
    buffer,
    answer,
    ANSWER_WORDS,
  );
  // Views: the memory is the plan's, and is given back with it. Copies come from the allocator, which keeps what they took.
  const plan = {
    sizes: new Uint32Array(buffer, sizes, count),
    headers: new Uint8Array(buffer, headers, count),
    types: new Uint8Array(buffer, types, count),
    first: new Int32Array(buffer, first, count),
    next: new Int32Array(buffer, next, count),
    roots: new Uint32Array(buffer, roots, rootCount),
    weights: new Float64Array(buffer, weights, rootCount),
  };
  const pairs = (start: number | undefined, length: number): { rank: number; value: number }[] => {
    const words = new Uint32Array(buffer, start, 2 * length);
    return Array.from({ length }, (_, pair) => ({ rank: words[2 * pair]!, value: words[2 * pair + 1]! }));
  };
  return {
    ...plan,
    external: pairs(external, externalCount).map(({ rank, value }) => ({ rank, baseId: Buffer.from(buffer.slice(value, value + hashBytes)) })),
    broken: pairs(broken, brokenCount).map(({ rank, value }) => ({ rank, fault: FAULTS[value]! })),
  };
}
