/**
 * How an ignore or baseline entry knows a secret again without holding anything that it can be guessed from. A strong
 * secret (a random key that a provider made) is known by a keyed hash, wherever it moves. A weak one (a password, a
 * value that a person may have chosen) is known by its place alone.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { genericKind, type Rule } from '../model/rule.ts';
import type { Secret } from '../model/secret.ts';

const LEAST_LENGTH = 20;
const LEAST_DIFFERENT = 10;
/** Bits of Shannon entropy over the whole random part. */
const LEAST_BITS = 80;
/** `salt.tag`, both hexadecimal. */
export const SEAL = /^([0-9a-f]{16})\.([0-9a-f]{24})$/;

/** 64 random bits, so that the same secret looks different in two repositories. */
export function newSalt(): string {
  return randomBytes(8).toString('hex');
}

/** Whether guessing the value is out of reach for everybody, so that a hash of it tells nothing. */
export function isStrong(rule: Rule, secret: Secret): boolean {
  if (rule.kind === 'password' || !isMadeByMachine(rule, secret.reveal())) return false;
  const body = secret.reveal().slice(secret.publicPrefix.length);
  if (body.length < LEAST_LENGTH) return false;
  const counts = new Map<string, number>();
  for (const character of body) counts.set(character, (counts.get(character) ?? 0) + 1);
  if (counts.size < LEAST_DIFFERENT) return false;
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / body.length);
  return bits >= LEAST_BITS;
}

const LONG_HEX = /^[0-9a-f]{32,}$/i;

/** Values that no person chooses: by the kind of their rule, or since hexadecimal digits make no words. */
function isMadeByMachine(rule: Rule, text: string): boolean {
  switch (rule.matcher.kind) {
    case 'token':
    case 'member':
    case 'block':
      return true;
    case 'pattern':
      // Those of users are not known well enough.
      return rule.linear !== true && (genericKind(rule.matcher) === undefined || LONG_HEX.test(text));
    case 'context':
    case 'credential':
    case 'assignment':
    case 'whole':
      return LONG_HEX.test(text);
    case 'uri':
    case 'file':
    case 'usage':
    case 'finding':
      return false;
  }
}

/** The keyed hash of a strong secret. The rule is left out, so that a better rule for the same value changes nothing. */
export function sealOf(secret: Secret, salt: string): string {
  const tag = createHmac('sha256', `keysift seal 1 ${salt}`).update(secret.reveal(), 'latin1').digest('hex').slice(0, 24);
  return `${salt}.${tag}`;
}
