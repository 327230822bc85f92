/** From sightings to findings: what is one finding, where it is, what silences it, and what is said of it. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Finding, Sighting, Tracking } from '../../src/model/finding.ts';
import type { InlineComment } from '../../src/model/inline-comment.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { Matcher, Rule } from '../../src/model/rule.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Change } from '../../src/git/log.ts';
import type { Repository } from '../../src/git/repository.ts';
import { makeFindings, mostSevereFirst, type Placed } from '../../src/scan/findings.ts';
import { Whereabouts, type PlainWhereabouts } from '../../src/scan/whereabouts.ts';

function rule(id: string, kind: Matcher['kind'], more: Partial<Rule> & { readonly of?: string } = {}): Rule {
  const { of, ...facts } = more;
  const matcher = kind === 'credential' ? { kind, as: 'secret' } : { kind, of };
  return { id, kind: 'secret', provider: 'Acme', severity: 'high', confidence: 'high', matcher, ...facts } as unknown as Rule;
}

const TOKEN = rule('acme-token', 'token');
const CREDENTIAL = rule('credential', 'credential', { severity: 'medium' });
const ENV_FILE = rule('env-file', 'file', { kind: 'check', severity: 'high', paths: { only: ['.env', '.env.*'], not: [] } });
const IN_LOG = rule('key-in-log', 'usage', { kind: 'check', severity: 'low' });
const PUBLIC_NAME = rule('public-name', 'usage', { kind: 'check', severity: 'medium' });
const NOT_IGNORED = rule('env-not-ignored', 'finding', { kind: 'check', severity: 'info' });

interface Facts extends Partial<Sighting> {
  readonly line?: number;
  readonly column?: number;
  readonly value?: string;
}

function seen({ line = 1, column = 1, value = 'opensesame', ...facts }: Facts = {}): Sighting {
  const range = { startLine: line, startColumn: column, endLine: line, endColumn: column + 8 };
  const span = { start: line * 100 + column, end: line * 100 + column + 8 };
  const { rule: by = TOKEN } = facts;
  const base = { rule: by, secret: new Secret(value), span, range, name: '', evidence: [], confidence: 'high', severity: by.severity } as const;
  return { ...base, ...facts };
}

const at = (path: string): Origin => ({ kind: 'file', path });
const inBlob = (blob: string): Origin => ({ kind: 'blob', blob });

function find(found: readonly (readonly [Origin, Sighting])[], placed: Partial<Placed> = {}): Promise<Finding[]> {
  const given = found.map(([origin, sighting]) => ({ origin, sighting }));
  return makeFindings(given, {
    whereabouts: undefined,
    now: new Date('2026-01-31T00:00:00Z'),
    head: undefined,
    inlineIgnores: 'all',
    rules: [],
    ...placed,
  });
}

/** `file:line:column state` of each location. */
function places({ locations }: Finding): string[] {
  return locations.map(({ file, startLine, startColumn, state }) => `${file}:${startLine}:${startColumn} ${state}`);
}

/** Made on the first, second and third of January 2026, and the last on the day before. */
const COMMITS: Readonly<Record<string, string>> = { c9: '1767139200', c1: '1767225600', c2: '1767312000', c3: '1767398400' };
const parentOf = (commit: string): string => `c${Number(commit.slice(1)) - 1}`;

/** A history as plain data. */
function history(plain: Partial<PlainWhereabouts>): Whereabouts {
  const read = (id: string): Buffer | undefined =>
    id in COMMITS ? Buffer.from(`tree x\nauthor ${id} <a@example.org> ${COMMITS[id]} +0000\n\nmessage`) : undefined;
  return Whereabouts.again({} as Repository, { changes: [], held: [], onlyIn: [], cut: [], ...plain }, read);
}

const NONE = '0'.repeat(40);

function change(commit: string, path: string, from: string, to: string): Change {
  return { commit, parents: [parentOf(commit)], time: Number(COMMITS[commit]), order: -Number(COMMITS[commit]), to, from: [from], path };
}

