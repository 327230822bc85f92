/** Commands that write what is accepted, in a folder that is no repository: what they say, write, ask and refuse. */
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { runBaseline, type BaselineAction, type BaselineFlags } from '../../src/cli/baseline-command.ts';
import { Interrupted } from '../../src/cli/io.ts';
import { acceptForeign } from '../../src/cli/import-ignores-command.ts';
import { runIgnore, type IgnoreFlags } from '../../src/cli/ignore-command.ts';
import { runScan } from '../../src/cli/scan-command.ts';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { plantOne, stripeKey } from '../support/secrets.ts';
import { refused, world } from '../support/world.ts';

const FLAGS = { rules: [], policyPackage: [] };
const line = (salt: string): string => `key = "${stripeKey(salt)}"\n`;
const TODAY = new Date('2026-07-01T12:00:00Z');

interface Said {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

const environment = { PATH: process.env['PATH'] };

async function inWorld(cwd: string, run: (io: ReturnType<typeof world>) => Promise<unknown>, answers?: readonly string[]): Promise<Said> {
  const stdin = answers === undefined ? {} : { stdin: Object.assign(Readable.from(answers.map((answer) => `${answer}\n`)), { isTTY: true }) };
  const io = world({ cwd, env: environment, now: () => TODAY, ...stdin });
  const code = await run(io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}
const baseline = (cwd: string, action: BaselineAction, flags: Partial<BaselineFlags> = {}, answers?: readonly string[]): Promise<Said> =>
  inWorld(cwd, (io) => runBaseline(action, { ...FLAGS, ...flags }, io), answers);
const ignore = (cwd: string, id: string | undefined, flags: Partial<IgnoreFlags> = {}): Promise<Said> =>
  inWorld(cwd, (io) => runIgnore(id, { ...FLAGS, ...flags }, io));

async function scanned(cwd: string): Promise<ReportV1> {
  const flags = { ...FLAGS, history: true, stdinName: '', untracked: true, reader: 'pack', progress: false, format: ['json'] } as const;
  const { stdout } = await inWorld(cwd, (io) => runScan([], flags, io));
  return JSON.parse(stdout) as ReportV1;
}

const read = (cwd: string, name = '.keysift-baseline'): string => readFileSync(join(cwd, name), 'utf8');
/** The entries of a file: what they are about, and why. */
const entriesOf = (cwd: string, name?: string): string[] =>
  read(cwd, name)
    .split('\n')
    .filter((text) => text !== '' && !text.startsWith('#'))
    .map((text) => text.slice(text.indexOf(' ') + 1))
    .toSorted();
const ACCEPTED = 'They are accepted, not harmless: revoke them, then keysift baseline prune. keysift baseline audit goes through them.\n';

/** A folder with two keys, and a baseline of them. */
async function accepted(): Promise<string> {
  const cwd = folderWith({ 'a.txt': line('a'), 'b.txt': line('b') });
  expect(await baseline(cwd, 'create')).toEqual({ code: 0, stdout: `.keysift-baseline: 2 secrets added, 2 in all\n${ACCEPTED}`, stderr: '' });
  return cwd;
}

describe('a baseline', () => {
  test('shows how far its scan is on a terminal, while it lasts', async () => {
    const [begun, ended] = [vi.spyOn(globalThis, 'setInterval'), vi.spyOn(globalThis, 'clearInterval')];
    const io = world({ cwd: folderWith({ 'a.txt': line('a') }), env: environment, now: () => TODAY }, true);
    expect(await runBaseline('create', FLAGS, io)).toBe(0);
    const draw = begun.mock.calls[0]?.[0];
    expect(ended).toHaveBeenCalledWith(begun.mock.results[0]?.value);
    vi.restoreAllMocks();
    draw?.();
    expect(io.stderr.text).toContain('scanning: 1 file, ');
  });

  test('is created once, updated by what comes, and pruned of what is gone', async () => {
    const cwd = await accepted();
    expect(entriesOf(cwd)).toEqual(['stripe-secret-key-live a.txt', 'stripe-secret-key-live b.txt']);
    expect((await scanned(cwd)).counts).toMatchObject({ findings: 0, suppressed: 2 });
    expect(await refused(baseline(cwd, 'create'))).toEqual(['.keysift-baseline is there already', 'keysift baseline update adds to it.']);
    const before = read(cwd);
    expect((await baseline(cwd, 'update')).stdout).toBe(`.keysift-baseline: 0 secrets added, 2 in all\n${ACCEPTED}`);
    expect(read(cwd)).toBe(before);
    writeFileSync(join(cwd, 'c.txt'), line('c'));
    expect((await baseline(cwd, 'update')).stdout).toBe(`.keysift-baseline: 1 secret added, 3 in all\n${ACCEPTED}`);
    expect(entriesOf(cwd)).toHaveLength(3);
    rmSync(join(cwd, 'a.txt'));
    expect(await baseline(cwd, 'prune')).toEqual({ code: 0, stdout: '.keysift-baseline: 1 entry removed, 2 left\n', stderr: '' });
    rmSync(join(cwd, 'b.txt'));
    rmSync(join(cwd, 'c.txt'));
    expect((await baseline(cwd, 'prune')).stdout).toBe('.keysift-baseline: 2 entries removed, 0 left\n');
  });

  test('of a repository is about what is tracked or would be, not about what git ignores or nothing reaches', async () => {
    const repository = TestRepository.create();
    repository.write('a.txt', line('a')).write('.gitignore', 'ignored.txt\n').commit('first');
    repository.write('new.txt', line('new')).write('ignored.txt', line('ignored'));
    repository.gitWith({ input: line('alone') }, 'hash-object', '-w', '--stdin');
    await baseline(repository.path, 'create');
    expect(entriesOf(repository.path)).toEqual(['stripe-secret-key-live a.txt', 'stripe-secret-key-live new.txt']);
  });

  test('has the entry of a finding anew that has ended', async () => {
    const cwd = await accepted();
    writeFileSync(join(cwd, '.keysift-baseline'), read(cwd).replaceAll('stripe-secret-key-live a', 'stripe-secret-key-live until=2026-06-30 a'));
    expect((await baseline(cwd, 'update')).stdout).toContain('.keysift-baseline: 1 secret added, 2 in all\n');
    expect(entriesOf(cwd)).toEqual(['stripe-secret-key-live a.txt', 'stripe-secret-key-live b.txt']);
  });

  test('is not written by a scan that was stopped', async () => {
    const cwd = folderWith({ 'a.txt': line('a') });
    const io = world({ cwd, env: environment, now: () => TODAY, signal: AbortSignal.abort('SIGINT') });
    await expect(runBaseline('create', FLAGS, io)).rejects.toEqual(new Interrupted(130));
    expect(readdirSync(cwd)).toEqual(['a.txt']);
  });

  test('of nothing needs no advice', async () => {
    const cwd = folderWith({ 'a.txt': 'nothing\n' });
    expect((await baseline(cwd, 'create')).stdout).toBe('.keysift-baseline: 0 secrets added, 0 in all\n');
  });

  test('has the name that a flag gives it, or the environment, from where one stands', async () => {
    const cwd = folderWith({ 'a.txt': line('a') });
    expect((await baseline(cwd, 'create', { baseline: 'deep/own' })).stdout).toContain('deep/own: 1 secret added');
    expect(existsSync(join(cwd, '.keysift-baseline'))).toBe(false);
    const io = world({ cwd, env: { ...environment, KEYSIFT_BASELINE: 'other' }, now: () => TODAY });
    await runBaseline('create', FLAGS, io);
    expect(io.stdout.text).toContain('other: 1 secret added');
    const empty = world({ cwd, env: { ...environment, KEYSIFT_BASELINE: '' }, now: () => TODAY });
    await runBaseline('create', FLAGS, empty);
    expect(empty.stdout.text).toContain('.keysift-baseline: 1 secret added');
  });

  test('that is not there, or not wanted, is refused', async () => {
    const cwd = folderWith({ 'a.txt': line('a') });
    const none = ['there is no baseline .keysift-baseline', 'keysift baseline create writes it.'];
    expect([await refused(baseline(cwd, 'update')), await refused(baseline(cwd, 'prune')), await refused(baseline(cwd, 'audit', {}, []))]).toEqual([
      none,
      none,
      none,
    ]);
    expect(await refused(baseline(cwd, 'create', { baseline: false }))).toEqual(['--no-baseline leaves nothing to do', 'Leave it out.']);
  });

  test('of an incomplete scan says so, and is not pruned by it', async () => {
    const cwd = await accepted();
    const before = read(cwd);
    const flags = { maxFileSize: 10 };
    const holes = ['\\.keysift-baseline', 'a\\.txt', 'b\\.txt'].map((name) => `not scanned: ${name}: [^\\n]+\\n`).join('');
    const pruned = await baseline(cwd, 'prune', flags);
    expect([pruned.code, pruned.stdout, read(cwd)]).toEqual([3, '', before]);
    expect(pruned.stderr).toMatch(
      new RegExp(`^${holes}error: the scan is incomplete, so nobody knows which entries are left over; nothing was changed\n$`),
    );
    const updated = await baseline(cwd, 'update', flags);
    expect([updated.code, updated.stdout]).toEqual([3, `.keysift-baseline: 0 secrets added, 2 in all\n${ACCEPTED}`]);
    expect(updated.stderr).toMatch(new RegExp(`^${holes}error: the scan is incomplete, so the baseline may be too\n$`));
  });
});

describe('an audit', () => {
  test('asks about each entry without a reason, and writes down each answer', async () => {
    const cwd = await accepted();
    const { code, stdout } = await baseline(cwd, 'audit', {}, ['what?', 'faq', 'piano', 'yesterday', 'y', '', 'Yes', 'a test key', 'NO']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\n1 of 2\n {2}critical [^\n]+: sk_l[^\n]+\n {2}[ab]\.txt:1:8 \(worktree\)\n {2}why /);
    expect(stdout.match(/Accept it\? \[y\]es with a reason, \[n\]o and report it again, \[s\]kip, \[q\]uit: /g)).toHaveLength(7);
    expect(stdout.match(/Reason: /g)).toHaveLength(2);
    expect(stdout).toContain('\n2 of 2\n');
    expect(stdout.endsWith('\n.keysift-baseline: 1 left, 0 without a reason\n')).toBe(true);
    expect(entriesOf(cwd)).toEqual([expect.stringMatching(/^stripe-secret-key-live [ab]\.txt -- a test key$/)]);
    // One that has a reason is asked about on demand alone.
    expect((await baseline(cwd, 'audit', {}, ['q'])).stdout).toBe('\n.keysift-baseline: 1 left, 0 without a reason\n');
    expect((await baseline(cwd, 'audit', { all: true }, ['q'])).stdout).toContain('\n1 of 1\n');
  });

  test.each([
    ['skips', ['s', 'Skip'], 2, 2],
    ['quits', ['q'], 2, 2],
    ['quits in a word', ['QUIT'], 2, 2],
    ['ends with its input', [], 2, 2],
    ['ends with its input before the reason', ['y'], 2, 2],
    ['takes some and quits', ['n', 'quit'], 1, 1],
    ['takes no for both', ['n', 'no'], 0, 0],
    ['quits in a letter', ['q', 'n', 'n'], 2, 2],
    ['skips in a letter', ['s', 'n'], 1, 1],
    ['skips in a word', ['skip', 'n'], 1, 1],
    ['takes no other words for these', ['quick', 'sk', 'nope', 'yesterday', 'n', 'n'], 0, 0],
  ])('%s', async (_what, answers, left, without) => {
    const cwd = await accepted();
    const { stdout } = await baseline(cwd, 'audit', {}, answers);
    expect(stdout.endsWith(`\n.keysift-baseline: ${left} left, ${without} without a reason\n`)).toBe(true);
    expect(entriesOf(cwd)).toHaveLength(left);
  });

  test('shows three places of a secret at most', async () => {
    const cwd = folderWith(Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`${name}.txt`, line('same')])));
    await baseline(cwd, 'create');
    expect((await baseline(cwd, 'audit', {}, ['q'])).stdout.match(/^ {2}[a-d]\.txt:1:8 \(worktree\)$/gm)).toHaveLength(3);
  });

