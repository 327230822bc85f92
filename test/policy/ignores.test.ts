import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { keysift, keysiftJson, NOW } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { plantOne, stripeKey } from '../support/secrets.ts';

const line = (salt: string): string => `key = "${stripeKey(salt)}"\n`;

/** A connection string, whose password a person may have chosen. */
const database = (salt: string): string => plantOne('url = "postgres://app:[|{{alnum:20}}|]@db.prod.corp.io/app"\n', salt).text;

async function state(
  repository: TestRepository,
  ...argv: string[]
): Promise<{ code: number | null; open: string[]; by: string[]; report: ReportV1 }> {
  const { code, report } = await keysiftJson(argv, { cwd: repository.path });
  const place = ({ locations }: { locations: { file: string }[] }): string => locations[0]?.file ?? '';
  return { code, open: report.findings.map(place), by: report.suppressed.map((entry) => `${entry.by} ${place(entry)}`), report };
}

function withLeak(text = line('leak')): TestRepository {
  const repository = TestRepository.create();
  repository.write('b.txt', `one\n${text}`).commit('first');
  return repository;
}

async function ignored(text?: string): Promise<TestRepository> {
  const repository = withLeak(text);
  const { report } = await state(repository);
  const { code, stderr, stdout } = await keysift(['ignore', report.findings[0]?.id ?? '', '--reason', 'test key of the sandbox'], {
    cwd: repository.path,
  });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^\.keysiftignore: \S+ in b\.txt is ignored\n$/);
  repository.commit('ignore');
  return repository;
}

