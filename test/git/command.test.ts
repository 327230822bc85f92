/** Every call of git: its arguments, its environment, and what is made of an answer that is none. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { delimiter, join, relative as relativePath } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  ALTERNATES,
  CUT_OFF,
  eachRecord,
  ending,
  failureOf,
  gitArguments,
  gitContext,
  gitSpawn,
  gitSync,
  lastComplaint,
  recordsOf,
  SILENCE_MS,
  type GitResult,
} from '../../src/git/command.ts';
import { UserError } from '../../src/model/errors.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';

const PATH = process.env['PATH'] ?? '';

/** A PATH on which `git` is a script. */
function fakeGit(script: string): string {
  const folder = folderWith({ git: `#!/bin/sh\n${script}\n` });
  chmodSync(join(folder, 'git'), 0o755);
  return `${folder}${delimiter}${PATH}`;
}

function shell(script: string): ChildProcessWithoutNullStreams {
  return spawn('/bin/sh', ['-c', script]);
}

describe('the environment', () => {
  const dangerous = { GIT_EXTERNAL_DIFF: 'x', GIT_CONFIG_COUNT: '1', GIT_SSH_COMMAND: 'x', GIT_TRACE: '1', LD_PRELOAD: 'x', PAGER: 'x' };
  const passed = { PATH, HOME: '/h', XDG_CONFIG_HOME: '/x', USERPROFILE: '/u', SYSTEMROOT: '/s', TMPDIR: '/t', TEMP: '/e' };
  const hook = { GIT_DIR: '/g', GIT_INDEX_FILE: '/i', GIT_OBJECT_DIRECTORY: '/o', GIT_QUARANTINE_PATH: '/q' };
  const own = {
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_GRAFT_FILE: '/dev/null',
    GIT_PAGER: 'cat',
  };

  test('is made from nothing: what git needs, and in a hook which index and objects it is about', () => {
    const environment = { ...dangerous, ...passed, ...hook, LC_ALL: 'de_DE' };
    expect(gitContext('/', environment).env).toStrictEqual({ ...own, ...passed });
    expect(gitContext('/', environment, { hook: true }).env).toStrictEqual({ ...own, ...passed, ...hook });
    expect(gitContext('/', { PATH }).env).toStrictEqual({ ...own, PATH });
  });

  test('more folders of objects are seen from where the program was started; quoted ones stay', () => {
    const alternates = (list: string): string | undefined => gitContext('/cwd', { PATH, [ALTERNATES]: list }).env[ALTERNATES];
    expect(ALTERNATES).toBe('GIT_ALTERNATE_OBJECT_DIRECTORIES');
    expect(alternates(['../a', '', '/b'].join(delimiter))).toBe(['/a', '/b'].join(delimiter));
    expect(alternates('"a:b"')).toBe('"a:b"');
    expect(alternates('')).toBeUndefined();
  });
});

