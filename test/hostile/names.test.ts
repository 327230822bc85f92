/** Part B: names, and the tree that they stand in. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parse } from 'parse5';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken, stripeKey } from '../support/secrets.ts';
import { attackMostlyHere as attack, HAS_NAMESPACES, IS_ROOT, NOBODY, unless, type Survived } from './harness.ts';

const SOAK = process.env['KEYSIFT_SOAK'] === '1';
const secret = githubToken('names');

function files({ findings }: ReportV1): Set<string> {
  return new Set(findings.flatMap(({ locations }) => locations.map(({ file }) => file)));
}

function missed({ notScanned }: ReportV1): string[] {
  return notScanned.map(({ reason, unit }) => `${reason} ${unit}`).toSorted();
}

/** A token under each name is found under that name, in a plain folder, and in a repository with its history. */
async function foundUnder(names: readonly string[]): Promise<Survived> {
  const contents = Object.fromEntries(names.map((name) => [name, `${secret}\n`]));
  const plain = await attack({ cwd: folderWith(contents), code: 1, secrets: [secret] });
  expect(files(plain.report)).toEqual(new Set(names));
  const repository = TestRepository.create();
  for (const name of names) repository.write(name, `${secret}\n`);
  repository.commit('names');
  expect(files((await attack({ cwd: repository.path, argv: ['--no-history'], code: 1, secrets: [secret] })).report)).toEqual(new Set(names));
  for (const name of names) repository.remove(name);
  repository.commit('gone');
  expect(files((await attack({ cwd: repository.path, argv: ['--history-only'], code: 1, secrets: [secret] })).report)).toEqual(new Set(names));
  return plain;
}

test('B1: control characters, and what terminals obey', () =>
  foundUnder([
    'a\nb.txt',
    'a\rb.txt',
    'a\u2028b.txt',
    'a\u0085b.txt',
    'a\tb.txt',
    '\u001b[31mred',
    '\u001b[2J\u001b[H',
    '\u001b]0;title\u0007',
    '\u001b]8;;http:x\u0007link',
    '\u001b]52;c;YQ==\u0007',
    'bell\u0007',
    'back\b\b\b\bspace',
    '\u009b31mc1',
  ]));

test('B2: names that logs of CI systems obey', () =>
  foundUnder([
    '::error::x',
    ' ::add-mask::x',
    '::stop-commands::t',
    '::add-matcher::x',
    'a ##[error]x',
    '##vso[task.setvariable variable=A]x',
    '##teamcity[buildStop]',
    'a\n::error::b',
    'a\r::error::b',
  ]));

test('B3: letters that change what is read', () =>
  foundUnder(['a\u202egpj.txt', 'a\u2066b\u2069.txt', 'a\u200db.txt', 'a\u200bb.txt', '\ufeffa.txt', `a${'\u0301'.repeat(100)}.txt`]));

test('B4: names that are not UTF-8, also of a nested repository and a folder', async () => {
  const cwd = temporaryFolder();
  const at = (...parts: (string | Buffer)[]): Buffer => Buffer.concat([Buffer.from(`${cwd}/`), ...parts.map((part) => Buffer.from(part))]);
  const odd = Buffer.from([0x62, 0x61, 0x64, 0xff, 0xfe]);
  writeFileSync(at(odd, '.txt'), secret);
  mkdirSync(at(odd));
  writeFileSync(at(odd, '/in.txt'), secret);
  writeFileSync(at('bad\ufffd\ufffd.txt'), secret);
  const expected = new Set(['bad\\xff\\xfe.txt', 'bad\\xff\\xfe/in.txt', 'bad\ufffd\ufffd.txt']);
  expect(files((await attack({ cwd, code: 1, secrets: [secret] })).report)).toEqual(expected);
  const repository = TestRepository.create({ folder: cwd });
  expect(files((await attack({ cwd, code: 1, secrets: [secret] })).report)).toEqual(expected);
  repository.commit('all');
  expect(files((await attack({ cwd, argv: ['--history-only'], code: 1, secrets: [secret] })).report)).toEqual(expected);
  const outer = TestRepository.create();
  mkdirSync(Buffer.concat([Buffer.from(`${outer.path}/`), odd]));
  execFileSync('sh', ['-c', 'cd bad* && git init -q && printf %s "$SECRET" > inner.txt'], {
    cwd: outer.path,
    env: { ...outer.environment(), SECRET: secret },
  });
  expect(files((await attack({ cwd: outer.path, code: 1, secrets: [secret], counts: {} })).report)).toEqual(new Set(['bad\\xff\\xfe/inner.txt']));
});

