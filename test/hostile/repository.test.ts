/** Part D: repositories that want to run something, hide something, or be mistaken for something else. */
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { keysift } from '../support/cli.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { SOAK } from '../support/sample.ts';
import { githubToken } from '../support/secrets.ts';
import { BENT_SETTINGS } from './bent-settings.ts';
import { attack as attackAsProcess, attackMostlyHere as attack, IS_ROOT, timeless, tripped, tripwire, unless, untrip } from './harness.ts';

const [OLD, NOW, STAGED, LOOSE] = ['old', 'now', 'staged', 'loose'].map((name) => githubToken(`d ${name}`)) as [string, string, string, string];
const SECRETS = [OLD, NOW, STAGED, LOOSE];

/** Secrets in the history, the current commit, the index, and a file that git does not track. */
function victim(): TestRepository {
  const repository = TestRepository.create();
  repository.write('old.env', `${OLD}\n`).commit('first');
  repository.remove('old.env').write('now.env', `${NOW}\n`).commit('second');
  repository.write('staged.env', `${STAGED}\n`).git('add', 'staged.env');
  repository.write('loose.env', `${LOOSE}\n`);
  return repository;
}

function files({ findings }: ReportV1): Set<string> {
  return new Set(findings.flatMap(({ locations }) => locations.map(({ file }) => file)));
}

const ALL = new Set(['old.env', 'now.env', 'staged.env', 'loose.env']);
const MODES = [[], ['--reader=git'], ['--staged'], ['--range', 'main~1..main']] as const;

/** Settings by which git runs a program. */
const PROGRAMS = [
  'core.fsmonitor',
  'core.pager',
  'pager.log',
  'pager.rev-list',
  'core.editor',
  'core.askPass',
  'credential.helper',
  'core.sshCommand',
  'core.gitProxy',
  'core.alternateRefsCommand',
  'diff.external',
  'diff.trip.command',
  'diff.trip.textconv',
  'filter.trip.clean',
  'filter.trip.smudge',
  'filter.trip.process',
  'gpg.program',
  'gpg.ssh.program',
  'gpg.x509.program',
  'uploadpack.packObjectsHook',
  'interactive.diffFilter',
  'sequence.editor',
  'merge.trip.driver',
  'trailer.trip.command',
  'remote.origin.uploadpack',
  'sendemail.smtpServer',
  'browser.trip.cmd',
  'man.trip.cmd',
  'web.browser',
  'guitool.trip.cmd',
  'difftool.trip.cmd',
  'init.templateDir',
] as const;
const ALIASES = ['rev-list', 'rev-parse', 'ls-files', 'cat-file', 'for-each-ref', 'log', 'diff-index', 'check-ignore', 'symbolic-ref', 'config'];
const SETTINGS: Readonly<Record<string, string>> = {
  'filter.trip.required': 'true',
  'log.showSignature': 'true',
  'protocol.ext.allow': 'always',
  'remote.origin.promisor': 'true',
  'core.attributesFile': '/dev/null',
};
const ATTRIBUTES = '* diff=trip filter=trip merge=trip\n*.env -diff -text export-ignore linguist-generated working-tree-encoding=UTF-16 eol=crlf\n';

