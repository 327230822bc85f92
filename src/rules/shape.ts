/**
 * The little language in which a rule draws a token: `SG.{base64url:22}.{base64url:43}`, `xox(b|p)-{digit:10-13}-…`.
 * Literal text, `{alphabet:lengths}` runs, and `(a|b)` choices of literal text. From the drawing come the literal to
 * search for, the bounds, and the pattern, so that nobody has to guess them from a regular expression.
 */
import type { TokenForm, ValueShape } from '../model/rule.ts';
import { bitmapOf, classOf, parseLengths } from './alphabet.ts';
import { isAnybodysMark } from './names.ts';

type Element =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'run'; readonly class: string; readonly lengths: readonly { min: number; max: number }[] };

/** No letter, digit or underscore may stand before a token: `task_…` and `usb_rt_…` are other words. */
const DEFAULT_BEFORE = '0-9A-Za-z_';
const SHAPE_PART = /\{([^{}:]+|\[(?:[^\]\\]|\\.)+\]):([\d,\- ]+)\}|\(([^()]*)\)|([^{}()]+)/gy;
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

/** A line end or a tab as strings write it: its letter is no part of what follows. */
const ESCAPE = '\\\\[nrt]';

/** The pattern of the place where something begins before which none of a class may stand, but for some texts that end with it; empty for any. */
export function leftBoundary(regexClass: string, ...allowed: readonly string[]): string {
  return regexClass === '' ? '' : `(?<=^|[^${regexClass}]|${[ESCAPE, ...allowed].join('|')})`;
}

/** Choices are multiplied out. */
const MAX_FORMS = 1000;
/** How often neighbouring runs of the same characters may be divided between them: that is what a failing match costs. */
const MAX_DIVISIONS = 100_000;
/** Below this a run that is too long costs nothing worth saving. */
const LONG = 100;

export function escapeRegex(text: string): string {
  return text.replace(SPECIAL, '\\$&');
}

/** All element sequences of a drawing, its choices of literals multiplied out and neighbouring literals joined. */
function parseShape(shape: string): Element[][] {
  let sequences: Element[][] = [[]];
  SHAPE_PART.lastIndex = 0;
  let end = 0;
  for (let part = SHAPE_PART.exec(shape); part !== null; part = SHAPE_PART.exec(shape)) {
    end = SHAPE_PART.lastIndex;
    const [, alphabet, lengths, choice, text] = part;
    const options: Element[] =
      alphabet !== undefined && lengths !== undefined
        ? [{ kind: 'run', class: classOf(alphabet), lengths: parseLengths(lengths) }]
        : (choice?.split('|') ?? [text ?? '']).map((literal) => ({ kind: 'literal', text: literal }));
    sequences = sequences.flatMap((sequence) => options.map((option) => append(sequence, option)));
    if (sequences.length > MAX_FORMS) throw new RangeError(`the choices of the shape "${shape}" multiply to more than ${MAX_FORMS} forms`);
    if (end === shape.length) break;
  }
  if (end !== shape.length) throw new RangeError(`cannot read the shape "${shape}" from "${shape.slice(end)}" on`);
  return sequences;
}

function append(sequence: readonly Element[], element: Element): Element[] {
  const last = sequence.at(-1);
  if (element.kind === 'literal' && element.text === '') return [...sequence];
  if (element.kind === 'literal' && last?.kind === 'literal') {
    return [...sequence.slice(0, -1), { kind: 'literal', text: last.text + element.text }];
  }
  return [...sequence, element];
}

function patternOf(element: Element): string {
  if (element.kind === 'literal') return escapeRegex(element.text);
  // Longest first, so that a value that fits two lengths is taken whole.
  const counts = element.lengths.toSorted((a, b) => b.max - a.max).map(({ min, max }) => (min === max ? `{${min}}` : `{${min},${max}}`));
  const runs = counts.map((count) => `[${element.class}]${count}`);
  return runs.length === 1 ? (runs[0] ?? '') : `(?:${runs.join('|')})`;
}

function bounds(elements: readonly Element[]): { min: number; max: number } {
  let min = 0;
  let max = 0;
  for (const element of elements) {
    min += element.kind === 'literal' ? element.text.length : Math.min(...element.lengths.map((length) => length.min));
    max += element.kind === 'literal' ? element.text.length : Math.max(...element.lengths.map((length) => length.max));
  }
  return { min, max };
}

function matchesClass(regexClass: string, text: string): boolean {
  return new RegExp(`^[${regexClass}]*$`).test(text);
}

function overlap(a: string, b: string): boolean {
  const other = bitmapOf(b);
  return bitmapOf(a).some((bit, byte) => bit === 1 && other[byte] === 1);
}

/** Throws where runs that can take each other's characters stand in a row, so that a match could be tried in too many ways. */
function refuseAmbiguity(shape: string, elements: readonly Element[]): void {
  let divisions = 1;
  let left: Extract<Element, { kind: 'run' }> | undefined;
  for (const element of elements) {
    if (element.kind === 'literal') {
      if (left !== undefined && !matchesClass(left.class, element.text)) left = undefined;
      continue;
    }
    const most = Math.max(...element.lengths.map((length) => length.max));
    const least = Math.min(...element.lengths.map((length) => length.min));
    if (most === least) {
      if (left !== undefined && !overlap(left.class, element.class)) left = undefined;
      continue;
    }
    divisions = left !== undefined && overlap(left.class, element.class) ? divisions * most : most;
    left = element;
    if (divisions > MAX_DIVISIONS && divisions > most) {
      throw new RangeError(`neighbouring runs of the shape "${shape}" share characters and can be divided in more than ${MAX_DIVISIONS} ways; separate them or bound them more closely`);
    }
  }
}

