/** How the program comes into memory: the files of the bundle, and what V8 made of them when they were built. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { BINARY } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';
import { home, TestRepository } from '../support/repository.ts';
import { stripeKey } from '../support/secrets.ts';

const BUNDLE = fileURLToPath(new URL('../../dist/bin/', import.meta.url));

interface Start {
  readonly code: number | null;
  readonly stdout: string;
  /** Of each file of the bundle: whether V8 took its cache; undefined where none was found. */
  readonly taken: Readonly<Record<string, boolean | undefined>>;
}

/** Runs the program with a look at what it gives V8 to compile. */
function start(cwd: string, argv: readonly string[], { node = [], before = '' }: { node?: readonly string[]; before?: string } = {}): Start {
  const look = `${before}
    const vm = require('node:vm'); const taken = {};
    vm.Script = class extends vm.Script {
      constructor(source, options) {
        super(source, options);
        taken[options.filename.split(/[\\\\/]/).at(-1).replace(/-[\\w-]{8}\\.cjs$/, '')] = options.cachedData && !this.cachedDataRejected;
      }
    };
    process.on('exit', () => require('node:fs').writeSync(2, JSON.stringify(taken)));`;
  const preload = join(folderWith({ 'look.cjs': look }), 'look.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, '--require', preload, BINARY, ...argv], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: home() },
    input: '',
    encoding: 'utf8',
  });
  return { code: status, stdout, taken: JSON.parse(stderr) as Start['taken'] };
}

test('all of the bundle is ASCII, which is how it is read', () => {
  const files = readdirSync(BUNDLE).filter((name) => name.endsWith('.cjs'));
  expect(files).toContain('main.cjs');
  // oxlint-disable-next-line no-control-regex
  expect(files.filter((name) => /[^\0-\x7f]/.test(readFileSync(join(BUNDLE, name), 'latin1')))).toEqual([]);
});

describe('a start', () => {
  let cwd = '';
  let plain: Start;

  beforeAll(() => {
    const repository = TestRepository.create();
    repository.write('a.txt', `key = "${stripeKey('start')}"\n`).git('add', '--all');
    cwd = repository.path;
    plain = start(cwd, ['--staged', '--quiet']);
  });

  test('uses what the build left of each file that a hook needs', () => {
    expect(plain.code).toBe(1);
    expect(Object.keys(plain.taken)).toEqual(expect.arrayContaining(['main.cjs', 'base', 'scan']));
    expect(Object.entries(plain.taken).filter(([, taken]) => taken !== true)).toEqual([]);
  });

  test('does without where V8 would make something else, and finds the same', () => {
    const { taken, ...outcome } = start(cwd, ['--staged', '--quiet'], { node: ['--no-flush-bytecode'] });
    expect(outcome).toEqual({ code: plain.code, stdout: plain.stdout });
    expect(Object.keys(taken)).toEqual(Object.keys(plain.taken));
    expect(Object.values(taken)).not.toContain(true);
  });

  test('does not look at what another program of Node made', () => {
    const before = `Object.defineProperty(process, 'execPath', { value: ${JSON.stringify(BINARY)} });`;
    const { taken, ...outcome } = start(cwd, ['--staged', '--quiet'], { before });
    expect(outcome).toEqual({ code: plain.code, stdout: plain.stdout });
    expect(Object.values(taken).filter((one) => one !== undefined)).toEqual([]);
  });
});