describe('keysift ignore', () => {
  test('writes a line that says what, where and why, and nothing of the secret', async () => {
    const repository = await ignored();
    const text = readFileSync(join(repository.path, '.keysiftignore'), 'utf8');
    expect(text).toMatch(/\n[0-9a-f]{16}\.[0-9a-f]{24} stripe-secret-key-live b\.txt -- test key of the sandbox\n$/);
    const { code, open, by, report } = await state(repository);
    expect([code, open, by]).toEqual([0, [], ['ignore-file b.txt']]);
    expect(report.suppressed[0]).toMatchObject({ by: 'ignore-file', reason: 'test key of the sandbox' });
    expect([report.counts.suppressed, report.scan.notes]).toEqual([1, []]);
  });

  test('from a report: the line names the finding by its id, without another scan', async () => {
    const repository = withLeak();
    const { report } = await state(repository);
    const id = report.findings[0]?.id ?? '';
    const file = join(folderWith({ 'r.json': JSON.stringify(report) }), 'r.json');
    const accept = (given: string, ...more: string[]) =>
      keysift(['ignore', given, '--from', file, '--reason', 'x', ...more], { cwd: repository.path });
    expect(await accept(id.slice(0, 8), '--until', '2027-01-31')).toEqual({
      code: 0,
      stderr: '',
      stdout: '.keysiftignore: stripe-secret-key-live in b.txt is ignored until 2027-01-31\n',
    });
    await accept(id);
    const lines = readFileSync(join(repository.path, '.keysiftignore'), 'utf8').split('\n').slice(1, -1);
    expect(lines).toEqual([`${id} stripe-secret-key-live b.txt -- x`]);
    repository.commit('ignore');
    expect(await state(repository)).toMatchObject({ code: 0, by: ['ignore-file b.txt'] });
    expect(await accept('ffffffffff')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no finding "ffffffffff" in that report') as string,
    });
  });

  test('a report that somebody else made adds no lines of its own', async () => {
    const repository = withLeak();
    const { report } = await state(repository);
    const given = { ...report, findings: report.findings.map((finding) => ({ ...finding, ruleId: `x\n${finding.id} y -- all` })) };
    const cwd = folderWith({ 'r.json': JSON.stringify(given) });
    const { code, stderr } = await keysift(['ignore', report.findings[0]?.id ?? '', '--from', 'r.json', '--reason', 'x'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining('as no keysift does')]);
  });

  test('outlives an edit above, a move, an amended commit and a squash into a new history', async () => {
    const repository = await ignored();
    repository.write('b.txt', `zero\n\n\none\n${line('leak')}`).commit('edit');
    expect((await state(repository)).by).toEqual(['ignore-file b.txt']);
    repository.git('mv', 'b.txt', 'a.txt');
    repository.commit('move');
    expect((await state(repository)).by).toEqual(['ignore-file a.txt']);
    repository.write('src/deep/z.txt', line('leak')).remove('a.txt').commit('move again');
    expect(await state(repository)).toMatchObject({ code: 0, open: [], by: ['ignore-file src/deep/z.txt'] });
    repository.git('commit', '--quiet', '--amend', '--no-verify', '--message', 'other');
    expect((await state(repository)).code).toBe(0);
    repository.git('checkout', '--quiet', '--orphan', 'squashed');
    repository.commit('all in one');
    repository.git('branch', '--delete', '--force', 'main');
    expect((await state(repository, '--range', 'HEAD~0..HEAD')).code).toBe(0);
    expect(await state(repository)).toMatchObject({ code: 0, by: ['ignore-file src/deep/z.txt'] });
  });

  test('another key at the same place is a finding', async () => {
    const repository = await ignored();
    repository.write('b.txt', `one\n${line('another')}`);
    expect(await state(repository)).toMatchObject({ code: 1, open: ['b.txt'], by: ['ignore-file b.txt'] });
    repository.git('add', '--all');
    expect(await state(repository, '--staged')).toMatchObject({ code: 1, open: ['b.txt'], by: [] });
  });

  test('a password is known by its place alone, also after a move', async () => {
    const repository = await ignored(database('a'));
    expect(readFileSync(join(repository.path, '.keysiftignore'), 'utf8')).toMatch(/\n[0-9a-f]{20} \S+ b\.txt -- test/);
    expect(await state(repository)).toMatchObject({ code: 0, by: ['ignore-file b.txt'] });
    repository.git('mv', 'b.txt', 'a.txt');
    repository.commit('move');
    expect(await state(repository)).toMatchObject({ code: 0, by: ['ignore-file a.txt'] });
  });

  test('until a day, and a second time with another reason', async () => {
    const repository = withLeak();
    const id = (await state(repository)).report.findings[0]?.id ?? '';
    const ignore = (...argv: string[]) => keysift(['ignore', id.slice(0, 8), '--reason', 'x', ...argv], { cwd: repository.path });
    expect((await ignore('--until', '2026-07-31')).stdout).toContain('is ignored until 2026-07-31');
    expect((await ignore('--until', '2026-08-31')).code).toBe(0);
    expect(readFileSync(join(repository.path, '.keysiftignore'), 'utf8').match(/until=2026/g)).toHaveLength(1);
    expect((await state(repository)).by).toEqual(['ignore-file b.txt']);
    const later = await keysiftJson([], { cwd: repository.path, now: new Date('2026-09-01T00:00:00Z') });
    expect([later.code, later.report.scan.notes]).toEqual([1, [expect.stringMatching(/^\.keysiftignore:2: the entry for \S+ ended on 2026-08-31$/)]]);
    const lastDay = await keysiftJson([], { cwd: repository.path, now: new Date('2026-08-31T23:00:00Z') });
    expect(lastDay.code).toBe(0);
  });

  test.each([
    [['ignore', 'ffffffff', '--reason', 'x'], 'there is no finding "ffffffff"'],
    [['ignore', 'ffffffff'], 'a reason is needed'],
    [['ignore', 'ffffffff', '--reason', ' '], 'a reason is needed'],
    [['ignore', '--reason', 'x'], 'ignore takes an id, or --from FILE'],
    [['ignore', 'ffffffff', '--from', 'x'], 'a reason is needed'],
    [['ignore', 'ffffffff', '--from', 'x', '--reason', 'x'], 'cannot read x: there is no such file'],
    [['ignore', 'ffffffff', '--from', '.', '--reason', 'x'], 'cannot read .: it is a folder'],
    [['ignore', '--from', 'nowhere'], 'cannot read nowhere: there is no such file'],
    [['ignore', 'ffffffff', '--reason', 'a\nb'], 'a reason is one line'],
    [['ignore', 'ffffffff', '--reason', 'x', '--until', '2026-01-01'], '--until needs a day that is not over'],
    [['ignore', 'ffffffff', '--reason', 'x', '--until', 'soon'], '--until needs a day that is not over, not "soon"'],
  ])('%j is refused', async (argv, message) => {
    const { code, stderr } = await keysift(argv, { cwd: withLeak().path });
    expect([code, stderr.includes(message)]).toEqual([2, true]);
  });

  test('what matches nothing, and a misspelt rule, are told; a wide line is an error', async () => {
    const repository = TestRepository.create();
    repository.write('.keysiftignore', `# x\n${'ab'.repeat(10)} stripe-secret-key-liv -- gone\n`).commit('first');
    const { report } = await state(repository);
    expect(report.scan.notes).toEqual([
      `.keysiftignore:2: the entry for ${'ab'.repeat(10)} matches nothing; take the line out`,
      '.keysiftignore:2: there is no rule stripe-secret-key-liv. Did you mean stripe-secret-key-live?',
    ]);
    // A scan that did not look everywhere cannot know.
    expect((await state(repository, '--no-history')).report.scan.notes).toHaveLength(1);
    repository.write('.keysiftignore', '**\n');
    expect(await keysift([], { cwd: repository.path })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('.keysiftignore:1: an entry names one finding') as string,
    });
  });
});

