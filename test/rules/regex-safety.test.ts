/**
 * Every regular expression that runs on the engine of JavaScript is proven: those of the built-in rules, and those
 * written in the engine itself. The proof is that of recheck, which decides by automata whether some text makes a
 * backtracking match take longer than in proportion to its length.
 *
 * What is proven is not the expression to the letter, which would make automata of thousands of states, but one that can
 * be divided in as many ways or more: a sticky one is anchored, what lookaround asserts is proven for itself, counts are
 * opened (`{20,247}` becomes `{2,}`; `{36}`, which leaves no choice, becomes `{2}`), and plain text is shortened.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { check } from 'recheck';
import { describe, expect, test } from 'vitest';
import { Detector } from '../../src/detect/detector.ts';
import { UserError } from '../../src/model/errors.ts';
import type { Matcher, RuleSet } from '../../src/model/rule.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { compileRules, mergeRules } from '../../src/rules/compile.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';
import { parseRuleFile } from '../../src/rules/load.ts';
import { LinearRegex } from '../../src/rules/regex-safety.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { representatives } from '../support/representatives.ts';

interface Run {
  readonly source: string;
  readonly flags: string;
}

/**
 * Expressions of degree 2, and why that costs little: the text that they see is never longer than the bound. A global
 * search counts as one degree, since it begins at each place.
 */
const BOUNDED: Readonly<Record<string, string>> = {
  'azure-cosmos-connection-string': 'a search; 120 characters from each "AccountEndpoint="',
  'azure-sas-token': 'a search; 60 characters from each parameter',
  'bip39-recovery-phrase': 'a search; 300 characters from each name',
  'curl-user-password': 'a search; 120 and 100 characters from each "curl "',
  'discord-bot-token': 'a search; a start is followed by 27 characters and a dot at most',
  'google-tink-keyset': 'a search; 4,100 characters from each "google.crypto.tink."',
  'docker-login-password': 'a search; 160 characters from each "docker login"',
  'govuk-notify-api-key': 'a search; 62 characters of a name from each start',
  'jdbc-url-password': 'a search; 224 characters from each "jdbc:"',
  'kafka-sasl-jaas': 'a search; 160 characters from each "LoginModule required"',
  'lemonsqueezy-api-key': 'a search; 2,000 characters from each "eyJ", in a few lines of 2 KiB at most',
  'mailerlite-api-token': 'as lemonsqueezy-api-key',
  'logrocket-api-key': 'a search; 62 characters from each start',
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
  'pgpass-password': 'a search; 120 characters before each port',
  'power-automate-trigger-url': 'a search; 200 characters from each "/paths/invoke"',
  'prismic-access-token': 'a search; 120 characters from each "MC5"',
  'redis-config-password': 'a search; 80 characters from each "redis-cli -"',
  'registry-login-password': 'a search; 64 characters from each "auth"',
  'sql-user-password': 'a search; 160 characters from each statement',
  'supabase-anon-key': '150 characters before a literal of 12 or more, 200 after it; a JSON Web Token is that long',
  'supabase-service-role-key': '150 characters before a literal of 12 or more, 200 after it; a JSON Web Token is that long',
  'terraform-random-password': 'a search; 800 characters from each "random_password"',
  'twitter-access-token': 'a search; 20 characters from each start',
  '/([A-Za-z_][\\w.:$]{0,80})(?:\\([^()]{0,120}\\))?\\s{0,8}$/': 'a search; in 240 characters',
  '/\\(\\?(?:<=\\^\\||!)\\[[^\\]]{0,80}\\](?:\\|[^()]{0,32})?\\)/g': "a rule's own pattern",
  '/^\\{\\{.*\\}\\}$|^<%.*%>$|\\$\\{[^}:]*\\}/': 'values of assignments, 512 characters at most',
  '/\\s{1,80}#.*$|\\s{1,80}$/s': 'the rest of a line after an operator, 512 characters',
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
  '/[\\w$]{1,120}$/': 'the name of a call, 300 characters at most',
  '/[^A-Za-z0-9]{1,24}$/': 'the 256 characters before a value',
  '/[A-Za-z]{1,12}$/': 'the 256 characters before a value',
  '/\\b[A-Z][A-Za-z-]{2,20}: [^\\n\\\\]{0,200}/g': 'a search; 21 characters from each capital, and each match is passed over once',
};

