import { describe, expect, test } from 'vitest';
import { keysift, runBinary } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { stripeKey } from '../support/secrets.ts';

const plain = folderWith({ 'a.txt': 'nothing\n', 'rules/good.yaml': '' });
const repository = TestRepository.create();
repository.write('a.txt', 'nothing\n').commit('first');

/** Command lines that cannot be run: exit 2, nothing on stdout, and what stderr must hold. */
const REFUSED: readonly (readonly [argv: string, place: 'plain' | 'repository', ...stderr: string[]])[] = [
  ['--nope', 'plain', "error: unknown option '--nope'"],
  ['--no-histroy', 'plain', "error: unknown option '--no-histroy'", 'Did you mean --no-history?'],
  // As other scanners call it; where the command has no such thing, its help.
  ['--report-path a.json', 'plain', "error: unknown option '--report-path'", '`-f json=leaks.json`'],
  ['ci --output=a.json', 'plain', "error: unknown option '--output=a.json'", '`-f json=leaks.json`'],
  ['--no-git', 'plain', "error: unknown option '--no-git'", 'Write `--no-history`.'],
  ['init --no-git', 'plain', "error: unknown option '--no-git'", 'Run with --help'],
  ['--zork', 'plain', "error: unknown option '--zork'", 'Run with --help'],
  ['scan --nope', 'plain', "unknown option '--nope'"],
  ['rules lisst', 'plain', 'error'],
  ['rules', 'plain', 'Usage: keysift rules'],
  ['rules show', 'plain', "missing required argument 'id'"],
  ['rules show nothing-like-it', 'plain', 'error: there is no rule "nothing-like-it"', 'keysift rules list names them all.'],
  [
    'rules show stripe-secret-key',
    'plain',
    'error: there is no rule "stripe-secret-key"',
    'Did you mean stripe-secret-key-live, stripe-secret-key-test',
  ],
  ['rules list -f yaml', 'plain', 'error: unknown format "yaml"', 'Use text or json.'],
  ['missing.txt', 'plain', 'error: there is no file or folder "missing.txt"', 'Check the path; keysift --help names the commands.'],
  ['a.txt missing', 'plain', 'error: there is no file or folder "missing"'],
  ['missing\u001b[31m', 'plain', 'error: there is no file or folder "missing\\x1b[31m"'],
  ['--format xml', 'plain', 'error: unknown format "xml"', 'text', 'json'],
  ['--format', 'plain', 'argument missing'],
  ['--fail-on terrible', 'plain', "argument 'terrible' is invalid. Allowed choices are info, low, medium, high, critical."],
  ['--min-confidence none', 'plain', "argument 'none' is invalid"],
  ['--max-file-size big', 'plain', "argument 'big' is invalid", 'Write bytes, or a number with K, M or G.'],
  ['--max-file-size -1', 'plain', 'error'],
  ['--history-only a.txt', 'repository', 'error: --history-only is about a whole repository', 'Leave out the path, or the flag.'],
  ['--history-only', 'plain', 'error: --history-only needs a git repository, and this folder is in none'],
  ['--staged', 'plain', 'error: --staged needs a git repository, and this folder is in none'],
  ['--range A..B', 'plain', 'error: --range needs a git repository, and this folder is in none'],
  ['--staged --range A..B', 'repository', 'error: --staged and --range exclude each other', 'Give one of them.'],
  ['--staged --stdin', 'repository', 'error: --staged and --stdin exclude each other'],
  ['--staged --history-only', 'repository', 'error: --staged and --history-only exclude each other'],
  ['--staged --no-history', 'repository', 'error: --staged and --no-history exclude each other'],
  ['--no-history --history-only', 'repository', 'error: --history-only and --no-history exclude each other'],
  ['--stdin --range A..B --history-only', 'repository', 'error: --range and --stdin and --history-only exclude each other'],
  ['--staged a.txt', 'repository', 'error: --staged takes no paths', 'Leave out "a.txt", or the flag.'],
  ['--stdin a.txt', 'repository', 'error: --stdin takes no paths'],
  ['--range main..main a.txt', 'repository', 'error: --range takes no paths'],
  ['--range main...HEAD', 'repository', 'error: "main...HEAD" is not a range', 'Write A..B, such as origin/main..HEAD.'],
  ['--range main', 'repository', 'error: "main" is not a range'],
  ['--range ..HEAD', 'repository', 'error: "..HEAD" is not a range'],
  ['--range main..nowhere', 'repository', 'error: "nowhere" is not a commit of this repository', 'Fetch it first'],
  ['--range origin/main..HEAD', 'repository', 'error: "origin/main" is not a commit of this repository', 'fetch-depth: 0'],
  ['--range 0000000000000000000000000000000000000000..HEAD', 'repository', 'is not a commit of this repository'],
  ['--range main..--output=x', 'repository', 'error: "--output=x" is not a commit of this repository'],
  ['--jobs 0', 'plain', 'error'],
  ['--jobs -1', 'plain', 'error'],
  ['--jobs x', 'plain', "argument 'x' is invalid"],
  ['--rules missing.yaml', 'plain', 'cannot read the rule file', 'missing.yaml: there is no such file', 'Check the path.'],
];