describe('one finding', () => {
  test('is a secret under a rule, with all its places, each once', async () => {
    const found = await find([
      [at('b.txt'), seen({ line: 3 })],
      [at('b.txt'), seen({ line: 3, evidence: ['again'] })],
      [at('a.txt'), seen({ line: 2, column: 9 })],
      [at('a.txt'), seen({ line: 2, column: 1 })],
      [at('a.txt'), seen({ line: 1, value: 'another' })],
      [at('a.txt'), seen({ line: 2, rule: rule('other-token', 'token') })],
    ]);
    expect(found.map((finding) => [finding.rule.id, finding.secret.reveal(), places(finding)])).toEqual([
      ['acme-token', 'another', ['a.txt:1:1 worktree']],
      ['acme-token', 'opensesame', ['a.txt:2:1 worktree', 'a.txt:2:9 worktree', 'b.txt:3:1 worktree']],
      ['other-token', 'opensesame', ['a.txt:2:1 worktree']],
    ]);
  });

  test('has a place once, and two in their order', async () => {
    const of = async (...sightings: readonly Sighting[]): Promise<string[]> =>
      places((await find(sightings.map((sighting) => [at('a.txt'), sighting] as const)))[0]!);
    expect(await of(seen(), seen({ evidence: ['again'] }))).toEqual(['a.txt:1:1 worktree']);
    expect(await of(seen({ line: 2 }), seen({ line: 1 }))).toEqual(['a.txt:1:1 worktree', 'a.txt:2:1 worktree']);
  });

  test('is of a family where one of its members claims the value, and the member names it', async () => {
    const family = rule('sk', 'token');
    const member = rule('zeta-sk', 'member', { of: 'sk' });
    const found = [
      [at('a.txt'), seen({ rule: family })],
      [at('b.txt'), seen({ rule: member })],
    ] as const;
    const swapped = [
      [at('a.txt'), seen({ rule: member })],
      [at('b.txt'), seen({ rule: family })],
    ] as const;
    for (const given of [found, swapped]) {
      const [finding, ...others] = await find(given);
      expect(others).toEqual([]);
      expect([finding!.rule.id, places(finding!)]).toEqual(['zeta-sk', ['a.txt:1:1 worktree', 'b.txt:1:1 worktree']]);
    }
  });

  test('does not depend on the order in which contents were looked at', async () => {
    const sightings = ['a.txt', 'b.txt', 'c.txt'].map((path, index) => [at(path), seen({ name: `KEY_${index}`, evidence: [path] })] as const);
    expect(await find(sightings.toReversed())).toEqual(await find(sightings));
    const checked = ['a.txt', 'b.txt'].flatMap((path) => [
      [at(path), seen()] as const,
      [at(path), seen({ rule: IN_LOG, value: '', evidence: [`seen in ${path}`] })] as const,
    ]);
    for (const given of [checked, checked.toReversed()]) expect((await find(given))[0]?.checks.map(({ saw }) => saw)).toEqual(['seen in a.txt']);
  });

  test('has the words of the sighting that says most, where all else is equal', async () => {
    const words = [['x'], ['x', 'y', 'z'], ['a', 'b']];
    const evidence = async (order: readonly number[]): Promise<unknown> =>
      (await find(order.map((number) => [at('a.txt'), seen({ line: number + 1, evidence: words[number]! })] as const)))[0]?.evidence;
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
      [0, 2, 1],
    ])
      expect(await evidence(order)).toEqual(['x', 'y', 'z']);
  });

  test('is as severe as its place makes it', async () => {
    const severity = async (path: string): Promise<unknown> => (await find([[at(path), seen()]]))[0]?.severity;
    expect([await severity('src/a.js'), await severity('test/a.test.js')]).toEqual(['high', 'medium']);
  });

  test('of a rule for some paths is one only there', async () => {
    const fussy = rule('fussy', 'token', { paths: { only: ['*.pem'], not: [] } });
    expect(await find([[at('a.txt'), seen({ rule: fussy })]])).toEqual([]);
    const [finding] = await find([
      [at('a.txt'), seen({ rule: fussy })],
      [at('b.pem'), seen({ rule: fussy })],
    ]);
    expect(places(finding!)).toEqual(['b.pem:1:1 worktree']);
  });

  describe('of a blob under several paths', () => {
    const fussy = rule('fussy', 'token', { paths: { only: ['*.pem'], not: [] } });
    const whereabouts = history({ changes: [change('c1', 'a.txt', NONE, 'b1'), change('c2', 'b.pem', NONE, 'b1')] });
    const both = [seen({ rule: fussy }), seen({ rule: CREDENTIAL, rivals: [{ paths: fussy.paths! }] })];
    const told = (found: readonly Finding[]): string[] => found.map((one) => `${one.rule.id} ${places(one).join()} ${one.firstSeen?.commit}`);

    test('is that of a rule for some paths there, and that of another rule elsewhere', async () => {
      const found = await find(
        both.map((one) => [inBlob('b1'), one] as const),
        { whereabouts },
      );
      expect(told(found)).toEqual(['fussy b.pem:1:1 history c2', 'credential a.txt:1:1 history c1']);
    });

    test('is that of the other rule alone where it was at no such path', async () => {
      const elsewhere = history({ changes: [change('c1', 'a.txt', NONE, 'b1')] });
      const found = await find(
        both.map((one) => [inBlob('b1'), one] as const),
        { whereabouts: elsewhere },
      );
      expect(told(found)).toEqual(['credential a.txt:1:1 history c1']);
    });

    test('is that of the other rule where nothing names the blob', async () => {
      const found = await find(both.map((one) => [inBlob('b1'), one] as const));
      expect(told(found)).toEqual(['credential <blob b1>:1:1 unreachable undefined']);
    });

    test('stands at each line of it where no rule for that path claims the value', async () => {
      const [claimed, free] = [both[1]!, seen({ rule: CREDENTIAL, line: 2 })];
      for (const order of [
        [claimed, free],
        [free, claimed],
      ]) {
        const found = await find(
          order.map((one) => [inBlob('b1'), one] as const),
          { whereabouts },
        );
        expect(found.map(places)).toEqual([['a.txt:1:1 history', 'a.txt:2:1 history', 'b.pem:2:1 history']]);
      }
    });

    test('follows each version, whatever others at the same path hold', async () => {
      const versions = history({
        changes: [change('c1', 'b.pem', NONE, 'b1'), change('c2', 'b.pem', 'b1', 'b2')],
        held: [{ blob: 'b2', path: 'b.pem', state: 'head', commit: 'c2' }],
      });
      const found = await find(
        [
          [inBlob('b1'), seen({ rule: CREDENTIAL })],
          [inBlob('b2'), both[1]!],
          [inBlob('b2'), both[0]!],
        ],
        { whereabouts: versions },
      );
      expect(told(found)).toEqual(['fussy b.pem:1:1 head c2', 'credential b.pem:1:1 history c1']);
      expect(found.map(({ removedIn }) => removedIn?.commit)).toEqual([undefined, 'c2']);
    });
  });
});

describe('an id', () => {
  const ids = async (...found: readonly (readonly [Origin, Sighting])[]): Promise<string[]> => (await find(found)).map(({ id }) => id);

  test('says nothing of the value, nor of its line, and tells what is equal apart by a number', async () => {
    const [one] = await ids([at('a.txt'), seen({ name: 'KEY', line: 1 })]);
    expect(one).toMatch(/^[0-9a-f]{20}$/);
    expect(await ids([at('a.txt'), seen({ name: 'KEY', line: 7, value: 'another' })])).toEqual([one]);
    const values = ['one', 'two', 'three'].map((value, line) => [at('a.txt'), seen({ name: 'KEY', line, value })] as const);
    // Ids stand in ignore files and baselines: they are the same in each version.
    const made = (number: number): string => createHash('sha256').update(`1\0acme-token\0a.txt\0KEY\0${number}`).digest('hex').slice(0, 20);
    expect([one, await ids(...values)]).toEqual([made(0), [made(0), made(1), made(2)]]);
    for (const other of [
      [at('b.txt'), seen({ name: 'KEY' })],
      [at('a.txt'), seen({ name: 'OTHER' })],
      [at('a.txt'), seen({ name: 'KEY', rule: rule('other', 'token') })],
    ] as const)
      expect(await ids(other)).not.toContain(one);
  });

  test('is that of the first file, and the other ones are those that its other files would give', async () => {
    const [moved] = await find([
      [at('a.txt'), seen({ name: 'KEY' })],
      [at('b.txt'), seen({ name: 'KEY' })],
    ]);
    expect(moved!.id).toBe((await ids([at('a.txt'), seen({ name: 'KEY' })]))[0]);
    expect(moved!.otherIds).toEqual(await ids([at('b.txt'), seen({ name: 'KEY' })]));
  });
});

