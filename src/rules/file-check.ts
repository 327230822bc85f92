/**
 * A file of a user held against its schema, every complaint with its position and, where one is near, the right word.
 * Such a file may hold anything, also a secret in a wrong place: only short plain words of it are repeated.
 */
import * as v from 'valibot';
import { UserError } from '../model/errors.ts';
import { didYouMean } from '../model/nearest.ts';
import type { Keys, YamlText } from './yaml-text.ts';

interface FileKind<Schema> {
  readonly schema: Schema;
  /** What to call it: `the configuration`. */
  readonly name: string;
  readonly hint: string;
}

/** Letters and digits mixed, as keys are and words are not. */
const LONG_MIX = /^(?=.*\d)(?=.*[A-Za-z])[$\w-]{16,}$/;

/** What a file says. Throws a `UserError` for the first thing that is wrong; `about` puts words before it. */
export function checkedFile<Schema extends v.GenericSchema>(
  given: unknown,
  yaml: YamlText,
  { schema, name, hint }: FileKind<Schema>,
  about: (keys: Keys) => string = () => '',
): v.InferOutput<Schema> {
  // To the checker a list is an object, too.
  if (Array.isArray(given)) throw new UserError(`${yaml.place([])}: ${name} is a list, and must be a mapping of keys`, hint);
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const keys = (issue.path ?? []).map((item) => item.key as string | number);
  const parent = schemaAt(schema, keys.slice(0, -1));
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const known = Object.keys(parent?.entries ?? {});
    const near = didYouMean(String(keys.at(-1) ?? ''), known, `Known keys are ${known.join(', ')}.`);
    throw new UserError(`${yaml.placeOfKey(keys)}: ${about(keys)}unknown key "${printable(keys.join('.'))}"`, near);
  }
  const options = schemaAt(schema, keys)?.options;
  if (issue.type === 'picklist' && options !== undefined) {
    const words = options.map(String);
    const near = didYouMean(String(issue.input), words, `It is one of ${words.join(', ')}.`);
    throw new UserError(`${yaml.place(keys)}: ${about(keys)}${keys.join('.')} cannot be "${printable(String(issue.input))}"`, near);
  }
  const field = keys.length === 0 ? name : printable(keys.join('.'));
  const at = issue.path?.at(-1)?.origin === 'key' ? yaml.placeOfKey(keys) : yaml.place(keys);
  throw new UserError(`${at}: ${about(keys)}${field}: ${sentence(issue)}`, hint);
}

const LIMITS: Readonly<Record<string, (limit: string) => string>> = {
  non_empty: () => 'must not be empty',
  integer: () => 'must be a whole number',
  min_length: (limit) => `must hold ${limit} at least`,
  min_value: (limit) => `must be ${limit} at least`,
  max_value: (limit) => `must be ${limit} at most`,
};
const TYPES: Readonly<Record<string, string>> = {
  Object: 'a mapping of keys',
  Array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
};

/** The checker's own words begin with `Invalid` and quote what was given, so they are made anew; those of the schemas do not. */
function sentence(issue: v.BaseIssue<unknown>): string {
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  if (issue.received === 'undefined') return 'is missing';
  const limit = LIMITS[issue.type];
  if (limit !== undefined) return limit(String(issue.requirement));
  const expected = (issue.expected ?? 'something else').replaceAll(/["()]/g, '').split(' | ');
  return `must be ${expected.map((type) => TYPES[type] ?? type).join(' or ')}`;
}

/** Anything but a short word may be a value that was put into the wrong place. */
export function printable(text: string): string {
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
