/**
 * Part H: what comes out. Secrets of every rule in every format (H1, H3) are in test/cli/no-leak.test.ts, the limits of
 * consumers (H8, H9) in test/report/limits.test.ts. For H15 there is nothing to test: no answers for agents are made.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FORMAT_NAMES, type FormatName } from '../../src/report/formats.ts';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { BINARY, keysift, keysiftJson, runBinary } from '../support/cli.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { finding, hostileReport, HOSTILE_NAMES, render, report } from '../support/reports.ts';
import { home, TestRepository } from '../support/repository.ts';
import { githubToken, stripeKey } from '../support/secrets.ts';
import { HAS_TERMINAL, inTerminal } from '../support/terminal.ts';
import { VALIDATORS } from '../support/validators.ts';
import { attack, expectNoSecret, unless, type Attack } from './harness.ts';

const SOAK = process.env['KEYSIFT_SOAK'] === '1';

/** A run with a file of every format; none of them holds a secret. */
async function everyFormat(given: Attack): Promise<Record<FormatName, string>> {
  const folder = temporaryFolder();
  const formats = FORMAT_NAMES.flatMap((name) => ['--format', `${name}=${join(folder, name)}`]);
  // What another run writes into the same files is no other report.
  await attack({ ...given, argv: [...(given.argv ?? []), ...formats], again: false });
  const texts = Object.fromEntries(FORMAT_NAMES.map((name) => [name, readFileSync(join(folder, name), 'utf8')])) as Record<FormatName, string>;
  for (const name of FORMAT_NAMES) expectNoSecret(texts[name], given.secrets ?? []);
  return texts;
}

const jsonOf = ({ json }: Record<FormatName, string>): ReportV1 => JSON.parse(json) as ReportV1;

describe('H2: secrets beside each other', () => {
  test('one of two on a line is in the baseline', async () => {
    const [known, fresh] = [stripeKey('h2 known'), githubToken('h2 fresh')];
    const cwd = folderWith({ 'a.txt': `a = "${known}"\n` });
    expect((await keysift(['baseline', 'create'], { cwd })).code).toBe(0);
    writeFileSync(join(cwd, 'a.txt'), `a = "${known}", b = "${fresh}"\n`);
    const { counts } = jsonOf(await everyFormat({ cwd, argv: ['.', '--show-suppressed'], code: 1, secrets: [known, fresh] }));
    expect([counts.findings, counts.suppressed]).toEqual([1, 1]);
  });

  test('one inside another, and at the ends of a very long line', async () => {
    const [inner, first, last] = [githubToken('h2 inner'), stripeKey('h2 first'), githubToken('h2 last')];
    const line = `x = "${first}"${' '.repeat(200_000)}y = "${last}"`;
    const cwd = folderWith({ 'url.txt': `https://user:${inner}@git.example.com/x.git\n`, 'long.txt': `${line}\n` });
    const { findings } = jsonOf(await everyFormat({ cwd, code: 1, secrets: [inner, first, last] }));
    expect(findings.map(({ locations }) => locations[0]?.file ?? '').toSorted()).toEqual(['long.txt', 'long.txt', 'url.txt']);
  });
});

test('H3: a secret that is also a name, a branch, a tag, an author and a message', async () => {
  const secret = githubToken('h3');
  const repository = TestRepository.create();
  repository.write(`${secret}/a.txt`, `${secret}\n`).commit(`about ${secret}`, { author: `${secret} <${secret}@example.com>` });
  repository.tag(`v-${secret}`, secret);
  repository.branch(`topic-${secret}`);
  const { findings } = jsonOf(await everyFormat({ cwd: repository.path, code: 1, secrets: [secret] }));
  expect(findings).toHaveLength(1);
});

describe('H4: short secrets, and secrets that look like masks', () => {
  test('a mask does not tell a length', async () => {
    const masks = await Promise.all(
      [8, 12, 24].map(async (length) => {
        const value = 'Xk7!pQz2#mW9$vB4&nL6*tR3'.slice(0, length);
        const { report: made } = await keysiftJson(['.'], { cwd: folderWith({ '.env': `DB_${'PASSWORD'}=${value}\n` }) });
        return made.findings.map(({ redacted }) => redacted);
      }),
    );
    expect(new Set(masks.flat())).toEqual(new Set(['****']));
  });

  test.each(['x', 'abcd', 'hunter22', '****', 'sk_live_****', 'pa**word9!', '********************'])('%j is not told', async (value) => {
    const cwd = folderWith({ '.env': `DB_${'PASSWORD'}=${value}\n` });
    const texts = await everyFormat({ cwd, code: [0, 1] });
    if (value.includes('*') || value.length < 4) return; // those are in every report, whatever is scanned
    for (const name of FORMAT_NAMES) expect([name, texts[name].includes(value)]).toEqual([name, false]);
  });
});

