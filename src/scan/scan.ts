/** One scan from what was asked for to its report. Prints nothing. */
import { realpathSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { CleanList } from '../git/clean-list.ts';
import { findTips, nameTips, soundTips, type Tips } from '../git/enumerate.ts';
import { HeldTips } from '../git/held-tips.ts';
import { HistoryGraph } from '../git/history-graph.ts';
import { hasTooManyPaths } from '../git/path-count.ts';
import { isPartialClone, reachesBoundary, resolveCommit } from '../git/questions.ts';
import { refFilesOf } from '../git/ref-files.ts';
import { mayBeIgnored, openRepository, type Repository } from '../git/repository.ts';
import type { ObjectStore } from '../git/store/object-store.ts';
import { append } from '../model/append.ts';
import { UserError } from '../model/errors.ts';
import { decodeName } from '../model/file-name.ts';
import type { Dropped, Finding } from '../model/finding.ts';
import type { Origin } from '../model/origin.ts';
import type { DroppedHit, Report, SourceName } from '../model/report.ts';
import type { RuleSet } from '../model/rule.ts';
import { MAX_WHOLE } from '../model/source.ts';
import { ruleCount } from '../rules/builtin.ts';
import { compareConfidence, compareSeverity, type Confidence, type Severity } from '../model/severity.ts';
import { pathFilter } from '../policy/path-patterns.ts';
import { ACCEPT_NOTHING, triage, type Acceptance } from '../policy/triage.ts';
import type { FileUnit } from '../sources/file-units.ts';
import { fileUnit, filesBelow } from '../sources/folder.ts';
import { openRepositoryStore, passRefNames, scanHistory, scanRefNames, type BlobThreads, type ScannedHistory } from '../sources/history.ts';
import { stateOf, type LastTips } from '../sources/last-scan.ts';
import { listStaged, scanStaged } from '../sources/staged.ts';
import { movedOut } from '../sources/moved-out.ts';
import { pathBelow, shown, targetsOf, uncovered, type Target } from '../sources/named-paths.ts';
import { scanStdin } from '../sources/stdin.ts';
import { listIndex, listWorktree, scanAbsent, type IndexEntry } from '../sources/worktree.ts';
import { Collector, Stopped, type Found, type Totals } from './collector.ts';
import { dependenciesBelow } from './dependencies.ts';
import { packedEnvFiles, trackingOf, unignoredEnvFiles } from './env-tracking.ts';
import { makeFindings } from './findings.ts';
import { packBytes, startThreads, type WaitingThreads } from './history-pool.ts';
import { Inspector } from './inspector.ts';
import { isOrdinaryWord, Mask, maskReport } from './mask.ts';
import { keptScan, ofState, type EarlierScans, type KeptScan } from './kept-scan.ts';
import { withoutKnown } from './only-new.ts';
import { joinPairs } from './pairs.ts';
import { scanUnits } from './pool.ts';
import { keepHeapSteady, MANY } from './steady-heap.ts';
import { tipCommits, Whereabouts } from './whereabouts.ts';

export interface ScanOptions {
  readonly rules: RuleSet;
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Files and folders; the current folder when empty. */
  readonly paths: readonly string[];
  readonly mode:
    | { readonly kind: 'full'; readonly worktree: boolean; readonly history: boolean }
    | { readonly kind: 'staged' }
    | { readonly kind: 'range'; readonly base: string; readonly head: string }
    /** Commit ids, for a hook: what `from` reach and `without` do not; git tells the hook which objects it is about. */
    | { readonly kind: 'commits'; readonly from: readonly string[]; readonly without: readonly string[] }
    | { readonly kind: 'stdin'; readonly input: Readable; readonly name: string };
  readonly untracked: boolean;
  readonly ignored: boolean;
  /** Also what only reflogs reach, and what nothing reaches. */
  readonly allObjects: boolean;
  /** How the history is read: from the files of the object database, or through git. Both find the same. */
  readonly reader: 'pack' | 'git';
  /** Keeps in the git directory which objects hold nothing, and leaves them out the next time. The text is the engine's version. */
  readonly cache?: string | undefined;
  /** Hash each object of the history, and list those that are not what their id says. */
  readonly verifyObjects: boolean;
  /** Bytes; larger contents are listed as not scanned. */
  readonly maxFileSize: number;
  /** Threads. */
  readonly jobs: number;
  readonly minSeverity: Severity;
  readonly minConfidence: Confidence;
  readonly now: Date;
  /** Milliseconds from a clock that never goes back. */
  readonly clock: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Keep what filters dropped, for people who wonder. */
  readonly explain: boolean;
  /** What policy accepts; nothing when left out. */
  readonly acceptance?: Acceptance | undefined;
  /** The files that policy came from, for the report. */
  readonly policySources?: readonly string[] | undefined;
  /** Told once the totals exist, to watch them. */
  readonly started?: ((totals: Readonly<Totals>) => void) | undefined;
}

/** The reason of a signal that ends a scan by the clock, and not by a person. */
export const OUT_OF_TIME = 'out of time';

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

/** Where a history begins: its tips, or what is known of them where it is as it was. */
type Beginning =
  | { readonly tips: HeldTips; readonly last?: undefined }
  | { readonly tips?: undefined; readonly last: KeptScan & { readonly tips: LastTips } };

/** A scanned history. */
interface Past {
  readonly tips: () => Tips;
  readonly head: string | undefined;
  readonly graph: HistoryGraph | undefined;
  /** Where everything was, when that is known from the last scan. */
  readonly again: Whereabouts | undefined;
  /** Keeps what the next scan may use. */
  readonly keep: (whereabouts: Whereabouts | undefined) => void;
}

class Scan {
  readonly #options: ScanOptions;
  readonly #inspector: Inspector;
  readonly #collector: Collector;
  readonly #leftOut: (path: string) => boolean;
  /** The repository whose working tree lies beside what is scanned, and the files of it that git tracks. */
  #beside: { readonly repository: Repository; readonly tracked: () => ReadonlySet<string> } | undefined;
  /** All that were asked something. */
  readonly #opened: Repository[] = [];
  #blobThreads: WaitingThreads | undefined;
  /** The same, once they have a store. */
  #begun: BlobThreads | undefined;
  #store: ObjectStore | undefined;
  /** Where package manifests are looked for. */
  #root: string | undefined;

  constructor(options: ScanOptions, inspector: Inspector, collector: Collector) {
    this.#options = options;
    this.#inspector = inspector;
    this.#collector = collector;
    this.#leftOut = pathFilter(options.acceptance?.exclude ?? []);
  }

  async run(): Promise<Outcome> {
    const outcome = await this.#look().finally(() => {
      this.#blobThreads?.stop();
      this.#store?.close();
    });
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
          if (isFile) add([fileUnit(path, shown(root, path))]);
          else if (repository === undefined || top === undefined || mayBeIgnored(repository, shown(top, path))) {
            add(filesBelow(path, pathBelow(top ?? root, path), this.#collector));
          } else {
            tracked.push({ repository, top });
            const entries = await listIndex(repository, this.#collector);
            add(await listWorktree(repository, top, entries, this.#choice([shown(top, path)]), this.#collector));
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
  #units(root: string, list: (add: (units: Iterable<FileUnit>) => void) => Promise<void>): Promise<FileUnit[]> {
    const { rules, jobs, signal, explain, clock } = this.#options;
    const chosen = (add: (units: Iterable<FileUnit>) => void): Promise<void> => list((units) => add(this.#chosen(units)));
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
    if (!mode.history) return this.#withStore(repository, mode, index, undefined);
    const { reader, allObjects, verifyObjects, cache } = this.#options;
    const readsPacks = reader === 'pack';
    // What is to be verified must be read.
    const list = readsPacks && !verifyObjects ? this.#cleanList(repository) : undefined;
    const earlier = list === undefined ? undefined : { list, refFiles: refFilesOf(repository, allObjects) };
    const last = earlier === undefined ? undefined : this.#asItWas(repository, earlier, index);
    if (last !== undefined) return this.#withStore(repository, mode, index, { last }, earlier);
    // They load and begin while git is asked. Not beside a working tree, which has threads of its own, nor where there may be nothing to read.
    const atOnce = readsPacks && (!mode.worktree || repository.root === undefined) && cache === undefined;
    if (atOnce) this.#startThreads(packBytes(repository.commonDir));
    return this.#withStore(repository, mode, index, { tips: this.#askForTips(repository, atOnce) }, earlier);
  }

  /**
   * Where a history begins; opens its store, if it is to be read from one.
   * A method of its own: whoever waits for the whole scan would keep all that was made on the way.
   * @param atOnce whether threads were started that wait for the store
   */
  #askForTips(repository: Repository, atOnce: boolean): HeldTips {
    const { reader, allObjects, verifyObjects, cache } = this.#options;
    // Before the store lists its objects: what comes after that has no tip here.
    const named = nameTips(repository, allObjects);
    if (reader === 'pack') this.#store = openRepositoryStore(repository, verifyObjects);
    if (atOnce && this.#store !== undefined) this.#begunThreads(this.#store);
    // Says the types of tips at once; where an earlier scan may know the history, nobody else needs it.
    if (cache === undefined) this.#store?.planAll();
    return new HeldTips(soundTips(repository, named, this.#store));
  }

  /** What was kept of a history whose tips nobody needs to be asked for; its store is open then. */
  #asItWas(repository: Repository, { list, refFiles }: EarlierScans, index: readonly IndexEntry[]): (KeptScan & { tips: LastTips }) | undefined {
    const kept = refFiles === undefined ? undefined : keptScan(list);
    if (refFiles === undefined || kept?.tips === undefined || kept.refFiles !== refFiles) return undefined;
    const store = openRepositoryStore(repository, false);
    if (stateOf(repository, refFiles, store, index, this.#options.allObjects) === kept.state) {
      this.#store = store;
      return { ...kept, tips: kept.tips };
    }
    // Another one lists its objects when tips have been asked for.
    store.close();
    return undefined;
  }

  async #withStore(
    repository: Repository,
    mode: { worktree: boolean; history: boolean },
    index: readonly IndexEntry[],
    beginning: Beginning | undefined,
    earlier?: EarlierScans,
  ): Promise<Outcome> {
    const collector = this.#collector;
    const sources: SourceName[] = [];
    let past: Past | undefined;
    this.#root = repository.root;
    this.#beside = { repository, tracked: () => new Set(index.map((entry) => decodeName(entry.path))) };
    await this.#gather(async () => {
      if (mode.worktree && repository.root !== undefined) {
        sources.push('worktree');
        const units = await listWorktree(repository, repository.root, index, this.#choice([]), collector);
        const absent = await this.#units(repository.root, (add) => Promise.resolve(add(units)));
        await scanAbsent(repository, absent, collector);
        this.#unignored(repository, units);
      }
      if (beginning === undefined) return;
      sources.push('history');
      past = await this.#history(repository, beginning, index, earlier);
    });
    if (repository.root === undefined && !mode.history)
      throw new UserError('a bare repository has no working tree to scan', 'Leave out --no-history.');
    const whereabouts = past === undefined ? undefined : await this.#whereabouts(repository, past.tips, index, past);
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
    const tracked = new Set(units.flatMap(({ shown: path, blob }) => (blob === undefined ? [] : [path])));
    const paths = units.map(({ shown: path }) => path);
    for (const [id, look] of [['env-not-ignored', unignoredEnvFiles] as const, ['env-in-artifact', packedEnvFiles] as const]) {
      const rule = rules.find((candidate) => candidate.id === id);
      if (rule !== undefined) append(this.#collector.found, look(repository, rule, tracked, paths));
    }
  }

  async #history(repository: Repository, beginning: Beginning, index: readonly IndexEntry[], earlier: EarlierScans | undefined): Promise<Past> {
    const collector = this.#collector;
    const store = this.#store;
    const { allObjects, explain, verifyObjects } = this.#options;
    const { tips } = beginning;
    for (const { unit, detail } of tips?.broken ?? []) {
      collector.counted('ref');
      collector.notScanned({ unit, reason: 'REF-BROKEN', detail });
    }
    if (repository.shallow) {
      collector.counted('source');
      collector.notScanned({
        unit: 'the history',
        reason: 'SHALLOW',
        detail: 'a shallow clone lacks the older part of it; git fetch --unshallow, in CI fetch-depth: 0',
      });
    }
    if (tips?.isEmpty === true) collector.note('the repository has no commits yet');
    const isPartial = (): boolean => isPartialClone(repository);
    const alsoBlobs = index.filter((entry) => entry.mode !== '160000').map((entry) => entry.id);
    const list = earlier?.list;
    const state = tips === undefined ? undefined : this.#stateToKeep(repository, tips, index, earlier);
    const last = beginning.last ?? (list === undefined || state === undefined ? undefined : ofState(keptScan(list), state));
    const told = (): number => collector.found.length + collector.missed.length;
    const { unreachable, graph, toKeep }: ScannedHistory = await scanHistory(
      repository,
      {
        from: () => (tips === undefined ? [] : tipCommits(tips.all())),
        without: [],
        isPartial,
        alsoBlobs,
        unreachable: allObjects,
        store,
        verify: verifyObjects,
        threads: (opened) => this.#begunThreads(opened),
        // What filters drop is told for each blob, so then each is looked at whole.
        sift: (sieve) => !explain && this.#inspector.useSieve(sieve),
        sifted: () => this.#inspector.dropSieve(),
        earlier: list === undefined ? undefined : { list, last: last?.history, told },
      },
      collector,
    );
    const lastTips = tips === undefined ? undefined : this.#refNames(tips.all());
    if (beginning.last !== undefined) passRefNames(beginning.last.tips, collector);
    if (unreachable > 0 && !allObjects) collector.note(`${unreachable} objects that nothing reaches were left out; --all-objects scans them`);
    const read = (id: string): Buffer | undefined => store?.read(id)?.bytes;
    const again = last?.whereabouts === undefined ? undefined : Whereabouts.again(repository, last.whereabouts, read);
    const keep = (whereabouts: Whereabouts | undefined): void => {
      if (state === undefined || toKeep === undefined || collector.missed.length > 0 || repository.git.unanswered.size > 0) return;
      const plain = whereabouts?.plain;
      // A path that says a secret would bring it into the file.
      const mask = this.#mask();
      if ([...(plain?.held ?? []), ...(plain?.changes ?? [])].some(({ path }) => mask.apply(path) !== path)) return;
      const kept = { refFiles: earlier!.refFiles!, state, history: toKeep, whereabouts: plain, tips: lastTips } satisfies KeptScan;
      list?.keepScan(Buffer.from(JSON.stringify(kept)));
    };
    return {
      tips: () => tips?.all() ?? findTips(repository, allObjects),
      head: tips === undefined ? beginning.last?.tips.head : tips.head,
      graph,
      again,
      keep,
    };
  }

  /** The state of a history that is to be scanned; undefined where nothing is to be kept of it. */
  #stateToKeep(repository: Repository, tips: HeldTips, index: readonly IndexEntry[], earlier: EarlierScans | undefined): string | undefined {
    const { allObjects } = this.#options;
    const refFiles = earlier?.refFiles;
    // The tips are of these files only if none was changed while git read them.
    if (refFiles === undefined || this.#store === undefined || tips.broken.length > 0 || refFilesOf(repository, allObjects) !== refFiles)
      return undefined;
    return stateOf(repository, refFiles, this.#store, index, allObjects);
  }

  /** Looks at the names of refs, and gives what may be kept of them. */
  #refNames(tips: Tips): LastTips | undefined {
    const { found, missed } = this.#collector;
    const before = found.length + missed.length;
    const bytes = scanRefNames(tips, this.#collector);
    const isClean = found.length + missed.length === before;
    return isClean && tips.refs.length > 0 ? { head: tips.head, refs: tips.refs.length, bytes } : undefined;
  }

  /** @param bytes of packs */
  #startThreads(bytes: number): void {
    const { rules, jobs, signal, explain } = this.#options;
    if (!explain) this.#blobThreads ??= startThreads(bytes, rules, { jobs, signal });
  }

  #begunThreads(store: ObjectStore): BlobThreads | undefined {
    this.#startThreads(store.packs.reduce((sum, pack) => sum + pack.size, 0));
    this.#begun ??= this.#blobThreads?.begin(store, this.#collector);
    return this.#begun;
  }

  #mask(): Mask {
    return new Mask(
      this.#inspector,
      this.#collector.found.map(({ sighting }) => sighting.secret.reveal()),
    );
  }

  /** What earlier scans under the same terms found nothing in. What filters dropped is not kept, so `explain` needs all. */
  #cleanList(repository: Repository): CleanList | undefined {
    const { cache, explain, rules, maxFileSize, environment } = this.#options;
    if (cache === undefined || explain) return undefined;
    const terms = JSON.stringify([cache, rules.digest, String(maxFileSize), MAX_WHOLE]);
    const list = CleanList.open(repository.commonDir, repository.idLength / 2, terms, environment);
    if (list === undefined) {
      this.#collector.note('there is no place for a key of your own, so nothing is cached: set HOME or XDG_CACHE_HOME');
      return undefined;
    }
    return list;
  }

  /** Asked only when some blob holds something. */
  async #whereabouts(
    repository: Repository,
    tips: () => Tips,
    index: readonly IndexEntry[],
    { range, graph, again }: { range?: { from: readonly string[]; without: readonly string[] } } & Partial<Pick<Past, 'graph' | 'again'>>,
  ): Promise<Whereabouts | undefined> {
    if (!this.#collector.found.some(({ origin }) => origin.kind === 'blob' || origin.kind === 'metadata')) return undefined;
    if (again !== undefined) return again;
    const blobs = new Set(this.#collector.found.flatMap(({ origin }) => (origin.kind === 'blob' ? [origin.blob] : [])));
    const known = graph ?? (await this.#graphFor(repository, tips(), range?.without ?? []));
    const whereabouts =
      known === undefined
        ? await Whereabouts.ask(repository, tips(), blobs, index, range)
        : Whereabouts.look(repository, known, tips(), blobs, index, range?.without);
    if (whereabouts.failure !== undefined) {
      this.#collector.counted('source');
      this.#collector.notScanned({ unit: 'the log', reason: 'GIT-FAILED', detail: `commits of some findings are unknown: ${whereabouts.failure}` });
    }
    return whereabouts;
  }

  /** The graph where git could not compare what there is to compare; else undefined, and git is asked. */
  async #graphFor(repository: Repository, tips: Tips, without: readonly string[]): Promise<HistoryGraph | undefined> {
    const from = tipCommits(tips);
    if (!(await hasTooManyPaths(repository, from, without))) return undefined;
    this.#store = openRepositoryStore(repository, this.#options.verifyObjects);
    return new HistoryGraph(
      this.#store,
      repository,
      () => [...from, ...without],
      () => undefined,
    );
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
    const whereabouts = await this.#whereabouts(repository, () => tips, [], { range: { from, without } });
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
