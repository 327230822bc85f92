/** R5, R8 and R10: texts made by grammar and chance, for what reads policy, for parsers and escapers, and for the rules. */
import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { parseFragment } from 'parse5';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { parseTree } from '../../src/git/trees.ts';
import { UserError } from '../../src/model/errors.ts';
import { parseBaseline } from '../../src/policy/baseline.ts';
import { parseConfigFile } from '../../src/policy/config-file.ts';
import { parseEntries } from '../../src/policy/entry.ts';
import { gitleaksIgnores, secretsBaselineIgnores } from '../../src/policy/import-ignores.ts';
import { inlineComments } from '../../src/policy/inline.ts';
import { isPathPattern, pathFilter } from '../../src/policy/path-patterns.ts';
import { htmlText } from '../../src/report/html-text.ts';
import { relativeUri } from '../../src/report/uri.ts';
import { xmlText } from '../../src/report/xml.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { parseRuleFile } from '../../src/rules/load.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { HOSTILE_NAMES } from '../support/reports.ts';
import { shareOfSlice, SOAK } from '../support/sample.ts';
import { cpuSince } from '../support/slowness.ts';

/** S18: nine targets × 22,000 and three × 1,000 are 201,000 texts; in a soak 20 million. `KEYSIFT_RUNS=number` takes another number for each. */
const given = process.env['KEYSIFT_RUNS'];
const RUNS = Number(given ?? shareOfSlice(SOAK ? 2_200_000 : 22_000));
/** Of what takes ten times as long: YAML, and whatever is held to a schema. */
const SLOW_RUNS = Number(given ?? shareOfSlice(SOAK ? 200_000 : 1000));

/** An assertion of vitest takes longer than most of what is fuzzed: they are for what has failed already. */
function must(holds: boolean, what: string): void {
  if (!holds) expect.unreachable(what);
}

/** What is left of a sound text after some pieces of it were doubled, taken out, or replaced by what parsers stumble over. */
function broken(sound: readonly string[]): fc.Arbitrary<string> {
  const hostile = fc.oneof(
    fc.constantFrom(
      '\0',
      '\ufeff',
      '\r\n',
      '\t',
      '{',
      '[',
      '"',
      "'",
      ':',
      '#',
      '- ',
      '&a',
      '*a',
      '<<: *a',
      '!!js/function',
      '---',
      '%',
      '__proto__',
      '1e999',
      '.nan',
      '\ud800',
      ',',
    ),
    fc.string({ maxLength: 8, unit: 'binary' }),
  );
  const change = fc.tuple(fc.nat(), fc.nat(40), fc.oneof(hostile, fc.constant(undefined)));
  return fc.tuple(fc.constantFrom(...sound), fc.array(change, { maxLength: 6 })).map(([text, changes]) => {
    let result = text;
    for (const [at, length, put] of changes) {
      const from = at % (result.length + 1);
      result = result.slice(0, from) + (put ?? result.slice(from, from + length).repeat(2)) + result.slice(from + length);
    }
    return result;
  });
}