describe('checks without a secret', () => {
  test('are advice on what stands on their line, the most severe first, each once', async () => {
    const [finding, ...others] = await find([
      [at('a.txt'), seen({ line: 4 })],
      [at('a.txt'), seen({ line: 4, column: 40, rule: IN_LOG, value: '', name: 'apiKey', evidence: ['`apiKey` goes into `log`', 'twice'] })],
      [at('a.txt'), seen({ line: 4, column: 60, rule: IN_LOG, value: '', name: 'apiKey', evidence: ['once more'] })],
      [at('a.txt'), seen({ line: 4, column: 80, rule: PUBLIC_NAME, value: '', name: 'X' })],
    ]);
    expect(others).toEqual([]);
    expect(finding!.checks.map((check) => [check.rule.id, check.severity, check.saw])).toEqual([
      ['public-name', 'medium', ''],
      ['key-in-log', 'low', '`apiKey` goes into `log`; twice'],
    ]);
  });

  test('of equal severity are in the order of their ids', async () => {
    const other = rule('a-check', 'usage', { kind: 'check', severity: 'low' });
    const last = rule('z-check', 'usage', { kind: 'check', severity: 'low' });
    const [finding] = await find([
      [at('a.txt'), seen()],
      [at('a.txt'), seen({ rule: IN_LOG, value: '' })],
      [at('a.txt'), seen({ rule: last, value: '' })],
      [at('a.txt'), seen({ rule: other, value: '' })],
    ]);
    expect(finding!.checks.map((check) => check.rule.id)).toEqual(['a-check', 'key-in-log', 'z-check']);
  });

  test('about a variable belong to the secret that it holds, wherever that is said', async () => {
    const [finding, ...others] = await find([
      [at('.env'), seen({ name: 'process.env.ACME_KEY' })],
      [at('src/a.js'), seen({ line: 9, rule: PUBLIC_NAME, value: '', name: 'ACME_KEY' })],
    ]);
    expect(others).toEqual([]);
    expect(finding!.checks.map((check) => check.rule.id)).toEqual(['public-name']);
  });

  test.each(['apiKey', 'API_KEY', 'token', 'myACME_TOKEN', 'ACME_TOKENs'])(
    'about `%s`, which every file may have, belong to a secret of their own content alone',
    async (name) => {
      const holder = seen({ name });
      const check = seen({ line: 9, rule: IN_LOG, value: '', name });
      const ids = async (path: string): Promise<string[]> =>
        (
          await find([
            [at('src/a.js'), holder],
            [at(path), check],
          ])
        ).map((finding) => [finding.rule.id, ...finding.checks.map((one) => one.rule.id)].join(' + '));
      expect(await ids('src/a.js')).toEqual(['acme-token + key-in-log']);
      expect((await ids('src/b.js')).toSorted()).toEqual(['acme-token', 'key-in-log']);
    },
  );

  test('are none about a variable that holds what is made to be seen, and stand alone beside that', async () => {
    const open = seen({ rule: rule('acme-public', 'token', { kind: 'publishable' }), name: 'ACME_KEY' });
    const ids = async (...found: readonly Sighting[]): Promise<string[]> =>
      (await find(found.map((sighting) => [at('src/a.js'), sighting] as const))).map((finding) =>
        [finding.rule.id, ...finding.checks.map((one) => one.rule.id)].join(' + '),
      );
    const about = (name: string, line: number): Sighting => seen({ line, rule: IN_LOG, value: '', name });
    expect(await ids(open, about('ACME_KEY', 1), about('ACME_KEY', 9))).toEqual([]);
    expect(await ids(open, about('OTHER_KEY', 1))).toEqual(['key-in-log']);
    expect(await ids(open, seen({ line: 2, name: 'ACME_KEY', value: 'closed' }), about('ACME_KEY', 1))).toEqual(['acme-token + key-in-log']);
  });

  test('stand alone beside what is made to be seen and has no name', async () => {
    const open = seen({ rule: rule('acme-public', 'token', { kind: 'publishable' }) });
    const found = await find([
      [at('a.txt'), open],
      [at('a.txt'), seen({ rule: PUBLIC_NAME, value: '', name: 'NEXT_PUBLIC_KEY', line: 2 })],
    ]);
    expect(found.map((finding) => finding.rule.id)).toEqual(['public-name']);
  });

  test('belong to a secret on their line of the same content, wherever that is seen, and of no other one', async () => {
    const check = seen({ rule: IN_LOG, value: '', name: 'apiKey' });
    const ids = async (...origins: readonly [Origin, Origin]): Promise<string[]> =>
      (
        await find([
          [origins[0], seen()],
          [origins[1], check],
        ])
      ).map((finding) => finding.rule.id);
    const message = (object: string, label: string): Origin => ({ kind: 'metadata', part: 'commit message', object, label });
    const staged: Origin = { kind: 'staged', blob: 'b1', path: 'a.js' };
    expect(await ids({ kind: 'stdin', path: '<x>' }, { kind: 'stdin', path: '<x>' })).toEqual(['acme-token']);
    expect(
      (
        await find([
          [staged, seen()],
          [inBlob('b1'), check],
        ])
      ).map((finding) => finding.checks.length),
    ).toEqual([1]);
    expect(
      (
        await find([
          [staged, seen()],
          [inBlob('b2'), check],
        ])
      ).map((finding) => finding.checks.length),
    ).toEqual([0]);
    expect(
      (
        await find([
          [staged, check],
          [inBlob('b1'), seen()],
        ])
      ).map((finding) => finding.checks.length),
    ).toEqual([1]);
    for (const [one, other, checks] of [
      [message('c1', '<a>'), message('c1', '<a>'), 1],
      [message('c1', '<a>'), message('c1', '<b>'), 0],
      [message('c1', '<a>'), message('c2', '<a>'), 0],
      [message('c1', '<a>'), at('<a>'), 0],
    ] as const)
      expect(
        (
          await find([
            [one, seen()],
            [other, check],
          ])
        ).find((finding) => finding.rule === TOKEN)?.checks,
      ).toHaveLength(checks);
  });

  test('without a name belong to no secret without one', async () => {
    const found = await find([
      [at('a.js'), seen({ line: 1, name: '' })],
      [at('a.js'), seen({ line: 5, name: '', value: '', rule: IN_LOG })],
    ]);
    expect(found.map((finding) => finding.rule.id)).toEqual(['acme-token', 'key-in-log']);
  });

  test('are silenced by comments where they stand, not where they do not', async () => {
    const comments = [{ marker: 'keysift:allow', rules: [], reason: '', line: 1, from: 1, to: 1, open: false }];
    const [finding] = await find([
      [at('src/a.js'), seen({ rule: IN_LOG, value: '', name: 'apiKey', comments })],
      [at('test/a.test.js'), seen({ rule: IN_LOG, value: '', name: 'apiKey' })],
    ]);
    expect(finding!.allowed).toHaveLength(1);
  });

  test('stand for themselves elsewhere, one for each name', async () => {
    const found = await find([
      [at('src/a.js'), seen({ line: 1 })],
      [at('src/b.js'), seen({ line: 1, rule: IN_LOG, value: '', name: 'apiKey' })],
      [at('src/c.js'), seen({ line: 1, rule: IN_LOG, value: '', name: 'apiKey' })],
      [at('src/c.js'), seen({ line: 2, rule: IN_LOG, value: '', name: 'token' })],
    ]);
    expect(found.map((finding) => [finding.rule.id, finding.severity, places(finding), finding.checks])).toEqual([
      ['acme-token', 'high', ['src/a.js:1:1 worktree'], []],
      ['key-in-log', 'low', ['src/b.js:1:1 worktree', 'src/c.js:1:1 worktree'], []],
      ['key-in-log', 'low', ['src/c.js:2:1 worktree'], []],
    ]);
  });

  test('are left out where code is only tests, or is gone', async () => {
    const check = seen({ rule: IN_LOG, value: '', name: 'apiKey' });
    expect(await find([[at('test/a.test.js'), check]])).toEqual([]);
    const [finding] = await find([
      [at('test/a.test.js'), check],
      [at('src/a.js'), check],
    ]);
    expect(places(finding!)).toEqual(['src/a.js:1:1 worktree']);
    const gone = history({ changes: [change('c1', 'src/a.js', NONE, 'b1'), change('c2', 'src/a.js', 'b1', NONE)] });
    expect(await find([[inBlob('b1'), check]], { whereabouts: gone })).toEqual([]);
  });
});

