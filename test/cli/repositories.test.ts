import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { stripeKey } from '../support/secrets.ts';

const line = (salt: string): string => `key = "${stripeKey(salt)}"\n`;

function notScanned(report: ReportV1): string[] {
  return report.notScanned.map(({ unit, reason }) => `${reason} ${unit}`);
}

function secretsOf(report: ReportV1): Set<string | undefined> {
  return new Set(report.findings.map(({ secret }) => secret));
}

function looseObject(repository: TestRepository, id: string): string {
  return join(repository.git('rev-parse', '--absolute-git-dir'), 'objects', id.slice(0, 2), id.slice(2));
}

/** A file of the database is read-only. */
function overwrite(path: string, bytes: Buffer): void {
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
}

/** One repository with a key in HEAD, one in the history, one on a branch. */
function threeKeys(options: Parameters<typeof TestRepository.create>[0] = {}): TestRepository {
  const repository = TestRepository.create(options);
  repository.write('old.txt', line('old')).commit('first');
  repository.remove('old.txt').write('now.txt', line('now')).commit('second');
  repository.branch('topic').write('topic.txt', line('topic')).commit('third');
  return repository.checkout('main');
}

const ALL = new Set(['old', 'now', 'topic'].map(stripeKey));

describe('nothing to find', () => {
  test('an empty repository says that it has no commits', async () => {
    const repository = TestRepository.create();
    const { code, stdout, stderr } = await keysift([], { cwd: repository.path });
    expect(stdout).toContain('note: the repository has no commits yet\n');
    expect(stdout).toContain('No findings');
    expect([code, stderr]).toEqual([0, '']);
  });

  test('a clean repository', async () => {
    const repository = TestRepository.create();
    repository.write('a.txt', 'a\n').commit('first');
    const { code, report } = await keysiftJson([], { cwd: repository.path });
    expect(code).toBe(0);
    expect(report.scan).toMatchObject({ complete: true, sources: ['worktree', 'history'], head: repository.head(), notes: [] });
    expect(report.counts).toMatchObject({
      files: 1,
      blobs: 1,
      commits: 1,
      bytes: 2 + 2 + 'Ada Example <ada@example.com>'.length + 'first'.length + 'main'.length,
      findings: 0,
    });
  });

  test('an unborn HEAD beside a branch with commits: the branch is scanned', async () => {
    const repository = threeKeys();
    repository.git('symbolic-ref', 'HEAD', 'refs/heads/new');
    const { code, report } = await keysiftJson(['--history-only', '--show-secrets'], { cwd: repository.path });
    expect(code).toBe(1);
    expect(secretsOf(report)).toEqual(ALL);
    expect(report.scan).not.toHaveProperty('head');
    expect(notScanned(report)).toEqual([]);
  });

  test('an unborn HEAD with a staged and an untracked key', async () => {
    const repository = TestRepository.create();
    repository.write('a.txt', line('staged')).git('add', 'a.txt');
    repository.write('a.txt', 'none\n').write('b.txt', line('untracked'));
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect(code).toBe(1);
    expect(secretsOf(report)).toEqual(new Set([stripeKey('staged'), stripeKey('untracked')]));
  });
});

