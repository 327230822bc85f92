import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { folderWith, writeInto } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { plantOne, stripeKey } from '../support/secrets.ts';

const line = (salt: string): string => `key = "${stripeKey(salt)}"\n`;

async function files(
  cwd: string,
  argv: readonly string[] = ['.'],
): Promise<{ code: number | null; found: string[]; missed: string[]; report: ReportV1 }> {
  const { code, report } = await keysiftJson([...argv, '--show-secrets'], { cwd });
  const found = report.findings.flatMap(({ secret, locations }) =>
    locations.map(({ file, startLine, startColumn }) => `${file}:${startLine}:${startColumn} ${secret}`),
  );
  return { code, found: found.toSorted(), missed: report.notScanned.map(({ unit, reason }) => `${reason} ${unit}`), report };
}

describe('a plain folder', () => {
  test('dot files, nested folders, empty files, names with spaces and letters of all kinds', async () => {
    const names = [
      '.hidden',
      '.config/deep/er/x',
      'a b.txt',
      'gr\u00fc\u00df/\u4e2d\u6587.txt',
      '-flag',
      '[x].txt',
      'a{b,c}.txt',
      '*.txt',
      '!not',
      '#hash',
      '~',
      'node_modules/p/index.js',
      'dist/x.min.js',
      'CON',
      'x.png',
    ];
    const cwd = folderWith({ 'empty.txt': '', ...Object.fromEntries(names.map((name) => [name, line(name)])) });
    const { code, found, missed, report } = await files(cwd);
    expect(found).toEqual(names.map((name) => `${name}:1:8 ${stripeKey(name)}`).toSorted());
    expect(report.counts.files).toBe(names.length + 1);
    expect([code, missed]).toEqual([1, []]);
  });

  test('each file once, however often its folder is named', async () => {
    const cwd = folderWith({ 'a/b/c.txt': line('once'), 'd.txt': line('d') });
    const { found, report } = await files(cwd, ['a', 'a/b', 'a/b/c.txt', '.', './a', join(cwd, 'a')]);
    expect(found).toEqual([`a/b/c.txt:1:8 ${stripeKey('once')}`, `d.txt:1:8 ${stripeKey('d')}`]);
    expect(report.counts.files).toBe(2);
  });

  test('an empty one', async () => {
    const cwd = folderWith({});
    mkdirSync(join(cwd, 'x/y/z'), { recursive: true });
    const { code, stdout } = await keysift(['.'], { cwd });
    expect([code, stdout.startsWith('No findings  nothing, 0.0 kB')]).toEqual([0, true]);
  });

  test('content: CRLF, no final line feed, very long lines, NUL bytes, UTF-16', async () => {
    const secret = stripeKey('content');
    const cwd = folderWith({
      'crlf.txt': `a\r\nkey = "${secret}"\r\n`,
      'no-end.txt': `a\nkey = "${secret}"`,
      'long.txt': `${'x '.repeat(400_000)}key = "${secret}" ${'y '.repeat(400_000)}`,
      'nul.bin': Buffer.from(`\0\u0001\0\0key = "${secret}"\0\0`),
      'wide.txt': Buffer.from(`\ufeffa\r\nkey = "${secret}"\r\n`, 'utf16le'),
      'bom.txt': `\ufeffkey = "${secret}"\n`,
      'bytes.txt': Buffer.concat([Buffer.from([0xff, 0xfd, 0x80, 0x0a]), Buffer.from(`key = "${secret}"`)]),
    });
    const { found } = await files(cwd);
    expect(found.map((one) => one.split(' ')[0])).toEqual([
      'bom.txt:1:9',
      'bytes.txt:2:8',
      'crlf.txt:2:8',
      'long.txt:1:800008',
      'no-end.txt:2:8',
      'nul.bin:1:12',
      'wide.txt:2:8',
    ]);
  });

  test('a file larger than what is held whole, with keys across the windows', async () => {
    const filler = 'lorem ipsum dolor sit amet 0123456789\n';
    const parts: string[] = [];
    for (let index = 0; index < 6; index++) parts.push(line(`large ${index}`), filler.repeat(80_000 + index));
    const cwd = folderWith({ 'large.txt': parts.join('') });
    const { code, found, report } = await files(cwd);
    expect(report.counts.bytes).toBeGreaterThan(16 * 1024 * 1024);
    let lines = 1;
    const expected = Array.from({ length: 6 }, (_, index) => {
      const place = `large.txt:${lines}:8 ${stripeKey(`large ${index}`)}`;
      lines += 1 + 80_000 + index;
      return place;
    });
    expect(found).toEqual(expected.toSorted());
    expect(code).toBe(1);
  });
});