describe('an env file', () => {
  /** Another one about other files, one about none, and one about paths that is about no files. */
  const RULES = [
    ENV_FILE,
    rule('other-file', 'file', { kind: 'check', paths: { only: ['*.env-file'], not: [] } }),
    rule('no-file', 'file', { kind: 'check' }),
    rule('fussy', 'token', { paths: { only: ['*'], not: [] } }),
  ];

  const own = (line: number, name: string): Sighting => seen({ line, name, rule: ENV_FILE, value: `value of ${line}` });

  test('is one finding that names its variables and no value', async () => {
    const found = await find(
      [
        [at('.env'), own(2, 'B_SECRET')],
        [at('.env'), own(1, 'A_KEY')],
        [at('.env'), own(3, 'A_KEY')],
        [at('.env'), own(4, '')],
        [at('x/.env'), own(1, '')],
        [at('other.txt'), own(1, 'C')],
      ],
      { rules: RULES },
    );
    expect(
      found.map(({ rule: { id }, evidence, secret, locations }) => [id, locations[0]?.file, locations.length, secret.reveal(), evidence]),
    ).toEqual([
      ['env-file', '.env', 4, '', ['secret-looking values in A_KEY, B_SECRET']],
      ['env-file', 'x/.env', 1, '', ['holds values that look like secrets']],
    ]);
  });

  test('is one for any key that stands in it, whose own finding it does not replace', async () => {
    const found = await find(
      [
        [at('.env'), seen({ name: 'ACME', confidence: 'medium', issuer: { provider: 'Acme' } })],
        [at('a.txt'), seen({ name: 'ACME' })],
      ],
      { rules: RULES },
    );
    expect(found.map((finding) => [finding.rule.id, finding.issuer?.provider, places(finding), finding.confidence, finding.evidence])).toEqual([
      ['acme-token', undefined, ['.env:1:1 worktree', 'a.txt:1:1 worktree'], 'high', []],
      ['env-file', undefined, ['.env:1:1 worktree'], 'medium', ['secret-looking values in ACME']],
    ]);
  });

  test('speaks for credentials of nobody in particular, unless one is elsewhere too', async () => {
    const credential = seen({ rule: CREDENTIAL, name: 'DB_PASSWORD' });
    const ids = async (...paths: readonly string[]): Promise<string[]> => {
      const found = await find(
        paths.map((path) => [at(path), credential]),
        { rules: RULES },
      );
      return found.map((finding) => `${finding.rule.id} ${places(finding).join()}`);
    };
    expect(await ids('.env')).toEqual(['env-file .env:1:1 worktree']);
    expect(await ids('a.txt')).toEqual(['credential a.txt:1:1 worktree']);
    expect(await ids('.env', 'a.txt')).toEqual(['env-file .env:1:1 worktree', 'credential a.txt:1:1 worktree']);
    expect((await find([[at('.env'), credential]])).map((finding) => finding.rule.id)).toEqual(['credential']);
  });

  test('leaves a value that several environments share a finding of its own, and no other one', async () => {
    const ids = async (...paths: readonly string[]): Promise<string[]> => {
      const shared = paths.map((path) => [at(path), seen({ rule: CREDENTIAL, name: 'DB_PASSWORD' })] as const);
      const other = [at(paths[0]!), seen({ rule: CREDENTIAL, name: 'OTHER_PASSWORD', value: 'another', line: 2 })] as const;
      return (await find([...shared, other], { rules: RULES })).map(
        (finding) => `${finding.rule.id} ${finding.secret.reveal()} ${places(finding).join()}`,
      );
    };
    expect(await ids('.env.production', '.env.test')).toEqual([
      'env-file  .env.production:1:1 worktree,.env.production:2:1 worktree',
      'env-file  .env.test:1:1 worktree',
      'credential opensesame .env.production:1:1 worktree,.env.test:1:1 worktree',
    ]);
    const twice = ['env-file  .env.production:1:1 worktree,.env.production:2:1 worktree', 'env-file  a/.env.production:1:1 worktree'];
    expect(await ids('.env.production', 'a/.env.production')).toEqual(twice);
    // Nobody knows which environment `.env` is for.
    expect(await ids('.env', '.env.production')).toEqual(['env-file  .env:1:1 worktree,.env:2:1 worktree', 'env-file  .env.production:1:1 worktree']);
  });

  test('for development or tests is of low severity where it holds nothing but what frameworks write there', async () => {
    const written = rule('framework-key', 'token', { severity: 'low', frameworkDefault: true });
    const severity = async (
      path: string,
      more: readonly Sighting[] = [],
      severityOfRule: Rule['severity'] = 'high',
      facts: object = {},
    ): Promise<unknown> => {
      const envFile = { ...ENV_FILE, severity: severityOfRule, ...facts };
      const file = seen({ rule: envFile, name: 'APP_SECRET' });
      const found = await find(
        [file, seen({ rule: written, name: 'APP_SECRET' }), ...more].map((sighting) => [at(path), sighting] as const),
        {
          rules: [envFile],
        },
      );
      return found.find((finding) => finding.rule.id === 'env-file')?.severity;
    };
    const inFile = (line: number, column: number): Sighting => seen({ rule: ENV_FILE, name: 'KEY', line, column, value: 'another' });
    expect(await Promise.all(['.env.test', '.env.development', '.env.production', '.env'].map((path) => severity(path)))).toEqual([
      'low',
      'low',
      'high',
      'high',
    ]);
    expect(await severity('.env.test', [inFile(2, 1)])).toBe('high');
    expect(await severity('.env.test', [inFile(1, 20)])).toBe('high');
    expect([await severity('.env.test', [], 'low'), await severity('.env.test', [], 'info')]).toEqual(['low', 'info']);
    expect(await severity('.env.test', [], 'high', { severityIsFinal: true })).toBe('high');
  });

  test('in the history covers what is at its paths alone', async () => {
    const credential = seen({ rule: CREDENTIAL, name: 'DB_PASSWORD' });
    const ids = async (plain: Partial<PlainWhereabouts>): Promise<string[]> =>
      (await find([[inBlob('b1'), credential]], { rules: RULES, whereabouts: history(plain) })).map(
        (finding) => `${finding.rule.id} ${finding.locations.map(({ file }) => file).join()}`,
      );
    const inEnv = change('c1', '.env', NONE, 'b1');
    expect(await ids({ changes: [inEnv] })).toEqual(['env-file .env']);
    expect(await ids({ changes: [inEnv, change('c2', 'a.txt', NONE, 'b1')] })).toEqual(['env-file .env', 'credential .env,a.txt']);
    // Where nobody knows all its paths, some may be other ones.
    expect(await ids({ changes: [inEnv], cut: ['b1'] })).toEqual(['env-file .env', 'credential .env']);
    expect(await ids({})).toEqual(['credential <blob b1>']);
  });

  test('is told by the rule that saw it alone, where several are about it', async () => {
    const second = rule('second-file', 'file', { kind: 'check', paths: { only: ['.env'], not: [] } });
    const ids = async (rules: readonly Rule[], ...found: readonly Sighting[]): Promise<string[]> =>
      (
        await find(
          found.map((sighting) => [at('.env'), sighting] as const),
          { rules },
        )
      ).map((finding) => `${finding.rule.id} ${finding.confidence} ${finding.evidence.join()}`);
    const told = 'env-file high secret-looking values in A';
    expect(await ids([ENV_FILE, second], own(1, 'A'))).toEqual([told]);
    expect(await ids([], own(1, 'A'))).toEqual([told]);
    // What it says itself counts more than what others say of a key in it; all names are told.
    expect(await ids([ENV_FILE], { ...own(1, 'A'), confidence: 'low' }, seen({ line: 2, name: 'B' }))).toEqual([
      'env-file low secret-looking values in A, B',
      'acme-token high ',
    ]);
    expect(await ids([ENV_FILE], seen({ name: '.env' }))).toEqual(['acme-token high ', 'env-file high secret-looking values in .env']);
  });

  test('is none by keys that are made to be seen, which are told to whoever gives their rule a severity', async () => {
    const told = async (facts: object): Promise<string[]> => {
      const open = seen({ rule: rule('acme-public', 'token', { kind: 'publishable', ...facts }) });
      return (await find([[at('.env'), open]], { rules: RULES })).map((finding) => finding.rule.id);
    };
    expect(await told({})).toEqual([]);
    expect(await told({ severityIsFinal: true })).toEqual(['acme-public']);
  });

  test('is no other content, however it is called', async () => {
    const credential = seen({ rule: CREDENTIAL, name: 'DB_PASSWORD' });
    const ids = async (origin: Origin): Promise<string[]> => (await find([[origin, credential]], { rules: RULES })).map((finding) => finding.rule.id);
    expect(await ids({ kind: 'stdin', path: '<stdin>' })).toEqual(['credential']);
    expect(await ids({ kind: 'stdin', path: '.env' })).toEqual(['env-file']);
    expect(await ids({ kind: 'staged', blob: 'b1', path: '.env' })).toEqual(['env-file']);
    expect(await ids({ kind: 'metadata', part: 'tag', object: 'c1', label: '<.env>' })).toEqual(['credential']);
    expect(await ids(inBlob('b1'))).toEqual(['credential']);
  });

  test('that git does not ignore is told with it, else by itself', async () => {
    const told = seen({ rule: NOT_IGNORED, name: '.env', value: '', evidence: ['no rule covers it'] });
    const both = await find(
      [
        [at('.env'), own(1, 'A')],
        [at('.env'), told],
      ],
      { rules: RULES },
    );
    expect(both.map((finding) => [finding.rule.id, finding.checks.map(({ rule: { id }, saw }) => [id, saw])])).toEqual([
      ['env-file', [['env-not-ignored', 'no rule covers it']]],
    ]);
    const given: Tracking = { tracked: false, ignored: false, line: '.env', file: '.gitignore' };
    const tracking = (paths: readonly string[]): Map<string, Tracking> => new Map(paths.map((path) => [path, given]));
    const alone = await find([[at('.env'), told]], { rules: RULES, tracking });
    expect(alone.map((finding) => [finding.rule.id, finding.severity, finding.secret.reveal(), finding.tracking])).toEqual([
      ['env-not-ignored', 'info', '', given],
    ]);
    const [token] = await find(
      [
        [at('a.txt'), seen({ name: '.env' })],
        [at('.env'), told],
      ],
      { tracking },
    );
    expect(token!.tracking).toBeUndefined();
  });

  test('that git neither tracks nor would add leaks to nobody', async () => {
    const severity = async (tracking: Partial<Tracking>, origin: Origin = at('.env')): Promise<unknown> => {
      const asked: string[][] = [];
      const given = { tracked: false, ignored: true, line: '.env', file: '.gitignore', ...tracking };
      const found = [own(1, 'A'), own(2, 'B')].map((sighting) => [origin, sighting] as const);
      const [finding] = await find(found, {
        rules: RULES,
        tracking: (paths) => (asked.push([...paths]), new Map([['.env', given]])),
      });
      expect(asked).toEqual([['.env']]);
      expect(finding!.tracking).toEqual(given);
      return finding!.severity;
    };
    expect(await severity({})).toBe('info');
    expect(await severity({ tracked: true })).toBe('high');
    expect(await severity({ ignored: false })).toBe('high');
    expect(await severity({}, { kind: 'staged', blob: 'b1', path: '.env' })).toBe('high');
  });

  test('no git is asked where there is none', async () => {
    const tracking = (): never => expect.unreachable();
    expect(await find([[at('a.txt'), seen()]], { tracking })).toHaveLength(1);
  });
});

