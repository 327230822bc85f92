/**
 * A regular expression of Go (RE2 syntax) as one that rules may have: scoped flags and POSIX classes written out, every
 * repetition bounded, one capturing group. Works on bytes, as all matching does.
 */

/** Why an expression cannot be carried over. */
export class Untranslatable extends Error {}

type Node =
  | { readonly kind: 'bytes'; readonly set: readonly boolean[] }
  | { readonly kind: 'assertion'; readonly source: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly branches: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number; readonly lazy: boolean }
  | { readonly kind: 'group'; readonly node: Node; readonly number: number };

interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
}

/** Stands for "without end": above what RE2 counts, so that the engine leaves it open and cuts at the rule's length. */
const OPEN = 1024;
/** Counts from here on cost RE2 more than its program may have, and are left open as well. */
const MOST_COUNTED = 1000;
const BYTES = 256;
const DEEPEST = 100;

const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\u0000-\u007f',
  blank: '\t ',
  cntrl: '\u0000-\u001f\u007f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-/:-@[-`{-~',
  space: '\t-\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};
const ESCAPED_CLASSES: Readonly<Record<string, string>> = { d: '0-9', w: '0-9A-Za-z_', s: '\t\n\f\r ' };
const ESCAPED_BYTES: Readonly<Record<string, string>> = { a: '\u0007', f: '\f', t: '\t', n: '\n', r: '\r', v: '\v' };

export interface Translated {
  readonly source: string;
  /** Upper bound of a match in bytes; what has no bound counts as 1,024. */
  readonly longest: number;
  /** May hold a line feed that the expression names. */
  readonly multiline: boolean;
  /** Runs of bytes that every match holds, in lower case, the longest first. */
  readonly literals: readonly string[];
  /** A word in the cases in which the expression writes it; empty where it does not, or in too many. */
  readonly cased: (word: string) => readonly string[];
  /** A text that matches, with generators for random parts and the group marked. */
  readonly example: string;
}

export class GoRegex {
  readonly #tree: Node;
  readonly groups: number;
  readonly #namesLineFeed: boolean;

  /** Throws `Untranslatable`. */
  constructor(source: string) {
    const parser = new Parser(source);
    this.#tree = parser.parse();
    this.groups = parser.groups;
    this.#namesLineFeed = parser.namesLineFeed;
  }

