import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const FILES = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((name) => `test/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.test.ts'));

/** Folders whose tests look at functions, and leave nothing behind. */
const PLAIN = /^test\/(?:classify|detect|model|policy|report|rules|sources)\//;
/** What others do who do not: they make repositories and packs, run programs, fill large memories or start threads. */
const HEAVY = /support\/(?:cli|histories|repository|terminal)|hand-made|harness|failing-files|spawn|kernel\/prefilter|pool/;
/** What changes a process for all that is in it, or measures it. */
const OWN_PROCESS = /\bvi\.|cpuUsage|cpuSince|slowness|memoryUsage|made-expressions/;
const together = FILES.filter((name) => {
  const text = readFileSync(name, 'utf8');
  return (PLAIN.test(name) || !HEAVY.test(text)) && !OWN_PROCESS.test(text);
});
const apart = FILES.filter((name) => !together.includes(name));

export default defineConfig({
  test: {
    // Half of the time is spent waiting for git and for keysift itself.
    maxWorkers: availableParallelism() + 1,
    // Against what hangs. On a free machine the longest test takes half a minute; it may have other work.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // There are more processes than processors: what V8 does beside a test on other threads takes their time. It collects garbage in most
    // tests that open stores, since memories of WebAssembly count as much.
    execArgv: ['--single-threaded'],
    setupFiles: ['test/support/setup.ts'],
    projects: [
      { extends: true, test: { name: 'apart', include: apart } },
      // A process takes 0.3 s of CPU to start, and the engine has to be compiled anew in it.
      { extends: true, test: { name: 'together', include: together, isolate: false } },
    ],
  },
});