describe('what is no regular file', () => {
  test('a pipe is not opened', async () => {
    const cwd = folderWith({ 'a.txt': line('beside') });
    expect(spawnSync('mkfifo', [join(cwd, 'pipe')]).status).toBe(0);
    const { code, found, missed } = await files(cwd);
    expect([code, missed, found]).toEqual([3, ['NOT-REGULAR pipe'], [`a.txt:1:8 ${stripeKey('beside')}`]]);
    expect(await files(cwd, ['pipe'])).toMatchObject({ code: 3, missed: ['NOT-REGULAR pipe'] });
  });

  test('a pipe that git does not track, in a repository', async () => {
    const repository = TestRepository.create();
    repository.write('a.txt', 'a\n').commit('first');
    spawnSync('mkfifo', [join(repository.path, 'a.txt.new')]);
    spawnSync('mv', [join(repository.path, 'a.txt.new'), join(repository.path, 'a.txt')]);
    expect(await files(repository.path, [])).toMatchObject({ code: 3, missed: ['NOT-REGULAR a.txt'] });
  });

  test('a socket', async () => {
    const cwd = folderWith({ 'a.txt': 'a\n' });
    const server: Server = createServer();
    await new Promise<void>((ready) => server.listen(join(cwd, 'socket'), ready));
    onTestFinished(() => void server.close());
    expect(await files(cwd)).toMatchObject({ code: 3, missed: ['NOT-REGULAR socket'] });
  });

  test('links: to itself, in a circle, to nothing, to a folder above, to a file beside', async () => {
    const cwd = folderWith({ 'real.txt': line('real'), 'sub/x.txt': 'x\n' });
    symlinkSync('self', join(cwd, 'self'));
    symlinkSync('two', join(cwd, 'one'));
    symlinkSync('one', join(cwd, 'two'));
    symlinkSync('nowhere', join(cwd, 'dangling'));
    symlinkSync('..', join(cwd, 'sub/up'));
    symlinkSync('real.txt', join(cwd, 'alias.txt'));
    const { code, found, missed } = await files(cwd);
    expect([code, missed, found]).toEqual([1, [], [`real.txt:1:8 ${stripeKey('real')}`]]);
  });

  test('a link that leads outside is counted, and its own text is scanned', async () => {
    const outside = folderWith({ 'x.txt': line('outside') });
    const cwd = folderWith({ 'a.txt': 'a\n' });
    symlinkSync(outside, join(cwd, 'out'));
    symlinkSync(`/x/${stripeKey('target')}`, join(cwd, 'says'));
    const { code, found, report } = await files(cwd);
    expect([code, found]).toEqual([1, [`says:1:4 ${stripeKey('target')}`]]);
    expect(report.excluded).toEqual({ 'SYMLINK-OUT': 2 });
  });

  test('a named link to a folder or file is what it leads to', async () => {
    const outside = folderWith({ 'x.txt': line('outside') });
    const cwd = folderWith({ 'a.txt': 'a\n' });
    symlinkSync(outside, join(cwd, 'out'));
    expect(await files(cwd, ['out'])).toMatchObject({ code: 1, found: [`x.txt:1:8 ${stripeKey('outside')}`] });
  });

  test('no permission', async () => {
    const cwd = folderWith({ 'secret.txt': line('secret'), 'closed/x.txt': line('closed'), 'open.txt': line('open') });
    chmodSync(join(cwd, 'secret.txt'), 0);
    chmodSync(join(cwd, 'closed'), 0);
    onTestFinished(() => chmodSync(join(cwd, 'closed'), 0o755));
    if (process.getuid?.() === 0) {
      // Root may read everything, so that is what must happen.
      process.stderr.write('test/cli/files.test.ts runs as root: unreadable files cannot be made; only that root reads them is tested\n');
      expect(await files(cwd)).toMatchObject({ code: 1, missed: [] });
      return;
    }
    const { code, found, missed } = await files(cwd);
    expect(missed).toEqual(['EACCES closed/', 'EACCES secret.txt']);
    expect([code, found]).toEqual([3, [`open.txt:1:8 ${stripeKey('open')}`]]);
  });
});