  /** The groups of which a match holds one at most, the first of each match: gitleaks takes the first that holds something. */
  get alternatives(): number[] {
    const chosen: number[] = [];
    for (let group = 1; group <= this.groups; group++) {
      if (chosen.every((earlier) => !meet(this.#tree, earlier, group))) chosen.push(group);
    }
    return chosen;
  }

  /** With one group kept, counted from 1; 0 for none, so that the whole match is the secret. */
  translate(group: number): Translated {
    // Beside other groups it may be absent; then another one is the secret, and not the whole match.
    const tree = this.groups > 1 && group > 0 ? withGroup(this.#tree, group) : this.#tree;
    return {
      source: emit(tree, group),
      longest: longest(tree),
      multiline: this.#namesLineFeed,
      literals: literalsOf(tree),
      cased: (word) => casesOf(runsOf(tree), word),
      example: group === 0 ? `[|${exampleOf(tree, 0)}|]` : exampleOf(tree, group),
    };
  }
}

/** Whether a match may hold both groups. */
function meet(node: Node, a: number, b: number): boolean {
  switch (node.kind) {
    case 'bytes':
    case 'assertion':
      return false;
    case 'group':
      return node.number === a || node.number === b ? holds(node.node, a) || holds(node.node, b) : meet(node.node, a, b);
    case 'repeat':
      return meet(node.node, a, b);
    case 'choice':
      return node.branches.some((branch) => meet(branch, a, b));
    case 'sequence':
      return node.parts.some(
        (part, index) => meet(part, a, b) || (holds(part, a) && node.parts.some((other, place) => place !== index && holds(other, b))),
      );
  }
}

/** The tree as far as it leads to a group: other branches gone, the way to it no longer optional. */
function withGroup(node: Node, group: number): Node {
  if (!holds(node, group)) return node;
  switch (node.kind) {
    case 'choice':
      // A group is in one branch.
      return node.branches.map((branch) => withGroup(branch, group)).find((branch) => holds(branch, group)) ?? node;
    case 'sequence':
      return { kind: 'sequence', parts: node.parts.map((part) => withGroup(part, group)) };
    case 'repeat':
      return { ...node, node: withGroup(node.node, group), min: Math.max(1, node.min) };
    case 'group':
      return { ...node, node: withGroup(node.node, group) };
    case 'bytes':
    case 'assertion':
      return node;
  }
}

function setOf(ranges: string): boolean[] {
  const set = Array.from({ length: BYTES }, () => false);
  for (let at = 0; at < ranges.length; at++) {
    const from = ranges.charCodeAt(at);
    const isRange = ranges[at + 1] === '-' && at + 2 < ranges.length;
    const to = isRange ? ranges.charCodeAt(at + 2) : from;
    if (isRange) at += 2;
    set.fill(true, from, to + 1);
  }
  return set;
}

class Parser {
  readonly #source: string;
  #at = 0;
  #depth = 0;
  #flags: Flags = { ignoreCase: false, dotAll: false };
  groups = 0;
  namesLineFeed = false;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Node {
    const node = this.#choice();
    if (this.#at < this.#source.length) throw new Untranslatable('it has a bracket too many');
    return node;
  }

  #peek(text: string): boolean {
    return this.#source.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    if (!this.#peek(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** Flags that a branch sets hold to the end of its group. */
  #choice(): Node {
    if (++this.#depth > DEEPEST) throw new Untranslatable('its groups lie too deep');
    const branches = [this.#sequence()];
    while (this.#take('|')) branches.push(this.#sequence());
    this.#depth--;
    return branches.length === 1 && branches[0] !== undefined ? branches[0] : { kind: 'choice', branches };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#source.length && !this.#peek('|') && !this.#peek(')')) {
      const node = this.#atom();
      if (node !== undefined) parts.push(this.#repeated(node));
    }
    return { kind: 'sequence', parts };
  }

  #repeated(given: Node): Node {
    let node = given;
    for (;;) {
      const rest = this.#source.slice(this.#at, this.#at + 16);
      const match = /^(?:([*+?])|\{(\d{1,4})(?:(,)(\d{1,4})?)?\})(\?)?/.exec(rest);
      if (match === null) return node;
      this.#at += match[0].length;
      const [, sign, low, comma, high, lazy] = match;
      const min = sign === undefined ? Number(low) : sign === '+' ? 1 : 0;
      const max =
        sign === '?'
          ? 1
          : sign !== undefined
            ? min + OPEN
            : comma === undefined
              ? min
              : high === undefined || Number(high) >= MOST_COUNTED
                ? min + OPEN
                : Number(high);
      if (min > max) throw new Untranslatable('a repetition counts downwards');
      node = { kind: 'repeat', node, min, max, lazy: lazy !== undefined };
    }
  }

  #atom(): Node | undefined {
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return this.#class();
    if (this.#take('^')) return { kind: 'assertion', source: '^' };
    if (this.#take('$')) return { kind: 'assertion', source: '$' };
    if (this.#take('.')) {
      if (this.#flags.dotAll) this.namesLineFeed = true;
      return { kind: 'bytes', set: setOf('\u0000-\u00ff').map((_, code) => this.#flags.dotAll || code !== 0x0a) };
    }
    if (this.#take('\\')) return this.#escape();
    const [character = ''] = this.#source.slice(this.#at);
    if (/[*+?]/.test(character)) throw new Untranslatable('a repetition repeats nothing');
    this.#at += character.length;
    return this.#text(character);
  }

  /** A character as its bytes in UTF-8: that is how contents hold it. */
  #text(character: string): Node {
    const bytes = [...Buffer.from(character)].map((code): Node => ({ kind: 'bytes', set: this.#folded(setOf(String.fromCharCode(code))) }));
    return bytes.length === 1 && bytes[0] !== undefined ? bytes[0] : { kind: 'sequence', parts: bytes };
  }

  #folded(set: boolean[]): boolean[] {
    if (!this.#flags.ignoreCase) return set;
    for (let upper = 0x41; upper <= 0x5a; upper++) {
      const both = set[upper] === true || set[upper + 32] === true;
      set[upper] = both;
      set[upper + 32] = both;
    }
    return set;
  }

  #group(): Node | undefined {
    const before = this.#flags;
    if (!this.#take('?')) return this.#captured(before);
    const name = /^P?<[A-Za-z_]\w*>/.exec(this.#source.slice(this.#at, this.#at + 80));
    if (name !== null) {
      this.#at += name[0].length;
      return this.#captured(before);
    }
    const match = /^([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/.exec(this.#source.slice(this.#at, this.#at + 20));
    if (match === null) throw new Untranslatable('it has a group of an unknown kind');
    this.#at += match[0].length;
    const [, on = '', off = '', end] = match;
    if (/[^is]/.test(on + off)) throw new Untranslatable(`the flag ${(on + off).replace(/[is]/g, '')} has no counterpart`);
    this.#flags = {
      ignoreCase: (this.#flags.ignoreCase || on.includes('i')) && !off.includes('i'),
      dotAll: (this.#flags.dotAll || on.includes('s')) && !off.includes('s'),
    };
    if (end === ')') return undefined;
    return this.#inside(before);
  }

  #captured(before: Flags): Node {
    const number = ++this.groups;
    return { kind: 'group', node: this.#inside(before), number };
  }

  #inside(before: Flags): Node {
    const node = this.#choice();
    if (!this.#take(')')) throw new Untranslatable('a bracket is not closed');
    this.#flags = before;
    return node;
  }

  #escape(): Node | undefined {
    const letter = this.#source[this.#at++] ?? '';
    if (letter === 'A') return { kind: 'assertion', source: '^' };
    if (letter === 'z') return { kind: 'assertion', source: '$' };
    if (letter === 'b' || letter === 'B') return { kind: 'assertion', source: `\\${letter}` };
    if (letter === 'Q') {
      const end = this.#source.indexOf(String.raw`\E`, this.#at);
      const text = this.#source.slice(this.#at, end < 0 ? undefined : end);
      this.#at = end < 0 ? this.#source.length : end + 2;
      return { kind: 'sequence', parts: Array.from(text, (character) => this.#text(character)) };
    }
    const set = this.#escapedClass(letter);
    if (set !== undefined) return { kind: 'bytes', set: this.#folded(set) };
    const code = this.#escapedCode(letter);
    return this.#text(String.fromCodePoint(code));
  }

  #escapedClass(letter: string): boolean[] | undefined {
    const ranges = ESCAPED_CLASSES[letter.toLowerCase()];
    if (ranges === undefined) return undefined;
    const set = setOf(ranges);
    return letter === letter.toLowerCase() ? set : set.map((isIn) => !isIn);
  }

  #escapedCode(letter: string): number {
    const known = ESCAPED_BYTES[letter];
    if (known !== undefined) {
      if (letter === 'n') this.namesLineFeed = true;
      return known.charCodeAt(0);
    }
    if (letter === 'x') {
      const match = /^(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\})/.exec(this.#source.slice(this.#at, this.#at + 8));
      const code = Number.parseInt(match?.[1] ?? match?.[2] ?? '', 16);
      if (match === null || code > 0x10ffff) throw new Untranslatable('a code after \\x is none');
      this.#at += match[0].length;
      return code;
    }
    if (/[a-zA-Z0-9]/.test(letter) || letter === '') throw new Untranslatable(`\\${letter} has no counterpart`);
    return letter.charCodeAt(0);
  }

  #class(): Node {
    const negated = this.#take('^');
    let set = setOf('');
    const add = (other: readonly boolean[]): void => {
      set = set.map((isIn, code) => isIn || other[code] === true);
    };
    for (let first = true; first || !this.#peek(']'); first = false) {
      if (this.#at >= this.#source.length) throw new Untranslatable('a class is not closed');
      const posix = /^\[:(\^?)(\w+):\]/.exec(this.#source.slice(this.#at, this.#at + 16));
      if (posix !== null) {
        const ranges = CLASSES[posix[2] ?? ''];
        if (ranges === undefined) throw new Untranslatable(`the class ${posix[0]} is unknown`);
        this.#at += posix[0].length;
        const named = setOf(ranges);
        add(posix[1] === '' ? named : named.map((isIn) => !isIn));
        continue;
      }
      const classed = this.#peek('\\') ? this.#escapedClass(this.#source[this.#at + 1] ?? '') : undefined;
      if (classed !== undefined) {
        this.#at += 2;
        add(classed);
        continue;
      }
      const from = this.#member();
      const isRange = this.#peek('-') && this.#source[this.#at + 1] !== ']';
      if (isRange) this.#at++;
      const to = isRange ? this.#member() : from;
      if (to < from) throw new Untranslatable('a range runs backwards');
      for (let code = from; code <= to; code++) set[code] = true;
    }
    this.#at++;
    const folded = this.#folded(set);
    return { kind: 'bytes', set: negated ? folded.map((isIn) => !isIn) : folded };
  }

  #member(): number {
    const [character = ''] = this.#source.slice(this.#at);
    this.#at += character.length;
    const code = character === '\\' ? this.#escapedCode(this.#source[this.#at++] ?? '') : (character.codePointAt(0) ?? 0);
    if (code >= 0x80) throw new Untranslatable('a class holds characters beyond ASCII');
    return code;
  }
}

function emit(node: Node, group: number): string {
  switch (node.kind) {
    case 'bytes':
      return emitSet(node.set);
    case 'assertion':
      return node.source;
    case 'sequence':
      return node.parts.map((part) => (part.kind === 'choice' ? `(?:${emit(part, group)})` : emit(part, group))).join('');
    case 'choice':
      return node.branches.map((branch) => emit(branch, group)).join('|');
    case 'group':
      return `(${node.number === group ? '' : '?:'}${emit(node.node, group)})`;
    case 'repeat': {
      const inner = node.node.kind === 'bytes' || node.node.kind === 'group' ? emit(node.node, group) : `(?:${emit(node.node, group)})`;
      const { min, max } = node;
      return `${inner}${min === 0 && max === 1 ? '?' : min === max ? `{${min}}` : `{${min},${max}}`}${node.lazy ? '?' : ''}`;
    }
  }
}

function emitSet(set: readonly boolean[]): string {
  const codes = set.flatMap((isIn, code) => (isIn ? [code] : []));
  const [only] = codes;
  if (only === undefined) throw new Untranslatable('a class holds nothing');
  if (codes.length === 1) return emitCode(only);
  let ranges = '';
  for (let at = 0; at < BYTES; at++) {
    if (set[at] !== true) continue;
    const from = at;
    while (set[at + 1] === true) at++;
    ranges += at - from > 1 ? `${emitCode(from)}-${emitCode(at)}` : at > from ? emitCode(from) + emitCode(at) : emitCode(from);
  }
  return `[${ranges}]`;
}

function emitCode(code: number): string {
  const character = String.fromCharCode(code);
  return /[A-Za-z0-9_ "'=:;,<>@#%&!~`]/.test(character)
    ? character
    : code > 0x20 && code < 0x7f
      ? `\\${character}`
      : `\\x${code.toString(16).padStart(2, '0')}`;
}

function longest(node: Node): number {
  switch (node.kind) {
    case 'bytes':
      return 1;
    case 'assertion':
      return 0;
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + longest(part), 0);
    case 'choice':
      return Math.max(...node.branches.map(longest));
    case 'group':
      return longest(node.node);
    case 'repeat':
      return node.max * longest(node.node);
  }
}

/** The one letter, case aside, that a set stands for. */
function letterOf(set: readonly boolean[]): string | undefined {
  const letters = new Set(set.flatMap((isIn, code) => (isIn ? [String.fromCharCode(code).toLowerCase()] : [])));
  return letters.size === 1 ? [...letters][0] : undefined;
}

const MOST_CASES = 8;

/** Bytes that stand one after the other, in every branch, as the sets that they are taken from. */
function runsOf(tree: Node): (readonly boolean[])[][] {
  const runs: (readonly boolean[])[][] = [];
  let run: (readonly boolean[])[] = [];
  const end = (): void => {
    runs.push(run);
    run = [];
  };
  const walk = (node: Node): void => {
    if (node.kind === 'sequence') node.parts.forEach(walk);
    else if (node.kind === 'group') walk(node.node);
    else if (node.kind === 'choice') {
      for (const branch of node.branches) {
        end();
        walk(branch);
      }
      end();
    } else if (node.kind === 'bytes') {
      if (letterOf(node.set) === undefined) end();
      else run.push(node.set);
    } else if (node.kind === 'repeat') {
      end();
      walk(node.node);
      end();
    }
  };
  walk(tree);
  end();
  return runs;
}

function casesOf(runs: readonly (readonly (readonly boolean[])[])[], word: string): string[] {
  const cases = new Set<string>();
  for (const run of runs) {
    const at = run
      .map((set) => letterOf(set) ?? '')
      .join('')
      .indexOf(word);
    if (at < 0) continue;
    let texts = [''];
    for (const set of run.slice(at, at + word.length)) {
      const characters = set.flatMap((isIn, code) => (isIn ? [String.fromCharCode(code)] : []));
      texts = texts.flatMap((text) => characters.map((character) => text + character));
      if (texts.length > MOST_CASES) return [];
    }
    for (const text of texts) cases.add(text);
  }
  return cases.size > MOST_CASES ? [] : [...cases].toSorted((a, b) => (a < b ? -1 : 1));
}

function literalsOf(tree: Node): string[] {
  const runs: string[] = [];
  let run = '';
  const end = (): void => {
    if (run !== '') runs.push(run);
    run = '';
  };
  const walk = (node: Node): void => {
    if (node.kind === 'sequence') node.parts.forEach(walk);
    else if (node.kind === 'group') walk(node.node);
    else if (node.kind === 'bytes') {
      const letter = letterOf(node.set);
      if (letter === undefined) end();
      else run += letter;
    } else if (node.kind !== 'assertion') end();
  };
  walk(tree);
  end();
  return runs.toSorted((a, b) => b.length - a.length);
}

/** The shortest match, with letters and digits where they may stand; the first branch of a choice. */
function exampleOf(node: Node, group: number): string {
  switch (node.kind) {
    case 'bytes':
      return exampleByte(node.set, 1);
    case 'assertion':
      return '';
    case 'sequence':
      return node.parts.map((part) => exampleOf(part, group)).join('');
    case 'choice':
      return exampleOf(
        node.branches.find((branch) => group > 0 && holds(branch, group)) ?? node.branches[0] ?? { kind: 'sequence', parts: [] },
        group,
      );
    case 'group':
      return node.number === group ? `[|${exampleOf(node.node, group)}|]` : exampleOf(node.node, group);
    case 'repeat': {
      const count = holds(node.node, group) ? Math.max(1, node.min) : node.min;
      return node.node.kind === 'bytes' ? exampleByte(node.node.set, count) : exampleOf(node.node, group).repeat(count);
    }
  }
}

function holds(node: Node, group: number): boolean {
  switch (node.kind) {
    case 'bytes':
    case 'assertion':
      return false;
    case 'sequence':
      return node.parts.some((part) => holds(part, group));
    case 'choice':
      return node.branches.some((branch) => holds(branch, group));
    case 'group':
      return node.number === group || holds(node.node, group);
    case 'repeat':
      return holds(node.node, group);
  }
}

function exampleByte(set: readonly boolean[], count: number): string {
  if (count === 0) return '';
  const only = set.flatMap((isIn, code) => (isIn ? [String.fromCharCode(code)] : []));
  if (letterOf(set) !== undefined) return (only.at(-1) ?? '').repeat(count);
  const random = only.filter((character) => /[A-Za-z0-9]/.test(character)).join('');
  if (random.length > 1) return `{{[${random}]:${count}}}`;
  return (only.find((character) => /[!-~]/.test(character)) ?? only[0] ?? '').repeat(count);
}
