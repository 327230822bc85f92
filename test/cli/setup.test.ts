import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SYSTEM_NAMES } from '../../src/cli/ci-environment.ts';
import { CI_CHOICES, CI_SETUPS } from '../../src/cli/ci-setup.ts';
import { parseConfigFile } from '../../src/policy/config-file.ts';
import { BINARY, keysift, runBinary } from '../support/cli.ts';
import { folderWith, temporaryFolder, writeInto } from '../support/folder.ts';
import { home, TestRepository } from '../support/repository.ts';
import { stripeKey } from '../support/secrets.ts';
import { HAS_TERMINAL, inTerminal } from '../support/terminal.ts';

const line = (salt: string): string => `key = "${stripeKey(salt)}"\n`;

describe('keysift init', () => {
  test('shows everything, and writes it only when asked to', async () => {
    const repository = TestRepository.create();
    repository.write('.github/x', '').write('.gitattributes', '*.png binary').commit('first');
    const { code, stdout, stderr } = await keysift(['init'], { cwd: repository.path });
    expect([code, stderr]).toEqual([2, 'error: nothing was written: there is no terminal to ask\nkeysift init --yes writes all of this.\n']);
    for (const part of [
      'write keysift.config.yaml:',
      'write .keysiftignore:',
      'add to .gitattributes:',
      'write .github/workflows/keysift.yml:',
      'install the hooks pre-commit and pre-push',
    ]) {
      expect(stdout).toContain(part);
    }
    expect(repository.git('status', '--porcelain')).toBe('');
    const done = runBinary(['init', '--yes'], { cwd: repository.path });
    expect([done.code, done.stderr]).toEqual([0, '']);
    const read = (path: string): string => readFileSync(join(repository.path, path), 'utf8');
    expect(read('.gitattributes')).toBe('*.png binary\n.keysift-baseline merge=union\n');
    expect(parseConfigFile(read('keysift.config.yaml'), 'x.yaml').config.failOn).toBe('low');
    const workflow = parse(read('.github/workflows/keysift.yml')) as {
      jobs: { keysift: { steps: { with?: Record<string, unknown>; run?: string }[] } };
    };
    expect(workflow.jobs.keysift.steps[0]?.with?.['fetch-depth']).toBe(0);
    expect(workflow.jobs.keysift.steps.at(-1)?.run).toMatch(/^npx --yes keysift@[\d.]+ ci$/);
    expect((await keysift([], { cwd: repository.path })).code).toBe(0);
    repository.write('a.txt', line('init')).git('add', '--all');
    expect(repository.tryGit(['commit', '--message', 'x']).status).toBe(1);
    expect((await keysift(['init', '--no-hook'], { cwd: repository.path })).stdout).toBe('Everything is there already.\n');
  });

  test('outside a repository, for GitLab, and where a configuration is there', async () => {
    const folder = folderWith({ '.gitlab-ci.yml': '', '.keysift.yaml': 'failOn: high\n' });
    const { code, stdout } = await keysift(['init', '--yes'], { cwd: folder });
    expect([code, stdout.includes('For GitLab CI, add to .gitlab-ci.yml:\n'), stdout.includes('keysift.config.yaml')]).toEqual([0, true, false]);
    expect(existsSync(join(folder, '.keysiftignore'))).toBe(true);
    const advice = stdout.slice(stdout.indexOf('keysift:\n'), stdout.indexOf('Next:'));
    expect(parse(advice)).toMatchObject({ keysift: { variables: { GIT_DEPTH: '0' } } });
  });

  test.each(CI_CHOICES)('%s: its job runs keysift ci in a whole clone, asked for or recognised, until its file does so', async (system) => {
    const { sign, file, isWhole, text } = CI_SETUPS[system];
    expect(text).toMatch(/npx --yes keysift@[\d.]+ ci\b/);
    if (file.endsWith('.yml')) expect(() => parse(text) as unknown).not.toThrow();
    const said = async (folder: string, ...argv: string[]) => (await keysift(['init', '--yes', '--no-hook', ...argv], { cwd: folder })).stdout;
    const recognised = folderWith({ [sign.includes('.yml') || sign === 'Jenkinsfile' ? sign : `${sign}/x`]: 'x\n' });
    const told = isWhole ? `${file}: written\n` : `For ${SYSTEM_NAMES[system]}, add to ${file}:\n${text}`;
    expect(await said(recognised)).toContain(told);
    expect(await said(folderWith({}), '--ci', system)).toContain(told);
    expect(await said(recognised, '--ci', 'none')).not.toContain(file);
    if (!isWhole) {
      expect(await said(recognised)).toContain(told);
      writeInto(recognised, file, text);
    }
    expect(await said(recognised)).toBe('Everything is there already.\n');
  });

  test.skipIf(!HAS_TERMINAL)('in a terminal it asks', () => {
    const folder = folderWith({});
    const init = (answer: string): { code: number; said: string } =>
      inTerminal([process.execPath, BINARY, 'init'], [answer], { cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: home() } });
    expect(init('n').said).toContain('Nothing was written.');
    expect(existsSync(join(folder, 'keysift.config.yaml'))).toBe(false);
    expect(init('y').said).toContain('keysift.config.yaml: written');
    expect(existsSync(join(folder, 'keysift.config.yaml'))).toBe(true);
  });

  test('a stranger\u2019s first minutes: look, accept, hook, and only what is new fails', async () => {
    const repository = TestRepository.create();
    repository.write('old.txt', line('old')).commit('long ago');
    const at = (...argv: string[]) => keysift(argv, { cwd: repository.path });
    expect((await at()).code).toBe(1);
    expect((await at('init', '--yes', '--no-hook')).code).toBe(0);
    expect((await at('baseline', 'create')).code).toBe(0);
    expect((await at()).code).toBe(0);
    repository.commit('policy').slice(0, 1);
    repository.write('new.txt', line('new')).git('add', '--all');
    expect([(await at('--staged')).code, (await at()).code]).toEqual([1, 1]);
  });
});

