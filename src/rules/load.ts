/** Reads rule files: YAML with positions in every complaint. Loaded only where rule files are read, never for a scan. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../model/errors.ts';
import { readFault } from '../model/read-fault.ts';
import type { Example } from '../model/rule.ts';
import { checkedFile } from './file-check.ts';
import { MATCHER_KEYS, RULE_ID, ruleFile, type RuleFile, type RuleSource } from './schema.ts';
import { YamlText, type Keys } from './yaml-text.ts';

/** A rule as written, with its file's defaults filled in and the place where it stands. */
export interface LoadedRule {
  readonly source: RuleSource;
  readonly file: string;
  readonly line: number;
  readonly examples: { readonly match: readonly Example[]; readonly ignore: readonly Example[] };
}

export interface LoadedFile {
  readonly rules: readonly LoadedRule[];
  readonly samples: Readonly<Record<string, string>>;
}

const MAX_RULE_FILE = 1_048_576;
const HINT = 'See CONTRIBUTING.md for the fields of a rule, or rule.schema.json in an editor.';

/** Reads one rule file. Throws a `UserError` with file, line and rule for anything that is not right. */
export function readRuleFile(path: string): LoadedFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read the rule file ${path}: ${readFault(error)}`, 'Check the path.');
  }
  return parseRuleFile(text, path);
}

/** All rule files of a folder, in the order of their names. Throws as `readRuleFile` does. */
export function readRuleFolder(folder: string): LoadedFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.toSorted().map((name) => readRuleFile(join(folder, name)));
}

/** `path` is only used in messages. */
export function parseRuleFile(text: string, path: string): LoadedFile {
  if (text.length > MAX_RULE_FILE) throw new UserError(`${path}: a rule file may have 1 MiB at most`, 'Split it into several files.');
  const yaml = new YamlText(text, path, HINT);
  const about = (keys: Keys): string => {
    const id = ruleIdAt(yaml.plain, keys);
    return id === undefined ? '' : `rule ${id}: `;
  };
  const file = checkedFile(yaml.plain, yaml, { schema: ruleFile, name: 'the rule file', hint: HINT }, about);
  return { rules: rulesOf(file, yaml, path), samples: samplesOf(file) };
}

function rulesOf(file: RuleFile, yaml: YamlText, path: string): LoadedRule[] {
  return (file.rules ?? []).map((source, index) => {
    const line = yaml.line(['rules', index]);
    const given = MATCHER_KEYS.filter((key) => source[key] !== undefined);
    if (given.length !== 1) {
      const found = given.length === 0 ? 'none' : given.join(', ');
      throw new UserError(
        `${path}:${line}: rule ${source.id} needs exactly one of ${MATCHER_KEYS.join(', ')}; it has ${found}`,
        'Keep the one that says what the key looks like.',
      );
    }
    for (const kind of ['match', 'ignore'] as const) {
      if (source.examples[kind].length > 0 || source.finding !== undefined) continue;
      throw new UserError(`${path}:${line}: rule ${source.id}: examples.${kind} is empty`, 'Give at least one example of each kind.');
    }
    for (const key of ['columns', 'items'] as const) {
      if (source.pattern?.[key] === undefined || source.pattern.as !== undefined) continue;
      throw new UserError(
        `${path}:${line}: rule ${source.id}: pattern.${key} needs pattern.as`,
        'Say whether its values are secrets or passwords, since they are judged by what they are called.',
      );
    }
    const asExample = (example: string | Example): Example => (typeof example === 'string' ? { text: example } : example);
    return {
      source: { ...file.defaults, ...source },
      file: path,
      line,
      examples: { match: source.examples.match.map(asExample), ignore: source.examples.ignore.map(asExample) },
    };
  });
}

function samplesOf(file: RuleFile): Record<string, string> {
  return Object.fromEntries((file.samples ?? []).map((sample) => [sample.sha256, sample.note]));
}

function ruleIdAt(plain: unknown, keys: Keys): string | undefined {
  if (keys[0] !== 'rules' || typeof keys[1] !== 'number') return undefined;
  const id: unknown = (plain as { rules?: { id?: unknown }[] }).rules?.[keys[1]]?.id;
  return typeof id === 'string' && RULE_ID.test(id) ? id : undefined;
}
