/**
 * What `run.mjs --quick --sample=N` starts: a random sample of all mutants of `src/`, and the score that it stands for.
 *
 * Mutants are drawn by a hash of the seed and of what is changed, so that the same seed draws the same ones for as long as the
 * lines stand, and more of them only adds to those before. They are tried by waves: each whole wave is a random sample too, so
 * an interrupted run says something as well. What was tried is appended to a file and not tried again.
 *
 * A file's tests are those that `modules.mjs` names and its mirrored one, else the nearest by imports.
 * With `--missed`, what these left is tried with every test that reaches the file by imports. Tests of ten
 * seconds and more are not repeated: the score is a little too low rather than too high.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { MODULES, WIDER } from './modules.mjs';
import { instrumented } from './mutants.mjs';

const { size, seed, seconds, nice, missed, results, equivalent } = JSON.parse(process.argv[2]);
const WAVE = 150;
/** So many at least are drawn at once. */
const KEPT = 2000;
/** Files that are tried in one process. */
const TOGETHER = 12;
/** Tests that take so long, in milliseconds, are not repeated for a mutant. */
const LONGEST = 10_000;
/** For one process, in milliseconds. */
const PATIENCE = 1_200_000;
/** Not of this kind: another language, and declarations. */
const OTHER = /^src\/kernel\/assembly\/|\.d\.ts$/;
/** So many tests are taken for a file that has none of its own. */
const ENOUGH = 4;

const print = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);
const until = performance.now() + 1000 * seconds;
setPriority(nice);

const sources = listed('src').filter((name) => name.endsWith('.ts') && !OTHER.test(name));
const importedBy = importers([...sources, ...listed('test').filter((name) => name.endsWith('.ts'))]);
const named = Object.assign({}, WIDER, ...Object.values(MODULES));
mkdirSync(dirname(results), { recursive: true });
const { sample, all } = await drawn();
const asked = missed ? 'all' : 'near';
for (let from = 0; from < sample.length && performance.now() < until; from += WAVE) {
  const wave = sample.slice(from, from + WAVE);
  for (const batch of batches(wave.filter((mutant) => isOpen(mutant)))) {
    if (performance.now() > until) break;
    attempt(batch);
  }
  tell(sample.slice(0, from + WAVE));
}
for (const mutant of sample) {
  const { status } = tried().get(mutant.key) ?? {};
  if (!['Survived', 'NoCoverage', 'Failed'].includes(status) || isEquivalent(mutant)) continue;
  print(`    ${mutant.file}:${mutant.at} ${status}\n      ${mutant.line}\n      → ${mutant.replacement.replace(/\s+/g, ' ').slice(0, 140)}`);
}

/** The sample in its order, and how many mutants there are: kept beside the results, since to make them all takes half a minute. */
async function drawn() {
  const texts = new Map(sources.map((file) => [file, readFileSync(file, 'utf8')]));
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...texts]))
    .digest('hex');
  const kept = results.replace(/l$/, '');
  const before = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
  if (before.digest === digest && before.sample.length >= Math.min(size, before.all)) return { ...before, sample: before.sample.slice(0, size) };
  const made = { digest, ...pick(await instrumented(sources), texts) };
  writeFileSync(kept, JSON.stringify(made));
  return { ...made, sample: made.sample.slice(0, size) };
}

function pick({ mutants }, texts) {
  const lines = new Map([...texts].map(([file, text]) => [file, text.split('\n')]));
  const places = new Map();
  const alike = new Map();
  const keyed = mutants
    .filter(({ status }) => status === undefined)
    .map(({ file, replacement, location: { start } }) => {
      const place = places.get(file) ?? 0;
      places.set(file, place + 1);
      const line = lines.get(file)[start.line].trim();
      const what = JSON.stringify([file, line, replacement]);
      const same = alike.get(what) ?? 0;
      alike.set(what, same + 1);
      const key = createHash('sha256').update(`${seed} ${same} ${what}`).digest('hex').slice(0, 24);
      return { key, file, place, line, replacement, at: start.line + 1 };
    });
  return { all: keyed.length, sample: keyed.toSorted((one, two) => (one.key < two.key ? -1 : 1)).slice(0, Math.max(size, KEPT)) };
}

function isOpen({ key }) {
  const { status, ring: before } = tried().get(key) ?? {};
  return missed ? status !== undefined && status !== 'Killed' && before === 'near' : status === undefined;
}

/** What is known of each mutant: its last entry. */
function tried() {
  const entries = existsSync(results) ? readFileSync(results, 'utf8').split('\n').filter(Boolean) : [];
  return new Map(entries.map((entry) => JSON.parse(entry)).map((entry) => [entry.key, entry]));
}

/** Files of one folder together, since they share tests; those of the command line, whose tests take longest, come last. */
function batches(mutants) {
  const byFile = [...grouped(mutants, ({ file }) => file)].toSorted(([one], [other]) => (one > other ? -1 : 1));
  const byFolder = grouped(byFile, ([file]) => (missed ? '' : dirname(file)));
  return [...byFolder.values()].flatMap((files) =>
    Array.from({ length: Math.ceil(files.length / TOGETHER) }, (_, place) =>
      Object.fromEntries(files.slice(place * TOGETHER, (place + 1) * TOGETHER)),
    ),
  );
}

