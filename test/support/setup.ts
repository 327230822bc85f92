/** Runs for each test file, also where several share a process, and a module of theirs is loaded once. */
import { createRequire } from 'node:module';
import { afterAll } from 'vitest';
import { removeFolders } from './folder.ts';

// What runs here for a few seconds has as many functions that are hot for one of them as the program itself.
const { optimizeLater } = createRequire(import.meta.url)('../../bin/keysift.js') as { optimizeLater: () => void };
optimizeLater();

afterAll(removeFolders);
