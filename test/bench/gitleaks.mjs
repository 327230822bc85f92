/**
 * Rules of gitleaks, carried over, against the program itself: how many translate, and whether both find the same in a
 * corpus made from the rules' own examples.
 *
 *     node test/bench/gitleaks.mjs GITLEAKS_BINARY GITLEAKS_CONFIG [SAMPLES_PER_RULE]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtinRules } from '../../dist/index.js';
import { importGitleaks } from '../../dist/policy/gitleaks.js';
import { ruleFileText } from '../../dist/policy/foreign-rules.js';
import { expandExample } from '../../dist/rules/examples.js';

const [binary, config, samples = '5'] = process.argv.slice(2);
if (config === undefined) throw new Error('usage: gitleaks.mjs GITLEAKS_BINARY GITLEAKS_CONFIG [SAMPLES_PER_RULE]');
const KEYSIFT = fileURLToPath(new URL('../../bin/keysift.js', import.meta.url));

const { rules: carriedRules, given, carried } = importGitleaks(readFileSync(config, 'utf8'), config, builtinRules().rules);
process.stdout.write(`${carried} of ${given} rules translate (${((100 * carried) / given).toFixed(1)} %)\n`);

const textOf = (example) => (typeof example === 'string' ? example : example.text);
const folder = mkdtempSync(join(tmpdir(), 'keysift-gitleaks-'));
try {
  const corpus = join(folder, 'corpus');
  for (const { id, examples } of carriedRules) {
    const lines = Array.from({ length: Number(samples) }, (_, sample) => {
      const text = expandExample(textOf(examples.match[0]), `${id} ${sample}`).replaceAll(/\[\||\|\]/g, '');
      // Two lines between: nothing of one sample explains another.
      return `${text}\n\n\n`;
    });
    const file = join(corpus, id, examples.match[0].file ?? `${id}.conf`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, lines.join(''));
  }
  const rules = join(folder, 'rules.yaml');
  writeFileSync(rules, ruleFileText(carriedRules));

  const theirs = join(folder, 'theirs.json');
  const run = spawnSync(binary, ['dir', '--no-banner', '--exit-code', '0', '-c', config, '-f', 'json', '-r', theirs, corpus], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`gitleaks: ${run.stderr}`);
  const ours = spawnSync(
    process.execPath,
    [KEYSIFT, '.', '--no-config', '--rules', rules, '--show-secrets', '--no-progress', '--exit-zero', '-f', 'json'],
    { cwd: corpus, encoding: 'utf8', maxBuffer: 1 << 30 },
  );
  if (ours.status !== 0) throw new Error(`keysift: ${ours.stderr}`);

  const places = new Map();
  for (const { secret, ruleId, locations } of JSON.parse(ours.stdout).findings) {
    for (const { file, startLine } of locations) {
      const at = `${file}:${startLine}`;
      places.set(at, [...(places.get(at) ?? []), { secret, ruleId }]);
    }
  }
  const found = JSON.parse(readFileSync(theirs, 'utf8'));
  let same = 0;
  let overlapping = 0;
  const missed = new Map();
  for (const { File, StartLine, Secret, RuleID } of found) {
    const here = places.get(`${File.slice(corpus.length + 1)}:${StartLine}`) ?? [];
    if (here.some(({ secret }) => secret === Secret)) same++;
    else if (here.some(({ secret }) => secret.includes(Secret) || Secret.includes(secret))) overlapping++;
    else missed.set(RuleID, (missed.get(RuleID) ?? 0) + 1);
  }
  const lost = found.length - same - overlapping;
  const share = (number) => `${number} (${((100 * number) / found.length).toFixed(1)} %)`;
  process.stdout.write(
    `of ${found.length} findings of gitleaks: ${share(same)} with the same secret, ${share(overlapping)} with more or less of it, ${share(lost)} not found\n`,
  );
  for (const [rule, number] of [...missed].toSorted((a, b) => b[1] - a[1])) process.stdout.write(`  not found: ${rule} ${number}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