/** What begins here begins with none of the run's characters. */
function disjoint(run: Extract<Element, { kind: 'run' }>, element: Element): boolean {
  if (element.kind === 'literal') return !matchesClass(run.class, element.text.slice(0, 1));
  return element.lengths.every(({ min }) => min > 0) && !overlap(run.class, element.class);
}

/**
 * How the run at `index` ends: `longest` is how many of its characters in a row are too many, where a token cannot end
 * within them; `whole` if what follows it begins with none of its characters, and it has but one range of lengths.
 */
function endOfRun(elements: readonly Element[], index: number, after: string, maxLength: number): { longestRun?: number; wholeRun?: true } {
  const run = elements[index];
  if (run?.kind !== 'run' || maxLength <= LONG) return {};
  const [next, ...more] = elements.slice(index + 1);
  const [lengths, ...others] = run.lengths;
  if (next !== undefined && lengths !== undefined && others.length === 0 && disjoint(run, next)) return { longestRun: lengths.max, ...(index === 1 ? { wholeRun: true } : {}) };
  const leaves = [next, ...more].some((element) => element !== undefined && (disjoint(run, element) || (element.kind === 'literal' && !matchesClass(run.class, element.text))));
  return leaves || (after !== '' && isWithin(run.class, after)) ? { longestRun: maxLength } : {};
}

function isWithin(regexClass: string, other: string): boolean {
  const outside = bitmapOf(other);
  return bitmapOf(regexClass).every((bit, byte) => bit === 0 || outside[byte] === 1);
}

/**
 * The forms of a token. `boundary` overrides the class that may not stand before, and the one that may not follow
 * (default: the alphabet of the last run, so a token ends where its alphabet does, whatever comes next).
 */
export function tokenForms(shape: string, boundary: { before?: string | undefined; after?: string | undefined } = {}): TokenForm[] {
  return parseShape(shape).map((elements) => {
    let anchor = -1;
    for (const [index, element] of elements.entries()) {
      const best = elements[anchor];
      if (element.kind !== 'literal') continue;
      if (best?.kind !== 'literal' || element.text.length > best.text.length) anchor = index;
    }
    const literal = elements[anchor];
    if (literal?.kind !== 'literal') throw new RangeError(`the shape "${shape}" has no literal to search for`);
    const next = elements[anchor + 1];
    const last = elements.at(-1);
    const before = boundary.before ?? DEFAULT_BEFORE;
    const after = boundary.after ?? (last?.kind === 'run' ? last.class : DEFAULT_BEFORE);
    const lead = leftBoundary(before);
    const tail = after === '' ? '' : `(?![${after}])`;
    refuseAmbiguity(shape, elements);
    const head = bounds(elements.slice(0, anchor));
    const maxLength = bounds(elements).max;
    const pattern = (part: readonly Element[]): string => part.map(patternOf).join('');
    return {
      literal: literal.text,
      before: head,
      left: before,
      maxLength,
      pattern: lead + pattern(elements) + tail,
      run: next?.kind === 'run' ? { class: next.class, min: Math.min(...next.lengths.map((length) => length.min)) } : undefined,
      ...(head.min === head.max ? {} : { anchored: `(?<=${lead}(${pattern(elements.slice(0, anchor))}))${pattern(elements.slice(anchor))}${tail}` }),
      ...endOfRun(elements, anchor + 1, after, maxLength),
      ...(isPlain(elements) ? { plain: true as const } : {}),
    };
  });
}

/** See `TokenForm.plain`: what is longer than this is unusual, and so its provider's own. */
const MAX_PLAIN = 80;

function isPlain(elements: readonly Element[]): boolean {
  const [first, ...rest] = elements;
  return first?.kind === 'literal' && isAnybodysMark(first.text) && bounds(elements).max <= MAX_PLAIN && rest.every(({ kind }) => kind === 'run');
}

/** The inside of a class that holds what any of some classes holds. A dash at an end of one must not become a range. */
export function joinedClasses(classes: readonly string[]): string {
  return [...new Set(classes)].map((inside) => inside.replace(/^-|(?<!\\)-$/g, '\\-')).join('');
}

/** The forms of a value whose name or surroundings give it away, so that a drawing without any literal will do. */
export function valueForms(shape: string): Pick<ValueShape, 'pattern' | 'maxLength' | 'run'>[] {
  return parseShape(shape).map((elements) => {
    refuseAmbiguity(shape, elements);
    const [first, last] = [elements[0], elements.at(-1)];
    const lead = DEFAULT_BEFORE + (first?.kind === 'run' ? first.class : '');
    const tail = last?.kind === 'run' ? `0-9A-Za-z${last.class}` : DEFAULT_BEFORE;
    const { min, max } = bounds(elements);
    return {
      pattern: `${leftBoundary(lead)}${elements.map(patternOf).join('')}(?![${tail}])`,
      maxLength: max,
      run: { class: joinedClasses(elements.map((element) => (element.kind === 'run' ? element.class : escapeRegex(element.text)))), min },
    };
  });
}
