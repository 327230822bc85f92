/** What a commit waits for: five staged files in a temporary clone, against a Node program that does nothing. */
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { interleaved, measure, table } from './measure.mjs';
import { inTemporaryFolder, keysift, parseReport } from './product.mjs';

/**
 * @param {string} cwd
 * @param {readonly string[]} args
 */
function git(cwd, args) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 1024 ** 3 });
  if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`);
  return stdout;
}

/** @param {{ paths: readonly string[]; runs: number; print: (text: string) => void }} options */
export async function run({ paths, runs, print }) {
  const [repository] = paths;
  if (repository === undefined) throw new Error('staged needs a repository');
  await inTemporaryFolder((folder) => {
    const clone = join(folder, 'clone');
    git(folder, ['clone', '--quiet', '--shared', resolve(repository), clone]);
    const files = git(clone, ['ls-files', '-s', '-z'])
      .split('\0')
      .flatMap((line) => (line.startsWith('100644') ? [line.slice(line.indexOf('\t') + 1)] : []));
    const step = Math.max(1, Math.floor(files.length / 5));
    const staged = files.filter((_, index) => index % step === 0).slice(0, 5);
    for (const file of staged) appendFileSync(join(clone, file), '\nconst changed = true;\n');
    git(clone, ['add', '--', ...staged]);
    const command = keysift(['--staged'], clone);
    const { counts } = parseReport(measure({ ...command, argv: [...command.argv, '--format', 'json'] }, { keep: true }).stdout);
    print(`\n${resolve(repository)}: ${counts.files + counts.blobs} staged files of ${files.length}, ${(counts.bytes / 1e3).toFixed(0)} kB`);
    const version = { ...keysift(['--version']), name: 'keysift --version' };
    print(
      table(
        interleaved(
          [
            { ...command, name: 'keysift --staged' },
            { name: 'node -e 0', argv: [process.execPath, '-e', '0'], cwd: clone },
            { ...version, argv: version.argv.slice(0, 3) },
          ],
          runs,
        ),
      ),
    );
  });
}
