/** For a hook or a merge gate: what is added, not what was there already. */
import { readSmall } from '../git/object-stream.ts';
import type { Repository } from '../git/repository.ts';
import type { Sighting } from '../model/finding.ts';
import type { Origin } from '../model/origin.ts';
import type { Found } from './collector.ts';
import type { Inspector } from './inspector.ts';

const ZERO = /^0+$/;

/**
 * Leaves out secrets that were there before. `before` names the blobs that a content replaces; a secret counts as new
 * when some content holds it and a version that this one replaces did not. All places of a new secret are kept.
 */
export async function withoutKnown(
  repository: Repository,
  inspector: Inspector,
  found: readonly Found[],
  before: (origin: Origin) => readonly string[],
): Promise<Found[]> {
  const wanted = new Set(found.flatMap(({ origin }) => before(origin)).filter((id) => !ZERO.test(id)));
  const held = new Map<string, Set<string>>();
  for (const [id, bytes] of await readSmall(repository, [...wanted])) {
    held.set(id, new Set(inspector.inspect(bytes).map(identityOf)));
  }
  const fresh = new Set<string>();
  for (const { origin, sighting } of found) {
    const secret = identityOf(sighting);
    const replaced = before(origin);
    if (replaced.length === 0 || !replaced.every((id) => held.get(id)?.has(secret) === true)) fresh.add(secret);
  }
  return found.filter(({ sighting }) => fresh.has(identityOf(sighting)));
}

/** A secret is its text; what holds none is a check and what it is about. */
function identityOf({ rule, name, secret }: Sighting): string {
  return secret.reveal() || `${rule.id}\0${name}`;
}
