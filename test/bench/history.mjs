/** A whole history: keysift, git's own way to print all changes, and git's own way to print all objects, in turn. */
import { resolve } from 'node:path';
import { interleaved, measure, table } from './measure.mjs';
import { keysift, parseReport } from './product.mjs';

/** @param {{ paths: readonly string[]; runs: number; print: (text: string) => void }} options */
export async function run({ paths, runs, print }) {
  if (paths.length === 0) throw new Error('history needs a repository');
  for (const cwd of paths.map((one) => resolve(one))) {
    const command = keysift(['--history-only'], cwd);
    const { counts } = parseReport(measure({ ...command, argv: [...command.argv, '--format', 'json'] }, { keep: true }).stdout);
    print(
      `\n${cwd}: ${counts.commits} commits, ${counts.blobs} blobs, ${(counts.bytes / 1e6).toFixed(1)} MB, ${counts.findings} findings, ${counts.notScanned} not scanned`,
    );
    // A repository that lacks objects ends git log early, with 128: then its row says nothing, but the others do.
    const git = (/** @type {string[]} */ ...args) => ({ name: `git ${args[0]}`, argv: ['git', '--no-pager', ...args], cwd, okCodes: [0, 128] });
    const commands = [
      command,
      git('log', '-p', '-U0', '--full-history', '--all', '--diff-filter=tuxdb'),
      git('cat-file', '--batch-all-objects', '--batch', '--unordered', '--buffer'),
    ];
    for (const other of commands.slice(1)) if (measure(other).code !== 0) print(`${other.name} stops before the end: the repository lacks objects`);
    print(table(interleaved(commands, runs), counts.bytes));
  }
}
