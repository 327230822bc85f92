/** Text that the build learns from: the declarations of Node's interfaces, which are half prose and half names. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** About 2 MB, with 1.3 million letters. The version is pinned by the lockfile, so every build gives the same bytes. */
const FOLDER = fileURLToPath(new URL('../../node_modules/@types/node/', import.meta.url));

/** Its files, in a fixed order. */
export function buildText(): Buffer[] {
  const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).toSorted();
  return names.filter((name) => name.endsWith('.d.ts')).map((name) => readFileSync(join(FOLDER, name)));
}
