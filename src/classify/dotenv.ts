/**
 * A dotenv file as its loaders read it, with the place of every part. There is no standard, so it is tolerant: what one
 * loader takes for a value and another for a comment belongs to the value's span. Works on a latin1 view, so a character
 * is a byte; linear in the text.
 */
import type { Span } from '../model/origin.ts';

export interface DotenvEntry {
  readonly name: string;
  readonly nameSpan: Span;
  /** As `dotenv` and Node read it: without quotes, cut at an inline comment, `\n` and `\r` of double quotes expanded. */
  readonly value: string;
  /** All that may belong to the value in the raw text, without its quotes: a `#` within does not end it. */
  readonly span: Span;
  readonly quote: '' | '"' | "'" | '`';
  readonly exported: boolean;
  /** `# NAME=value`: no loader reads it, everybody else can. */
  readonly commented: boolean;
  /** What stands in for unset variables: the `b` of `${A:-b}`. Never of single quotes, where nothing is expanded. */
  readonly defaults: readonly Span[];
}

export interface DotenvFile {
  readonly entries: readonly DotenvEntry[];
  /** Lines that are neither blank, nor a comment, nor part of an assignment. */
  readonly strayLines: number;
}

/** The UTF-8 byte order mark as latin1. */
const BOM = '\xef\xbb\xbf';
/** A name, an operator and the blanks after it. `:` needs a blank or the line's end behind it. */
const HEAD = /[ \t]{0,256}(export[ \t]{1,256})?([\w.-]{1,256})[ \t]{0,256}(?:=|:(?=[ \t\r\n]|$))[ \t]{0,256}/y;
/** A comment mark, and no second one: rulers and banners are no assignments. */
const COMMENT = /[ \t]{0,256}#[ \t]{0,16}(?!#)/y;
const BLANK = /[ \t]{0,1024}(?:#|\r?$|$)/my;
const AFTER_QUOTE = /[ \t]{0,1024}(?:#[^\r\n]*)?(?:\r?\n|\r|$)/y;
/** `${NAME:-default}`, `${NAME-default}`; the default goes as far as the brace. */
const DEFAULT = /\$\{[A-Za-z_]\w{0,255}:?-([^{}\r\n]{1,1024})\}/g;

export function parseDotenv(text: string): DotenvFile {
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  readonly #entries: DotenvEntry[] = [];
  /** Quotes that do not occur any more: each is searched to the end once. */
  readonly #exhausted = new Set<string>();
  #at: number;
  #stray = 0;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith(BOM) ? BOM.length : 0;
  }

  parse(): DotenvFile {
    while (this.#at < this.#text.length) this.#line();
    return { entries: this.#entries, strayLines: this.#stray };
  }

  #line(): void {
    const start = this.#at;
    const mark = sticky(COMMENT, this.#text, start);
    const from = mark === null ? start : start + mark[0].length;
    const head = sticky(HEAD, this.#text, from);
    if (head === null) {
      if (mark === null && sticky(BLANK, this.#text, start) === null) this.#stray++;
      this.#at = this.#nextLine(start);
      return;
    }
    const [whole, exported, name = ''] = head;
    const nameStart = from + whole.indexOf(name, exported === undefined ? 0 : whole.indexOf(exported) + exported.length);
    const place = { name, nameSpan: { start: nameStart, end: nameStart + name.length }, exported: exported !== undefined, commented: mark !== null };
    const valueStart = from + whole.length;
    const quoted = this.#quoted(valueStart, mark !== null);
    if (quoted !== undefined) {
      this.#at = quoted.next;
      this.#add(place, quoted.span, quoted.quote, quoted.value);
      return;
    }
    const end = this.#lineEnd(valueStart);
    this.#at = this.#nextLine(valueStart);
    const raw = this.#text.slice(valueStart, end);
    // Loaders cut at any `#`, people write secrets that hold one: only a blank before it surely begins a comment.
    const comment = /[ \t]#/.exec(raw)?.index ?? raw.length;
    const wide = raw.slice(0, comment).trimEnd();
    this.#add(place, { start: valueStart, end: valueStart + wide.length }, '', raw.split('#', 1)[0]?.trim() ?? '');
  }

  #add(place: Pick<DotenvEntry, 'name' | 'nameSpan' | 'exported' | 'commented'>, span: Span, quote: DotenvEntry['quote'], value: string): void {
    // Each field by name: an object that is spread and added to has a shape of its own in V8, and large files have thousands.
    this.#entries.push({
      name: place.name,
      nameSpan: place.nameSpan,
      value,
      span,
      quote,
      exported: place.exported,
      commented: place.commented,
      defaults: quote === "'" ? [] : defaultsIn(this.#text.slice(span.start, span.end), span.start),
    });
  }

  /** A value in quotes, which may go on over lines; undefined where the quote does not end or is not all of the value. */
  #quoted(start: number, commented: boolean): { quote: '"' | "'" | '`'; span: Span; value: string; next: number } | undefined {
    const quote = this.#text[start];
    if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
    const end = this.#closing(quote, start + 1);
    if (end === undefined) return undefined;
    // A comment ends with its line, so a quote in one does too.
    if (commented && end > this.#lineEnd(start)) return undefined;
    const after = sticky(AFTER_QUOTE, this.#text, end + 1);
    if (after === null) return undefined;
    const inside = this.#text.slice(start + 1, end);
    const lines = inside.replaceAll(/\r\n?/g, '\n');
    const value = quote === '"' ? lines.replaceAll(/\\n/g, '\n').replaceAll(/\\r/g, '\r') : lines;
    return { quote, span: { start: start + 1, end }, value, next: end + 1 + after[0].length };
  }

  /** The next quote of this kind without a backslash before it. */
  #closing(quote: string, from: number): number | undefined {
    if (this.#exhausted.has(quote)) return undefined;
    let at = this.#text.indexOf(quote, from);
    while (at >= 0 && this.#text[at - 1] === '\\') at = this.#text.indexOf(quote, at + 1);
    if (at >= 0) return at;
    this.#exhausted.add(quote);
    return undefined;
  }

  #lineEnd(from: number): number {
    const lf = this.#text.indexOf('\n', from);
    const end = lf < 0 ? this.#text.length : lf;
    const cr = this.#text.slice(from, end).indexOf('\r');
    return cr < 0 ? end : from + cr;
  }

  #nextLine(from: number): number {
    const end = this.#lineEnd(from);
    return end + (this.#text.startsWith('\r\n', end) ? 2 : 1);
  }
}

function sticky(regex: RegExp, text: string, at: number): RegExpExecArray | null {
  regex.lastIndex = at;
  return regex.exec(text);
}

function defaultsIn(raw: string, offset: number): Span[] {
  if (!raw.includes('${')) return [];
  return Array.from(raw.matchAll(DEFAULT), (match) => {
    const end = offset + match.index + match[0].length - 1;
    return { start: end - (match[1] ?? '').length, end };
  });
}

/** Whether a text reads as assignments line by line: at least one, and hardly anything else. */
export function isDotenv({ entries, strayLines }: DotenvFile): boolean {
  return entries.length > 0 && strayLines * 10 <= entries.length;
}

/** The entry whose value, or a part of it, is `[start, end)`. Entries are in order. */
export function entryAt({ entries }: DotenvFile, { start, end }: Span): DotenvEntry | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.span.end ?? 0) < end) low = middle + 1;
    else high = middle;
  }
  const entry = entries[low];
  return entry !== undefined && entry.span.start <= start ? entry : undefined;
}
