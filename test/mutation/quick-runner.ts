/**
 * Runs the tests for `quick.mjs`, in one of two ways. What it learns goes into a journal, a line for each.
 *
 * `repeat`: each test once without a mutant, to see which it reaches, and then with each of these; at last once more without.
 * `reload`: for each of some mutants all modules are loaded anew, and the tests that reach it run until one fails.
 */
import { startTests } from '@vitest/runner';
import { setMaxListeners } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { inject, TestRunner, vi, type RunnerTestCase, type RunnerTestSuite } from 'vitest';

/** What Stryker's instrumented text reads and counts. */
interface Stryker {
  activeMutant?: string;
  currentTestId?: string;
  hitCount?: number;
  hitLimit?: number;
  /** How often it was asked whether any mutant is active, and how often it may be. */
  asked?: number;
  mostAsked?: number;
  mutantCoverage: { static: Hits; perTest: Record<string, Hits> };
}
/** How often each mutant was reached. */
type Hits = Record<string, number>;

/** A mutant, how often some tests reach it and any other, and which these are: null when they reach it while they are loaded. */
interface Reload {
  readonly id: string;
  readonly hits: number;
  readonly asked: number;
  readonly only: readonly string[] | null;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Tests that take so long, in milliseconds, and for how long those of a file are repeated for one mutant; or by test file what is to be reloaded. */
    mutation:
      | { readonly kind: 'repeat'; readonly from: number; readonly to: number; readonly most: number }
      | { readonly kind: 'reload'; readonly mutants: Readonly<Record<string, readonly Reload[]>> };
  }
}

// Each loading of the tests listens for the end of the run.
setMaxListeners(0);
const journal = process.env['MUTATION_JOURNAL'] ?? '';
const mutation = inject('mutation');
const stryker: Stryker = { mutantCoverage: { static: {}, perTest: {} } };
Object.assign(globalThis, { __stryker__: stryker });
/** Modules and tests are loaded in so many milliseconds. */
const LOADED = 150;
/** As Stryker has it: what is reached so many times as often as without the mutant goes on for ever. */
const MORE = 100;
/** So often it may be asked for mutants while modules are loaded. */
const LOADING = 10_000;
/** Mutants that a test notices before it is run without any, to see whether they left something behind. */
const TOGETHER = 8;
/** Who had less than so many milliseconds of a processor in a second waits, and for so many milliseconds only for what never comes. */
const IDLE = 20;
const WAITING = 5000;
/** Mutants that need no other test here: noticed, or hung, or a test was red after them. */
const settled = new Set<string>();
/** By the id of a mutant, how long the tests take together that were repeated with it here, in milliseconds. */
const repeated = new Map<string, number>();
/** By the id of a test, how long it took in a run before, in milliseconds. */
const before = new Map<string, number>();

export default class extends TestRunner {
  onBeforeRunFiles(): void {
    note({ kind: 'starts', pid: process.pid });
    for (const line of readFileSync(journal, 'utf8').split('\n')) {
      const entry = line === '' ? { kind: '' } : JSON.parse(line);
      // What is unclear is to be tried alone, and what is left to another run not at all.
      if (entry.kind === 'noticed' || entry.kind === 'left' || (entry.kind === 'unclear' && mutation.kind === 'repeat')) settled.add(entry.id);
      if (entry.kind === 'took') before.set(entry.test, entry.took);
    }
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    if (mutation.kind === 'repeat') await repeat(test);
  }

  override async onAfterRunSuite(suite: RunnerTestSuite): Promise<void> {
    await super.onAfterRunSuite(suite);
    if (!('filepath' in suite)) return;
    const file = String(suite.filepath);
    if (mutation.kind === 'repeat') return note({ kind: 'reached', file, hits: stryker.mutantCoverage.static });
    const again = new Again(this.config);
    // What this one was given, but for the functions that report on tests.
    Object.assign(again, Object.fromEntries(Object.entries(this).filter(([, given]) => typeof given !== 'function')));
    Object.assign(again, { moduleRunner: this['moduleRunner'] });
    for (const mutant of mutation.mutants[file] ?? []) {
      if (settled.has(mutant.id)) continue;
      note({ kind: 'reloads', id: mutant.id });
      note({ kind: 'tries', id: mutant.id, took: LOADED + timeOf(mutant.only ?? [...before.keys()]) });
      if (await again.fails(file, mutant)) note({ kind: 'noticed', id: mutant.id });
    }
  }
}

