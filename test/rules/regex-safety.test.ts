/**
 * Every regular expression that runs on the engine of JavaScript is proven: those of the built-in rules, and those
 * written in the engine itself, or made by it. See `objections`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { Detector } from '../../src/detect/detector.ts';
import { UserError } from '../../src/model/errors.ts';
import type { Matcher, RuleSet } from '../../src/model/rule.ts';
import { builtinExamples, builtinRules } from '../../src/rules/builtin.ts';
import { compileRules, mergeRules } from '../../src/rules/compile.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';
import { parseRuleFile } from '../../src/rules/load.ts';
import { LinearRegex } from '../../src/rules/regex-safety.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { madeExpressions, type Made } from '../support/made-expressions.ts';
import { missingProofs, objections, staleProofs, WRITING, type Run } from '../support/regex-proof.ts';
import { SOAK } from '../support/sample.ts';
import { slowness } from '../support/slowness.ts';

/**
 * Expressions of degree 2, and why that costs little: the text that they see is never longer than the bound. A global
 * search counts as one degree, since it begins at each place.
 */
const BOUNDED: Readonly<Record<string, string>> = {
  'unleash-api-token': 'a search; 40 characters of a project from each start',
  'azure-cosmos-connection-string': 'a search; 120 characters from each "AccountEndpoint="',
  'azure-sas-token': 'a search; 60 characters from each parameter',
  'bip39-recovery-phrase': 'a search; 300 characters from each name',
  'declared-password': 'a search; 60 characters of a name from each start',
  'declared-secret': 'as declared-password',
  'curl-user-password': 'a search; 120 and 100 characters from each "curl "',
  'archive-command-password': 'a search; 100 characters from each command',
  'bundle-command-password': 'a search; 120 characters from each "bundle config "',
  'erlang-command-cookie': 'a search; 100 characters from each command',
  'store-command-password': 'a search; 160 characters from each command',
  'rclone-command-password': 'a search; 200 characters from each command',
  'sops-command-secret': 'a search; 120 characters from each command',
  'vault-command-secret': 'a search; 120 characters from each command',
  'set-line-credential': 'a search; 64 characters from each "set "',
  'section-password': 'a search; 300 characters from each name of a user or host',
  'token-settings-key': 'a search; 400 characters from each brace behind a name',
  'network-command-password': 'a search; 120 characters from each "nmcli "',
  'openssl-command-password': 'a search; 24 characters of options from each command',
  'snmp-command-password': 'a search; 200 characters from each command',
  'package-command-credential': 'a search; 100 characters from each "nuget push "',
  'windows-command-password': 'a search; 160 characters from each command',
  'windows-share-command-password': 'a search; 90 characters from each "net use"',
  'windows-task-command-password': 'a search; 160 characters from each command',
  'exported-passwords': 'a search; 160 characters from the beginning of each line',
  'piped-command-secret': 'a search; 200 characters from each, since what stands before it is looked back at',
  'told-credential': 'a search; 40 characters from each name',
  'discord-bot-token': 'a search; a start is followed by 27 characters and a dot at most',
  'google-tink-keyset': 'a search; 4,100 characters from each "google.crypto.tink."',
  'dnssec-private-key': 'a search; 1,700 characters from each "Private-key-format:"',
  'front-api-token': 'a search; 420 characters from each "eyJ", near its provider',
  'n8n-webhook-url': 'a search; 80 characters from each "n8n"',
  'curlrc-password': 'a search; 64 characters from each "user"',
  'daemon-login': 'a search; 120 and 64 characters from each name of a setting',
  'docker-login-password': 'a search; 160 characters from each "docker login"',
  'govuk-notify-api-key': 'a search; 62 characters of a name from each start',
  'jdbc-url-password': 'a search; 224 characters from each "jdbc:"',
  'kafka-sasl-jaas': 'a search; 160 characters from each "LoginModule required"',
  'htpasswd-command-password': 'a search; 120 characters from each command',
  'keyring-call-password': 'a search; 160 characters from each call',
  'ldap-command-password': 'a search; 160 characters from each command',
  'key-command-passphrase': 'a search; 160 characters from each command',
  'lemonsqueezy-api-key': 'a search; 2,000 characters from each "eyJ", in a few lines of 2 KiB at most',
  'database-command-password': 'a search; 160 characters from each command',
  'file-share-command-password': 'a search; 120 characters from each command',
  'login-command-password': 'a search; 160 characters from each command',
  'mailerlite-api-token': 'as lemonsqueezy-api-key',
  'logrocket-api-key': 'a search; 62 characters from each start',
  'mail-relay-password': 'a search; 80 characters before each port',
  'mattermost-webhook': 'a search; 80 characters from each "https://"',
  'moralis-api-key': 'as lemonsqueezy-api-key',
  'mssql-connection-string-password': 'a search; 120 and 200 characters from each name, in windows of three times its length',
  'mysql-command-password': 'a search; 120 characters from each command',
  'mysql-dsn-password': 'a search; 64 and 128 characters before each "@tcp("',
  'netrc-password': 'a search; 120 and 80 characters from each "machine "',
  'ngrok-authtoken': 'a search; 30 characters from each start',
  'odbc-connection-string-password': 'a search; 80 and 160 characters from each "dsn="',
  'openai-admin-key': '90 characters before a literal of 8, 90 after it',
  'openai-project-key': '90 characters before a literal of 8, 90 after it',
  'openai-service-account-key': '90 characters before a literal of 8, 90 after it',
  'openai-user-key': '90 characters before a literal of 8, 90 after it',
  'oracle-connect-string': 'a search; 40 and 64 characters from each "jdbc:oracle:" or "sqlplus "',
  'otpauth-uri-secret': 'a search; 160 and 200 characters from each "otpauth://"',
  'password-file-hash': 'a search; 64 characters of a name from each start',
  'pgpass-password': 'a search; 120 characters before each port',
  'power-automate-trigger-url': 'a search; 200 characters from each "/paths/invoke"',
  'prismic-access-token': 'a search; 120 characters from each "MC5"',
  'redis-config-password': 'a search; 80 characters from each "redis-cli -"',
  'registry-login-password': 'a search; 64 characters from each "auth"',
  'sql-user-password': 'a search; 160 characters from each statement',
  'stored-name-secret': 'a search; 80 characters of a name from each command',
  'stored-argument-secret': 'a search; 100 characters from each command',
  'stored-command-secret': 'a search; 160 characters from each command',
  'stored-variable-secret': 'a search; 200 characters from each command',
  'line-bot-call-token': 'a search; 80 characters from each call',
  'supabase-anon-key': '150 characters before a literal of 12 or more, 200 after it; a JSON Web Token is that long',
  'supabase-service-role-key': '150 characters before a literal of 12 or more, 200 after it; a JSON Web Token is that long',
  'terraform-random-password': 'a search; 800 characters from each "random_password"',
  'twitter-access-token': 'a search; 20 characters from each start',
  '/(?<![\\w.])([\\w.]{1,80})\\s?\\|\\s?default(?:\\s?\\(|\\s)["\']$/': 'a line, 512 characters before a value',
  '/([A-Za-z_][\\w.:$]{0,80})(?:\\([^()]{0,120}\\))?\\s{0,8}$/': 'a search; in 240 characters',
  '/\\(\\?(?:<=\\^\\||!)\\[[^\\]]{0,80}\\](?:\\|[^()]{0,32})?\\)/g': "a rule's own pattern",
  '/^<%.*%>$|\\$\\{[^}:]*\\}/': 'values of assignments, 512 characters at most',
  '/\\s{1,80}#.*$|\\s{1,80}$/s': 'the rest of a line after an operator, 512 characters',
  '/(?:algoliasearch|SearchClient)[\\w.:]{0,20}\\(\\s{0,20}["\'][A-Z0-9]{10}["\'],\\s{0,20}["\']$/': 'the 100 characters before a value',
  '/[\\s\'"`\\\\]{1,8}$/': 'the 256 characters before a value',
  '/([A-Za-z_$][\\w$]{0,80})\\s{0,4}(?:\\[[^\\]]{0,40}\\]|\\([^()]{0,80}\\)|<[^<>]{0,60}>)$/': 'the 256 characters before a value',
  '/\\s{1,32}$/': 'the 256 characters before a value',
  '/(?:&quot;|\\\\*["\'`]){1,4}$/': 'the 256 characters before a value',
  '/(?<=[=:(,\\s[{])(?:[rbuf]|\\$|@|-[HuU]|--?[a-z-]{1,12})$/i': 'the 256 characters before a value',
  '/["\'\\]]{1,4}$/': 'the 256 characters before a value',
  '/(?:(?<=[\\s"\'`])(?:bearer|token|basic|bot|ssws)|(?<=authorization["\']?\\s{0,4}[:=,]\\s{0,4}["\'`]?)[a-z][\\w-]{1,24})\\s{0,4}$/i':
    'the 256 characters before a value',
  '/([A-Za-z_][\\w.-]{0,60})["\']?\\s{0,4}[=:]\\s{0,4}$/': 'the 300 characters before a bracket',
  '/^[\\s.\'"[\\]:/-]+|[\\s.\'"[\\]:/]+$/g': 'a name of 256 characters at most',
  '/(?:\\sAs)?[\\s:?*&]+$/': 'the 256 characters before a value',
  '/((?:process\\.env|import\\.meta\\.env|Bun\\.env)\\.\\w{1,80}|[\\w$.:]{0,60}[[(]["\'][\\w.:-]{1,80}["\'][\\])])[!)\\s]{0,8}$/': 'the 220 characters before a value',
  '/([\\w$.:]{0,60}\\(["\'][\\w.:-]{1,80}["\']), ?(?:default ?[=:] ?)?["\']$/': 'the 220 characters before a value',
  '/(?:^|[\\s;({,])([A-Za-z_$][\\w$]{0,60})(?:\\s?:\\s?[\\w<>,.[\\] |]{1,60})?\\s{0,4}:?=\\s{0,8}(?:[\\w.[\\]*]{0,60}|(?:dict|OrderedDict|Object\\.freeze|Object\\.assign|new Headers)\\()$/': 'the 120 characters before a bracket',
  '/(?:\\s\\/\\/|\\s#|\\/\\*)\\s[^"\'`]{0,200}$/': 'the 220 characters before a value',
  '/(?<![\\w-])([A-Za-z_][\\w-]{0,80})\\s{0,8}(?::\\s?\\[(?::0)?\\]const\\su8\\s=|:\\s?constant\\sString\\s:=|\\sTYPE\\s\\w{1,12}\\sVALUE|\\sPIC\\sX\\(\\d{1,4}\\)\\sVALUE|\\s(?:CONSTANT\\s)?N?VARCHAR2?\\(\\d{1,4}\\)\\s(?::=|=|DEFAULT)(?:\\sN)?)\\s{0,4}["\']$/i':
    'the 256 characters before a value',
  '/(?<![\\w.$])[\\w.$]{1,60}\\s?={2,3}\\s?["\'][^"\']{1,40}["\']\\s?\\?\\s?["\'][^"\']{8,200}["\']\\s?:\\s?["\']$/':
    'the 330 characters before a value',
  '/[\\w$]{1,120}$/': 'the name of a call, 300 characters at most',
  '/\\b[A-Z][A-Za-z-]{2,20}: [^\\n\\\\]{0,200}/g': 'a search; 21 characters from each capital, and each match is passed over once',
};

