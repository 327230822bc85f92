#!/usr/bin/env node
/**
 * Starts the command line, and loads its files (`dist/bin/`) for it and for its threads. They are CommonJS, which takes
 * Node less time than modules; and beside some lies what V8 made of them when they were built (`build-cache.ts`), so that it
 * need not do so again.
 */
'use strict';
const { readFileSync, statSync } = require('node:fs');
const path = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

const FOLDER = path.join(__dirname, '../dist/bin');

/**
 * V8's flags for how much of a function is run before it is optimized, and how much of others is then compiled into it, by the version of
 * Node, since a V8 that does not know one says so on the error output. A scan has many functions that are hot for a second: to optimize
 * them sooner, and each with all that it calls, takes a fifth of a short scan's CPU, in threads of V8's own, and saves a long one nothing.
 */
const OPTIMIZE_LATER = {
  20: '--interrupt-budget=300000 --max-inlined-bytecode-size-cumulative=0',
  22: '--invocation-count-for-turbofan=10000',
  24: '--invocation-count-for-turbofan=10000',
};

/** By name: what was loaded. */
const loaded = new Map();

/** What a file of `dist/bin/` exports. They are of ASCII alone. */
function load(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.module.exports;
  const file = path.join(FOLDER, name);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) { 'use strict'; ${readFileSync(file, 'latin1')}\n})`, {
    filename: file,
    cachedData: dataOf(file),
  });
  const module = { exports: {} };
  loaded.set(name, { file, script, module });
  script.runInThisContext().call(module.exports, module.exports, requireFrom, module, file, FOLDER);
  return module.exports;
}

/** Files of the bundle name each other `./NAME`; all else is Node's own. */
function requireFrom(name) {
  return name.startsWith('./') ? load(name.slice(2)) : require(name);
}

function dataOf(file) {
  try {
    return readFileSync(cacheOf(file));
  } catch {
    return undefined;
  }
}

let suffix;

/**
 * Where the cache of a file lies that this very program of Node may use. V8 itself compares but its own version and flags: 20.18
 * takes what 20.20 made, and runs something else than what was written.
 */
function cacheOf(file) {
  if (suffix === undefined) {
    const { size, mtimeMs } = statSync(process.execPath);
    suffix = `${process.version}-${process.arch}-${size}-${Math.round(mtimeMs)}.cache`;
  }
  return `${file}.${suffix}`;
}

function optimizeLater() {
  const flags = OPTIMIZE_LATER[process.versions.node.split('.')[0]];
  if (flags !== undefined) setFlagsFromString(flags);
}

function start() {
  optimizeLater();
  return load('main.cjs').main();
}

module.exports = { cacheOf, load, loaded, optimizeLater, start };

// In a thread, and for the build, others require this file.
if (require.main === module) start();