describe('places', () => {
  test('are of what they were found in: staged, standard input, messages, tags', async () => {
    const metadata = (part: 'commit message' | 'tag', object: string): Origin => ({ kind: 'metadata', part, object, label: `<${part} ${object}>` });
    const [finding] = await find(
      [
        [{ kind: 'staged', blob: 'b1', path: 's.txt' }, seen()],
        [{ kind: 'stdin', path: '<stdin>' }, seen()],
        [metadata('commit message', 'c1'), seen()],
        [metadata('commit message', 'c2'), seen()],
        [metadata('tag', 'c3'), seen()],
      ],
      { whereabouts: history({ onlyIn: [['c2', 'stash']] }) },
    );
    expect(finding!.locations.map(({ file, state, commit, blob }) => [file, state, commit, blob])).toEqual([
      ['<tag c3>', 'tag', 'c3', undefined],
      ['<commit message c1>', 'history', 'c1', undefined],
      ['s.txt', 'staged', undefined, 'b1'],
      ['<commit message c2>', 'stash', 'c2', undefined],
      ['<stdin>', 'stdin', undefined, undefined],
    ]);
    expect([finding!.state, finding!.firstSeen?.commit, finding!.lastSeen?.commit, finding!.daysExposed]).toEqual(['tag', 'c1', 'c3', 30]);
  });

  test('texts outside of files are told by their commits', async () => {
    const message = (object: string): Origin => ({ kind: 'metadata', part: 'commit message', object, label: '<message>' });
    const [finding] = await find([
      [message('c2'), seen()],
      [message('c1'), seen()],
      [message('c1'), seen({ evidence: ['twice'] })],
    ]);
    expect(finding!.locations.map(({ commit, state }) => [commit, state])).toEqual([
      ['c1', 'history'],
      ['c2', 'history'],
    ]);
  });

  test('the first and the last text are so by their dates', async () => {
    const found = ['c2', 'c9', 'c1'].map(
      (object) => [{ kind: 'metadata', part: 'commit message', object, label: '<message>' } as const, seen()] as const,
    );
    const [finding] = await find(found, { whereabouts: history({}) });
    expect([finding!.firstSeen?.commit, finding!.lastSeen?.commit]).toEqual(['c9', 'c2']);
  });

  test('are in the order of their files, whatever their contents are called', async () => {
    const [finding] = await find([
      [{ kind: 'staged', blob: 'b1', path: 'z.txt' }, seen()],
      [{ kind: 'staged', blob: 'b3', path: 'm.txt' }, seen()],
      [{ kind: 'staged', blob: 'b2', path: 'a.txt' }, seen()],
    ]);
    expect(finding!.locations.map(({ file }) => file)).toEqual(['a.txt', 'm.txt', 'z.txt']);
  });

  test('in the history are its paths, from the commit that brought it to the one that took it out', async () => {
    const whereabouts = history({
      changes: [change('c3', 'a.txt', 'b2', NONE), change('c2', 'a.txt', 'b1', 'b2'), change('c1', 'a.txt', NONE, 'b1')],
    });
    const [finding] = await find(
      [
        [inBlob('b1'), seen({ line: 1 })],
        [inBlob('b2'), seen({ line: 5 })],
        [inBlob('b2'), seen({ line: 6 })],
      ],
      { whereabouts },
    );
    expect(places(finding!)).toEqual(['a.txt:5:1 history', 'a.txt:6:1 history']);
    expect(finding).toMatchObject({
      firstSeen: { commit: 'c1', date: '2026-01-01T00:00:00.000Z' },
      removedIn: { commit: 'c3', date: '2026-01-03T00:00:00.000Z' },
      daysExposed: 30,
      state: 'history',
    });
    expect(finding!.locations[0]).toMatchObject({ commit: 'c1', blob: 'b2' });
  });

  test('of a commit from the future are exposed for no days, and of an unknown one for nobody knows how many', async () => {
    const whereabouts = history({ changes: [change('c3', 'a.txt', NONE, 'b1')] });
    const [finding] = await find([[inBlob('b1'), seen()]], { whereabouts, now: new Date('2025-01-01') });
    expect(finding!.daysExposed).toBe(0);
    const [here] = await find([[at('a.txt'), seen()]], { whereabouts });
    expect(here!.locations[0]).not.toHaveProperty('blob');
    for (const key of ['firstSeen', 'lastSeen', 'removedIn', 'daysExposed', 'allowed', 'issuer', 'tracking', 'halfOf', 'morePlaces'])
      expect(here).not.toHaveProperty(key);
  });

  test('in the history are all lines of a version that hold the value', async () => {
    const whereabouts = history({ changes: [change('c1', 'a.txt', NONE, 'b1')] });
    const [finding, ...others] = await find(
      [2, 1].map((line) => [inBlob('b1'), seen({ line })] as const),
      { whereabouts },
    );
    expect([others, places(finding!)]).toEqual([[], ['a.txt:1:1 history', 'a.txt:2:1 history']]);
  });

  test('of a rule for other paths are none, however many there are', async () => {
    const elsewhere = seen({ rule: rule('fussy', 'token', { paths: { only: ['*.pem'], not: [] } }) });
    const many = Array.from({ length: 10_001 }, () => [at('a.txt'), elsewhere] as const);
    expect(await find([...many, [at('a.txt'), seen()]])).toEqual(await find([[at('a.txt'), seen()]]));
  });

  test('of a blob that nothing names are in the database', async () => {
    const [finding] = await find([
      [inBlob('abcdef0123456789'), seen({ line: 2 })],
      [inBlob('abcdef0123456789'), seen({ line: 3 })],
    ]);
    expect(places(finding!)).toEqual(['<blob abcdef012345>:2:1 unreachable', '<blob abcdef012345>:3:1 unreachable']);
    expect(finding!.locations[0]?.blob).toBe('abcdef0123456789');
    const named = history({ held: [{ blob: 'b1', path: 'a.txt', state: 'head', commit: 'c1' }] });
    const [known] = await find([[inBlob('b1'), seen()]], { whereabouts: named });
    expect(places(known!)).toEqual(['a.txt:1:1 head']);
    expect(known!.locations[0]).not.toHaveProperty('commit');
  });

  test('more than can be listed are cut, and no comment is believed to cover them all', async () => {
    const allow: InlineComment = { marker: 'keysift:allow', rules: [], reason: '', line: 1, from: 1, to: 1, open: false };
    const held = Array.from({ length: 1001 }, (_, number) => ({ blob: 'b1', path: `f${number}.txt`, state: 'head' as const, commit: 'c1' }));
    const cut = await find([[inBlob('b1'), seen({ comments: [allow] })]], { whereabouts: history({ held, cut: ['b1'] }) });
    expect([cut[0]!.locations.length, cut[0]!.morePlaces, cut[0]!.allowed]).toEqual([1000, true, undefined]);
    const [whole] = await find([[inBlob('b1'), seen({ comments: [allow] })]], { whereabouts: history({ held }) });
    expect([whole!.locations.length, whole!.morePlaces, whole!.allowed?.length]).toEqual([1001, undefined, 1001]);
  });
});

