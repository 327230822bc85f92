/** JSON that is safe to print: what could steer a terminal or a log becomes an escape, and parses back to the same text. */
import { LOG_COMMAND, STEERING } from './safe-text.ts';

/** What JSON.stringify leaves as it is. All of it stands inside strings. */
const DANGEROUS = new RegExp(`[${STEERING}]`, 'g');
const COMMAND = new RegExp(`##${LOG_COMMAND}`, 'g');
const INDENT = '  ';

/** One JSON document, ending in a line feed. Without `indent` it is one line. */
export function jsonText(value: unknown, indent?: number): string {
  return `${escaped(JSON.stringify(value, undefined, indent))}\n`;
}

/**
 * The indented document of an object, in pieces: where a member is a list, each item is one, made when it is asked for. So no text
 * is as long as the list is; and the list itself need not be there, it may be anything that can be iterated over.
 */
export function* jsonPieces(members: Members, indent = INDENT): Generator<string> {
  yield* memberPieces(members, '', indent);
  yield '\n';
}

type Members = Readonly<Record<string, unknown>>;

/** An item of a list that has long lists itself: they come in pieces too. */
export class LongItem {
  readonly members: Members;

  constructor(members: Members) {
    this.members = members;
  }
}

function* memberPieces(members: Members, margin: string, indent: string): Generator<string> {
  const inner = margin + indent;
  let lead = '{';
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) continue;
    yield `${lead}\n${inner}${escaped(JSON.stringify(name))}: `;
    if (isList(value)) yield* itemPieces(value, inner, indent);
    else yield indented(value, inner, indent);
    lead = ',';
  }
  yield `\n${margin}}`;
}

/** The indented array of some items, in pieces, without a line feed at its end. */
export function* itemPieces(items: Iterable<unknown>, margin = '', indent = INDENT): Generator<string> {
  const inner = margin + indent;
  let lead = '[';
  for (const item of items) {
    if (item instanceof LongItem) {
      yield `${lead}\n${inner}`;
      yield* memberPieces(item.members, inner, indent);
    } else yield `${lead}\n${inner}${indented(item, inner, indent)}`;
    lead = ',';
  }
  yield lead === '[' ? '[]' : `\n${margin}]`;
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** @param margin what the lines behind the first one stand in from */
function indented(value: unknown, margin: string, indent: string): string {
  return escaped(JSON.stringify(value, undefined, indent).replaceAll('\n', `\n${margin}`));
}

function escaped(json: string): string {
  return json.replace(DANGEROUS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).replace(COMMAND, String.raw`#\u0023`);
}