const ID = '0123456789abcdef0123';
const POLICY: Readonly<Record<string, readonly [read: (text: string) => unknown, sound: readonly string[]]>> = {
  'a configuration in YAML': [
    (text) => parseConfigFile(text, 'keysift.config.yaml'),
    ['failOn: high\nexclude:\n  - docs/**\nrules:\n  github-pat-classic: { enabled: false }\nlimits: { maxFileSize: 10M, jobs: 2 }\n'],
  ],
  'a configuration in JSON': [
    (text) => parseConfigFile(text, 'keysift.config.json'),
    ['{"failOn": "high", "exclude": ["docs/**"], "limits": {"jobs": 2}}'],
  ],
  'a list of ignored findings': [
    (text) => parseEntries(text, '.keysiftignore', { reasons: true }),
    [`# why\n${ID} github-pat-classic until=2030-01-01 src/a.txt -- a test key\n`],
  ],
  'a baseline': [
    (text) => parseBaseline(text, '.keysift-baseline'),
    [`# keysift baseline 1\n${ID} password-assignment src/a.txt\n${'0a'.repeat(8)}.${'1b'.repeat(12)} github-pat-classic b.txt\n`],
  ],
  'a rule file': [
    (text) => parseRuleFile(text, 'rules.yaml'),
    [
      "rules:\n  - id: acme\n    title: Acme\n    token: { prefixes: [acme_], alphabet: alnum, length: 20-40 }\n    examples: { match: ['[|acme_{{alnum:30}}|]'], ignore: [x] }\n",
    ],
  ],
  'ignores of another scanner': [
    (text) => gitleaksIgnores(text, '.gitleaksignore'),
    ['# x\n0123456789012345678901234567890123456789:src/a.txt:generic-api-key:3\nsrc/b.txt:rule:4\n'],
  ],
  'a baseline of another scanner': [
    (text) => secretsBaselineIgnores(text, '.secrets.baseline'),
    [`{"version": "1.4.0", "results": {"a.txt": [{"type": "Secret Keyword", "line_number": 3, "hashed_secret": "${'0a'.repeat(20)}"}]}}`],
  ],
};

test.each(Object.entries(POLICY))('R5: %s is data, or an error that says where', { timeout: 3_600_000 }, (what, [read, sound]) => {
  for (const text of sound) read(text);
  fc.assert(
    fc.property(broken(sound), (text) => {
      try {
        read(text);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        must(/^[\w.-]+(?::\d+|:? )/.test(error.message), error.message);
      }
    }),
    { numRuns: /^a (?:configuration|rule file)/.test(what) ? SLOW_RUNS : RUNS },
  );
  expect(({} as Record<string, unknown>)['a']).toBeUndefined();
});

