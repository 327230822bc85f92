/**
 * Part E: git goes wrong. Each call of a run in turn fails in one of twelve ways; whatever the program then says, it must
 * never be that all is well with less than all of it.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { isInSlice, shareOfSlice, SOAK, tellCases } from '../support/sample.ts';
import { githubToken, stripeKey } from '../support/secrets.ts';
import { FAULT_NAMES, faultyGit, type Fault } from './faulty-git.ts';
import { attackMostlyHere as attack, REAL_GIT, type Survived } from './harness.ts';

const SECRETS = ['old', 'now', 'topic', 'staged', 'untracked'].map((name) => githubToken(name));
const [OLD = '', NOW = '', TOPIC = '', STAGED = '', UNTRACKED = ''] = SECRETS;

/** Secrets in commits, on a branch, staged, and untracked; refs and objects packed. */
function victim(): TestRepository {
  const repository = TestRepository.create();
  repository.write('old.txt', `${OLD}\n`).write('.env.example', 'A=\n').commit('first');
  repository.remove('old.txt').write('now.txt', `${NOW}\n`).commit('second');
  repository.branch('topic').write('topic.txt', `${TOPIC}\n`).commit('third');
  repository.tag('v1', 'release');
  repository.checkout('main').git('pack-refs', '--all');
  repository.git('repack', '-adq');
  repository.write('staged.txt', `${STAGED}\n`).git('add', 'staged.txt');
  repository.write('untracked.txt', `${UNTRACKED}\n`).write('.env', `STRIPE_SECRET_KEY=${stripeKey('env')}\n`);
  return repository;
}

function places({ findings }: ReportV1): string[] {
  return findings
    .flatMap(({ ruleId, locations }) => locations.map(({ file, startLine, commit }) => `${ruleId} ${file}:${startLine} ${commit}`))
    .toSorted();
}

function missed({ notScanned }: ReportV1): string[] {
  return notScanned.map(({ reason, unit }) => `${reason} ${unit}`).toSorted();
}

const MODES = {
  everything: [],
  'what is staged': ['--staged'],
  ...(SOAK
    ? {
        'everything, read through git': ['--reader=git'],
        'a range': ['--range', 'main~1..topic'],
        'the working tree': ['--no-history'],
        'all objects': ['--all-objects', '--reader=git'],
        paths: ['.', 'now.txt'],
      }
    : {}),
} as const;

interface Faulty {
  readonly result: Survived;
  /** Arguments of each call of git. */
  readonly calls: readonly string[];
}

/** A silence that is an answer by itself, with the exit code that belongs to it: nobody can tell it from the truth. */
const ANSWERS = /^(?:.* )?(?:diff-index|config --get-regexp|symbolic-ref|ls-files -z --others --ignored) /;

/** A run whose call number `call`, from 1, goes wrong; with 0 none does. */
async function withFault(mode: keyof typeof MODES, repository: TestRepository, fault: Fault, call: number): Promise<Faulty> {
  const git = faultyGit(fault, call);
  const result = await attack({
    cwd: repository.path,
    argv: MODES[mode] as readonly string[],
    code: call === 0 ? 1 : [0, 1, 2, 3],
    secrets: SECRETS,
    gitFolder: git.folder,
    ...(call === 0 ? {} : { impatient: true }),
    // One that hangs ends after 3 s of a free machine; a soak runs beside other work, and may wait for its turn.
    limit: SOAK ? 60 : 10,
    again: false,
    counts: {},
  });
  return { result, calls: git.calls() };
}

/** On a busy machine git may be given up as one that hangs before the call that is to go wrong: then it is tried again. */
async function reaching(call: number, run: () => Promise<Faulty>): Promise<Faulty> {
  for (let left = 5; ; left--) {
    const faulty = await run();
    if (faulty.calls.length >= call || left === 1) return faulty;
  }
}

