/** Limits in CPU time are said for a machine; others are slower, and virtual ones now and then. */

const TEXT = 'const value = lookUp("name-0123", options) ?? fallback;\n'.repeat(4000);
/** Milliseconds that the sample takes on the machine that limits are said for. */
const USUAL = 2.5;
const MOST = 4;

/** Milliseconds of CPU time since `before`: a clock also counts what others do on the machine. */
export function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** How much more CPU time things take here and now than on the machine that limits are said for: at least 1, at most `MOST`. */
export function slowness(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5; attempt++) {
    const began = process.cpuUsage();
    let sum = 0;
    for (const { index } of TEXT.matchAll(/[a-z]{2,8}-\d{2,6}|\b\w{4,9}\(/g)) sum += TEXT.charCodeAt(index);
    for (let at = 0; at < TEXT.length; at++) sum = (sum * 31 + TEXT.charCodeAt(at)) | 0;
    const { user, system } = process.cpuUsage(began);
    if (sum !== 0) least = Math.min(least, (user + system) / 1000);
  }
  return Math.min(MOST, Math.max(1, least / USUAL));
}