/** A repository in which everything that git can be made to run is a tripwire. */
function trapped(): TestRepository {
  const repository = victim();
  for (const name of PROGRAMS) repository.git('config', name, tripwire(name));
  for (const name of ALIASES) repository.git('config', `alias.${name}`, `!${tripwire(`alias.${name}`)}`);
  for (const [name, value] of Object.entries(SETTINGS)) repository.git('config', name, value);
  repository.git('config', 'remote.origin.url', `ext::${tripwire('remote.origin.url')}`);
  repository.git('config', 'submodule.sub.update', `!${tripwire('submodule')}`);
  repository.git('config', 'url.ext::x.insteadOf', 'https://');
  const included = folderWith({ config: `[core]\n\tfsmonitor = ${tripwire('include')}\n[diff]\n\texternal = ${tripwire('include')}\n` });
  repository.git('config', 'include.path', join(included, 'config'));
  repository.git('config', `includeIf.gitdir:${repository.path}/.path`, join(included, 'config'));
  repository.write('.gitattributes', ATTRIBUTES);
  writeFileSync(join(repository.path, '.git', 'info', 'attributes'), ATTRIBUTES);
  const hooks = temporaryFolder();
  for (const folder of [join(repository.path, '.git', 'hooks'), hooks]) {
    mkdirSync(folder, { recursive: true });
    for (const name of [
      'post-index-change',
      'fsmonitor-watchman',
      'reference-transaction',
      'pre-commit',
      'post-checkout',
      'pre-auto-gc',
      'query-watchman',
    ])
      writeFileSync(join(folder, name), `#!/bin/sh\nexec '${tripwire(`hook.${name}`)}'\n`, { mode: 0o755 });
  }
  repository.git('config', 'core.hooksPath', hooks);
  untrip();
  return repository;
}

test('D1 to D5: nothing that the configuration, attributes and hooks name is run, and nothing is hidden', async () => {
  const repository = trapped();
  for (const argv of MODES) {
    const { report } = await attack({ cwd: repository.path, argv: [...argv], code: [1, 3], secrets: SECRETS, counts: {} });
    if (argv.length === 0) expect(files(report)).toEqual(ALL);
  }
});

test('D1 to D5: an unhardened git trips over them, so the test above can fail', () => {
  const repository = trapped();
  for (const args of [
    ['status'],
    ['diff'],
    ['log', '-p', '--show-signature'],
    ['-p', 'log'],
    ['add', '--all'],
    ['fetch', 'origin'],
    ['checkout', '--', '.'],
  ])
    spawnSync('git', args, { cwd: repository.path, env: repository.environment(), input: '', timeout: 3000, killSignal: 'SIGKILL' });
  const ran = tripped();
  untrip();
  expect(ran).toEqual(expect.arrayContaining(['filter.trip.process', 'include', 'remote.origin.url']));
});

describe('D6: nothing is fetched', () => {
  test.each(['ext::PROGRAM', 'file:///nowhere', 'ssh://-oProxyCommand=PROGRAM/x'])('from %s', async (url) => {
    const origin = victim();
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const clone = TestRepository.at(join(temporaryFolder(), 'clone'));
    origin.git('clone', '--quiet', '--no-checkout', '--filter=blob:none', `file://${origin.path}`, clone.path);
    clone.git('config', 'remote.origin.url', url.replace('PROGRAM', tripwire('fetch')));
    clone.git('config', 'remote.origin.uploadpack', tripwire('uploadpack'));
    clone.git('config', 'protocol.ext.allow', 'always');
    const { report } = await attack({ cwd: clone.path, code: 3, secrets: SECRETS, counts: {} });
    expect(new Set(report.notScanned.map(({ reason }) => reason))).toEqual(new Set(['PROMISOR']));
  });
});

test('D8: a bare repository in a folder of another one is content, not a repository', async () => {
  const outer = victim();
  const inner = join(outer.path, 'sub', 'inner');
  TestRepository.create({ folder: inner, bare: true });
  writeFileSync(join(inner, 'config'), `[core]\n\tbare = true\n\tfsmonitor = ${tripwire('embedded')}\n`);
  writeFileSync(join(inner, 'description'), githubToken('d embedded'));
  const { report } = await attack({ cwd: inner, argv: ['.'], code: 1, secrets: [...SECRETS, githubToken('d embedded')], counts: {} });
  expect(files(report)).toEqual(new Set(['sub/inner/description']));
});

test('D9: objects of another repository', async () => {
  const other = victim();
  const repository = TestRepository.create();
  repository.write('a', 'a').commit('first');
  writeFileSync(join(repository.path, '.git', 'objects', 'info', 'alternates'), `${other.path}/.git/objects\n`);
  // What is reached from here is all that is looked at.
  await attack({ cwd: repository.path, code: 0, secrets: SECRETS, watched: [other.path] });
});

