/**
 * A key-named identifier in the wrong place: as a whole argument of a logging call, in an error's text, in a URL. What
 * only names or tests a key (`"API_KEY is not set"`, `!!apiKey`, `apiKey.length`) is none. Two sinks look further than
 * a line: an object that holds a key and is logged later, and the settings of a build.
 */
import type { Span } from '../model/origin.ts';
import type { UsageSink } from '../model/rule.ts';
import { bitmapOf } from '../rules/alphabet.ts';
import { openersBefore } from './brackets.ts';
import { latin1, LF, LINE_REACH, lineAround } from './lines.ts';
import type { CompiledRule, Report } from './compiled-rule.ts';
import { namesPublicSecret, namesSecret, publicPrefix } from './public-prefix.ts';
import { expressionAt, framesAt, NAME_REACH, standsAlone, WORD_AFTER, type Expression } from './usage-line.ts';
import { isKeyName, isPermanentKey } from './usage-names.ts';

/** The identifier as written, with the path before it, and where it stands in the line. */
export interface Usage extends Span {
  readonly expression: string;
  /** What it is given to: the name of a call, or of a parameter of a URL. */
  readonly into: string;
}

/** Calls that only dress up what they are given. */
const TRANSPARENT =
  /^$|(?:^|\.)(?:JSON\.stringify|json\.dumps|Object\.(?:entries|values|assign)|String|str|repr|dict|list|format|inspect|pformat|sprintf|Sprintf|to_string|format!)$/;

const LOG = new RegExp(
  [
    String.raw`(?:^|\.)console\.(?:log|error|warn|info|debug|trace|dir|table)$`,
    String.raw`(?:^|\.|_|::|->|\$|get)(?:[lL]ogg?(?:er|ing)?|LOG(?:GER)?|winston|pino)(?:\.|::|->)(?:log|trace|debug|info|warn|warning|error|fatal|critical|exception|[vdiwe]|(?:Print|Debug|Info|Warn|Error|Fatal)(?:f|ln|w)?|Log(?:Debug|Information|Warning|Error))$`,
    String.raw`^(?:print|println|printf|puts|pp|pprint|pprint\.pprint|NSLog|var_dump|print_r|error_log|dump|(?:e?println|e?print|dbg)!)$`,
    String.raw`^fmt\.Print(?:f|ln)?$|^System\.(?:out|err)\.print(?:ln|f)?$|^Console\.Write(?:Line)?$|^Debug\.(?:WriteLine|Print|Log)$`,
  ].join('|'),
);
const ERROR =
  /(?:^|\.|::)(?:(?!(?:[sS]et|[iI]s|[hH]as|[oO]n|[hH]andle|[cC]heck|[wW]rap|[pP]arse|[gG]et|[iI]gnore|[rR]eport)[A-Z_])\w{0,60}(?:Error|Exception)|errors\.New|Errorf|panic!?|captureException|captureMessage|setExtra|set_extra)$/;
