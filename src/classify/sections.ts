/**
 * What a value stands in: the keys of mappings and the blocks above it, `fastly:`, `provider "fastly" {`, `[fastly]`, the
 * call that it is an argument of, the command whose flag it is, and those that are opened on its own line. Indented text is read upwards, line by line, as far as each line stands further
 * out than the one before.
 */
import { indentOf, lineAbove, lineAround, lineBelow, type Line } from '../detect/lines.ts';
import { comparedIn, labelBefore } from '../detect/label.ts';
import { isStoring } from '../detect/stores.ts';
import { assignedName } from '../detect/surroundings.ts';
import type { EnvironmentClass } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';
import { remembered } from '../model/remembered.ts';
import { headingOf } from './headings.ts';
import { environmentOf } from './paths.ts';

/** Lines above a value that are read. */
const REACH = 200;
const KEY = /^(?:-\s{1,4})?["']?(\w[\w.-]{0,80})["']?:(?:\s{1,4}["']?(\w[\w.-]{0,40}))?/;
/** `SPEC CHECKSUMS:` */
const HEADED = /^([A-Z]{2,20}(?: [A-Z]{2,20}){1,3}):$/;
const LIST_ITEM = /^-\s{1,4}/;
/** `provider "fastly" {`, `fastly {` */
const BLOCK = /^(?:\w{1,20} )?["']?(\w[\w.-]{0,80})["']? \{$/;
/** `const fastly = {`, `'fastly' => [` */
const OPENS = /[{[]$/;
/** `client = Fastly(`, `new Fastly({` */
const CALLS = /\([{[]?$/;
const CALLED = /[\w.:$\\]/;
/** `Fastly.configure do |config|`, `config :app, :fastly,` */
const BODY = /^([A-Za-z][\w.:]{0,80})(?:[( ].{0,60})? do(?: \|\w{1,20}\|)?$|^config\s{1,4}(?::\w{1,40},\s{1,4})?:(\w{1,60}),$/;
/** Whose value says what the other keys beside it are about. */
const SAYS_WHOSE = /^(?:name|provider|service|vendor|integration|platform|type)$/i;
/** The same in a step of a pipeline, or in a container, of what it does there. */
const SAYS_WHAT = /^(?:name|uses|image)$/i;
const OF_STEP = /^(?:env|environment|with)$/;
/** `', provider: 'acme'` */
const SAYS_BEHIND = /^["'`]?,\s{0,4}["']?(?:provider|service|vendor|integration|platform)["']?\s?[:=]\s?["']([A-Za-z][\w.-]{0,40})["']/;
/** `{ "provider": "acme", ` */
const SAYS_BEFORE = /\b(?:name|provider|service|vendor|integration|platform)["']?\s?[:=]\s?["']([A-Za-z][\w.-]{0,40})["'],/i;
/** `:acme ` of Clojure, or `"acme" `, before its mapping. */
const KEYWORD = /[:"]([A-Za-z][\w.-]{0,60})"?\s$/;
/** `name: Sync Acme`, `uses: someone/acme-action@v1`, `image: registry/acme-worker:1` */
const DOES = /^(?:-\s{1,4})?(name|uses|image):\s{1,4}["']?(?:[\w.:-]{1,60}\/){0,3}([A-Za-z][\w -]{0,40})/;
/** `Sync Acme to production` */
const MOST_WORDS = 4;
/** A function that is declared. */
const FUNCTION = /^(?:\w{1,10}\s){0,4}(?:function|def|func|fn|fun)\s(?:\([^()]{0,40}\)\s)?([A-Za-z_]\w{0,80})/;
/** The element whose attribute a value is. */
const IN_ELEMENT = /<([A-Za-z][\w.:-]{0,60})\s[^<>]{0,200}$/;
/** Where a command of a line begins, and what may stand before its name. */
const COMMAND_START = /[;&|(]/;
const BEFORE_COMMAND = new Set(['$', '#', '>', '-', 'run:', 'RUN', 'sudo', 'exec', 'npx', 'bunx', 'pnpm', 'dlx', 'yarn', '-y', 'uvx']);
const CLASS = /^(?:\w{1,20}\s{1,4}){0,3}(?:class|module|struct|object|namespace)\s{1,4}(\w[\w.-]{0,80})/;
const ELEMENT = /^<(\w[\w.-]{0,80})(?:\s[^<>]{0,200})?>\s{0,8}$/;
/** A branch for what nothing was compared with: what the one before it is for says nothing about it. */
const ELSE = /^(?:\} ?)?(else)\b/;
const HEADER = /^\s{0,40}\[{1,2}([\w."' -]{1,80})\]{1,2}\s{0,8}$/;
/** What the first field of a row is, of one that has no more than words before the value: `acme,live,`. */
const ROW = /^["']?([A-Za-z][\w.-]{0,40})["']?[,;\t](?:["']?(?:[\w.-]{1,24}["']?)?[,;\t]){0,6}["']?$/;
/** One tag after the other, and what says in an element's first attributes whose it is. */
const TAGS = /<(\/?)[A-Za-z]([^<>]{0,300})>/g;
const CALLED_IN_TAG = /\s(?:id|name|class)="([A-Za-z][\w.:/-]{0,119})"/;
const CLOSES = new Set(')]}');
const BRACKETS = /[[\](){}]/g;
/** What a manifest of Kubernetes asks for, whatever runs there: no tests. */
const ASKED_FOR = 'spec';
/** Settings of a job or service that say where it goes. */
const TELLING = /^(?:environment|stage|target|deploy_env)$/i;

/** A line above a value: the section or the block that holds it, or what stands beside it or beside one of those. */
interface Above {
  readonly kind: 'section' | 'parent' | 'sibling';
  readonly key: string;
  readonly value: string;
  /** Of the line; nothing of its block is further out than 0. */
  readonly indent: number;
}

/** @param span of a value, in the content */
export function environmentAround(bytes: Buffer, span: Span): EnvironmentClass {
  for (const { kind, key, value, indent } of linesAbove(bytes, span)) {
    const found = kind !== 'sibling' ? environmentOf(key === ASKED_FOR ? '' : key) : TELLING.test(key) ? environmentOf(value) : 'unknown';
    if (found !== 'unknown' || indent === 0) return found;
  }
  return 'unknown';
}

/**
 * The keys that a value stands in, the innermost first; calls on its own line end with their bracket.
 * @param span of a value, in the content
 */
export function keysAround(bytes: Buffer, span: Span): string[] {
  const { text, offset } = lineAround(bytes, span.start, span.start);
  const left = text.slice(0, span.start - offset);
  const right = text.slice(span.end - offset);
  const keys = openedIn(left);
  const further = [
    labelBefore(left),
    IN_ELEMENT.exec(left)?.[1],
    ...elementsAround(left),
    ROW.exec(left.slice(-ROW_REACH))?.[1],
    commandOf(left),
    SAYS_BEHIND.exec(right)?.[1],
    SAYS_BEFORE.exec(inBraces(left))?.[1],
    chainHead(bytes, { text, offset }),
    saidBelow(bytes, { text, offset }),
    headingOf(bytes, { text, offset }, left.length, right),
  ];
  for (const key of further) if (key !== undefined) keys.push(key);
  let own = true;
  let isOfStep = false;
  for (const { kind, key, value } of linesAbove(bytes, span)) {
    if (kind !== 'sibling') keys.push(key);
    else if (value !== '' && ((own && SAYS_WHOSE.test(key)) || (isOfStep && SAYS_WHAT.test(key)))) keys.push(value);
    // The variables of a step, and the step.
    isOfStep = (isOfStep && kind === 'sibling') || (own && kind === 'parent' && OF_STEP.test(key));
    own &&= kind === 'sibling';
  }
  const manifest = manifestName(bytes, span);
  if (manifest !== undefined) keys.push(manifest);
  return keys;
}

/** Characters before a value that its row may take. */
const ROW_REACH = 320;

/** What the elements are called that are open at the end of a text, the innermost first: `<bean id="acmeClient"><property …`. */
function elementsAround(left: string): string[] {
  if (!left.includes('>')) return [];
  const open: string[] = [];
  for (const [, closing, attributes = ''] of left.matchAll(TAGS)) {
    if (closing !== '') open.pop();
    else if (!attributes.endsWith('/')) open.push(CALLED_IN_TAG.exec(attributes)?.[1] ?? '');
  }
  return open.filter((called) => called !== '').toReversed();
}

/** The lines below a value up to one that says whose it is. */
const BELOW_REACH = 3;

/** `"provider": "acme"` among the lines below a value that are of the same mapping. */
function saidBelow(bytes: Buffer, own: Line): string | undefined {
  const indent = indentOf(own.text);
  const ownKey = KEY.exec(own.text.trim())?.[1];
  let line = lineBelow(bytes, own);
  for (let count = 0; line !== undefined && count < BELOW_REACH && indentOf(line.text) === indent; count++, line = lineBelow(bytes, line)) {
    const [, key = '', value = ''] = KEY.exec(line.text.trim()) ?? [];
    // No line of a mapping, or one of the next.
    if (ownKey === undefined || key === '' || key === ownKey) return undefined;
    if (value !== '' && SAYS_WHOSE.test(key) && !/^name$/i.test(key)) return value;
  }
  return undefined;
}

/** Lines of a chain of calls above a value. */
const CHAIN_REACH = 20;
/** Characters at a line's end that its head is looked for in. */
const CHAIN_HEAD = 240;
const CHAINED = /^\s{0,200}\??\./;
/** `Acme.builder()`, `acme::Client::new(url)` at a line's end. */
const HEAD = /([A-Za-z_][\w.:$]{0,80})(?:\([^()]{0,120}\))?\s{0,8}$/;

/** What a chain of calls begins with of which a line is a part: `Acme.builder` above `.region(…)` and `.apiKey(…)`. */
function chainHead(bytes: Buffer, line: Line): string | undefined {
  let above: Line | undefined = line;
  for (let count = 0; count < CHAIN_REACH && above !== undefined && CHAINED.test(above.text); count++) above = lineAbove(bytes, above);
  // What is still a part of the chain so far above is no head.
  if (above === undefined || above.offset === line.offset || CHAINED.test(above.text)) return undefined;
  return HEAD.exec(above.text.slice(-CHAIN_HEAD))?.[1];
}

/** Lines of a manifest between its name and a value. */
const MANIFEST_REACH = 40;

/** What the manifest is called that a value stands in: `name` below `metadata`. */
function manifestName(bytes: Buffer, span: Span): string | undefined {
  let name: string | undefined;
  let above = readAbove(bytes, lineAround(bytes, span.start, span.start).offset);
  for (let count = 0; above !== undefined && count < MANIFEST_REACH; count++, above = readAbove(bytes, above.offset)) {
    const { says } = above;
    if (says.indent > 0 && says.isOf('name')) name = says.value;
    else if (says.indent === 0 && says.isOf('metadata')) return name === '' ? undefined : name;
  }
  return undefined;
}

/** The command that a text's end is a flag of: `fastly login --api-key=`. */
function commandOf(left: string): string | undefined {
  const words = (left.split(COMMAND_START).at(-1) ?? '').split(/\s/).filter((word) => word !== '' && !BEFORE_COMMAND.has(word));
  const [command = '', ...rest] = words;
  // `aws ssm put-parameter --value …`: there it is kept.
  if (isStoring(words.join(' '))) return undefined;
  return rest.some((word) => word.startsWith('--')) && /^[a-z][\w-]{1,40}$/.test(command) ? command : undefined;
}

/** The keys of the brackets that are still open at the end of a text, the innermost first. */
function openedIn(text: string): string[] {
  const open: number[] = [];
  for (const { 0: bracket, index } of text.matchAll(BRACKETS)) {
    if (CLOSES.has(bracket)) open.pop();
    else open.push(index);
  }
  const keys = open.map((index) => {
    const isCall = text[index] === '(';
    // A call's bracket is what gives it its arguments.
    const key =
      assignedName(text, isCall ? index + 1 : index) ||
      (text[index] === '{' ? (KEYWORD.exec(text.slice(Math.max(0, index - KEYWORD_REACH), index))?.[1] ?? '') : '');
    return isCall && key !== '' ? `${key}(` : key;
  });
  return keys.filter((key) => key !== '').toReversed();
}

/** Characters of a keyword, and those of what a mapping on the line of a value holds before it. */
const KEYWORD_REACH = 64;
const BRACES_REACH = 400;

/** What a mapping that is open at the end of a text holds. */
function inBraces(text: string): string {
  const near = text.slice(-BRACES_REACH);
  const open = near.lastIndexOf('{');
  return open <= near.lastIndexOf('}') ? '' : near.slice(open + 1);
}

/** From the line above a value outwards, up to the header of its section. */
function* linesAbove(bytes: Buffer, span: Span): Generator<Above> {
  const own = lineAround(bytes, span.start, span.start);
  let indent = indentOf(own.text);
  let above = readAbove(bytes, own.offset);
  for (let count = 0; above !== undefined && count < REACH; count++, above = readAbove(bytes, above.offset)) {
    const { says } = above;
    const { header, indent: here } = says;
    if (header !== undefined) {
      yield { kind: 'section', key: header, value: '', indent: 0 };
      return;
    }
    if (here > indent || says.key === '') continue;
    // An item of a list that begins as far out is none of the mapping that the value is in.
    const value = here === indent && says.column > indent ? '' : says.value;
    yield { kind: here < indent && says.column !== indent ? 'parent' : 'sibling', key: says.key, value, indent: here };
    indent = here;
  }
}

/** What a line says by itself. What it names is found out when it is asked for: of most lines only how far in they stand. */
class ReadLine {
  readonly indent: number;
  readonly header: string | undefined;
  readonly #whole: string;
  #named: { readonly key: string; readonly value: string } | undefined;

  constructor(text: string) {
    this.#whole = text;
    this.indent = indentOf(text);
    this.header = text[this.indent] === '[' ? HEADER.exec(text)?.[1] : undefined;
  }

  /** Empty where it names nothing. */
  get key(): string {
    return this.#names().key;
  }

  get value(): string {
    return this.#names().value;
  }

  /** Where its text begins behind what begins an item of a list. */
  get column(): number {
    return this.indent + (LIST_ITEM.exec(this.#whole.slice(this.indent))?.[0].length ?? 0);
  }

  /** Whether it names just this. */
  isOf(key: string): boolean {
    return this.#whole.includes(key) && this.key === key;
  }

  #names(): { readonly key: string; readonly value: string } {
    if (this.#named === undefined) {
      const text = this.header === undefined ? this.#whole.trim() : '';
      const [, told = '', value = ''] =
        DOES.exec(text) ??
        KEY.exec(text) ??
        HEADED.exec(text) ??
        CLASS.exec(text) ??
        FUNCTION.exec(text) ??
        BLOCK.exec(text) ??
        elementIn(text) ??
        [];
      this.#named = { key: told !== '' ? told : (comparedIn(text) ?? ELSE.exec(text)?.[1] ?? openedBy(text)), value: shortened(value) };
    }
    return this.#named;
  }
}

/** Of a line that is an element's first tag what `exec` would give: all of it, and what the element is called or else is. */
function elementIn(text: string): readonly (string | undefined)[] | undefined {
  const element = ELEMENT.exec(text);
  return element === null ? undefined : [text, CALLED_IN_TAG.exec(text)?.[1] ?? element[1]];
}

/** A sentence says what something is about, and by some word or other whose it is: only its first word is taken. */
function shortened(value: string): string {
  const words = value.split(/\s+/);
  return words.length > MOST_WORDS ? (words[0] ?? '') : value;
}

interface PlacedLine {
  readonly offset: number;
  readonly says: ReadLine;
}

/** What lines say, by their texts: the versions of a file have the same ones. */
const read = remembered(2048, (text) => new ReadLine(text));

/** What stands above the lines of the last content, by their offsets: a hundred thousand values may stand below the same lines. */
let readLines: { readonly bytes: Buffer; readonly above: Map<number, PlacedLine | undefined> } | undefined;
const MOST_KEPT = 65_536;

/** Lets the last content go that was read. */
export function forgetReadLines(): void {
  readLines = undefined;
}

function readAbove(bytes: Buffer, offset: number): PlacedLine | undefined {
  if (readLines?.bytes !== bytes || readLines.above.size >= MOST_KEPT) readLines = { bytes, above: new Map() };
  const { above } = readLines;
  if (!above.has(offset)) {
    const next = lineAbove(bytes, { text: '', offset });
    above.set(offset, next && { offset: next.offset, says: read(next.text) });
  }
  return above.get(offset);
}

/** What the line is about that the lines below it stand in. */
function openedBy(text: string): string {
  const [, body, config] = BODY.exec(text) ?? [];
  const called = body ?? config ?? calledAtEnd(text);
  if (called !== undefined) return called;
  return OPENS.test(text) ? assignedName(text, text.length - 1) : '';
}

/** The function whose arguments begin at a text's end. */
function calledAtEnd(text: string): string | undefined {
  const end = text.search(CALLS);
  let from = end;
  while (from > 0 && CALLED.test(text[from - 1] ?? '')) from--;
  return end <= 0 || from === end ? undefined : text.slice(from, end);
}
