/** What each check says of a secret and its places, and what the places mean for its severity. */
import { describe, expect, test } from 'vitest';
import { judge, mayStand, type Place, type Subject, type World } from '../../src/classify/checks.ts';
import type { Circumstances, EnvironmentClass, State } from '../../src/model/finding.ts';
import type { Rule } from '../../src/model/rule.ts';
import { Secret } from '../../src/model/secret.ts';

const KEY = { id: 'acme-key', kind: 'secret', provider: 'Acme', confidence: 'high', matcher: { kind: 'token' } } as unknown as Rule;

function key(facts: Partial<Rule> & { readonly by?: string } = {}): Rule {
  const { by, ...more } = facts;
  return { ...KEY, ...(by === undefined ? {} : { matcher: { kind: by } }), ...more } as unknown as Rule;
}

interface Facts {
  readonly state?: State;
  readonly name?: string;
  readonly marks?: Readonly<Record<string, string>>;
  readonly browser?: readonly string[];
  readonly server?: readonly string[];
  readonly environment?: EnvironmentClass;
  readonly confidence?: string;
}

function place(path: string, { state = 'head', name = '', confidence = 'high', marks, browser = [], server = [], environment }: Facts = {}): Place {
  const around: Circumstances = { marks: marks ?? {}, browser, server, ...(environment === undefined ? {} : { environment }) };
  return { path, state, sighting: { name, confidence, ...(path.includes('bare') ? {} : { circumstances: around }) } as unknown as Place['sighting'] };
}

const NOW = new Date('2026-06-30T00:00:00Z');
const WORLD: World = { now: NOW, dependencies: () => undefined, hasSuccessor: () => false, hasPermanent: () => false };

/** What one check says. */
function says(
  id: string,
  places: readonly Place[],
  facts: Partial<Subject> = {},
  world: Partial<World> = {},
  check: object = {},
): string | undefined {
  const rule = { id, severity: 'low', matcher: { kind: 'finding', ...check } } as unknown as Rule;
  const subject = { rule: KEY, secret: new Secret('opensesame'), state: places[0]?.state ?? 'head', places, ...facts };
  const { checks } = judge(subject, [rule], { ...WORLD, ...world });
  expect(checks.length).toBeLessThan(2);
  return checks[0]?.saw;
}

/** What the places mean. */
function conditions(places: readonly Place[], rule: Rule = KEY, checks: readonly string[] = [], secret = 'opensesame'): string[] {
  const rules = checks.map((id) => ({ id, severity: 'low', matcher: { kind: 'finding' } }) as unknown as Rule);
  return [...judge({ rule, secret: new Secret(secret), state: 'head', places }, rules, WORLD).conditions];
}

