/**
 * The name of a value that may stand on another line than the value itself. Most values have theirs before them on their
 * own line; containers, manifests and long expressions put it above, or below.
 */
import { CREDENTIAL_WORDS } from '../rules/names.ts';
import { comparedIn, labelBefore } from './label.ts';
import { indentOf, lineAbove, lineBelow, type Line } from './lines.ts';
import { assignedName, mentions, trailingName } from './surroundings.ts';

/** `value: …`, `"value": "…`, `default = "…`, `android:value="…`: its name is another property of the same thing. */
const LONE_VALUE =
  /^[\s{-]{0,64}["']?(?:[a-z]{1,12}:)?(?:value|default|content|v|parametervalue|defaultvalue|plaintext_value|stringvalue|secret_string)["']?\s{0,24}[:=]\s{0,8}["'`]?(?:(?<=["'`])(?:Bearer|Basic|Token) )?$/i;
const SIBLING_NAME =
  /(?:(?<![\w-])(?:name|key|variable|n|parameterkey|parametername|secret_name)\b["']?\s{0,24}[:=]|\bvariable\s)\s{0,8}["']?([\w./-]{1,120})/i;
/** `"--api-key",` above `default="…"`. */
const FLAG_ABOVE = /^\s{0,64}["']--([A-Za-z][\w-]{1,80})["'],?\s{0,8}$/;
/** How far above its value a name may stand: between them are at most a type, a description and the like. */
export const NAME_LINES = 4;
/** How far below it. */
export const NAME_LINES_BELOW = 1;
/** Where one thing ends and the next begins. */
const EDGE = /^\s{0,64}(?:$|[}\])]|-\s)|[{[]\s{0,16}$|["']?\b(?:parameter)?value["']?\s{0,24}[:=]/i;

/** Nothing but what opens a value. */
const OPENED = /^[\s"'`@([{+-]{0,64}(?:<string>)?$/;
/** `KEY: >-` and `KEY: |`: the value begins below. */
const BLOCK_STYLE = /(?<=[:=]\s{0,4})[|>][+-]?\d?\s{0,16}$/;
/** What begins an item of a list. */
const LIST_ITEM = /^[\s-]{0,64}/;
const PLIST_KEY = /<key>([^<>]{1,120})<\/key>\s{0,16}$/;

/** The name that the value at `column` of a line is given to; empty when there is none. */
export function nameAround(bytes: Buffer, line: Line, column: number): string {
  const left = line.text.slice(0, column);
  if (LONE_VALUE.test(left)) {
    const name = siblingName(bytes, line) || keyAbove(bytes, line) || assignedName(line.text, column);
    return name === 'value' && hasApiKeyAbove(bytes, line) ? 'apikey' : name;
  }
  if (LONE_ELEMENT.test(left)) return elementAbove(bytes, line);
  if (LONE_RETURN.test(left)) return lookedUpAbove(bytes, line) || comparedIn(lineAbove(bytes, line)?.text ?? '') || functionAbove(bytes, line);
  const before = left.includes('default', left.length - DEFAULT_END) ? (pipedName(left) ?? DECLARED.exec(left)?.[1]) : flagBefore(left)?.[1];
  if (before !== undefined) return before;
  return (
    (OPENED.test(left) ? openedAbove(bytes, line, left) || givenByRust(bytes, line) : assignedName(line.text, column)) || (labelBefore(left) ?? '')
  );
}

/** `{{ name | default('`, `{{ .Values.name | default "` */
const PIPED = /(?<![\w.])([\w.]{1,80})\s?\|\s?default(?:\s?\(|\s)["']$/;
/** `NAME: "{{ lookup('env', 'OTHER') | default('` */
const TEMPLATE = /^\s{0,64}(?:-\s)?["']?([A-Za-z_][\w.-]{0,80})["']?\s?[:=]\s?["']?\{\{/;
const PIPED_DEFAULT = /\|\s?default(?:\s?\(|\s)["']$/;

/** What stands before the pipe, or what is given the template's text where that says more of a credential. */
function pipedName(left: string): string | undefined {
  const piped = PIPED.exec(left)?.[1];
  if ((piped !== undefined && namesCredential(piped)) || !PIPED_DEFAULT.test(left)) return piped;
  const given = TEMPLATE.exec(left)?.[1];
  return given !== undefined && namesCredential(given) ? given : piped;
}

/** `NAME: str({ default: '`, `NAME: z.string().min(1).default('` */
const DECLARED = /^\s{0,64}["']?([A-Za-z_]\w{0,80})["']?\s{0,8}[:=]\s?[\w.]{1,40}\((?:[^'"`]{0,120}[\s({.,])?default(?::\s?|\s?=\s?|\()["'`]$/;
/** As many characters, from `default` on, end what either of them fits: most values stand behind nothing of the kind. */
const DEFAULT_END = 11;
/** `put-parameter --name NAME --type SecureString --value "` */
const VALUE_FLAG = /\s--(?:value|secret-string)[ =]["']?$/;
const NAME_FLAG = /\s--name[ =]["']?([\w./-]{1,120})/;

function flagBefore(left: string): RegExpExecArray | null {
  return VALUE_FLAG.test(left) ? NAME_FLAG.exec(left) : null;
}

/** `"apikey": [`, above `{ "key": "value", "value": "…" }` as Postman writes it. */
const API_KEY_ABOVE = /["']?apikey["']?\s?:\s?\[?\s{0,8}$/i;

function hasApiKeyAbove(bytes: Buffer, own: Line): boolean {
  let line = lineAbove(bytes, own);
  for (let count = 0; line !== undefined && count < NAME_LINES; count++) {
    if (API_KEY_ABOVE.test(line.text)) return true;
    line = lineAbove(bytes, line);
  }
  return false;
}

/** `NAME:` or `"NAME": {` further out, above `value: …`. */
const KEY_ABOVE = /^["']?([A-Za-z_][\w.-]{0,80})["']?\s?[:=](?:\s?\{)?$/;

function namesCredential(name: string): boolean {
  return mentions(name, CREDENTIAL_WORDS) !== undefined;
}

function keyAbove(bytes: Buffer, own: Line): string {
  let line = lineAbove(bytes, own);
  for (let count = 0; line !== undefined && count < NAME_LINES; count++) {
    const key = KEY_ABOVE.exec(line.text.trim())?.[1];
    if (key !== undefined && indentOf(line.text) < indentOf(own.text)) return key;
    if (line.text.trim() === '') break;
    line = lineAbove(bytes, line);
  }
  return '';
}

/** `<value>`: its name is the element above, or an attribute of the one around it. */
const LONE_ELEMENT = /^\s{0,64}<(?:value|string|param-value)>\s{0,8}$/i;
const ELEMENT_ABOVE = /<(?:name|key|param-name)>([\w./-]{1,120})<|\s(?:name|key|id)\s?=\s?["']([\w./-]{1,120})["']/i;

function elementAbove(bytes: Buffer, own: Line): string {
  const [, name, attribute] = ELEMENT_ABOVE.exec(lineAbove(bytes, own)?.text ?? '') ?? [];
  return name ?? attribute ?? '';
}

/** `return "VALUE"`, under a look-up that found nothing. */
const LONE_RETURN = /^\s{0,64}return\s{1,4}["'`]$/;
const LOOKED_UP = /(?:env|environ|environment|Variable)(?:\.get)?[[(]["']([\w.-]{1,120})["']/i;

function lookedUpAbove(bytes: Buffer, own: Line): string {
  let line = lineAbove(bytes, own);
  for (let count = 0; line !== undefined && count < NAME_LINES; count++) {
    const name = LOOKED_UP.exec(line.text)?.[1];
    if (name !== undefined) return name;
    line = lineAbove(bytes, line);
  }
  return '';
}

/** `if (x) {` opens what a condition holds for. */
const STATEMENT = /^\s{0,64}(?:\}\s?)?(?:if|else|elif|for|foreach|while|switch|when|catch|with|return)\b/;
/** A bracket, or what a function is said to be for. */
const BEFORE_BODY = /^(?:\{$|\/\/|#|"{3})/;
const OPENS_BODY = /[{:]$/;
const MAX_PARAMETERS = 120;
const MAX_RESULT = 60;

/** The function whose body begins with a line: whatever it gives has its name. */
function functionAbove(bytes: Buffer, own: Line): string {
  let line = lineAbove(bytes, own);
  const before = line?.text.trim() ?? '';
  const isBody = BEFORE_BODY.test(before);
  if (line !== undefined && isBody) line = lineAbove(bytes, line);
  if (line === undefined || STATEMENT.test(line.text)) return '';
  const text = line.text.trimEnd();
  return (isBody && before === '{') || OPENS_BODY.test(text) ? definedIn(text) : '';
}

/** `fn acme_key() -> &'static str {` gives what stands below it. */
function givenByRust(bytes: Buffer, own: Line): string {
  return RUST_FUNCTION.test(lineAbove(bytes, own)?.text ?? '') ? functionAbove(bytes, own) : '';
}

const RUST_FUNCTION = /^\s{0,64}(?:pub(?:\(crate\))? )?(?:const )?fn /;

/** `String acmeKey() {`, `def acme_key():`, `const getKey = async () => {`, and `var acmeKey: String {` */
function definedIn(text: string): string {
  const close = text.lastIndexOf(')');
  if (close < 0) return PROPERTY.exec(text)?.[1] ?? '';
  let open = text.lastIndexOf('(', close);
  // `Key() (string, error) {` of Go.
  if (text.endsWith(') ', open)) open = text.lastIndexOf('(', open - 1);
  if (open < 0 || close - open > MAX_PARAMETERS || text.length - close > MAX_RESULT) return '';
  let end = open;
  while (end > 0 && text[end - 1] === ' ') end--;
  if (text.startsWith('async', end - 5)) end -= 5;
  return trailingName(text.slice(0, end).replace(GIVES, ''));
}

const PROPERTY = /\b(?:var|val|get)\s([A-Za-z_]\w{0,80})\s?(?::\s?\w{1,24}\??\s?)?\{$/;
/** `NAME = `, of a function without one. */
const GIVES = / ?= ?$/;

/** `resource "type" "NAME" {`, `new Parameter("NAME", {`: what a block with a value in it is called. */
const BLOCK_NAME = /["']([\w./-]{1,120})["'],?\s{0,4}\{\s{0,8}$/;

/** `name: NAME` above `value: …`, also further up or below, as long as both belong to one thing; or what the block is called that they stand in. */
function siblingName(bytes: Buffer, own: Line): string {
  let found = '';
  let block: string | undefined;
  let line = lineAbove(bytes, own);
  for (let count = 0; line !== undefined && count < NAME_LINES; count++) {
    block = BLOCK_NAME.exec(line.text)?.[1];
    // `name = "/prod/acme"` says less than the block's name may: `acme_api_key`.
    if (block !== undefined && namesCredential(block)) return block;
    if (found === '' && block === undefined) found = SIBLING_NAME.exec(line.text)?.[1] ?? FLAG_ABOVE.exec(line.text)?.[1] ?? '';
    if (namesCredential(found)) return found;
    if (EDGE.test(line.text)) break;
    line = lineAbove(bytes, line);
  }
  if (found !== '') return found;
  const below = lineBelow(bytes, own);
  const name = below === undefined || EDGE.test(below.text) ? undefined : SIBLING_NAME.exec(below.text)?.[1];
  return name ?? block ?? '';
}

/** `NAME =` and the value on the next line, also folded, in brackets, or the next argument of a call. */
function openedAbove(bytes: Buffer, own: Line, left: string): string {
  const above = lineAbove(bytes, own);
  if (above === undefined) return '';
  const key = PLIST_KEY.exec(above.text)?.[1];
  if (key !== undefined) return key;
  const opening = `${above.text.replace(BLOCK_STYLE, '').trimEnd()} ${left.replace(LIST_ITEM, '')}`;
  return assignedName(opening, opening.length);
}
