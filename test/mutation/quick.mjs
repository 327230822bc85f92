/**
 * What `run.mjs --quick` starts: TASK REPORT, a task being `{ tests, files, every, longest }` as JSON. Of each file it tries those mutants that
 * are listed by their places among all of the file, or one in `every` when none are listed; tests of `longest` milliseconds and more are not repeated.
 *
 * Stryker's mutants of files in a few processes instead of one run for each: all mutants are in one instrumented text
 * of the module, and a test that reaches some is repeated with each of them (`quick-runner.ts`).
 *
 * A mutant counts as noticed when a test fails with it, and the same test is green without it right afterwards: else it left
 * something behind, and is tried in a process of its own. So is what no repetition noticed, since modules remember what they
 * have once worked out, and what is evaluated while modules load. Differs from Stryker in one thing: a mutant that stops a
 * test file from loading is noticed.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVitest } from 'vitest/node';
import { instrumented } from './mutants.mjs';

/**
 * A mutant hangs whose test process gives no sign for so many milliseconds of a processor, and as often the time of its test.
 * The machine may have other work; where nobody tells the time of a process, it is the clock's.
 */
const PATIENCE = 2000;
const PATIENCE_FOR_TEST = 30;
/**
 * One that has had less than so many milliseconds of a processor in so many waits for what never comes: a pipe that nobody writes
 * to. It cannot tell by itself, as tests can that wait without stopping everything (`quick-runner.ts`).
 */
const IDLE = 20;
const WAITING = 10_000;
/** Tests that take longer, in milliseconds, are repeated only for mutants that no other test notices. */
const LONG = 100;
/** So many times `longest` the tests of a file are repeated for one mutant. */
const MOST = 2;

const [wish, answer] = process.argv.slice(2);
const { tests: testFiles, files, every = 1, longest = Infinity } = JSON.parse(wish);
const { texts, mutants: all } = await instrumented(Object.keys(files));
const mutants = Object.entries(files).flatMap(([file, places]) => {
  const own = all.filter((mutant) => mutant.file === file);
  return places === null ? own.filter((_mutant, place) => place % every === 0) : places.map((place) => own[place]);
});
const most = MOST * longest;
const folder = mkdtempSync(join(tmpdir(), 'keysift-quick-'));
const journal = join(folder, 'journal');
const left = all.filter((mutant) => !mutants.includes(mutant));
writeFileSync(journal, left.map(({ id }) => `${JSON.stringify({ kind: 'left', id })}\n`).join(''));
process.env['MUTATION_JOURNAL'] = journal;
const vitest = await createVitest(
  'test',
  {
    config: false,
    watch: false,
    reporters: [{}],
    runner: 'test/mutation/quick-runner.ts',
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: testFiles,
  },
  { plugins: [{ name: 'mutants', enforce: 'pre', load: (id) => texts.get(id.split('?')[0]) ?? null }] },
);
try {
  await vitest.standalone();
  const specifications = await vitest.globTestSpecifications();
  await run(specifications, { kind: 'repeat', from: 0, to: LONG, most });
  const red = read().filter(({ kind }) => kind === 'red');
  if (red.length > 0) throw new Error(`not green without a mutant: ${red.map(({ test }) => test).join(', ')}`);
  if (!read().some(({ kind }) => kind === 'took')) throw new Error(`no test ran: ${vitest.state.getUnhandledErrors().join(', ')}`);
  const long = specifications.filter(({ moduleId }) => isLongNeeded(moduleId));
  if (long.length > 0) await run(long, { kind: 'repeat', from: LONG, to: longest, most });
  const anew = specifications
    .map((specification) => ({ specification, mutants: reloads(specification.moduleId) }))
    .filter(({ mutants: missed }) => missed.length > 0);
  const again = anew.flatMap(({ mutants: missed }) => missed);
  if (anew.length > 0) {
    const byFile = Object.fromEntries(anew.map(({ specification, mutants: missed }) => [specification.moduleId, missed]));
    await run(
      anew.map(({ specification }) => specification),
      { kind: 'reload', mutants: byFile },
    );
  }
  const ended = new Set(read().flatMap(({ kind, id }) => (kind === 'reloads' || kind === 'noticed' ? [id] : [])));
  const untried = again.filter(({ id }) => !ended.has(id));
  if (untried.length > 0) throw new Error(`${untried.length} mutants were not tried again`);
  const entries = read();
  const noticed = new Set(entries.filter(({ kind }) => kind === 'noticed').map(({ id }) => id));
  const reached = new Set(entries.filter(({ kind }) => kind === 'reached').flatMap(({ hits }) => Object.keys(hits)));
  const status = ({ id }) => (noticed.has(id) ? 'Killed' : reached.has(id) ? 'Survived' : 'NoCoverage');
  const report = (file) =>
    mutants
      .filter((mutant) => mutant.file === file)
      .map(({ id, replacement, status: given, location }) => ({ id, replacement, location: fromOne(location), status: given ?? status({ id }) }));
  const answers = Object.keys(files).map((file) => [file, { source: readFileSync(file, 'utf8'), mutants: report(file) }]);
  writeFileSync(answer, JSON.stringify({ files: Object.fromEntries(answers) }));
} finally {
  await vitest.close();
  rmSync(folder, { recursive: true, force: true });
}
// The report is there. vitest takes a process that was ended because its mutant hung for a failure of its own.
process.exitCode = 0;

