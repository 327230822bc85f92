/** Files larger than memory should be: one line of 1 GiB with a secret at its end, a sparse file of 4 GiB with one at 3.9. */
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from './measure.mjs';
import { inTemporaryFolder, keysift, parseReport, token } from './product.mjs';

const GIB = 1024 ** 3;

/** @param {{ print: (text: string) => void }} options */
export async function run({ print }) {
  await inTemporaryFolder(async (folder) => {
    const line = Buffer.from(` ${await token('line')}`);
    const lineFile = join(folder, 'line.txt');
    writeFile(lineFile, (file) => {
      const words = Buffer.alloc(16 * 1024 * 1024, 'lorem ipsum dolor sit amet, consectetur adipiscing elit; ');
      for (let at = 0; at < GIB - line.length; at += words.length) writeSync(file, words, 0, Math.min(words.length, GIB - line.length - at), at);
      writeSync(file, line, 0, line.length, GIB - line.length);
    });
    look(lineFile, `one line of 1 GiB`, { startLine: 1, startColumn: GIB - line.length + 2 }, print);
    rmSync(lineFile);

    const sparse = Buffer.from(`\nkey = "${await token('sparse')}"\n`);
    const at = Math.floor(3.9 * GIB);
    const sparseFile = join(folder, 'sparse.bin');
    writeFile(sparseFile, (file) => {
      writeSync(file, sparse, 0, sparse.length, at);
      ftruncateSync(file, 4 * GIB);
    });
    look(sparseFile, 'a sparse file of 4 GiB', { startLine: 2, startColumn: 8 }, print);
  });
}

/**
 * @param {string} path
 * @param {(file: number) => void} fill
 */
function writeFile(path, fill) {
  const file = openSync(path, 'w');
  try {
    fill(file);
  } finally {
    closeSync(file);
  }
}

/**
 * @param {string} path
 * @param {string} what
 * @param {{ startLine: number; startColumn: number }} expected
 * @param {(text: string) => void} print
 */
function look(path, what, expected, print) {
  const { stdout, wall, cpu, peak } = measure(keysift([path, '--format', 'json']), { keep: true });
  const { findings, counts } = parseReport(stdout);
  const places = findings.flatMap(({ ruleId, locations }) =>
    locations.map(({ startLine, startColumn }) => `${ruleId} at ${startLine}:${startColumn}`),
  );
  const [place] = findings.flatMap(({ locations }) => locations);
  const right = places.length === 1 && place?.startLine === expected.startLine && place.startColumn === expected.startColumn;
  print(
    `\n${what}: ${places.length === 0 ? 'NOT FOUND' : places.join(', ')}${right ? '' : ` (expected one at ${expected.startLine}:${expected.startColumn})`}`,
  );
  const memory = peak === undefined ? 'unknown' : `${(peak / 1e6).toFixed(0)} MB`;
  print(`  CPU ${cpu.toFixed(2)} s, wall ${wall.toFixed(2)} s, peak memory ${memory}, ${(counts.bytes / 1e6 / cpu).toFixed(0)} MB/CPU-s`);
}