describe('hostile names', () => {
  const HOSTILE: readonly (readonly [name: string, shown: string])[] = [
    ['a\u001b[31mb.txt', 'a\\x1b[31mb.txt'],
    ['line\nfeed.txt', 'line\\x0afeed.txt'],
    ['\n::error::gone.txt', '\\x0a::error::gone.txt'],
    ['::error::gone.txt', '\\x3a:error::gone.txt'],
    ['##vso[task.complete result=Succeeded].txt', '#\\x23vso[task.complete result=Succeeded].txt'],
    ['user\u202etxt.exe', 'user\\u202etxt.exe'],
    ['zero\u200bwidth', 'zero\\u200bwidth'],
    ['tab\there', 'tab\\x09here'],
  ];

  test.each(HOSTILE)('%j is written as %s', async (name, shown) => {
    const cwd = folderWith({ [name]: line('hostile') });
    for (const place of [cwd, TestRepository.create({ folder: cwd }).path]) {
      const { code, stdout } = await keysift(['.', '-v'], { cwd: place });
      expect(code).toBe(1);
      expect(stdout).toContain(`  ${shown}:1:8\n`);
      // eslint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]|^::|^\s*##vso|^ *::/m);
      const { report } = await keysiftJson(['.'], { cwd: place });
      expect(report.findings[0]?.locations[0]?.file).toBe(name);
    }
  });

  test('bytes that are no UTF-8, beside each other, in a folder of such a name, in the working tree and in history', async () => {
    const cwd = folderWith({ 'plain.txt': 'x\n' });
    const odd = Buffer.concat([Buffer.from(`${cwd}/d`), Buffer.from([0xfe])]);
    mkdirSync(odd);
    const put = (...parts: (string | number)[]): Buffer =>
      Buffer.concat([odd, ...parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part])))]);
    writeFileSync(put('/a', 0xff), line('one'));
    writeFileSync(put('/a', 0xfe), line('two'));
    writeFileSync(put('/good.txt'), line('three'));
    const expected = [`d\\xfe/a\\xfe:1:8 ${stripeKey('two')}`, `d\\xfe/a\\xff:1:8 ${stripeKey('one')}`];
    const folder = await files(cwd);
    expect(folder.found).toEqual([...expected, `d\\xfe/good.txt:1:8 ${stripeKey('three')}`]);
    expect([folder.code, folder.missed]).toEqual([1, []]);

    const repository = TestRepository.create({ folder: cwd });
    const untracked = await files(cwd, []);
    expect(untracked.found).toEqual(folder.found);
    repository.commit('first');
    expect(await files(cwd, [])).toMatchObject({ code: 1, found: folder.found, missed: [] });
    repository.git('rm', '-r', '--quiet', '--', '.');
    repository.commitIndex('remove');
    expect(await files(cwd, ['--history-only'])).toMatchObject({ code: 1, found: folder.found, missed: [] });
  });

  test('a name that is a secret is masked, in text and in JSON', async () => {
    const secret = stripeKey('name');
    const cwd = folderWith({ [`${secret}.txt`]: 'x\n', 'a.txt': `key = "${secret}"\n` });
    for (const argv of [['.'], ['.', '-v'], ['.', '-f', 'json']]) {
      const { stdout } = await keysift(argv, { cwd });
      expect(stdout).not.toContain(secret.slice(10, 30));
    }
  });
});