/** Whatever it says, it is not that all is well with less than all of it. */
function expectNoSilence({ result, calls }: Faulty, fault: Fault, call: number, mode: string, sound: ReportV1): void {
  const which = calls[call - 1] ?? expect.unreachable(`${mode}: there was no call ${call}`);
  const told = `${mode}: ${which.replace(/^.*gc\.auto=0 /, '')} ${fault}: ${result.stdout}${result.stderr}`;
  if (result.code === 2) expect(result.stderr, told).toContain('error: ');
  if (result.code === 3) for (const { reason } of result.report.notScanned) expect(reason, told).toMatch(/^(?:GIT|OBJECT|REF)-/);
  if (result.code === 0 || result.code === 1) {
    if (fault === 'says nothing and ends well' && ANSWERS.test(which)) return;
    expect(places(result.report), told).toEqual(places(sound));
  }
}

describe.each(Object.keys(MODES) as (keyof typeof MODES)[])('%s', (mode) => {
  test(
    `E3 to E8: each call of git goes wrong in ${SOAK ? 'every way' : 'one of twelve ways'}`,
    async () => {
      const repository = victim();
      const sound = await withFault(mode, repository, 'dies at once', 0);
      expect(sound.calls.length).toBeGreaterThan(1);
      let ran = 0;
      for (let call = 1; call <= sound.calls.length; call++) {
        for (const [index, fault] of FAULT_NAMES.entries()) {
          // Without a soak: one way for each call, another for the next.
          const isTaken = SOAK ? isInSlice(call + index) : index === (call * 5) % FAULT_NAMES.length;
          if (!isTaken) continue;
          const faulty = await reaching(call, () => withFault(mode, repository, fault, call));
          expectNoSilence(faulty, fault, call, mode, sound.result.report);
          ran++;
        }
      }
      tellCases(`${sound.calls.length} calls of git for ${mode}`, ran);
    },
    SOAK ? 3_600_000 : 300_000,
  );
});

describe.each([
  ['a range', ['--range', 'main~1..topic'], 'so only the objects that it named were scanned'],
  ['everything, read through git', ['--reader=git'], 'so all objects that are there were scanned'],
])('E8: all walks over %s go wrong alike', (_mode, argv, scanned) => {
  let repository: TestRepository;

  beforeAll(() => {
    repository = victim();
  });

  // Those after which git ends well, which nobody would notice in one walk alone.
  const faults = FAULT_NAMES.filter((name, index) => (SOAK ? isInSlice(index) : name.includes('ends well') || name === 'dies in the middle'));

  test.each(faults)('%s', async (fault) => {
    const git = faultyGit(fault, 'rev-list --objects');
    const limit = SOAK ? 60 : 10;
    const { report } = await attack({
      cwd: repository.path,
      argv,
      code: 3,
      secrets: SECRETS,
      gitFolder: git.folder,
      impatient: true,
      limit,
      again: false,
      counts: {},
    });
    expect(git.calls().filter((call) => call.includes('rev-list --objects'))).toHaveLength(2);
    expect(missed(report)).toContain('GIT-FAILED the walk over the history');
    expect(report.notScanned.find(({ unit }) => unit === 'the walk over the history')?.detail).toContain(scanned);
  });
});

function looseObject(repository: TestRepository, id: string): string {
  return join(repository.path, '.git', 'objects', id.slice(0, 2), id.slice(2));
}

/** Three commits whose objects are loose. */
function loose(): TestRepository {
  const repository = TestRepository.create();
  repository.write('old.txt', `${OLD}\n`).commit('first');
  repository.remove('old.txt').write('now.txt', `${NOW}\n`).commit('second');
  return repository;
}

