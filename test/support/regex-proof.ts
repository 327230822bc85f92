/**
 * Proofs that an expression is linear, by recheck, which decides by automata whether some text makes a backtracking match
 * take longer than in proportion to its length.
 *
 * What is proven is not the expression to the letter, which would make automata of thousands of states, but one that can
 * be divided in as many ways or more: a sticky one is anchored, what lookaround asserts is proven for itself, counts are
 * opened (`{20,247}` becomes `{2,}`; `{36}`, which leaves no choice, becomes `{2}`), and plain text is shortened.
 */
import { createRequire } from 'node:module';
import { check } from 'recheck';
import { LINEAR, Proven } from './proven.ts';

export interface Run {
  readonly source: string;
  readonly flags: string;
}

/** Most of a count that is kept: more than one, so that a run stays different from a single character. */
const KEPT = 2;
const COUNT = /(\\.|\[(?:[^\]\\]|\\.)*\])|\{(\d+)(,?)(\d*)\}/g;
/** Plain text outside of classes, without a character that a count belongs to. */
const PLAIN_TEXT = /\[(?:[^\]\\]|\\.)*\]|((?:[A-Za-z0-9 :]|\\[-/.$]){4,}(?![{*+?]))|\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|.)/gi;
const PLAIN_KEPT = /^(?:\\?.){3}/;
/** Where a match must begin, plain text there decides nothing. */
const LEADING_TEXT = /^(?:[A-Za-z0-9 :_=]|\\[-/.$])+(?![{*+?])/;
const LOOKAROUND = /\(\?<?[=!]/;
/** `^(?:a|b)$` is as slow as its slowest choice. */
const ANCHORED_CHOICE = /^\^\(\?:(.*)\)(\$?)$/s;

/** Index of the parenthesis that closes the one at `from`. */
function closing(source: string, from: number): number {
  let depth = 0;
  let inClass = false;
  for (let at = from; at < source.length; at++) {
    const character = source[at];
    if (character === '\\') at++;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return at;
  }
  return -1;
}

/** An expression without lookaround, and what each lookaround asserts. */
function takenApart({ source, flags }: Run): Run[] {
  const found = LOOKAROUND.exec(source);
  if (found === null) return [{ source, flags }];
  const end = closing(source, found.index);
  const inner = source.slice(found.index + found[0].length, end);
  const sticky = flags.replaceAll(/[gy]/g, '');
  return [
    ...takenApart({ source: source.slice(0, found.index) + source.slice(end + 1), flags }),
    ...takenApart({ source: inner, flags: `${sticky}y` }),
  ];
}

/** The choices of an anchored expression, each for itself. */
function choices(run: Run): Run[] {
  const [, inner, end = ''] = ANCHORED_CHOICE.exec(run.source) ?? [];
  if (inner === undefined || closing(run.source, 1) !== run.source.length - 1 - end.length) return [run];
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at <= inner.length; at++) {
    const character = inner[at];
    if (character === '\\') at++;
    else if (character === '[') at += (/^\[(?:[^\]\\]|\\.)*/.exec(inner.slice(at))?.[0].length ?? 1) - 1;
    else if (character === '(') at = closing(inner, at);
    else if (character === '|' || character === undefined) {
      parts.push(inner.slice(from, at));
      from = at + 1;
    }
  }
  return parts.map((part) => ({ source: `^(?:${part})${end}`, flags: run.flags }));
}

/** As many divisions or more, in terms that automata have. */
function widened({ source, flags }: Run): Run {
  const opened = source.replaceAll(COUNT, (whole, kept: string | undefined, min: string, comma: string, max: string) => {
    if (kept !== undefined || Math.max(Number(min), Number(max)) <= KEPT) return whole;
    const least = Math.min(Number(min), KEPT);
    return comma === '' || min === max ? `{${least}}` : `{${least},}`;
  });
  const short = opened.replaceAll(PLAIN_TEXT, (whole, text: string | undefined) =>
    text === undefined ? whole : (PLAIN_KEPT.exec(text)?.[0] ?? text),
  );
  const leading = short.includes('|') ? short : short.replace(LEADING_TEXT, '');
  return { source: flags.includes('y') ? `^(?:${leading})` : short, flags: flags.replaceAll(/[gy]/g, '') };
}

/** From one start, and in vain: whatever can be tried is tried. Opened counts alone would let it succeed too soon. */
function failing({ source, flags }: Run): Run {
  return { source: source.endsWith('$') ? `^(?:${source})` : `^(?:${source})\\x00`, flags };
}

/** Milliseconds that a question may take. */
const TIMEOUT = 120_000;
const { version } = createRequire(import.meta.url)('recheck/package.json') as { version: string };
const proven = new Proven(`recheck ${version}, automata, ${TIMEOUT / 1000} s`);
/** Answers by question, `/source/flags`. */
const known = new Map<string, string>();
const DEGREE = /^degree \d$/;
export const WRITING = process.env['KEYSIFT_PROOFS'] === 'write';

function nameOf({ source, flags }: Run): string {
  return `/${source}/${flags}`;
}

async function verdict(run: Run): Promise<string> {
  const question = nameOf(run);
  const answer = known.get(question) ?? proven.answer(question) ?? (await askChecker(run));
  known.set(question, answer);
  return answer;
}

/** The checker is a program of its own where there is one for the platform, which takes a fifth of the time that the one in JavaScript takes. */
async function askChecker({ source, flags }: Run): Promise<string> {
  if (source === '^(?:)' || source === '') return LINEAR;
  const result = await check(source, flags, { checker: 'automaton', timeout: TIMEOUT });
  if (result.status === 'unknown') return `unknown: ${result.error.kind}`;
  if (result.complexity.type === 'polynomial') return `degree ${result.complexity.degree}`;
  return result.status === 'safe' ? LINEAR : result.complexity.type;
}

/** What the checker is asked about expressions. */
function questions(runs: readonly Run[]): Run[] {
  const parts = runs.flatMap(takenApart).flatMap((part) => choices(widened(part)));
  return parts.flatMap((part) => [part, failing(part)]);
}

/** All of an expression's verdicts that are not linear. */
export async function objections(...runs: readonly Run[]): Promise<string[]> {
  const verdicts = new Set<string>();
  for (const question of questions(runs)) verdicts.add(await verdict(question));
  verdicts.delete(LINEAR);
  return [...verdicts];
}

/** Hashes in the list of proofs that are of none of all the expressions that there are. */
export function staleProofs(runs: readonly Run[]): string[] {
  return proven.stale(questions(runs).map(nameOf));
}

/** What is missing in the list of proofs, or has another answer there. With `KEYSIFT_PROOFS=write` it is written first. */
export async function missingProofs(runs: readonly Run[]): Promise<string[]> {
  const answers = new Map<string, string>();
  for (const question of questions(runs)) {
    const answer = await verdict(question);
    if (answer === LINEAR || DEGREE.test(answer)) answers.set(nameOf(question), answer);
  }
  if (WRITING) proven.write(answers);
  return proven.missing(answers);
}
