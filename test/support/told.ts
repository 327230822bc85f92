/** What a source tells, as lines that a test can compare, and whether each unit that was counted has ended. */
import { createHash } from 'node:crypto';
import { originFile, type Origin } from '../../src/model/origin.ts';
import type { NotScanned } from '../../src/model/not-scanned.ts';
import type { Sink, Unit } from '../../src/model/source.ts';

/** A content of more bytes is told by its size and hash. */
const MOST_SHOWN = 100;

export class Told {
  /** `KIND:FILE CONTENT`, `in pieces KIND:FILE CONTENT`, `UNIT: REASON: DETAIL`, `left out: REASON`, in the order in which they came. */
  readonly lines: string[] = [];
  readonly units: Unit[] = [];
  /** Units that were counted and have not ended. */
  open = 0;

  readonly sink = {
    counted: (unit: Unit) => {
      this.units.push(unit);
      this.open++;
    },
    reserve: (size: number) => Buffer.alloc(size),
    content: (origin: Origin, bytes: Uint8Array) => this.#end(`${origin.kind}:${originFile(origin)} ${shown(bytes)}`),
    pieces: (origin: Origin) => {
      const parts: Buffer[] = [];
      return {
        room: (most: number) => Buffer.alloc(most),
        piece: (bytes: Uint8Array) => parts.push(Buffer.from(bytes)),
        end: () => this.#end(`in pieces ${origin.kind}:${originFile(origin)} ${shown(Buffer.concat(parts))}`),
      };
    },
    notScanned: ({ unit, reason, detail }: NotScanned) => this.#end(`${unit}: ${reason}: ${detail}`),
    excluded: (reason: string) => this.#end(`left out: ${reason}`),
  } as unknown as Sink;

  #end(line: string): void {
    this.open--;
    this.lines.push(line);
  }
}

function shown(bytes: Uint8Array): string {
  if (bytes.length > MOST_SHOWN) return `${bytes.length} bytes ${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}`;
  return JSON.stringify(Buffer.from(bytes).toString('utf8'));
}
