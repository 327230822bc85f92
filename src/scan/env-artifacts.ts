/**
 * Env files that git may ignore and that an image or a package takes along all the same: `COPY . .` asks `.dockerignore`,
 * and an `.npmignore` stands in for `.gitignore`.
 */
import { posix } from 'node:path';
import ignore from 'ignore';
import { smallText } from './small-file.ts';

const DOCKERFILE = /^(?:dockerfile|containerfile)(?:\..+)?$|\.dockerfile$/i;
/** The whole context is copied. */
const COPIES_ALL = /^[ \t]{0,20}(?:COPY|ADD)[ \t]{1,20}(?:--[\w=./:-]{1,80}[ \t]{1,20}){0,4}\.\/?[ \t]/im;

/** Why the env file at `path` gets into an image or a package that is built in its folder; undefined where none does. */
export function artifactOf(root: string, paths: ReadonlySet<string>, path: string): string | undefined {
  const folder = posix.dirname(path);
  const inFolder = (name: string): string => posix.join(folder, name);
  const read = (file: string): string => smallText(root, file) ?? '';
  const dockerfile = [...paths].find((other) => posix.dirname(other) === folder && DOCKERFILE.test(posix.basename(other)));
  if (dockerfile !== undefined && COPIES_ALL.test(read(dockerfile)) && !isExcluded(read(inFolder('.dockerignore')), posix.basename(path)))
    return `\`${dockerfile}\` copies the whole folder, and no line of \`${inFolder('.dockerignore')}\` leaves it out`;
  const npmignore = inFolder('.npmignore');
  if (!paths.has(npmignore) || !isPublished(read(inFolder('package.json')))) return undefined;
  return ignore().add(read(npmignore)).ignores(posix.basename(path))
    ? undefined
    : `\`${npmignore}\` stands in for .gitignore and does not leave it out`;
}

/** Patterns of Docker begin at the root of the context; in those of git that is a slash before them. */
function isExcluded(dockerignore: string, name: string): boolean {
  const anchored = dockerignore.split(/\r?\n/).map((line) => line.trim().replace(/^(!?)(?:\.?\/)?(?=[^#!\s])/, '$1/'));
  return ignore().add(anchored).ignores(name);
}

/** A package that is neither private nor lists what it takes along. */
function isPublished(manifest: string): boolean {
  return manifest !== '' && !/"private"\s{0,8}:\s{0,8}true|"files"\s{0,8}:\s{0,8}\[/.test(manifest);
}
