/**
 * The little language in which a rule draws a token: `SG.{base64url:22}.{base64url:43}`, `xox(b|p)-{digit:10-13}-…`.
 * Literal text, `{alphabet:lengths}` runs, and `(a|b)` choices of literal text. From the drawing come the literal to
 * search for, the bounds, and the pattern, so that nobody has to guess them from a regular expression.
 */
import type { TokenForm } from '../model/rule.ts';
import { classOf, parseLengths } from './alphabet.ts';

type Element =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'run'; readonly class: string; readonly lengths: readonly { min: number; max: number }[] };

/** No letter, digit or underscore may stand before a token: `task_…` and `usb_rt_…` are other words. */
const DEFAULT_BEFORE = '0-9A-Za-z_';
const SHAPE_PART = /\{([^{}:]+|\[(?:[^\]\\]|\\.)+\]):([\d,\- ]+)\}|\(([^()]*)\)|([^{}()]+)/gy;
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

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
    const lead = before === '' ? '' : `(?<![${before}])`;
    const tail = after === '' ? '' : `(?![${after}])`;
    return {
      literal: literal.text,
      before: bounds(elements.slice(0, anchor)),
      left: before,
      maxLength: bounds(elements).max,
      pattern: lead + elements.map(patternOf).join('') + tail,
      run: next?.kind === 'run' ? { class: next.class, min: Math.min(...next.lengths.map((length) => length.min)) } : undefined,
    };
  });
}
