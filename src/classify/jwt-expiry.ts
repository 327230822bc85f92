/** When a JSON Web Token expires, by its own claims. Nothing is verified: the signing key is not known here. */

/** Milliseconds beyond which a JavaScript date is none. */
const MAX_TIME = 8.64e15;

/** `never` when its claims name no expiry; undefined when they cannot be read. */
export function jwtExpiry(token: string): Date | 'never' | undefined {
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof claims !== 'object' || claims === null) return undefined;
  const { exp } = claims as { exp?: unknown };
  if (exp === undefined) return 'never';
  return typeof exp === 'number' && Math.abs(exp * 1000) <= MAX_TIME ? new Date(exp * 1000) : undefined;
}
