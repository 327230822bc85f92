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
    const git = (/** @type {string[]} */ ...args) => ({ name: `git ${args[0]}`, argv: ['git', '--no-pager', ...args], cwd });
    const commands = [
      command,
      git('log', '-p', '-U0', '--full-history', '--all'),
      git('cat-file', '--batch-all-objects', '--batch', '--unordered', '--buffer'),
    ];
    for (const other of commands.slice(1)) measure(other);
    print(table(interleaved(commands, runs), counts.bytes));
  }
}
