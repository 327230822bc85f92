/**
 * Files on disk, keysift with one and with two threads and ripgrep in turn. The first, uncounted run warms the page cache and counts the bytes.
 * ripgrep takes minutes with so many literals, so it looks at a folder of its own, together with keysift.
 */
import { resolve } from 'node:path';
import { interleaved, measure, table } from './measure.mjs';
import { inTemporaryFolder, keysift, parseReport, ripgrep } from './product.mjs';

/** Larger folders are not given to ripgrep unless they are named for it: 6,000 literals take it 3 s a MB. */
const RIPGREP_BYTES = 8_000_000;

/** @param {{ paths: readonly string[]; rg: string | undefined; runs: number; print: (text: string) => void }} options */
export async function run({ paths, rg, runs, print }) {
  if (paths.length === 0) throw new Error('tree needs a path');
  for (const path of paths.map((one) => resolve(one))) {
    const { command, bytes } = counted(path, print);
    const jobs = (/** @type {number} */ count) => ({ ...command, name: `keysift -j${count}`, argv: [...command.argv, '--jobs', `${count}`] });
    print(table(interleaved([jobs(1), jobs(2)], runs), bytes));
    if (rg === undefined && bytes <= RIPGREP_BYTES) await besideRipgrep(path, runs, print);
    else if (rg === undefined) print('too large for ripgrep with these literals: name a part of it with --rg FOLDER');
  }
  if (rg !== undefined) await besideRipgrep(resolve(rg), runs, print);
}

/**
 * @param {string} path
 * @param {(text: string) => void} print
 */
function counted(path, print) {
  const command = keysift([path, '--no-history']);
  const { counts } = parseReport(measure({ ...command, argv: [...command.argv, '--format', 'json'] }, { keep: true }).stdout);
  print(`\n${path}: ${counts.files} files, ${(counts.bytes / 1e6).toFixed(1)} MB, ${counts.findings} findings, ${counts.notScanned} not scanned`);
  return { command, bytes: counts.bytes };
}

/**
 * @param {string} path
 * @param {number} runs
 * @param {(text: string) => void} print
 */
async function besideRipgrep(path, runs, print) {
  await inTemporaryFolder(async (folder) => {
    const grep = await ripgrep(folder, [path]);
    if (grep === undefined) return print('ripgrep is not installed');
    const { command, bytes } = counted(path, print);
    return print(table(interleaved([{ ...command, name: 'keysift -j1', argv: [...command.argv, '--jobs', '1'] }, grep], runs), bytes));
  });
}