/** How long some tests took together, in milliseconds. */
function timeOf(tests: readonly string[]): number {
  return tests.reduce((sum, test) => sum + (before.get(test) ?? 0), 0);
}

/** Loads a test file as often as it is asked to, and tells nobody of its tests. */
class Again extends TestRunner {
  #only: readonly string[] | null = null;
  #failed = false;

  async fails(file: string, { id, hits, asked, only }: Reload): Promise<boolean> {
    this.#only = only;
    this.#failed = false;
    vi.resetModules();
    activate(id, hits, LOADING + asked);
    const [loaded] = await startTests([file], this);
    deactivate();
    return this.#failed || loaded?.result?.state === 'fail';
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    if (this.#failed || (this.#only !== null && !this.#only.includes(test.id))) return;
    this.#failed = await fails(() => TestRunner.getTestFn(test)(), before.get(test.id) ?? 0);
  }
}

async function repeat(test: RunnerTestCase): Promise<void> {
  if (mutation.kind !== 'repeat' || (before.get(test.id) ?? Infinity) < mutation.from) return;
  const run = TestRunner.getTestFn(test);
  Object.assign(stryker, { currentTestId: test.id, asked: 0, mostAsked: Infinity });
  const start = performance.now();
  try {
    await run();
  } catch (error) {
    note({ kind: 'red', test: test.name });
    throw error;
  } finally {
    delete stryker.currentTestId;
  }
  const took = performance.now() - start;
  const hits = stryker.mutantCoverage.perTest[test.id] ?? {};
  const asked = stryker.asked ?? 0;
  note({ kind: 'reached', file: test.file.filepath, test: test.id, hits, asked });
  note({ kind: 'took', test: test.id, took });
  if (took >= mutation.to) return;
  let failed: string[] = [];
  const settle = async () => {
    if (failed.length === 0) return;
    stryker.currentTestId = 'again';
    const kind = (await fails(run, took)) ? 'unclear' : 'noticed';
    delete stryker.currentTestId;
    for (const id of failed) {
      settled.add(id);
      note({ kind, id });
    }
    failed = [];
  };
  for (const [id, times] of Object.entries(hits)) {
    const spent = (repeated.get(id) ?? 0) + took;
    // So long that nobody waits for more.
    if (settled.has(id) || spent > mutation.most) continue;
    repeated.set(id, spent);
    note({ kind: 'tries', id, took });
    activate(id, times, asked);
    if (await fails(run, took)) failed.push(id);
    deactivate();
    if (failed.length >= TOGETHER) await settle();
  }
  await settle();
}

function activate(id: string, hits: number, asked: number): void {
  const limits = { hitCount: 0, hitLimit: MORE * Math.max(hits, 1), asked: 0, mostAsked: MORE * Math.max(asked, 1) };
  Object.assign(stryker, { activeMutant: id, currentTestId: 'again', ...limits });
}

function deactivate(): void {
  delete stryker.activeMutant;
  delete stryker.hitCount;
  delete stryker.asked;
  delete stryker.currentTestId;
}

/** Whether a test that took some milliseconds fails, or hangs. */
async function fails(run: () => unknown, took: number): Promise<boolean> {
  let timer;
  const start = performance.now();
  const cpu = process.cpuUsage();
  let spent = 0;
  let idle = 0;
  const hangs = new Promise<true>((resolve) => {
    timer = setInterval(() => {
      const { user, system } = process.cpuUsage(cpu);
      const now = (user + system) / 1000;
      idle = now - spent < IDLE ? idle + 1 : 0;
      spent = now;
      if (spent > 1000 + 20 * took || 1000 * idle > WAITING + 20 * took || performance.now() - start > 30_000 + 100 * took) resolve(true);
    }, 1000);
  });
  const failed = (async () => run())().then(
    () => false,
    () => true,
  );
  const { stackTraceLimit } = Error;
  // Nobody reads where a test failed, and to find it costs more than most tests.
  Error.stackTraceLimit = 0;
  try {
    return await Promise.race([failed, hangs]);
  } finally {
    clearInterval(timer);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function note(entry: object): void {
  appendFileSync(journal, `${JSON.stringify(entry)}\n`);
}