describe('command lines that cannot be run', () => {
  test.each(REFUSED)('%s in the %s folder', async (argv, place, ...expected) => {
    const { code, stdout, stderr } = await keysift(argv.split(' '), { cwd: place === 'plain' ? plain : repository.path });
    expect(stdout).toBe('');
    for (const part of expected) expect(stderr).toContain(part);
    expect(code).toBe(2);
  });

  test('an empty path', async () => {
    expect(await keysift([''], { cwd: plain })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: an empty path was given\nName a file or folder, or none for the current folder.\n',
    });
  });

  test('a bad flag is 2 for the real program, too', () => {
    const { code, stdout, stderr } = runBinary(['--nope'], { cwd: plain });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain("error: unknown option '--nope'");
  });

  test('no git', async () => {
    const { code, stderr } = await keysift([], { cwd: repository.path, env: { PATH: plain } });
    expect(stderr).toBe('error: git was not found in PATH\nInstall git, or scan files alone with --no-history outside a repository.\n');
    expect(code).toBe(2);
  });
});

const RULE = `  - id: acme-key
    title: Acme key
    token: { prefixes: [acme_], alphabet: alnum, length: 20 }
    examples: { match: ['[|acme_{{alnum:20}}|]'], ignore: ['acme_{{[x]:20}}'] }
`;