describe('ignore comments', () => {
  const allow = (facts: Partial<InlineComment> = {}): InlineComment => ({
    marker: 'keysift:allow',
    rules: [],
    reason: '',
    line: 1,
    from: 1,
    to: 1,
    open: false,
    ...facts,
  });
  const allowed = async (found: readonly (readonly [Origin, Sighting])[], placed?: Partial<Placed>): Promise<number | undefined> =>
    (await find(found, placed))[0]!.allowed?.length;

  test('silence a secret where each place of today has one', async () => {
    const [bare, commented] = [seen(), seen({ comments: [allow()] })];
    expect(await allowed([[at('a.txt'), commented]])).toBe(1);
    expect(await allowed([[at('a.txt'), bare]])).toBeUndefined();
    expect(
      await allowed([
        [at('a.txt'), commented],
        [at('b.txt'), commented],
      ]),
    ).toBe(2);
    expect(
      await allowed([
        [at('a.txt'), commented],
        [at('b.txt'), bare],
      ]),
    ).toBeUndefined();
    // Two in one file, on different lines.
    expect(
      await allowed([
        [at('a.txt'), commented],
        [at('a.txt'), seen({ line: 2 })],
      ]),
    ).toBeUndefined();
  });

  test('of a file count where it is nearest to what is on disk', async () => {
    const [bare, commented] = [seen(), seen({ comments: [allow()] })];
    const head = history({ held: [{ blob: 'b1', path: 'a.txt', state: 'head', commit: 'c1' }] });
    expect(
      await allowed(
        [
          [at('a.txt'), commented],
          [inBlob('b1'), bare],
        ],
        { whereabouts: head },
      ),
    ).toBe(1);
    expect(
      await allowed(
        [
          [at('a.txt'), bare],
          [inBlob('b1'), commented],
        ],
        { whereabouts: head },
      ),
    ).toBeUndefined();
    expect(
      await allowed(
        [
          [at('b.txt'), commented],
          [inBlob('b1'), bare],
        ],
        { whereabouts: head },
      ),
    ).toBeUndefined();
  });

  test('of what is only in the history: one version with one is enough', async () => {
    const gone = history({
      changes: [
        change('c1', 'a.txt', NONE, 'b1'),
        change('c2', 'a.txt', 'b1', NONE),
        change('c1', 'b.txt', NONE, 'b2'),
        change('c2', 'b.txt', 'b2', NONE),
      ],
    });
    const found = [
      [inBlob('b1'), seen({ comments: [allow()] })],
      [inBlob('b2'), seen()],
    ] as const;
    expect(await allowed(found, { whereabouts: gone })).toBe(1);
    // Beside one that is here today, what was says nothing: elsewhere, or in the same file.
    expect(await allowed([...found, [at('a.txt'), seen()]], { whereabouts: gone })).toBeUndefined();
    expect(await allowed([...found, [at('c.txt'), seen()]], { whereabouts: gone })).toBeUndefined();
  });

  test('count by the mode, and by the rule that they name', async () => {
    const foreign = seen({ comments: [allow({ marker: 'gitleaks:allow' })] });
    expect(await allowed([[at('a.txt'), foreign]])).toBe(1);
    expect(await allowed([[at('a.txt'), foreign]], { inlineIgnores: 'keysift' })).toBeUndefined();
    expect(await allowed([[at('a.txt'), seen({ comments: [allow()] })]], { inlineIgnores: 'none' })).toBeUndefined();
    for (const [named, counts] of [
      ['acme-token', 1],
      ['other', undefined],
    ] as const)
      expect(await allowed([[at('a.txt'), seen({ comments: [allow({ rules: [named] })] })]])).toBe(counts);
    // A comment for the rule that saw it there counts too, whatever rule names the finding.
    const member = rule('acme-sk', 'member', { of: 'sk' });
    const second = rule('other-sk', 'member', { of: 'sk' });
    const both = [
      [at('a.txt'), seen({ rule: member, comments: [allow({ rules: ['acme-sk'] })] })],
      [at('b.txt'), seen({ rule: second, comments: [allow({ rules: ['other-sk'] })] })],
    ] as const;
    expect(await allowed(both)).toBe(2);
  });
});