describe('E1: no git', () => {
  test('files are scanned without', async () => {
    const { report } = await attack({ cwd: folderWith({ a: NOW }), code: 1, secrets: [NOW], env: { PATH: '/nowhere' }, counts: { files: 1 } });
    expect(report.findings).toHaveLength(1);
  });

  test('a repository is an error, with advice', async () => {
    const { stderr } = await attack({ cwd: loose().path, code: 2, secrets: SECRETS, env: { PATH: '/nowhere' } });
    expect(stderr).toContain('Install git');
  });
});

/** A git that does something before it is the real one. */
function gitThat(does: string): string {
  const folder = folderWith({ git: `#!/bin/sh\n${does}\nexec '${REAL_GIT}' "$@"\n` });
  execFileSync('chmod', ['+x', join(folder, 'git')]);
  return folder;
}

test.each(['git version 2.39.GIT', 'git version 3.1.4', '', 'x'])('E2: a git that says of itself %j', async (version) => {
  const gitFolder = gitThat(`case "$*" in *version*) echo '${version}'; exit 0;; esac`);
  const { report } = await attack({ cwd: loose().path, code: 1, secrets: SECRETS, gitFolder });
  expect(report.findings).toHaveLength(2);
});

test('E2: a git that does not know what is asked of it', async () => {
  const gitFolder = gitThat(`case "$*" in *path-format*) echo "fatal: unknown option" >&2; exit 129;; esac`);
  await attack({ cwd: loose().path, code: 2, secrets: SECRETS, gitFolder });
});

test('E4: warnings on stderr are no failure', async () => {
  const gitFolder = gitThat('echo "warning: inexact rename detection was skipped due to too many files." >&2');
  const { report } = await attack({ cwd: loose().path, code: 1, secrets: SECRETS, gitFolder });
  expect(report.findings).toHaveLength(2);
});

describe('E9: the object database is damaged', () => {
  test.each<[string, (repository: TestRepository) => string]>([
    ['a blob is removed', (repository) => (rmSync(looseObject(repository, repository.blob('old.txt', 'main~1'))), 'OBJECT-MISSING')],
    ['a blob is cut off', (repository) => (truncateSync(looseObject(repository, repository.blob('old.txt', 'main~1')), 9), 'OBJECT-')],
    ['a blob is empty', (repository) => (truncateSync(looseObject(repository, repository.blob('old.txt', 'main~1')), 0), 'OBJECT-')],
    ['a tree is removed', (repository) => (rmSync(looseObject(repository, repository.git('rev-parse', 'main~1^{tree}'))), '')],
    ['a commit is removed', (repository) => (rmSync(looseObject(repository, repository.git('rev-parse', 'main~1'))), '')],
  ])('%s', async (_what, damage) => {
    const repository = loose();
    const reason = damage(repository);
    for (const argv of [[], ['--reader=git']]) {
      const { report } = await attack({ cwd: repository.path, argv, code: 3, secrets: SECRETS, counts: {} });
      expect(missed(report).join('\n')).toContain(reason);
      expect(report.findings.length).toBeGreaterThan(0);
    }
  });

  test('the index of a pack is missing, and a pack is cut off', async () => {
    for (const damage of ['idx', 'pack']) {
      const repository = loose();
      repository.git('repack', '-adq');
      const folder = join(repository.path, '.git', 'objects', 'pack');
      const name = readdirSync(folder).find((file) => file.endsWith(`.${damage}`)) ?? '';
      execFileSync('chmod', ['u+w', join(folder, name)]);
      if (damage === 'idx') rmSync(join(folder, name));
      else truncateSync(join(folder, name), 60);
      await attack({ cwd: repository.path, code: [2, 3], secrets: SECRETS, counts: {} });
    }
  });
});

test('E10: broken refs hide no other', async () => {
  const repository = loose();
  writeFileSync(join(repository.path, '.git', 'refs', 'heads', 'gone'), `${'12'.repeat(20)}\n`);
  writeFileSync(join(repository.path, '.git', 'refs', 'heads', 'junk'), 'junk\n');
  const { report } = await attack({ cwd: repository.path, code: 3, secrets: SECRETS, counts: {} });
  expect(missed(report)).toEqual(['REF-BROKEN refs/heads/gone', 'REF-BROKEN refs/heads/junk']);
  expect(report.findings).toHaveLength(2);
});

