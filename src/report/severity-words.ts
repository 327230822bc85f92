/** The table of severities in words, for `docs/severity.md` and for `keysift explain`. */
import { CONFIDENCE_RULES, SEVERITY_RULES, type Condition, type KeyMode, type SeverityRule } from '../model/severity-rules.ts';

const MODE_WORDS: Readonly<Record<KeyMode, string>> = {
  live: 'live key',
  account: 'key without a mode',
  generic: 'secret of an unknown provider',
  test: 'test or sandbox key',
  temporary: 'temporary token',
  publishable: 'publishable key',
  webhook: 'webhook secret',
  password: 'password',
  'private-key': 'private key',
  check: 'check',
};

const CONDITION_WORDS: Readonly<Record<Condition, string>> = {
  always: 'always',
  browser: 'in code that browsers load',
  app: 'in an app that people install',
  'public variable': 'in a variable with a public prefix',
  'several environments': 'the same value serves several environments',
  'production file': 'in a file for production',
  'only tests': 'only in tests and fixtures',
  'only docs': 'only in documents, or in those and tests',
  'weak context': 'only a word some lines away says whose it is',
  'example host': 'only for local and example hosts, or a plain one: of examples, a word, like its user',
  stored: 'in an env or configuration file',
  'beside its key': 'in a file that holds a permanent key of the same provider',
  'long-lived': 'a token that lives for a year or longer, by its own dates',
  expired: 'its own claims say that it has expired',
  'framework default': 'a secret that its framework generates, only in files for development and in tests',
};

function effect({ step, least, most }: SeverityRule): string {
  const bound = least === undefined ? (most === undefined ? '' : `${most} at most`) : step === undefined ? `${least} at least` : `not below ${least}`;
  const move = step === undefined ? '' : step > 0 ? 'one step up' : 'one step down';
  return [move, bound].filter((words) => words !== '').join(', ');
}

/** Lines about the severity of a kind of key. */
export function severityWords(mode: KeyMode, isFrameworkDefault = false): string[] {
  return SEVERITY_RULES.filter(({ modes, when }) => modes.includes(mode) && (isFrameworkDefault || when !== 'framework default')).map(
    (row) => `${CONDITION_WORDS[row.when]}: ${effect(row)}`,
  );
}

/** The document, whole. */
export function severityDocument(): string {
  const severity = SEVERITY_RULES.map(
    (row) => `| ${row.modes.map((mode) => MODE_WORDS[mode]).join(', ')} | ${CONDITION_WORDS[row.when]} | ${effect(row)} | ${row.because} |`,
  );
  const confidence = CONFIDENCE_RULES.map((row) => `| ${row.when} | ${row.confidence} |`);
  return `# Severity and confidence

Written from \`src/model/severity-rules.ts\` by \`npm run docs\`; change it there.

A finding has the severity of its rule, then each row that fits is applied, in this order. Of several steps up only the first
counts. Severities are info, low, medium, high and critical. Templates count like source: everybody copies them.

| kind of key | where or when | effect | because |
| --- | --- | --- | --- |
${severity.join('\n')}

Checks have the severity of their own rule. Where a check applies to a secret it is told with that secret's finding and has no
finding of its own; it changes the secret's severity only by the rows above. Documented sample keys and placeholders are no
findings at all. Publishable keys are none either, but where the configuration gives their rule a severity. What git neither tracks nor
would add is info.

## Confidence

The rule's own confidence, unless one of these says otherwise:

| when | confidence |
| --- | --- |
${confidence.join('\n')}
`;
}