  test('shows each reason why it is one', async () => {
    const cwd = folderWith({ 'a.txt': `data = "${Buffer.from(line('a')).toString('base64')}"\n` });
    await baseline(cwd, 'create');
    const why = (await scanned(cwd)).suppressed[0]?.evidence.map((text) => `  why ${text}\n`) ?? [];
    expect(why.length).toBeGreaterThan(1);
    expect((await baseline(cwd, 'audit', {}, ['q'])).stdout).toContain(why.join(''));
  });

  test('that is interrupted says so, and what was answered is written', async () => {
    const cwd = await accepted();
    const stop = new AbortController();
    const answers = async function* (): AsyncGenerator<string> {
      yield 'n\n';
      await vi.waitUntil(() => io.stdout.text.includes('2 of 2'));
      stop.abort('SIGINT');
    };
    const stdin = Object.assign(Readable.from(answers()), { isTTY: true });
    const io = world({ cwd, env: environment, now: () => TODAY, stdin, signal: stop.signal });
    expect(await runBaseline('audit', FLAGS, io)).toBe(130);
    expect(io.stdout.text).not.toContain('left');
    expect(entriesOf(cwd)).toHaveLength(1);
  });

  test('of a file that cannot be read names it', async () => {
    const cwd = folderWith({ 'a.txt': line('a') });
    mkdirSync(join(cwd, 'own'));
    expect(await refused(baseline(cwd, 'update', { baseline: 'own' }))).toEqual([
      expect.stringContaining(`cannot read ${join(cwd, 'own')}: `),
      expect.any(String),
    ]);
  });

