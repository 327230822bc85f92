/** The baseline: what was there before keysift was switched on. One sorted line a secret, so that branches merge by themselves. */
import { UserError } from '../model/errors.ts';
import type { Finding } from '../model/finding.ts';
import { formatEntry, parseEntries, type Entry } from './entry.ts';
import { isStrong, newSalt, SEAL, sealOf } from './seal.ts';

const HEADER = '# keysift baseline 1';
const ABOUT = '# One line a secret that was there before: keysift baseline update|prune|audit. It holds no secret, and nothing to guess one from.';

/** Throws a `UserError` with file and line for anything that is no entry. */
export function parseBaseline(text: string, file: string): Entry[] {
  const version = /^# keysift baseline (\S+)/m.exec(text)?.[1];
  if (version !== undefined && version !== '1') {
    throw new UserError(`${file} was written for another version (${version.slice(0, 20)})`, 'Use the keysift that wrote it, or create it anew.');
  }
  return parseEntries(text, file, { reasons: false });
}

/** The file of some entries: sorted, each once. */
export function formatBaseline(entries: readonly Omit<Entry, 'at'>[]): string {
  return `${[HEADER, ABOUT, ...new Set(entries.map(formatEntry).toSorted())].join('\n')}\n`;
}

/** The salt that new seals of a file use: the one that most of its entries have. */
export function saltOf(entries: readonly Pick<Entry, 'key'>[]): string {
  const counts = new Map<string, number>();
  for (const { key } of entries) {
    const salt = SEAL.exec(key)?.[1];
    if (salt !== undefined) counts.set(salt, (counts.get(salt) ?? 0) + 1);
  }
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return sorted[0]?.[0] ?? newSalt();
}

/** An entry for a finding: by its seal where it is strong, else by its id, which holds nothing of it. */
export function entryFor(finding: Finding, salt: string, more: { reason?: string; until?: string | undefined } = {}): Omit<Entry, 'at'> {
  return {
    key: isStrong(finding.rule, finding.secret) ? sealOf(finding.secret, salt) : finding.id,
    rule: finding.rule.id,
    place: finding.locations[0]?.file ?? '',
    until: more.until,
    reason: more.reason ?? '',
  };
}