test('B5: names that mean something to what reads a report', async () => {
  const names = [
    '<script>alert(1)<',
    '"><img src=x onerror=alert(1)>',
    'a&b;&lt;',
    'x]]>y',
    '`a`|b|',
    'a](http:x)',
    '${{ github.token }}',
    'javascript:alert(1)',
    '<!--',
    '*_~`#@user',
  ];
  const folder = temporaryFolder();
  const formats = ['html', 'junit', 'checkstyle', 'markdown', 'sarif', 'gitlab', 'codequality', 'rdjson', 'jsonl'];
  const argv = formats.flatMap((name) => ['--format', `${name}=${join(folder, name)}`]);
  await attack({ cwd: folderWith(Object.fromEntries(names.map((name) => [name, secret]))), argv, code: 1, secrets: [secret] });
  await foundUnder(names);
  const read = (name: string): string => execFileSync('cat', [join(folder, name)], { encoding: 'utf8' });
  for (const name of ['sarif', 'gitlab', 'codequality', 'rdjson']) JSON.parse(read(name));
  for (const name of ['junit', 'checkstyle']) {
    const parser = new SaxesParser();
    parser.on('error', (error) => {
      throw error;
    });
    parser.write(read(name)).close();
  }
  const tags: string[] = [];
  const walk = (node: { nodeName: string; childNodes?: unknown[]; attrs?: { name: string }[] }): void => {
    tags.push(node.nodeName, ...(node.attrs ?? []).map(({ name }) => `@${name}`));
    for (const child of node.childNodes ?? []) walk(child as typeof node);
  };
  walk(parse(read('html')) as never);
  expect(tags).not.toContain('img');
  expect(tags).not.toContain('@onerror');
  expect(tags.filter((tag) => tag === 'script')).toHaveLength(1); // the page's own
});