  test('tells of what is not there any more', async () => {
    const cwd = await accepted();
    rmSync(join(cwd, 'a.txt'));
    rmSync(join(cwd, 'b.txt'));
    expect((await baseline(cwd, 'audit', {}, ['q'])).stdout).toMatch(/\n {2}stripe-secret-key-live in [ab]\.txt: not there any more\n/);
  });

  test('needs a terminal, before anything else', async () => {
    expect(await refused(baseline(folderWith({}), 'audit'))).toEqual([
      'audit asks questions, and there is no terminal to answer them',
      'Run it in a terminal.',
    ]);
  });
});

describe('a finding is ignored', () => {
  test('by a line of its own, which another one for it replaces', async () => {
    const cwd = folderWith({ 'a.txt': line('a'), 'b.txt': line('b') });
    const id = (await scanned(cwd)).findings.find(({ locations }) => locations[0]?.file === 'a.txt')?.id ?? '';
    const said = (more = ''): Said => ({
      code: 0,
      stdout: `.keysiftignore: stripe-secret-key-live in a.txt is ignored${more}\n`,
      stderr: '',
    });
    expect(await ignore(cwd, id, { reason: 'a test key', until: '2026-07-01' })).toEqual(said(' until 2026-07-01'));
    writeFileSync(join(cwd, '.keysiftignore'), `${read(cwd, '.keysiftignore')}# more\n\n\n`);
    expect(await ignore(cwd, id, { reason: 'another' })).toEqual(said());
    expect(entriesOf(cwd, '.keysiftignore')).toEqual(['stripe-secret-key-live a.txt -- another']);
    expect(read(cwd, '.keysiftignore')).toMatch(/\n# more\n[^\n]+ -- another\n$/);
    expect((await scanned(cwd)).counts).toMatchObject({ findings: 1, suppressed: 1 });
  });

  test('as a report names it, without a scan', async () => {
    const cwd = folderWith({ 'a.txt': line('a') });
    const report = await scanned(cwd);
    const id = report.findings[0]?.id ?? '';
    const from = join(folderWith({ 'r.json': JSON.stringify(report) }), 'r.json');
    rmSync(join(cwd, 'a.txt'));
    for (const reason of ['one', 'two'])
      expect((await ignore(cwd, id, { reason, from })).stdout).toContain('stripe-secret-key-live in a.txt is ignored');
    expect(read(cwd, '.keysiftignore')).toContain(`\n${id} stripe-secret-key-live a.txt -- two\n`);
    expect(entriesOf(cwd, '.keysiftignore')).toHaveLength(1);
    writeFileSync(from, JSON.stringify(report).replaceAll('"stripe-secret-key-live"', '"no rule"'));
    expect(await refused(ignore(cwd, id, { reason: 'x', from }))).toEqual([
      'the report names that finding or its rule as no keysift does',
      'Scan again.',
    ]);
    expect(await refused(ignore(cwd, 'ffffffff', { reason: 'x', from }))).toEqual([
      'there is no finding "ffffffff" in that report',
      expect.any(String),
    ]);
  });

  test('with its public half, which has a line of its own, by a scan as by a report', async () => {
    const value = (template: string): string => plantOne(`[|${template}|]`, 'accepted pair').secret;
    const pair = `[default]\naws_access_key_id = ${value('AKIA{{[A-Z2-7]:16}}')}\naws_secret_access_key = ${value('{{base64:40}}')}\n`;
    const cwd = folderWith({ 'a.ini': pair, 'b.txt': line('b') });
    const report = await scanned(cwd);
    const secret = report.findings.find(({ ruleId }) => ruleId === 'aws-secret-access-key');
    const half = secret?.halves?.[0]?.id ?? '';
    const from = join(folderWith({ 'r.json': JSON.stringify(report) }), 'r.json');
    const said = (...rules: string[]): Said => ({
      code: 0,
      stdout: rules.map((rule) => `.keysiftignore: ${rule} in a.ini is ignored\n`).join(''),
      stderr: '',
    });
    for (const flags of [{}, { from }]) {
      const both = await ignore(cwd, secret?.id ?? '', { reason: 'one', ...flags });
      expect(both).toEqual(said('aws-secret-access-key', 'aws-access-key-id'));
      // Again by the half alone: its line is the one that is replaced.
      expect(await ignore(cwd, half, { reason: 'two', ...flags })).toEqual(said('aws-access-key-id'));
      expect(entriesOf(cwd, '.keysiftignore')).toEqual(['aws-access-key-id a.ini -- two', 'aws-secret-access-key a.ini -- one']);
      expect((await scanned(cwd)).counts).toMatchObject({ findings: 1 });
      // And a report that holds both has lines of both anew.
      expect(await ignore(cwd, secret?.id ?? '', { reason: 'three', from })).toEqual(both);
      expect(entriesOf(cwd, '.keysiftignore')).toEqual(['aws-access-key-id a.ini -- three', 'aws-secret-access-key a.ini -- three']);
      rmSync(join(cwd, '.keysiftignore'));
    }
    for (const wrong of ['aws-access-key-id', half]) {
      writeFileSync(from, JSON.stringify(report).replaceAll(`"${wrong}"`, '"no name"'));
      expect(await refused(ignore(cwd, secret?.id ?? '', { reason: 'x', from }))).toEqual([
        'the report names that finding or its rule as no keysift does',
        'Scan again.',
      ]);
    }
  });

  test('that a report tells no place of', async () => {
    const cwd = folderWith({ 'a.txt': line('a') });
    const { findings, ...report } = await scanned(cwd);
    const id = findings[0]?.id ?? '';
    const placeless = { ...report, findings: findings.map((finding) => ({ ...finding, locations: [] })) };
    const from = join(folderWith({ 'r.json': JSON.stringify(placeless) }), 'r.json');
    await ignore(cwd, id, { reason: 'one', from });
    expect(read(cwd, '.keysiftignore')).toContain(`\n${id} stripe-secret-key-live -- one\n`);
    expect((await scanned(cwd)).counts).toMatchObject({ findings: 0, suppressed: 1 });
  });

  test('in the file that a link in the folder leads to', async () => {
    const cwd = folderWith({ 'a.txt': line('a'), 'b.txt': line('b'), own: '', '.gitleaksignore': 'b.txt:stripe-access-token:1\n' });
    symlinkSync('own', join(cwd, '.keysiftignore'));
    const id = (await scanned(cwd)).findings.find(({ locations }) => locations[0]?.file === 'a.txt')?.id ?? '';
    await ignore(cwd, id, { reason: 'one' });
    await ignore(cwd, undefined, { from: '.gitleaksignore' });
    expect(lstatSync(join(cwd, '.keysiftignore')).isSymbolicLink()).toBe(true);
    expect(entriesOf(cwd, 'own').map((entry) => entry.split(' ')[1])).toEqual(['a.txt', 'b.txt']);
  });

  test('that a report tells as accepted already', async () => {
    const cwd = folderWith({ 'a.txt': line('a') });
    const id = (await scanned(cwd)).findings[0]?.id ?? '';
    await ignore(cwd, id, { reason: 'one' });
    const report = await scanned(cwd);
    expect(report.findings).toEqual([]);
    const from = join(folderWith({ 'r.json': JSON.stringify(report) }), 'r.json');
    await ignore(cwd, id, { reason: 'two', from });
    expect(read(cwd, '.keysiftignore')).toContain(`\n${id} stripe-secret-key-live a.txt -- two\n`);
  });

  test('and what is ignored besides stays so, whether a scan or a report names it', async () => {
    const cwd = folderWith({ 'a.txt': line('a'), 'b.txt': line('b') });
    const report = await scanned(cwd);
    const [first, second] = report.findings.map(({ id }) => id) as [string, string];
    const from = join(folderWith({ 'r.json': JSON.stringify(report) }), 'r.json');
    await ignore(cwd, first, { reason: 'one' });
    await ignore(cwd, second, { reason: 'two' });
    expect(entriesOf(cwd, '.keysiftignore')).toHaveLength(2);
    rmSync(join(cwd, '.keysiftignore'));
    await ignore(cwd, first, { reason: 'one', from });
    await ignore(cwd, second, { reason: 'two', from });
    expect(entriesOf(cwd, '.keysiftignore').map((entry) => entry.split(' -- ')[1])).toEqual(expect.arrayContaining(['one', 'two']));
    writeFileSync(join(cwd, '.keysiftignore'), `${second} stripe-secret-key-live b.txt\n`);
    expect(await refused(ignore(cwd, first, { reason: 'one', from }))).toEqual([expect.stringMatching(/^\.keysiftignore:1: /), expect.any(String)]);
  });

  test('from what could be scanned, and the rest is told', async () => {
    const cwd = folderWith({ 'a.txt': line('a'), 'large.txt': `${'x'.repeat(500)}\n` });
    const flags = { reason: 'one', maxFileSize: 200 };
    const id = (await scanned(cwd)).findings[0]?.id ?? '';
    const { code, stdout, stderr } = await ignore(cwd, id, flags);
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^not scanned: large\.txt: [^\n]+\n$/)]);
    expect(stdout).toBe('.keysiftignore: stripe-secret-key-live in a.txt is ignored\n');
    expect(entriesOf(cwd, '.keysiftignore')).toHaveLength(1);
  });

  test('never in a file outside of the folder', async () => {
    const cwd = folderWith({ 'a.txt': line('a'), '.gitleaksignore': 'a.txt:stripe-access-token:1\n' });
    const report = await scanned(cwd);
    const outside = folderWith({ 'r.json': JSON.stringify(report) });
    const [id, from] = [report.findings[0]?.id ?? '', join(outside, 'r.json')];
    for (const name of ['.keysiftignore', '.keysift-baseline']) symlinkSync(join(outside, name), join(cwd, name));
    for (const writes of [
      () => ignore(cwd, id, { reason: 'x' }),
      () => ignore(cwd, id, { reason: 'x', from }),
      () => ignore(cwd, undefined, { from: '.gitleaksignore' }),
    ])
      expect(await refused(writes())).toEqual([expect.stringContaining('.keysiftignore'), expect.any(String)]);
    expect(await refused(baseline(cwd, 'create'))).toEqual([expect.stringContaining('.keysift-baseline'), expect.any(String)]);
    expect(readdirSync(outside)).toEqual(['r.json']);
  });

  test('not without an id, a reason, or a day to come', async () => {
    const cwd = folderWith({ 'a.txt': line('a') });
    expect(await refused(ignore(cwd, undefined))).toEqual(['ignore takes an id, or --from FILE', 'keysift shows the ids of all findings.']);
    for (const until of ['2026-06-30', '2026-13-01', 'soon']) {
      expect(await refused(ignore(cwd, 'abc', { reason: 'x', until }))).toEqual([
        `--until needs a day that is not over, not "${until}"`,
        'Write it as 2027-01-31.',
      ]);
    }
    expect(await refused(ignore(cwd, 'abc'))).toEqual(['a reason is needed', expect.any(String)]);
    expect(await refused(ignore(cwd, 'ffffffff', { reason: 'x' }))).toEqual([
      'there is no finding "ffffffff" in the working tree or the history',
      expect.any(String),
    ]);
    expect(existsSync(join(cwd, '.keysiftignore'))).toBe(false);
  });
});