/** Back-references, which automata do not have. */
const BY_HAND: Readonly<Record<string, string>> = {
  '/^(.{1,8}?)\\1{2,}/': 'anchored; eight lengths of the group, and each compares a text once',
  '/^-----BEGIN ([A-Z0-9 ]{0,40})-----(.*)-----END \\1-----/s': 'anchored; 41 lengths of the group stop at the dashes, then each END is compared once',
};

function* patternsOf(matcher: Matcher): Generator<Run> {
  switch (matcher.kind) {
    case 'token':
      for (const { pattern, anchored } of matcher.forms) {
        yield { source: pattern, flags: matcher.ignoreCase ? 'iy' : 'y' };
        if (anchored !== undefined) yield { source: anchored, flags: matcher.ignoreCase ? 'iy' : 'y' };
      }
      return;
    case 'context':
    case 'assignment':
    case 'file':
    case 'whole':
      yield { source: matcher.value.pattern, flags: 'g' };
      return;
    case 'block':
      yield { source: matcher.pattern, flags: 'sy' };
      return;
    case 'pattern':
      yield { source: matcher.pattern, flags: `${matcher.flags}g` };
      if (matcher.further !== undefined) yield { source: matcher.further, flags: `${matcher.flags}y` };
      return;
    case 'member':
      for (const { pattern } of matcher.bodies) yield { source: `^(?:${pattern})$`, flags: '' };
      return;
    case 'usage':
    case 'finding':
    case 'credential':
    case 'uri': // their expressions are written in the program, see below
  }
}

