/** No output holds a secret, whatever is asked for and wherever the secret stands. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../src/report/formats.ts';
import { builtinExamples, builtinRules } from '../../src/rules/builtin.ts';
import { keysift, type CliOptions } from '../support/cli.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { isToday, SOAK } from '../support/sample.ts';
import { plant } from '../support/secrets.ts';

const GRAM = 8;

function grams(text: string): Set<string> {
  const all = new Set<string>();
  for (let at = 0; at + GRAM <= text.length; at++) all.add(text.slice(at, at + GRAM));
  return all;
}

/** Every eight characters of a secret that another run of its generators does not have: nothing of its public part. */
const random = new Map<string, string>();

interface Example {
  readonly ruleId: string;
  readonly text: string;
  readonly secrets: readonly string[];
  readonly selfIdentifying: boolean;
}

const PHRASE = /^[a-z]+(?: [a-z]+)+$/;
/** Of a phrase, what two of its words make together is looked for: reports have words such as `private` and `account` too. */
const ONE_WORD = /^\S{0,2} ?\S+ ?\S{0,2}$/;

function planted(template: string, salt: string, ruleId: string): Example {
  const { text, secrets } = plant(template, `leak ${salt}`);
  const others = grams(plant(template, `other ${salt}`).text);
  for (const secret of secrets)
    for (const gram of grams(secret)) if (!others.has(gram) && !(PHRASE.test(secret) && ONE_WORD.test(gram))) random.set(gram, ruleId);
  // A value that only its name makes a key of is none on its own: nobody can tell it in a file's name.
  const rule = builtinRules().rules.find(({ id }) => id === ruleId);
  return { ruleId, text, secrets, selfIdentifying: rule?.selfIdentifying === true && rule.matcher.kind !== 'context' };
}

/** Ids of git's objects: among thousands of them some share eight digits with a secret by chance. */
const objects = new Set<string>();

/** Hashes of the eight characters of secrets: most of an output of megabytes is told to be none of them without being cut out of it. */
const hashes = new Uint8Array(2 ** 20);

/** Of a character and the seven before it: those before have been shifted out. */
const rolled = (hash: number, code: number): number => (hash << 4) ^ code;
const slot = (hash: number): number => (hash ^ (hash >>> 12)) & (hashes.length - 1);

function mark(gram: string): void {
  let hash = 0;
  for (let at = 0; at < GRAM; at++) hash = rolled(hash, gram.charCodeAt(at));
  hashes[slot(hash)] = 1;
}

/** Ids of the rules whose secrets an output holds. */
function leaks(given: string): string[] {
  const output = given.replaceAll(/\b[0-9a-f]{40}\b/g, (id) => (objects.has(id) ? '' : id));
  const found = new Set<string>();
  let hash = 0;
  for (let at = 0; at < output.length; at++) {
    hash = rolled(hash, output.charCodeAt(at));
    const ruleId = hashes[slot(hash)] === 1 ? random.get(output.slice(at + 1 - GRAM, at + 1)) : undefined;
    if (ruleId !== undefined) found.add(ruleId);
  }
  return [...found].toSorted();
}

/** One in so many rules, others each day. */
const ONE_IN = 3;
const EXAMPLES = Object.entries(builtinExamples())
  .filter((_, index) => isToday(index, ONE_IN))
  .flatMap(([ruleId, { match }]) => match.slice(0, 1).map(({ text }) => planted(text, ruleId, ruleId)));
const TOKENS = EXAMPLES.filter(({ selfIdentifying, secrets }) => selfIdentifying && /^\w[\w-]{15,179}$/.test(secrets[0] ?? ''));
for (const gram of random.keys()) mark(gram);
const tokenOf = (index: number): string => TOKENS[index % TOKENS.length]?.secrets[0] ?? '';

