/**
 * The kernel alone, in this process: all files of some folders put together in its memory, looked at with the built-in
 * literals, with 300 and with 1,000 made-up ones. CPU seconds are those of this process while it scans.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { aligned, median } from './measure.mjs';
import { builtin, kernelParts } from './product.mjs';

/** Bytes in the kernel's memory at a time. */
const CHUNK = 64 * 1024 * 1024;

/**
 * @param {string} path
 * @returns {Generator<string, void>}
 */
function* filesBelow(path) {
  const stat = lstatSync(path);
  if (stat.isFile()) yield path;
  else if (stat.isDirectory()) for (const name of readdirSync(path)) yield* filesBelow(join(path, name));
}

/**
 * All bytes below some paths, in chunks.
 * @param {readonly string[]} paths
 */
function chunksOf(paths) {
  /** @type {Buffer[]} */
  const chunks = [];
  let chunk = Buffer.allocUnsafe(CHUNK);
  let filled = 0;
  for (const path of paths) {
    for (const file of filesBelow(resolve(path))) {
      const bytes = readFileSync(file);
      for (let at = 0; at < bytes.length;) {
        const count = bytes.copy(chunk, filled, at);
        at += count;
        filled += count;
        if (filled < CHUNK) continue;
        chunks.push(chunk);
        chunk = Buffer.allocUnsafe(CHUNK);
        filled = 0;
      }
    }
  }
  chunks.push(chunk.subarray(0, filled));
  return chunks;
}

/**
 * Markers like those of keys: four to eight letters and digits, most of them with `_` or `-` at the end.
 * @param {number} count
 */
function madeUp(count) {
  const characters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const literals = new Set();
  for (let seed = 1; literals.size < count;) {
    const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) >>> 8;
    const word = Array.from({ length: 4 + (next() % 5) }, () => characters[next() % characters.length]).join('');
    literals.add(word + ['_', '_', '-', ''][next() % 4]);
  }
  return [...literals].map((literal) => ({ literal, kind: 'always', exact: false, before: undefined, run: undefined }));
}

/** @param {{ paths: readonly string[]; runs: number; print: (text: string) => void }} options */
export async function run({ paths, runs, print }) {
  if (paths.length === 0) throw new Error('prefilter needs a path');
  const chunks = chunksOf(paths);
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const { Kernel, Twin, loadModule, buildTables } = await kernelParts();
  const module = loadModule('kernel.wasm');
  if (module === undefined) throw new Error('there is no dist/kernel.wasm: run npm run build');
  const { image, literals } = await builtin();
  const three = buildTables(madeUp(300));
  const sets = [
    { name: `built-in, ${literals.length} literals`, filter: new Kernel(module, image) },
    { name: '300 made-up literals', filter: new Kernel(module, three) },
    { name: '1,000 made-up literals', filter: new Kernel(module, buildTables(madeUp(1000))) },
    { name: 'built-in, in JavaScript', filter: new Twin(image) },
  ].map(({ name, filter }) => ({ name, filter, speeds: /** @type {number[]} */ ([]), hits: 0 }));
  print(`\n${(total / 1e6).toFixed(1)} MB in chunks of ${(CHUNK / 1e6).toFixed(0)} MB`);
  for (let round = 0; round <= runs; round++) {
    for (const set of sets) {
      let cpu = 0;
      set.hits = 0;
      for (const chunk of chunks) {
        const memory = set.filter.reserve(chunk.length);
        memory.set(chunk);
        const before = process.cpuUsage();
        set.hits += set.filter.scan(memory).length / 2;
        const spent = process.cpuUsage(before);
        cpu += (spent.user + spent.system) / 1e6;
      }
      // The first round only warms up: the compiler is still at work.
      if (round > 0) set.speeds.push(total / 1e6 / cpu);
    }
  }
  const rows = sets.map(({ name, speeds, hits }) => [
    name,
    median(speeds).toFixed(0),
    Math.max(...speeds).toFixed(0),
    ((hits / total) * 1000).toFixed(2),
  ]);
  print(aligned([['', 'MB/CPU-s', 'best', 'hits/KB'], ...rows]));
}
