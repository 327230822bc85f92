/** 50,000 small files: what a file costs beside its bytes, and whether memory grows with their number. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { interleaved, measure, table } from './measure.mjs';
import { inTemporaryFolder, keysift, parseReport, ripgrep } from './product.mjs';

const WORDS = 'export function add(first, second) {\n  return first + second; // ordinary code\n}\n';

/**
 * @param {string} root
 * @param {number} count
 */
function fill(root, count) {
  for (let index = 0; index < count; index++) {
    const folder = join(root, `d${index % 250}`);
    if (index < 250) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${index}.js`), WORDS.repeat(1 + ((index * 7) % 40)) + index);
  }
}

/** @param {{ runs: number; print: (text: string) => void }} options */
export async function run({ runs, print }) {
  await inTemporaryFolder(async (folder) => {
    for (const count of [5000, 50_000]) {
      const root = join(folder, `files-${count}`);
      fill(root, count);
      const command = keysift([root]);
      const { counts } = parseReport(measure({ ...command, argv: [...command.argv, '--format', 'json'] }, { keep: true }).stdout);
      print(`\n${counts.files} files, ${(counts.bytes / 1e6).toFixed(1)} MB`);
      const grep = await ripgrep(folder, [root]);
      print(table(interleaved(grep === undefined ? [command] : [command, grep], runs), counts.bytes));
    }
  });
}