describe('ignore comments', () => {
  const scan = async (text: string, ...argv: string[]): Promise<{ code: number | null; notes: string[]; by: string[] }> => {
    const { code, report } = await keysiftJson(argv, { cwd: folderWith({ 'a.txt': text }) });
    return { code, notes: report.scan.notes, by: report.suppressed.map((entry) => `${entry.by}: ${entry.reason}`) };
  };
  const secret = `key = "${stripeKey('inline')}"`;

  test('on the line, the next one, and around', async () => {
    const accepted = { code: 0, notes: [], by: ['inline: test key'] };
    expect(await scan(`${secret} # keysift:allow stripe-secret-key-live -- test key\n`)).toEqual(accepted);
    expect(await scan(`# keysift:allow-next-line stripe-secret-key-live -- test key\n${secret}\n`)).toEqual(accepted);
    expect(await scan(`# keysift:allow-begin stripe-secret-key-live -- test key\n\n${secret}\n\n# keysift:allow-end\n`)).toEqual(accepted);
    // The family of a key that a provider may claim.
    expect(await scan(`${secret} # keysift:allow unattributed-secret-key-live -- test key\n`)).toEqual(accepted);
    expect((await scan(`# keysift:allow-next-line stripe-secret-key-live -- x\n\n${secret}\n`)).code).toBe(1);
  });

  test('that are wide, without a reason, unused, misspelt or never closed are told', async () => {
    expect(await scan(`${secret} # keysift:allow\n`)).toEqual({
      code: 0,
      notes: [
        'a.txt:1: keysift:allow names no rule, so it silences them all on its lines',
        'a.txt:1: keysift:allow gives no reason; write it behind " -- "',
      ],
      by: ['inline: '],
    });
    expect(await scan('x # keysift:allow github-pat-classic -- y\n')).toMatchObject({
      code: 0,
      notes: ['a.txt:1: keysift:allow covers nothing; take it out'],
    });
    expect(await scan(`${secret} # keysift:allow stripe-secret-key-liv -- y\n`)).toMatchObject({
      code: 1,
      notes: [
        'a.txt:1: keysift:allow names stripe-secret-key-liv, and there is no such rule. Did you mean stripe-secret-key-live?',
        'a.txt:1: keysift:allow covers nothing; take it out',
      ],
    });
    expect(await scan(`# keysift:allow-begin github-pat-classic -- y\n${secret}\n`)).toMatchObject({
      code: 1,
      notes: ['a.txt:1: keysift:allow-begin has no keysift:allow-end and covers nothing'],
    });
  });

  test.each([
    'gitleaks:allow',
    'betterleaks:allow',
    'trufflehog:ignore',
    'kingfisher:ignore',
    'pragma: allowlist secret',
    'pragma: whitelist secret',
    'secretlint-disable-line',
    'ggignore',
  ])('of others: %s, unless they are switched off', async (marker) => {
    expect(await scan(`${secret} # ${marker}\n`)).toMatchObject({ code: 0, by: ['inline: '] });
    expect(await scan(`${secret} # ${marker}\n`, '--inline-ignores', 'keysift')).toMatchObject({ code: 1, by: [] });
    expect(await scan(`${secret} # keysift:allow stripe-secret-key-live -- x\n`, '--inline-ignores', 'keysift')).toMatchObject({ code: 0 });
    expect(await scan(`${secret} # keysift:allow stripe-secret-key-live -- x\n`, '--inline-ignores', 'none')).toMatchObject({ code: 1 });
  });

  test('what is in a file today decides, not what an old version lacked', async () => {
    const repository = withLeak();
    const commented = `one\n${line('leak').trim()} # keysift:allow stripe-secret-key-live -- test key\n`;
    repository.write('b.txt', commented);
    expect(await state(repository)).toMatchObject({ code: 0, by: ['inline b.txt'] });
    repository.commit('comment');
    expect(await state(repository)).toMatchObject({ code: 0, by: ['inline b.txt'] });
    repository.remove('b.txt').commit('gone');
    expect(await state(repository)).toMatchObject({ code: 0, by: ['inline b.txt'] });
    repository.write('c.txt', line('leak')).commit('a copy without a comment');
    expect(await state(repository)).toMatchObject({ code: 1, open: ['c.txt'] });
  });

  test('in a history that is read as deltas, with the comment far from what changes', async () => {
    const repository = TestRepository.create();
    const filler = Array.from({ length: 400 }, (_, index) => `line ${index}\n`);
    const version = (number: number): string =>
      `# keysift:allow-begin stripe-secret-key-live -- fixtures\n${filler.join('')}${line('delta')}${filler.join('')}# keysift:allow-end\nversion ${number}\n${number > 6 ? line('outside') : ''}`;
    for (let number = 0; number < 10; number++) repository.write('a.txt', version(number)).commit(`${number}`);
    // Beside each other at HEAD, so that one of them is a delta and counts today.
    repository
      .write('b.txt', version(3))
      .write('c.txt', `${version(4)}more\n`)
      .commit('copies');
    repository.git('repack', '-a', '-d', '-f', '--quiet', '--depth=50');
    for (const reader of ['pack', 'git']) {
      const { open, by, report } = await state(repository, '--history-only', '--reader', reader);
      expect([open, by, report.findings[0]?.locations[0]?.startLine]).toEqual([['a.txt'], ['inline a.txt'], 805]);
    }
  });

  test('two secrets on one line, one of them named', async () => {
    const github = plantOne('[|ghp_{{alnum:30}}{{checksum:github}}|]', 'two').secret;
    const { report } = await keysiftJson([], { cwd: folderWith({ 'a.txt': `${secret} ${github} # keysift:allow stripe-secret-key-live -- x\n` }) });
    expect([report.findings.map(({ ruleId }) => ruleId), report.suppressed.map(({ ruleId }) => ruleId)]).toEqual([
      ['github-pat-classic'],
      ['stripe-secret-key-live'],
    ]);
  });

  test('in UTF-16', async () => {
    const wide = await keysiftJson([], {
      cwd: folderWith({ 'a.txt': Buffer.from(`\ufeff${secret} # keysift:allow stripe-secret-key-live -- x\n`, 'utf16le') }),
    });
    expect([wide.code, wide.report.suppressed.length]).toEqual([0, 1]);
  });

  test('many files: threads tell the same', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 2100 }, (_, index) => [
        `f${index}.txt`,
        index % 700 === 0 ? `${secret} # keysift:allow github-pat-classic -- wrong\n` : 'x\n',
      ]),
    );
    const { report } = await keysiftJson(['--jobs', '2'], { cwd: folderWith(files) });
    expect(report.scan.notes).toEqual([
      'f0.txt:1: keysift:allow covers nothing; take it out',
      'f1400.txt:1: keysift:allow covers nothing; take it out',
      'f700.txt:1: keysift:allow covers nothing; take it out',
    ]);
  });
});

