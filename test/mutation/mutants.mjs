/** Stryker's mutants of source files, all of them in one text for each file. Needs `npx`, as `run.mjs` calls it. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The texts with their mutants by absolute path, and the mutants: `id` is unique among them, `file` as given, lines and columns from 0.
 *
 * @param {readonly string[]} files
 */
export async function instrumented(files) {
  const { createInjector, createInstrumenter } = await stryker();
  const quiet = () => {};
  const logger = {
    trace: quiet,
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: quiet,
    fatal: quiet,
    isDebugEnabled: () => false,
    isTraceEnabled: () => false,
  };
  const instrumenter = createInjector().provideValue('logger', logger).injectFunction(createInstrumenter);
  const given = files.map((file) => ({ name: resolve(file), content: readFileSync(file, 'utf8'), mutate: true }));
  const { files: made, mutants } = await instrumenter.instrument(given, { plugins: [], excludedMutations: [], ignorers: [] });
  // What goes on for ever mostly asks for ever whether some mutant is active, be it the active one or not.
  const asks = 'function isActive(id) {';
  const named = new Map(files.map((file) => [resolve(file), file]));
  const texts = new Map();
  for (const { name, content } of made) {
    if (content.includes('stryMutAct') && !content.includes(asks)) throw new Error('Stryker writes its helpers in another way now');
    texts.set(name, content.replace(asks, `${asks} if (++ns.asked > ns.mostAsked) throw new Error('goes on for ever');`));
  }
  return { texts, mutants: mutants.map((mutant) => ({ ...mutant, file: named.get(mutant.fileName) })) };
}

/** Stryker stands beside its programs, which `npx` put into the path. */
async function stryker() {
  const folders = (process.env['PATH'] ?? '').split(delimiter).map((programs) => join(dirname(programs), '@stryker-mutator', 'core', 'package.json'));
  const manifest = folders.find((path) => existsSync(path));
  if (manifest === undefined) throw new Error('no Stryker: start it by `npm run mutation -- --quick`');
  const { resolve: find } = createRequire(manifest);
  const modules = ['@stryker-mutator/instrumenter', 'typed-inject'].map((name) => import(pathToFileURL(find(name)).href));
  const [{ createInstrumenter }, { createInjector }] = await Promise.all(modules);
  return { createInstrumenter, createInjector };
}
