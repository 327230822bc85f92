/** Which expressions of code name a key, all of one, and not something about it. */
import { remembered } from '../model/remembered.ts';
import { describes, wordsOf } from './surroundings.ts';

/** Words of names that mean something short-lived, or another thing than a key of an account. */
const SHORT_LIVED = new Set([
  'temp',
  'temporary',
  'session',
  'access',
  'jwt',
  'id',
  'short',
  'realtime',
  'ephemeral',
  'user',
  'client',
  'public',
  'publishable',
]);

export function isPermanentKey(expression: string): boolean {
  const name =
    expression
      .replace(/["'\]!?]/g, '')
      .split(/[^\w]/)
      .at(-1) ?? '';
  const words = wordsOf(name);
  if (describes(name) || words.some((word) => SHORT_LIVED.has(word))) return false;
  const last = words.at(-1) ?? '';
  return (
    isKeyName(name) || last === 'key' || last === 'secret' || (/\.env\b/.test(expression) && last !== 'token' && words.length > 0 && last !== 'env')
  );
}

/** Names of an environment: upper case. */
const CONSTANT = /^[A-Z][A-Z0-9_]{2,80}$/;
/** Joined words of a provider's own key, where `key` or `token` alone would mean many things. */
const PROVIDERS_KEY =
  '(?:assemblyai|scriptix|zoommedia|scribeberry)(?:key|token)|(?:openai|anthropic|stripe)key|(?:github|gitlab|npm|slack|bot)token';
const KEY_TAIL = new RegExp(
  `(?:api(?:key|token|secret)|(?:secret|access)key|(?:client|app|consumer|webhook|signing|jwt|oauth)secret|${PROVIDERS_KEY})$`,
);
const CONSTANT_TAIL = new RegExp(`(?:apikey|apitoken|secret|secretkey|authtoken|accesstoken|${PROVIDERS_KEY})$`);
/** All of the environment at once. */
const WHOLE_ENVIRONMENT =
  /(?:^|[.:])(?:process\.env|import\.meta\.env|os\.environ(?:\.(?:items|copy)\(\))?|os\.Environ\(\)|System\.getenv\(\)|\$_ENV|ENV\.(?:to_h|to_hash|inspect)|GetEnvironmentVariables\(\)|env::vars\(\)|Deno\.env\.toObject\(\))$/;
/** First words that turn a key's name into something about it. */
const ABOUT = new Set([
  'is',
  'has',
  'env',
  'err',
  'no',
  'missing',
  'invalid',
  'masked',
  'redacted',
  'hashed',
  'encrypted',
  'public',
  'publishable',
  'safe',
  'hidden',
  'requires',
  'needs',
  'use',
  'show',
  'num',
  'expired',
]);

/** `ParameterNames.CLIENT_SECRET`: what something is called. */
const NAMES_OF = /(?:Name|Param|Parameter|Header|Field|Constant|Claim|Key|Code)s(?:\.|::)[A-Z][A-Z0-9_]{2,64}$/;

/** Whether the last part of a path names a key itself. All of the environment does too. */
export const isKeyName = remembered(2048, (expression) => {
  if (WHOLE_ENVIRONMENT.test(expression)) return true;
  const name = expression.split(/[^\w]/).at(-1) ?? '';
  if (describes(name) || name.length > 64 || NAMES_OF.test(expression)) return false;
  const words = wordsOf(name);
  if (words.length === 0 || ABOUT.has(words[0] ?? '')) return false;
  const joined = words.join('');
  return CONSTANT.test(name) && words.length > 1 ? CONSTANT_TAIL.test(joined) : KEY_TAIL.test(joined);
});