describe('R8: whatever is given to them', { timeout: 3_600_000 }, () => {
  const hostile = fc.oneof(
    fc.constantFrom(...HOSTILE_NAMES),
    fc.string({ maxLength: 60, unit: 'binary' }),
    fc.string({ maxLength: 60, unit: 'grapheme' }),
  );

  test('trees are read to their first entry that is none', () => {
    const entry = fc
      .tuple(
        fc.constantFrom('100644', '40000', '120000', '160000', '0', ''),
        fc.string({ maxLength: 9 }),
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
      )
      .map(([mode, name, id]) => Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'latin1'), id]));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), fc.uint8Array({ maxLength: 60 }), fc.constantFrom(40, 64), (entries, rest, width) => {
        const bytes = Buffer.concat([...entries, rest]);
        let count = 0;
        for (const { id } of parseTree(bytes, width)) {
          count++;
          must(id.length === width, `an id of ${id.length} digits`);
        }
        must(count <= bytes.length / (width / 2), `${count} entries`);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([40, 64])('a tree that is cut off has the entries that are whole, with ids of %i digits', (width) => {
    const one = (name: string): Buffer => Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.alloc(width / 2, name)]);
    const [first, second] = [one('a'), one('bc')];
    const bytes = Buffer.concat([first, second]);
    for (let length = 0; length <= bytes.length; length++) {
      const whole = [...parseTree(bytes.subarray(0, length), width)].map(({ name, id }) => `${name.toString()} ${id.length}`);
      expect(whole, `of ${length} bytes`).toEqual(
        [`a ${width}`, `bc ${width}`].slice(0, Number(length >= first.length) + Number(length === bytes.length)),
      );
    }
  });

  const PATHS = ['a', 'b/a.b', 'ab/'.repeat(30) + 'a', '.env'];

  test('patterns of paths that are accepted never leave out everything, and never take long', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40, unit: fc.constantFrom(...'ab*?[]!/\\{}()+-.#^ ') }), (pattern) => {
        if (!isPathPattern(pattern)) return;
        const [began, used] = [performance.now(), process.cpuUsage()];
        const isLeftOut = pathFilter([pattern]);
        for (const path of PATHS) isLeftOut(path);
        must(!isLeftOut('<commit message>'), 'it leaves out what is no path');
        must(performance.now() - began < 1000 || cpuSince(used) < 1000, 'it takes long');
      }),
      { numRuns: RUNS },
    );
  });

  test('comments are in the lines that they are said to be in', () => {
    const piece = fc.oneof(
      fc.constantFrom('keysift:allow', 'keysift:allow-next-line', ' -- why', '\n', '# ', '// ', ' rule-a,rule-b', 'gitleaks:allow', '"'),
      hostile,
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const lines = text.split('\n');
        for (const { line } of inlineComments(text)) must(lines[line - 1]?.includes('allow') === true, `line ${line}`);
      }),
      { numRuns: RUNS },
    );
  });

  test('what XML and HTML readers take out is what was put in, but for what may not be in it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        let read = '';
        const parser = new SaxesParser();
        parser.on('error', (error) => {
          throw error;
        });
        parser.on('text', (part) => (read += part));
        parser.write(`<a>${xmlText(text)}</a>`).close();
        const { childNodes } = parseFragment(`<p>${htmlText(text)}</p>`);
        must(childNodes.length === 1 && childNodes[0]?.nodeName === 'p', 'elements beside its own');
        must(read === text || !/^[ -~]*$/.test(text), read);
      }),
      { numRuns: RUNS },
    );
  });

  test('a URI is relative, and means the same name', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ minLength: 1, maxLength: 12 }).filter((part) => !/^\.{1,2}$|[/\\]/.test(part)),
          { minLength: 1, maxLength: 4 },
        ),
        (parts) => {
          const path = parts.join('/');
          const uri = relativeUri(path);
          must(new URL(uri, 'http://host/folder/').href.startsWith('http://host/folder/'), `${uri} leads elsewhere`);
          must(decodeURIComponent(uri.replace(/^\.\//, '')) === path, `${uri} is of another name`);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

test('R10: what looks generated and is no secret', () => {
  const digest = (name: string, form: 'hex' | 'base64', salt: number): string => createHash(name).update(String(salt)).digest(form);
  const kinds: readonly ((salt: number) => string)[] = [
    () => `const id = "${randomUUID()}";`,
    (salt) => `commit ${digest('sha1', 'hex', salt)}`,
    (salt) => `sha256sum: ${digest('sha256', 'hex', salt)}  keysift.tgz`,
    (salt) => `      "integrity": "sha512-${digest('sha512', 'base64', salt)}",`,
    (salt) => `background: url("data:image/png;base64,iVBORw0KGgo${digest('sha512', 'base64', salt).repeat(8)}");`,
    (salt) => `FROM node@sha256:${digest('sha256', 'hex', salt)}`,
    (salt) => `github.com/acme/lib v1.2.${salt} h1:${digest('sha256', 'base64', salt)}`,
    (salt) => `API_KEY=your_api_key_${salt}`,
    () => 'STRIPE_SECRET_KEY=sk_test_xxxxxxxxxxxxxxxxxxxxxxxx',
    (salt) => `password: ${'$'}{DB_PASSWORD_${salt}}`,
    (salt) => `<script src="app.js?v=${digest('md5', 'hex', salt)}" integrity="sha384-${digest('sha384', 'base64', salt)}"></script>`,
    (salt) => `ETag: "${digest('md5', 'hex', salt)}"`,
    (salt) => `  key: cache-\${{ runner.os }}-${digest('sha1', 'hex', salt)}`,
    (salt) => `token = os.environ["ACME_TOKEN_${salt}"]`,
  ];
  const inspector = new Inspector(builtinRules());
  const alarms: string[] = [];
  const files = 1000;
  for (let file = 0; file < files; file++) {
    const lines = Array.from({ length: 10 }, (_, line) => kinds[(file + line * 5) % kinds.length]!(file * 10 + line));
    for (const { rule, secret } of inspector.inspect(Buffer.from(lines.join('\n')))) alarms.push(`${rule.id} ${secret.reveal()}`);
  }
  // The budget is one in 1,000 files.
  expect(alarms.slice(0, 5)).toEqual([]);
});