describe('pairs', () => {
  const SECRET = rule('acme-secret', 'token');
  const ID = rule('acme-id', 'token', { halfOf: ['acme-secret'] });
  const half = (): Sighting => seen({ rule: ID, value: 'an id', line: 1 });
  const secret = (): Sighting => seen({ rule: SECRET, value: 'a secret', line: 2 });

  test('a half that stands beside its secret everywhere is told with it', async () => {
    const found = await find([
      [at('a.txt'), half()],
      [at('a.txt'), secret()],
      [at('b.txt'), half()],
      [at('b.txt'), secret()],
    ]);
    const id = found.find((finding) => finding.rule === SECRET)?.id;
    expect(found.find((finding) => finding.rule === ID)?.halfOf).toBe(id);
    expect(found.find((finding) => finding.rule === SECRET)?.halfOf).toBeUndefined();
  });

  test('not one that stands alone in a place, or may', async () => {
    const halfOf = async (found: readonly (readonly [Origin, Sighting])[], whereabouts?: Whereabouts): Promise<unknown> =>
      (await find(found, { whereabouts })).find((finding) => finding.rule === ID)?.halfOf;
    expect(
      await halfOf([
        [at('a.txt'), half()],
        [at('a.txt'), secret()],
        [at('b.txt'), half()],
      ]),
    ).toBeUndefined();
    expect(
      await halfOf([
        [at('a.txt'), half()],
        [at('b.txt'), secret()],
      ]),
    ).toBeUndefined();
    const blob = [
      [inBlob('b1'), half()],
      [inBlob('b1'), secret()],
    ] as const;
    const changes = [change('c1', 'a.txt', NONE, 'b1')];
    expect(await halfOf(blob, history({ changes }))).toBeDefined();
    expect(await halfOf(blob, history({ changes, cut: ['b1'] }))).toBeUndefined();
  });
});

