/** What stands around one value on its own lines, for the checks that qualify a finding. */
import { looksUp } from '../detect/environment.ts';
import { lineAround } from '../detect/lines.ts';
import { chosenBefore, mentions } from '../detect/surroundings.ts';
import type { Circumstances } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';
import { remembered } from '../model/remembered.ts';
import type { Rule } from '../model/rule.ts';
import { entryAt, isDotenv, parseDotenv, type DotenvEntry, type DotenvFile } from './dotenv.ts';
import { SIGNS_REACH, signsIn } from './exposure.ts';
import { environmentAround } from './sections.ts';
import type { Surroundings } from './surroundings.ts';

/** A variable of the environment: `process.env.NAME`, `ENV["NAME"]`, `os.Getenv("NAME")`, `environment["NAME"]`. */
const LOOKED_UP = /((?:process\.env|import\.meta\.env|Bun\.env)\.\w{1,80}|[\w$.:]{0,60}[[(]["'][\w.:-]{1,80}["'][\])])[!)\s]{0,8}$/;
/** What leads from a look-up to the value that stands in for it. */
const INSTEAD =
  /(?:\|\|=?|\?\?=?|\?:|\bor\b|\.(?:unwrap_or|unwrap_or_else|or_else|orElse|orElseGet|getOrElse)\((?:\|\w{0,10}\|)?|\{|:)\s{0,8}["'`]?$/;
/** The look-up whose own argument the value is, and `${NAME:-VALUE}`. */
const FALLBACKS: readonly RegExp[] = [/([\w$.:]{0,60}\(["'][\w.:-]{1,80}["']), ?(?:default ?[=:] ?)?["']$/, /(\$\{[A-Za-z_]\w{0,80}):?[-=]["']?$/];
/** `const { NAME = 'VALUE' } = process.env` */
const TAKEN_APART = /^["'`][^{}]{0,120}\}\s{0,4}=\s{0,4}(process\.env|import\.meta\.env)\b/;
/** Characters before a value that are looked at for what leads to it. */
const NEAR = 220;
/** Not the registry that a line of `.npmrc` is for (`//registry.npmjs.org/:_authToken=`), nor the times of a line of a crontab. */
const COMMENT_LINE =
  /^\s{0,200}(?:\/\/(?!\S{1,200}\/:_)|\/\*|\*(?![*/])(?!\s{1,8}(?:[\d*,/-]{1,20}\s{1,8}){4})|<!--|#(?!define|include|if|\{|!)|--\s|;\s|REM\s)/;
const INLINE_COMMENT = /(?:\s\/\/|\s#|\/\*)\s[^"'`]{0,200}$/;
const URL_PARAMETER = /[?&](token|api_?key|key|access_?token|auth|auth_?token|secret)=$/i;
/** `https://user:` before a password, `https://` before a key as the user. */
const USER_INFO = /https?:\/\/(?:[^\s/:@"'`]{0,80}:)?$/i;
/** Hosts that only one mode of a provider's keys fits. */
const HOSTS_BY_MODE: Readonly<Record<string, { readonly sandbox: RegExp; readonly live: RegExp }>> = {
  Scribeberry: { sandbox: /(?<![\w-])sandbox\.api\.scribeberry\.com/i, live: /(?<![\w.-])api\.scribeberry\.com/i },
};
const ENCRYPTED = /^(?:encrypted:|ENC\[)/;

/** One content: its signs and its variables, found out once however many values stand in it. */
export class ContentFacts {
  readonly #bytes: Buffer;
  readonly #surroundings: Surroundings;
  #signs: Pick<Circumstances, 'browser' | 'server'> | undefined;
  #dotenv: DotenvFile | false | undefined;
  #encrypted: boolean | undefined;

  constructor(bytes: Buffer, surroundings: Surroundings) {
    this.#bytes = bytes;
    this.#surroundings = surroundings;
  }

  /** The assignment of a dotenv file that a value stands in; undefined in any other text. */
  entry(span: Span): DotenvEntry | undefined {
    this.#dotenv ??= this.#readDotenv() ?? false;
    return this.#dotenv === false ? undefined : entryAt(this.#dotenv, span);
  }

  /** The whole file, if its first lines are assignments: most contents are told by their first few kilobytes. */
  #readDotenv(): DotenvFile | undefined {
    const start = this.#bytes.toString('latin1', 0, DOTENV_SAMPLE);
    if (!beginsDotenv(start)) return undefined;
    const file = this.#bytes.length <= DOTENV_SAMPLE ? start : this.#bytes.toString('latin1', 0, MAX_DOTENV);
    const parsed = parseDotenv(file);
    return isDotenv(parsed) ? parsed : undefined;
  }

  /** Whether some of the same dotenv file's values are encrypted. */
  #isEncrypted(): boolean {
    this.#encrypted ??= this.#dotenv !== undefined && this.#dotenv !== false && this.#dotenv.entries.some(({ value }) => ENCRYPTED.test(value));
    return this.#encrypted;
  }

  /** @param span of the value, in the content */
  circumstances(rule: Rule, name: string, span: Span): Circumstances {
    this.#signs ??= signsIn(this.#bytes.toString('latin1', 0, SIGNS_REACH));
    const environment = environmentAround(this.#bytes, span);
    const marks = this.#marks(rule, name, span);
    return { marks: Object.keys(marks).length === 0 ? NO_MARKS : marks, ...this.#signs, ...(environment === 'unknown' ? {} : { environment }) };
  }

  #marks(rule: Rule, name: string, span: Span): Record<string, string> {
    const marks: Record<string, string> = {};
    const line = lineAround(this.#bytes, span.start, span.end);
    const column = span.start - line.offset;
    const before = line.text.slice(0, column);
    const near = before.slice(-NEAR);
    const after = line.text.slice(column + span.end - span.start).slice(0, NEAR);
    const fallback = fallbackOf(near, after);
    if (fallback !== undefined) marks['hardcoded-fallback'] = `the value that \`${closed(fallback)}\` falls back to`;
    const entry = this.entry(span);
    if (entry?.commented === true || (entry === undefined && (COMMENT_LINE.test(before) || INLINE_COMMENT.test(near))))
      marks['key-in-comment'] = 'written in a comment';
    const parameter = URL_PARAMETER.exec(before)?.[1];
    if (parameter !== undefined) marks['key-in-url'] = `the parameter \`${parameter}\` of a URL`;
    else if (USER_INFO.test(before) && /^:?[^\s/"'`]{0,80}@/.test(after)) marks['key-in-url'] = 'the user or password of a URL';
    if (
      this.#bytes.toString('latin1', span.start, span.start + 3) === 'sk_' &&
      mentions(`${name} ${near} ${after}`, ['assemblyai', 'aai']) !== undefined
    ) {
      marks['wrong-shape'] = 'begins with `sk_` and is given to AssemblyAI, whose keys are 32 hex digits without a prefix';
    }
    if (entry !== undefined && !entry.commented && this.#isEncrypted())
      marks['env-plain-in-encrypted'] = `\`${entry.name}\` is plain, though other values of the file are encrypted`;
    this.#hostMarks(rule, marks);
    return marks;
  }

  #hostMarks(rule: Rule, marks: Record<string, string>): void {
    const byMode = HOSTS_BY_MODE[rule.provider];
    const text = byMode === undefined && rule.attribute === undefined ? '' : this.#surroundings.lowerText();
    if (byMode !== undefined && (rule.kind === 'secret' || rule.kind === 'test')) {
      const [sandbox, live] = [byMode.sandbox.test(text), byMode.live.test(text)];
      if (rule.kind === 'secret' && sandbox && !live) marks['mode-host-mismatch'] = 'a live key beside the host of the sandbox';
      if (rule.kind === 'test' && live && !sandbox) marks['mode-host-mismatch'] = 'a sandbox key beside the host of production';
    }
    const plain = rule.attribute === undefined ? undefined : this.#surroundings.plainHost(rule.attribute);
    if (plain !== undefined) marks['plain-http'] = `\`${plain}\` in the same file`;
  }
}

/** One for most of very many values. */
const NO_MARKS: Readonly<Record<string, string>> = {};

/** Bytes by which a content is taken for a dotenv file or not. */
const DOTENV_SAMPLE = 2048;
/** Most versions of a file begin alike. */
const beginsDotenv = remembered(64, (start) => isDotenv(parseDotenv(start)));
/** Bytes of a dotenv file that are parsed; nobody writes a longer one by hand. */
const MAX_DOTENV = 1_048_576;

/** What is looked up before a value is taken instead, by the text on both sides of the value. */
function fallbackOf(before: string, after: string): string | undefined {
  const instead = INSTEAD.exec(before);
  const asked = instead === null ? chosenBefore(before) : before.slice(0, instead.index);
  // `NAME ? NAME : "…"`, and no property behind a look-up.
  const isChoice = instead?.[0].startsWith(':') !== true || asked?.includes('?') === true;
  const lookedUp = asked === undefined || !isChoice ? undefined : LOOKED_UP.exec(asked)?.[1];
  const found = lookedUp ?? FALLBACKS.map((regex) => regex.exec(before)?.[1]).find((other) => other !== undefined);
  if (found === undefined) return TAKEN_APART.exec(after)?.[1];
  const bracket = found.search(/[[(]/);
  return bracket >= 0 && !looksUp(found.slice(0, bracket)) ? undefined : found;
}

function closed(lookup: string): string {
  if (lookup.startsWith('${')) return `${lookup}}`;
  return lookup.includes('(') && !lookup.endsWith(')') ? `${lookup})` : lookup;
}
