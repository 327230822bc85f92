/** git repositories for tests: fixed names and dates, nobody's configuration, so the same commit ids each time. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, writeInto } from './folder.ts';
import { runSmall } from './small-process.ts';

export interface RepositoryOptions {
  readonly objectFormat?: 'sha1' | 'sha256';
  readonly bare?: boolean;
  /** Where to make it; a new temporary folder when left out. */
  readonly folder?: string;
}

export interface CommitOptions {
  /** ISO 8601, or git's `@seconds +zone`. */
  readonly date?: string;
  /** `Name <mail>` */
  readonly author?: string;
}

export interface GitAnswer {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Seconds of the first commit; each following one is an hour later. */
const FIRST_DATE = Date.UTC(2026, 0, 1) / 1000;
const HOUR = 3600;
/** Each commit would start another git that looks whether there is something to tidy up, which takes more than a third of its time. */
const SETTINGS = ['gc.auto=0', 'maintenance.auto=false', 'protocol.file.allow=always', 'core.autocrlf=false'].flatMap((entry) => ['-c', entry]);

/** The home folder of all git calls of a test file: nothing is in it. */
let sharedHome: string | undefined;

export function home(): string {
  if (sharedHome === undefined || !existsSync(sharedHome)) sharedHome = temporaryFolder();
  return sharedHome;
}

export class TestRepository {
  readonly path: string;
  #commits = 0;

  private constructor(path: string) {
    this.path = path;
  }

  static create(options: RepositoryOptions = {}): TestRepository {
    const repository = new TestRepository(options.folder ?? temporaryFolder());
    mkdirSync(repository.path, { recursive: true });
    const flags = [
      ...(options.bare === true ? ['--bare'] : []),
      ...(options.objectFormat === undefined ? [] : [`--object-format=${options.objectFormat}`]),
    ];
    repository.git('init', '--quiet', '--initial-branch=main', ...flags);
    return repository;
  }

  /** One that is there already: a clone, a linked worktree. */
  static at(path: string): TestRepository {
    return new TestRepository(path);
  }

  /** Environment of every git call; more variables win. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const date = `@${FIRST_DATE + this.#commits * HOUR} +0000`;
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: home(),
      LC_ALL: 'C',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ada Example',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      GIT_COMMITTER_NAME: 'Ada Example',
      GIT_COMMITTER_EMAIL: 'ada@example.com',
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
      GIT_TERMINAL_PROMPT: '0',
      ...more,
    };
  }

  /** Runs git whatever it answers. */
  tryGit(args: readonly string[], options: { input?: string | Uint8Array; env?: Readonly<Record<string, string>> } = {}): GitAnswer {
    const { status, stdout, stderr } = runSmall('git', [...SETTINGS, ...args], {
      cwd: this.path,
      env: this.environment(options.env),
      ...(options.input === undefined ? {} : { input: options.input }),
    });
    return { status, stdout, stderr: stderr.toString('utf8') };
  }

  /** Runs git and gives its output, trimmed. Throws when it fails. */
  git(...args: readonly string[]): string {
    return this.gitWith({}, ...args);
  }

  gitWith(options: { input?: string | Uint8Array; env?: Readonly<Record<string, string>> }, ...args: readonly string[]): string {
    return this.bytes(options, ...args)
      .toString('utf8')
      .trim();
  }

  bytes(options: { input?: string | Uint8Array; env?: Readonly<Record<string, string>> }, ...args: readonly string[]): Buffer {
    const { status, stdout, stderr } = this.tryGit(args, options);
    if (status !== 0) throw new Error(`git ${args.join(' ')} gave ${status}: ${stderr}`);
    return stdout;
  }

  write(path: string, content: string | Uint8Array): this {
    writeInto(this.path, path, content);
    return this;
  }

  stage(...paths: readonly string[]): this {
    this.git('add', ...paths);
    return this;
  }

  remove(path: string): this {
    rmSync(join(this.path, path), { recursive: true });
    return this;
  }

  /** Commits everything in the working tree; gives the commit's id. */
  commit(message: string, options: CommitOptions = {}): string {
    this.git('add', '--all');
    return this.commitIndex(message, options);
  }

  /** Commits what is staged. */
  commitIndex(message: string, options: CommitOptions = {}): string {
    this.#commits++;
    this.gitWith(
      { env: this.#dated(options), input: message },
      'commit',
      '--quiet',
      '--no-verify',
      '--allow-empty',
      '--allow-empty-message',
      '--cleanup=verbatim',
      '--file=-',
    );
    return this.head();
  }

  /**
   * Merges some branches. `evil` is called between the merge and its commit, for what no parent holds. Conflicts are
   * taken as they are.
   */
  merge(branches: readonly string[], options: CommitOptions & { message?: string; evil?: () => void } = {}): string {
    this.tryGit(['merge', '--quiet', '--no-ff', '--no-commit', '--allow-unrelated-histories', ...branches]);
    options.evil?.();
    return this.commit(options.message ?? `Merge ${branches.join(' and ')}`, options);
  }

  /** Stashes the working tree with what git does not track. */
  stash(message: string): string {
    this.#commits++;
    this.git('stash', 'push', '--quiet', '--include-untracked', '--message', message);
    return this.git('rev-parse', 'refs/stash');
  }

  branch(name: string, from = 'HEAD'): this {
    this.git('checkout', '--quiet', '-b', name, from);
    return this;
  }

  checkout(name: string): this {
    this.git('checkout', '--quiet', name);
    return this;
  }

  tag(name: string, message: string, target = 'HEAD'): string {
    this.#commits++;
    this.gitWith({ input: message }, 'tag', '--annotate', '--cleanup=verbatim', '--file=-', name, target);
    return this.git('rev-parse', `refs/tags/${name}`);
  }

  head(): string {
    return this.#headInFile() ?? this.git('rev-parse', 'HEAD');
  }

  /** The id that HEAD's branch has a file for, in an ordinary repository: thousands of commits ask. */
  #headInFile(): string | undefined {
    try {
      const head = readFileSync(join(this.path, '.git', 'HEAD'), 'utf8');
      const [id] = /^[0-9a-f]{40,64}(?=\n$)/.exec(readFileSync(join(this.path, '.git', head.slice('ref: '.length).trim()), 'utf8')) ?? [];
      return id;
    } catch {
      return undefined;
    }
  }

  /** The id of the blob at a path of a commit, or of the index for an empty revision. */
  blob(path: string, revision = 'HEAD'): string {
    return this.git('rev-parse', `${revision}:${path}`);
  }

  /** Runs a fast-import stream. */
  import(stream: Uint8Array): void {
    this.gitWith({ input: stream }, 'fast-import', '--quiet', '--force');
  }

  #dated({ date, author }: CommitOptions): Record<string, string> {
    const parts = author === undefined ? undefined : /^(.*) <(.*)>$/s.exec(author);
    return {
      ...(date === undefined ? {} : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }),
      ...(parts === undefined || parts === null ? {} : { GIT_AUTHOR_NAME: parts[1] ?? '', GIT_AUTHOR_EMAIL: parts[2] ?? '' }),
    };
  }
}