describe('the program', () => {
  test('is found in PATH by its absolute path, and never in the current folder', () => {
    const fake = fakeGit('exit 0');
    const [folder = ''] = fake.split(delimiter);
    expect(gitContext(folder, { PATH: fake }).program).toBe(join(folder, 'git'));
    const empty = temporaryFolder();
    const relative = ['.', 'bin', ''].join(delimiter);
    expect(gitContext(folder, { PATH: [relative, empty, fake].join(delimiter) }).program).toBe(join(folder, 'git'));
    expect(() => gitContext('/', { PATH: relativePath(process.cwd(), folder) })).toThrow('git was not found');
    // A folder of that name, and a file that may not be run, are none.
    const others = folderWith({ 'one/git/x': '', 'two/git': '' });
    expect(gitContext('/', { PATH: [join(others, 'one'), join(others, 'two'), fake].join(delimiter) }).program).toBe(join(folder, 'git'));
  });

  test.each([{ PATH: '' }, {}, { PATH: '.' }, { PATH: '/nowhere' }])('is missing with %j', (environment) => {
    expect(() => gitContext('/', environment)).toThrow(
      expect.objectContaining({
        message: 'git was not found in PATH',
        hint: 'Install git, or scan files alone with --no-history outside a repository.',
      }),
    );
  });

  test('is called with flags before its command, and with nothing of the repository’s configuration that runs or lies', () => {
    const settings = [
      'core.fsmonitor=false',
      'core.hooksPath=/dev/null',
      'core.alternateRefsCommand=',
      'core.attributesFile=/dev/null',
      'core.quotePath=false',
      'core.pager=cat',
      'core.multiPackIndex=false',
      'core.commitGraph=false',
      'advice.graftFileDeprecated=false',
      'diff.orderFile=/dev/null',
      'diff.external=',
      'diff.ignoreSubmodules=none',
      'diff.renames=false',
      'diff.noprefix=false',
      'log.showSignature=false',
      'log.showRoot=true',
      'log.follow=false',
      'log.mailmap=false',
      'color.ui=false',
      'column.ui=false',
      'i18n.logOutputEncoding=UTF-8',
      'protocol.allow=never',
      'gc.auto=0',
    ];
    const before = ['--no-pager', '--no-replace-objects', '--no-optional-locks', ...settings.flatMap((setting) => ['-c', setting])];
    expect(gitArguments(gitContext('/', { PATH }), ['log', '-z'])).toEqual([...before, 'log', '-z']);
    expect(gitArguments(gitContext('/', { PATH }, { gitDir: '/r' }), ['log']).slice(-3)).toEqual(['--bare', '--git-dir=/r', 'log']);
  });
});

describe('a short call', () => {
  test('gives how it ended and all that it said', () => {
    const context = gitContext('/', { PATH: fakeGit('for last; do :; done; printf "%s:" "$last"; cat; echo no >&2; exit 3') });
    expect(gitSync(context, ['x'], 'in')).toEqual({ status: 3, stdout: Buffer.from('x:in'), stderr: 'no\n' });
    expect(gitSync(context, ['y']).stdout.toString()).toBe('y:');
  });

  test('that cannot start is the user’s to mend', () => {
    const context = { ...gitContext('/', { PATH }), cwd: '/nowhere-at-all' };
    expect(() => gitSync(context, ['version'])).toThrow(
      expect.objectContaining({ constructor: UserError, message: 'git could not be started: ENOENT', hint: 'Check that git runs in this folder.' }),
    );
  });
});

describe('records of an answer', () => {
  function records(stdout: string, more: Partial<GitResult> = {}, statuses?: readonly number[]): [string[], (readonly [string, string])[]] {
    const context = gitContext('/', { PATH });
    const given = recordsOf(context, 'question', { status: 0, stdout: Buffer.from(stdout, 'latin1'), stderr: '', ...more }, '\0', statuses);
    return [given, [...context.unanswered]];
  }

  test('are whole when each ends, else it is noted', () => {
    expect(records('a\0\xff\0')).toEqual([['a', '\xff'], []]);
    expect(records('')).toEqual([[], []]);
    expect(records('a\0b')).toEqual([['a'], [['question', CUT_OFF]]]);
    expect(CUT_OFF).toBe('git ended well, but what it said is cut off or is no answer');
  });

  test('a call that failed is noted with what it said, unless its code is one of an answer', () => {
    expect(records('a\0', { status: 128, stderr: 'fatal: no\n' })).toEqual([['a'], [['question', 'fatal: no']]]);
    expect(records('a\0', { status: null })).toEqual([['a'], [['question', 'git ended with code null']]]);
    expect(records('', { status: 1 }, [0, 1])).toEqual([[], []]);
    expect(records('', { status: null }, [0, 1])).toEqual([[], [['question', 'git ended with code null']]]);
    expect(records('', { status: 2 }, [0, 1])).toEqual([[], [['question', 'git ended with code 2']]]);
  });
});