function grouped(items, by) {
  const groups = new Map();
  for (const item of items) groups.set(by(item), [...(groups.get(by(item)) ?? []), item]);
  return groups;
}

/** Tries the mutants of some files, alone when they fail together. */
function attempt(batch) {
  const tests = [...new Set(Object.keys(batch).flatMap(testsOf))];
  const files = Object.fromEntries(Object.entries(batch).map(([file, mutants]) => [file, mutants.map(({ place }) => place)]));
  const folder = mkdtempSync(join(tmpdir(), 'keysift-sample-'));
  const answer = join(folder, 'report.json');
  const task = JSON.stringify({ tests, files, longest: LONGEST });
  const { status, stderr } = spawnSync(process.execPath, ['test/mutation/quick.mjs', task, answer], { timeout: PATIENCE, encoding: 'utf8' });
  const found = existsSync(answer) ? JSON.parse(readFileSync(answer, 'utf8')).files : undefined;
  rmSync(folder, { recursive: true, force: true });
  if (found === undefined && Object.keys(batch).length > 1) {
    for (const [file, mutants] of Object.entries(batch)) attempt({ [file]: mutants });
    return;
  }
  if (found === undefined) print(`    ${Object.keys(batch).join()}: ended with ${status}: ${stderr.slice(0, 500)}`);
  for (const [file, mutants] of Object.entries(batch)) {
    for (const [place, { key, at, replacement }] of mutants.entries()) {
      const { status: verdict = 'Failed' } = found?.[file].mutants[place] ?? {};
      appendFileSync(results, `${JSON.stringify({ key, ring: asked, status: verdict === 'Timeout' ? 'Killed' : verdict, file, at, replacement })}\n`);
    }
  }
}

function testsOf(file) {
  const rings = testRings(file);
  if (missed) return rings.flat().filter((test) => !test.startsWith('test/hostile/'));
  const own = [...(named[file] ?? []), file.replace(/^src\/(.*)\.ts$/, 'test/$1.test.ts')].filter((test) => existsSync(test));
  const beside = (test) => test.startsWith(`test/${dirname(file).slice('src/'.length)}/`);
  const nearest = rings.find((tests) => tests.length > 0) ?? [];
  return own.length > 0 ? [...new Set(own)] : nearest.toSorted((a, b) => Number(beside(b)) - Number(beside(a))).slice(0, ENOUGH);
}

/** Tests that import a file, that import what imports it, and so on. */
function testRings(file) {
  const rings = [];
  const seen = new Set([file]);
  for (let ring = [file]; ring.length > 0;) {
    const next = [...new Set(ring.flatMap((name) => importedBy.get(name) ?? []))].filter((name) => !seen.has(name));
    for (const name of next) seen.add(name);
    rings.push(next.filter((name) => name.endsWith('.test.ts')));
    ring = next.filter((name) => !name.endsWith('.test.ts'));
  }
  return rings;
}

/** By file, which files import it for more than its types. */
function importers(files) {
  const by = new Map();
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [, types, one, other] of text.matchAll(/^(?:import|export) (type )?[^;]*?from '(\.[^']+\.ts)'|import\('(\.[^']+\.ts)'\)/gm)) {
      if (types !== undefined) continue;
      const path = normalize(join(dirname(file), one ?? other));
      by.set(path, [...(by.get(path) ?? []), file]);
    }
  }
  return by;
}

function listed(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

function isEquivalent({ file, line, replacement }) {
  return (equivalent[file] ?? []).some((entry) => entry.line === line && entry.mutants.includes(replacement));
}

/** The score of those that were tried, and between which scores that of all lies 95 times in 100, as Wilson has it. */
function tell(mutants) {
  const known = tried();
  const found = mutants.filter(({ key }) => known.has(key));
  const count = (...statuses) => found.filter((mutant) => statuses.includes(known.get(mutant.key).status) && !isKnown(mutant)).length;
  const isKnown = (mutant) => known.get(mutant.key).status !== 'Killed' && isEquivalent(mutant);
  const killed = count('Killed');
  const counted = count('Killed', 'Survived', 'NoCoverage');
  const equivalents = found.filter(isKnown).length;
  if (counted === 0) return;
  const share = killed / counted;
  const z = 1.96;
  const middle = share + (z * z) / (2 * counted);
  const around = z * Math.sqrt((share * (1 - share)) / counted + (z * z) / (4 * counted * counted));
  const [low, high] = [middle - around, middle + around].map((value) => (100 * value) / (1 + (z * z) / counted));
  print(
    `  ${found.length} of ${mutants.length} drawn from ${all} tried: ${killed} killed, ${count('Survived')} survived, ${count('NoCoverage')} reached by no test, ` +
      `${equivalents} equivalent, ${count('Failed')} failed: ${(100 * share).toFixed(1)} % (95 %: ${low.toFixed(1)} to ${high.toFixed(1)})`,
  );
}
