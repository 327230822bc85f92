/** Tips that wait while a history is read. */
import type { Ref, Tips } from './enumerate.ts';

/**
 * The same as `Tips`, its refs as rows of bytes: as objects and strings 50,000 of them take 12 MB, and V8's heap grows to nearly
 * twice what lasts in it.
 */
export class HeldTips {
  readonly head: string | undefined;
  readonly broken: Tips['broken'];
  /** Whether there are none at all. */
  readonly isEmpty: boolean;
  readonly #stash: Tips['stash'];
  readonly #others: Tips['others'];
  readonly #count: number;
  /** Of an id; all of a repository have the same. */
  readonly #idBytes: number;
  /** Two ids for each ref: its target and what that leads to. */
  readonly #ids: Buffer;
  /** A line for each. */
  readonly #names: Buffer;

  constructor({ head, refs, stash, others, broken }: Tips) {
    this.head = head;
    this.broken = broken;
    this.isEmpty = head === undefined && refs.length + stash.length + others.length === 0;
    this.#stash = stash;
    this.#others = others;
    this.#count = refs.length;
    this.#idBytes = (refs[0]?.target.length ?? 0) / 2;
    this.#ids = Buffer.from(refs.map(({ target, peeled }) => target + peeled).join(''), 'hex');
    this.#names = Buffer.from(refs.map(({ name }) => name).join('\n'));
  }

  /** All of them, made anew each time. */
  all(): Tips {
    const names = this.#names.toString();
    // At once: a call for each id takes ten times as long.
    const ids = this.#ids.toString('hex');
    const width = 2 * this.#idBytes;
    const refs: Ref[] = [];
    for (let index = 0, start = 0; index < this.#count; index++) {
      const end = names.indexOf('\n', start);
      const name = names.slice(start, end < 0 ? names.length : end);
      start = end + 1;
      const target = ids.slice(2 * index * width, (2 * index + 1) * width);
      const peeled = ids.slice((2 * index + 1) * width, (2 * index + 2) * width);
      refs.push({ name, target, peeled: peeled === target ? target : peeled });
    }
    return { head: this.head, refs, stash: this.#stash, others: this.#others, broken: this.broken };
  }
}