describe('where a key stands', () => {
  const everywhere = ['src/pay.js', 'src/ship.js', 'config/app.yml', 'README.md', '.env', '.env.example', 'test/pay.test.js'].map((path) =>
    place(path),
  );

  test.each([
    ['hardcoded-key', 'in `src/pay.js` and 1 more'],
    ['key-in-config', 'in `config/app.yml`'],
    ['key-in-docs', 'in `README.md`'],
    ['template-with-secret', 'in `.env.example`'],
  ])('%s', (id, expected) => {
    expect(says(id, everywhere)).toBe(expected);
    expect(says(id, [place('.env'), place('test/pay.test.js')])).toBeUndefined();
    // The same file twice is one.
    const [path = ''] = /[^`]+(?=`)/.exec(expected.slice(4)) ?? [];
    expect(says(id, [place(path), place(path)])).toBe(`in \`${path}\``);
  });

  test.each([
    ['hardcoded-fallback', ['src/a.js', 'test/a.test.js', 'README.md'], []],
    ['key-in-comment', ['src/a.js', '.env'], ['README.md']],
    ['env-plain-in-encrypted', ['.env'], ['src/a.js', '.env.example']],
    ['wrong-shape', ['src/a.js'], []],
    ['mode-host-mismatch', ['src/a.js'], []],
    ['plain-http', ['src/a.js', 'README.md'], []],
    ['key-in-url', ['src/a.js'], []],
  ])('%s is what was seen beside it', (id, here, notHere) => {
    for (const path of here) {
      expect(says(id, [place('src/none.js'), place(path, { marks: { [id]: 'seen' } })])).toBe(`seen, in \`${path}\``);
      expect(says(id, [place(path, { marks: { other: 'seen' } })])).toBeUndefined();
    }
    for (const path of notHere) expect(says(id, [place(path, { marks: { [id]: 'seen' } })])).toBeUndefined();
    expect(says(id, [place('bare.js')])).toBeUndefined();
  });

  test('a fallback and a comment are told as that, not as a key in code', () => {
    for (const mark of ['hardcoded-fallback', 'key-in-comment'])
      expect(says('hardcoded-key', [place('src/a.js', { marks: { [mark]: 'x' } })])).toBeUndefined();
    expect(says('hardcoded-key', [place('src/a.js', { marks: { 'plain-http': 'x' } })])).toBe('in `src/a.js`');
    expect(says('key-in-config', [place('a.yml', { marks: { 'key-in-comment': 'x' } })])).toBeUndefined();
    expect(says('key-in-config', [place('a.yml', { marks: { 'hardcoded-fallback': 'x' } })])).toBe('in `a.yml`');
  });

  test('a key of AssemblyAI itself has no wrong shape', () => {
    expect(says('wrong-shape', [place('a.js', { marks: { 'wrong-shape': 'x' } })], { rule: key({ provider: 'AssemblyAI' }) })).toBeUndefined();
  });

  test('public-prefix-secret: the variable alone decides', () => {
    expect(says('public-prefix-secret', [place('a.js'), place('b.js', { name: 'process.env.VITE_ACME_KEY' })])).toBe('`VITE_ACME_KEY` in `b.js`');
    expect(says('public-prefix-secret', [place('b.js', { name: 'env.ACME_KEY' })])).toBeUndefined();
  });
});

describe('one key in several places', () => {
  test('same-key-many-envs: of different environments', () => {
    const id = 'same-key-many-envs';
    expect(says(id, [place('.env.production'), place('.env.development'), place('.env.production.local')])).toBe(
      'production (`.env.production`) and development (`.env.development`)',
    );
    expect(says(id, [place('.env.production'), place('deploy/prod/app.yml')])).toBeUndefined();
    expect(says(id, [place('.env.production'), place('.env')])).toBeUndefined();
    expect(says(id, [place('.env.production'), place('test/staging.test.js'), place('docs/staging.md')])).toBeUndefined();
    // A section of the file says it where its path does not; the path wins.
    expect(says(id, [place('a.yml', { environment: 'staging' }), place('.env.production')])).toBe(
      'staging (`a.yml`) and production (`.env.production`)',
    );
    expect(says(id, [place('.env.production', { environment: 'staging' }), place('b.env.prod')])).toBeUndefined();
  });

  test('shared-between-services: of different services', () => {
    const id = 'shared-between-services';
    expect(says(id, [place('apps/web/.env'), place('apps/api/config/a.yml'), place('apps/web/b.yml')])).toBe(
      '`apps/web/.env` and `apps/api/config/a.yml`',
    );
    expect(says(id, [place('web/.env'), place('api/.env')])).toBe('`web/.env` and `api/.env`');
    for (const paths of [
      ['apps/web/.env', 'apps/web/x/.env'],
      ['web/.env', '.env'],
      ['web/.env', 'config/.env'],
      ['web/.env', '.github/workflows/a.yml'],
      ['apps/web/.env', 'apps/api/a.js'],
      ['web/x/.env', 'web/y/.env'],
      ['x/apps/web/.env', 'x/apps/api/.env'],
    ])
      expect(
        says(
          id,
          paths.map((path) => place(path)),
        ),
      ).toBeUndefined();
    for (const [one, other] of [
      ['web/config/a.yml', 'api/config/a.yml'],
      ['web/.env', 'wap/.env'],
    ] as const)
      expect(says(id, [place(one), place(other)])).toBe(`\`${one}\` and \`${other}\``);
    for (const folder of ['packages', 'services', 'projects', 'modules', 'libs'])
      expect(says(id, [place(`${folder}/web/.env`), place(`${folder}/api/.env`)])).toBe(`\`${folder}/web/.env\` and \`${folder}/api/.env\``);
  });
});

