/** What a scan reads of a repository's history: from what is known of an earlier scan to where everything was. */
import { CleanList } from '../git/clean-list.ts';
import { findTips, nameTips, soundTips, type Tips } from '../git/enumerate.ts';
import { HeldTips } from '../git/held-tips.ts';
import { HistoryGraph } from '../git/history-graph.ts';
import { hasTooManyPaths } from '../git/path-count.ts';
import { isPartialClone } from '../git/questions.ts';
import { refFilesOf } from '../git/ref-files.ts';
import type { Repository } from '../git/repository.ts';
import type { ObjectStore } from '../git/store/object-store.ts';
import { MAX_WHOLE } from '../model/source.ts';
import { openRepositoryStore, scanHistory, type BlobThreads, type ScannedHistory } from '../sources/history.ts';
import { passRefNames, scanRefNames } from '../sources/ref-names.ts';
import { stateOf, type LastTips } from '../sources/last-scan.ts';
import type { IndexEntry } from '../sources/worktree.ts';
import type { Collector } from './collector.ts';
import { packBytes, startThreads, type WaitingThreads } from './history-pool.ts';
import type { Inspector } from './inspector.ts';
import { keptScan, ofState, type EarlierScans, type KeptScan } from './kept-scan.ts';
import { Mask } from './mask.ts';
import type { ScanOptions } from './options.ts';
import { tipCommits, Whereabouts } from './whereabouts.ts';

/** Where a history begins: its tips, or what is known of them where it is as it was. */
export type Beginning = { readonly earlier: EarlierScans | undefined } & (
  | { readonly tips: HeldTips; readonly last?: undefined }
  | { readonly tips?: undefined; readonly last: KeptScan & { readonly tips: LastTips } }
);

/** A scanned history. */
export interface Past {
  readonly tips: () => Tips;
  readonly head: string | undefined;
  readonly graph: HistoryGraph | undefined;
  /** Where everything was, when that is known from the last scan. */
  readonly again: Whereabouts | undefined;
  /** Keeps what the next scan may use. */
  readonly keep: (whereabouts: Whereabouts | undefined) => void;
}

/** Of one scan: opens what the history is read with, and closes it. */
export class HistoryScan {
  readonly #options: ScanOptions;
  readonly #inspector: Inspector;
  readonly #collector: Collector;
  #waiting: WaitingThreads | undefined;
  /** The same threads, once they have a store. */
  #begun: BlobThreads | undefined;
  #store: ObjectStore | undefined;

  constructor(options: ScanOptions, inspector: Inspector, collector: Collector) {
    this.#options = options;
    this.#inspector = inspector;
    this.#collector = collector;
  }

  /** Ends what is still running, and closes what is open. */
  close(): void {
    this.#waiting?.stop();
    this.#store?.close();
  }

  /**
   * Where the history of a repository begins, and what is kept of earlier scans of it.
   * @param beside whether a working tree is scanned, too
   */
  begin(repository: Repository, beside: boolean, index: readonly IndexEntry[]): Beginning {
    const { reader, allObjects, verifyObjects, cache } = this.#options;
    const readsPacks = reader === 'pack';
    // What is to be verified must be read.
    const list = readsPacks && !verifyObjects ? this.#cleanList(repository) : undefined;
    const earlier = list === undefined ? undefined : { list, refFiles: refFilesOf(repository, allObjects) };
    const last = earlier === undefined ? undefined : this.#asItWas(repository, earlier, index);
    if (last !== undefined) return { last, earlier };
    // They load and begin while git is asked. Not beside a working tree, which has threads of its own, nor where there may be nothing to read.
    const atOnce = readsPacks && !beside && cache === undefined;
    if (atOnce) this.#startThreads(packBytes(repository.commonDir));
    return { tips: this.#askForTips(repository, atOnce), earlier };
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

  /** Scans it. What of it holds something is placed by `whereabouts`. */
  async read(repository: Repository, beginning: Beginning, index: readonly IndexEntry[]): Promise<Past> {
    const collector = this.#collector;
    const store = this.#store;
    const { allObjects, explain, verifyObjects } = this.#options;
    const { tips, earlier } = beginning;
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
    if (!explain) this.#waiting ??= startThreads(bytes, rules, { jobs, signal });
  }

  #begunThreads(store: ObjectStore): BlobThreads | undefined {
    this.#startThreads(store.packs.reduce((sum, pack) => sum + pack.size, 0));
    this.#begun ??= this.#waiting?.begin(store, this.#collector);
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
  async whereabouts(
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
}
