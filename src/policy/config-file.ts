/** Reads one configuration file: YAML or JSON, every complaint with its position and, where one is near, the right word. */
import { UserError } from '../model/errors.ts';
import { offsetOfError, position } from '../model/json-source.ts';
import { checkedFile, printable } from '../rules/file-check.ts';
import { YamlText, type Keys } from '../rules/yaml-text.ts';
import { configFile, type ConfigFile } from './schema.ts';

/** A configuration as written, able to say where each part of it stands. */
export interface ParsedConfig {
  readonly config: ConfigFile;
  place(keys: Keys): string;
  placeOfKey(keys: Keys): string;
}

const MAX_CONFIG = 1_048_576;
const HINT = 'README.md lists all keys; config.schema.json completes them in an editor.';

/** `path` is only used in messages, and to tell JSON from YAML. Throws a `UserError` with line and column. */
export function parseConfigFile(text: string, path: string): ParsedConfig {
  if (text.length > MAX_CONFIG) throw new UserError(`${path}: a configuration may have 1 MiB at most`, 'Take out what does not belong there.');
  const plainText = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (path.endsWith('.json')) checkJson(plainText, path);
  const yaml = new YamlText(plainText, path, HINT);
  const given = yaml.plain ?? {}; // an empty file says nothing
  const config = checkedFile(given, yaml, { schema: configFile, name: 'the configuration', hint: HINT });
  checkRuleIds(given, config, yaml);
  return {
    config,
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