/** Whether a test of a file that takes longer reaches what no shorter one noticed. */
function isLongNeeded(moduleId) {
  const entries = read();
  const noticed = new Set(entries.filter(({ kind }) => kind === 'noticed').map(({ id }) => id));
  const long = new Set(entries.filter(({ kind, took }) => kind === 'took' && took >= LONG && took < longest).map(({ test }) => test));
  return entries.some(
    ({ kind, file, test, hits }) =>
      kind === 'reached' && file === moduleId && long.has(test) && mutants.some(({ id }) => id in hits && !noticed.has(id)),
  );
}

/** What no test of a file noticed when it was repeated, and is reached by it. */
function reloads(moduleId) {
  const entries = read();
  const noticed = new Set(entries.filter(({ kind }) => kind === 'noticed').map(({ id }) => id));
  const tooLong = new Set(entries.filter(({ kind, took }) => kind === 'took' && took >= longest).map(({ test }) => test));
  const reached = entries.filter(({ kind, file: at, test }) => kind === 'reached' && at === moduleId && !tooLong.has(test));
  return mutants
    .filter(({ id }) => !noticed.has(id))
    .map(({ id }) => ({ id, tests: affordable(reached.filter(({ hits }) => id in hits)) }))
    .filter((mutant) => mutant.tests.length > 0)
    .map(({ id, tests: by }) => ({
      id,
      hits: by.reduce((sum, { hits }) => sum + hits[id], 0),
      asked: reached.reduce((sum, { asked }) => sum + (asked ?? 0), 0),
      only: by.some(({ test }) => test === undefined) ? null : by.map(({ test }) => test),
    }));
}

/** The shortest of some tests, together of no more than the longest that is repeated. */
function affordable(tests) {
  if (longest === Infinity) return tests;
  const took = new Map(read().flatMap((entry) => (entry.kind === 'took' ? [[entry.test, entry.took]] : [])));
  const sorted = tests.toSorted((a, b) => (took.get(a.test) ?? 0) - (took.get(b.test) ?? 0));
  let sum = 0;
  return sorted.filter(({ test }) => (sum += took.get(test) ?? 0) < longest);
}

function fromOne({ start, end }) {
  return { start: { ...start, line: start.line + 1 }, end: { ...end, line: end.line + 1 } };
}

/** Runs test files. As often as a mutant hangs, the process is ended, and another one goes on behind it. */
async function run(specifications, task) {
  vitest.getRootProject().provide('mutation', task);
  let hung = true;
  while (hung) {
    hung = false;
    let length = -1;
    let since = 0;
    let moved = 0;
    let still = performance.now();
    const watch = setInterval(() => {
      const entries = hung ? [] : read();
      const now = spent(entries);
      if (entries.length > length) return void ([length, since, moved, still] = [entries.length, now, now, performance.now()]);
      if (now - moved >= IDLE) [moved, still] = [now, performance.now()];
      const { pid } = entries.findLast(({ kind }) => kind === 'starts') ?? {};
      const last = entries.at(-1);
      if (hung || pid === undefined || last.kind !== 'tries') return;
      const waits = performance.now() - still > WAITING + PATIENCE_FOR_TEST * last.took;
      if (!waits && now - since < PATIENCE + PATIENCE_FOR_TEST * last.took) return;
      note({ kind: 'noticed', id: last.id });
      hung = true;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself, as one that takes all memory does.
      }
    }, 1000);
    await vitest.runTestSpecifications(specifications);
    clearInterval(watch);
  }
}

/** Milliseconds that the process which writes the journal has had of a processor. */
function spent(entries) {
  const { pid } = entries.findLast(({ kind }) => kind === 'starts') ?? {};
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ').slice(11, 13);
    return 10 * (Number(user) + Number(system));
  } catch {
    return performance.now();
  }
}

function read() {
  return readFileSync(journal, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function note(entry) {
  writeFileSync(journal, `${JSON.stringify(entry)}\n`, { flag: 'a' });
}