describe('a long call', () => {
  afterEach(() => vi.useRealTimers());

  test('runs as a short one does', async () => {
    const context = gitContext('/', { PATH: fakeGit('for last; do :; done; printf "%s" "$last $GIT_PAGER $PWD"') });
    const child = gitSpawn(context, ['x']);
    const said: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    expect(await ending(child)).toEqual({ code: 0, signal: null, stderr: '' });
    expect(said.join('')).toBe('x cat /');
  });

  test('says how it ended, with the first 64 KiB of its complaints', async () => {
    expect(await ending(shell('echo one >&2; exit 3'))).toEqual({ code: 3, signal: null, stderr: 'one\n' });
    expect(await ending(shell('kill -TERM $$'))).toEqual({ code: null, signal: 'SIGTERM', stderr: '' });
    const { stderr } = await ending(shell('head -c 1000000 /dev/zero >&2'));
    expect(stderr.length).toBeGreaterThanOrEqual(65_536);
    expect(stderr.length).toBeLessThanOrEqual(2 * 65_536);
    const deaf = shell('exit 3');
    const ended = ending(deaf);
    deaf.stdin.write('x'.repeat(1_000_000));
    expect((await ended).code).toBe(3);
    const { code, stderr: reason } = await ending(spawn('/nowhere/git'));
    expect([code, reason]).toEqual([null, 'spawn /nowhere/git ENOENT']);
  });

  test('is ended when it falls silent, and not while it speaks', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const child = shell('echo one; read line; echo two; exec sleep 600');
    const ended = ending(child);
    const spoken = (): Promise<unknown> => new Promise((resolve) => child.stdout.once('data', resolve));
    await spoken();
    vi.advanceTimersByTime(SILENCE_MS - 1);
    const second = spoken();
    child.stdin.write('go\n');
    await second;
    vi.advanceTimersByTime(SILENCE_MS - 1);
    expect(child.killed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await ended).toEqual({ code: null, signal: 'SIGKILL', stderr: '' });
    expect(SILENCE_MS).toBe(120_000);
  });

  test('that never says a word is ended too, and one that has ended leaves no timer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const silent = ending(shell('exec sleep 600'));
    vi.advanceTimersByTime(SILENCE_MS);
    expect((await silent).signal).toBe('SIGKILL');
    await ending(shell('echo x'));
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([
    [{ code: null, signal: 'SIGKILL', stderr: 'x' } as const, 'git was ended by SIGKILL'],
    [{ code: 128, signal: null, stderr: 'a\nfatal: b\n' }, 'fatal: b'],
    [{ code: 128, signal: null, stderr: ' \n' }, 'git ended with code 128'],
  ])('%j: %s', (given, words) => {
    expect(failureOf(given)).toBe(words);
  });

  test('the last complaint is one line that steers nothing, 300 characters at most', () => {
    expect(lastComplaint('a\n\u001b[31mb\u009f\u007f ü\n\n')).toBe('?[31mb?? ü');
    expect(lastComplaint('x'.repeat(301))).toBe('x'.repeat(300));
    expect(lastComplaint('')).toBe('');
  });
});

test.each([
  [['a\nb', 'c\n\n', 'd\n'], ['a', 'bc', '', 'd'], true],
  [['a', 'b', 'c\nd'], ['abc'], false],
  [['\n'], [''], true],
  [[], [], true],
])('records of a stream that comes as %j are %j', async (chunks, expected, whole) => {
  const records: string[] = [];
  async function* stdout(): AsyncGenerator<Buffer> {
    for (const chunk of chunks) {
      const bytes = Buffer.from(chunk);
      yield bytes;
      bytes.fill(0x21); // the stream uses its memory again
    }
    await Promise.resolve();
  }
  const child = { stdout: stdout() } as unknown as ChildProcessWithoutNullStreams;
  expect(await eachRecord(child, 0x0a, (bytes) => records.push(bytes.toString()))).toBe(whole);
  expect(records).toEqual(expected);
});