describe('keysift ignore --from, what another scanner was told', () => {
  const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

  test('fingerprints of gitleaks: with a commit, without one, and one that is nothing', async () => {
    const repository = TestRepository.create();
    const commit = repository
      .write('b.txt', `one\n${line('leak')}`)
      .write('src/c.txt', line('other'))
      .commit('first');
    repository.write(
      '.gitleaksignore',
      `# ours\n${commit}:b.txt:stripe-access-token:2\nsrc/c.txt:generic-api-key:1\nb.txt:x:7\n${'12'.repeat(20)}:src/c.txt:x:1\n`,
    );
    const { code, stdout, stderr } = await keysift(['ignore', '--from', '.gitleaksignore'], { cwd: repository.path });
    expect([code, stdout]).toEqual([0, '.keysiftignore: 2 findings are ignored, for 2 of 4 entries\n']);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      'b.txt:x:7: no finding of keysift, so it is left out',
      `${'12'.repeat(20)}:src/c.txt:x:1: no finding of keysift, so it is left out`,
    ]);
    const { by, report } = await state(repository);
    expect([by.toSorted(), report.findings, report.suppressed[0]?.reason]).toEqual([
      ['ignore-file b.txt', 'ignore-file src/c.txt'],
      [],
      'ignored in .gitleaksignore',
    ]);
  });

  test('a baseline of detect-secrets: by the hash of the secret, not by its line', async () => {
    const repository = withLeak();
    const entry = (salt: string): object => ({ type: 'Stripe Access Key', filename: 'b.txt', hashed_secret: sha1(stripeKey(salt)), line_number: 99 });
    repository.write('.secrets.baseline', JSON.stringify({ version: '1.5.0', results: { 'b.txt': [entry('leak'), entry('gone')] } }));
    const { code, stdout, stderr } = await keysift(['ignore', '--from', '.secrets.baseline', '--reason', 'old'], { cwd: repository.path });
    expect([code, stdout, stderr]).toEqual([
      0,
      '.keysiftignore: 1 finding is ignored, for 1 of 2 entries\n',
      'b.txt:99: no finding of keysift, so it is left out\n',
    ]);
    expect((await state(repository)).by).toEqual(['ignore-file b.txt']);
  });

  test.each([
    ['nonsense', 'x:1: this is no fingerprint of gitleaks'],
    ['{"results": 3}', 'x: results is not what detect-secrets writes'],
    ['{', 'x is no JSON'],
  ])('%j is refused', async (text, message) => {
    const { code, stderr } = await keysift(['ignore', '--from', 'x'], { cwd: folderWith({ x: text }) });
    expect([code, stderr.includes(message)]).toEqual([2, true]);
  });
});

test('--show-suppressed lists them, and without it they are only counted', async () => {
  const repository = await ignored();
  const { stdout } = await keysift([], { cwd: repository.path, now: NOW });
  expect(stdout).toMatch(/^No findings {2}.* · policy \.keysiftignore · 1 suppressed\n$/);
  const shown = (await keysift(['--show-suppressed'], { cwd: repository.path })).stdout;
  expect(shown).toMatch(
    /^SUPPRESSED: 1 finding\n {2}stripe-secret-key-live {2}b\.txt:2:8 {2}the ignore file, test key of the sandbox · id [0-9a-f]{20}\n/,
  );
  expect(shown).not.toContain(stripeKey('leak').slice(10, 30));
});

test.each([[['ignore', 'ffffffff', '--reason', 'x']], [['ignore', '--from', '.gitleaksignore']], [['explain', 'ffffffff']]])(
  'half a scan decides nothing: %j',
  async (argv) => {
    const cwd = folderWith({ '.gitleaksignore': 'a.txt:some-rule:1\n', 'a.txt': 'nothing\n' });
    expect(await keysift(argv, { cwd, signal: AbortSignal.abort('SIGINT') })).toEqual({ code: 130, stdout: '', stderr: '' });
  },
);
