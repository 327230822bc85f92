/**
 * JSON reports of keysift read back. What is no such report is refused with the place where it stops being one; nothing
 * of its text is quoted, since a report made with --show-secrets holds secrets.
 */
import * as v from 'valibot';
import { UserError } from '../model/errors.ts';
import { offsetOfError, offsetOfValue, position } from '../model/json-source.ts';
import { withoutPlacesOfHalves } from './half-places.ts';
import { reportV1, type ReportV1 } from './json-v1.ts';

const HINT = 'Give a report that keysift -f json wrote.';

/** @param name what to call it in errors: a path, or standard input */
export function readReport(text: string, name: string): ReportV1 {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw new UserError(`${name}:${position(source, offsetOfError(source) ?? 0)}: no valid JSON`, HINT);
  }
  const version = versionOf(value);
  if (version !== undefined && version !== 1) {
    throw new UserError(`${name} has schemaVersion ${version}, and this keysift reads 1`, 'Use a keysift at least as new as the one that wrote it.');
  }
  const checked = v.safeParse(reportV1, value);
  if (checked.success) return withoutPlacesOfHalves(checked.output);
  const [issue] = checked.issues;
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  const field = path.length === 0 ? 'the document' : fieldName(path);
  const unknown = issue.type === 'strict_object' && issue.expected === 'never';
  const wrong = unknown ? `${field} is no field of a report` : `${field} is not as it should be (expected ${issue.expected ?? 'something else'})`;
  throw new UserError(`${name}:${position(source, offsetOfValue(source, path))}: ${wrong}`, HINT);
}

function versionOf(value: unknown): number | undefined {
  const version = typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
  return typeof version === 'number' ? version : undefined;
}

/** `findings[3].severity`. Keys that are no plain words may be anybody's text, and are left out. */
function fieldName(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${/^[A-Za-z]{1,40}$/.test(key) ? key : '…'}`))
    .join('');
}