/** A regular expression in TypeScript, where an expression may stand. */
const WRITTEN = /(?<=[=(,:?[|&!{};\n>]\s{0,40}|return\s)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*(?=[\s),;.\]:}])/g;
const COMMENTS = /\/\*\*[^]*?\*\/|^\s*\/\/.*$/gm;

/** Files whose expressions see scanned text. */
function engineFiles(): string[] {
  const folders = ['detect', 'detect/decode', 'classify'].flatMap((folder) => readdirSync(new URL(`../../src/${folder}`, import.meta.url)).map((name) => `${folder}/${name}`));
  return [...folders, 'rules/checksums.ts', 'kernel/tables.ts'].filter((name) => name.endsWith('.ts'));
}

function sourceOf(file: string): string {
  return readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
}

function writtenIn(file: string): Run[] {
  const text = sourceOf(file).replaceAll(COMMENTS, '');
  return Array.from(text.matchAll(WRITTEN), ([whole]) => ({ source: whole.slice(1, whole.lastIndexOf('/')), flags: whole.slice(whole.lastIndexOf('/') + 1) }));
}

describe('built-in rules', () => {
  test.each(builtinRules().rules.map(({ id, matcher }) => [id, matcher] as const))('%s', async (id, matcher) => {
    expect(await objections(...patternsOf(matcher))).toEqual(BOUNDED[id] === undefined ? [] : ['degree 2']);
  });
});

