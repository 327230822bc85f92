/** One scan from what was asked for to its report. Prints nothing. */
import { realpathSync } from 'node:fs';
import type { Tips } from '../git/enumerate.ts';
import { isPartialClone, reachesBoundary, resolveCommit } from '../git/questions.ts';
import { mayBeIgnored, openRepository, type Repository } from '../git/repository.ts';
import { append } from '../model/append.ts';
import { UserError } from '../model/errors.ts';
import { decodeName } from '../model/file-name.ts';
import type { Dropped, Finding } from '../model/finding.ts';
import type { Origin } from '../model/origin.ts';
import type { DroppedHit, Report, SourceName } from '../model/report.ts';
import { ruleCount } from '../rules/builtin.ts';
import { compareConfidence, compareSeverity } from '../model/severity.ts';
import { pathFilter } from '../policy/path-patterns.ts';
import { ACCEPT_NOTHING, triage } from '../policy/triage.ts';
import type { FileUnit } from '../sources/file-units.ts';
import { fileUnit, filesBelow } from '../sources/folder.ts';
import { scanHistory } from '../sources/history.ts';
import { listStaged, scanStaged } from '../sources/staged.ts';
import { movedOut } from '../sources/moved-out.ts';
import { pathBelow, shown, targetsOf, uncovered, type Target } from '../sources/named-paths.ts';
import { scanStdin } from '../sources/stdin.ts';
import { listIndex, listWorktree, scanAbsent } from '../sources/worktree.ts';
import { Collector, Stopped, type Found } from './collector.ts';
import { dependenciesBelow } from './dependencies.ts';
import { packedEnvFiles, trackingOf, unignoredEnvFiles } from './env-tracking.ts';
import { makeFindings } from './findings.ts';
import { HistoryScan, type Past } from './history-scan.ts';
import { Inspector } from './inspector.ts';
import { isOrdinaryWord, Mask, maskReport } from './mask.ts';
import { withoutKnown } from './only-new.ts';
import { OUT_OF_TIME, type ScanOptions } from './options.ts';
import { packagesAbove } from './packages.ts';
import { joinPairs } from './pairs.ts';
import { scanUnits, type AddUnits } from './pool.ts';
import { keepHeapSteady, MANY } from './steady-heap.ts';
import type { Whereabouts } from './whereabouts.ts';

const EXCLUDED = 'excluded path';

interface Outcome {
  readonly target: string;
  readonly sources: readonly SourceName[];
  readonly findings: readonly Finding[];
  readonly head?: string | undefined;
}

/** Throws a `UserError` when the scan cannot start; everything later is in the report. */
export async function scan(options: ScanOptions): Promise<Report> {
  const begun = options.clock();
  const { ignores, baseline } = options.acceptance ?? ACCEPT_NOTHING;
  if (ignores.length + baseline.length > MANY) keepHeapSteady();
  const inspector = new Inspector(options.rules);
  const dropped: DroppedHit[] = [];
  const tell = (file: string, drop: Dropped): void => {
    dropped.push({ file, offset: drop.span.start, ruleId: drop.rule.id, filter: drop.filter, reason: drop.reason });
  };
  const collector = new Collector(inspector, { signal: options.signal, dropped: options.explain ? tell : undefined });
  options.started?.(collector.totals);
  const outcome = await new Scan(options, inspector, collector).run();
  const mask = new Mask(
    inspector,
    collector.found.filter(({ sighting }) => !isOrdinaryWord(sighting)).map(({ sighting }) => sighting.secret.reveal()),
  );
  collector.found.length = 0; // all of it is in the findings now, and takes as much room as they do
  const stopped = options.signal?.aborted === true;
  const triaged = triage(outcome.findings, options.acceptance ?? ACCEPT_NOTHING, {
    now: options.now,
    rules: options.rules,
    everything: !stopped && collector.missed.length === 0 && outcome.sources.includes('history') && outcome.sources.includes('worktree'),
    onlyNew: options.mode.kind !== 'full' && options.mode.kind !== 'stdin',
    comments: collector.comments,
  });
  for (const note of triaged.notes) collector.note(note);
  if (stopped) collector.missed.push({ unit: 'the rest of the scan', reason: 'TIME-BUDGET', detail: wordsOf(options.signal) });
  else if (!collector.balanced) {
    collector.missed.push({
      unit: 'the ledger',
      reason: 'READ-ERROR',
      detail: 'units found and units accounted for differ; please report this with keysift --version',
    });
  }
  const isWanted = (finding: Finding): boolean =>
    compareSeverity(finding.severity, options.minSeverity) >= 0 && compareConfidence(finding.confidence, options.minConfidence) >= 0;
  return maskReport(
    {
      target: outcome.target,
      sources: outcome.sources,
      complete: collector.missed.length === 0,
      startedAt: options.now,
      durationMs: Math.round(options.clock() - begun),
      ...(outcome.head === undefined ? {} : { head: outcome.head }),
      rules: options.rules.digest,
      activeRules: ruleCount(options.rules),
      counts: { ...collector.totals },
      // Last, so that each is accepted or left out by itself, and no half goes with a secret that somebody accepted.
      findings: joinPairs(triaged.findings.filter(isWanted)),
      suppressed: triaged.suppressed.filter(({ finding }) => isWanted(finding)),
      policy: options.policySources ?? [],
      notScanned: collector.missed.toSorted((a, b) => (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : a.reason < b.reason ? -1 : 1)),
      excluded: Object.fromEntries(Object.entries(collector.left).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      dropped: dropped.toSorted(byFile),
      notes: [...collector.notes],
    },
    mask,
  );
}

function wordsOf(signal: AbortSignal | undefined): string {
  return signal?.reason === OUT_OF_TIME ? 'the time budget is used up' : 'the run was interrupted';
}

function byFile(a: DroppedHit, b: DroppedHit): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.offset - b.offset || (a.ruleId < b.ruleId ? -1 : 1);
}