test('E11 and E12: the repository is packed again, and grows, while it is scanned', async () => {
  const repository = loose();
  for (let index = 0; index < 30; index++) repository.write('n.txt', `${index}`).commit(`${index}`);
  const busy = spawn(
    'sh',
    ['-c', 'while :; do git repack -adq; git commit -q --allow-empty -m more; git prune-packed; git gc -q --prune=now; done'],
    {
      cwd: repository.path,
      env: repository.environment(),
      detached: true,
      stdio: 'ignore',
    },
  );
  try {
    for (let count = SOAK ? shareOfSlice(50) : 4; count > 0; count--) {
      const { code, report } = await attack({
        cwd: repository.path,
        code: [1, 2, 3],
        secrets: SECRETS,
        counts: {},
        again: false,
        unchanged: false,
        limit: 20,
      });
      if (code === 1) expect(report.findings).toHaveLength(2);
    }
  } finally {
    process.kill(-(busy.pid ?? 0), 'SIGKILL');
  }
});

describe('E13: what a clone leaves out', () => {
  test.each<[string, string[], string]>([
    ['shallow', ['--depth=1'], 'SHALLOW'],
    ['without blobs', ['--filter=blob:none', '--no-checkout'], 'PROMISOR'],
    ['without trees', ['--filter=tree:0', '--no-checkout'], ''],
  ])('%s', async (_what, flags, reason) => {
    const origin = loose();
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const clone = join(temporaryFolder(), 'clone');
    origin.git('clone', '--quiet', ...flags, `file://${origin.path}`, clone);
    const { report } = await attack({ cwd: clone, code: 3, secrets: SECRETS, counts: {}, watched: [origin.path] });
    expect(missed(report).join('\n')).toContain(reason);
  });
});

describe('E14: ranges whose base is not what it should be', () => {
  test.each<[string, number]>([
    ['12'.repeat(20), 2],
    ['0'.repeat(40), 2],
    ['nothing', 2],
    ['main', 0],
    ['other', 1],
  ])('%s', async (base, code) => {
    const repository = loose();
    repository.git('checkout', '--quiet', '--orphan', 'other');
    repository.git('rm', '-rfq', '.');
    repository.write('x', 'x').commit('unrelated');
    await attack({ cwd: repository.path, argv: ['--range', `${base}..main`], code, secrets: SECRETS });
  });
});

test('E15: fewer open files than there are', async () => {
  const cwd = loose().path;
  const module = join(folderWith({ 'many.mjs': "import fs from 'node:fs'; for (let i = 0; i < 900; i++) fs.openSync('/dev/null');" }), 'many.mjs');
  await attack({ cwd, code: [1, 2, 3], secrets: SECRETS, node: [`--import=${module}`] });
});

test('E16: a lock, and a repository that may not be written to', async () => {
  const repository = loose();
  writeFileSync(join(repository.path, '.git', 'index.lock'), '');
  execFileSync('chmod', ['-R', 'a-w', repository.path]);
  const { report } = await attack({ cwd: repository.path, code: 1, secrets: SECRETS });
  expect(report.findings).toHaveLength(2);
  execFileSync('chmod', ['-R', 'u+w', repository.path]);
});