describe('the environment that a key is for', () => {
  test('a test key in production', () => {
    const rule = key({ kind: 'test' });
    expect(says('test-key-in-prod', [place('.env'), place('.env.production')], { rule })).toBe('in `.env.production`');
    expect(says('test-key-in-prod', [place('.env.staging')], { rule })).toBeUndefined();
    expect(says('test-key-in-prod', [place('.env.production')])).toBeUndefined();
  });

  test('a live key elsewhere', () => {
    const rule = key({ id: 'acme-live-key' });
    const live = (path: string): string | undefined => says('live-key-in-dev', [place(path)], { rule });
    expect(['.env.development', 'test/pay.py', 'README.md', '.env', '.env.production', 'src/a.js'].map(live)).toEqual([
      'in `.env.development`',
      'in `test/pay.py`',
      'in `README.md`',
      undefined,
      undefined,
      undefined,
    ]);
    expect(says('live-key-in-dev', [place('.env.development')])).toBeUndefined();
  });
});

describe('code that everybody gets', () => {
  const page = place('src/a.jsx');
  const app = place('ios/App.swift');
  const server = place('server/a.js');

  test('of browsers and of apps', () => {
    expect(says('secret-in-browser', [server, page])).toMatch(/^`src\/a.jsx`: /);
    expect(says('secret-in-browser', [server, app])).toBeUndefined();
    expect(says('secret-in-mobile', [server, app])).toMatch(/^`ios\/App.swift`: /);
    expect(says('secret-in-mobile', [page])).toBeUndefined();
    // Where nothing is known of what stands around it, the path decides alone.
    expect(says('secret-in-browser', [place('public/bare.js')])).toBeUndefined();
    expect(says('secret-in-browser', [place('src/bare.jsx')])).toMatch(/^`src\/bare.jsx`: /);
    const react = new Set(['react-dom']);
    expect(says('secret-in-browser', [place('src/x.js')], {}, { dependencies: (path) => (path === 'src/x.js' ? react : undefined) })).toMatch(
      /^`src\/x.js`: /,
    );
  });

  test('may have a temporary token, where the provider has some', () => {
    const of = (provider: string, at: Place): string | undefined => says('no-temp-token', [at], { rule: key({ provider }) });
    expect(of('AssemblyAI', page)).toMatch(
      /^a permanent key in `src\/a.jsx`: .*; `client.streaming.createTemporaryToken` on the server gives a token that may go there$/,
    );
    expect(of('Scribeberry', page)).toContain('`realtime.createToken`');
    expect([of('Acme', page), of('AssemblyAI', server)]).toEqual([undefined, undefined]);
  });

  test('mayStand: a check without a secret speaks of code that runs today', () => {
    const check = { id: 'key-logged' } as Rule;
    const exposedOnly = { id: 'key-header-in-browser' } as Rule;
    const states = ['worktree', 'staged', 'head', 'branch', 'stdin', 'history', 'tag', 'stash', 'reflog', 'unreachable'] as const;
    expect(states.filter((state) => mayStand(check, place('src/a.js', { state }), WORLD))).toEqual(['worktree', 'staged', 'head', 'branch', 'stdin']);
    const paths = ['src/a.js', 'test/a.test.js', 'README.md', '<stdin>', 'src/a.jsx', 'ios/A.swift', 'server/a.js'];
    expect(paths.filter((path) => mayStand(check, place(path), WORLD))).toEqual(['src/a.js', 'src/a.jsx', 'ios/A.swift', 'server/a.js']);
    expect(paths.filter((path) => mayStand(exposedOnly, place(path), WORLD))).toEqual(['src/a.jsx', 'ios/A.swift']);
    expect(mayStand({ id: 'no-temp-token' } as Rule, place('src/a.js'), WORLD)).toBe(false);
  });
});