test('a variable that has another value now has a successor', async () => {
  const check = rule('rotated-but-still-there', 'finding', { kind: 'check', severity: 'info' });
  const whereabouts = history({ changes: [change('c2', 'a.txt', 'b1', NONE), change('c1', 'a.txt', NONE, 'b1')] });
  const now = new Date('2026-01-05');
  const checks = async (...more: readonly (readonly [Origin, Sighting])[]): Promise<unknown> => {
    const found = await find([[inBlob('b1'), seen({ name: 'KEY', value: 'old' })], ...more], { whereabouts, now, rules: [check, TOKEN] });
    return found.find((finding) => finding.secret.reveal() === 'old')?.checks.map(({ rule: { id } }) => id);
  };
  expect(await checks()).toEqual([]);
  expect(await checks([at('a.txt'), seen({ name: 'KEY', value: 'new' })])).toEqual(['rotated-but-still-there']);
  expect(await checks([{ kind: 'staged', blob: 'b9', path: 'a.txt' }, seen({ name: 'KEY', value: 'new' })])).toEqual(['rotated-but-still-there']);
  expect(await checks([at('a.txt'), seen({ name: 'OTHER', value: 'new' })])).toEqual([]);
  expect(await checks([at('b.txt'), seen({ name: 'KEY', value: 'new' })])).toEqual([]);
  expect(await checks([at('a.txt'), seen({ name: 'KEY', value: '', rule: NOT_IGNORED })])).toEqual([]);
  // Where the old one is still in the file beside the new one, it was not given another value.
  for (const [first, second] of [
    ['old', 'new'],
    ['new', 'old'],
  ] as const)
    expect(await checks([at('a.txt'), seen({ name: 'KEY', value: first })], [at('a.txt'), seen({ line: 2, name: 'KEY', value: second })])).toEqual(
      [],
    );
  const held = [{ blob: 'b2', path: 'a.txt', state: 'head' as const, commit: 'c2' }];
  const later = history({ held, changes: [change('c2', 'a.txt', 'b1', 'b2'), change('c1', 'a.txt', NONE, 'b1')] });
  const found = [
    [inBlob('b1'), seen({ name: 'KEY', value: 'old' })],
    [inBlob('b2'), seen({ name: 'KEY', value: 'new' })],
  ] as const;
  const [, old] = await find(found, { whereabouts: later, now, rules: [check] });
  expect([old!.secret.reveal(), old!.checks.length]).toEqual(['old', 1]);
  const nameless = [
    [inBlob('b1'), seen({ value: 'old' })],
    [inBlob('b2'), seen({ value: 'new' })],
  ] as const;
  expect((await find(nameless, { whereabouts: later, now, rules: [check] }))[1]!.checks).toEqual([]);
});

test('a session is of low severity at least where a permanent key of its provider stands in the same file', async () => {
  const session = seen({ rule: rule('acme-session', 'token', { kind: 'temporary', severity: 'info' }), value: 'a session', line: 2 });
  const severity = async (path: string, facts: Partial<Rule>): Promise<unknown> => {
    const key = seen({ rule: rule('acme-key', 'token', facts) });
    return (
      await find([
        [at('src/a.js'), session],
        [at(path), key],
      ])
    ).find((finding) => finding.rule.id === 'acme-session')?.severity;
  };
  expect([await severity('src/a.js', {}), await severity('src/a.js', { kind: 'test' })]).toEqual(['low', 'low']);
  expect(await severity('src/b.js', {})).toBe('info');
  expect(await severity('src/a.js', { provider: 'Other' })).toBe('info');
  expect(await severity('src/a.js', { kind: 'temporary' })).toBe('info');
});

test('only checks that are known judge findings, and they know what packages depend on', async () => {
  const circumstances = { marks: { 'plain-http': 'seen' }, browser: [], server: [] };
  const checks = async (rules: readonly Rule[], dependencies?: Placed['dependencies']): Promise<unknown> =>
    (await find([[at('src/a.js'), seen({ circumstances })]], { rules, dependencies }))[0]?.checks.map((one) => one.rule.id);
  expect(await checks([rule('plain-http', 'finding', { kind: 'check' })])).toEqual(['plain-http']);
  expect(await checks([rule('plain-http', 'token')])).toEqual([]);
  expect(await checks([rule('constructor', 'finding', { kind: 'check' })])).toEqual([]);
  const browser = [rule('secret-in-browser', 'finding', { kind: 'check' })];
  expect(await checks(browser, (path) => (path === 'src/a.js' ? new Set(['react-dom']) : undefined))).toEqual(['secret-in-browser']);
  expect(await checks(browser)).toEqual([]);
});

test('findings are sorted by severity, state, file, place and rule', () => {
  const finding = (
    severity: string,
    state: string,
    file: string,
    startLine: number,
    startColumn: number,
    id: string,
    commit?: string,
    blob?: string,
  ): Finding => ({ severity, state, rule: { id }, locations: [{ file, startLine, startColumn, commit, blob }] }) as unknown as Finding;
  const sorted = [
    finding('high', 'head', 'a', 1, 1, 'r'),
    finding('low', 'head', 'a', 1, 1, 'r'),
    { ...finding('low', 'worktree', '', 0, 0, 'q'), locations: [] },
    { ...finding('low', 'worktree', '', 0, 0, 'r'), locations: [] },
    { ...finding('low', 'worktree', '', 0, 0, 'r'), locations: [] },
    finding('low', 'worktree', 'A', 1, 1, 'r'),
    finding('low', 'worktree', 'a', 1, 1, 'r'),
    finding('low', 'worktree', 'b', 1, 1, 'r'),
    finding('low', 'worktree', 'b', 2, 1, 'r'),
    finding('low', 'worktree', 'b', 2, 3, 'r'),
    finding('low', 'worktree', 'b', 2, 3, 's'),
    finding('low', 'worktree', 'b', 2, 3, 's', 'c1'),
    finding('low', 'worktree', 'b', 2, 3, 's', 'c2'),
    finding('low', 'worktree', 'b', 2, 3, 's', 'c2', 'b1'),
  ];
  expect(sorted.toReversed().toSorted(mostSevereFirst)).toEqual(sorted);
});
