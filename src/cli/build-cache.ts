/**
 * Writes beside the files of the bundle what V8 makes of them, so that a start need not do so again: a third of what a commit
 * hook takes. Part of the build, for the very program of Node that builds: any other leaves them aside. Nothing ever writes them
 * later, since V8 believes what it reads there: they are as much the program as the files themselves.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Script } from 'node:vm';

interface Starter {
  readonly cacheOf: (file: string) => string;
  readonly loaded: ReadonlyMap<string, { readonly file: string; readonly script: Script }>;
  readonly start: () => Promise<void>;
}

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const STARTER = join(PACKAGE, 'bin/keysift.js');
const SELF = fileURLToPath(import.meta.url);
const TRAIN = '--train';
/** What is looked at: files that every copy of the sources has. */
const SAMPLE = ['package.json', 'README.md', 'rolldown.config.js', 'tsconfig.json', 'src/cli/run.ts'];
/** Functions that ran are kept with the files, so each file is kept as the last of these left it. */
const RUNS: readonly (readonly string[])[] = [['--quiet'], ['--staged']];

if (process.argv[2] === TRAIN) train(process.argv.slice(3));
else build();

function build(): void {
  const folder = mkdtempSync(join(tmpdir(), 'keysift-build-'));
  try {
    const git = (...args: string[]): void =>
      void spawnSync('git', ['-c', 'user.name=build', '-c', 'user.email=build@localhost', ...args], { cwd: folder, stdio: 'ignore' });
    const add = (...names: string[]): void => {
      for (const name of names) cpSync(join(PACKAGE, name), join(folder, name));
      git('add', '.');
    };
    git('init', '--quiet');
    add(...SAMPLE.slice(0, 1));
    git('commit', '--quiet', '--no-verify', '-m', 'one');
    add(...SAMPLE.slice(1));
    // A run that fails, as without git, has left what it came to; where nothing is left, files are compiled as ever.
    for (const run of RUNS) spawnSync(process.execPath, [SELF, TRAIN, ...run], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function train(argv: readonly string[]): void {
  const { cacheOf, loaded, start } = createRequire(import.meta.url)(STARTER) as Starter;
  process.argv = [process.execPath, STARTER, ...argv];
  process.once('exit', () => {
    for (const { file, script } of loaded.values()) writeFileSync(cacheOf(file), script.createCachedData());
  });
  void start();
}
