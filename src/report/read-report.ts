/**
 * JSON reports of keysift read back. What is no such report is refused with the place where it stops being one; nothing
 * of its text is quoted, since a report made with --show-secrets holds secrets.
 */
import * as v from 'valibot';
import { UserError } from '../model/errors.ts';
import { offsetOfError, offsetOfValue, position } from '../model/json-source.ts';
import { withoutPlaces, withoutPlacesOfHalves } from './half-places.ts';
import { reportV1, type ReportV1 } from './json-v1.ts';
import { ReportItems } from './report-items.ts';

const HINT = 'Give a report that keysift -f json wrote.';

/** What each list of a report holds. */
const LISTS = {
  rules: reportV1.entries.rules.wrapped.item,
  findings: reportV1.entries.findings.item,
  suppressed: reportV1.entries.suppressed.item,
  notScanned: reportV1.entries.notScanned.item,
};
type ListName = keyof typeof LISTS;

/** A report that is read as its bytes come. What is none gives none: `readReport` says what is wrong, of the whole text. */
export class ReportReader {
  readonly #lists: Record<ListName, unknown[]> = { rules: [], findings: [], suppressed: [], notScanned: [] };
  /** By number of an item: the list that it is in. */
  readonly #found: string[] = [];
  readonly #items = new ReportItems((list, text) => this.#take(list, text));
  readonly #shared = new Shared();
  #isNone = false;
  /** The first bytes, until it is known whether they are a mark. No report is as short. */
  #start: Buffer | undefined = Buffer.alloc(0);

  /** Items so far. */
  get count(): number {
    return this.#found.length;
  }

  push(chunk: Buffer): void {
    if (this.#isNone) return;
    if (this.#start === undefined) {
      this.#items.push(chunk);
      return;
    }
    const start = Buffer.concat([this.#start, chunk]);
    this.#start = start.length < MARK.length ? start : undefined;
    if (this.#start === undefined) this.#items.push(start.subarray(start.indexOf(MARK) === 0 ? MARK.length : 0));
  }

  /** The report, once all of it has come. */
  end(): ReportV1 | undefined {
    const frame = this.#isNone ? undefined : parsed(this.#items.frame);
    if (!isObject(frame)) return undefined;
    let placed = 0;
    for (const [name, items] of Object.entries(this.#lists)) {
      const places = frame[name];
      if (places === undefined && name === 'rules') continue;
      // Each stands for the item that was there; a list that is there twice has another length.
      if (!Array.isArray(places) || places.length !== items.length || !places.every((place) => this.#found[numberOf(place)] === name))
        return undefined;
      placed += places.length;
      frame[name] = [];
    }
    const checked = v.safeParse(reportV1, frame);
    if (!checked.success || placed !== this.count) return undefined;
    const { rules, ...lists } = this.#lists;
    return { ...checked.output, ...(checked.output.rules === undefined ? {} : { rules }), ...lists } as ReportV1;
  }

  #take(list: string, text: string): void {
    this.#found.push(list);
    if (this.#isNone) return;
    const checked = isList(list) ? v.safeParse(LISTS[list], parsed(text)) : undefined;
    if (checked?.success !== true) this.#isNone = true;
    else if (isList(list)) this.#lists[list].push(this.#shared.of('locations' in checked.output ? withoutPlaces(checked.output) : checked.output));
  }
}

/** What many items have alike is there once: the words of a rule, the name of a commit. */
class Shared {
  readonly #texts = new Map<string, string>();
  readonly #parts = new Map<string, unknown>();

  of(item: object): object {
    const members = item as Record<string, unknown>;
    for (const [name, value] of Object.entries(members)) {
      if (typeof value === 'string') members[name] = this.#once(this.#texts, value, value);
      else if (name === 'locations' || name === 'halves') for (const one of value as object[]) this.of(one);
      else if (typeof value === 'object') members[name] = this.#once(this.#parts, JSON.stringify(value), value);
    }
    return item;
  }

  #once<Part>(known: Map<string, Part>, key: string, part: Part): Part {
    const same = known.get(key);
    if (same !== undefined) return same;
    known.set(key, part);
    return part;
  }
}

const MARK = Buffer.from('\ufeff');

function isList(name: string): name is ListName {
  return Object.hasOwn(LISTS, name);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Of what stands for an item, see `ReportItems.frame`. */
function numberOf(place: unknown): number {
  const number = isObject(place) ? place[''] : undefined;
  return typeof number === 'number' ? number : -1;
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

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