describe('kinds of repositories', () => {
  test.each(['sha1', 'sha256'] as const)('a bare one of %s', async (objectFormat) => {
    const bare = TestRepository.at(join(temporaryFolder(), 'bare.git'));
    threeKeys({ objectFormat }).git('clone', '--quiet', '--mirror', '.', bare.path);
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: bare.path });
    expect(code).toBe(1);
    expect(secretsOf(report)).toEqual(ALL);
    expect(report.scan.sources).toEqual(['history']);
    const named = await keysiftJson(['--show-secrets', bare.path]);
    expect(secretsOf(named.report)).toEqual(ALL);
  });

  test('a bare one has nothing that is staged, and runs no hook of a clone', async () => {
    const bare = TestRepository.create({ bare: true });
    expect(await keysift(['--staged'], { cwd: bare.path })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('a bare repository has no index') as string,
    });
    const hooks = await keysift(['hook', 'install'], { cwd: bare.path });
    expect([hooks.code, hooks.stderr]).toEqual([2, expect.stringContaining('exec keysift hook pre-receive')]);
    expect((await keysift(['init', '--yes'], { cwd: bare.path })).stdout).not.toContain('.gitattributes');
  });

  test('a bare one has no working tree and no index', async () => {
    const bare = TestRepository.create({ bare: true });
    expect(await keysift(['--no-history'], { cwd: bare.path })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('error: a bare repository has no working tree to scan') as string,
    });
  });

  test('a linked worktree: its files, its HEAD and its own index', async () => {
    const repository = threeKeys();
    const linked = TestRepository.at(join(temporaryFolder(), 'linked'));
    repository.git('worktree', 'add', '--quiet', '-b', 'linked', linked.path, 'main');
    linked.write('linked.txt', line('linked'));
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: linked.path });
    expect(code).toBe(1);
    expect(secretsOf(report)).toEqual(new Set([...ALL, stripeKey('linked')]));
    expect(report.scan.head).toBe(linked.head());

    linked.git('add', 'linked.txt');
    const staged = await keysiftJson(['--staged', '--show-secrets'], { cwd: linked.path });
    expect([staged.code, [...secretsOf(staged.report)]]).toEqual([1, [stripeKey('linked')]]);
    const main = await keysiftJson(['--staged'], { cwd: repository.path });
    expect([main.code, main.report.findings]).toEqual([0, []]);
  });

  test('a detached HEAD of another worktree is part of the history', async () => {
    const repository = threeKeys();
    const linked = TestRepository.at(join(temporaryFolder(), 'linked'));
    repository.git('worktree', 'add', '--quiet', '--detach', linked.path);
    linked.write('detached.txt', line('detached')).commit('detached');
    const { report } = await keysiftJson(['--history-only', '--show-secrets'], { cwd: repository.path });
    expect(secretsOf(report)).toEqual(new Set([...ALL, stripeKey('detached')]));
  });

  test('a subfolder of one: the whole repository when no path is given there', async () => {
    const repository = threeKeys();
    repository.write('sub/folder/x.txt', 'x\n');
    const { report } = await keysiftJson(['--show-secrets'], { cwd: join(repository.path, 'sub/folder') });
    expect(secretsOf(report)).toEqual(ALL);
  });

  test('a path in one: its files alone, and a note about the history', async () => {
    const repository = threeKeys();
    const { code, report } = await keysiftJson(['now.txt', '--show-secrets'], { cwd: repository.path });
    expect([code, [...secretsOf(report)]]).toEqual([1, [stripeKey('now')]]);
    expect(report.scan.notes).toEqual(['paths were named, so only the working tree was scanned; run keysift without paths for the whole history']);
  });

  test('a file named from a subfolder has the path, the id and the policy that it has from the root', async () => {
    const repository = TestRepository.create();
    const files = {
      'sub/a.ts': `key = "${stripeKey('a')}"\n`,
      'sub/b.ts': `key = "${stripeKey('b')}"\n`,
      'sub/deep/c.ts': `key = "${stripeKey('c')}"\n`,
      'sub/vendor/d.ts': `key = "${stripeKey('d')}"\n`,
    };
    for (const [path, text] of Object.entries(files)) repository.write(path, text);
    repository.write('keysift.config.yaml', 'exclude: [/sub/vendor/]\nrules: { stripe-secret-key-live: { severity: low } }\n').commit('first');
    const seen = async (cwd: string, ...argv: string[]) => {
      const { report } = await keysiftJson(argv, { cwd: join(repository.path, cwd) });
      return [report.findings.map(({ id, severity, locations }) => [locations[0]?.file, id, severity]), report.scan.policy, report.excluded];
    };
    const known = await seen('.', 'sub/a.ts');
    expect(known).toMatchObject([[['sub/a.ts', expect.any(String), 'low']], ['keysift.config.yaml'], {}]);
    expect(await seen('sub', 'a.ts')).toEqual(known);
    expect(await seen('sub/deep', '../a.ts')).toEqual(known);
    expect(await seen('..', join(repository.path, 'sub/a.ts'))).toEqual(known);
    expect(await seen('sub', 'a.ts', 'b.ts')).toEqual(await seen('.', 'sub/b.ts', 'sub/a.ts'));
    expect(await seen('..', join(repository.path, 'sub/a.ts'), join(repository.path, 'sub/b.ts'))).toEqual(await seen('sub', 'a.ts', 'b.ts'));
    expect(await seen('sub', '.')).toEqual(await seen('.', 'sub'));
    expect(await seen('sub', 'vendor/d.ts')).toEqual([[], ['keysift.config.yaml'], { 'excluded path': 1 }]);
    // The baseline and ignores of the root know it too.
    await keysift(['baseline', 'create'], { cwd: join(repository.path, 'sub') });
    expect((await keysift(['a.ts'], { cwd: join(repository.path, 'sub') })).code).toBe(0);
  });

  test('a submodule: its folder is left out and counted, the rest scanned', async () => {
    const inner = threeKeys();
    const repository = TestRepository.create();
    repository.write('a.txt', line('outer'));
    repository.git('submodule', '--quiet', 'add', inner.path, 'sub');
    repository.commit('add a submodule');
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect(code).toBe(1);
    expect(secretsOf(report)).toEqual(new Set([stripeKey('outer')]));
    expect(report.excluded).toEqual({ submodule: 1 });
  });

  test('a repository inside one, tracked by nobody: its files are scanned', async () => {
    const repository = TestRepository.create();
    repository.write('a.txt', 'a\n').commit('first');
    const inner = TestRepository.create({ folder: join(repository.path, 'inner') });
    inner.write('b.txt', line('inner')).commit('inner');
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect([code, [...secretsOf(report)]]).toEqual([1, [stripeKey('inner')]]);
    expect(report.findings[0]?.locations.map(({ file }) => file)).toEqual(['inner/b.txt']);
  });

  test('files that are tracked and ignored, deleted from disk, or not checked out', async () => {
    const repository = TestRepository.create();
    for (const name of ['ignored.txt', 'deleted.txt', 'sparse.txt']) repository.write(name, line(name));
    repository.commit('first');
    repository.write('.gitignore', 'ignored.txt\nsecret/\n');
    repository.write('secret/x.txt', line('of an ignored folder'));
    repository.remove('deleted.txt').git('update-index', '--skip-worktree', 'sparse.txt');
    repository.remove('sparse.txt');
    const { report } = await keysiftJson(['--no-history', '--show-secrets'], { cwd: repository.path });
    expect(secretsOf(report)).toEqual(new Set(['ignored.txt', 'deleted.txt', 'sparse.txt'].map(stripeKey)));
    const all = await keysiftJson(['--no-history', '--ignored', '--show-secrets'], { cwd: repository.path });
    expect(secretsOf(all.report)).toEqual(new Set(['ignored.txt', 'deleted.txt', 'sparse.txt', 'of an ignored folder'].map(stripeKey)));
  });

  test('a conflict in the index: all sides are scanned', async () => {
    const repository = TestRepository.create();
    repository.write('a.txt', 'a\n').commit('first');
    repository.branch('topic').write('a.txt', line('theirs')).commit('topic');
    repository.checkout('main').write('a.txt', line('ours')).commit('main');
    repository.tryGit(['merge', 'topic']);
    expect(repository.git('ls-files', '--unmerged')).not.toBe('');
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect(code).toBe(1);
    expect(secretsOf(report)).toEqual(new Set([stripeKey('ours'), stripeKey('theirs')]));
  });
});

