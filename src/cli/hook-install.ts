/** `keysift hook install|uninstall`: writes hooks that git runs, keeps those that were there, and leaves hook managers alone. */
import { existsSync, lstatSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { configuredHooksPath } from '../git/questions.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { writeWhole } from '../model/whole-file.ts';
import { safeText } from '../report/safe-text.ts';
import type { HookName } from './hook-names.ts';
import type { Io } from './io.ts';

/** What each hook runs, as people write it into the file of a hook manager. */
export const HOOK_COMMANDS: Readonly<Record<HookName, string>> = {
  'pre-commit': 'keysift --staged --no-progress',
  'pre-push': 'keysift hook pre-push',
};

const MARK = '# keysift hook 1';
const EARLIER = '.before-keysift';

/** Where hooks lie, and who looks after them. */
export interface HookPlace {
  readonly folder: string;
  readonly manager: 'git' | 'husky' | 'lefthook';
  /** Set where `core.hooksPath` decides. */
  readonly configured: { readonly path: string; readonly scope: string } | undefined;
}

export function hookPlace(repository: Repository): HookPlace {
  const root = repository.root ?? repository.gitDir;
  const configured = configuredHooksPath(repository);
  const folder =
    configured === undefined ? join(repository.commonDir, 'hooks') : isAbsolute(configured.path) ? configured.path : join(root, configured.path);
  const isHusky =
    configured?.path.replace(/\/$/, '').endsWith('.husky/_') === true || (configured?.path === '.husky' && existsSync(join(root, '.husky')));
  const isLefthook = ['lefthook.yml', 'lefthook.yaml', '.lefthook.yml', '.lefthook.yaml', 'lefthook.json', 'lefthook.toml'].some((name) =>
    existsSync(join(root, name)),
  );
  return { folder, configured, manager: isHusky ? 'husky' : isLefthook ? 'lefthook' : 'git' };
}

/** Whether a file is a hook that keysift wrote. */
export function isOwnHook(path: string): boolean {
  return fileHolds(path, MARK);
}

/** Whether there is a regular file that holds a text. */
export function fileHolds(path: string, text: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true && readFileSync(path, 'utf8').includes(text);
}

function repositoryOf(io: Io): Repository {
  const repository = openRepository(io.cwd, io.env);
  if (repository === undefined) throw new UserError('hooks need a git repository, and this folder is in none', 'Change into one.');
  return repository;
}

/** `keysift` is looked for where this one lies, then in PATH; never in the repository, which a change may fill. */
export function hookScript(name: HookName, self: Io['self']): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const own =
    self === undefined ? '' : `if [ -x ${quoted(self[0])} ] && [ -f ${quoted(self[1])} ]; then set -- ${quoted(self[0])} ${quoted(self[1])}\nelif`;
  const input = name === 'pre-push';
  return `#!/bin/sh
${MARK} (keysift hook uninstall takes it away)
earlier="$(dirname -- "$0")/${name}${EARLIER}"
${input ? 'input=$(cat)\n' : ''}if [ -x "$earlier" ]; then
  ${input ? `printf '%s\\n' "$input" | ` : ''}"$earlier" "$@" || exit $?
fi
remote="$1"
${own === '' ? 'if' : own} command -v keysift >/dev/null 2>&1; then set -- keysift
else
  echo 'keysift is not installed, so nothing was checked: install it, or run git with --no-verify' >&2
  exit 1
fi
${input ? `printf '%s\\n' "$input" | "$@" hook pre-push "$remote"` : `exec "$@" ${HOOK_COMMANDS['pre-commit'].replace(/^keysift /, '')}`}
`;
}

export async function installHooks(names: readonly HookName[], io: Io): Promise<ExitCode> {
  const repository = repositoryOf(io);
  if (repository.root === undefined)
    throw new UserError('a bare repository never runs these hooks', 'Write into its hooks/pre-receive: exec keysift hook pre-receive --budget 4');
  const place = hookPlace(repository);
  if (place.manager !== 'git') {
    await io.stdout.write(managerAdvice(place.manager, names));
    return EXIT.clean;
  }
  for (const name of names) await io.stdout.write(`${safeText(await installHook(name, place, repository, io))}\n`);
  return EXIT.clean;
}

async function installHook(name: HookName, { folder, configured }: HookPlace, repository: Repository, io: Io): Promise<string> {
  if (configured !== undefined && configured.scope !== 'local' && configured.scope !== 'worktree') {
    throw new UserError(
      `core.hooksPath is set for all repositories (${configured.scope}): ${configured.path}`,
      `Add to ${join(configured.path, name)}: ${HOOK_COMMANDS[name]}; or set it for this repository: git config core.hooksPath .git/hooks`,
    );
  }
  const path = join(folder, name);
  const shown = relative(repository.root ?? repository.gitDir, path);
  const present = lstatSync(path, { throwIfNoEntry: false });
  const isOurs = isOwnHook(path);
  let chained = existsSync(path + EARLIER);
  if (present !== undefined && !isOurs) {
    if (chained)
      throw new UserError(`${shown}${EARLIER} is there already, and so is another hook`, `Put both into ${shown}, and take ${shown}${EARLIER} away.`);
    renameSync(path, path + EARLIER);
    chained = true;
  }
  writeWhole(path, hookScript(name, io.self), { mode: 0o755, folders: true });
  return `${shown}: ${isOurs ? 'renewed' : 'installed'}${chained ? `, after the hook that was there (${name}${EARLIER})` : ''}`;
}

export async function uninstallHooks(names: readonly HookName[], io: Io): Promise<ExitCode> {
  const repository = repositoryOf(io);
  const { folder, manager } = hookPlace(repository);
  if (manager !== 'git') {
    await io.stdout.write(`hooks are in the hands of ${manager}: take the line with keysift out of its file\n`);
    return EXIT.clean;
  }
  for (const name of names) {
    const path = join(folder, name);
    const shown = safeText(relative(repository.root ?? repository.gitDir, path));
    if (!isOwnHook(path)) {
      await io.stdout.write(`${shown}: not ours, left alone\n`);
      continue;
    }
    const earlier = existsSync(path + EARLIER);
    if (earlier) renameSync(path + EARLIER, path);
    else rmSync(path);
    await io.stdout.write(`${shown}: taken away${earlier ? ', the hook that was there is back' : ''}\n`);
  }
  return EXIT.clean;
}

function managerAdvice(manager: 'husky' | 'lefthook', names: readonly HookName[]): string {
  if (manager === 'husky') {
    return `husky looks after the hooks of this repository. Add:\n${names.map((name) => `  to .husky/${name}:  ${HOOK_COMMANDS[name]}${name === 'pre-push' ? ' "$1"' : ''}\n`).join('')}`;
  }
  const jobs = names.map((name) =>
    [`${name}:`, '  commands:', '    keysift:', `      run: ${HOOK_COMMANDS[name]}${name === 'pre-push' ? ' {1}\n      use_stdin: true' : ''}`].join(
      '\n',
    ),
  );
  return `lefthook looks after the hooks of this repository. Add to its file:\n${jobs.join('\n')}\n`;
}