describe('keysift doctor', () => {
  const doctor = async (repository: TestRepository): Promise<{ code: number | null; checks: Record<string, string> }> => {
    const { code, stdout } = await keysift(['doctor', '-f', 'json'], { cwd: repository.path });
    const { checks } = JSON.parse(stdout) as { checks: { name: string; state: string; found: string }[] };
    return { code, checks: Object.fromEntries(checks.map(({ name, state, found }) => [name, `${state} ${found}`])) };
  };

  test('all well, and what is not', async () => {
    const repository = TestRepository.create();
    repository.write('keysift.config.yaml', 'failOn: high\n').commit('first');
    const before = await doctor(repository);
    expect(before.code).toBe(0);
    expect(before.checks).toMatchObject({
      git: expect.stringMatching(/^ok git version 2\./) as string,
      history: 'ok complete',
      policy: 'ok keysift.config.yaml',
      rules: expect.stringMatching(/^ok \d+ active, sha256:/) as string,
      'pre-commit': 'warning not installed',
      CI: 'ok no CI system that it knows',
    });
    await keysift(['hook', 'install'], { cwd: repository.path });
    expect((await doctor(repository)).checks['pre-commit']).toBe('ok installed');
    repository.git('config', 'core.hooksPath', 'elsewhere');
    expect((await doctor(repository)).checks['pre-push']).toMatch(/^warning installed in .*\.git\/hooks, and core\.hooksPath leads to .*elsewhere$/);
    writeFileSync(join(repository.path, 'keysift.config.yaml'), 'failon: high\n');
    const broken = await doctor(repository);
    expect([broken.code, broken.checks['policy']]).toEqual([2, 'failure keysift.config.yaml:1:1: unknown key "failon"']);
  });

  test('a shallow clone, no repository, and in words', async () => {
    const repository = TestRepository.create();
    repository.commit('a');
    repository.commit('b');
    const clone = TestRepository.at(join(temporaryFolder(), 'shallow'));
    repository.git('clone', '--quiet', '--depth', '1', `file://${repository.path}`, clone.path);
    expect((await doctor(clone)).checks['history']).toBe('warning the clone is shallow');
    const { code, stdout } = await keysift(['doctor'], { cwd: folderWith({}) });
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^ok {7}keysift {5}\d.*\n(?:.*\n)*warning {2}repository {2}this folder is in none\n {21}Files are scanned, and no history\.\n/,
      ),
    ]);
  });
});

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

