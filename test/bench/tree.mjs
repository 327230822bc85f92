/** Files on disk, keysift with one and with two threads and ripgrep in turn. The first, uncounted run warms the page cache and counts the bytes. */
import { resolve } from 'node:path';
import { interleaved, measure, table } from './measure.mjs';
import { inTemporaryFolder, keysift, parseReport, ripgrep } from './product.mjs';

/** @param {{ paths: readonly string[]; runs: number; print: (text: string) => void }} options */
export async function run({ paths, runs, print }) {
  if (paths.length === 0) throw new Error('tree needs a path');
  await inTemporaryFolder(async (folder) => {
    for (const path of paths.map((one) => resolve(one))) {
      const command = keysift([path, '--no-history']);
      const { counts } = parseReport(measure({ ...command, argv: [...command.argv, '--format', 'json'] }, { keep: true }).stdout);
      print(`\n${path}: ${counts.files} files, ${(counts.bytes / 1e6).toFixed(1)} MB, ${counts.findings} findings, ${counts.notScanned} not scanned`);
      const grep = await ripgrep(folder, [path]);
      if (grep !== undefined) measure(grep);
      const jobs = (/** @type {number} */ count) => ({ ...command, name: `keysift -j${count}`, argv: [...command.argv, '--jobs', `${count}`] });
      print(table(interleaved([jobs(1), jobs(2), ...(grep === undefined ? [] : [grep])], runs), counts.bytes));
    }
  });
}
