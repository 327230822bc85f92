/**
 * Mutation testing of the modules where a silent defect costs most: each change that Stryker makes must fail a unit test.
 *
 *   npm run mutation                          all modules, file by file: minutes each
 *   npm run mutation -- redaction git         some of them
 *   npm run mutation -- src/model/secret.ts   a file
 *   npm run mutation -- --quick git           the same mutants, many in one process (`quick.mjs`): a tenth of the time
 *   npm run mutation -- --quick --every=5 git one in five of them: an estimate, for large modules
 *   npm run mutation -- --quick --sample=1200 --seed=7 --for=600
 *                                             ten minutes of a random sample of all of `src/`, again to go on (`sample.mjs`); others have
 *                                             precedence unless `--nice=0`
 *   npm run mutation -- --quick --sample=1200 --seed=7 --missed
 *                                             what its nearest tests missed, with all tests that reach it
 *   npm run mutation -- --coverage            only which branches of all of them these tests reach: 95 % or it fails
 *
 * Needs the package registry: Stryker is not installed with the project, where it would double the time of `npm ci`.
 * A mutant that no test can notice is in `equivalent.json` with its reason. Exit code 1 when one is neither noticed nor
 * explained, or when an explanation fits none. The tests are those of `modules.mjs`, and of these Stryker runs for each
 * mutant only what reaches it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODULES } from './modules.mjs';

const STRYKER = '9.6.1';
const VITEST = versionOf('vitest');
const PACKAGES = [`@stryker-mutator/core@${STRYKER}`, `@stryker-mutator/vitest-runner@${STRYKER}`, `vitest@${VITEST}`];
const NOTICED = ['Killed', 'Timeout'];
const MISSED = ['Survived', 'NoCoverage'];

const print = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);
const flags = new Set(process.argv.slice(2).filter((word) => word.startsWith('--')));
const chosen = process.argv.slice(2).filter((word) => !word.startsWith('--'));
/** By file: a line, what is put into it, and why no test can notice. */
const EQUIVALENT = JSON.parse(readFileSync(new URL('equivalent.json', import.meta.url), 'utf8'));
const numberOf = (name, otherwise) => Number([...flags].find((flag) => flag.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
/** One in so many mutants is tried. */
const every = numberOf('every', 1);
let open = 0;

if (flags.has('--coverage')) process.exitCode = coverage();
else if (numberOf('sample', 0) > 0) process.exitCode = sample();
else {
  for (const [name, files] of Object.entries(MODULES)) {
    for (const [file, tests] of Object.entries(files)) {
      if (chosen.length > 0 && !chosen.includes(name) && !chosen.includes(file)) continue;
      const { source, mutants } = mutated(file, tests);
      report(file, source.split('\n'), mutants);
    }
  }
  process.exitCode = open === 0 ? 0 : 1;
}

/** The exit code of vitest, whose report goes to standard output. */
function coverage() {
  const files = Object.assign({}, ...Object.values(MODULES));
  const folder = mkdtempSync(join(tmpdir(), 'keysift-coverage-'));
  const options = [`reportsDirectory=${folder}`, 'reporter=text', 'thresholds.branches=95', ...Object.keys(files).map((file) => `include=${file}`)];
  try {
    const argv = ['vitest', 'run', ...new Set(Object.values(files).flat()), '--coverage.enabled', ...options.map((flag) => `--coverage.${flag}`)];
    return npx([`vitest@${VITEST}`, `@vitest/coverage-v8@${VITEST}`], argv, { stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The exit code of a run of `sample.mjs`, which says what it learned. */
function sample() {
  const seed = numberOf('seed', 1);
  const results = join('node_modules', '.cache', 'keysift-mutation', `sample-${seed}.jsonl`);
  const wanted = { size: numberOf('sample', 0), seed, seconds: numberOf('for', 1e9), nice: numberOf('nice', 19) };
  return npx(
    PACKAGES,
    ['node', 'test/mutation/sample.mjs', JSON.stringify({ ...wanted, missed: flags.has('--missed'), results, equivalent: EQUIVALENT })],
    { stdio: 'inherit' },
  );
}

/** Runs a program of some packages that are not installed here; gives its exit code. */
function npx(packages, argv, options) {
  return spawnSync('npx', ['--yes', ...packages.flatMap((name) => ['--package', name]), ...argv], options).status;
}

/** Stryker's report on a file: its source and its mutants. */
function mutated(file, tests) {
  const folder = mkdtempSync(join(tmpdir(), 'keysift-mutation-'));
  try {
    const config = join(folder, 'stryker.json');
    const answer = join(folder, 'report.json');
    writeFileSync(config, JSON.stringify(configuration(file, folder, answer)));
    const task = JSON.stringify({ tests, files: { [file]: null }, every });
    const argv = flags.has('--quick') ? ['node', 'test/mutation/quick.mjs', task, answer] : ['stryker', 'run', config];
    const status = npx(PACKAGES, argv, {
      env: { ...process.env, MUTATION_TESTS: tests.join() },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`${argv[0]} ended with ${status}; are the tests green? MUTATION_TESTS=${tests.join()}`);
    return JSON.parse(readFileSync(answer, 'utf8')).files[file];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function configuration(file, folder, fileName) {
  return {
    mutate: [file],
    testRunner: 'vitest',
    vitest: { configFile: 'test/mutation/vitest.config.ts' },
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env.MUTATION_JOBS ?? 1),
    reporters: ['json'],
    jsonReporter: { fileName },
    tempDirName: join(folder, 'sandbox'),
    ignorePatterns: ['docs', 'templates'],
    // Its search for configurations needs an older TypeScript as a library.
    tsconfigFile: 'none.json',
  };
}

function report(file, lines, mutants) {
  const count = (statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const missed = mutants
    .filter(({ status }) => MISSED.includes(status))
    .map((mutant) => ({ ...mutant, line: lines[mutant.location.start.line - 1].trim() }));
  const explained = EQUIVALENT[file] ?? [];
  const explains = (entry, { line, replacement }) => entry.line === line && entry.mutants.includes(replacement);
  const unexplained = missed.filter((mutant) => !explained.some((entry) => explains(entry, mutant)));
  const stale = every > 1 ? [] : explained.filter((entry) => !missed.some((mutant) => explains(entry, mutant)));
  for (const { line } of stale) print(`    equivalent.json explains what is not there: ${line}`);
  open += unexplained.length + stale.length;
  const equivalent = missed.length - unexplained.length;
  const all = count([...NOTICED, ...MISSED]) - equivalent;
  const score = all === 0 ? 100 : (100 * count(NOTICED)) / all;
  print(
    `  ${file}: ${all + equivalent} mutants, ${count(NOTICED)} killed, ${unexplained.length} survived, ${equivalent} equivalent: ${score.toFixed(1)} %`,
  );
  for (const { status, location, line, replacement } of unexplained) {
    print(`    ${file}:${location.start.line}:${location.start.column} ${status === 'NoCoverage' ? 'reached by no test' : 'not noticed'}`);
    print(`      ${line}`);
    print(`      → ${replacement.replace(/\s+/g, ' ').slice(0, 140)}`);
  }
}

function versionOf(name) {
  return JSON.parse(readFileSync('package-lock.json', 'utf8')).packages[`node_modules/${name}`].version;
}
