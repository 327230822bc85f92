/** The expressions that the engine makes of parts while it runs, which nobody sees who reads its files. */
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import type { Run } from './regex-proof.ts';

/** An expression, and where it was made: a file below `src`, and its line. */
export interface Made extends Run {
  readonly file: string;
  readonly line: number;
}

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));

/**
 * All expressions that are made in files of the engine by `new RegExp(…)` while they are loaded and `work` is done with
 * them. `files` are paths below `src`; `load` gives a file of theirs, anew.
 */
export async function madeExpressions(files: readonly string[], work: (load: <T>(file: string) => Promise<T>) => Promise<void>): Promise<Made[]> {
  const made = new Map<string, Made>();
  const Real = RegExp;
  const note = (source: string, flags: string): void => {
    for (const line of new Error().stack?.split('\n') ?? []) {
      const [, path, at] = /([^\s(]*?):(\d+):\d+\)?$/.exec(line.replace('file://', '')) ?? [];
      if (path === undefined || !path.startsWith(SOURCES)) continue;
      const file = path.slice(SOURCES.length);
      if (files.includes(file)) made.set(`${file}:${at} /${source}/${flags}`, { file, line: Number(at), source, flags });
      return;
    }
  };
  vi.resetModules();
  globalThis.RegExp = new Proxy(Real, {
    construct(target, args: [string, string?], newTarget: typeof RegExp) {
      const regex: RegExp = Reflect.construct(target, args, newTarget);
      note(String(args[0]), regex.flags);
      return regex;
    },
  });
  try {
    const load = async <T>(file: string): Promise<T> => (await import(/* @vite-ignore */ `${SOURCES}${file}`)) as T;
    for (const file of files) if (!file.includes('/build-')) await load(file);
    await work(load);
  } finally {
    globalThis.RegExp = Real;
    vi.resetModules();
  }
  return [...made.values()];
}