test('H5: nothing that a password can be tried against', async () => {
  const password = 'hunter22';
  const repository = TestRepository.create();
  repository.write('.env', `# settings\nDB_${'PASSWORD'}=${password}\n`).commit('first');
  const texts = await everyFormat({ cwd: repository.path, code: 1 });
  await keysift(['baseline', 'create'], { cwd: repository.path });
  const baseline = readFileSync(join(repository.path, '.keysift-baseline'), 'utf8');
  expect(baseline).toContain('.env');
  // Ids of git's objects are git's own; whoever has the repository has them, and nobody else has all that they are made of.
  const objects = repository.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n');
  let all = [...Object.values(texts), baseline].join('\n');
  for (const id of objects) all = all.replaceAll(id, '').replaceAll(id.slice(0, 10), '');
  /** All that may be a piece of a digest, of so many digits. */
  const piecesOf = (length: number): Set<string> => {
    const pieces = new Set<string>();
    for (const [token] of all.matchAll(/[0-9a-f]{8,}/g)) for (let at = 0; at + length <= token.length; at++) pieces.add(token.slice(at, at + length));
    return pieces;
  };
  const [short, long] = [piecesOf(8), piecesOf(12)];
  expect(long.size).toBeGreaterThan(20);
  const ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha512'] as const;
  const isTold = (text: string, pieces: ReadonlySet<string>, length: number): boolean =>
    ALGORITHMS.some((name) => {
      const hash = createHash(name).update(text).digest('hex');
      return pieces.has(hash.slice(0, length)) || pieces.has(hash.slice(-length));
    });
  const names = ['summer', 'dragon', 'hunter', 'master', 'shadow'];
  const each = (SOAK ? 1_000_000 : 20_000) / names.length;
  const words = names.flatMap((word) => Array.from({ length: each }, (_, number) => `${word}${number}`));
  expect(words).toContain(password);
  // Of so many words one or two share eight digits with something by chance, but none shares twelve.
  expect(words.filter((word) => isTold(word, long, 12))).toEqual([]);
  for (const form of [password, `DB_PASSWORD=${password}`, `.env:${password}`, `${password}\n`, `DB_PASSWORD:${password}`]) {
    expect(isTold(form, short, 8)).toBe(false);
    for (const name of ALGORITHMS)
      for (const code of ['base64', 'base64url'] as const) expect(all).not.toContain(createHash(name).update(form).digest(code).slice(0, 10));
  }
  // What it looks for would be found.
  expect(isTold(password, new Set([createHash('sha1').update(password).digest('hex').slice(0, 12)]), 12)).toBe(true);
}, 300_000);

test('H6: two repositories with one secret have nothing in common that is made of it', async () => {
  const secret = stripeKey('h6');
  const made = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const repository = TestRepository.create();
      repository.write(`${name}/settings.ts`, `// ${name}\nconst ${name}Key = "${secret}";\n`).commit(name);
      const { report: scanned } = await keysiftJson([], { cwd: repository.path });
      await keysift(['baseline', 'create'], { cwd: repository.path });
      return JSON.stringify({ ...scanned, tool: '' }) + readFileSync(join(repository.path, '.keysift-baseline'), 'utf8');
    }),
  );
  const tokens = made.map((text) => new Set([...text.matchAll(/\b[0-9a-f]{8,}\b/g)].map(([token]) => token)));
  expect(tokens.map((set) => set.size > 3)).toEqual([true, true]);
  expect([...(tokens[0] ?? [])].filter((token) => tokens[1]?.has(token) === true)).toEqual([]);
});

describe('H7: valid for 25,001 findings', () => {
  const many = report(Array.from({ length: 25_001 }, (_, index) => finding(index, { title: `Title ${HOSTILE_NAMES[index % 60] ?? ''}` })));

  test.each(Object.keys(VALIDATORS) as (keyof typeof VALIDATORS)[])('%s', async (name) => {
    expect((await VALIDATORS[name](await render(name, many))).slice(0, 3)).toEqual([]);
  });
});

