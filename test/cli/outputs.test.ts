/** `--format NAME=FILE` and `keysift report`: which reports go where, and what happens when they can't. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FORMAT_NAMES, FORMATS } from '../../src/report/formats.ts';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { keysift, runBinary } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { stripeKey } from '../support/secrets.ts';

const leak = (): string => folderWith({ 'a.txt': `${stripeKey('outputs')}\n` });
/** Where reports go: not among what is scanned. */
const out = (): string => folderWith({});

describe('--format', () => {
  test('all formats at once, each a file, and text besides', async () => {
    const folder = out();
    const argv = FORMAT_NAMES.flatMap((name) => ['-f', `${name}=${join(folder, name)}${FORMATS[name].ending}`]);
    const { code, stdout, stderr } = await keysift(['.', '-f', 'text', ...argv], { cwd: leak() });
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('CRITICAL  Stripe live secret key');
    expect(readdirSync(folder).toSorted()).toEqual(FORMAT_NAMES.map((name) => name + FORMATS[name].ending).toSorted());
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).size).toBeGreaterThan(100);
    expect(readFileSync(join(folder, 'text.txt'), 'utf8')).toBe(stdout);
  });

  test('a file alone leaves standard output empty', async () => {
    const file = join(out(), 'a=b.json');
    expect(await keysift(['.', '-f', `json=${file}`], { cwd: leak() })).toEqual({ code: 1, stdout: '', stderr: '' });
    expect((JSON.parse(readFileSync(file, 'utf8')) as ReportV1).findings).toHaveLength(1);
  });

  test.each([
    ['-f jsn', 'error: unknown format "jsn"\nDid you mean json? Use one of text, json,'],
    ['-f sariff', 'Did you mean sarif?'],
    ['-f mark', 'Did you mean markdown?'],
    ['-f JUNIT', 'Did you mean junit?'],
    ['-f nothing', 'error: unknown format "nothing"\nUse one of text,'],
    ['-f constructor', 'error: unknown format "constructor"'],
    ['-f json -f text', 'error: -f json and -f text both go to standard output\nGive all but one a file: -f text=FILE.'],
    ['-f json=', 'error: "json=" names no file'],
    ['-f json=x -f sarif=./x', 'error: two reports go to '],
    ['-f json=missing/x', 'its folder does not exist\nMake the folder first.'],
    ['-f json=a.txt/x', 'its folder is a file'],
    ['-f json=folder', 'it is a folder'],
    ['-f json=link', 'it is a symbolic link\nName the file that it leads to, or remove it.'],
    ['-f json=dangling', 'it is a symbolic link'],
    ['-f json=/dev/null', 'it is no regular file'],
    [`-f json=${'n'.repeat(300)}`, 'the name is too long'],
  ])('%.60s is refused before anything is scanned', async (argv, message) => {
    const cwd = leak();
    mkdirSync(join(cwd, 'folder'));
    symlinkSync('a.txt', join(cwd, 'link'));
    symlinkSync('nowhere', join(cwd, 'dangling'));
    const before = readFileSync(join(cwd, 'a.txt'), 'utf8');
    const { code, stdout, stderr } = await keysift(['.', ...argv.split(' ')], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe(before);
    expect(readdirSync(cwd).toSorted()).toEqual(['a.txt', 'dangling', 'folder', 'link']);
  });

  test('two reports in one file by another way are refused', async () => {
    const folder = out();
    symlinkSync('.', join(folder, 'self'));
    const { code, stderr } = await keysift(['.', '-f', `json=${join(folder, 'r')}`, '-f', `csv=${join(folder, 'self/r')}`], { cwd: leak() });
    expect([code, stderr]).toEqual([2, expect.stringContaining(`two reports go to ${join(folder, 'r')}`)]);
  });

  test('an old file is replaced whole, and keeps its mode', async () => {
    const folder = out();
    const file = join(folder, 'r.json');
    writeFileSync(file, 'old');
    chmodSync(file, 0o640);
    const old = statSync(file).ino;
    await keysift(['.', '-f', `json=${file}`], { cwd: leak() });
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(statSync(file).ino).not.toBe(old);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ schemaVersion: 1 });
    expect(readdirSync(folder)).toEqual(['r.json']);
  });

  test('what cannot be written is told, and the findings are seen all the same', () => {
    const folder = out();
    const file = join(folder, 'r.json');
    writeFileSync(file, 'old');
    // No file may grow beyond 512 bytes: what a full disk does, for everybody who runs the tests.
    const cwd = leak();
    const script = `ulimit -f 1; trap '' XFSZ; exec "$0" "$@"`;
    const { status, stdout, stderr } = spawnSync(
      'sh',
      ['-c', script, process.execPath, join(import.meta.dirname, '../../bin/keysift.js'), '.', '-f', `json=${file}`],
      { cwd, encoding: 'utf8' },
    );
    expect(stderr).toContain('r.json: it would be larger than the system allows');
    expect(stdout).toContain('CRITICAL  Stripe live secret key');
    expect(status).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['r.json']);
  });

  test('plain secrets are in text and JSON alone', async () => {
    const folder = out();
    const argv = FORMAT_NAMES.flatMap((name) => ['-f', `${name}=${join(folder, name)}`]);
    await keysift(['.', '--show-secrets', ...argv], { cwd: leak() });
    const holding = FORMAT_NAMES.filter((name) => readFileSync(join(folder, name), 'utf8').includes(stripeKey('outputs')));
    expect(holding).toEqual(['text', 'json']);
  });

  test('the real program writes them too', () => {
    const file = join(out(), 'r.sarif');
    expect(runBinary(['.', '-f', `sarif=${file}`, '-f', 'csv'], { cwd: leak() })).toMatchObject({
      code: 1,
      stderr: '',
      stdout: expect.stringMatching(/^"kind",/) as string,
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: '2.1.0' });
  });

  test('the real program has every format, and the report command', () => {
    const cwd = folderWith({ 'clean.txt': 'nothing', 'bad.json': '{' });
    const folder = out();
    const argv = FORMAT_NAMES.flatMap((name) => ['-f', `${name}=${join(folder, name)}`]);
    expect(runBinary(['clean.txt', ...argv], { cwd })).toEqual({ code: 0, stdout: '', stderr: '' });
    for (const name of FORMAT_NAMES) expect(statSync(join(folder, name)).size).toBeGreaterThan(2);
    expect(runBinary(['report', 'merge', join(folder, 'json')], { cwd })).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('No findings') as string,
    });
    expect(runBinary(['report', 'convert', 'bad.json'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('bad.json:1:2: no valid JSON') as string,
    });
  });
});