describe('E17: indexes of other kinds', () => {
  test.each<[string, string[][]]>([
    ['version 4', [['update-index', '--index-version', '4']]],
    [
      'split',
      [
        ['config', 'core.splitIndex', 'true'],
        ['update-index', '--split-index'],
        ['add', 'second.txt'],
      ],
    ],
    ['with a cache of what is untracked', [['update-index', '--untracked-cache']]],
    [
      'sparse',
      [
        ['sparse-checkout', 'set', '--cone', '--sparse-index', 'sub'],
        ['add', '--sparse', 'second.txt'],
      ],
    ],
  ])('%s', async (what, commands) => {
    const repository = loose();
    repository.write('sub/a.txt', 'a').write('sub/b.txt', 'b').commit('more');
    repository.write('second.txt', STAGED);
    for (const command of commands) repository.git(...command);
    repository.git('add', '--sparse', 'second.txt');
    // To read a sparse index git itself writes trees into the object database; see ARCHITECTURE.md.
    const more = what === 'sparse' ? ({ unchanged: false } as const) : {};
    const { report } = await attack({ cwd: repository.path, argv: ['--staged'], code: 1, secrets: SECRETS, ...more });
    expect(places(report)).toEqual(['github-pat-classic second.txt:1 undefined']);
    const all = await attack({ cwd: repository.path, code: 1, secrets: SECRETS, counts: {}, ...more });
    expect(all.report.findings).toHaveLength(3);
  });

  test('damaged', async () => {
    const repository = loose();
    truncateSync(join(repository.path, '.git', 'index'), 50);
    await attack({ cwd: repository.path, argv: ['--staged'], code: 2, secrets: SECRETS });
    await attack({ cwd: repository.path, code: [2, 3], secrets: SECRETS, counts: {} });
  });
});

describe('E18: what is staged, and nothing else', () => {
  const stage = (one: TestRepository, text: string): void => void one.write('s.txt', text).git('add', 's.txt');
  const cases: [string, (repository: TestRepository) => void, number][] = [
    [
      'only staged',
      (one) => {
        stage(one, STAGED);
        one.write('s.txt', 'x');
      },
      1,
    ],
    [
      'only in the working tree',
      (one) => {
        stage(one, 'x');
        one.write('s.txt', STAGED);
      },
      0,
    ],
    [
      'staged, and removed from the working tree',
      (one) => {
        stage(one, STAGED);
        one.remove('s.txt');
      },
      1,
    ],
    ['intent to add', (one) => void one.write('s.txt', STAGED).git('add', '-N', 's.txt'), 0],
    ['a change of mode', (one) => void one.git('update-index', '--chmod=+x', 'now.txt'), 0],
    ['a rename', (one) => void one.git('mv', 'now.txt', 'moved.txt'), 1],
    ['a submodule', (one) => void one.git('update-index', '--add', '--cacheinfo', `160000,${'12'.repeat(20)},sub`), 0],
  ];

  test.each(cases)('%s', async (_what, change, code) => {
    const repository = loose();
    change(repository);
    await attack({ cwd: repository.path, argv: ['--staged'], code, secrets: SECRETS });
  });
});

describe('E19: the index that a commit uses', () => {
  const HOOK = `#!/bin/sh\nexec '${process.execPath}' '${join(process.cwd(), 'bin/keysift.js')}' --staged --no-progress\n`;

  test.each<[string, string[], boolean]>([
    ['-a', ['-a'], true],
    ['--only', ['--only', 'now.txt'], true],
    ['--only another', ['--only', 'b.txt'], false],
    ['--amend', ['-a', '--amend'], true],
  ])('commit %s', async (_what, flags, refused) => {
    const repository = loose();
    repository.write('b.txt', 'b').commit('b');
    mkdirSync(join(repository.path, '.git', 'hooks'), { recursive: true });
    writeFileSync(join(repository.path, '.git', 'hooks', 'pre-commit'), HOOK, { mode: 0o755 });
    repository.write('now.txt', `${NOW}\n${STAGED}\n`).write('b.txt', 'changed');
    const before = repository.head();
    const { status, stderr, stdout } = repository.tryGit(['commit', '--quiet', '-m', 'x', ...flags]);
    expect([status !== 0, repository.head() === before], `${stdout.toString()}${stderr}`).toEqual([refused, refused]);
  });
});
