/** Files to look at, whoever listed them. They are the unit of work: any thread can take any of them. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Sink } from '../model/source.ts';
import { FileReader, type ReadLimits } from './read-file.ts';

export interface FileUnit {
  /** Absolute; bytes where the name is not UTF-8. */
  readonly path: string | Uint8Array;
  /** Its name in the report, relative to the root. */
  readonly shown: string;
  /** `other`: a pipe, socket or device, which is never opened. */
  readonly kind: 'file' | 'other';
  /** The blob that git's index has of it, to look at when nothing is on disk. */
  readonly blob?: string;
}

/** Looks at files one after the other. */
export class FileUnits {
  /** Tracked files that are not on disk: deleted, or not checked out. */
  readonly absent: FileUnit[] = [];
  readonly #root: string;
  readonly #sink: Sink;
  readonly #reader: FileReader;

  constructor(root: string, sink: Sink, limits: ReadLimits) {
    this.#root = resolve(root);
    this.#sink = sink;
    this.#reader = new FileReader(sink, limits);
  }

  scan(unit: FileUnit): void {
    if (unit.kind === 'other') {
      this.#sink.counted('file');
      this.#sink.notScanned({ unit: unit.shown, reason: 'NOT-REGULAR', detail: 'a pipe, socket or device is not opened' });
      return;
    }
    this.#sink.counted('file');
    const found = this.#reader.read(unit.path, { kind: 'file', path: unit.shown });
    if (found === 'link') this.#scanLink(unit);
    else if (found === 'absent' && unit.blob === undefined) {
      this.#sink.notScanned({ unit: unit.shown, reason: 'ENOENT-RACE', detail: 'it was removed while the scan ran' });
    } else if (found === 'absent') {
      this.absent.push(unit);
      this.#sink.excluded('not on disk, scanned from the index');
    }
  }

  /** Scans what a link says. Where it leads is scanned on its own when it lies inside, and never followed outside. */
  #scanLink(unit: FileUnit): void {
    const target = this.#reader.readLink(unit.path, { kind: 'file', path: unit.shown });
    if (target === undefined) return;
    const inside = relative(this.#root, resolve(this.#root, unit.shown, '..', target));
    if (inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return;
    this.#sink.counted('file');
    this.#sink.excluded('SYMLINK-OUT');
  }
}
