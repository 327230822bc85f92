/** The version in package.json, from wherever the program runs: `src/` and `dist/` lie at the same depth. */
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };

export const VERSION = manifest.version;