describe('D10 and D11: what stands for something else', () => {
  test('replaced blobs, trees and commits are looked at themselves', async () => {
    for (const kind of ['blob', 'tree', 'commit']) {
      const repository = TestRepository.create();
      repository.write('a.txt', NOW).commit('with');
      const [blob, tree, commit] = [repository.blob('a.txt'), repository.git('rev-parse', 'HEAD^{tree}'), repository.head()];
      repository.write('a.txt', 'clean').commit('without');
      const clean = { blob: repository.blob('a.txt'), tree: repository.git('rev-parse', 'HEAD^{tree}'), commit: repository.head() }[kind] ?? '';
      repository.git('replace', { blob, tree, commit }[kind] ?? '', clean);
      const { report } = await attack({ cwd: repository.path, code: 1, secrets: SECRETS });
      expect(files(report)).toEqual(new Set(['a.txt']));
    }
  });

  test('grafts hide nothing; a history that is said to be shallow is told', async () => {
    const repository = victim();
    writeFileSync(join(repository.path, '.git', 'info', 'grafts'), `${repository.head()}\n`);
    const { report } = await attack({ cwd: repository.path, code: 1, secrets: SECRETS, counts: {} });
    expect(files(report)).toEqual(ALL);
    writeFileSync(join(repository.path, '.git', 'shallow'), `${repository.head()}\n`);
    const { report: cut } = await attack({ cwd: repository.path, code: 3, secrets: SECRETS, counts: {} });
    expect(cut.notScanned.map(({ reason }) => reason)).toEqual(['SHALLOW']);
  });
});

test('D12 and D13: attributes and settings that bend what git says change nothing', async () => {
  const repository = victim();
  const { report: plain } = await attack({ cwd: repository.path, code: 1, secrets: SECRETS });
  for (const [name, value] of Object.entries(BENT_SETTINGS)) repository.git('config', name, value);
  writeFileSync(join(repository.path, '.git', 'info', 'attributes'), ATTRIBUTES);
  mkdirSync(join(repository.path, '.git', 'objects', 'info'), { recursive: true });
  writeFileSync(join(repository.path, '.git', 'objects', 'info', 'commit-graph'), 'no graph');
  writeFileSync(join(repository.path, '.git', 'objects', 'pack', 'multi-pack-index'), 'no index');
  const { report } = await attack({ cwd: repository.path, code: 1, secrets: SECRETS });
  expect(report.findings).toEqual(plain.findings);
});

test('D14: what only merges, roots and orphans hold', async () => {
  const repository = TestRepository.create();
  repository.write('a', 'a').commit('root');
  for (const name of ['x', 'y']) repository.checkout('main').branch(name).write(name, name).commit(name);
  repository.checkout('main').merge(['x', 'y'], { evil: () => repository.write('evil.txt', NOW) });
  const merge = repository.head();
  repository.git('checkout', '--quiet', '--orphan', 'orphan');
  repository.write('orphan.txt', OLD).commit('orphan');
  const { report } = await attack({ cwd: repository.path, code: 1, secrets: SECRETS });
  expect(files(report)).toEqual(new Set(['evil.txt', 'orphan.txt']));
  expect(report.findings.map(({ firstSeen }) => firstSeen?.commit)).toContain(merge);
});

describe('D16 and D17: names that look like options', () => {
  test('of refs', async () => {
    const repository = victim();
    const id = repository.head();
    const names = ['--output=x', '-p', 'HEAD', 'refs/heads/x', 'gr\u00fc\u00df', 'x'.repeat(200), 'both', ';x', '$(x)'];
    for (const name of names) repository.git('update-ref', `refs/heads/${name}`, id);
    repository.git('update-ref', 'refs/tags/both', id);
    const { report } = await attack({ cwd: repository.path, code: 1, secrets: SECRETS });
    expect(files(report)).toEqual(ALL);
  });

  test.each([
    '--output=pwn..main',
    '--upload-pack=x',
    '-O x',
    'main..main --all',
    '$(x)..main',
    ';x',
    '',
    '..',
    'main..',
    '@{-1}..main',
    '--all..main',
    'a\nb..main',
  ])('of a range: %j', async (range) => {
    const repository = victim();
    await attack({ cwd: repository.path, argv: ['--range', range], code: range === 'main..' ? 0 : 2, secrets: SECRETS });
  });
});

