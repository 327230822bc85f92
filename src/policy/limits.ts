/** Numbers as people write them, on the command line, in the environment and in a configuration. */

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const MOST_JOBS = 64;

/** Bytes of `20M`, `512 KiB` or `1048576`; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,15})\s*([kmg]?)i?b?$/i.exec(text.trim());
  return match === null ? undefined : Number(match[1]) * UNITS[match[2]!.toLowerCase()]!;
}

/** A number of threads; undefined for anything else. */
export function parseJobs(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Math.min(MOST_JOBS, Number(text)) : undefined;
}