const CHROMIUM = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
const browser = unless(CHROMIUM !== undefined, 'no Chromium is installed');

describe(`H10: the HTML report in a browser${browser.why}`, () => {
  /** The page after its scripts ran. */
  const dom = (html: string): string => {
    const folder = folderWith({ 'report.html': html, 'profile/x': '' });
    const argv = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`, '--dump-dom'];
    const { stdout } = spawnSync(CHROMIUM ?? '', [...argv, `file://${join(folder, 'report.html')}`], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: 60_000,
    });
    return stdout;
  };
  const html = (): Promise<string> => render('html', hostileReport());

  test.skipIf(browser.skip)(
    'its own script runs, and nothing of the data',
    async () => {
      const page = dom(await html());
      expect(page).toMatch(/<output[^>]*>\d+ shown<\/output>/);
      expect(page).not.toMatch(/<form class="filters" hidden/);
      expect(page.match(/<script/g)).toHaveLength(1);
      expect(page).not.toMatch(/<(?:img|iframe|object|embed|link|base)\b/);
    },
    90_000,
  );

  test.skipIf(browser.skip)(
    'a script that somebody adds does not run',
    async () => {
      const page = dom(`${await html()}<p id="extra">there</p><script>document.title = "ran"</script>`);
      expect([page.includes('id="extra"'), page.includes('<title>ran</title>')]).toEqual([true, false]);
    },
    90_000,
  );

  test.skipIf(browser.skip)(
    'a script that is not the one of the policy does not run either, and everything is there but the filters',
    async () => {
      const page = dom((await html()).replace("'use strict';", "'use strict'; "));
      expect(page).toMatch(/<form class="filters" hidden/);
      expect(page.match(/<details/g)).toHaveLength(hostileReport().findings.length);
    },
    90_000,
  );
});

describe('H11: colours only where a terminal or somebody wants them', () => {
  const ESCAPE = '\u001b[';
  const cwd = folderWith({ 'a.txt': `${githubToken('h11')}\n` });

  test.each<readonly [Record<string, string>, boolean]>([
    [{}, false],
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, false],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '3' }, true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [{ CI: '1' }, false],
    [{ TERM: 'dumb', CI: 'true' }, false],
    [{ GITHUB_ACTIONS: 'true', CI: 'true' }, false],
  ])('to a pipe with %j: %s', (env, coloured) => {
    const { stdout, stderr } = runBinary(['.'], { cwd, env });
    expect([stdout.includes(ESCAPE), stderr.includes(ESCAPE)]).toEqual([coloured, false]);
  });

  test.skipIf(!HAS_TERMINAL).each<readonly [Record<string, string>, boolean]>([
    [{ TERM: 'xterm' }, true],
    [{ TERM: 'dumb' }, false],
    [{ TERM: 'xterm', NO_COLOR: '1' }, false],
    [{ TERM: 'xterm', NO_COLOR: '' }, true],
    [{ TERM: 'xterm', FORCE_COLOR: '0' }, false],
  ])('to a terminal with %j: %s', (env, coloured) => {
    const { said } = inTerminal([process.execPath, BINARY, '.', '--no-progress'], [], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: home(), ...env },
    });
    expect(said.includes(`${ESCAPE}3`)).toBe(coloured);
  });
});

describe('H12: progress', () => {
  // Names of credentials with values that are none: what takes long enough to be told of.
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${index}.txt`, 'token = some_words_of_no_use_1\n'.repeat(4000)]));

  test.skipIf(!HAS_TERMINAL)('on a terminal of 20 columns it is one line of 19 characters, and is gone in the end', () => {
    const cwd = folderWith(files);
    const command = ['sh', '-c', `stty cols 20; '${process.execPath}' '${BINARY}' . --jobs 1 >out.log`];
    const { code, said } = inTerminal(command, [], { cwd, env: { PATH: process.env['PATH'] ?? '', HOME: home(), TERM: 'xterm' } });
    expect(code).toBe(0);
    const lines = said.split('\r\u001b[K').filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect([line, line.length <= 19 && line.startsWith('scanning: ')]).toEqual([line, true]);
    expect(said.endsWith('\u001b[K')).toBe(true);
    expect(readFileSync(join(cwd, 'out.log'), 'utf8')).not.toContain('scanning: ');
  });

  test('where no terminal is there is none', () => {
    expect(runBinary(['.'], { cwd: folderWith(files) }).stderr).toBe('');
  });
});

test('H13: with warnings and notes standard output is one JSON document', () => {
  const cwd = folderWith({ 'a.txt': `${githubToken('h13')} # keysift:allow nope -- x\n`, 'big.txt': 'x'.repeat(5000) });
  const { code, stdout, stderr } = runBinary(['.', '--format', 'json', '--max-file-size', '2000', '--explain', '-v'], {
    cwd,
    env: { KEYSIFT_NONSENSE: '1' },
  });
  const parsed = JSON.parse(stdout) as ReportV1;
  expect([code, parsed.scan.complete, parsed.scan.notes.length > 0, stderr.includes('{')]).toEqual([3, false, true, false]);
});

