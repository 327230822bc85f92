/** Which repository a folder belongs to, and the facts that every mode needs: one git call. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../model/errors.ts';
import { gitContext, gitSync, lastComplaint, type GitContext } from './command.ts';

export interface Repository {
  readonly git: GitContext;
  /** Absolute path of the repository's git directory (of the linked worktree, where it is one). */
  readonly gitDir: string;
  readonly commonDir: string;
  /** Absolute path of the working tree; undefined in a bare repository. */
  readonly root: string | undefined;
  readonly shallow: boolean;
  /** Hex digits of an object id: 40 or 64. */
  readonly idLength: number;
}

const FACTS = [
  'rev-parse',
  '--path-format=absolute',
  '--git-dir',
  '--git-common-dir',
  '--is-shallow-repository',
  '--is-bare-repository',
  '--show-object-format',
];

/**
 * The repository around `folder`, or undefined when there is none.
 * Throws a `UserError` where there is one that git refuses to open: never "nothing found".
 */
export function openRepository(folder: string, environment: NodeJS.ProcessEnv, options: { hook?: boolean } = {}): Repository | undefined {
  const bare = isBareFolder(folder);
  const named = options.hook === true && environment['GIT_DIR'] !== undefined;
  const around = folderWithRepository(folder);
  if (!bare && !named && around === undefined) return undefined;
  const git = gitContext(folder, environment, { ...options, ...(bare ? { gitDir: folder } : {}) });
  // Asked there, and not in the folder: git would take a bare repository on the way, which is content of this one.
  const result = gitSync(bare || named ? git : { ...git, cwd: around ?? folder }, [...FACTS, '--show-toplevel']);
  const [gitDir, commonDir, shallow, isBare, format, root] = result.stdout.toString('utf8').split('\n');
  if (gitDir === undefined || commonDir === undefined || format === undefined || gitDir === '') throw refusal(folder, result.stderr);
  if (isBare !== 'true' && (result.status !== 0 || root === undefined || root === '')) throw refusal(folder, result.stderr);
  return {
    git: { ...git, cwd: isBare === 'true' ? folder : (root ?? folder) },
    gitDir,
    commonDir,
    root: isBare === 'true' ? undefined : root,
    shallow: shallow === 'true',
    idLength: format === 'sha256' ? 64 : 40,
  };
}

function refusal(folder: string, stderr: string): UserError {
  if (stderr.includes('dubious ownership')) {
    return new UserError(
      `git refuses ${folder}: it belongs to another user`,
      `If you trust it: git config --global --add safe.directory '${folder}'. Nothing was scanned.`,
    );
  }
  return new UserError(
    `git cannot open the repository at ${folder}: ${lastComplaint(stderr)}`,
    'Mend the repository, or name a folder outside it. Nothing was scanned.',
  );
}

/** The folder, or the nearest one above it, that holds a `.git`. Looked for before git is asked, so that plain folders cost no process. */
function folderWithRepository(folder: string): string | undefined {
  let at = resolve(folder);
  for (;;) {
    if (existsSync(join(at, '.git'))) return at;
    const up = dirname(at);
    if (up === at) return undefined;
    at = up;
  }
}

/**
 * Whether the folder is itself a bare repository and stands on its own. One inside another working tree is content of
 * that tree: its configuration would be whoever's who committed it.
 */
function isBareFolder(folder: string): boolean {
  const real = realpathSync(folder);
  const isFolder = (name: string): boolean => statSync(join(real, name), { throwIfNoEntry: false })?.isDirectory() ?? false;
  return (
    !existsSync(join(real, '.git')) &&
    existsSync(join(real, 'HEAD')) &&
    isFolder('objects') &&
    isFolder('refs') &&
    folderWithRepository(dirname(real)) === undefined
  );
}

/** Whether git's ignore rules may leave a path out: also where git cannot say. One that a user names is scanned all the same. */
export function mayBeIgnored(repository: Repository, path: string): boolean {
  return path !== '' && gitSync(repository.git, ['check-ignore', '--quiet', '--stdin', '-z'], `${path}\0`).status !== 1;
}