describe('H1 and H3: a repository full of secrets', () => {
  let repository: TestRepository;
  /** Each secret once, and a history: for commands that are run many times. */
  let small: TestRepository;
  let broken: TestRepository;

  beforeAll(() => {
    repository = TestRepository.create();
    for (const { ruleId, text } of EXAMPLES) repository.write(`one/${ruleId}.txt`, `${text}\n`);
    repository.commit('everything in files of its own');
    repository.write('all.txt', EXAMPLES.map(({ text }) => text).join('\n\n\n\n\n\n\n\n\n\n'));
    repository.write('dense.txt', EXAMPLES.map(({ text }) => text.replaceAll('\n', ' ')).join(' '));
    repository.write(
      '.env',
      EXAMPLES.flatMap(({ secrets }, index) => secrets.map((secret) => `SECRET_TOKEN_${index}=${secret.replaceAll('\n', '\\n')}`)).join('\n'),
    );
    for (const [index, { secrets }] of TOKENS.entries()) repository.write(`names/${secrets[0] ?? ''}/${index}.txt`, `${secrets[0] ?? ''}\n`);
    // What git says of an env file names it, and so does what is to be done.
    repository.write(`names/${tokenOf(5)}/.env`, `DB_${'PASSWORD'}=${tokenOf(6)}\n`);
    repository.commit(`messages\n\n${EXAMPLES.map(({ text }) => text).join('\n')}`);
    const refs: string[] = [];
    for (const [index, token] of TOKENS.slice(0, 40).entries()) {
      const secret = token.secrets[0] ?? '';
      const id = repository.write('counter.txt', `${index}\n${secret}\n`).commit(`by ${secret}`, { author: `${secret} <${secret}@example.com>` });
      refs.push(`create refs/heads/b${index}/${secret} ${id}\n`, `create refs/tags/t${index}-${secret} ${id}\n`);
    }
    repository.gitWith({ input: refs.join('') }, 'update-ref', '--stdin');
    repository.tag('annotated', EXAMPLES.map(({ text }) => text).join('\n'));
    repository.write('one/stashed.txt', EXAMPLES.map(({ text }) => text).join('\n')).stash(tokenOf(3));
    repository.write('staged.txt', EXAMPLES.map(({ text }) => text).join('\n')).git('add', 'staged.txt');
    repository.write(`untracked-${tokenOf(1)}.txt`, EXAMPLES.map(({ text }) => text).join('\n'));

    small = TestRepository.create();
    small.write('all.txt', EXAMPLES.map(({ text }) => text).join('\n\n\n\n\n\n\n\n\n\n')).commit('everything');
    for (const [index, token] of TOKENS.slice(0, 21).entries()) {
      const secret = token.secrets[0] ?? '';
      small.write(`${secret}.txt`, `${index}\n${secret}\n`).commit(`by ${secret}`, { author: `${secret} <${secret}@example.com>` });
    }
    for (const made of [repository, small])
      for (const id of made.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n')) objects.add(id.trim());

    broken = TestRepository.create();
    broken.write(`${tokenOf(0)}.txt`, `${tokenOf(0)}\n`).commit('first');
    broken.write('gone.txt', `${tokenOf(1)}\n`).commit('second');
    const gone = broken.blob('gone.txt');
    writeFileSync(join(broken.path, '.git', 'refs', 'heads', tokenOf(2)), 'junk\n');
    writeFileSync(join(broken.path, '.git', 'refs', 'heads', `x-${tokenOf(3)}`), `${'12'.repeat(20)}\n`);
    broken.write(`large-${tokenOf(4)}.txt`, 'x'.repeat(5000));
    rmSync(join(broken.path, '.git', 'objects', gone.slice(0, 2), gone.slice(2)));
  });

  test('the secrets are really in it, and found', async () => {
    expect(random.size).toBeGreaterThan(3000);
    expect(TOKENS.length).toBeGreaterThan(60);
    const { stdout } = await keysift(['--show-secrets', '-f', 'json', '--no-history'], { cwd: repository.path });
    expect(leaks(stdout).length).toBeGreaterThan(200);
  });

  const LARGE = (): TestRepository => repository;
  const SMALL = (): TestRepository => small;
  const RUNS: readonly (readonly [argv: string, code: number, of: () => TestRepository])[] = [
    ['--explain --color -v', 1, LARGE],
    ['--history-only -v', 1, LARGE],
    ['--staged -v --explain', 1, LARGE],
    ['--staged -q', 1, LARGE],
    ['--range HEAD~20..HEAD -v --explain', 1, LARGE],
    ['one all.txt names -v', 1, LARGE],
    // What these say, those above say too, or each half of it: only what is said otherwise is asked of each rule.
    ['', 1, SOAK ? LARGE : SMALL],
    ['--max-file-size 10 -v', 3, SOAK ? LARGE : SMALL],
    ...(SOAK ? ['-v', '-q', '--color', '--explain', '--explain --color', '--no-history -v', '--min-confidence high --fail-on critical -v'] : []).map(
      (argv) => [argv, 1, LARGE] as const,
    ),
  ];

  test.each(RUNS)('keysift %s, as text and JSON', async (argv, expected, of) => {
    const file = join(temporaryFolder(), 'report.json');
    const { code, stdout, stderr } = await keysift([...argv.split(' ').filter((part) => part !== ''), '-f', 'text', '-f', `json=${file}`], {
      cwd: of().path,
    });
    const json = readFileSync(file, 'utf8');
    for (const said of [stdout, stderr, json]) expect(leaks(said)).toEqual([]);
    expect(code).toBe(expected);
    for (const said of [stdout, json]) expect(said.length).toBeGreaterThan(1000);
  });

  test.each([
    ['everything', (): TestRepository => repository, 1],
    ['where things are broken', (): TestRepository => broken, 3],
  ] as const)('every format as a file: %s', async (_what, of, expected) => {
    const folder = temporaryFolder();
    const argv = FORMAT_NAMES.flatMap((name) => ['-f', `${name}=${join(folder, name)}`]);
    const { code, stdout, stderr } = await keysift([...argv, '-v'], { cwd: of().path });
    expect([code, stdout]).toEqual([expected, '']);
    expect(leaks(stderr)).toEqual([]);
    for (const name of FORMAT_NAMES) {
      const text = readFileSync(join(folder, name), 'utf8');
      expect([name, leaks(text)]).toEqual([name, []]);
      expect(text.length).toBeGreaterThan(500);
    }
    // What one report is made into holds no more than it.
    const { stdout: converted } = await keysift(['report', 'convert', join(folder, 'json'), '-f', 'html'], {});
    expect(leaks(converted)).toEqual([]);
  });

  test('a baseline, what it accepts, a gate, a doctor', async () => {
    const folder = folderWith({});
    const baseline = join(folder, 'baseline');
    const said = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number | null> => {
      const { code, stdout, stderr } = await keysift(argv, { cwd: small.path, env });
      expect(leaks(stdout + stderr), argv.join(' ')).toEqual([]);
      return code;
    };
    expect(await said(['baseline', 'create', '--baseline', baseline])).toBe(0);
    const text = readFileSync(baseline, 'utf8');
    expect(text.split('\n').length).toBeGreaterThan(200);
    // Seals are keyed with random bytes, so their digits are others in each run; test/policy holds what they are made of.
    expect(leaks(text.replaceAll(/^[0-9a-f]{16}\.[0-9a-f]{24} /gm, ''))).toEqual([]);
    expect(await said(['--baseline', baseline, '--show-suppressed', '-v'])).toBe(0);
    expect(await said(['--baseline', baseline, '-f', 'json'])).toBe(0);
    expect(await said(['baseline', 'update', '--baseline', baseline])).toBe(0);
    expect(await said(['ci', '--base', 'HEAD~20', '-v'], { CI: 'true' })).toBe(1);
    expect(await said(['--range', 'HEAD~20..HEAD', '--policy-from', 'HEAD~20', '-v'])).toBe(1);
    expect(await said(['doctor'])).toBe(0);
    expect(await said([], { KEYSIFT_FAIL_ON: tokenOf(7) })).toBe(2);
    writeFileSync(join(folder, 'bad.yaml'), `failOn: ${tokenOf(8)}\n`);
    expect(await said(['--config', join(folder, 'bad.yaml')])).toBe(2);
    writeFileSync(join(folder, 'bad.yaml'), `${tokenOf(8)}: x\n`);
    expect(await said(['--config', join(folder, 'bad.yaml')])).toBe(2);
  });

  test('an ignore comment whose reason is a secret', async () => {
    const cwd = folderWith({ 'a.txt': `${tokenOf(0)} # keysift:allow -- ${tokenOf(1)}\n${tokenOf(2)} # keysift:allow nope -- x\n` });
    for (const argv of [
      ['--show-suppressed', '-v'],
      ['-f', 'json'],
    ]) {
      const { stdout, stderr } = await keysift(argv, { cwd });
      expect(leaks(stdout + stderr)).toEqual([]);
    }
  });

  test.each(['-v', '-f json', '--history-only -v', '--max-file-size 100 -v'])('where things are broken: keysift %s', async (argv) => {
    const { code, stdout, stderr } = await keysift(argv.split(' '), { cwd: broken.path });
    expect(leaks(stdout + stderr)).toEqual([]);
    expect(code).toBe(3);
  });
});

describe('other ways in', () => {
  const all = EXAMPLES.map(({ text }) => text).join('\n\n\n\n\n\n');

  const run = async (argv: readonly string[], options: CliOptions): Promise<void> => {
    const { code, stdout, stderr } = await keysift(argv, options);
    expect(leaks(stdout)).toEqual([]);
    expect(leaks(stderr)).toEqual([]);
    expect(code).toBe(1);
  };

  test.each(['-v', '-q', '-f json', '--explain'])('standard input, %s', (argv) => run(['--stdin', ...argv.split(' ')], { stdin: all }));

  test('standard input under a name that is a secret', () =>
    run(['--stdin', '--stdin-name', `${tokenOf(5)}.txt`, '-v', '--explain'], { stdin: all }));

  test('a folder whose own name is a secret', () => {
    const cwd = folderWith({ [`${tokenOf(6)}/a.txt`]: all });
    return run([tokenOf(6), '-f', 'json', '--explain'], { cwd });
  });

  test('UTF-16', () => run(['.', '-v', '--explain'], { cwd: folderWith({ 'a.txt': Buffer.from(`\ufeff${all}`, 'utf16le') }) }));

  test('values that are dropped are not told by --explain either', async () => {
    const cwd = folderWith({ 'a.txt': EXAMPLES.flatMap(({ secrets }) => secrets.map((secret) => `${secret}xxxxxx ${secret}...`)).join('\n') });
    const { stderr } = await keysift(['.', '--explain'], { cwd });
    expect(stderr).toContain('dropped by');
    expect(leaks(stderr)).toEqual([]);
  });

  test('the file name of a secret of every rule that may be one', async () => {
    const cwd = folderWith(Object.fromEntries(TOKENS.flatMap(({ secrets }) => secrets.map((secret) => [`${secret}.txt`, `a ${secret}\n`]))));
    await run(['.', '-v'], { cwd });
    await run(['.', '-f', 'json', '--explain'], { cwd });
  });
});