const written = engineFiles().flatMap((file) => writtenIn(file).map((run) => [`/${run.source}/${run.flags}`, file, run] as const));

describe('the engine', () => {
  test('the expressions are found', () => {
    expect(written.length).toBeGreaterThan(40);
    const texts = new Set<string>(written.map(([text]) => text));
    const ids = new Set(builtinRules().rules.map(({ id }) => id));
    expect([...Object.keys(BOUNDED), ...Object.keys(BY_HAND)].filter((key) => !texts.has(key) && !ids.has(key))).toEqual([]);
  });

  test.each(written)('%s in %s', async (text, _file, run) => {
    const expected = BOUNDED[text] !== undefined ? ['degree 2'] : BY_HAND[text] !== undefined ? ['unknown: unsupported'] : [];
    expect(await objections(run)).toEqual(expected);
  });
});

describe('what the engine makes', () => {
  const MADE = /new RegExp\(/;
  /** As `BOUNDED`, for any name. */
  const MADE_BOUNDED = { begins: '(?<![a-z0-9])', ends: '(?:_[a-z_]{0,40})?(?:key|secret|token)(?![a-z])', why: 'a search; 40 characters from each name' };
  /** As `BY_HAND`: the checker does not end with it. */
  const MADE_BY_HAND = {
    begins: '(?:http|ws)://(?:[a-z0-9-]{1,40}\\.){0,3}(?:api|',
    ends: '(?![a-z0-9-]|\\.[a-z])',
    why: 'a search; labels end where their dots are, so from each "http://" or "ws://" there are twelve ways, of 280 characters each',
  };
  const isOne = (source: string, { begins, ends }: { begins: string; ends: string }): boolean => source.startsWith(begins) && source.endsWith(ends);
  /** Those of the rules are proven above. */
  const rulesOwn = new Set(builtinRules().rules.flatMap(({ matcher }) => [...patternsOf(matcher)].flatMap(({ source }) => [source, `^(?:${source})$`])));
  const places = engineFiles().flatMap((file) =>
    sourceOf(file)
      .split('\n')
      .flatMap((line, index) => (MADE.test(line) ? [`${file}:${index + 1}`] : [])),
  );
  let made: readonly Made[] = [];
  /** Those that are not a rule's own, one of each build. */
  const builds = new Map<string, Made>();

  beforeAll(async () => {
    made = await madeExpressions(engineFiles(), async (load) => {
      const { CompiledRule } = await load<typeof import('../../src/detect/compiled-rule.ts')>('detect/compiled-rule.ts');
      const { Surroundings } = await load<typeof import('../../src/classify/surroundings.ts')>('classify/surroundings.ts');
      const { Owners } = await load<typeof import('../../src/classify/owners.ts')>('classify/owners.ts');
      expect(new Owners(builtinRules())).toBeDefined();
      const inspecting = new (await load<typeof import('../../src/scan/inspector.ts')>('scan/inspector.ts')).Inspector(builtinRules());
      for (const { match } of Object.values(builtinExamples())) inspecting.inspect(Buffer.from(match[0]?.text ?? ''));
      for (const rule of builtinRules().rules) {
        const { matcher, attribute } = rule;
        if (matcher.kind === 'context') new CompiledRule(rule).endsBeside(matcher, '');
        if (matcher.kind === 'context') new CompiledRule(rule).fits(matcher, '');
        if (matcher.kind === 'pattern' && matcher.further !== undefined) new CompiledRule(rule).further(matcher.further, `${matcher.flags}y`);
        if (attribute === undefined) continue;
        // What a text does not name it is not asked about, and what was found first ends the search.
        for (const name of ['', ...attribute.hosts, ...attribute.packages]) {
          const within = new Surroundings(Buffer.from(`x${name.replace('*', '')}x`));
          within.claim(attribute, { start: 0, end: 0 });
          within.plainHost(attribute);
        }
      }
    });
    for (const one of made) if (!rulesOwn.has(one.source)) builds.set(`${one.file}:${one.line} ${one.source.replaceAll(/\w+/g, 'x')}`, one);
  });

  test('is seen wherever it is made', () => {
    expect(places.length).toBeGreaterThan(8);
    expect(new Set(made.map(({ file, line }) => `${file}:${line}`))).toEqual(new Set(places));
  });

  test('is linear, whatever it is made of', { timeout: 300_000 }, async () => {
    expect(builds.size).toBeGreaterThan(15);
    const wrong: string[] = [];
    for (const { file, line, ...run } of builds.values()) {
      const found = isOne(run.source, MADE_BY_HAND) ? [] : await objections(run);
      const expected = isOne(run.source, MADE_BOUNDED) ? 'degree 2' : '';
      if (found.join() !== expected) wrong.push(`${file}:${line} ${run.source}: ${found.join()}`);
    }
    expect(wrong).toEqual([]);
    for (const known of [MADE_BOUNDED, MADE_BY_HAND]) expect(made.some(({ source }) => isOne(source, known)), known.why).toBe(true);
  });

  const HOW = 'npm run proofs writes the list anew';

  /** What the list spares is asked on another day, and by the soak: see `Proven`. */
  test('the list of what was proven is of these expressions', { timeout: 600_000 }, async () => {
    const ofRules = builtinRules().rules.flatMap(({ matcher }) => [...patternsOf(matcher)]);
    const ofBuilds = [...builds.values()].filter(({ source }) => !isOne(source, MADE_BY_HAND));
    const all = [...ofRules, ...written.map(([, , run]) => run), ...ofBuilds];
    if (SOAK || WRITING) expect(await missingProofs(all), HOW).toEqual([]);
    expect(staleProofs(all), HOW).toEqual([]);
  });
});

test('the checker sees what is dangerous', async () => {
  expect(await objections({ source: '(a{1,50}){1,50}$', flags: 'y' })).toEqual(['exponential']);
  expect(await objections({ source: 'acme.{0,200}secret.{0,200}[a-f0-9]{40}', flags: 'g' })).not.toEqual([]);
  // The separators of lines of base64 as they once were: `+` belonged to both.
  expect(await objections({ source: '(?:(?:\\s|["\'+,]){1,60}[A-Za-z0-9+/]{60,76}){4,200}', flags: 'sy' })).toEqual(['exponential']);
});

/** A user's rules beside the built-in ones. Each is one YAML text of its matcher. */
function withUserRules(...matchers: readonly string[]): RuleSet {
  const rules = matchers.map((matcher, index) => `  - {id: mine-${index}, title: Mine, ${matcher}, examples: {match: [x], ignore: [x]}}`);
  const file = parseRuleFile(`rules:\n${rules.join('\n')}\n`, 'mine.yaml');
  return mergeRules(builtinRules(), compileRules([file], builtinRules().rules));
}

const pattern = (regex: string, more = ''): string => `pattern: {regex: '${regex}', literals: [acme, aaaa], maxLength: 600${more}}`;
const GITHUB = parseMarked(expandExample('[|ghp_{{base62:30}}{{checksum:github}}|]')).text;
const MIB = 1_048_576;

describe('rules of users', () => {
  test.each([
    ['look ahead', pattern('acme(?=x)'), 'linear time', 'lookaround'],
    ['look behind', pattern('(?<!x)acme'), 'linear time', 'lookaround'],
    ['a back-reference', pattern('(acme)x\\1'), 'linear time', 'lookaround'],
    ['repetition within repetition', pattern('(a{1,50}){1,50}$'), 'repeat', 'multiply'],
    ['a large program', pattern('acme[a-z]{1,900}[0-9]{1,900}'), 'too large', 'Repeat less'],
    ['an empty match', pattern('(?:acme){0,1}'), 'empty text', ''],
    ['no bound', pattern('acme.*'), 'upper bound', ''],
    ['a long source', pattern(`acme${'a'.repeat(4096)}`), '4096', ''],
    ['the rest of a block', "block: {begin: ['-----ACME'], rest: '(?=a)aaaa'}", 'linear time', 'lookaround'],
    ['the body of a member', "member: {of: unattributed-secret-key-live, bodies: [{regex: '(?:(a{1,50}){1,50})b'}]}", 'repeat', 'multiply'],
    ['runs that share characters', "token: {shapes: ['acme_{alnum:1-400}{word:1-400}!']}", 'divided', ''],
    ['choices without end', `token: {shapes: ['acme_${'(a|b)'.repeat(12)}']}`, 'forms', ''],
    ['a long token', "token: {prefixes: [acme_], alphabet: alnum, length: 20-9999}", '4096', ''],
    ['a pattern inside a class', "token: {prefixes: [acme_], alphabet: alnum, length: 20, before: 'a])(?:(a+)+$)(?![b'}", 'inside of a character class', ''],
    ['a pattern as a name', "token: {prefixes: [acme_], alphabet: alnum, length: 20}, attribute: {names: ['(a+)+$']}", 'plain name', ''],
  ])('%s is refused with file, line and rule', (_what, matcher, message, hint) => {
    let thrown: unknown;
    try {
      withUserRules(matcher);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UserError);
    const { message: given, hint: help } = thrown as UserError;
    expect(given).toMatch(/^mine\.yaml:2: rule mine-0: /);
    expect(given).toContain(message);
    expect(help).toContain(hint);
  });

  test('more than 2,000 in a file are refused', () => {
    expect(() => withUserRules(...Array.from({ length: 2001 }, (_, index) => `token: {prefixes: [acme_${index}_], alphabet: alnum, length: 20}`))).toThrow(
      /^mine\.yaml:2002: rule mine-2000: a rule file may have 2000 rules/,
    );
  });

  test.each([
    ['repetition within repetition', '(a{1,25}){1,25}$', `${'a'.repeat(MIB)}!`],
    ['optional separators', '(?:[a-z0-9]{1,20}_?){1,20}=$', 'aaaaaaa_'.repeat(MIB / 8)],
    ['gaps that overlap', 'acme.{0,200}secret.{0,200}[a-f0-9]{40}', 'acme secret '.repeat(MIB / 12)],
    ['gaps that overlap, and matches', 'acme.{0,200}secret.{0,200}[a-f0-9]{40}', `${'acme secret '.repeat(20)}${'0123456789abcdef'.repeat(3)} `.repeat(MIB / 289)],
    ['two ways to match', '(?:acme[ -~]{0,500}c;|acme)', 'acme'.repeat(MIB / 4)],
  ])('%s: 1 MiB within 2 s, and the other rules find theirs', (_what, regex, hostile) => {
    const text = Buffer.from(`key = ${GITHUB}\n${hostile}\nkey = ${GITHUB}\n`);
    const detector = new Detector(withUserRules(pattern(regex)));
    let best = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 3 && best > 2000; attempt++) {
      const began = process.cpuUsage();
      const found = detector.detect(text);
      const { user, system } = process.cpuUsage(began);
      best = Math.min(best, (user + system) / 1000);
      expect(found.filter(({ rule }) => rule.id === 'github-pat-classic').map(({ span }) => span.start)).toEqual([6, text.length - GITHUB.length - 1]);
    }
    expect(best).toBeLessThan(best > 2000 ? 2000 * slowness() : 2000);
  });

  test('patterns find the same as those of JavaScript', () => {
    const keys = Array.from({ length: 40 }, (_, index) => expandExample('acme_{{hex:8}}-{{alnum:24}}', String(index)));
    const lines = keys.map((key, index) => `${'x'.repeat(index * 7)} key${index} = "${key}"${index % 3 === 0 ? ' ' : '\n'}`).join('');
    const free = `regex: '\\b(acme_[0-9a-f]{8}-[0-9A-Za-z]{24})\\b', literals: [acme_], maxLength: 60`;
    for (const matcher of [`pattern: {${free}}`, `pattern: {${free}, multiline: true}`, `pattern: {${free}, before: 0}`]) {
      const inspector = new Inspector(withUserRules(matcher));
      for (const text of [lines, keys.join(' '), keys.join('\n')]) {
        const found = inspector.inspect(Buffer.from(text)).filter(({ rule }) => rule.id === 'mine-0');
        expect(found.map(({ span }) => span.start)).toEqual(keys.map((key) => text.indexOf(key)));
      }
    }
  });

  test('a block ends where its pattern does, with counts beyond those of RE2', () => {
    const set = withUserRules("block: {begin: ['-----ACME KEY'], rest: '[\\s0-9A-Za-z+/]{40,9000}?-----END'}");
    const block = expandExample('-----ACME KEY\n{{base64:1500}}\n-----END');
    const found = new Detector(set).detect(Buffer.from(`a\n${block}-----\n${block}-----`));
    expect(found.filter(({ rule }) => rule.id === 'mine-0').map(({ secret }) => secret.reveal())).toEqual([block, block]);
  });
});

test.each([
  ['b{1,3}', 'g', 'aabbbbab', ['bbb', 'b', 'b']],
  ['B', 'gi', 'abAB', ['b', 'B']],
  ['a\\b', 'g', 'a aa', ['a', 'a']],
  ['\\b', 'g', 'a b', []],
  ['(a)|(b)', 'g', 'ab', ['a', 'b']],
])('LinearRegex %s %s on %j', (source, flags, text, expected) => {
  const regex = new LinearRegex(source, flags);
  const found: string[] = [];
  for (let match = regex.exec(text); match !== null; match = regex.exec(text)) found.push(match[0]);
  expect(found).toEqual(expected);
});
