/**
 * What tells that a content holds encoded text. The prefilter looks for these beside the literals of the rules; runs of
 * base64 and hex digits it finds by themselves (`Prefilter.findEncoded`).
 */
import type { Check } from '../../kernel/tables.ts';
import { bitmapOf } from '../../rules/alphabet.ts';

/**
 * `percent`, `backslash`, `entity`: a sign is written as several. `login`: a short base64 of a user and a password.
 * `joined`: a text goes on in the next string of its line. `split`: a key begins at a string's start, and may go on in another string. `command`: base64 of UTF-16, as PowerShell takes a command. `manifest`: the values of a Kubernetes Secret are base64. `notebook`: code as strings of JSON. `run`: base64 or hex.
 */
export type MarkKind = 'percent' | 'backslash' | 'entity' | 'login' | 'joined' | 'split' | 'command' | 'manifest' | 'notebook' | 'run';

interface Mark extends Omit<Check, 'exact'> {
  readonly means: MarkKind;
}

const HEX = bitmapOf('0-9A-Fa-f');
/** What ends a code that begins with 7: `7f` is a control character, as tables of programs are full of. */
const HEX_OF_7 = bitmapOf('0-9A-Ea-e');
const DIGIT_OR_X = bitmapOf('0-9Xx');
const WORD = bitmapOf('0-9A-Za-z_-');
const BASE64 = bitmapOf('0-9A-Za-z+/=');
/** A line must mean the same wherever it stands, so its start is no sign. */
const NO_BASE64 = BASE64.map((bit, byte) => (byte === 0x0a ? 0 : 1 - bit));
const NO_WORD = WORD.map((bit, byte) => (byte === 0x0a ? 0 : 1 - bit));
/** Between two strings of a line that are put together, in most languages; shorter parts of a key are rare, and `"a" + "b"` is none. */
const JOINTS = ['" + "', "' + '", '"+"', "'+'", '" . "', "' . '", "'.'", '" .. "', "' .. '", '" & "', "' || '", '" <> "', '" "', "' '"];
const SHORTEST_PART = 8;
/** A line's end that is an escape, before a text without a gap, makes another word of it. */
const LONG_WORD = 16;

const mark = (means: MarkKind, literal: string, more: Partial<Check> = {}): Mark => ({
  means,
  literal,
  kind: 'token',
  before: undefined,
  run: undefined,
  ...more,
});

/** The first digits of the codes of signs, digits and letters. */
const HIGH_DIGITS = ['2', '3', '4', '5', '6', '7'];

export const MARKS: readonly Mark[] = [
  ...HIGH_DIGITS.flatMap((digit) => {
    const run = { bytes: digit === '7' ? HEX_OF_7 : HEX, min: 1 };
    return [mark('percent', `%${digit}`, { run }), ...['\\u00', '\\x'].map((start) => mark('backslash', start + digit, { run }))];
  }),
  ...['\\n', '\\r', '\\t'].map((literal) => mark('backslash', literal, { run: { bytes: WORD, min: LONG_WORD } })),
  mark('backslash', ':\\/\\/', { kind: 'user-info' }),
  mark('backslash', '\\/', { before: NO_BASE64, run: { bytes: BASE64, min: 8 } }),
  mark('entity', '&#', { run: { bytes: DIGIT_OR_X, min: 1 } }),
  ...['&quot;', '&apos;', '&amp;', '&equals;', '&colon;', '&sol;', '&lowbar;', '&commat;', '&dash;', '&plus;'].map((literal) =>
    mark('entity', literal),
  ),
  mark('login', 'basic ', { run: { bytes: BASE64, min: 8 } }),
  mark('login', '"auth"', { kind: 'assignment' }),
  mark('login', '_auth', { kind: 'assignment' }),
  mark('login', ':_password', { kind: 'assignment' }),
  ...JOINTS.map((literal) => mark('joined', literal, { before: NO_WORD, run: { bytes: WORD, min: SHORTEST_PART } })),
  ...['-enc ', '-encodedcommand ', '-encodedcommand "', "-encodedcommand '"].map((literal) =>
    mark('command', literal, { run: { bytes: BASE64, min: 40 } }),
  ),
  ...['kind: secret', '"kind": "secret"', '"kind":"secret"'].map((literal) => mark('manifest', literal)),
  mark('notebook', '"cell_type"'),
];

/** Whether a line with it may mean something else where other lines stand around it. */
export function looksFurther(means: MarkKind): boolean {
  return means === 'run' || means === 'manifest' || means === 'notebook' || means === 'split';
}
