/**
 * What other scanners were told to ignore, as entries of our own. Their files name places or hashes; the findings of a
 * scan say which secrets those are.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { UserError } from '../model/errors.ts';
import type { Finding } from '../model/finding.ts';

/** One thing that another scanner ignores, and whether it is some finding. */
export interface ForeignIgnore {
  /** As the file says it, for the list of what was not found. */
  readonly shown: string;
  readonly matches: (finding: Finding) => boolean;
}

/** Fingerprints of gitleaks: `commit:file:rule:line` or `file:rule:line`. Throws a `UserError` with its line for anything else. */
export function gitleaksIgnores(text: string, path: string): ForeignIgnore[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    const match = /^(?:([0-9a-f]{40,64}):)?([^:].*):([^:]+):(\d{1,9})$/.exec(line);
    if (match === null) {
      throw new UserError(`${path}:${index + 1}: this is no fingerprint of gitleaks`, 'They are commit:file:rule:line, or file:rule:line.');
    }
    const [, commit, file = '', , number] = match;
    return [{ shown: line, matches: (finding) => standsAt(finding, file, Number(number), commit) }];
  });
}

/** A place is told with the commit that brought the secret there; where the finding knows none, file and line decide. */
function standsAt({ locations }: Finding, file: string, line: number, commit: string | undefined): boolean {
  return locations.some(
    (place) =>
      place.file === file &&
      place.startLine <= line &&
      line <= place.endLine &&
      (commit === undefined || place.commit === undefined || place.commit === commit),
  );
}

const entry = v.looseObject({ hashed_secret: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)), line_number: v.optional(v.number()) });
const secretsBaseline = v.looseObject({ results: v.record(v.string(), v.array(entry)) });

/** A baseline of detect-secrets: SHA-1 of each secret, by file. */
export function secretsBaselineIgnores(text: string, path: string): ForeignIgnore[] {
  const hint = 'Give the file that detect-secrets scan writes.';
  let plain: unknown;
  try {
    plain = JSON.parse(text);
  } catch {
    throw new UserError(`${path} is no JSON`, hint);
  }
  const result = v.safeParse(secretsBaseline, plain);
  if (!result.success) throw new UserError(`${path}: ${v.getDotPath(result.issues[0]) ?? 'the file'} is not what detect-secrets writes`, hint);
  return Object.entries(result.output.results).flatMap(([file, entries]) =>
    entries.map(({ hashed_secret: hash, line_number: line }) => ({
      shown: `${file}:${line ?? '?'}`,
      matches: ({ locations, secret }: Finding) =>
        locations.some((place) => place.file === file) && createHash('sha1').update(secret.reveal(), 'latin1').digest('hex') === hash,
    })),
  );
}
