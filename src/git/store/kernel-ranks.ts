/** A pack's objects sorted by the kernel. `rankTable` is the fallback and the oracle. */
import { codecInstance, codecModule } from '../../kernel/codec-instance.ts';
import type { RankTable } from './pack-file.ts';

interface RanksExports {
  room(size: number): number;
  rankOffsets(words: number, count: number): number;
}

/** Words from here on are places in a table of larger offsets. */
const HIGH_BIT = 2 ** 31;

/**
 * Undefined without WebAssembly, and where an offset needs more than 31 bits.
 * @param words big-endian, the offset of each position
 * @param end of the objects; bytes
 */
export function kernelRanks(words: Uint8Array, end: number): RankTable | undefined {
  const module = codecModule();
  if (module === undefined || end >= HIGH_BIT) return undefined;
  const count = words.length / 4;
  const { memory, kernel } = codecInstance<RanksExports>(module);
  const given = kernel.room(words.length);
  new Uint8Array(memory.buffer, given, words.length).set(words);
  const answer = kernel.rankOffsets(given, count);
  // Views: see `kernelPlan`. Behind the offsets there is room for one more.
  const positions = new Uint32Array(memory.buffer, answer, count);
  const offsets = new Uint32Array(memory.buffer, answer + 4 * count, count + 1);
  if (offsets[count - 1]! >= HIGH_BIT) return undefined;
  offsets[count] = end;
  return { positions, offsets };
}
