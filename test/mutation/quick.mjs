/**
 * What `run.mjs --quick` starts: FILE REPORT TEST...
 *
 * Stryker's mutants of a file in a few processes instead of one run for each: all mutants are in one instrumented text
 * of the module, and a test that reaches some is repeated with each of them (`quick-runner.ts`).
 *
 * A mutant counts as noticed when a test fails with it, and the same test is green without it right afterwards: else it left
 * something behind, and is tried in a process of its own. So is what no repetition noticed, since modules remember what they
 * have once worked out, and what is evaluated while modules load. Differs from Stryker in one thing: a mutant that stops a
 * test file from loading is noticed.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createVitest } from 'vitest/node';

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

const [file, answer, ...tests] = process.argv.slice(2);
const source = readFileSync(file, 'utf8');
const { text, mutants: all } = await instrumented();
/** All of them, or each so-many-th. */
const every = Number(process.env['MUTATION_EVERY'] ?? 1);
const mutants = all.filter((_mutant, place) => place % every === 0);
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
    include: tests,
  },
  { plugins: [{ name: 'mutants', enforce: 'pre', load: (id) => (id.split('?')[0] === resolve(file) ? text : null) }] },
);
try {
  await vitest.standalone();
  const specifications = await vitest.globTestSpecifications();
  await run(specifications, { kind: 'repeat', from: 0, to: LONG });
  const red = read().filter(({ kind }) => kind === 'red');
  if (red.length > 0) throw new Error(`not green without a mutant: ${red.map(({ test }) => test).join(', ')}`);
  if (!read().some(({ kind }) => kind === 'took')) throw new Error(`no test ran: ${vitest.state.getUnhandledErrors().join(', ')}`);
  if (read().some(({ took }) => took >= LONG)) await run(specifications, { kind: 'repeat', from: LONG, to: Infinity });
  await run(specifications, { kind: 'reload', mutants: Object.fromEntries(specifications.map(({ moduleId }) => [moduleId, reloads(moduleId)])) });
  const again = specifications.flatMap(({ moduleId }) => reloads(moduleId));
  const untried = again.filter(({ id }) => !read().some((entry) => entry.kind === 'reloads' && entry.id === id));
  if (untried.length > 0) throw new Error(`${untried.length} mutants were not tried again`);
  const entries = read();
  const noticed = new Set(entries.filter(({ kind }) => kind === 'noticed').map(({ id }) => id));
  const reached = new Set(entries.filter(({ kind }) => kind === 'reached').flatMap(({ hits }) => Object.keys(hits)));
  const status = ({ id }) => (noticed.has(id) ? 'Killed' : reached.has(id) ? 'Survived' : 'NoCoverage');
  const report = mutants.map(({ id, replacement, status: given, location }) => ({
    id,
    replacement,
    location: fromOne(location),
    status: given ?? status({ id }),
  }));
  writeFileSync(answer, JSON.stringify({ source, mutants: report }));
} finally {
  await vitest.close();
  rmSync(folder, { recursive: true, force: true });
}
// The report is there. vitest takes a process that was ended because its mutant hung for a failure of its own.
process.exitCode = 0;

/** What no test of a file noticed when it was repeated, and is reached by it. */
function reloads(moduleId) {
  const entries = read();
  const noticed = new Set(entries.filter(({ kind }) => kind === 'noticed').map(({ id }) => id));
  const reached = entries.filter(({ kind, file: at }) => kind === 'reached' && at === moduleId);
  return mutants
    .filter(({ id }) => !noticed.has(id))
    .map(({ id }) => ({ id, tests: reached.filter(({ hits }) => id in hits) }))
    .filter((mutant) => mutant.tests.length > 0)
    .map(({ id, tests: by }) => ({
      id,
      hits: by.reduce((sum, { hits }) => sum + hits[id], 0),
      asked: reached.reduce((sum, { asked }) => sum + (asked ?? 0), 0),
      only: by.some(({ test }) => test === undefined) ? null : by.map(({ test }) => test),
    }));
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

/** The text of the module with all mutants in it, and the list of them. */
async function instrumented() {
  const { createInjector, createInstrumenter } = await stryker();
  const quiet = () => {};
  const logger = {
    trace: quiet,
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: quiet,
    fatal: quiet,
    isDebugEnabled: () => false,
    isTraceEnabled: () => false,
  };
  const instrumenter = createInjector().provideValue('logger', logger).injectFunction(createInstrumenter);
  const { files, mutants: made } = await instrumenter.instrument([{ name: resolve(file), content: source, mutate: true }], {
    plugins: [],
    excludedMutations: [],
    ignorers: [],
  });
  // What goes on for ever mostly asks for ever whether some mutant is active, be it the active one or not.
  const asks = 'function isActive(id) {';
  if (!files[0].content.includes(asks)) throw new Error('Stryker writes its helpers in another way now');
  const counted = files[0].content.replace(asks, `${asks} if (++ns.asked > ns.mostAsked) throw new Error('goes on for ever');`);
  return { text: counted, mutants: made };
}

/** Stryker stands beside its programs, which `npx` put into the path. */
async function stryker() {
  const folders = (process.env['PATH'] ?? '').split(delimiter).map((programs) => join(dirname(programs), '@stryker-mutator', 'core', 'package.json'));
  const manifest = folders.find((path) => existsSync(path));
  if (manifest === undefined) throw new Error('no Stryker: start it by `npm run mutation -- --quick`');
  const { resolve: find } = createRequire(manifest);
  const modules = ['@stryker-mutator/instrumenter', 'typed-inject'].map((name) => import(pathToFileURL(find(name)).href));
  const [{ createInstrumenter }, { createInjector }] = await Promise.all(modules);
  return { createInstrumenter, createInjector };
}
