/** Reads one configuration file: YAML or JSON, every complaint with its position and, where one is near, the right word. */
import * as v from 'valibot';
import { UserError } from '../model/errors.ts';
import { offsetOfError, position } from '../model/json-source.ts';
import { YamlText, type Keys } from '../rules/yaml-text.ts';
import { didYouMean } from './nearest.ts';
import { configFile, type ConfigFile } from './schema.ts';

/** A configuration as written, able to say where each part of it stands. */
export interface ParsedConfig {
  readonly config: ConfigFile;
  place(keys: Keys): string;
  placeOfKey(keys: Keys): string;
}

const MAX_CONFIG = 1_048_576;
/** Letters and digits mixed, as keys are and words are not. */
const LONG_MIX = /^(?=.*\d)(?=.*[A-Za-z])[\w-]{16,}$/;
const HINT = 'README.md lists all keys; config.schema.json completes them in an editor.';

/** `path` is only used in messages, and to tell JSON from YAML. Throws a `UserError` with line and column. */
export function parseConfigFile(text: string, path: string): ParsedConfig {
  if (text.length > MAX_CONFIG) throw new UserError(`${path}: a configuration may have 1 MiB at most`, 'Take out what does not belong there.');
  const plainText = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (path.endsWith('.json')) checkJson(plainText, path);
  const yaml = new YamlText(plainText, path, HINT);
  const given = yaml.plain ?? {}; // an empty file says nothing
  if (Array.isArray(given)) throw new UserError(`${yaml.place([])}: the configuration is a list, and must be a mapping of keys`, HINT);
  const result = v.safeParse(configFile, given);
  if (!result.success) throw complaint(result.issues[0], yaml);
  checkRuleIds(given, result.output, yaml);
  return {
    config: result.output,
    place: (keys) => yaml.place(keys),
    placeOfKey: (keys) => yaml.placeOfKey(keys),
  };
}

/** The checker leaves out keys such as `__proto__` without a word; nothing that somebody wrote is left out. */
function checkRuleIds(given: object, { rules = {} }: ConfigFile, yaml: YamlText): void {
  const asWritten = Object.keys((given as { rules?: object }).rules ?? {});
  const lost = asWritten.find((id) => !Object.hasOwn(rules, id));
  if (lost !== undefined)
    throw new UserError(`${yaml.placeOfKey(['rules', lost])}: "${printable(lost)}" is no id of a rule`, 'keysift rules list names them all.');
}

/** What YAML allows and JSON does not: trailing commas, comments, bare words. */
function checkJson(text: string, path: string): void {
  const offset = offsetOfError(text);
  if (offset !== undefined)
    throw new UserError(`${path}:${position(text, offset)}: not JSON from here on`, 'JSON has no comments and no trailing commas; YAML has both.');
}

function complaint(issue: v.InferIssue<typeof configFile>, yaml: YamlText): UserError {
  const keys = (issue.path ?? []).map((item) => item.key as string | number);
  const last = String(keys.at(-1) ?? '');
  const parent = schemaAt(configFile, keys.slice(0, -1));
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const known = Object.keys(parent?.entries ?? {});
    const near = didYouMean(last, known, `Known keys are ${known.join(', ')}.`);
    return new UserError(`${yaml.placeOfKey(keys)}: unknown key "${printable(keys.join('.'))}"`, near);
  }
  const options = schemaAt(configFile, keys)?.options;
  if (issue.type === 'picklist' && options !== undefined) {
    const words = options.map(String);
    const near = didYouMean(String(issue.input), words, `It is one of ${words.join(', ')}.`);
    return new UserError(`${yaml.place(keys)}: ${keys.join('.')} cannot be "${printable(String(issue.input))}"`, near);
  }
  const name = keys.length === 0 ? 'the configuration' : printable(keys.join('.'));
  const at = issue.path?.at(-1)?.origin === 'key' ? yaml.placeOfKey(keys) : yaml.place(keys);
  return new UserError(`${at}: ${name}: ${sentence(issue)}`, HINT);
}

/** valibot's own words quote what was given; a configuration may hold anything, so they are made anew. */
function sentence(issue: v.InferIssue<typeof configFile>): string {
  if (issue.kind === 'validation' && issue.expected === null) return issue.message;
  if (['regex', 'check'].includes(issue.type)) return issue.message;
  return `must be ${(issue.expected ?? 'something else').replaceAll('"', '')}`;
}

/** Only short words are repeated: anything else may be a value that was put into the wrong place. */
function printable(text: string): string {
  return text
    .split('.')
    .map((word) => (/^[$\w-]{1,24}$/.test(word) && !LONG_MIX.test(word) ? word : '…'))
    .join('.');
}

interface AnySchema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, AnySchema>>;
  readonly options?: readonly unknown[];
  readonly wrapped?: AnySchema;
  readonly item?: AnySchema;
  readonly value?: AnySchema;
}

/** The part of a schema that keys lead to, wrappers taken off. */
function schemaAt(schema: unknown, keys: Keys): AnySchema | undefined {
  let at = unwrapped(schema as AnySchema);
  for (const key of keys) at = unwrapped(at?.entries?.[String(key)] ?? at?.value ?? at?.item);
  return at;
}

function unwrapped(schema: AnySchema | undefined): AnySchema | undefined {
  return schema?.wrapped === undefined ? schema : unwrapped(schema.wrapped);
}
