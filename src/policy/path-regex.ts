/** Regular expressions on paths, as other scanners take them, as patterns of `.gitignore`. */
import { isPathPattern } from './path-patterns.ts';

const START = /^(?:\^\.?\/?|\(\?:\^\|\/\)|\(\^\|\/\))/;
const ANYTHING_FIRST = /^(?:\.\*\??|\(\.\*\??\))/;
const ANYTHING_LAST = /(?:\.\*\??|\(\.\*\??\))$/;
/** `(?:/.*)?$`: a folder and all below it. */
const FOLDER_END = /\((?:\?:)?\/\.[*+]\??\)\?\$?$/;
const ALTERNATIVES = /\((?:\?:)?([\w\\.|-]*\|[\w\\.|-]*)\)/;
/** In a name: it may end in the same folder, or go on in one below. */
const ACROSS = /(?<=[^/(|^\\])\.\*\??(?=[^$)?])/;
const PART = /\\([./_ @+-])|(\/\.\*\??)|\[\^\/\]\*|\.|([\w/ @-])/gy;
const MOST_PATTERNS = 50;
/** Characters; a longer expression is a program. */
const LONGEST = 1000;

/** Patterns that together match what the expression matches; undefined where it says what patterns cannot. */
export function pathPatterns(regex: string): string[] | undefined {
  if (regex.length > LONGEST) return undefined;
  const plain = expanded(regex)?.map(patternOf);
  return plain?.every((pattern) => pattern !== undefined && isPathPattern(pattern)) === true ? (plain as string[]) : undefined;
}

/** Alternatives written out; undefined where that makes too many. */
function expanded(regex: string): string[] | undefined {
  for (let all = [regex]; ;) {
    const next = all.flatMap(split);
    if (next.length > MOST_PATTERNS) return undefined;
    if (next.length === all.length) return all;
    all = next;
  }
}

/** The first alternatives written out, the start of a path left as it is; itself where there are none. */
function split(regex: string): string[] {
  const start = START.exec(regex)?.[0] ?? '';
  const rest = regex.slice(start.length);
  const across = ACROSS.exec(rest);
  if (across !== null) {
    const [before, after] = [start + rest.slice(0, across.index), rest.slice(across.index + across[0].length)];
    return [`${before}[^/]*${after}`, `${before}[^/]*/.*${after}`];
  }
  const match = ALTERNATIVES.exec(rest);
  if (match?.[1] === undefined) return [regex];
  const [before, after] = [rest.slice(0, match.index), rest.slice(match.index + match[0].length)];
  if (/^[?*+{]/.test(after)) return [regex];
  return match[1].split('|').map((alternative) => start + before + alternative + after);
}

function patternOf(regex: string): string | undefined {
  const start = START.exec(regex)?.[0] ?? '';
  let rest = regex.slice(start.length);
  const isWholeStart = start !== '' && !ANYTHING_FIRST.test(rest);
  rest = rest.replace(ANYTHING_FIRST, '');
  const isFolder = FOLDER_END.test(rest);
  rest = rest.replace(FOLDER_END, '');
  const ends = rest.endsWith('$') && !rest.endsWith(String.raw`\$`);
  rest = (ends ? rest.slice(0, -1) : rest).replace(ANYTHING_LAST, '');
  const isWholeEnd = isFolder || (ends && regex.endsWith(`${rest}$`));
  const body = translated(rest);
  if (body === undefined) return undefined;
  const tail = isWholeEnd || body.endsWith('/') ? body : `${body}*`;
  if (isWholeStart) return start.startsWith('^') ? `/${tail}` : tail.slice(0, -1).includes('/') ? `**/${tail}` : tail;
  if (body.startsWith('/')) return `*/**${tail}`;
  return tail.slice(0, -1).includes('/') ? `**/*${tail}` : `*${tail}`;
}

/** Names and wildcards within them; undefined for everything else. */
function translated(regex: string): string | undefined {
  let text = '';
  PART.lastIndex = 0;
  while (PART.lastIndex < regex.length) {
    const [part, escaped, below, plain] = PART.exec(regex) ?? [];
    if (part === undefined) return undefined;
    text += escaped ?? plain ?? (below !== undefined ? '/**/*' : part === '.' ? '?' : '*');
    if (/^[?*+{]/.test(regex.slice(PART.lastIndex))) return undefined;
  }
  return text;
}