const RESPONSE = /^(?:res|response|reply|ctx|c)\.(?:[\w.]{1,60}\.)?(?:json|send|JSON|String)$/;
/** Statements without brackets: shells, Ruby, older Python. */
const BARE_LOG = /^\s*(?:<\?php\s+|then\s+|else\s+|do\s+)?(echo|print|puts|printf|p)\s+["'$A-Za-z]/;
const BARE_ERROR = /^\s*(raise)\s+["A-Z]/;
const PARAMETER = '(?:token|api_?key|key|access_?token|auth(?:orization)?|auth_?token)';
const URL_BEFORE = new RegExp(
  String.raw`[?&](${PARAMETER})=(?:["'\x60]\s{0,4}\+\s{0,4}|\$\{|#\{|\{|\$|%s["']\s{0,4}%\s{0,4}\(?|\{\}["']\.format\()?$`,
  'i',
);
const URL_FORMAT = new RegExp(`[?&](${PARAMETER})=%[sv]`, 'i');
const URL_SETTER = /(?:searchParams|[pP]arams|[qQ]uery|URLSearchParams)\.(?:set|append|Set|Add)$/;
const FIRST_ARGUMENT = new RegExp(String.raw`^\s{0,8}["'\x60](${PARAMETER})["'\x60]\s{0,8},\s{0,8}$`, 'i');
const ENCODER = /(?:^|\.)(?:urlencode|URLSearchParams|stringify)$/;
const ENCODED = new RegExp(String.raw`["'\x60]?(${PARAMETER})["'\x60]?\s{0,8}:\s{0,8}$`, 'i');

/**
 * A rule about usage, at one of its words.
 * @returns whether more than the word's line decides: else the line alone says that nothing is found. Where nothing is, the
 *   bytes that decide it, whatever lies beyond them
 */
export function matchUsage(compiled: CompiledRule, bytes: Buffer, at: Span, report: Report): boolean | Span {
  const { matcher } = compiled.rule;
  if (matcher.kind !== 'usage') return false;
  const looksOn = (matcher.sink === 'object' && mayBeGiven(bytes, at)) || (matcher.sink === 'bundle' && variableAt(bytes, at) !== undefined);
  if (!looksOn && looksFurther(matcher.sink)) return false;
  reached.start = Math.max(0, at.start - LINE_REACH - 1);
  reached.end = Math.min(bytes.length, at.end + NAME_REACH);
  const usage = usageOf(matcher.sink, bytes, at);
  if (usage === undefined) return looksOn && { ...reached };
  report({
    rule: compiled.rule,
    start: usage.start,
    end: usage.end,
    prefixLength: 0,
    evidence: [usageInWords(matcher.sink, usage)],
    name: usage.expression,
  });
  return looksOn;
}

/** Whether what stands on other lines decides as well. */
export function looksFurther(sink: UsageSink): boolean {
  return sink === 'object' || sink === 'bundle';
}

/** How far the last sink that looks further than a line has looked. */
const reached = { start: 0, end: 0 };

/** The usage of the word at `at`, with offsets in the content. */
export function usageOf(sink: UsageSink, bytes: Buffer, at: Span): Usage | undefined {
  switch (sink) {
    case 'object':
      return beginsInReach(bytes, at.start) ? loggedObject(bytes, at) : undefined;
    case 'bundle':
      return bundledVariable(bytes, at);
    case 'public':
      return beginsWord(bytes, at.start) ? onItsLine(bytes, at, publicVariable) : undefined;
    case 'header':
      return onItsLine(bytes, at, headerValue);
    case 'log':
    case 'error':
    case 'url':
      return goesOn(bytes, at.end) || !beginsInReach(bytes, at.start)
        ? undefined
        : onItsLine(bytes, at, (line, start, end) => sinkAt(line, start, end, sink));
  }
}

/** What rules of several sinks ask about one place: its line, and the key's name as a whole argument, false for none. */
let looked:
  | { readonly bytes: Buffer; readonly at: Span; readonly line: { text: string; offset: number }; whole: Expression | false | undefined }
  | undefined;

function onItsLine(bytes: Buffer, at: Span, ask: (line: string, start: number, end: number) => Usage | undefined): Usage | undefined {
  if (looked?.bytes !== bytes || looked.at.start !== at.start || looked.at.end !== at.end) {
    looked = { bytes, at, line: lineAround(bytes, at.start, at.end), whole: undefined };
  }
  const { text, offset } = looked.line;
  const usage = ask(text, at.start - offset, at.end - offset);
  return usage === undefined ? undefined : { ...usage, start: offset + usage.start, end: offset + usage.end };
}

function sinkAt(line: string, start: number, end: number, sink: LineSink): Usage | undefined {
  if (looked === undefined || !mayHold(line, sink)) return undefined;
  return goesInto(line, (looked.whole ??= wholeAt(line, start, end) ?? false), sink);
}

function usageInWords(sink: UsageSink, { expression, into }: Usage): string {
  switch (sink) {
    case 'public':
      return `\`${expression}\``;
    case 'header':
      return `\`${expression}\` is sent as \`${into}\``;
    case 'bundle':
      return `\`${expression}\` stands in \`${into}\`, which the build copies into the bundle`;
    case 'log':
    case 'error':
    case 'url':
    case 'object':
      return `\`${expression}\` goes into \`${into}\``;
  }
}

/** Whether a part of a public prefix is in upper case and near the start of its word: `NEXT` `_PUBLIC_`. */
function beginsWord(bytes: Buffer, start: number): boolean {
  const letter = bytes[start + 1] ?? 0;
  if (letter < 0x41 || letter > 0x5a) return false;
  let at = start;
  while (at > 0 && start - at < PREFIX_REACH && WORD[bytes[at - 1] ?? 0] === 1) at--;
  return start - at < PREFIX_REACH;
}

/** Without its start a line cannot be read: bundles of one line are left out, where nobody would mend it anyway. */
function beginsInReach(bytes: Buffer, start: number): boolean {
  const from = start - LINE_REACH;
  return from <= 0 || bytes.subarray(from - 1, start).lastIndexOf(LF) >= 0;
}

/** What may follow a name only where it is not a whole argument. */
const GOES_ON = bitmapOf(':(?|&>[*/@{-');
const WORD = bitmapOf('0-9A-Za-z_$');
const [BLANK, TAB, DOT, EQUALS, LESS, CLOSE] = [0x20, 0x09, 0x2e, 0x3d, 0x3c, 0x7d];
/** No prefix has as much before the part that is looked for. */
const PREFIX_REACH = 16;
/** A key's name ends soon after the word that makes it one: `_secret` `_key`. */
const TAIL_REACH = 16;
/** Rules of several sinks ask about the same place, one after the other. */
const NOTHING = Buffer.alloc(0);
const asked: { bytes: Buffer; end: number; answer: boolean } = { bytes: NOTHING, end: -1, answer: false };

/** Lets the last content go that was asked about. */
export function forgetAsked(): void {
  asked.bytes = NOTHING;
  judgedMentions = undefined;
  looked = undefined;
}

/**
 * Whether what follows a name makes it something else than a whole argument: `apiKey: …`, `apiKey = …`, `apiKey.length`,
 * `process.env.X`. Asked of the bytes, since most names in code are such.
 */
function goesOn(bytes: Buffer, end: number): boolean {
  if (asked.bytes === bytes && asked.end === end) return asked.answer;
  let at = end;
  const last = Math.min(bytes.length, end + TAIL_REACH);
  while (at < last && WORD[bytes[at] ?? 0] === 1) at++;
  const longer = at === end + TAIL_REACH;
  while (at < last && (bytes[at] === BLANK || bytes[at] === TAB)) at++;
  const next = bytes[at] ?? 0;
  asked.bytes = bytes;
  asked.end = end;
  asked.answer =
    longer ||
    GOES_ON[next] === 1 ||
    (next === EQUALS && bytes[at + 1] !== CLOSE) ||
    (next === LESS && bytes[at + 1] !== LESS) ||
    (next === DOT && bytes[at + 1] !== BLANK);
  return asked.answer;
}

/** Sinks that an expression of one line goes into. */
type LineSink = 'log' | 'error' | 'url';

/** A key's name that stands as a whole argument, interpolation or part of a sum. */
function wholeAt(line: string, start: number, end: number): Expression | undefined {
  const frames = framesAt(line, start);
  if (frames === undefined) return undefined;
  const found = expressionAt(line, start, end, frames);
  return found !== undefined && isKeyName(found.expression) && standsAlone(line, found) ? found : undefined;
}

function goesInto(line: string, found: Expression | false, sink: LineSink): Usage | undefined {
  if (found === false) return undefined;
  const into = sink === 'url' ? parameterFor(line, found) : calledWith(line, found, sink);
  return into === undefined ? undefined : { expression: found.expression, start: found.start, end: found.end, into };
}

/** A variable that every browser gets, whose name says that a secret is in it; wherever it stands. */
function publicVariable(line: string, start: number, end: number): Usage | undefined {
  let from = start;
  while (from > 0 && start - from < NAME_REACH && /\w/.test(line[from - 1] ?? '')) from--;
  const to = end + (WORD_AFTER.exec(line.slice(end, end + 101))?.[0].length ?? 0);
  const expression = line.slice(from, to);
  return namesPublicSecret(expression) ? { expression, start: from, end: to, into: publicPrefix(expression) ?? '' } : undefined;
}

/** From a header's name to what is sent: `: key`, `', key`, `'] = key`, also behind `Bearer `. */
const SENT =
  /^["'`\]]{0,2}\s{0,8}(?:=>|[:,=])\s{0,8}(?:`(?:\w{1,12} )?\$\{|["'](?:\w{1,12} )?["']\s{0,4}\+\s{0,4})?([\w$.!?]{1,120}(?:\[["']\w{1,80}["']\])?)/;
/** What a header of a request is given, where its name says that it is a permanent key. */
function headerValue(line: string, start: number, end: number): Usage | undefined {
  const found = SENT.exec(line.slice(end, end + NAME_REACH));
  const expression = found?.[1] ?? '';
  // Nothing is sent by a comment.
  if (!isPermanentKey(expression) || framesAt(line, start) === undefined) return undefined;
  const from = end + (found?.[0].length ?? 0) - expression.length;
  return { expression, start: from, end: from + expression.length, into: line.slice(start, end) };
}

/** How far behind an object its name is looked for in calls. */
const OBJECT_REACH = 4096;
/** How many mentions of an object are looked at: one that is logged is logged soon. */
const MOST_MENTIONS = 16;
/** A property that is given something, or stands for a variable of its own name. */
const GIVEN =
  /^["'`\]]{0,2}\s{0,8}(?:(?::(?!:)|=>|=(?![=>]))\s{0,8}(?!["'][^"'\n]{0,15}["']|(?:null|undefined|None|nil|true|false|string|String|str|z|t|Joi)\b)[^\s,}]|[,}])/;
const HEADER_NAME = /^(?:authorization|x-zoom-s2t-key|x-api-key)$/i;
/** `headers = `, `const config: Config = `, `h := map[string]string` */
const HOLDER =
  /(?:^|[\s;({,])([A-Za-z_$][\w$]{0,60})(?:\s?:\s?[\w<>,.[\] |]{1,60})?\s{0,4}:?=\s{0,8}(?:[\w.[\]*]{0,60}|(?:dict|OrderedDict|Object\.freeze|Object\.assign|new Headers)\()$/;
/** An object inside another one. */
const NESTED = /["'\w]\s{0,4}(?::|=>)\s{0,4}$/;

/** What `GIVEN` takes before it looks at what is given. */
const BEFORE_GIVEN = /^["'`\]]{0,2}\s{0,8}(?:(?:=>|[:=])\s{0,8})?$/;

/** Whether the word at `at` is a key's property that is given something, or may be where another line follows. */
function mayBeGiven(bytes: Buffer, at: Span): boolean {
  const after = latin1(bytes, at.end, at.end + NAME_REACH);
  const rest = WORD_AFTER.exec(after)?.[0] ?? '';
  const [line = ''] = after.slice(rest.length).split('\n', 1);
  if (!GIVEN.test(line) && !BEFORE_GIVEN.test(line)) return false;
  const property = propertyAt(bytes, at, rest);
  return HEADER_NAME.test(property) || isKeyName(property);
}

function propertyAt(bytes: Buffer, at: Span, rest: string): string {
  const left = latin1(bytes, at.start - NAME_REACH, at.start);
  return `${left.slice(propertyStart(left))}${latin1(bytes, at.start, at.end)}${rest}`;
}

/** An object that is given a key, at the key's property, and goes into a log some lines below. */
function loggedObject(bytes: Buffer, at: Span): Usage | undefined {
  const after = latin1(bytes, at.end, at.end + NAME_REACH);
  const rest = WORD_AFTER.exec(after)?.[0] ?? '';
  if (!GIVEN.test(after.slice(rest.length))) return undefined;
  const property = propertyAt(bytes, at, rest);
  if (!HEADER_NAME.test(property) && !isKeyName(property)) return undefined;
  const holder = holderOf(bytes, at.start);
  return holder === undefined ? undefined : loggedBelow(bytes, at.end, holder, property);
}

/** How far before a place its open brackets are looked for. */
const BRACKETS_REACH = 2048;

function propertyStart(text: string): number {
  let at = text.length;
  while (at > 0 && text.length - at < NAME_REACH && /[\w-]/.test(text[at - 1] ?? '')) at--;
  return at;
}

/** The variable that the object is given to which is open at an offset. */
function holderOf(bytes: Buffer, offset: number): string | undefined {
  const from = Math.max(0, offset - BRACKETS_REACH);
  for (const { text, start } of openersBefore(latin1(bytes, from, offset))) {
    const holder = HOLDER.exec(text.trimEnd())?.[1];
    if (holder === undefined && NESTED.test(text)) continue;
    reached.start = Math.min(reached.start, from + start);
    return holder;
  }
  reached.start = Math.min(reached.start, from);
  return undefined;
}

/** The first logging call below `from` that is given the whole of `name`. */
function loggedBelow(bytes: Buffer, from: number, name: string, property: string): Usage | undefined {
  const text = latin1(bytes, from, from + OBJECT_REACH);
  reached.end = Math.min(bytes.length, from + OBJECT_REACH + NAME_REACH + LINE_REACH);
  if (judgedMentions?.bytes !== bytes) judgedMentions = { bytes, known: new Map() };
  const { known } = judgedMentions;
  let mentions = 0;
  for (let at = text.indexOf(name); at >= 0 && mentions < MOST_MENTIONS; at = text.indexOf(name, at + name.length)) {
    if (/[\w$]/.test(text[at - 1] ?? ' ') || /[\w$]/.test(text[at + name.length] ?? ' ')) continue;
    mentions++;
    const place = from + at;
    if (!known.has(place)) known.set(place, mentionAt(bytes, place, name));
    const mention = known.get(place);
    if (mention === 'another') return undefined;
    if (mention !== undefined) return { ...mention, expression: `${mention.expression}.${property}` };
  }
  return undefined;
}

/** What is known of the variables at some places of the last content: many objects may ask about the same. */
let judgedMentions: { readonly bytes: Buffer; readonly known: Map<number, Usage | 'another' | undefined> } | undefined;

/** The logging call that the variable at `at` is given to; `another` where another object gets its name. */
function mentionAt(bytes: Buffer, at: number, name: string): Usage | 'another' | undefined {
  if (!beginsInReach(bytes, at)) return undefined;
  const line = lineAround(bytes, at, at + name.length);
  const start = at - line.offset;
  const [before, after] = [line.text.slice(0, start), line.text.slice(start + name.length)];
  if (/^\s{0,200}(?:(?:const|let|var)\s{1,4})?$/.test(before) && /^\s{0,8}(?::=|=(?!=))/.test(after)) return 'another';
  if (!mayHold(line.text, 'log')) return undefined;
  const frames = framesAt(line.text, start);
  const found = frames === undefined ? undefined : expressionAt(line.text, start, start + name.length, frames);
  if (found === undefined || found.end > start + name.length || !standsAlone(line.text, found)) return undefined;
  const into = calledWith(line.text, found, 'log');
  return into === undefined ? undefined : { expression: found.expression, start: line.offset + found.start, end: line.offset + found.end, into };
}

/** Settings whose values builds put in the place of names, whatever their variables are called. */
const BUNDLED = /(DefinePlugin)\($|\b(publicRuntimeConfig|define|public|env)\s{0,4}[:=]\s{0,4}$/;

/** The variable of the environment behind `process.env`, where its name says that it is a secret. */
function variableAt(bytes: Buffer, at: Span): string | undefined {
  const name = /^\.([A-Z][A-Z0-9_]{2,80})/.exec(latin1(bytes, at.end, at.end + NAME_REACH))?.[1];
  return name !== undefined && namesSecret(name) ? name : undefined;
}

/** A variable of the environment that names a secret, within settings that a build copies into what browsers load. */
function bundledVariable(bytes: Buffer, at: Span): Usage | undefined {
  const name = variableAt(bytes, at);
  if (name === undefined) return undefined;
  const from = Math.max(0, at.start - BRACKETS_REACH);
  reached.start = Math.min(reached.start, from);
  const openers = [...openersBefore(latin1(bytes, from, at.start))].map(({ text }) => text);
  for (const [index, opener] of openers.entries()) {
    const [, call, setting] = BUNDLED.exec(opener) ?? [];
    const into = call ?? setting;
    if (into === undefined) continue;
    const outer = openers[index + 1] ?? '';
    // `env` of a test runner or of a web server stands inside their own settings.
    if (into === 'env' && NESTED.test(outer) && !/\bbuild\s{0,4}:\s{0,4}$/.test(outer)) return undefined;
    return { expression: `process.env.${name}`, start: at.start, end: at.end + 1 + name.length, into };
  }
  return undefined;
}

/** Words without which a line holds no sink: most lines with a key's name end here. */
const HINTS: Readonly<Record<LineSink, RegExp>> = {
  log: /[lL]og|LOG|print|Print|echo|puts|console|pp |p |Write|dump|dbg|pino|winston/,
  error: /Error|Exception|raise|panic|capture|Extra|extra|errors\.|\.(?:json|send|JSON|String)\(/,
  url: /[?&](?:token|api_?key|key|access_?token|auth)|set\(|append\(|Set\(|Add\(|urlencode|URLSearchParams|stringify/i,
};

function mayHold(line: string, sink: LineSink): boolean {
  return HINTS[sink].test(line);
}

/** `must provide %s`, `${x} is required`: what is missing cannot be told, so it is the name of a key. */
const MISSES =
  /\b(?:must provide|please (?:set|provide)|missing|required:?)\s{1,3}["'`]?(?:%[sqv]|\$?\{|#\{)|(?:%[sqv]|\})["'`]?\s{1,3}(?:(?:is|are|was|must be)\s{1,3})?(?:required|missing|not (?:set|defined|configured|provided))\b/i;

/** The call that an expression is an argument of, through what only dresses it up. */
function calledWith(line: string, { expression, frames }: Expression, sink: 'log' | 'error'): string | undefined {
  for (const frame of frames.toReversed()) {
    if (frame.opener !== '(') continue;
    const { callee } = frame;
    if (TRANSPARENT.test(callee)) continue;
    if (sink === 'log') return LOG.test(callee) ? callee : undefined;
    if (ERROR.test(callee)) return LOG.test(callee) || MISSES.test(line) ? undefined : callee;
    return RESPONSE.test(callee) && /\benv\b|ENV|environ/.test(expression) ? callee : undefined;
  }
  if (sink === 'error') return frames.some(({ opener }) => opener === 'interpolation') ? BARE_ERROR.exec(line)?.[1] : undefined;
  const bare = BARE_LOG.exec(line)?.[1];
  // A pipe or a file takes it, `echo "$TOKEN" | docker login`, perhaps on the line to which this one is continued.
  if (bare === undefined || /[|>]|<<|add-mask|\\\s?$/.test(line)) return undefined;
  return bare === 'echo' || bare === 'printf'
    ? expression.startsWith('$') || frames.some(({ opener, callee }) => opener === 'interpolation' || callee === '$')
      ? bare
      : undefined
    : bare;
}

/** The parameter of a URL that an expression becomes. */
function parameterFor(line: string, { start, frames }: Expression): string | undefined {
  const before = line.slice(Math.max(0, start - NAME_REACH), start);
  const direct = URL_BEFORE.exec(before)?.[1];
  if (direct !== undefined) return direct;
  const call = frames.findLast(({ opener }) => opener === '(');
  if (call === undefined) return undefined;
  const given = line.slice(call.start, start);
  if (URL_SETTER.test(call.callee)) return FIRST_ARGUMENT.exec(given)?.[1];
  if (ENCODER.test(call.callee)) return ENCODED.exec(given)?.[1];
  return /(?:^|\.)[sS]printf$|^format!?$/.test(call.callee) ? URL_FORMAT.exec(given)?.[1] : undefined;
}
