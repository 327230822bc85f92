/** Names of packages that the manifests of a working tree ask for, of any language; read only for the few paths at which something was found. */
import { posix } from 'node:path';
import { dependenciesIn } from './dependencies.ts';
import { isBelow, smallText } from './small-file.ts';

/** Manifests beside `package.json`, and where in them the name of a package stands. */
const MANIFESTS: readonly (readonly [file: string, name: RegExp])[] = [
  ['composer.json', /"([a-z][\w.-]{0,60}\/[\w.-]{1,60})"\s{0,8}:/g],
  ['requirements.txt', /^([A-Za-z][\w.-]{1,80})(?=[\s[<>=~!;]|$)/gm],
  // `"acme>=1"` in a list, and `acme = "^1"`; not `name = "acme"`.
  ['pyproject.toml', /(?<!=[ \t]{0,8})"([A-Za-z][\w.-]{1,80})(?=[[<>=~!;"])|^([A-Za-z][\w.-]{1,80})[ \t]{0,8}=[ \t]{0,8}["{]/gm],
  ['Pipfile', /^([A-Za-z][\w.-]{1,80})[ \t]{0,8}=[ \t]{0,8}["{]/gm],
  // Also `[dependencies.acme]`.
  ['Cargo.toml', /^([A-Za-z][\w-]{1,80})[ \t]{0,8}=[ \t]{0,8}["{]|^\[(?:[^\]\r\n]{1,80}[.-])?dependencies\.([\w-]{1,80})\]/gm],
  ['go.mod', /^[ \t]{0,8}(?:require[ \t]{1,8})?([\w-]{1,40}\.[a-z]{2,6}\/[\w./-]{1,120})[ \t]{1,8}v\d/gm],
  ['Gemfile', /^[ \t]{0,8}gem[ \t]{1,8}["']([\w-]{1,80})["']/gm],
];

/** What `pyproject.toml` says of a program beside what it depends on. */
const ABOUT = /^(?:keywords|classifiers|authors|maintainers)[ \t]{0,8}=[ \t]{0,8}\[[^\]]{0,4000}\]/gm;

/** Answers for a path relative to `root`: the packages of its folder, then of each folder above it, where there are any. */
export function packagesAbove(root: string): (path: string) => readonly ReadonlySet<string>[] {
  const known = new Map<string, readonly ReadonlySet<string>[]>();
  const fromFolder = (folder: string): readonly ReadonlySet<string>[] => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const own = readPackages(root, folder);
    const above = folder === '.' ? [] : fromFolder(posix.dirname(folder));
    const all = own.size === 0 ? above : [own, ...above];
    known.set(folder, all);
    return all;
  };
  return (path) => (isBelow(path) ? fromFolder(posix.dirname(path)) : []);
}

function readPackages(root: string, folder: string): ReadonlySet<string> {
  const names = MANIFESTS.flatMap(([file, pattern]) =>
    Array.from(
      (smallText(root, posix.join(folder, file)) ?? '').replaceAll(ABOUT, '').matchAll(pattern),
      ([, listed, given]) => listed ?? given ?? '',
    ),
  );
  return new Set([...(dependenciesIn(root, folder) ?? []), ...names].map((name) => name.toLowerCase()));
}