describe('configuration of the repository decides nothing', () => {
  test('no program of its is run, and nothing is hidden', async () => {
    const repository = threeKeys();
    const marker = join(temporaryFolder(), 'ran');
    const program = join(temporaryFolder(), 'program');
    writeFileSync(program, `#!/bin/sh\ntouch '${marker}'\ncat\n`, { mode: 0o755 });
    const settings = {
      'core.fsmonitor': program,
      'core.pager': program,
      'core.hooksPath': temporaryFolder(),
      'diff.external': program,
      'diff.hide.textconv': program,
      'diff.hide.command': program,
      'filter.hide.clean': program,
      'filter.hide.smudge': program,
      'filter.hide.required': 'true',
      'core.sshCommand': program,
      'core.alternateRefsCommand': program,
      'gpg.program': program,
      'log.showSignature': 'true',
      'uploadpack.packObjectsHook': program,
      'transfer.hideRefs': 'refs/heads/topic',
      'log.excludeDecoration': 'refs/heads/topic',
      'grep.fallbackToNoIndex': 'false',
      'core.quotePath': 'true',
      'core.precomposeUnicode': 'true',
      'diff.noprefix': 'true',
      'diff.renames': 'copies',
      'format.pretty': 'oneline',
      'log.date': 'relative',
      'color.ui': 'always',
      'core.abbrev': '4',
    };
    for (const [name, value] of Object.entries(settings)) repository.git('config', name, value);
    repository.write('.gitattributes', '* filter=hide diff=hide -text export-ignore\n');
    writeFileSync(join(repository.path, '.git', 'info', 'attributes'), '* filter=hide diff=hide\n');
    writeFileSync(join(repository.path, '.git', 'info', 'grafts'), `${repository.head()}\n`);
    repository.git('replace', repository.blob('now.txt'), repository.gitWith({ input: 'nothing\n' }, 'hash-object', '-w', '--stdin'));
    rmSync(marker, { force: true });
    for (const argv of [[], ['--staged'], ['--range', 'main~1..topic']]) {
      const { report, code } = await keysiftJson([...argv, '--show-secrets'], { cwd: repository.path });
      if (argv.length === 0) expect(secretsOf(report)).toEqual(ALL);
      expect([0, 1]).toContain(code);
    }
    expect(existsSync(marker)).toBe(false);
  });

  test('an alias or a git in the scanned folder is not run', async () => {
    const repository = threeKeys();
    writeFileSync(join(repository.path, 'git'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    const { code, report } = await keysiftJson(['--history-only', '--show-secrets'], {
      cwd: repository.path,
      env: { PATH: `.:${process.env['PATH'] ?? ''}` },
    });
    expect(code).toBe(1);
    expect(secretsOf(report)).toEqual(ALL);
  });
});

describe('what is not there or broken is told, and the rest scanned', () => {
  test('a shallow clone', async () => {
    const shallow = TestRepository.at(join(temporaryFolder(), 'shallow'));
    const origin = threeKeys();
    origin.git('clone', '--quiet', '--depth=1', `file://${origin.path}`, shallow.path);
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: shallow.path });
    expect(code).toBe(3);
    expect(notScanned(report)).toEqual(['SHALLOW the history']);
    expect(report.scan.complete).toBe(false);
    expect(secretsOf(report)).toEqual(new Set([stripeKey('now')]));
    const { stdout } = await keysift([], { cwd: shallow.path });
    expect(stdout).toContain(
      'NOT SCANNED: 1 unit\n  the history  SHALLOW: the clone is shallow; a shallow clone lacks the older part of it; git fetch --unshallow, in CI fetch-depth: 0\n',
    );
    expect((await keysift(['--no-history'], { cwd: shallow.path })).code).toBe(1);
    expect((await keysift(['--range', 'HEAD..HEAD'], { cwd: shallow.path })).code).toBe(0); // nothing of it can be missing
  });

  test('a partial clone', async () => {
    const partial = TestRepository.at(join(temporaryFolder(), 'partial'));
    const origin = threeKeys();
    origin.git('config', 'uploadpack.allowFilter', 'true');
    origin.git('clone', '--quiet', '--filter=blob:none', `file://${origin.path}`, partial.path);
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: partial.path });
    expect(code).toBe(3);
    expect(notScanned(report)).toEqual(
      [origin.blob('old.txt', 'main~1'), origin.blob('topic.txt', 'topic')].toSorted().map((id) => `PROMISOR ${id}`),
    );
    expect(secretsOf(report)).toEqual(new Set([stripeKey('now')]));
  });

  test('a blob is missing', async () => {
    const repository = threeKeys();
    const blob = repository.blob('old.txt', 'main~1');
    rmSync(looseObject(repository, blob));
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect(code).toBe(3);
    expect(notScanned(report)).toEqual([`OBJECT-MISSING ${blob}`]);
    expect(secretsOf(report)).toEqual(new Set([stripeKey('now'), stripeKey('topic')]));
  });

  test.each([
    ['damaged in the middle', (path: string): void => overwrite(path, Buffer.concat([readFileSync(path).subarray(0, 12), Buffer.alloc(40, 0x5a)]))],
    ['cut short', (path: string): void => (chmodSync(path, 0o644), truncateSync(path, 20))],
    ['empty', (path: string): void => overwrite(path, Buffer.alloc(0))],
    ['no zlib', (path: string): void => overwrite(path, Buffer.from('not an object at all'))],
  ] as const)('a blob is %s', async (_how, damage) => {
    const repository = threeKeys();
    const blob = repository.blob('old.txt', 'main~1');
    damage(looseObject(repository, blob));
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect(code).toBe(3);
    expect(report.notScanned.map(({ unit }) => unit)).toContain(blob);
    expect(report.notScanned.every(({ reason }) => ['OBJECT-MISSING', 'OBJECT-CORRUPT', 'GIT-FAILED'].includes(reason))).toBe(true);
    expect(secretsOf(report)).toEqual(new Set([stripeKey('now'), stripeKey('topic')]));
  });

  test('a tree is missing: everything that is there is scanned', async () => {
    const repository = threeKeys();
    const tree = repository.git('rev-parse', 'main~1^{tree}');
    rmSync(looseObject(repository, tree));
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect(code).toBe(3);
    expect(report.notScanned.length).toBeGreaterThan(0);
    expect([...secretsOf(report)]).toEqual(expect.arrayContaining([stripeKey('now'), stripeKey('topic')]));
  });

  test('a commit is missing: everything that is there is scanned', async () => {
    const repository = threeKeys();
    rmSync(looseObject(repository, repository.git('rev-parse', 'main~1')));
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect(code).toBe(3);
    expect(report.notScanned.length).toBeGreaterThan(0);
    expect([...secretsOf(report)]).toEqual(expect.arrayContaining([stripeKey('now'), stripeKey('topic')]));
  });

  test('a pack is damaged', async () => {
    const repository = threeKeys();
    repository.git('repack', '-adq');
    const folder = join(repository.path, '.git', 'objects', 'pack');
    const pack = join(folder, readdirSync(folder).find((name) => name.endsWith('.pack')) ?? '');
    const bytes = readFileSync(pack);
    bytes.fill(0x5a, bytes.length >> 1, (bytes.length >> 1) + 30);
    overwrite(pack, bytes);
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect(code).toBe(3);
    expect(report.notScanned.length).toBeGreaterThan(0);
    expect(secretsOf(report)).toContain(stripeKey('now'));
  });

  test.each([
    ['that holds junk', 'not an id\n'],
    ['that is empty', ''],
    ['to an object that is not there', `${'12'.repeat(20)}\n`],
  ])('a branch %s: the others are scanned', async (_how, content) => {
    const repository = threeKeys();
    writeFileSync(join(repository.path, '.git', 'refs', 'heads', 'broken'), content);
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect(code).toBe(3);
    expect(notScanned(report)).toEqual(['REF-BROKEN refs/heads/broken']);
    expect(secretsOf(report)).toEqual(ALL);
  });

  test('a packed ref to an object that is not there', async () => {
    const repository = threeKeys();
    repository.git('pack-refs', '--all');
    appendFileSync(join(repository.path, '.git', 'packed-refs'), `${'12'.repeat(20)} refs/tags/zz\n`);
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect([code, notScanned(report)]).toEqual([3, ['REF-BROKEN refs/tags/zz']]);
    expect(secretsOf(report)).toEqual(ALL);
  });

  test('HEAD points to a commit that is not there', async () => {
    const repository = threeKeys();
    writeFileSync(join(repository.path, '.git', 'HEAD'), `${'12'.repeat(20)}\n`);
    const { code, report } = await keysiftJson(['--history-only', '--show-secrets'], { cwd: repository.path });
    expect([code, notScanned(report)]).toEqual([3, ['REF-BROKEN HEAD']]);
    expect(secretsOf(report)).toEqual(ALL);
  });

  test('the index is damaged', async () => {
    const repository = threeKeys();
    writeFileSync(join(repository.path, '.git', 'index'), 'DIRC garbage');
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect(code).toBe(3);
    expect(report.notScanned.map(({ unit, reason }) => `${reason} ${unit}`)).toContain('GIT-FAILED the working tree');
    expect(secretsOf(report)).toEqual(ALL);
    expect(await keysift(['--staged'], { cwd: repository.path })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('error: git cannot compare the index with HEAD') as string,
    });
  });

  test('a repository that git cannot open', async () => {
    const repository = threeKeys();
    writeFileSync(join(repository.path, '.git', 'config'), '[core\n');
    const { code, stdout, stderr } = await keysift([], { cwd: repository.path });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error: git cannot open the repository at ${repository.path}`);
    expect(stderr).toContain('Nothing was scanned.');
  });

  test('a .git that is no repository', async () => {
    const folder = folderWith({ '.git/x.txt': 'x\n', 'a.txt': line('plain') });
    const { code, stdout, stderr } = await keysift([], { cwd: folder });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error: git cannot open the repository at ${folder}`);
  });

  test('a .git file that points nowhere', async () => {
    const folder = folderWith({ '.git': 'gitdir: ../gone\n', 'a.txt': line('plain') });
    const { code, stdout } = await keysift([], { cwd: folder });
    expect([code, stdout]).toEqual([2, '']);
  });

  test('a lock on the index is no matter', async () => {
    const repository = threeKeys();
    writeFileSync(join(repository.path, '.git', 'index.lock'), '');
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect([code, secretsOf(report)]).toEqual([1, ALL]);
  });

  test('objects of an alternate are scanned, too', async () => {
    const origin = threeKeys();
    const borrower = TestRepository.at(join(temporaryFolder(), 'borrower'));
    origin.git('clone', '--quiet', '--shared', '.', borrower.path);
    expect(readdirSync(join(borrower.path, '.git', 'objects')).filter((name) => name.length === 2)).toEqual([]);
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: borrower.path });
    expect([code, secretsOf(report)]).toEqual([1, ALL]);
    renameSync(join(origin.path, '.git', 'objects'), join(origin.path, '.git', 'gone'));
    mkdirSync(join(origin.path, '.git', 'objects'));
    expect((await keysift([], { cwd: borrower.path })).code).not.toBe(0);
  });

  test('unreachable objects are left out and counted', async () => {
    const repository = threeKeys();
    repository.gitWith({ input: line('unreachable') }, 'hash-object', '-w', '--stdin');
    const { code, report } = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect([code, secretsOf(report)]).toEqual([1, ALL]);
    expect(report.scan.notes).toEqual(['1 objects that nothing reaches were left out; --all-objects scans them']);
  });

  test('a link to a folder outside is not followed', async () => {
    const outside = folderWith({ 'x.txt': line('outside') });
    const repository = TestRepository.create();
    symlinkSync(outside, join(repository.path, 'out'));
    repository.commit('first');
    const { code, report } = await keysiftJson([], { cwd: repository.path });
    expect([code, report.findings]).toEqual([0, []]);
    expect(report.excluded).toEqual({ 'SYMLINK-OUT': 1 });
  });
});
