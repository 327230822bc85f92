/**
 * One accepted finding, a line of an ignore file or a baseline:
 *
 *     KEY RULE [until=YYYY-MM-DD] [PLACE] [-- REASON]
 *
 * KEY is the id of a finding, or the seal of a strong secret. RULE and PLACE are for people.
 */
import { UserError } from '../model/errors.ts';
import { SEAL } from './seal.ts';

export interface Entry {
  readonly key: string;
  readonly rule: string;
  readonly place: string;
  /** The last day, in UTC, on which it counts. */
  readonly until: string | undefined;
  readonly reason: string;
  /** `file:line`, for messages. */
  readonly at: string;
}

export const FINDING_ID = /^[0-9a-f]{20}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const CONFLICT = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/;
const LINE = /^(\S+)\s+(\S+)(?:\s+until=(\S+))?(?:\s+(?!--(?:\s|$))("(?:[^"\\]|\\.)*"|\S+))?(?:\s+--\s+(.*))?$/;
const GRAMMAR = 'A line is: ID RULE [until=YYYY-MM-DD] [PLACE] -- REASON. keysift ignore writes it.';
const LONGEST_LINE = 8192;

/** Whether a text is a day of the calendar. */
export function isDate(text: string): boolean {
  const time = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Entries of a file, comments and empty lines left out. Throws a `UserError` with file and line: a line is never skipped. */
export function parseEntries(text: string, file: string, { reasons }: { reasons: boolean }): Entry[] {
  const entries: Entry[] = [];
  const words = new Map<string, string>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim(); // also of a byte order mark
    const at = `${file}:${index + 1}`;
    if (line === '' || line.startsWith('#')) continue;
    if (CONFLICT.test(line)) throw new UserError(`${at}: a conflict of a merge was left in`, 'Keep the lines of both sides, without the markers.');
    entries.push(parseEntry(line, at, reasons, words));
  }
  return entries;
}

/** @param words those of the entries before: of a hundred thousand lines most name the same rules and places */
function parseEntry(line: string, at: string, reasonWanted: boolean, words: Map<string, string>): Entry {
  const key = line.split(/\s/)[0]!;
  if (!FINDING_ID.test(key) && !SEAL.test(key)) {
    const wide = /[*/!]/.test(key);
    throw new UserError(
      `${at}: ${wide ? 'an entry names one finding, not paths or patterns' : 'this is no id of a finding'}`,
      wide ? 'Paths are left out by exclude in keysift.config.yaml.' : 'Ids have 20 characters of 0-9 and a-f; the report shows them.',
    );
  }
  const match = line.length > LONGEST_LINE ? null : LINE.exec(line);
  if (match === null) throw new UserError(`${at}: this line cannot be read`, GRAMMAR);
  const [, , rule, until, place = '', reason = ''] = match;
  if (until !== undefined && !isDate(until)) throw new UserError(`${at}: until= needs a day, such as until=2027-01-31`, GRAMMAR);
  if (reasonWanted && reason === '')
    throw new UserError(`${at}: an ignored finding needs a reason`, 'Write it behind " -- " at the end of the line.');
  return { key, rule: shared(rule!, words), place: shared(unquoted(place), words), until, reason, at };
}

/** The same text, as one string for all that are equal. */
function shared(text: string, words: Map<string, string>): string {
  const known = words.get(text);
  if (known === undefined) words.set(text, text);
  return known ?? text;
}

function unquoted(place: string): string {
  if (!place.startsWith('"')) return place;
  try {
    return String(JSON.parse(place));
  } catch {
    return place;
  }
}

/** One line without a line feed. */
export function formatEntry(entry: Omit<Entry, 'at'>): string {
  const place = /^[!-~]*$/.test(entry.place) && !entry.place.startsWith('"') && entry.place !== '--' ? entry.place : asciiJson(entry.place);
  return [entry.key, entry.rule, entry.until === undefined ? '' : `until=${entry.until}`, place, entry.reason === '' ? '' : `-- ${entry.reason}`]
    .filter((part) => part !== '')
    .join(' ');
}

/** A name with spaces, control or look-alike characters, as one word of plain characters. */
function asciiJson(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
