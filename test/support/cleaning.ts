/** Runs for each test file, also where several share a process, and a module of theirs is loaded once. */
import { afterAll } from 'vitest';
import { removeFolders } from './folder.ts';

afterAll(removeFolders);
