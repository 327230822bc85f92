/**
 * Files on disk, keysift and other scanners in turn, each as it comes: its own rules, its own number of threads, nothing
 * validated over the network. Only those that are installed.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { interleaved, measure, table } from './measure.mjs';
import { inTemporaryFolder, keysift, parseReport } from './product.mjs';

const PRESET = '@secretlint/secretlint-rule-preset-recommend';

/**
 * @param {string} path
 * @param {string} folder for files that a scanner wants
 * @returns {import('./measure.mjs').Command[]}
 */
function peers(path, folder) {
  const config = join(folder, 'secretlintrc.json');
  writeFileSync(config, JSON.stringify({ rules: [{ id: PRESET }] }));
  return [
    { name: 'gitleaks', argv: ['gitleaks', 'dir', '--no-banner', '--log-level', 'fatal', '--exit-code', '0', path] },
    { name: 'betterleaks', argv: ['betterleaks', 'dir', '--no-banner', '--log-level', 'fatal', '--exit-code', '0', '--validation=false', path] },
    {
      name: 'kingfisher',
      argv: ['kingfisher', 'scan', '--no-validate', '--no-update-check', '--git-history', 'none', '--quiet', path],
      okCodes: [0, 200, 205],
    },
    { name: 'secretlint', argv: ['secretlint', '--secretlintrc', config, '--no-gitignore', '**/*'], cwd: path, okCodes: [0, 1] },
  ];
}

/** @param {{ paths: readonly string[]; runs: number; print: (text: string) => void }} options */
export async function run({ paths, runs, print }) {
  const [given] = paths;
  if (given === undefined) throw new Error('peers needs a path');
  const path = resolve(given);
  await inTemporaryFolder((folder) => {
    const command = keysift([path, '--no-history']);
    const { counts } = parseReport(measure({ ...command, argv: [...command.argv, '--format', 'json'] }, { keep: true }).stdout);
    print(`\n${path}: ${counts.files} files, ${(counts.bytes / 1e6).toFixed(1)} MB`);
    const found = peers(path, folder).filter(({ name, argv }) => {
      const isThere = spawnSync(argv[0] ?? '', ['--version']).error === undefined;
      if (!isThere) print(`${name} is not in PATH`);
      return isThere;
    });
    print(table(interleaved([command, ...found], runs), counts.bytes));
  });
}