class Scan {
  readonly #options: ScanOptions;
  readonly #inspector: Inspector;
  readonly #collector: Collector;
  readonly #history: HistoryScan;
  readonly #leftOut: (path: string) => boolean;
  /** The repository whose working tree lies beside what is scanned, and the files of it that git tracks. */
  #beside: { readonly repository: Repository; readonly tracked: () => ReadonlySet<string> } | undefined;
  /** All that were asked something. */
  readonly #opened: Repository[] = [];
  /** Where package manifests are looked for. */
  #root: string | undefined;

  constructor(options: ScanOptions, inspector: Inspector, collector: Collector) {
    this.#options = options;
    this.#inspector = inspector;
    this.#collector = collector;
    this.#history = new HistoryScan(options, inspector, collector);
    this.#leftOut = pathFilter(options.acceptance?.exclude ?? []);
  }

  async run(): Promise<Outcome> {
    const outcome = await this.#look().finally(() => this.#history.close());
    for (const { git } of this.#opened) {
      for (const [unit, detail] of git.unanswered) {
        this.#collector.counted('source');
        this.#collector.notScanned({ unit, reason: 'GIT-FAILED', detail });
      }
    }
    return outcome;
  }

  #open(folder: string, options: { hook?: boolean } = {}): Repository | undefined {
    const repository = openRepository(folder, this.#options.environment, options);
    if (repository !== undefined) this.#opened.push(repository);
    return repository;
  }

  async #look(): Promise<Outcome> {
    const { mode, cwd } = this.#options;
    switch (mode.kind) {
      case 'stdin': {
        await this.#gather(() => scanStdin(mode.input, mode.name, this.#collector, this.#options));
        return { target: mode.name, sources: ['stdin'], findings: await this.#findings(this.#collector.found, undefined, undefined) };
      }
      case 'staged': {
        const repository = this.#open(cwd, { hook: true });
        if (repository === undefined) throw notARepository('--staged');
        if (repository.root === undefined) throw new UserError('a bare repository has no index', 'Leave out --staged, or change into a clone of it.');
        return this.#staged(repository);
      }
      case 'range': {
        const repository = this.#open(cwd);
        if (repository === undefined) throw notARepository('--range');
        const [base, head] = [await resolveCommit(repository, mode.base), await resolveCommit(repository, mode.head)];
        return this.#range(repository, [head], [base]);
      }
      case 'commits': {
        const repository = this.#open(cwd, { hook: true });
        if (repository === undefined) throw notARepository('a hook');
        return this.#range(repository, mode.from, mode.without);
      }
      case 'full':
        return this.#full(mode);
    }
  }

  /** Runs a source; a stop from outside ends it and leaves what is there. */
  async #gather(source: () => Promise<unknown>): Promise<void> {
    try {
      await source();
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
  }

  #findings(found: readonly Found[], whereabouts: Whereabouts | undefined, head: string | undefined): Promise<Finding[]> {
    if (found.length === 0) return Promise.resolve([]);
    const beside = this.#beside;
    return makeFindings(found, {
      whereabouts,
      now: this.#options.now,
      head,
      inlineIgnores: (this.#options.acceptance ?? ACCEPT_NOTHING).inlineIgnores,
      rules: this.#options.rules.rules,
      dependencies: this.#root === undefined ? undefined : dependenciesBelow(this.#root),
      packages: this.#root === undefined ? undefined : packagesAbove(this.#root),
      tracking: beside === undefined ? undefined : (paths) => trackingOf(beside.repository, beside.tracked(), paths),
    });
  }