describe('time', () => {
  test('key-too-old: by the rule, else by the check', () => {
    const old = (days: number | undefined, state: State, rule: Rule = KEY, check: object = { days: 90 }): string | undefined =>
      says('key-too-old', [place('a.js', { state })], { days, state, rule }, {}, check);
    expect(old(91, 'head')).toBe('committed at least 91 days ago and still there; 90 days are the limit');
    expect([old(90, 'head'), old(undefined, 'head'), old(91, 'head', KEY, {}), old(91, 'head', KEY, { kind: 'token', days: 90 })]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(old(31, 'head', key({ rotateAfter: 30 }))).toContain('30 days are the limit');
    const states = ['head', 'branch', 'staged', 'worktree', 'history', 'tag', 'stash'] as const;
    expect(states.filter((state) => old(91, state) !== undefined)).toEqual(['head', 'branch', 'staged', 'worktree']);
  });

  const lastSeen = (date: string): NonNullable<Subject['lastSeen']> => ({ commit: '0123456789abcdef', author: '', date });

  test('key-in-history: what is gone from the files', () => {
    const gone = (state: State, more: Partial<Subject> = {}): string | undefined =>
      says('key-in-history', [place('a.js', { state })], { state, ...more });
    expect(gone('history')).toBe('removed from the files, still in older commits');
    expect(gone('tag', { lastSeen: lastSeen('') })).toBe('removed from the files, still in commit 0123456789');
    expect([gone('head'), gone('stash')]).toEqual([undefined, undefined]);
  });

  test('rotated-but-still-there: taken out lately, for another value', () => {
    const rotated = (date: string, hasSuccessor: World['hasSuccessor'] = () => true, state: State = 'history'): string | undefined =>
      says('rotated-but-still-there', [place('b.js'), place('a.js', { name: 'env.KEY' })], { state, lastSeen: lastSeen(date) }, { hasSuccessor });
    const told = '`KEY` in `a.js` was given another value in the last 14 days';
    const inA: World['hasSuccessor'] = (_subject, { path }) => path === 'a.js';
    expect(rotated('2026-06-29T00:00:00Z', inA)).toBe(told);
    expect(rotated('2026-06-16T00:00:00Z', inA)).toBe(told);
    expect(rotated('2026-06-15T23:59:59Z', inA)).toBeUndefined();
    expect(rotated('2026-06-29T00:00:00Z', () => false)).toBeUndefined();
    expect(rotated('', inA)).toBeUndefined();
    expect(says('rotated-but-still-there', [place('a.js')], { state: 'history' }, { hasSuccessor: () => true })).toBeUndefined();
    expect(rotated('2026-06-29T00:00:00Z', inA, 'head')).toBeUndefined();
    const long = { state: 'history' as const, lastSeen: lastSeen('2025-01-01T00:00:00Z') };
    expect(
      says('rotated-but-still-there', [place('a.js')], { ...long, removedIn: lastSeen('2026-06-29T00:00:00Z') }, { hasSuccessor: inA }),
    ).toContain('another value');
    expect(
      says('rotated-but-still-there', [place('a.js')], { ...long, removedIn: lastSeen('2026-06-01T00:00:00Z') }, { hasSuccessor: inA }),
    ).toBeUndefined();
  });

  const jwt = (claims: object): string =>
    [{ alg: 'HS256' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
      .concat(`.${'s'.repeat(43)}`);
  const at = (date: string): number => Date.parse(date) / 1000;

  test('token-expiry: what a token says of itself, or its age', () => {
    const expiry = (claims: object): string | undefined =>
      says('token-expiry', [place('a.js')], { rule: key({ checksum: 'jwt', kind: 'temporary' }), secret: new Secret(jwt(claims)) });
    expect(expiry({ exp: at('2026-06-29T12:00:00Z') })).toBe('it expired on 2026-06-29');
    expect(expiry({ exp: at('2026-07-01T12:00:00Z') })).toBe('it is valid until 2026-07-01');
    expect(expiry({ exp: at('2026-06-30T00:00:00Z') })).toBe('it is valid until 2026-06-30');
    expect(expiry({ sub: 'x' })).toBe('its claims name no expiry');
    expect(expiry({ exp: 'soon' })).toBeUndefined();
    const aged = (expiresAfter: number | undefined, days: number | undefined): string | undefined =>
      says('token-expiry', [place('a.js')], { rule: key(expiresAfter === undefined ? {} : { expiresAfter }), days });
    expect(aged(30, 31)).toBe('committed 31 days ago; it lives 30 days at most, so it has expired');
    expect(aged(30, 30)).toBe('it may live for 30 days from its creation, 0 more at most');
    expect(aged(30, 10)).toBe('it may live for 30 days from its creation, 20 more at most');
    expect([aged(undefined, 10), aged(30, undefined)]).toEqual([undefined, undefined]);
  });

  test('what expired, and what is kept, of short-lived tokens', () => {
    const rule = key({ checksum: 'jwt', kind: 'temporary' });
    const holds = (path: string, exp: string): string[] => conditions([place(path)], rule, [], jwt({ exp: at(exp) }));
    expect(holds('src/a.js', '2026-06-29')).toEqual(['expired']);
    expect(holds('src/a.js', '2026-06-30')).toEqual([]);
    expect(holds('.env', '2026-07-01')).toEqual(['stored']);
    expect(conditions([place('src/a.js'), place('.env')], key({ kind: 'temporary' }))).toEqual(['stored']);
    expect(holds('a.yml', '2026-06-29')).toEqual(['stored', 'expired']);
    expect(conditions([place('.env')], key({ kind: 'temporary' }), [], jwt({ exp: 1 }))).toEqual(['stored']);
    expect(conditions([place('.env')])).toEqual([]);
    const lives = (exp: string): string[] => conditions([place('src/a.js')], rule, [], jwt({ iat: at('2026-01-01'), exp: at(exp) }));
    expect([lives('2026-12-31'), lives('2027-01-01'), lives('2026-06-29')]).toEqual([[], ['long-lived'], ['expired']]);
    expect(conditions([place('src/a.js')], rule, [], jwt({ iat: at('2020-01-01'), exp: at('2026-06-29') }))).toEqual(['expired']);
    // A day in milliseconds, which is no date, and a time of issue that nobody filled in.
    const day = { iat: at('2026-06-30') * 1000, exp: at('2026-07-01') * 1000 };
    for (const claims of [day, { iat: 0, exp: at('2026-07-01') }]) expect(conditions([place('src/a.js')], rule, [], jwt(claims))).toEqual([]);
  });
});

describe('what places mean for the severity', () => {
  test.each([
    ['secret-in-browser', [place('src/a.jsx')], KEY, 'browser'],
    ['secret-in-mobile', [place('ios/A.swift')], KEY, 'app'],
    ['public-prefix-secret', [place('a.js', { name: 'VITE_KEY' })], KEY, 'public variable'],
    ['same-key-many-envs', [place('.env.production'), place('.env.staging')], KEY, 'several environments'],
    ['test-key-in-prod', [place('.env.production')], key({ kind: 'test' }), 'production file'],
    ['hardcoded-key', [place('src/a.js')], KEY, undefined],
  ] as const)('%s', (id, places, rule, expected) => {
    expect(conditions(places, rule, [id])).toEqual(expected === undefined ? [] : [expected]);
    // A check that is off changes nothing.
    expect(conditions(places, rule)).toEqual([]);
  });

  test('only tests, only documents, or neither', () => {
    const of = (...paths: readonly string[]): string[] => conditions(paths.map((path) => place(path)));
    expect([
      of('test/a.test.js'),
      of('test/a.test.js', 'README.md'),
      of('README.md'),
      of('README.md', 'a.js'),
      of('test/a.test.js', 'a.js'),
      of(),
    ]).toEqual([['only tests'], ['only docs'], ['only docs'], [], [], []]);
  });

  test('weak where every place is less sure than the rule', () => {
    const [sure, less] = [place('a.js'), place('b.js', { confidence: 'low' })];
    expect(conditions([less], key({ by: 'context' }))).toEqual(['weak context']);
    expect(conditions([less], key({ by: 'uri' }))).toEqual(['example host']);
    // A plain password in a command or a file counts as one in an address.
    expect(conditions([less], key({ by: 'pattern' }))).toEqual(['example host']);
    expect(conditions([less], key({ by: 'assignment' }))).toEqual(['example host']);
    expect(conditions([less], key({ by: 'token' }))).toEqual([]);
    expect(conditions([less, sure], key({ by: 'context' }))).toEqual([]);
  });

  test.each([
    ['.env.testing', true],
    ['.env.dev', true],
    ['spec/dummy/config/application.rb', true],
    ['.env', false],
    ['.env.production', false],
    ['src/a.rb', false],
    ['spec/dummy/config/environments/production.rb', false],
  ])('a secret that a framework generates is a default in %s: %s', (path, isDefault) => {
    const generated = key({ frameworkDefault: true });
    expect(conditions([place(path)], generated).includes('framework default')).toBe(isDefault);
    expect(conditions([place('.env.test'), place(path)], generated).includes('framework default')).toBe(isDefault);
    expect(conditions([place(path)])).not.toContain('framework default');
  });

  test('so it is in the section of a file', () => {
    const generated = key({ frameworkDefault: true });
    const at = (environment: EnvironmentClass): string[] => conditions([place('config/secrets.yml', { environment })], generated);
    expect([at('development'), at('test'), at('production'), at('staging')]).toEqual([['framework default'], ['framework default'], [], []]);
  });
});

describe('judge', () => {
  const check = (id: string, severity: string): Rule => ({ id, severity, matcher: { kind: 'finding' } }) as unknown as Rule;
  const told = (rule: Rule, checks: readonly Rule[], places: readonly Place[]): string[] =>
    judge({ rule, secret: new Secret('x'), state: 'head', places }, checks, WORLD).checks.map((one) => `${one.rule.id} ${one.severity}`);
  const places = [place('src/a.jsx', { name: 'VITE_KEY', marks: { 'plain-http': 'x' } })];
  const all = [check('hardcoded-key', 'low'), check('plain-http', 'low'), check('secret-in-browser', 'high'), check('no-observer', 'high')];

  test('gives the most severe first, then by id', () => {
    expect(told(KEY, all, places)).toEqual(['secret-in-browser high', 'hardcoded-key low', 'plain-http low']);
    expect(told(KEY, all.toReversed(), places)).toEqual(['secret-in-browser high', 'hardcoded-key low', 'plain-http low']);
  });

  test('says little of keys that are made to be seen, and nothing of files', () => {
    for (const kind of ['publishable', 'temporary', 'check'] as const) expect(told(key({ kind }), all, places)).toEqual(['plain-http low']);
    const file = judge({ rule: key({ by: 'file' }), secret: new Secret(''), state: 'head', places: [place('test/a.test.js')] }, all, WORLD);
    expect([file.checks, [...file.conditions]]).toEqual([[], []]);
  });
});
