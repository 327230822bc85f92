/** From rules to what the prefilter looks for: literals, and the cheap conditions that come from the rules themselves. */
import type { Check } from '../kernel/tables.ts';
import { OWN_MARKER } from '../model/inline-comment.ts';
import type { Rule } from '../model/rule.ts';
import { bitmapOf } from '../rules/alphabet.ts';
import { NAME_PARTS } from './credential-name.ts';
import { MARKS } from './decode/marks.ts';
import { NO_QUOTE } from './decode/split.ts';
import { NAME_LINES, NAME_LINES_BELOW } from './name-around.ts';

/** Which rule a check wakes, and for a token rule with which of its forms. */
export interface CheckTarget {
  readonly rule: number;
  readonly form: number;
}

/** The target of what is no rule's: the marker of ignore comments, which are looked for in all files. */
export const NO_RULE = -1;
/** The target of the marks of encoded text; the form is the index of the mark. */
export const ENCODED = -2;
/** The form of a token rule's mark of a key that begins a string, and may go on in another one. */
export const SPLIT = -1;
/** A key's beginning that code has for no other reason. */
const OWN_BEGINNING = /^(?=.{4})[A-Za-z][A-Za-z0-9]{0,20}[_-][\w-]{0,40}$/;
/** The target of checks of a rule that is switched off. */
export const OFF = -3;

/** The form of a credential's literal that is not its name: what is found depends on other lines too. */
export const NAMED_ELSEWHERE = 1;

const SCHEME_CHARACTERS = '0-9A-Za-z+.-';

/** One check a literal of a rule; ids are indexes, and the order depends on nothing but the rules. */
export function checksOf(rules: readonly Rule[]): { checks: Check[]; targets: CheckTarget[] } {
  const bitmaps = new Map<string, Uint8Array>();
  const bitmap = (regexClass: string): Uint8Array => {
    const known = bitmaps.get(regexClass) ?? bitmapOf(regexClass);
    bitmaps.set(regexClass, known);
    return known;
  };
  const checks: Check[] = [];
  const targets: CheckTarget[] = [];
  for (const [rule, { matcher, literals }] of rules.entries()) {
    const add = (literal: string, kind: Check['kind'], more: Partial<Check> = {}, form = 0): void => {
      checks.push({ literal, kind, exact: false, before: undefined, run: undefined, ...more });
      targets.push({ rule, form });
    };
    switch (matcher.kind) {
      case 'token':
        for (const [form, { literal, before, left, run }] of matcher.forms.entries()) {
          if (before.max === 0 && OWN_BEGINNING.test(literal)) add(literal, 'token', { exact: true, before: NO_QUOTE }, SPLIT);
          add(
            literal,
            'token',
            {
              exact: !matcher.ignoreCase,
              before: before.max === 0 && left !== '' ? bitmap(left) : undefined,
              run: run === undefined ? undefined : { bytes: bitmap(run.class), min: run.min },
            },
            form,
          );
        }
        break;
      case 'block':
        for (const literal of matcher.begin) add(literal, 'token', { exact: true });
        break;
      case 'uri':
        for (const literal of literals) add(literal, 'user-info', { before: bitmap(SCHEME_CHARACTERS) });
        break;
      case 'pattern':
        for (const literal of matcher.literals) {
          add(literal, 'token', {
            exact: matcher.flags === '',
            ...(matcher.items === undefined ? {} : { run: { bytes: bitmap('\\r\\n'), min: 1 } }),
          });
        }
        break;
      case 'context':
        for (const literal of literals) {
          add(literal, 'word', { near: { bytes: bitmap(matcher.value.run.class), min: matcher.value.run.min, lines: matcher.within } });
        }
        break;
      case 'assignment':
        for (const literal of literals) add(literal, 'assignment');
        break;
      case 'credential':
        for (const literal of literals) {
          if (!matcher.values.includes(literal)) add(literal, 'credential');
          else add(literal, 'credential', { named: { parts: NAME_PARTS[matcher.as], above: NAME_LINES, below: NAME_LINES_BELOW } }, NAMED_ELSEWHERE);
        }
        break;
      case 'file':
        for (const literal of literals) add(literal, 'first-assignment');
        break;
      case 'usage':
        for (const literal of literals) add(literal, 'token');
        break;
      case 'member':
      case 'whole':
      case 'finding':
        break;
    }
  }
  for (const [form, { literal, kind, before, run }] of MARKS.entries()) {
    checks.push({ literal, kind, exact: false, before, run });
    targets.push({ rule: ENCODED, form });
  }
  checks.push({ literal: OWN_MARKER, kind: 'token', exact: true, before: undefined, run: undefined });
  targets.push({ rule: NO_RULE, form: 0 });
  return { checks, targets };
}
