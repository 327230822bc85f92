/**
 * A rule says what a leaked thing is, as data. This is the compiled form: what the build writes into `rules.jsonl`,
 * plain JSON without functions, so that loading it costs a parse and nothing more.
 */
import type { Confidence, Severity } from './severity.ts';
import type { State } from './state.ts';

export const RULE_KINDS = ['secret', 'publishable', 'temporary', 'test', 'password', 'private-key', 'webhook', 'check'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/**
 * What a verdict may depend on. `line`: the bytes of one line. `near`: a value and an anchor within some lines of it.
 * `block`: from a begin marker to its end. `file`: the path as well, so it is judged once paths are known.
 */
export type Scope = 'line' | 'near' | 'block' | 'file';

/**
 * One form of a token, found at `literal` and then matched by `pattern` from its start.
 * `pattern` is a regular expression source over a latin1 view; it is bounded and holds its own boundaries.
 */
export interface TokenForm {
  /** As written in the rule; the prefilter folds ASCII case, `pattern` decides about it. */
  readonly literal: string;
  /** How many bytes of the token may stand before the literal. */
  readonly before: { readonly min: number; readonly max: number };
  /** Upper bound of the whole token's length in bytes. */
  readonly maxLength: number;
  readonly pattern: string;
  /** Class of bytes that may not stand before the token; empty for any. */
  readonly left: string;
  /** At least this many bytes of this class follow the literal at once; a cheap check before any regex. */
  readonly run: { readonly class: string; readonly min: number } | undefined;
  /**
   * Where what stands before the literal varies in length: the pattern from the literal on, which looks behind for the
   * rest and captures it. Trying every start would cost the product of the lengths.
   */
  readonly anchored?: string;
  /** More than this many bytes of the run's class in a row after the literal: there is no token. Only where that saves work. */
  readonly longestRun?: number;
  /** The token takes such a run to its end, and what fails then fails for each literal within the run. */
  readonly wholeRun?: true;
  /** It begins with words for keys (`sk_`, `key_`) and goes on without any structure, so anybody may draw the same. */
  readonly plain?: true;
}

/** The shape of a value without a marker of its own. */
export interface ValueShape {
  /** Regular expression source of the value, with boundaries. */
  readonly pattern: string;
  readonly maxLength: number;
  readonly alphabet: string;
  /** Each value is at least so many bytes of this class in a row; where that is said, there are no more than `max` in all around it. */
  readonly run: { readonly class: string; readonly min: number; readonly max?: number };
  /** As the rule gives them, `32` or `20-40`; absent where it draws its values. */
  readonly lengths?: string;
}

/** Where a key must not go: a log, an error's text, a URL, a variable that builds copy into what browsers load. */
export const USAGE_SINKS = ['log', 'error', 'url', 'public', 'header', 'object', 'bundle'] as const;
export type UsageSink = (typeof USAGE_SINKS)[number];

export type Matcher =
  | {
      readonly kind: 'token';
      readonly forms: readonly TokenForm[];
      readonly ignoreCase: boolean;
      /** Many providers draw keys of this shape, so that whatever names one of them is surer. */
      readonly shared?: true;
    }
  | {
      /** A value that only means something beside a name, header or host of its provider. */
      readonly kind: 'context';
      /** Words of a variable, property or header name, without separators, lower case. */
      readonly names: readonly string[];
      /** Literals near by, at most `within` lines away. */
      readonly near: readonly string[];
      readonly within: number;
      /** With an anchor near by, the value's own name must say "credential" in one of these words. */
      readonly credentialWords?: readonly string[];
      /** Regular expression source of the public half of a pair, right behind which a value is its secret half. */
      readonly beside?: string;
      readonly value: ValueShape;
    }
  | {
      readonly kind: 'block';
      readonly begin: readonly string[];
      /** Regular expression source from the begin marker to the end of the block. */
      readonly pattern: string;
      readonly maxLength: number;
    }
  | { readonly kind: 'uri'; readonly schemes: readonly string[] }
  | {
      /** `NAME = value`, whatever the provider. */
      readonly kind: 'assignment';
      readonly words: readonly string[];
      readonly value: ValueShape;
    }
  | {
      /** `NAME = value` in any language, where name and value themselves say that it is one. */
      readonly kind: 'credential';
      readonly words: readonly string[];
      /** What a value is given to whose name stands elsewhere, also on another line: `value`. */
      readonly values: readonly string[];
      readonly as: 'secret' | 'password';
    }
  | {
      /** A file that should not be here, judged by path and by what its lines assign. */
      readonly kind: 'file';
      readonly words: readonly string[];
      readonly value: ValueShape;
    }
  | {
      /** The whole content is the value, but for blanks around it: files that hold one key and nothing else. */
      readonly kind: 'whole';
      readonly value: ValueShape;
    }
  | {
      /** A key-named identifier in the wrong place: what is wrong is the code, no secret stands there. */
      readonly kind: 'usage';
      readonly sink: UsageSink;
      /** Parts of the identifiers to look at, lower case. */
      readonly words: readonly string[];
      /** One of these hosts must be named in the same content; any content when empty. */
      readonly hosts: readonly string[];
    }
  | {
      /** Judged on findings, by the observer of the rule's id in `classify/checks.ts`; matches no text. */
      readonly kind: 'finding';
      /** For observers that count: days, bytes; see there. */
      readonly days?: number;
    }
  | {
      /** The escape hatch: a free regular expression around a literal, its group 1 is the secret. */
      readonly kind: 'pattern';
      readonly literals: readonly string[];
      readonly pattern: string;
      readonly flags: string;
      readonly maxLength: number;
      /** Bytes of a match that may stand before the literal. */
      readonly before: number;
      /** Group 1 is the name of a column instead, in the header of a table in CSV: the secrets are below it, one a row. */
      readonly rows?: true;
      /** Group 1 opens the list of columns of a statement that inserts rows: the secrets are in those whose names mean what `as` says. */
      readonly columns?: true;
      /** Group 1 belongs to a name whose line ends behind an operator: so many strings may follow, each in a line of its own, and are the secrets. */
      readonly items?: number;
      /** Regular expression source, looked for right behind a match and behind itself: group 1 is one more secret. */
      readonly further?: string;
      /** Of nobody in particular, so that name and value are judged as those of a `credential`. */
      readonly as?: 'secret' | 'password';
      /** A match holds the value's name, which has to mean what `as` says. */
      readonly named?: true;
    }
  | {
      /** One provider of a family whose keys look alike: the family's rule matches, this one claims. */
      readonly kind: 'member';
      readonly of: string;
      /** What follows the prefix. `exact` shapes decide without any context. */
      readonly bodies: readonly { readonly pattern: string; readonly exact: boolean }[];
      /** The body may hold `_` and `-`: only believed with context. */
      readonly wide: boolean;
    };

/** What near a key says whose it is. All lower case. */
export interface Attribution {
  /** Whole words of identifiers, without separators: `assemblyai` fits `assembly_ai` and `AssemblyAI`. */
  readonly names: readonly string[];
  /** Those of `names` that are words of a language too: in running text, `the clerk enters it`, they are nobody's. */
  readonly words: readonly string[];
  readonly hosts: readonly string[];
  /** Package names as imported; a trailing `*` stands for the rest. */
  readonly packages: readonly string[];
  readonly headers: readonly string[];
}

export interface Revocation {
  readonly where: string;
  readonly steps: readonly string[];
}

export interface Examples {
  readonly match: readonly Example[];
  readonly ignore: readonly Example[];
}

/** Text with `{{generators}}` and, in match examples, `[|the secret|]`. */
export interface Example {
  readonly text: string;
  /** For rules that look at paths. */
  readonly file?: string | undefined;
  /** Other files beside it, for checks that compare: path → text. */
  readonly also?: Readonly<Record<string, string>> | undefined;
  /** For checks about time and history: how long ago the secret came, and where it is now. */
  readonly days?: number | undefined;
  readonly state?: State | undefined;
}

export interface PathCondition {
  readonly only: readonly string[];
  readonly not: readonly string[];
}

export interface Rule {
  readonly id: string;
  readonly provider: string;
  readonly title: string;
  readonly kind: RuleKind;
  readonly severity: Severity;
  /** The configuration gave it: where a finding is changes nothing about it. */
  readonly severityIsFinal?: true;
  readonly confidence: Confidence;
  readonly description: string;
  readonly scope: Scope;
  readonly matcher: Matcher;
  /** Lower-case literals, at least three bytes each; the rule is only looked at where one of them occurs. */
  readonly literals: readonly string[];
  /** The shape alone is enough, so the rule also speaks on commit messages, author fields and ref names. */
  readonly selfIdentifying: boolean;
  /** Name of an algorithm in `rules/checksums.ts`. */
  readonly checksum?: string;
  /** Shannon entropy in bits per character that the body must have. */
  readonly minEntropy?: number;
  readonly attribute?: Attribution;
  readonly paths?: PathCondition;
  /** Its value is the public half of a pair: the rules of the secrets that it may belong to. */
  readonly halfOf?: readonly string[];
  readonly revoke?: Revocation;
  /** Days after which its provider, or its owner's rules, want a key replaced. */
  readonly rotateAfter?: number;
  /** Days after which it has expired for certain. */
  readonly expiresAfter?: number;
  /** Its framework writes one into new projects, for development and tests. */
  readonly frameworkDefault?: true;
  readonly references: readonly string[];
  /** From a user's file: its free regular expressions run in linear time, see `rules/regex-safety.ts`. */
  readonly linear?: true;
}

/** All rules of a run, in a fixed order. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** SHA-256 of published sample keys, each with the words to say about it. */
  readonly samples: Readonly<Record<string, string>>;
  /** `sha256:…` over the compiled rules. */
  readonly digest: string;
  /** For each rule, the place among the built-in ones of the one that it is, whatever it says of a finding. Left out where one is none of them. */
  readonly builtin?: readonly number[];
}

/** The provider of rules about shapes that several share, where nothing says whose a key is. */
export const UNATTRIBUTED = 'unattributed';

/** What a value is taken for that only its name makes a credential, whatever rule finds it; undefined of rules that know more. */
export function genericKind(matcher: Matcher): 'secret' | 'password' | undefined {
  return matcher.kind === 'credential' || matcher.kind === 'pattern' ? matcher.as : undefined;
}

/** Whether a rule knows a shape that many providers use, and nothing that says whose a value of it is. */
export function isSharedShape({ matcher }: Rule): boolean {
  return matcher.kind === 'token' && matcher.shared === true;
}

/** A check that holds no secret: what it matches is code or a name, not a value. */
export function isTextCheck(rule: Rule): boolean {
  // What a user's pattern matches is unknown, so it is treated as a secret.
  return rule.kind === 'check' && (rule.matcher.kind === 'usage' || (rule.matcher.kind === 'pattern' && rule.linear !== true));
}