/** Back-references, which automata do not have. */
const BY_HAND: Readonly<Record<string, string>> = {
  '/^(.{1,8}?)\\1{2,}/': 'anchored; eight lengths of the group, and each compares a text once',
  '/^-----BEGIN ([A-Z0-9 ]{0,40})-----(.*)-----END \\1-----/s': 'anchored; 41 lengths of the group stop at the dashes, then each END is compared once',
};

/** Most of a count that is kept: more than one, so that a run stays different from a single character. */
const KEPT = 2;
const COUNT = /(\\.|\[(?:[^\]\\]|\\.)*\])|\{(\d+)(,?)(\d*)\}/g;
/** Plain text outside of classes, without a character that a count belongs to. */
const PLAIN_TEXT = /\[(?:[^\]\\]|\\.)*\]|((?:[A-Za-z0-9 :]|\\[-/.$]){4,}(?![{*+?]))|\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|.)/gi;
const PLAIN_KEPT = /^(?:\\?.){3}/;
/** Where a match must begin, plain text there decides nothing. */
const LEADING_TEXT = /^(?:[A-Za-z0-9 :_=]|\\[-/.$])+(?![{*+?])/;
const LOOKAROUND = /\(\?<?[=!]/;
/** `^(?:a|b)$` is as slow as its slowest choice. */
const ANCHORED_CHOICE = /^\^\(\?:(.*)\)(\$?)$/s;

/** Index of the parenthesis that closes the one at `from`. */
function closing(source: string, from: number): number {
  let depth = 0;
  let inClass = false;
  for (let at = from; at < source.length; at++) {
    const character = source[at];
    if (character === '\\') at++;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return at;
  }
  return -1;
}

/** An expression without lookaround, and what each lookaround asserts. */
function takenApart({ source, flags }: Run): Run[] {
  const found = LOOKAROUND.exec(source);
  if (found === null) return [{ source, flags }];
  const end = closing(source, found.index);
  const inner = source.slice(found.index + found[0].length, end);
  const sticky = flags.replaceAll(/[gy]/g, '');
  return [...takenApart({ source: source.slice(0, found.index) + source.slice(end + 1), flags }), ...takenApart({ source: inner, flags: `${sticky}y` })];
}

/** The choices of an anchored expression, each for itself. */
function choices(run: Run): Run[] {
  const [, inner, end = ''] = ANCHORED_CHOICE.exec(run.source) ?? [];
  if (inner === undefined || closing(run.source, 1) !== run.source.length - 1 - end.length) return [run];
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at <= inner.length; at++) {
    const character = inner[at];
    if (character === '\\') at++;
    else if (character === '[') at += (/^\[(?:[^\]\\]|\\.)*/.exec(inner.slice(at))?.[0].length ?? 1) - 1;
    else if (character === '(') at = closing(inner, at);
    else if (character === '|' || character === undefined) {
      parts.push(inner.slice(from, at));
      from = at + 1;
    }
  }
  return parts.map((part) => ({ source: `^(?:${part})${end}`, flags: run.flags }));
}

/** As many divisions or more, in terms that automata have. */
function widened({ source, flags }: Run): Run {
  const opened = source.replaceAll(COUNT, (whole, kept: string | undefined, min: string, comma: string, max: string) => {
    if (kept !== undefined || Math.max(Number(min), Number(max)) <= KEPT) return whole;
    const least = Math.min(Number(min), KEPT);
    return comma === '' || min === max ? `{${least}}` : `{${least},}`;
  });
  const short = opened.replaceAll(PLAIN_TEXT, (whole, text: string | undefined) => (text === undefined ? whole : (PLAIN_KEPT.exec(text)?.[0] ?? text)));
  const leading = short.includes('|') ? short : short.replace(LEADING_TEXT, '');
  return { source: flags.includes('y') ? `^(?:${leading})` : short, flags: flags.replaceAll(/[gy]/g, '') };
}

/** From one start, and in vain: whatever can be tried is tried. Opened counts alone would let it succeed too soon. */
function failing({ source, flags }: Run): Run {
  return { source: source.endsWith('$') ? `^(?:${source})` : `^(?:${source})\\x00`, flags };
}

const known = new Map<string, string>();

async function verdict(run: Run): Promise<string> {
  const key = `/${run.source}/${run.flags}`;
  const answer = known.get(key) ?? (await askChecker(run));
  known.set(key, answer);
  return answer;
}

/** The checker is a program of its own where there is one for the platform, which takes a fifth of the time that the one in JavaScript takes. */
async function askChecker({ source, flags }: Run): Promise<string> {
  if (source === '^(?:)' || source === '') return 'linear';
  const result = await check(source, flags, { checker: 'automaton', timeout: 30_000 });
  if (result.status === 'unknown') return `unknown: ${result.error.kind}`;
  return result.complexity.type === 'polynomial' ? `degree ${result.complexity.degree}` : result.complexity.type;
}

/** All of an expression's verdicts that are not linear. */
async function objections(...runs: readonly Run[]): Promise<string[]> {
  const verdicts = new Set<string>();
  for (const part of runs.flatMap(takenApart)) {
    for (const choice of choices(widened(part))) verdicts.add(await verdict(choice)).add(await verdict(failing(choice)));
  }
  return [...verdicts].filter((answer) => answer !== 'linear' && answer !== 'constant' && answer !== 'safe');
}

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

function writtenIn(file: string): Run[] {
  const text = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8').replaceAll(COMMENTS, '');
  return Array.from(text.matchAll(WRITTEN), ([whole]) => ({ source: whole.slice(1, whole.lastIndexOf('/')), flags: whole.slice(whole.lastIndexOf('/') + 1) }));
}

/** One in so many rules: proving them takes minutes. All with KEYSIFT_SOAK. */
const SAMPLE = process.env['KEYSIFT_SOAK'] === '1' ? 1 : 4;

describe('built-in rules', () => {
  const rules = representatives(builtinRules().rules, true).filter((_, index) => index % SAMPLE === 0);
  test.each(rules.map(({ id, matcher }) => [id, matcher] as const))('%s', { timeout: 60_000 }, async (id, matcher) => {
    expect(await objections(...patternsOf(matcher))).toEqual(BOUNDED[id] === undefined ? [] : ['degree 2']);
  });
});

describe('the engine', () => {
  const expressions = engineFiles().flatMap((file) => writtenIn(file).map((run) => [`/${run.source}/${run.flags}`, file, run] as const));

  test('the expressions are found', () => {
    expect(expressions.length).toBeGreaterThan(40);
    const written = new Set<string>(expressions.map(([text]) => text));
    const ids = new Set(builtinRules().rules.map(({ id }) => id));
    expect([...Object.keys(BOUNDED), ...Object.keys(BY_HAND)].filter((key) => !written.has(key) && !ids.has(key))).toEqual([]);
  });

  test.each(expressions)('%s in %s', { timeout: 60_000 }, async (text, _file, run) => {
    const expected = BOUNDED[text] !== undefined ? ['degree 2'] : BY_HAND[text] !== undefined ? ['unknown: unsupported'] : [];
    expect(await objections(run)).toEqual(expected);
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
  ])('%s: 1 MiB within 2 s, and the other rules find theirs', { timeout: 30_000 }, (_what, regex, hostile) => {
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
    expect(best).toBeLessThan(2000);
  });

  test('patterns find the same as those of JavaScript', () => {
    const keys = Array.from({ length: 40 }, (_, index) => expandExample('acme_{{hex:8}}-{{alnum:24}}', String(index)));
    const lines = keys.map((key, index) => `${'x'.repeat(index * 7)} key${index} = "${key}"${index % 3 === 0 ? ' ' : '\n'}`).join('');
    const free = `regex: '\\b(acme_[0-9a-f]{8}-[0-9A-Za-z]{24})\\b', literals: [acme_], maxLength: 60`;
    for (const text of [lines, keys.join(' '), keys.join('\n')]) {
      const expected = keys.map((key) => text.indexOf(key));
      for (const matcher of [`pattern: {${free}}`, `pattern: {${free}, multiline: true}`, `pattern: {${free}, before: 0}`]) {
        const found = new Inspector(withUserRules(matcher)).inspect(Buffer.from(text)).filter(({ rule }) => rule.id === 'mine-0');
        expect(found.map(({ span }) => span.start)).toEqual(expected);
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
