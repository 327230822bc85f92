/**
 * A disk that does what a sound one does, but for one call about files below a folder. Calls are counted, so that each of
 * them can be the one that goes wrong.
 */
import fs, { readlinkSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

export const READS = [
  'openSync',
  'readSync',
  'readFileSync',
  'readdirSync',
  'lstatSync',
  'statSync',
  'fstatSync',
  'realpathSync',
  'readlinkSync',
] as const;
export const WRITES = ['openSync', 'writeSync', 'fsyncSync', 'fchmodSync', 'closeSync', 'renameSync', 'mkdirSync'] as const;
type Call = (typeof READS)[number] | (typeof WRITES)[number];

/** Errors of the system, and calls that do less than they were asked to. */
export const READ_FAULTS = ['EIO', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ENOMEM', 'EINTR', 'EAGAIN', 'ESTALE', 'EBUSY', 'half', 'nothing'] as const;
export const WRITE_FAULTS = ['EIO', 'EACCES', 'EPERM', 'EMFILE', 'ENOMEM', 'EINTR', 'ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG', 'EBUSY', 'half'] as const;
export type FileFault = (typeof READ_FAULTS)[number] | (typeof WRITE_FAULTS)[number];

export interface Plan {
  readonly calls: readonly Call[];
  /** Only calls about files below it go wrong, and count. */
  readonly below: string;
  readonly fault: FileFault;
  /** Number of the call that goes wrong, from 1; 0 for none. */
  readonly number: number;
}

type AnyCall = (...args: unknown[]) => unknown;

/** Path of what a call is about: a name, or an open file. */
function pathOf(file: unknown): string {
  return typeof file === 'number' ? readlinkSync(`/proc/self/fd/${file}`) : String(file);
}

/** Does a call, but less of it, where that is possible: fewer bytes than were asked for. */
function lessOf(real: AnyCall, name: Call, fault: FileFault, [file, bytes, ...rest]: readonly unknown[]): unknown {
  if (name !== 'readSync' && name !== 'writeSync') return real(file, bytes, ...rest);
  if (fault === 'nothing') return 0;
  const view = bytes as Uint8Array;
  const [at, length, position] = typeof rest[0] === 'object' ? Object.values(rest[0] as object) : rest;
  const from = typeof at === 'number' ? at : 0;
  const whole = typeof length === 'number' ? length : view.length - from;
  return real(file, view, from, Math.ceil(whole / 2), position);
}

/** What some work gives while one call fails, and how many calls there were. */
export async function withFault<T>(
  { calls, below, fault, number }: Plan,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly count: number; readonly what: string }> {
  const disk = fs as unknown as Record<Call, AnyCall>;
  const sound = new Map(calls.map((name) => [name, disk[name]]));
  let count = 0;
  let what = '';
  for (const [name, real] of sound) {
    disk[name] = (...args) => {
      if (!pathOf(args[0]).startsWith(below) || ++count !== number) return real(...args);
      what = `${name} ${pathOf(args[0]).slice(below.length)}`;
      if (fault === 'half' || fault === 'nothing') return lessOf(real, name, fault, args);
      throw Object.assign(new Error(`${fault}: ${what}`), { code: fault, errno: -5, syscall: name.replace('Sync', ''), path: pathOf(args[0]) });
    };
  }
  syncBuiltinESMExports();
  try {
    const result = await work();
    return { result, count, what };
  } finally {
    for (const [name, real] of sound) disk[name] = real;
    syncBuiltinESMExports();
  }
}