test('B6: names that are no URI', async () => {
  const names = ['a b', 'a#b', 'a?b', 'a%b', 'a%2fb', 'a:b', 'a\\b', '.\\b', 'a[b]', 'a\u00e9b', 'c:x'];
  const folder = temporaryFolder();
  const contents = Object.fromEntries(names.map((name) => [name, secret]));
  await attack({ cwd: folderWith(contents), argv: ['--format', `sarif=${join(folder, 'sarif')}`], code: 1, secrets: [secret] });
  const { runs } = JSON.parse(execFileSync('cat', [join(folder, 'sarif')], { encoding: 'utf8' })) as {
    runs: {
      results: {
        locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
        relatedLocations?: { physicalLocation: { artifactLocation: { uri: string } } }[];
      }[];
    }[];
  };
  const uris = runs.flatMap(({ results }) =>
    results.flatMap(({ locations, relatedLocations = [] }) =>
      [...locations, ...relatedLocations].map((one) => one.physicalLocation.artifactLocation.uri),
    ),
  );
  for (const uri of uris) expect(new URL(uri, 'http://host/folder/').href).toBe(`http://host/folder/${uri.replace(/^\.\//, '')}`);
  expect(new Set(uris.map((uri) => decodeURIComponent(uri.replace(/^\.\//, ''))))).toEqual(new Set(names));
  await foundUnder(names);
});

describe('B7: names that look like patterns and options', () => {
  const names = ['[id].ts', '(group)', '{a,b}', '!x', '*', '**', '?', '-x', '--output=x', '@file', ':(exclude)x', ':x', '^x', '+(a)', '\\*'];

  test('found in the walk', () => foundUnder(names));

  test.each(names)('%s as an argument', async (name) => {
    const cwd = folderWith({ [name]: secret, x: githubToken('b7'), 'a.ts': githubToken('b7') });
    const { report } = await attack({ cwd, argv: ['--', name], code: 1, secrets: [secret], counts: { files: 1 } });
    expect(files(report)).toEqual(new Set([name]));
  });
});

test('B8: hidden files and folders', () => foundUnder(['.env', '.aws/credentials', '.git-credentials', '.a/.b/.c']));

test('B9: links in a circle, to themselves, and in a long chain', async () => {
  const cwd = folderWith({ 'a/b.txt': secret });
  symlinkSync('..', join(cwd, 'a', 'loop'));
  symlinkSync('self', join(cwd, 'self'));
  for (let index = 0; index < 40; index++) symlinkSync(index === 0 ? 'a' : `l${index - 1}`, join(cwd, `l${index}`));
  const { report } = await attack({ cwd, code: 1, secrets: [secret] });
  expect(report.findings.map(({ locations }) => locations.map(({ file }) => file))).toEqual([['a/b.txt']]);
});

test('B10: links that lead outside', async () => {
  const outside = folderWith({ 'a.txt': githubToken('outside') });
  const cwd = folderWith({ 'in.txt': secret });
  execFileSync('mkfifo', [join(outside, 'pipe')]);
  const targets = [outside, join(outside, 'a.txt'), '/proc/self/environ', '/dev/zero', join(outside, 'pipe')];
  for (const [index, target] of targets.entries()) symlinkSync(target, join(cwd, `l${index}`));
  const { report } = await attack({ cwd, code: 1, secrets: [secret], watched: [outside] });
  expect(files(report)).toEqual(new Set(['in.txt']));
  expect(report.excluded).toEqual({ 'SYMLINK-OUT': targets.length });
  // What a link says is content.
  symlinkSync(`/nowhere/${githubToken('target')}`, join(cwd, 'said'));
  expect(files((await attack({ cwd, code: 1, secrets: [secret, githubToken('target')] })).report)).toContain('said');
});

test('B11: links to nothing', async () => {
  const cwd = folderWith({});
  symlinkSync('nothing', join(cwd, 'a'));
  symlinkSync('nothing', join(cwd, '.env'));
  await attack({ cwd, code: 0 });
});

test('B12: pipes, sockets and devices', async () => {
  const cwd = folderWith({ 'a.txt': secret });
  execFileSync('mkfifo', [join(cwd, 'pipe')]);
  const server = createServer().listen(join(cwd, 'socket'));
  const devices = IS_ROOT ? ['device', 'block'] : [];
  if (IS_ROOT) {
    execFileSync('mknod', [join(cwd, 'device'), 'c', '1', '5']);
    execFileSync('mknod', [join(cwd, 'block'), 'b', '7', '200']);
  }
  try {
    const { report } = await attack({ cwd, code: 3, secrets: [secret] });
    expect(missed(report)).toEqual(['pipe', 'socket', ...devices].map((name) => `NOT-REGULAR ${name}`).toSorted());
    expect(files(report)).toEqual(new Set(['a.txt']));
  } finally {
    server.close();
  }
});

/** A module for the program that changes a file right before it is opened or while it is read. */
function meanwhile(change: string, when: 'openSync' | 'readSync' | 'readdirSync'): string[] {
  const module = join(
    folderWith({
      'change.mjs': `
    import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'; import { execFileSync } from 'node:child_process';
    const real = fs.${when}; let done = false;
    fs.${when} = (...args) => {
      const ours = ${when === 'readSync' ? "fs.readlinkSync('/proc/self/fd/' + args[0])" : 'String(args[0])'}.endsWith('${when === 'readdirSync' ? 'late' : 'target.txt'}');
      if (ours && !done) { done = true; execFileSync('/bin/sh', ['-c', ${JSON.stringify(change)}]); }
      return real(...args);
    };
    syncBuiltinESMExports();`,
    }),
    'change.mjs',
  );
  return [`--import=${module}`];
}

describe('files that change', () => {
  const base = { code: 3, secrets: [secret], again: false, unchanged: false } as const;
  const setUp = (): { cwd: string; target: string } => {
    const cwd = folderWith({ 'a.txt': secret, 'target.txt': 'x'.repeat(100_000), 'late/b.txt': secret });
    return { cwd, target: join(cwd, 'target.txt') };
  };

  test('B13: a file becomes a pipe before it is opened', async () => {
    const { cwd, target } = setUp();
    const { report } = await attack({ ...base, cwd, node: meanwhile(`rm '${target}'; mkfifo '${target}'`, 'openSync') });
    expect(missed(report)).toEqual(['NOT-REGULAR target.txt']);
    expect(files(report)).toEqual(new Set(['a.txt', 'late/b.txt']));
  });

  test('B13: a file becomes a link to a secret outside', async () => {
    const { cwd, target } = setUp();
    const outside = folderWith({ 'b.txt': githubToken('b13') });
    const { report } = await attack({ ...base, code: 1, cwd, node: meanwhile(`ln -sf '${outside}/b.txt' '${target}'`, 'openSync'), counts: {} });
    expect(report.excluded).toEqual({ 'SYMLINK-OUT': 1 });
    expect(report.findings).toHaveLength(1);
  });

  test.each<[string, string, string]>([
    ['removed before it is opened', 'rm TARGET', 'ENOENT-RACE target.txt'],
    ['a folder before it is opened', 'rm TARGET; mkdir TARGET', 'NOT-REGULAR target.txt'],
  ])('B17: one is %s', async (_what, change, expected) => {
    const { cwd, target } = setUp();
    const { report } = await attack({ ...base, cwd, node: meanwhile(change.replaceAll('TARGET', `'${target}'`), 'openSync'), counts: {} });
    expect(missed(report)).toEqual([expected]);
    expect(files(report)).toEqual(new Set(['a.txt', 'late/b.txt']));
  });

  test('B17: one becomes shorter while it is read', async () => {
    const { cwd, target } = setUp();
    const { report } = await attack({ ...base, cwd, node: meanwhile(`truncate -s 10 '${target}'`, 'readSync') });
    expect(missed(report)).toEqual(['CHANGED-DURING-READ target.txt']);
  });

  test('B17: a folder is removed while it is walked', async () => {
    const { cwd } = setUp();
    const { report } = await attack({ ...base, cwd, node: meanwhile(`rm -r '${join(cwd, 'late')}'`, 'readdirSync'), counts: {} });
    expect(missed(report)).toEqual(['ENOENT-RACE late/']);
  });

  test('B18: one grows without end while it is read', async () => {
    const { cwd, target } = setUp();
    const writer = spawn('sh', ['-c', `while :; do printf '%8192s' x >> '${target}'; done`]);
    try {
      const { report } = await attack({ ...base, code: [1, 3], cwd });
      expect(files(report)).toEqual(new Set(['a.txt', 'late/b.txt']));
    } finally {
      writer.kill('SIGKILL');
    }
  });
});

test('B14: folders within folders, deeper than a path may be long', async () => {
  const cwd = folderWith({ 'z.txt': secret });
  // 3,000 folders of 3 letters; made from within, since no path of that length can be named.
  const made = spawnSync('python3', [
    '-c',
    `
import os
os.chdir(os.sys.argv[1])
for _ in range(3000):
    os.mkdir('abc'); os.chdir('abc')
open('.env', 'w').write(os.sys.argv[2])`,
    cwd,
    `K=${stripeKey('b14')}`,
  ]);
  expect(made.status).toBe(0);
  const { report } = await attack({ cwd, code: 3, secrets: [secret], limit: 20, counts: {} });
  expect(report.notScanned.map(({ reason }) => reason)).toEqual(['TOO-DEEP']);
  expect(files(report)).toEqual(new Set(['z.txt']));
  execFileSync('rm', ['-rf', join(cwd, 'abc')]);
});

test('B15: very many files', async () => {
  const cwd = folderWith({ 'a.txt': secret });
  // 300,000 in one folder, and a million and more in all.
  const [count, folders] = SOAK ? [300_000, 4] : [5000, 1];
  for (let folder = 0; folder < folders; folder++)
    execFileSync('sh', ['-c', `mkdir ${folder} && cd ${folder} && seq ${count} | xargs touch`], { cwd });
  const { report } = await attack({ cwd, code: 1, secrets: [secret], limit: SOAK ? 300 : 10 });
  expect(report.counts.files).toBe(count * folders + 1);
}, 1_800_000);

const asUser = unless(IS_ROOT && spawnSync('setpriv', ['--version']).status === 0, 'only root can become another user');

test.skipIf(asUser.skip)(`B16: no permission for a file and a folder${asUser.why}`, async () => {
  const cwd = folderWith({ 'a.txt': secret, 'closed.txt': secret, 'closed/b.txt': secret, 'listed/c.txt': secret });
  chownSync(cwd, NOBODY, NOBODY);
  chmodSync(cwd, 0o755);
  chmodSync(join(cwd, 'closed.txt'), 0);
  chmodSync(join(cwd, 'closed'), 0);
  chmodSync(join(cwd, 'listed'), 0o744);
  const { code, stdout } = await attack({ cwd, code: 3, uid: NOBODY, argv: ['--format', 'json'], secrets: [secret], report: false });
  const report = JSON.parse(stdout) as ReportV1;
  expect([code, missed(report)]).toEqual([3, ['EACCES closed.txt', 'EACCES closed/', 'EACCES listed/c.txt']]);
  expect(files(report)).toEqual(new Set(['a.txt']));
});

test('B19: names that differ only in case, or in how a letter is composed', () => foundUnder(['README', 'readme', '\u00e9.txt', 'e\u0301.txt']));

const mounts = unless(IS_ROOT && HAS_NAMESPACES && spawnSync('unshare', ['--mount', 'true']).status === 0, 'mounting needs root');

test.skipIf(mounts.skip)(`B20: a folder mounted into itself${mounts.why}`, () => {
  const cwd = folderWith({ 'a.txt': secret, 'in/b.txt': 'b' });
  const script = 'mount --bind . in && "$0" "$1" . --format json';
  const { stdout, status } = spawnSync('unshare', ['--mount', 'sh', '-c', script, process.execPath, join(process.cwd(), 'bin/keysift.js')], {
    cwd,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(files(JSON.parse(stdout) as ReportV1)).toEqual(new Set(['a.txt', 'in/a.txt']));
});

describe('B21: every way to name what is scanned', () => {
  test.each(['.', './', 'sub/..', '../NAME', 'a.txt', 'link', 'sub/../a.txt'])('%s', async (path) => {
    const cwd = folderWith({ 'a.txt': secret, 'sub/b.txt': 'b' });
    symlinkSync('a.txt', join(cwd, 'link'));
    const name = cwd.split('/').at(-1) ?? '';
    const { report } = await attack({ cwd, argv: [path.replace('NAME', name)], code: 1, secrets: [secret], counts: {} });
    expect(report.findings).toHaveLength(1);
  });

  test.each(['', 'missing', 'a.txt/b', 'a\u001bb', 'x'.repeat(5000), `${secret}`])('%j is an error', async (path) => {
    const { stderr } = await attack({ cwd: folderWith({ 'a.txt': 'a' }), argv: [path], code: 2, secrets: [secret] });
    expect(stderr).toMatch(/^error: /);
  });
});

test('B22: overlapping folders', async () => {
  const cwd = folderWith({ 'a/b/c/d.txt': secret, 'a/e.txt': 'e' });
  const paths = Array.from({ length: 50 }, (_, index) => ['a', 'a/b', './a/b/c', 'a/b/c/d.txt', 'a/../a', join(cwd, 'a')][index % 6] ?? '');
  const { report } = await attack({ cwd, argv: paths, code: 1, secrets: [secret], counts: { files: 2 } });
  expect(report.findings.map(({ locations }) => locations.length)).toEqual([1]);
});

describe('B23: ignore files that are slow to match', () => {
  const slow = ['+(+(a))b', '{a,b}'.repeat(30), `${'**/'.repeat(50)}x`, ...Array.from({ length: 20_000 }, (_, index) => `!${index}.txt`)];
  /** git itself takes longer than anybody lives. */
  const endless = `${'*a'.repeat(30)}b`;
  const long = `${'a'.repeat(200)}.txt`;

  test('many, and with many parts', async () => {
    const repository = TestRepository.create();
    repository.write('.gitignore', slow.join('\n')).write('0.txt', 'x').write(long, secret);
    expect(files((await attack({ cwd: repository.path, code: 1, secrets: [secret] })).report)).toEqual(new Set([long]));
  });

  test('one that git never gets done with: it is given up, and that is told', async () => {
    const repository = TestRepository.create();
    repository.write('tracked.txt', secret).commit('first');
    repository.write('.gitignore', endless).write(long, secret);
    const { report } = await attack({ cwd: repository.path, code: 3, secrets: [secret], impatient: true, again: false });
    expect(missed(report)).toContain('GIT-KILLED the working tree');
    expect(files(report)).toEqual(new Set(['tracked.txt']));
  });

  test('the same in the configuration', async () => {
    const list = [...slow.slice(0, 2000), endless].map((pattern) => `  - '${pattern}'`).join('\n');
    const repository = TestRepository.create();
    repository.write('keysift.config.yaml', `exclude:\n${list}\n`).write(long, secret).write('b.txt', secret);
    await attack({ cwd: repository.path, code: [1, 2], secrets: [secret] });
  });
});

test('B24: ignore files hide nothing that git tracks', async () => {
  const repository = TestRepository.create();
  repository
    .write('.env', `STRIPE_SECRET_KEY=${stripeKey('b24')}\n`)
    .write('a.txt', secret)
    .commit('first');
  repository.write('.gitignore', '*\n.env\n').git('add', '--force', '.gitignore');
  const { report } = await attack({ cwd: repository.path, argv: ['--no-history'], code: 1, secrets: [secret, stripeKey('b24')] });
  expect(files(report)).toEqual(new Set(['.env', 'a.txt']));
});

describe('B25: .git that is something else', () => {
  test('a folder that is no repository', async () => {
    const { stderr } = await attack({ cwd: folderWith({ '.git/a.txt': secret, 'b.txt': secret }), code: 2, secrets: [secret] });
    expect(stderr).toContain('git cannot open the repository');
  });

  test('one below the folder that is scanned is content', async () => {
    const cwd = folderWith({ 'sub/.git/a.txt': secret, 'sub/b.txt': secret });
    const { report } = await attack({ cwd, argv: ['.'], code: 1, secrets: [secret], counts: { files: 2 } });
    expect(files(report)).toEqual(new Set(['sub/.git/a.txt', 'sub/b.txt']));
  });

  test('repositories within one, and a linked working tree', async () => {
    const repository = TestRepository.create();
    repository.write('a.txt', 'a').commit('first');
    const inner = TestRepository.create({ folder: join(repository.path, 'inner') });
    inner.write('b.txt', secret).commit('inner');
    repository.git('worktree', 'add', '--quiet', '-b', 'other', join(repository.path, 'tree'));
    writeFileSync(join(repository.path, 'tree', 'c.txt'), githubToken('b25'));
    const { report } = await attack({ cwd: repository.path, code: 1, secrets: [secret, githubToken('b25')] });
    expect(files(report)).toEqual(new Set(['inner/b.txt', 'tree/c.txt']));
  });
});

test('B26: what is not checked out, or said to be unchanged', async () => {
  const repository = TestRepository.create();
  repository.write('skipped.txt', secret).write('assumed.txt', githubToken('b26')).write('a.txt', 'a').commit('first');
  repository.git('update-index', '--skip-worktree', 'skipped.txt');
  repository.git('update-index', '--assume-unchanged', 'assumed.txt');
  rmSync(join(repository.path, 'skipped.txt'));
  writeFileSync(join(repository.path, 'assumed.txt'), 'harmless');
  const { report } = await attack({ cwd: repository.path, code: 1, secrets: [secret, githubToken('b26')] });
  expect(files(report)).toEqual(new Set(['skipped.txt', 'assumed.txt']));
});

test('B27: an error of the disk in the middle of a file', async () => {
  const cwd = folderWith({ 'a.txt': secret, 'target.txt': secret });
  const { report } = await attack({ cwd, code: 3, secrets: [secret], again: false, node: failing('readSync', 'EIO') });
  expect(missed(report)).toEqual(['READ-ERROR target.txt']);
  expect(files(report)).toEqual(new Set(['a.txt']));
});

/** A module for the program in which a call about `target.txt` fails. */
function failing(call: string, code: string): string[] {
  const module = join(
    folderWith({
      'fail.mjs': `
    import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
    const real = fs.${call};
    fs.${call} = (...args) => {
      if (fs.readlinkSync('/proc/self/fd/' + args[0]).endsWith('target.txt')) throw Object.assign(new Error('${code}: ${secret}'), { code: '${code}', syscall: 'read' });
      return real(...args);
    };
    syncBuiltinESMExports();`,
    }),
    'fail.mjs',
  );
  return [`--import=${module}`];
}

test('B28: a sparse file of very many GiB, with a limit', async () => {
  const cwd = folderWith({ sparse: '', 'a.txt': secret });
  truncateSync(join(cwd, 'sparse'), 100 * 1024 ** 3);
  const { report } = await attack({ cwd, argv: ['--max-file-size=50M'], code: 3, secrets: [secret] });
  expect(missed(report)).toEqual(['TOO-LARGE sparse']);
  expect(files(report)).toEqual(new Set(['a.txt']));
});