describe('--stdin', () => {
  test('a key in it', async () => {
    const { code, report } = await keysiftJson(['--stdin', '--show-secrets'], { stdin: `a\n${line('stdin')}` });
    expect(code).toBe(1);
    expect(report.scan).toMatchObject({ target: '<stdin>', sources: ['stdin'] });
    expect(report.findings).toMatchObject([
      { secret: stripeKey('stdin'), state: 'stdin', locations: [{ file: '<stdin>', startLine: 2, startColumn: 8, state: 'stdin' }] },
    ]);
  });

  test('the name that it is given', async () => {
    const { text } = plantOne('SCRIBEBERRY_API_KEY=[|sk_live_{{alnum:32}}|]', 'stdin');
    const { report } = await keysiftJson(['--stdin', '--stdin-name', 'config/.env'], { stdin: text });
    expect(new Set(report.findings.flatMap(({ locations }) => locations.map(({ file }) => file)))).toEqual(new Set(['config/.env']));
  });

  test.each([
    ['nothing', ''],
    ['no secret', 'hello\n'],
  ])('%s', async (_what, stdin) => {
    expect((await keysift(['--stdin'], { stdin })).code).toBe(0);
  });

  test('more than allowed', async () => {
    const { code, report } = await keysiftJson(['--stdin', '--max-file-size', '1k'], { stdin: 'x'.repeat(2000) });
    expect(report.notScanned).toEqual([{ unit: '<stdin>', reason: 'TOO-LARGE', detail: 'more than 1024 bytes came in; raise --max-file-size' }]);
    expect(code).toBe(3);
  });

  test('more than is held whole, with a key near its end', async () => {
    const { code, report } = await keysiftJson(['--stdin', '--show-secrets'], { stdin: `${'lorem ipsum\n'.repeat(1_500_000)}${line('end')}x\n` });
    expect(code).toBe(1);
    expect(report.findings).toMatchObject([{ secret: stripeKey('end'), locations: [{ startLine: 1_500_001, startColumn: 8 }] }]);
  });
});

describe('a folder in a repository', () => {
  test('what it ignores is left out, unless asked for or named', async () => {
    const repository = TestRepository.create();
    repository.write('.gitignore', 'out/\n').write('src/a.txt', line('a')).commit('first');
    writeInto(repository.path, 'out/x.txt', line('x'));
    expect((await files(repository.path, ['.'])).found).toEqual([`src/a.txt:1:8 ${stripeKey('a')}`]);
    expect((await files(repository.path, ['src'])).found).toEqual([`src/a.txt:1:8 ${stripeKey('a')}`]);
    const named = await files(repository.path, ['out']);
    expect([named.code, named.found.map((one) => one.replace(/^out\//, ''))]).toEqual([1, [`x.txt:1:8 ${stripeKey('x')}`]]);
    expect((await files(repository.path, ['--ignored'])).found).toEqual([`out/x.txt:1:8 ${stripeKey('x')}`, `src/a.txt:1:8 ${stripeKey('a')}`]);
  });
});

describe('many files', () => {
  test('several threads say what one says, byte for byte', async () => {
    const tree: Record<string, string> = {};
    for (let index = 0; index < 2600; index++)
      tree[`d${index % 37}/f${index}.txt`] = index % 20 === 0 ? `x\n${line(`thread ${index % 60}`)}` : `nothing ${index}\n`;
    const cwd = folderWith(tree);
    spawnSync('mkfifo', [join(cwd, 'd3/pipe')]);
    const one = await keysift(['.', '--jobs', '1', '-f', 'json', '--show-secrets'], { cwd });
    expect(one.code).toBe(3);
    expect(JSON.parse(one.stdout)).toMatchObject({ counts: { files: 2601, findings: 3 }, notScanned: [{ unit: 'd3/pipe', reason: 'NOT-REGULAR' }] });
    for (const jobs of ['2', '3', '8'])
      expect(await keysift(['.', '--jobs', jobs, '-f', 'json', '--show-secrets'], { cwd }), `${jobs} threads`).toEqual(one);
  });
});