describe('H14: merging reports', () => {
  const parts = async (): Promise<{ whole: ReportV1; files: string[]; folder: string }> => {
    const repository = TestRepository.create();
    repository.write('a.txt', `${githubToken('h14 a')}\n`).commit('first');
    repository
      .write('a.txt', 'gone\n')
      .write('b.txt', `${stripeKey('h14 b')}\n`)
      .commit('second');
    const folder = temporaryFolder();
    const files = [join(folder, 'tree.json'), join(folder, 'history.json')];
    await keysift(['--no-history', '-f', `json=${files[0]}`], { cwd: repository.path });
    await keysift(['--history-only', '-f', `json=${files[1]}`], { cwd: repository.path });
    const { report: whole } = await keysiftJson([], { cwd: repository.path });
    return { whole, files, folder };
  };

  test('the working tree and the history apart find what they find together', async () => {
    const { whole, files } = await parts();
    const { code, stdout } = await keysift(['report', 'merge', ...files, '-f', 'json'], {});
    const merged = JSON.parse(stdout) as ReportV1;
    expect([code, merged.scan.complete]).toEqual([1, true]);
    expect(merged.findings.map(({ id }) => id).toSorted()).toEqual(whole.findings.map(({ id }) => id).toSorted());
  });

  test.each<readonly [string, (report: ReportV1) => unknown, number]>([
    ['of another version', (given) => ({ ...given, tool: { ...given.tool, version: '99.0.0' } }), 2],
    ['of other rules', (given) => ({ ...given, tool: { ...given.tool, rules: 'sha256:1' } }), 2],
    ['of a later schema', (given) => ({ ...given, schemaVersion: 2 }), 2],
    ['that is cut off', (given) => JSON.stringify(given).slice(0, 200), 2],
    [
      'that is incomplete',
      (given) => ({
        ...given,
        scan: { ...given.scan, complete: false },
        counts: { ...given.counts, notScanned: 1 },
        notScanned: [{ unit: 'x', reason: 'EACCES', detail: '' }],
      }),
      3,
    ],
  ])('one %s', async (_what, change, expected) => {
    const { files } = await parts();
    const changed = change(JSON.parse(readFileSync(files[1] ?? '', 'utf8')) as ReportV1);
    writeFileSync(files[1] ?? '', typeof changed === 'string' ? changed : JSON.stringify(changed));
    expect((await keysift(['report', 'merge', ...files, '-f', 'json'], {})).code).toBe(expected);
  });

  test('one twice, and one that is not there', async () => {
    const { files, folder } = await parts();
    expect((await keysift(['report', 'merge', files[0] ?? '', files[0] ?? ''], {})).code).toBe(2);
    expect((await keysift(['report', 'merge', files[0] ?? '', join(folder, 'none.json')], {})).code).toBe(2);
  });
});

test('H16: names that are keys of every object are data', async () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];
  const tokens = names.map((name) => githubToken(`h16 ${name}`));
  const cwd = folderWith(Object.fromEntries(names.map((name, index) => [`${name}/${name}.txt`, `${name} = "${tokens[index] ?? ''}"\n`])));
  const texts = await everyFormat({ cwd, code: 1, secrets: tokens });
  const files = jsonOf(texts).findings.map(({ locations }) => locations[0]?.file ?? '');
  expect(files.toSorted()).toEqual(names.map((name) => `${name}/${name}.txt`).toSorted());
  for (const name of names) expect(texts.csv).toContain(`${name}/${name}.txt`);
  expect(Object.keys({}.constructor.prototype as object)).toEqual([]);
});