test('D18: line feeds in paths of trees', async () => {
  const repository = TestRepository.create();
  repository.write('a\nb/c\nd.txt', NOW).commit('first');
  repository.remove('a\nb').commit('second');
  for (const argv of [[], ['--reader=git'], ['--range', 'main..main~1']])
    expect(files((await attack({ cwd: repository.path, argv, code: argv[0] === '--range' ? 0 : 1, secrets: SECRETS })).report)).toEqual(
      new Set(argv[0] === '--range' ? [] : ['a\nb/c\nd.txt']),
    );
});

/** A commit of a tree made of raw entries. */
function withTree(entries: readonly [mode: string, name: string, id: string][]): TestRepository {
  const repository = TestRepository.create();
  const bytes = Buffer.concat(entries.flatMap(([mode, name, id]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]));
  const tree = repository.gitWith({ input: bytes }, 'hash-object', '-t', 'tree', '-w', '--literally', '--stdin');
  repository.git('update-ref', 'refs/heads/main', repository.gitWith({ input: 'x' }, 'commit-tree', tree));
  return repository;
}

test('D19: entries that no tree should have', async () => {
  const scratch = TestRepository.create();
  const id = scratch.gitWith({ input: NOW }, 'hash-object', '-w', '--stdin');
  for (const [mode, name] of [
    ['100644', '.git'],
    ['100644', '..'],
    ['100644', 'a/b'],
    ['100666', 'x'],
    ['100644', ''],
  ] as const) {
    const repository = withTree([[mode, name, id]]);
    repository.gitWith({ input: NOW }, 'hash-object', '-w', '--stdin');
    for (const argv of [[], ['--reader=git']]) {
      const { report, code } = await attack({ cwd: repository.path, argv: ['--history-only', ...argv], code: [1, 3], secrets: SECRETS, counts: {} });
      if (code === 1) expect(report.findings).toHaveLength(1);
    }
  }
});