/** Rule files, the place that the complaint must name, and its words. */
const BROKEN: readonly (readonly [what: string, yaml: string, place: string, ...words: string[]])[] = [
  ['no YAML', 'rules: [\n', ':2:1', ''],
  ['a key twice', `rules:\n${RULE}    title: again\n`, ':6:', 'unique'],
  ['an unknown field', `rules:\n${RULE}    colour: red\n`, ':6:5: rule acme-key: unknown key "rules.0.colour"', 'Known keys are '],
  ['a wrong type', `rules:\n${RULE.replace('Acme key', '[]')}`, ':3:12: rule acme-key: rules.0.title: must be a text', ''],
  ['a bad id', `rules:\n${RULE.replace('acme-key', 'Acme_Key')}`, ':2:9: rules.0.id: ', 'an id is 1 to 64 of a-z, 0-9 and "-"'],
  ['no matcher', `rules:\n${RULE.replace(/ {4}token.*\n/, '')}`, ':2: rule acme-key needs exactly one of token, context, ', 'it has none'],
  [
    'columns of nothing',
    `rules:\n${RULE.replace(/ {4}token.*\n/, '    pattern: { regex: "into a (x)", literals: [into a], maxLength: 9, columns: true }\n')}`,
    ':2: rule acme-key: pattern.columns needs pattern.as',
    'secrets or passwords',
  ],
  ['two matchers', `rules:\n${RULE}    uri: { schemes: [acme] }\n`, ':2: rule acme-key needs exactly one of ', 'it has token, uri'],
  [
    'an unknown alphabet',
    `rules:\n${RULE.replace('alphabet: alnum', 'alphabet: latin')}`,
    ':2: rule acme-key: ',
    'unknown alphabet "latin"; use one of digit, ',
  ],
  ['a short literal', `rules:\n${RULE.replace('[acme_]', '[a_]')}`, ':4:', 'rule acme-key: ', 'at least 3 characters'],
  [
    'a literal that is not ASCII',
    `rules:\n${RULE.replace('[acme_]', '[ácme_]')}`,
    ':2: rule acme-key: ',
    'its literal "ácme_" holds characters beyond ASCII',
  ],
  ['an unknown checksum', `rules:\n${RULE}    checksum: md5\n`, ':2: rule acme-key: ', 'unknown checksum "md5"', 'Use one of github'],
  [
    'a half of no rule',
    `rules:\n${RULE}    halfOf: [acme-secret]\n`,
    ':2: rule acme-key is a half of acme-secret, and there is no such rule',
    'Correct `halfOf`.',
  ],
  [
    'a member of no family',
    `rules:\n${RULE.replace(/token: .*/, 'member: { of: acme-family }')}`,
    ':2: rule acme-key belongs to the family of acme-family, and there is no such rule',
    'Correct `member.of`.',
  ],
  [
    'an unbounded regex',
    `rules:\n${RULE.replace(/token: .*/, "pattern: { regex: 'acme_[a-z]+', literals: [acme_], maxLength: 80 }")}`,
    ':2: rule acme-key: ',
    'repeats without an upper bound',
  ],
  [
    'a regex that does not compile',
    `rules:\n${RULE.replace(/token: .*/, "pattern: { regex: 'acme_(', literals: [acme_], maxLength: 80 }")}`,
    ':2: rule acme-key: ',
    'Invalid regular expression',
  ],
  ['no examples', `rules:\n${RULE.replace(/ {4}examples.*\n/, '')}`, ':2:5: rule acme-key: rules.0.examples: is missing', ''],
  [
    'an id of a built-in rule',
    `rules:\n${RULE.replace('acme-key', 'github-pat-classic')}`,
    ':2: rule github-pat-classic: ',
    'this id is taken by another rule',
  ],
  ['an id twice', `rules:\n${RULE}${RULE}`, ':6: rule acme-key: ', 'this id is taken by another rule'],
  ['code', 'rules: !!js/function "function () {}"\n', ':1:', ''],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[index]}`).join()}]`)
      .join('\n')}\n`,
    '',
    'rules.yaml',
  ],
  ['no rule file', 'NAME=value\n', ':1:1: the rule file: must be a mapping of keys', 'CONTRIBUTING.md'],
  ['a list', RULE, ':1:1: the rule file is a list, and must be a mapping of keys', ''],
  ['a wrong word', `rules:\n${RULE}    severity: hihg\n`, ':6:15: rule acme-key: rules.0.severity cannot be "hihg"', 'Did you mean high?'],
  ['a number out of range', `rules:\n${RULE}    minEntropy: 9\n`, ':6:17: rule acme-key: rules.0.minEntropy: must be 8 at most', ''],
  ['a prototype', `rules:\n${RULE}    __proto__: { polluted: true }\n`, '', 'rules.yaml'],
];

describe('broken rule files', () => {
  test.each(BROKEN)('%s', async (_what, yaml, place, ...words) => {
    const cwd = folderWith({ 'rules.yaml': yaml, 'a.txt': 'nothing\n' });
    for (const argv of [
      ['--rules', 'rules.yaml', 'a.txt'],
      ['rules', 'lint', 'rules.yaml'],
    ]) {
      const { code, stdout, stderr } = await keysift(argv, { cwd });
      expect(stderr).toContain(`error: ${cwd}/rules.yaml${place}`);
      for (const word of words) expect(stderr).toContain(word);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(stderr.trimEnd().split('\n').length, 'a sentence and a hint').toBeGreaterThanOrEqual(2);
      expect([code, stdout]).toEqual([2, '']);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test.each([
    ['where the file should begin', (value: string) => `PASSWORD=${value}\n`],
    ['as a key', (value: string) => `rules:\n${RULE}    "${value}": x\n`],
    ['as an id', (value: string) => `rules:\n${RULE.replace('acme-key', `"${value}"`)}`],
    ['as a text', (value: string) => `rules:\n${RULE}    references: "${value}"\n`],
    ['as an alias', (value: string) => `rules: *${value}\n`],
    ['as an escape', (value: string) => `rules: "\\${value}"\n`],
    ['as a tag', (value: string) => `%${value}\n---\nrules: !<${value}> x\n`],
    ['after a block sign', (value: string) => `rules: |${value}\n  x\n`],
  ])('a password %s is not repeated', async (_what, yaml) => {
    const password = ['qzHunter', '2!xyz'].join('');
    const { code, stderr } = await keysift(['rules', 'lint', 'rules.yaml'], { cwd: folderWith({ 'rules.yaml': yaml(password) }) });
    expect(code).toBe(2);
    expect(stderr).not.toContain(password.slice(0, 4));
  });

  test('a good one finds its keys', async () => {
    const cwd = folderWith({ 'rules.yaml': `rules:\n${RULE}`, 'a.txt': `${['acme', '_'].join('')}Xk29fQm1LpZ0sTb7vW3c\n` });
    const { code, stdout } = await keysift(['--rules', 'rules.yaml', 'a.txt'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('HIGH  Acme key\n  acme_****  unknown · high confidence · in the working tree\n  a.txt:1:1\n');
    expect(await keysift(['rules', 'test', 'rules.yaml'], { cwd })).toEqual({ code: 0, stdout: '1 rule, 2 examples, 0 failed\n', stderr: '' });
    expect(await keysift(['rules', 'lint', 'rules.yaml'], { cwd })).toEqual({ code: 0, stdout: '1 rule, no problem\n', stderr: '' });
  });
});

describe('severity, confidence and exit codes', () => {
  const low = folderWith({ 'a.txt': `STRIPE_SECRET_KEY=${stripeKey('exit').replace('live', 'test')}\n` });

  test.each([
    [[], 1],
    [['--fail-on', 'medium'], 1],
    [['--fail-on', 'high'], 0],
    [['--fail-on', 'critical'], 0],
    [['--exit-zero'], 0],
    [['--min-confidence', 'high'], 1],
  ] as const)('a medium finding with %j is %i', async (argv, expected) => {
    const { code, stdout } = await keysift([...argv, '.'], { cwd: low });
    expect(stdout).toContain('MEDIUM  Stripe test secret key');
    expect(code).toBe(expected);
  });

  test('--exit-zero does not hide what was not scanned', async () => {
    expect((await keysift(['--exit-zero', '--max-file-size', '10', '.'], { cwd: low })).code).toBe(3);
  });

  test.each([
    ['10', 'TOO-LARGE'],
    ['1K', undefined],
    ['1 kib', undefined],
  ])('--max-file-size %s', async (size, reason) => {
    const { stdout } = await keysift(['--max-file-size', size, '-f', 'json', '.'], { cwd: low });
    const report = JSON.parse(stdout) as { notScanned: { unit: string; reason: string }[] };
    expect(report.notScanned.map((entry) => `${entry.unit} ${entry.reason}`)).toEqual(reason === undefined ? [] : [`a.txt ${reason}`]);
  });
});

describe('help and version', () => {
  test('--version', async () => {
    expect(await keysift(['--version'])).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string, stderr: '' });
  });

  test('the same from the real program', () => {
    expect(runBinary(['--version'])).toMatchObject({ stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string, stderr: '' });
    expect(runBinary(['--help']).code).toBe(0);
  });

  test('keysift --help', async () => {
    const { code, stdout, stderr } = await keysift(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatchInlineSnapshot(`
      "Usage: keysift [options] [command]

      Finds leaked keys in a repository and its whole git history, and says whose key
      each one is.

      Options:
        -V, --version              print the version
        -h, --help                 print help

      Commands:
        scan [options] [paths...]  scan files, the index, a range or the whole history
                                   (the default command)
        ci [options]               scan what a pull request, a push or a merge queue
                                   brings; finds the range by itself
        ignore [options] [id]      accept one finding, with a reason: a line in
                                   .keysiftignore
        hook                       install hooks, and what they run
        baseline                   accept what is there already, one line a secret
        rules                      list, show, test and lint rules
        report                     merge and convert JSON reports
        init [options]             write configuration, ignore file, workflow and
                                   hooks; shows them first, and asks
        doctor [options]           check git, the clone, the hooks, the policy and the
                                   rules
        completion <shell>         a script that completes commands and flags in a
                                   shell
        explain [options] <id>     everything about a rule or a finding
        help [command]             display help for command

      Examples:
        keysift                          the working tree and the whole history
        keysift --staged                 what is about to be committed
        keysift --range origin/main..HEAD  what a branch adds
        keysift src/ config.yml          some files
        git diff | keysift --stdin       standard input
        keysift -f text -f html=leaks.html  several reports at once
        keysift report convert a.json -f sarif  one report as another
        keysift ci                       a pull request or push, in a CI system
        keysift explain key-in-url       everything about a rule or a finding
        keysift rules test my-rules.yaml check rules of your own

      Exit codes: 0 clean, 1 findings, 2 could not run, 3 incomplete, 130/143 stopped by a signal

      "
    `);
  });

  test('keysift scan --help', async () => {
    const { code, stdout, stderr } = await keysift(['scan', '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatchInlineSnapshot(`
      "Usage: keysift scan [options] [paths...]

      scan files, the index, a range or the whole history (the default command)

      Arguments:
        paths                     files, folders and patterns such as "src/**/*.ts";
                                  the whole repository when none is given

      Options:
        --rules <file>            rules of your own, beside the built-in ones
                                  (repeatable) (default: [])
        --config <file>           the configuration, instead of the one at the root of
                                  the repository
        --no-config               no configuration
        --policy-from <rev>       configuration, ignores and baseline of that
                                  revision; ignore comments do not count
        --policy-package <name>   a package that extends may name (repeatable)
                                  (default: [])
        --baseline <file>         the baseline, instead of .keysift-baseline
        --no-baseline             no baseline
        --inline-ignores <which>  ignore comments that count (default: all) (choices:
                                  "all", "keysift", "none")
        --min-confidence <level>  lowest confidence that is reported (default: low)
                                  (choices: "low", "medium", "high")
        --max-file-size <size>    larger files are listed as not scanned; what is in
                                  git is read whole
        --jobs <n>                threads; as many as there are processors by default
        --fail-on <severity>      lowest severity that fails the run (default: low)
                                  (choices: "info", "low", "medium", "high",
                                  "critical")
        --exit-zero               exit with 0 instead of 1 on findings; never hides 2
                                  or 3
        --show-suppressed         list what comments, ignores and the baseline accept
        --no-progress             no progress line
        --color                   colour, whatever the stream
        --no-color                no colour
        -q, --quiet               findings only
        -v, --verbose             all places and everything that was not scanned
        --staged                  the index, for a pre-commit hook
        --range <A..B>            what B adds over A, for a merge gate
        --no-history              the working tree only
        --history-only            the history only
        --stdin                   standard input
        --stdin-name <name>       the file name to report for standard input (default:
                                  "<stdin>")
        --no-untracked            leave out files that git does not track
        --ignored                 also files that git ignores
        --all-objects             also what only reflogs reach, and what nothing
                                  reaches
        --reader <name>           read the history from its files or through git
                                  (choices: "pack", "git", default: "pack")
        --cache                   leave out what an earlier scan with --cache found
                                  nothing in
        --verify-objects          hash each object of the history: damage that still
                                  reads is told too
        -f, --format <name>       NAME, or NAME=FILE to write a file; text by default
                                  (repeatable): text, json, jsonl, sarif, junit,
                                  gitlab, codequality, github, checkstyle, rdjson,
                                  csv, markdown, html
        --show-secrets            print secrets in plain text
        --explain                 say on stderr what filters dropped, and why
        -h, --help                print help
      "
    `);
  });
});
