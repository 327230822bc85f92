/** Run by `npm run docs`: writes the documents that come from data. A test compares them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { severityDocument } from './severity-words.ts';

const folder = fileURLToPath(new URL('../../docs/', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}severity.md`, severityDocument());