describe('what another scanner ignores', () => {
  const taken = async (ignored: string, flags: Partial<IgnoreFlags> = {}, own?: string): Promise<Said & { cwd: string }> => {
    const cwd = folderWith({
      'a.txt': line('a'),
      'b.txt': `\n${line('b')}`,
      '.gitleaksignore': ignored,
      ...(own === undefined ? {} : { '.keysiftignore': own }),
    });
    return { ...(await ignore(cwd, undefined, { from: '.gitleaksignore', ...flags })), cwd };
  };

  test('becomes lines of our own, and what is no finding is told', async () => {
    const { cwd, ...said } = await taken('a.txt:stripe-access-token:1\nb.txt:stripe-access-token:9\n');
    expect(said).toEqual({
      code: 0,
      stdout: '.keysiftignore: 1 finding is ignored, for 1 of 2 entries\n',
      stderr: 'b.txt:stripe-access-token:9: no finding of keysift, so it is left out\n',
    });
    expect(entriesOf(cwd, '.keysiftignore')).toEqual(['stripe-secret-key-live a.txt -- ignored in .gitleaksignore']);
  });

  test('with the reason and the day that are given, behind what is there', async () => {
    const { cwd, stdout } = await taken(
      'a.txt:stripe-access-token:1\nb.txt:stripe-access-token:2\n',
      { reason: 'known', until: '2027-01-31' },
      '# own',
    );
    expect(stdout).toBe('.keysiftignore: 2 findings are ignored, for 2 of 2 entries\n');
    expect(read(cwd, '.keysiftignore')).toMatch(/^# own\n[^\n]+ -- known\n[^\n]+ -- known\n$/);
    expect(entriesOf(cwd, '.keysiftignore')).toEqual(['a', 'b'].map((name) => `stripe-secret-key-live until=2027-01-31 ${name}.txt -- known`));
  });

  test('does not blur what is there, and tells all that it leaves out', async () => {
    const { cwd, stderr } = await taken('a.txt:stripe-access-token:1\nc.txt:x:1\nd.txt:x:2\n', {}, '# own\n');
    expect(read(cwd, '.keysiftignore')).toMatch(/^# own\n[^\n]+ -- ignored in \.gitleaksignore\n$/);
    const left = (entry: string): string => `${entry}: no finding of keysift, so it is left out\n`;
    expect(stderr).toBe(left('c.txt:x:1') + left('d.txt:x:2'));
  });

  test('is not added to a file that is wrong', async () => {
    const own = `${'0'.repeat(16)} stripe-secret-key-live a.txt\n`;
    expect(await refused(taken('a.txt:stripe-access-token:1\n', {}, own))).toEqual([
      expect.stringMatching(/^\.keysiftignore:1: /),
      expect.any(String),
    ]);
  });

  test('for two reasons has the first one', async () => {
    const cwd = folderWith({ 'a.txt': line('a') });
    const ignores = [{ shown: 'x', matches: () => true }];
    const foreign = ['one', 'two'].map((reason) => ({ reason, ignores }));
    const { stdout } = await inWorld(cwd, (io) => acceptForeign(foreign, undefined, FLAGS, io));
    expect(stdout).toBe('.keysiftignore: 1 finding is ignored, for 2 of 2 entries\n');
    expect(entriesOf(cwd, '.keysiftignore')).toEqual(['stripe-secret-key-live a.txt -- one']);
  });

  test('of an incomplete scan says so', async () => {
    const { code, stderr } = await taken('a.txt:stripe-access-token:1\n', { maxFileSize: 116 });
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^not scanned: b\.txt: [^\n]+\n$/)]);
  });

  test('writes nothing where it is no finding, and is refused where it is nothing', async () => {
    const { cwd, stdout } = await taken('c.txt:stripe-access-token:1\n');
    expect([stdout, existsSync(join(cwd, '.keysiftignore'))]).toEqual(['.keysiftignore: 0 findings are ignored, for 0 of 1 entries\n', false]);
    expect(await refused(taken('# nothing\n'))).toEqual([
      '.gitleaksignore ignores nothing that a finding could be',
      'Paths and rules: keysift init --from.',
    ]);
    expect(await refused(taken('', { from: 'none.toml' }))).toEqual([
      'cannot read none.toml: there is no such file',
      expect.stringContaining('.gitleaks.toml'),
    ]);
  });
});