describe('D20: trees within trees', () => {
  const treeOf = (repository: TestRepository, entries: string): string => repository.gitWith({ input: entries }, 'mktree');
  const commitTo = (repository: TestRepository, tree: string, ...parents: string[]): string => {
    const commit = repository.gitWith({ input: 'x' }, 'commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]));
    repository.git('update-ref', 'refs/heads/main', commit);
    return commit;
  };
  /** A tree of ten to the power of `levels` paths to one blob, under the names of `leaves` each. */
  const wideTree = (repository: TestRepository, levels: number, leaves: string): string => {
    let tree = treeOf(repository, leaves);
    for (let level = 0; level < levels; level++)
      tree = treeOf(repository, Array.from({ length: 10 }, (_, index) => `040000 tree ${tree}\t${index}\n`).join(''));
    return tree;
  };
  const blobOf = (repository: TestRepository, text: string): string => repository.gitWith({ input: text }, 'hash-object', '-w', '--stdin');
  const HISTORY = { argv: ['--history-only'], code: [1], secrets: SECRETS, limit: 20, counts: {} } as const;

  test('many levels', async () => {
    const repository = TestRepository.create();
    let tree = treeOf(repository, `100644 blob ${blobOf(repository, NOW)}\tleaf\n`);
    for (let level = 0; level < 60; level++) tree = treeOf(repository, `040000 tree ${tree}\td\n`);
    commitTo(repository, tree);
    const { report } = await attack({ ...HISTORY, cwd: repository.path });
    expect(report.findings).toMatchObject([{ state: 'head', locations: [{ file: `${'d/'.repeat(60)}leaf` }] }]);
  });

  test('a hundred million paths to one blob', async () => {
    const repository = TestRepository.create();
    commitTo(repository, wideTree(repository, 8, `100644 blob ${blobOf(repository, NOW)}\tleaf\n`));
    const { report } = await attack({ ...HISTORY, cwd: repository.path });
    expect(report.findings).toMatchObject([{ state: 'head', morePlaces: true, firstSeen: { commit: repository.git('rev-parse', 'main') } }]);
    const { locations } = report.findings[0]!;
    expect(locations.map(({ file }) => file)).toEqual(
      Array.from({ length: 1000 }, (_, index) => `${[...`00000${String(index).padStart(3, '0')}`].join('/')}/leaf`),
    );
    const { stdout } = await keysift(['--history-only', '--format=text'], { cwd: repository.path });
    expect(stdout).toContain('and more than 995 more places');
  });

  test.each([
    ['through git', ['--history-only', '--reader=git']],
    ['with two threads', ['--history-only', '--jobs=2']],
  ])('the same %s', async (_how, argv) => {
    const repository = TestRepository.create();
    const wide = wideTree(repository, 8, `100644 blob ${blobOf(repository, NOW)}\tleaf\n`);
    const first = commitTo(repository, treeOf(repository, `040000 tree ${wide}\tz\n`));
    commitTo(repository, treeOf(repository, `040000 tree ${wide}\ta\n040000 tree ${wide}\tz\n`), first);
    const [one, other] = [await attack({ ...HISTORY, cwd: repository.path }), await attack({ ...HISTORY, argv, cwd: repository.path })];
    expect(timeless(other.report)).toEqual(timeless(one.report));
    expect(one.report.findings).toMatchObject([{ state: 'head', morePlaces: true, firstSeen: { commit: first } }]);
  });

  test('in a range: what it moves cannot be told, what it brings is', async () => {
    const repository = TestRepository.create();
    const first = commitTo(repository, treeOf(repository, `100644 blob ${blobOf(repository, 'clean')}\tc\n`));
    const second = commitTo(repository, wideTree(repository, 8, `100644 blob ${blobOf(repository, NOW)}\tleaf\n`), first);
    const { report } = await attack({ ...HISTORY, argv: ['--range', `${first}..${second}`], code: 3, cwd: repository.path });
    expect(report.findings).toMatchObject([{ state: 'head', morePlaces: true, firstSeen: { commit: second } }]);
    expect(report.notScanned).toMatchObject([{ unit: 'what the range moves', reason: 'GIT-FAILED' }]);
  });

  test('as many that were taken out again, and a blob that only the last folder holds', async () => {
    const repository = TestRepository.create();
    const leaf = `100644 blob ${blobOf(repository, NOW)}\tleaf\n`;
    const wide = wideTree(repository, 8, leaf);
    const last = treeOf(repository, `${leaf}100644 blob ${blobOf(repository, OLD)}\tlast\n`);
    const first = commitTo(repository, treeOf(repository, `040000 tree ${wide}\ta\n040000 tree ${last}\tb\n`));
    const second = commitTo(repository, treeOf(repository, `100644 blob ${blobOf(repository, 'clean')}\tc\n`), first);
    const { report } = await attack({ ...HISTORY, cwd: repository.path });
    const common = { state: 'history', firstSeen: { commit: first }, lastSeen: { commit: first }, removedIn: { commit: second } };
    const byPlaces = report.findings.toSorted((a, b) => a.locations.length - b.locations.length);
    expect(byPlaces).toMatchObject([
      { ...common, locations: [{ file: 'b/last', commit: first }] },
      { ...common, morePlaces: true },
    ]);
    expect(byPlaces[0]).not.toHaveProperty('morePlaces');
  });

  test('policy leaves out places, and not those that nobody listed', async () => {
    const repository = TestRepository.create();
    const wide = wideTree(repository, 4, `100644 blob ${blobOf(repository, NOW)}\tleaf\n`);
    commitTo(repository, treeOf(repository, `040000 tree ${wide}\ta\n040000 tree ${wide}\tb\n`));
    const config = join(temporaryFolder(), 'keysift.yaml');
    writeFileSync(config, 'exclude:\n  - a/**\n');
    const { report } = await attack({ ...HISTORY, argv: [...HISTORY.argv, `--config=${config}`], cwd: repository.path });
    expect(report.findings).toMatchObject([{ state: 'head', morePlaces: true }]);
  });

  test('a name that says what a file is, behind more places of the same blob than are listed', async () => {
    const repository = TestRepository.create();
    const blob = blobOf(repository, `DB_${'PASSWORD'}=${NOW.slice(5, 25)}\n`);
    const wide = wideTree(repository, 4, `100644 blob ${blob}\tleaf\n`);
    commitTo(repository, treeOf(repository, `040000 tree ${wide}\ta\n040000 tree ${treeOf(repository, `100644 blob ${blob}\t.env\n`)}\tz\n`));
    const { report } = await attack({ ...HISTORY, secrets: [NOW.slice(5, 25)], cwd: repository.path });
    expect(report.findings.filter(({ ruleId }) => ruleId === 'env-file')).toMatchObject([{ state: 'head', locations: [{ file: 'z/.env' }] }]);
  });
});

test('D21: a large blob of zeros that takes little room', async () => {
  const repository = TestRepository.create();
  const size = (SOAK ? 1024 : 64) * 1024 ** 2;
  repository.write('zeros', '');
  const file = openSync(join(repository.path, 'zeros'), 'r+');
  writeSync(file, `\n${NOW}\n`, size - 100);
  ftruncateSync(file, size);
  closeSync(file);
  repository.commit('zeros');
  for (const argv of SOAK ? [['--history-only'], ['--history-only', '--reader=git']] : [['--history-only']]) {
    const { report } = await attack({ cwd: repository.path, argv, code: 1, secrets: SECRETS, limit: SOAK ? 120 : 20 });
    expect(report.findings).toHaveLength(1);
  }
}, 600_000);

test.runIf(SOAK)(
  'S12: 100,000 commits',
  async () => {
    const repository = TestRepository.create();
    const message = 'data 4\nnext\n';
    const commits = Array.from({ length: 100_000 }, (_, index) => {
      const text = index === 70_000 ? `${NOW}\n` : `value of round ${index}\n`;
      return `commit refs/heads/main\ncommitter A <a@example.com> ${1_700_000_000 + index} +0000\n${message}M 644 inline ${index % 20}/a.txt\ndata ${text.length}\n${text}\n`;
    });
    repository.import(Buffer.from(commits.join('')));
    const { report } = await attack({ cwd: repository.path, argv: ['--history-only'], code: 1, secrets: SECRETS, limit: 120 });
    expect(report.counts.commits).toBe(100_000);
    expect(report.findings).toHaveLength(1);
  },
  900_000,
);

test('D19: git takes an entry of an unknown mode for a submodule, so its blob is reached by nothing', async () => {
  const scratch = TestRepository.create();
  const repository = withTree([['0', 'zero', scratch.gitWith({ input: NOW }, 'hash-object', '-w', '--stdin')]]);
  repository.gitWith({ input: NOW }, 'hash-object', '-w', '--stdin');
  await attack({ cwd: repository.path, argv: ['--history-only'], code: 0, secrets: SECRETS });
  await attack({ cwd: repository.path, argv: ['--history-only', '--all-objects'], code: 1, secrets: SECRETS });
});

describe('D22: commits that no git writes', () => {
  const person = (date: string): string => `author A\u001b[31m ::error::x <a@x> ${date}\ncommitter A <a@x> ${date}\n`;

  test.each<[string, string]>([
    ['time 0', person('0 +0000')],
    ['a negative time', person('-1 +0000')],
    ['a time far from now', person('99999999999999 +0000')],
    ['the last time there is', person('9223372036854775807 +0000')],
    ['an odd zone', person('1700000000 +9999')],
    ['no author', 'committer A <a@x> 1 +0000\n'],
    ['an empty name', 'author  <> 1 +0000\ncommitter  <> 1 +0000\n'],
    ['an unknown encoding', `${person('1 +0000')}encoding x-unknown\n`],
  ])('%s', async (_what, header) => {
    const repository = TestRepository.create();
    repository.write('a.txt', NOW).commit('first');
    const tree = repository.git('rev-parse', 'HEAD^{tree}');
    const text = Buffer.from(`tree ${tree}\nparent ${repository.head()}\n${header}\nmessage\0with a NUL \u001b]0;x\u0007 ${OLD}\n`);
    repository.git(
      'update-ref',
      'refs/heads/main',
      repository.gitWith({ input: text }, 'hash-object', '-t', 'commit', '-w', '--literally', '--stdin'),
    );
    const { report } = await attack({ cwd: repository.path, code: [1, 3], secrets: SECRETS, counts: {} });
    expect(files(report)).toContain('a.txt');
    expect(report.findings).toHaveLength(2);
  });
});

test('D23: other ways to store', async () => {
  const repository = TestRepository.create({ objectFormat: 'sha256' });
  repository.write('a.txt', NOW).commit('first');
  repository.git('repack', '-adq', '--write-bitmap-index');
  repository.git('commit-graph', 'write');
  repository.git('multi-pack-index', 'write');
  repository.gitWith({ input: 'x' }, 'hash-object', '-t', 'odd', '-w', '--literally', '--stdin');
  const { report } = await attack({ cwd: repository.path, code: [1, 3], secrets: SECRETS, counts: {} });
  expect(files(report)).toEqual(new Set(['a.txt']));
});

test('D24: submodules are never fetched', async () => {
  const repository = victim();
  repository.write(
    '.gitmodules',
    `[submodule "-u./x"]\n\tpath = sub\n\turl = ext::${tripwire('gitmodules')}\n\tupdate = !${tripwire('gitmodules')}\n`,
  );
  repository.git('update-index', '--add', '--cacheinfo', `160000,${'12'.repeat(20)},sub`);
  repository.git('add', '.gitmodules');
  repository.commitIndex('submodule');
  const { report } = await attack({ cwd: repository.path, code: 1, secrets: SECRETS, counts: {} });
  expect(report.excluded['submodule']).toBe(1);
});

describe('D25: HEAD', () => {
  test('of nothing', async () => {
    const { stdout } = await attack({ cwd: TestRepository.create().path, code: 0 });
    expect(stdout).toContain('the repository has no commits yet');
  });

  test.each<[string, number, (one: TestRepository) => void]>([
    ['unborn, beside commits', 1, (one) => void one.git('symbolic-ref', 'HEAD', 'refs/heads/new')],
    ['detached', 1, (one) => void one.git('checkout', '--quiet', '--detach')],
    ['broken', 2, (one) => writeFileSync(join(one.path, '.git', 'HEAD'), 'junk\n')],
    ['of a broken ref', 3, (one) => writeFileSync(join(one.path, '.git', 'refs', 'heads', 'main'), `${'12'.repeat(20)}\n`)],
    [
      'gone, with only a tag left',
      1,
      (one) => {
        one.git('tag', 'v1');
        one.git('update-ref', '-d', 'refs/heads/main');
      },
    ],
  ])('%s', async (_what, code, change) => {
    const repository = victim();
    change(repository);
    await attack({ cwd: repository.path, code: [code, ...(code === 2 ? [3] : [])], secrets: SECRETS, counts: {} });
  });
});

test('D26: variables of git that point elsewhere', async () => {
  const repository = victim();
  const other = TestRepository.create();
  other.write('a', 'a').commit('x');
  const env = {
    GIT_DIR: join(other.path, '.git'),
    GIT_WORK_TREE: other.path,
    GIT_INDEX_FILE: join(other.path, '.git', 'index'),
    GIT_OBJECT_DIRECTORY: join(other.path, '.git', 'objects'),
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.fsmonitor',
    GIT_CONFIG_VALUE_0: tripwire('GIT_CONFIG'),
    GIT_EXTERNAL_DIFF: tripwire('GIT_EXTERNAL_DIFF'),
    GIT_TRACE: join(other.path, 'trace'),
    GIT_TRACE2_EVENT: join(other.path, 'trace2'),
    GIT_EXEC_PATH: temporaryFolder(),
    GIT_PAGER: tripwire('GIT_PAGER'),
    PAGER: tripwire('PAGER'),
    EDITOR: tripwire('EDITOR'),
    GIT_ASKPASS: tripwire('GIT_ASKPASS'),
    GIT_SSH_COMMAND: tripwire('GIT_SSH_COMMAND'),
  };
  const { report } = await attack({ cwd: repository.path, code: 1, secrets: SECRETS, env, watched: [other.path] });
  expect(files(report)).toEqual(ALL);
});

test('D27: debugging variables print no content', async () => {
  const repository = victim();
  const env = { DEBUG: '*', NODE_DEBUG: 'fs,child_process,module', NODE_OPTIONS: '--report-on-fatalerror --trace-warnings' };
  const { code } = await attackAsProcess({
    cwd: repository.path,
    argv: ['--range', 'main~1..main'],
    code: 1,
    secrets: SECRETS,
    env,
    counts: {},
    again: false,
  });
  expect(code).toBe(1);
});

const others = unless(IS_ROOT, 'only root can give a repository to another user');

test.skipIf(others.skip)(`D7: a repository of another user${others.why}`, async () => {
  const repository = victim();
  spawnSync('chown', ['-R', '1234', repository.path]);
  const { stderr } = await attack({ cwd: repository.path, code: 2, secrets: SECRETS });
  expect(stderr).toContain('belongs to another user');
  rmSync(repository.path, { recursive: true });
});

test('D15: where a secret may stand: each row of the table in the README', async () => {
  const repository = TestRepository.create();
  const token = (where: string): string => githubToken(`d15 ${where}`);
  repository.write('a.txt', 'a').commit(`message ${token('message')}`, { author: `Ada ${token('author')} <a@x>` });
  repository.tag('v1', token('tag message'));
  repository.git('branch', token('branch'));
  repository.git('notes', 'add', '-m', token('note'));
  repository.write('stash.txt', token('stash')).stash('entry');
  repository.write('reset.txt', token('reflog')).commit('reset');
  repository.git('reset', '--quiet', '--hard', 'HEAD~1');
  rmSync(join(repository.path, '.git', 'ORIG_HEAD'), { force: true });
  repository.gitWith({ input: token('dangling') }, 'hash-object', '-w', '--stdin');
  repository.git(
    'update-ref',
    'refs/pull/1/head',
    repository.gitWith({ input: token('pull') }, 'commit-tree', repository.git('rev-parse', 'HEAD^{tree}')),
  );
  repository.write('ignored.txt', token('ignored')).write('untracked.txt', token('untracked'));
  writeFileSync(join(repository.path, '.git', 'info', 'exclude'), 'ignored.txt\n');
  repository.write('staged.txt', token('staged')).git('add', 'staged.txt');
  writeFileSync(join(repository.path, '.git', 'description'), token('git folder'));
  const where = [
    'message',
    'author',
    'tag message',
    'branch',
    'note',
    'stash',
    'reflog',
    'dangling',
    'pull',
    'ignored',
    'untracked',
    'staged',
    'git folder',
  ];
  const seen = async (argv: readonly string[]): Promise<string[]> => {
    const { report } = await attack({ cwd: repository.path, argv: [...argv, '--show-secrets'], code: 1, counts: {} });
    const secrets = new Set(report.findings.map(({ secret }) => secret));
    return where.filter((place) => !secrets.has(token(place)));
  };
  expect(await seen([])).toEqual(['reflog', 'dangling', 'ignored', 'git folder']);
  expect(await seen(['--all-objects', '--ignored'])).toEqual(['git folder']);
});
