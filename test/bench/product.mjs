/** The built program, as a benchmark sees it: its command line, its literals, and secrets made while it runs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BINARY = fileURLToPath(new URL('../../bin/keysift.js', import.meta.url));
const dist = (/** @type {string} */ path) => new URL(`../../dist/${path}`, import.meta.url).href;

/**
 * Findings are no failure of a benchmark, and neither is a file that could not be read.
 * @param {readonly string[]} args
 * @param {string} [cwd]
 * @returns {import('./measure.mjs').Command}
 */
export function keysift(args, cwd) {
  const command = { name: 'keysift', argv: [process.execPath, BINARY, ...args, '--no-progress', '--exit-zero'], okCodes: [0, 3] };
  return cwd === undefined ? command : { ...command, cwd };
}

/**
 * @typedef {{ counts: { files: number; blobs: number; commits: number; bytes: number; findings: number; notScanned: number };
 *   findings: { ruleId: string; locations: { file: string; startLine: number; startColumn: number }[] }[] }} Report
 */

/**
 * @param {string} stdout
 * @returns {Report}
 */
export function parseReport(stdout) {
  return JSON.parse(stdout);
}

/** All checks of the built-in rules, and the image of their tables. */
export async function builtin() {
  const [{ builtinRules }, { checksOf }, { planFor }] = await Promise.all([
    import(dist('rules/builtin.js')),
    import(dist('detect/checks.js')),
    import(dist('detect/plan.js')),
  ]);
  const { checks } = /** @type {{ checks: { literal: string }[] }} */ (checksOf(builtinRules().rules));
  return {
    literals: [...new Set(checks.map(({ literal }) => literal.toLowerCase()))],
    image: /** @type {Uint8Array} */ (readFileSync(planFor(builtinRules()).image)),
  };
}

/** The built-in rules, their examples, and what finds secrets in a text. */
export async function inspection() {
  const [{ builtinRules, builtinExamples }, { expandExample }, { Inspector }] = await Promise.all([
    import(dist('rules/builtin.js')),
    import(dist('rules/examples.js')),
    import(dist('scan/inspector.js')),
  ]);
  const inspector = new Inspector(builtinRules());
  return {
    /** @type {{ id: string; provider: string; kind: string; matcher: { kind: string; names: string[] } }[]} */
    rules: builtinRules().rules,
    /** @type {Record<string, { match: { text: string }[] }>} */
    examples: builtinExamples(),
    expand: (/** @type {string} */ template, /** @type {string} */ salt) => String(expandExample(template, salt)),
    /** @returns {{ span: { start: number; end: number }; rule: { provider: string }; issuer?: { provider: string } }[]} */
    inspect: (/** @type {Buffer} */ bytes) => inspector.inspect(bytes),
  };
}

export async function kernelParts() {
  const [{ Kernel }, { loadModule }, { Twin }, { buildTables }] = await Promise.all([
    import(dist('kernel/prefilter.js')),
    import(dist('kernel/module.js')),
    import(dist('kernel/twin.js')),
    import(dist('kernel/tables.js')),
  ]);
  return { Kernel, Twin, loadModule, buildTables };
}

/**
 * A GitHub token with a checksum that fits: found anywhere.
 * @param {string} salt
 * @returns {Promise<string>}
 */
export async function token(salt) {
  const { expandExample } = await import(dist('rules/examples.js'));
  return expandExample('ghp_{{alnum:30}}{{checksum:github}}', salt);
}

/**
 * Runs `body` with a temporary folder and removes it afterwards, interrupted or not.
 * @template T
 * @param {(folder: string) => Promise<T> | T} body
 * @returns {Promise<T>}
 */
export async function inTemporaryFolder(body) {
  const folder = mkdtempSync(join(tmpdir(), 'keysift-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stop = () => {
    remove();
    process.exitCode = 130;
    process.kill(process.pid, 'SIGKILL');
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await body(folder);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    remove();
  }
}

/**
 * ripgrep over the same bytes with the same literals, one thread; undefined when it is not installed.
 * `--text`, `--no-ignore` and `--hidden` make it read what keysift reads.
 * @param {string} folder for the file of literals
 * @param {readonly string[]} paths
 * @returns {Promise<import('./measure.mjs').Command | undefined>}
 */
export async function ripgrep(folder, paths) {
  if (spawnSync('rg', ['--version']).status !== 0) return undefined;
  const { literals } = await builtin();
  const file = join(folder, 'literals');
  writeFileSync(file, `${literals.join('\n')}\n`);
  return { name: 'rg -j1 -iF', argv: ['rg', '-j1', '-iF', '-c', '--text', '--no-ignore', '--hidden', '-f', file, ...paths], okCodes: [0, 1, 2] };
}
