/**
 * One line of code, read from its start with just enough of a lexer to know what is a string, what is interpolated, and
 * whose argument stands where.
 */
import type { Span } from '../model/origin.ts';
import { looksUp } from './environment.ts';

/** Something that is open where the lexer stands: a string, or a bracket with what stands before it. */
interface Frame {
  readonly opener: '(' | '[' | '{' | '"' | "'" | '`' | 'interpolation';
  /** For strings: how code gets into them. */
  readonly interpolates: 'dollar' | 'hash' | 'brace' | '';
  readonly callee: string;
  /** First offset inside. */
  readonly start: number;
}

/** How far before a place a name is looked for. */
export const NAME_REACH = 200;
const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** What is open at `column` of `line`; undefined within a comment. */
export function framesAt(line: string, column: number): Frame[] | undefined {
  const frames: Frame[] = [];
  for (let at = 0; at < column; at++) {
    const character = line[at] ?? '';
    const top = frames.at(-1);
    if (top !== undefined && (top.opener === '"' || top.opener === "'" || top.opener === '`')) {
      const opened = interpolationAt(line, at, top);
      if (character === '\\' && opened === 0) at++;
      else if (character === top.opener) frames.pop();
      else if (opened > 0) {
        at += opened - 1;
        frames.push({ opener: 'interpolation', interpolates: '', callee: '', start: at + 1 });
      }
      continue;
    }
    switch (character) {
      case '"':
      case "'":
      case '`':
        // An apostrophe within a word opens nothing.
        if (character !== "'" || !/\w/.test(line[at - 1] ?? '') || /(?:^|\W)[rbufRBUF]{1,2}$/.test(line.slice(Math.max(0, at - 3), at))) {
          frames.push({ opener: character, interpolates: interpolationOf(line, at), callee: '', start: at + 1 });
        }
        break;
      case '(':
      case '[':
      case '{':
        frames.push({ opener: character, interpolates: '', callee: calleeBefore(line, at), start: at + 1 });
        break;
      case ')':
      case ']':
      case '}':
        if (
          top?.opener === CLOSERS[character] ||
          (character === '}' && top?.opener === 'interpolation') ||
          (character === ')' && top?.opener === 'interpolation')
        )
          frames.pop();
        break;
      case '#':
        if (/^\s*$/.test(line.slice(0, at)) || (line[at - 1] === ' ' && line[at + 1] === ' ')) return undefined;
        break;
      case '/':
        if (line[at + 1] === '/' && line[at - 1] !== ':') return undefined;
        break;
      case '*':
        if (/^\s*\/?\*?$/.test(line.slice(0, at))) return undefined;
        break;
    }
  }
  return frames;
}

/** The call whose bracket opens at `at`. */
function calleeBefore(line: string, at: number): string {
  let end = at;
  while (end > 0 && at - end < NAME_REACH && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
  const bang = line[end - 1] === '!' ? 1 : 0;
  const from = pathStart(line, end - bang);
  const name = line.slice(from, end);
  // `res.status(500).json(`: what the chain begins with says whose method it is.
  if (!line.startsWith(').', from - 2)) return name;
  const opened = openingOf(line, from - 2);
  return opened < 0 || at - opened > NAME_REACH ? name : `${calleeBefore(line, opened)}.${name}`;
}

/** Where the bracket opens that closes at `close`; -1 where it does not. */
function openingOf(line: string, close: number): number {
  let depth = 0;
  for (let at = close; at >= 0 && close - at < NAME_REACH; at--) {
    if (line[at] === ')') depth++;
    else if (line[at] === '(' && --depth === 0) return at;
  }
  return -1;
}

/** Where the path of names that ends at `end` begins: `a.b`, `a?.b`, `a::b`, `$a->b`. */
function pathStart(line: string, end: number): number {
  let at = end;
  for (const lowest = Math.max(0, end - NAME_REACH); at > lowest; at--) {
    const character = line[at - 1] ?? '';
    if (/[\w$@.]/.test(character)) continue;
    const joins =
      (character === ':' && (line[at - 2] === ':' || line[at] === ':')) ||
      (character === '>' && line[at - 2] === '-') ||
      (character === '-' && line[at] === '>') ||
      (character === '?' && line[at] === '.');
    if (!joins) break;
  }
  // A path does not begin with what joins its parts.
  while (at < end && /[.:?>-]/.test(line[at] ?? '')) at++;
  return at;
}

/** f"…{x}…", $"…{x}…", println!("…{x}…"): by braces; `…${x}…`: by dollars, which double quotes of shells, PHP, Kotlin and Ruby have too. */
function interpolationOf(line: string, at: number): Frame['interpolates'] {
  if (/(?:(?:^|\W)(?:[fF][rR]?|[rR][fF])|\$@?|!\()$/.test(line.slice(Math.max(0, at - 3), at))) return 'brace';
  return line[at] === "'" ? '' : line[at] === '"' ? 'hash' : 'dollar';
}

/** How many characters open an interpolation at `at`; 0 for none. */
function interpolationAt(line: string, at: number, { interpolates }: Frame): number {
  if (interpolates === 'brace') return line[at] === '{' && line[at + 1] !== '{' && line[at - 1] !== '{' ? 1 : 0;
  if (interpolates === '') return 0;
  if (line.startsWith('${', at)) return 2;
  return interpolates === 'hash' && (line.startsWith('#{', at) || line.startsWith('\\(', at)) ? 2 : 0;
}

export const WORD_AFTER = /^[\w$]{0,100}/;

export interface Expression extends Span {
  readonly expression: string;
  /** What is open around it, outermost first. */
  readonly frames: readonly Frame[];
}

export function expressionAt(line: string, start: number, end: number, frames: readonly Frame[]): Expression | undefined {
  const to = end + (WORD_AFTER.exec(line.slice(end, end + 101))?.[0].length ?? 0);
  const from = pathStart(line, start);
  const top = frames.at(-1);
  if (top === undefined || !isString(top)) return { expression: line.slice(from, to), start: from, end: to, frames };
  const holder = frames.at(-2);
  // `os.environ["API_KEY"]`, `getenv('API_KEY')`
  if (holder !== undefined && looksUp(holder.callee) && from === top.start && line[to] === top.opener) {
    const close = line.slice(to + 1).search(/\S/) + to + 1;
    if (line[close] !== (holder.opener === '(' ? ')' : ']')) return undefined;
    const begin = holder.start - 1 - holder.callee.length;
    return { expression: `${holder.callee}.${line.slice(from, to)}`, start: begin, end: close + 1, frames: frames.slice(0, -2) };
  }
  // "… $API_KEY …" of shells and PHP
  if (top.interpolates === 'hash' && line[from] === '$' && line[from - 1] !== '\\')
    return { expression: line.slice(from, to), start: from, end: to, frames };
  return undefined;
}

function isString({ opener }: Frame): boolean {
  return opener === '"' || opener === "'" || opener === '`';
}

/** The whole of an argument, an interpolation, or a part of a sum of texts. */
export function standsAlone(line: string, { start, end, frames }: Expression): boolean {
  const inside = frames.at(-1);
  if (inside !== undefined && isString(inside)) return true;
  const left = line.slice(inside?.start ?? 0, start).trimEnd();
  const right = line.slice(end).trimStart();
  const opened = left === '' || /(?:[,+:%(]|<<|(?<![=!<>])=|\.\.?|\b(?:echo|print|puts|printf|p))$/.test(left);
  const closed = right === '' || /^(?:[),}+;\]]|\.\s|![rs]\}|=\}|<<)/.test(right);
  return opened && closed;
}