  async #full(mode: { worktree: boolean; history: boolean }): Promise<Outcome> {
    const targets = await targetsOf(this.#options.paths, this.#options.cwd);
    const [first] = targets;
    const repositories = targets.map((target) => this.#open(target.folder));
    const repository = repositories[0];
    if (targets.length === 1 && first !== undefined && repository !== undefined) {
      const root = repository.root === undefined ? undefined : realpathSync(repository.root);
      const whole = this.#options.paths.length === 0 || root === undefined || root === first.path;
      if (whole) return this.#repository(repository, mode);
      if (!mode.worktree)
        throw new UserError('--history-only is about a whole repository, and a file or a subfolder was named', 'Leave out the path, or the flag.');
    }
    if (!mode.worktree) throw notARepository('--history-only');
    return this.#files(targets, repositories);
  }

  /** Files and folders outside a repository, or several of them at once: what is on disk, without history. */
  async #files(targets: readonly Target[], repositories: readonly (Repository | undefined)[]): Promise<Outcome> {
    const tops = repositories.map((repository) => (repository?.root === undefined ? undefined : realpathSync(repository.root)));
    const [only] = targets;
    const target = targets.length === 1 && only?.isFolder === true ? only.path : this.#options.cwd;
    // In one repository names are told from its root, wherever they are asked about from: policy and ids need the same ones.
    const root = new Set(tops).size === 1 && tops[0] !== undefined ? tops[0] : target;
    this.#root = root;
    await this.#gather(async () => {
      const tracked: { repository: Repository; top: string }[] = [];
      const absent = await this.#units(root, async (add) => {
        for (const { path, isFile, index } of uncovered(targets)) {
          const repository = repositories[index];
          const top = tops[index];
          if (isFile) await add([fileUnit(path, shown(root, path))]);
          else if (repository === undefined || top === undefined || mayBeIgnored(repository, shown(top, path))) {
            await add(filesBelow(path, pathBelow(top ?? root, path), this.#collector));
          } else {
            tracked.push({ repository, top });
            const entries = await listIndex(repository, this.#collector);
            await add(await listWorktree(repository, top, entries, this.#choice([shown(top, path)]), this.#collector));
          }
        }
      });
      for (const { repository, top } of tracked) {
        const own = absent.filter((unit) =>
          Buffer.from(unit.path as string)
            .toString('latin1')
            .startsWith(Buffer.from(`${top}/`).toString('latin1')),
        );
        await scanAbsent(repository, own, this.#collector);
      }
    });
    if (repositories.some((repository) => repository !== undefined)) {
      this.#collector.note('paths were named, so only the working tree was scanned; run keysift without paths for the whole history');
    }
    return { target, sources: ['files'], findings: await this.#findings(this.#collector.found, undefined, undefined) };
  }

  /** Files that policy leaves out are counted, and not read. */
  #units(root: string, list: (add: AddUnits) => Promise<void>): Promise<FileUnit[]> {
    const { rules, jobs, signal, explain, clock } = this.#options;
    const chosen = (add: AddUnits): Promise<void> => list((units) => add(this.#chosen(units)));
    // What filters dropped is told where it happens, so that run stays in this thread.
    return scanUnits(chosen, root, rules, this.#limits(), this.#collector, { jobs: explain ? 1 : jobs, signal, clock });
  }

  *#chosen(units: Iterable<FileUnit>): Generator<FileUnit, void> {
    for (const unit of units) {
      if (this.#leftOut(unit.shown)) {
        this.#collector.counted('file');
        this.#collector.excluded(EXCLUDED);
      } else yield unit;
    }
  }

  #limits(): { maxFileSize: number } {
    return { maxFileSize: this.#options.maxFileSize };
  }

  #choice(below: readonly string[]): { untracked: boolean; ignored: boolean; below: readonly string[] } {
    return { untracked: this.#options.untracked, ignored: this.#options.ignored, below };
  }

  async #repository(repository: Repository, mode: { worktree: boolean; history: boolean }): Promise<Outcome> {
    const index = repository.root === undefined ? [] : await listIndex(repository, this.#collector);
    const beginning = mode.history ? this.#history.begin(repository, mode.worktree && repository.root !== undefined, index) : undefined;
    const collector = this.#collector;
    const sources: SourceName[] = [];
    let past: Past | undefined;
    this.#root = repository.root;
    this.#beside = { repository, tracked: () => new Set(index.map((entry) => decodeName(entry.path))) };
    await this.#gather(async () => {
      if (mode.worktree && repository.root !== undefined) {
        sources.push('worktree');
        const units = await listWorktree(repository, repository.root, index, this.#choice([]), collector);
        const absent = await this.#units(repository.root, (add) => add(units));
        await scanAbsent(repository, absent, collector);
        this.#unignored(repository, units);
      }
      if (beginning === undefined) return;
      sources.push('history');
      past = await this.#history.read(repository, beginning, index);
    });
    if (repository.root === undefined && !mode.history)
      throw new UserError('a bare repository has no working tree to scan', 'Leave out --no-history.');
    const whereabouts = past === undefined ? undefined : await this.#history.whereabouts(repository, past.tips, index, past);
    past?.keep(whereabouts);
    return {
      target: repository.root ?? repository.gitDir,
      sources,
      head: past?.head,
      findings: await this.#findings(collector.found, whereabouts, past?.head),
    };
  }

  /** Adds what git would take with the next commit though it should not. */
  #unignored(repository: Repository, units: readonly FileUnit[]): void {
    const { rules } = this.#options.rules;
    const tracked = new Set<string>();
    for (const { shown: path, blob } of units) if (blob !== undefined) tracked.add(path);
    const paths = units.map(({ shown: path }) => path);
    for (const [id, look] of [['env-not-ignored', unignoredEnvFiles] as const, ['env-in-artifact', packedEnvFiles] as const]) {
      const rule = rules.find((candidate) => candidate.id === id);
      if (rule !== undefined) append(this.#collector.found, look(repository, rule, tracked, paths));
    }
  }

  async #staged(repository: Repository): Promise<Outcome> {
    const listed = listStaged(repository);
    this.#root = repository.root;
    this.#beside = { repository, tracked: () => new Set(listed.map(({ path }) => path)) };
    const files = listed.filter((file) => !this.#leftOut(file.path));
    for (let index = files.length; index < listed.length; index++) {
      this.#collector.counted('file');
      this.#collector.excluded(EXCLUDED);
    }
    await this.#gather(() => scanStaged(repository, files, this.#collector));
    if (listed.length === 0) this.#collector.note('nothing is staged: 0 files were scanned');
    const before = new Map(files.map((file) => [file.path, file.before === undefined ? [] : [file.before]]));
    const fresh = await withoutKnown(repository, this.#inspector, this.#collector.found, (origin: Origin) =>
      origin.kind === 'staged' ? (before.get(origin.path) ?? []) : [],
    );
    return { target: repository.root ?? repository.gitDir, sources: ['staged'], findings: await this.#findings(fresh, undefined, undefined) };
  }

  /** Whether policy leaves out a path, if only for one rule; undefined where it leaves out none. */
  #isAnythingLeftOut(): ((path: string) => boolean) | undefined {
    const { exclude, ruleExcludes } = this.#options.acceptance ?? ACCEPT_NOTHING;
    const filters = [exclude, ...ruleExcludes.values()].filter((patterns) => patterns.length > 0).map(pathFilter);
    return filters.length === 0 ? undefined : (path) => filters.some((isLeftOut) => isLeftOut(path));
  }

  async #range(repository: Repository, from: readonly string[], without: readonly string[]): Promise<Outcome> {
    this.#root = repository.root;
    const collector = this.#collector;
    if (reachesBoundary(repository, from, without)) {
      collector.counted('source');
      collector.notScanned({
        unit: 'the range',
        reason: 'SHALLOW',
        detail: 'in a shallow clone the range may lack commits; git fetch --unshallow, in CI fetch-depth: 0',
      });
    }
    const isPartial = (): boolean => isPartialClone(repository);
    await this.#gather(async () => {
      const alsoBlobs = await movedOut(repository, { from, without }, this.#isAnythingLeftOut(), collector);
      const { verifyObjects: verify } = this.#options;
      await scanHistory(repository, { from: () => from, without, isPartial, alsoBlobs, unreachable: false, store: undefined, verify }, collector);
    });
    if (collector.totals.commits === 0) collector.note('the range holds no commits: 0 were scanned');
    const tips: Tips = { head: from[0], refs: [], stash: [], others: [], broken: [] };
    const whereabouts = await this.#history.whereabouts(repository, () => tips, [], { range: { from, without } });
    const fresh = await withoutKnown(repository, this.#inspector, collector.found, (origin) =>
      origin.kind === 'blob' ? (whereabouts?.changesTo(origin.blob) ?? []).flatMap((change) => change.from) : [],
    );
    return {
      target: repository.root ?? repository.gitDir,
      sources: ['range'],
      head: from[0],
      findings: await this.#findings(fresh, whereabouts, from[0]),
    };
  }
}

function notARepository(flag: string): UserError {
  return new UserError(`${flag} needs a git repository, and this folder is in none`, 'Change into one, or scan the files with keysift PATH.');
}
