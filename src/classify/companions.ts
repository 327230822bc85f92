/**
 * The public half of a pair: a key's id, an account, a client. It is no secret, but tells what the secret opens, so a
 * secret with its other half beside it can be used at once.
 */
import type { Span } from '../model/origin.ts';
import type { Rule } from '../model/rule.ts';

interface Companion {
  readonly what: string;
  readonly pattern: RegExp;
  /** Rules of its secrets: a provider has keys that belong to no such half. */
  readonly of: RegExp;
}

/** By provider. None of the patterns looks further than one word, or a name and its value. */
const COMPANIONS: Readonly<Record<string, readonly Companion[]>> = {
  'Amazon Web Services': [
    { what: 'access key id', pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g, of: /-secret-access-key$|-session-token$/ },
  ],
  Twilio: [
    { what: 'account SID', pattern: /(?<![A-Za-z0-9])AC[0-9a-f]{32}(?![A-Za-z0-9])/g, of: /-auth-token$|-api-key-secret$/ },
    { what: 'API key SID', pattern: /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/g, of: /-api-key-secret$/ },
  ],
  Google: [{ what: 'client id', pattern: /\.apps\.googleusercontent\.com/g, of: /-client-secret(?:-legacy)?$/ }],
  GitHub: [{ what: 'client id', pattern: /(?<![A-Za-z0-9])(?:Iv1\.[0-9a-f]{16}|Iv23[A-Za-z0-9]{16})(?![A-Za-z0-9])/g, of: /-client-secret$/ }],
  Algolia: [{ what: 'application id', pattern: /app(?:lication)?_?id["']?[ \t]{0,4}[:=][ \t]{0,4}["']?[A-Z0-9]{10}(?![A-Za-z0-9])/gi, of: /./ }],
  'Microsoft Azure': [
    { what: 'client id', pattern: /client_?id["']?[ \t]{0,4}[:=][ \t]{0,4}["']?[0-9a-f]{8}-[0-9a-f]{4}-/gi, of: /-client-secret(?:-former)?$/ },
  ],
};
/** Lines on either side of a secret on which its other half is looked for, and the bytes that they may have. */
export const LINES = 8;
export const REACH = 2048;

/** What of its pair stands near a secret, in words; nothing of the text itself. */
export function companionsOf(rule: Rule, bytes: Buffer, span: Span): string[] {
  if (rule.kind === 'check' || rule.halfOf !== undefined) return [];
  const companions = (COMPANIONS[rule.provider] ?? []).filter(({ of }) => of.test(rule.id));
  if (companions.length === 0) return [];
  const before = bytes
    .toString('latin1', Math.max(0, span.start - REACH), span.start)
    .split('\n')
    .slice(-LINES - 1)
    .join('\n');
  const after = bytes
    .toString('latin1', span.end, span.end + REACH)
    .split('\n')
    .slice(0, LINES + 1)
    .join('\n');
  return companions.flatMap(({ what, pattern }) => {
    const above = Array.from(before.matchAll(pattern)).at(-1);
    const below = Array.from(after.matchAll(pattern))[0];
    const linesAbove = above === undefined ? Number.POSITIVE_INFINITY : lineFeeds(before.slice(above.index));
    const linesBelow = below === undefined ? Number.POSITIVE_INFINITY : lineFeeds(after.slice(0, below.index));
    const lines = Math.min(linesAbove, linesBelow);
    if (lines === Number.POSITIVE_INFINITY) return [];
    const where = lines === 0 ? 'on the same line' : `${lines} line${lines === 1 ? '' : 's'} ${linesAbove <= linesBelow ? 'above' : 'below'}`;
    return [`its ${what} stands ${where}`];
  });
}

function lineFeeds(text: string): number {
  return text.split('\n').length - 1;
}
