/** YAML, and JSON as the part of it, with a position for every complaint. Loaded only where files of users are read. */
import { LineCounter, parseDocument, type Document } from 'yaml';
import { UserError } from '../model/errors.ts';

export type Keys = readonly (string | number)[];

/** In place of complaints of the parser that quote the file, which may hold anything. */
const PLAIN_WORDS: Readonly<Record<string, string>> = {
  BAD_DIRECTIVE: 'a directive that is not known',
  BAD_DQ_ESCAPE: 'an escape that is not known',
  TAG_RESOLVE_FAILED: 'a tag that is not known',
  UNEXPECTED_TOKEN: 'not expected here',
};

/** A parsed file that can say where each of its values stands. */
export class YamlText {
  readonly plain: unknown;
  readonly #path: string;
  readonly #lines = new LineCounter();
  readonly #document: Document;

  /**
   * @param path only used in messages
   * Throws a `UserError` with file, line and column for text that is no YAML, holds a key twice, or expands without end.
   */
  constructor(text: string, path: string, hint: string) {
    this.#path = path;
    try {
      this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, strict: true, uniqueKeys: true, logLevel: 'error' });
      const broken = this.#document.errors[0];
      if (broken !== undefined) throw new UserError(`${this.#positionOf(broken.pos[0])}: no YAML: ${PLAIN_WORDS[broken.code] ?? broken.message}`, hint);
      this.plain = this.#document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      if (error instanceof UserError) throw error;
      // The name of an alias comes last.
      throw new UserError(`${path}: ${(error as Error).message.replace(/\): .*$/s, ')')}`, 'Check the YAML of the file.');
    }
  }

  /** `file:line:column` of the deepest value that exists on the way to `keys`. */
  place(keys: Keys): string {
    return this.#positionOf(this.#offset(keys));
  }

  /** The same for the key itself, where a mapping holds it. */
  placeOfKey(keys: Keys): string {
    const parent: unknown = keys.length === 1 ? this.#document.contents : this.#document.getIn(keys.slice(0, -1), true);
    const items = (parent as { items?: { key?: { value?: unknown; range?: [number, number, number] } }[] } | undefined)?.items ?? [];
    const key = items.find((item) => String(item.key?.value) === String(keys.at(-1)))?.key;
    return this.#positionOf(key?.range?.[0] ?? this.#offset(keys));
  }

  line(keys: Keys): number {
    return this.#lines.linePos(this.#offset(keys)).line;
  }

  #offset(keys: Keys): number {
    for (let depth = keys.length; depth > 0; depth--) {
      const node: unknown = this.#document.getIn(keys.slice(0, depth), true);
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      if (range !== undefined) return range[0];
    }
    return 0;
  }

  #positionOf(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#path}:${line}:${col}`;
  }
}