describe('keysift report', () => {
  test.runIf(process.platform !== 'win32').each([
    ['loop.json', 'its links lead in a circle'],
    [`${'n'.repeat(300)}.json`, 'the name is too long'],
    ['none.json', 'there is no such file'],
    ['.', 'it is a folder'],
  ])('tells why %s cannot be read', async (name, why) => {
    const cwd = folderWith({ 'a.txt': '' });
    symlinkSync('loop.json', join(cwd, 'loop.json'));
    const { code, stderr } = await keysift(['report', 'convert', name], { cwd });
    expect([code, stderr.split('\n')[0]]).toEqual([2, `error: cannot read ${name}: ${why}`]);
  });

  const repository = TestRepository.create();
  repository.write('gone.txt', stripeKey('gone')).commit('one');
  repository.remove('gone.txt').commit('two');
  repository.write('here.txt', stripeKey('here'));

  test.each(FORMAT_NAMES)('convert gives what a scan gives: %s', async (name) => {
    const folder = out();
    const file = join(folder, 'r.json');
    const { stdout: scanned } = await keysift(['-f', name, '-f', `json=${file}`], { cwd: repository.path });
    expect(await keysift(['report', 'convert', file, '-f', name], { cwd: folder })).toEqual({ code: 0, stdout: scanned, stderr: '' });
    expect(scanned).not.toBe('');
  });

  test('convert reads standard input', async () => {
    const { stdout } = await keysift(['-f', 'json'], { cwd: repository.path });
    const { code, stdout: csv } = await keysift(['report', 'convert', '-', '-f', 'csv'], { stdin: stdout });
    expect([code, csv.split('\r\n').length]).toEqual([0, 5]);
  });

  test('merge: the working tree and the history, scanned apart', async () => {
    const folder = out();
    await keysift(['--no-history', '-f', `json=${join(folder, 'tree.json')}`], { cwd: repository.path });
    await keysift(['--history-only', '-f', `json=${join(folder, 'history.json')}`], { cwd: repository.path });
    const { code, stdout, stderr } = await keysift(['report', 'merge', 'tree.json', 'history.json', '-f', 'json'], { cwd: folder });
    expect([code, stderr]).toEqual([1, '']);
    const merged = JSON.parse(stdout) as ReportV1;
    const whole = JSON.parse((await keysift(['-f', 'json'], { cwd: repository.path })).stdout) as ReportV1;
    expect(merged.findings.map(({ id }) => id).toSorted()).toEqual(whole.findings.map(({ id }) => id).toSorted());
    expect((await keysift(['report', 'merge', 'tree.json', 'history.json', '--exit-zero'], { cwd: folder })).code).toBe(0);
  });

  test('merge of one report is a gate after the scan', async () => {
    const folder = out();
    const scanned = await keysift(['--exit-zero', '-f', `json=${join(folder, 'r.json')}`], { cwd: repository.path });
    expect(scanned.code).toBe(0);
    const { code, stdout } = await keysift(['report', 'merge', 'r.json', '-f', 'json'], { cwd: folder });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')));
    expect((await keysift(['report', 'merge', 'r.json', '-q'], { cwd: folder })).code).toBe(1);
  });

  test('merge: one incomplete report makes the whole incomplete', async () => {
    const folder = out();
    await keysift(['--no-history', '--max-file-size', '1', '-f', `json=${join(folder, 'a.json')}`], { cwd: repository.path });
    await keysift(['--history-only', '-f', `json=${join(folder, 'b.json')}`], { cwd: repository.path });
    const { code, stdout } = await keysift(['report', 'merge', 'b.json', 'a.json', '--exit-zero'], { cwd: folder });
    expect(code).toBe(3);
    expect(stdout).toContain('NOT SCANNED: 1 unit');
  });

  test('plain secrets of a report go no further unless asked for', async () => {
    const { stdout } = await keysift(['-f', 'json', '--show-secrets'], { cwd: repository.path });
    expect(stdout).toContain(stripeKey('here'));
    expect((await keysift(['report', 'convert', '-', '-f', 'json'], { stdin: stdout })).stdout).not.toContain(stripeKey('here'));
    expect((await keysift(['report', 'convert', '-', '--show-secrets'], { stdin: stdout })).stdout).toContain(stripeKey('here'));
  });

  test.each([
    ['report convert missing.json', 'error: cannot read missing.json: there is no such file'],
    ['report convert a.json', 'error: a.json:1:1: '],
    ['report merge a.json a.json', 'error: a.json is named twice'],
    ['report merge a.json', 'error: a.json:1:1: '],
    ['report convert', "missing required argument 'file'"],
    ['report convert a.json -f nope', 'error: unknown format "nope"'],
    ['report', 'Usage: keysift report'],
  ])('%s', async (argv, message) => {
    const { code, stdout, stderr } = await keysift(argv.split(' '), { cwd: folderWith({ 'a.json': '[]' }) });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(existsSync('a.json')).toBe(false);
  });
});