describe('keysift completion, in the shells themselves', () => {
  /** A line that is begun, and words that must and must not be offered for its end. */
  const LINES: readonly (readonly [line: string, offered: readonly string[], not: readonly string[]])[] = [
    ['keysift ', ['scan', 'baseline', 'ci', 'completion'], ['create']],
    ['keysift ba', ['baseline'], ['ci']],
    ['keysift baseline ', ['create', 'update', 'prune', 'audit'], ['ci']],
    ['keysift --fail-on ', ['info', 'critical'], ['scan']],
    ['keysift --sta', ['--staged'], ['--range']],
    ['keysift baseline audit --a', ['--all'], ['--staged']],
    ['keysift hook install ', ['pre-commit', 'pre-push'], ['audit']],
    ['keysift completion ', ['bash', 'zsh', 'fish', 'pwsh'], ['scan']],
    ['keysift ci --min-confidence hi', ['high'], ['low']],
  ];
  const folder = temporaryFolder();
  const scriptFor = async (shell: string): Promise<string> => {
    const { code, stdout } = await keysift(['completion', shell]);
    expect(code).toBe(0);
    const path = join(folder, shell === 'zsh' ? '_keysift' : `keysift.${shell}`);
    writeFileSync(path, stdout);
    return path;
  };
  const check = (offered: string[], [begun, must, mustNot]: (typeof LINES)[number]): void => {
    for (const word of must) expect(offered, begun).toContain(word);
    for (const word of mustNot) expect(offered, begun).not.toContain(word);
  };

  test.skipIf(!has('bash'))('bash', async () => {
    const path = await scriptFor('bash');
    for (const entry of LINES) {
      const words = entry[0].split(' ');
      const ask = `source '${path}'; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _keysift; printf '%s\\n' "\${COMPREPLY[@]}"`;
      check(spawnSync('bash', ['--norc', '-c', ask], { encoding: 'utf8' }).stdout.split('\n'), entry);
    }
  });

  test.skipIf(!has('fish'))('fish', async () => {
    const path = await scriptFor('fish');
    for (const entry of LINES) {
      const { stdout } = spawnSync('fish', ['--no-config', '-c', `source '${path}'; complete -C '${entry[0]}'`], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, HOME: home() },
      });
      check(
        stdout.split('\n').map((text) => text.split('\t')[0] ?? ''),
        entry,
      );
    }
  });

  test.skipIf(!has('zsh'))('zsh', async () => {
    await scriptFor('zsh');
    // compadd tells what it is given instead of showing it.
    const harness = `fpath=('${folder}' $fpath); autoload -Uz compinit; compinit -u -D
autoload -Uz _keysift
compadd() { local -a said; for w in "$@"; do [[ $w == -* && $w != --?* ]] || said+=("$w"); done; print -l -- "\${said[@]}"; }
_describe() { local -a list; list=("\${(@P)@[-1]}"); print -l -- "\${(@)list%%:*}"; }
_files() { :; }`;
    for (const entry of LINES) {
      const words = entry[0].split(' ');
      const ask = `${harness}\nwords=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}; _keysift`;
      const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', ask], { cwd: folder, encoding: 'utf8', env: { ...process.env, HOME: home() } });
      const typed = words.at(-1) ?? '';
      expect(stderr).toBe('');
      check(
        stdout.split('\n').filter((word) => word.startsWith(typed)),
        entry,
      );
    }
  });

  test.skipIf(!has('pwsh'))('pwsh', async () => {
    const path = await scriptFor('pwsh');
    for (const entry of LINES) {
      const ask = `. '${path}'; (TabExpansion2 '${entry[0]}' ${entry[0].length}).CompletionMatches.CompletionText`;
      check(spawnSync('pwsh', ['-NoProfile', '-Command', ask], { encoding: 'utf8' }).stdout.split(/\r?\n/), entry);
    }
  });

  // Where no PowerShell is, what its script consists of is checked, and not that it runs.
  test('pwsh: strings, brackets, keys and words of the script', async () => {
    const script = readFileSync(await scriptFor('pwsh'), 'utf8');
    const code = script.replaceAll(/^ *#.*$/gm, '').replaceAll(/'([^']*)'/g, (_whole, text: string) => {
      expect(text).toMatch(/^[\w -]*$/);
      return '""';
    });
    expect(code).not.toContain("'");
    const open: string[] = [];
    for (const bracket of code.replaceAll(/"[^"]*"/g, '').match(/[()[\]{}]/g) ?? []) {
      if ('([{'.includes(bracket)) open.push(bracket);
      else expect(open.pop()).toBe({ ')': '(', ']': '[', '}': '{' }[bracket]);
    }
    expect(open).toEqual([]);
    const table = (name: string): Map<string, string[]> => {
      const body = new RegExp(`\\$${name} = @\\{\\n([^]*?)\\n  \\}\\n`).exec(script)?.[1] ?? '';
      const rows = body.split('\n').map((row) => /^ {4}'([^']*)' = @\((.*)\)$/.exec(row) ?? []);
      // Keys of PowerShell's tables are the same in any case, and a key twice is an error.
      expect(new Set(rows.map(([, key = '']) => key.toLowerCase())).size).toBe(rows.length);
      return new Map(rows.map(([, key = '', list = '']) => [key, [...list.matchAll(/'([^']*)'/g)].map(([, word = '']) => word)]));
    };
    const [levels, choices] = [table('levels'), table('choices')];
    for (const entry of LINES) {
      const words = entry[0].split(' ').slice(1);
      const typed = words.pop() ?? '';
      const at = words.reduce((path, word) => (levels.has(`${path} ${word}`.trim()) ? `${path} ${word}`.trim() : path), '');
      check(
        (choices.get(words.at(-1) ?? '') ?? levels.get(at) ?? []).filter((word) => word.startsWith(typed)),
        entry,
      );
    }
  });

  test('an unknown shell', async () => {
    expect(await keysift(['completion', 'tcsh'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Allowed choices are bash, zsh, fish, pwsh') as string,
    });
  });
});
