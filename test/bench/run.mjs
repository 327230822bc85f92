/**
 * Benchmarks that anyone can run on any folder or repository. They print and decide nothing: no test depends on them.
 *
 *   npm run bench -- tree PATH...       files with one and two threads; against ripgrep with the same literals where
 *                                       there are no more than 8 MB, or in the folder that --rg names
 *   npm run bench -- peers PATH         files, against gitleaks, betterleaks, kingfisher and secretlint, as far as PATH has them
 *   npm run bench -- history REPO...    a whole history, against git log -p and git cat-file
 *   npm run bench -- prefilter PATH...  the kernel alone, in this process
 *   npm run bench -- staged REPO        five staged files in a temporary clone, against an empty Node program
 *   npm run bench -- big                a line of 1 GiB and a sparse file of 4 GiB; needs 1 GiB of disk
 *   npm run bench -- memory             50,000 small files
 *   npm run bench -- recall             every rule that needs a name, in every form of giving a value to one
 *
 * Options: --runs N (5), --rg FOLDER. Build first. CPU seconds are user + system of all processes (see measure.mjs), MB are 10^6
 * bytes, commands run in turn, numbers are medians, and ratios are medians of the ratios of the pairs.
 */
import { parseArgs } from 'node:util';
import { hasGnuTime, load } from './measure.mjs';

const COMMANDS = ['tree', 'peers', 'history', 'prefilter', 'staged', 'big', 'memory', 'recall'];

const { values, positionals } = parseArgs({ allowPositionals: true, options: { runs: { type: 'string', default: '5' }, rg: { type: 'string' } } });
const [command = '', ...paths] = positionals;
const runs = Number(values.runs);

if (!COMMANDS.includes(command) || !Number.isInteger(runs) || runs < 1) {
  process.stderr.write(`usage: npm run bench -- ${COMMANDS.join('|')} [PATH...] [--runs N] [--rg FOLDER]\n`);
  process.exitCode = 2;
} else {
  const { run } = await import(`./${command}.mjs`);
  const print = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);
  print(
    `Node ${process.versions.node}, ${hasGnuTime ? 'CPU and memory by /usr/bin/time' : 'CPU by the times of sh, no memory'}, ${runs} runs, ${load()}`,
  );
  await run({ paths, rg: values.rg, runs, print });
  print(load());
}
