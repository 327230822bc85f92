/** Findings as people name them: by the id that a report shows, or its first characters. */
import { UserError } from '../model/errors.ts';

interface Identified {
  readonly id: string;
  /** Ids that it had in other places. */
  readonly otherIds?: readonly string[];
}

const SHORTEST_ID = 6;
const SHOWN = 5;

/** Throws a `UserError` where there is none, or more than one. */
export function findById<Found extends Identified>(given: string, findings: readonly Found[], where: string): Found {
  const wanted = given.toLowerCase();
  const byId = findings.filter(({ id }) => id === wanted);
  const byStart = wanted.length >= SHORTEST_ID ? findings.filter(({ id }) => id.startsWith(wanted)) : [];
  const byOther = findings.filter(({ otherIds = [] }) => otherIds.includes(wanted));
  for (const found of [byId, byStart, byOther]) {
    if (found.length > 1) {
      const ids = found.slice(0, SHOWN).map(({ id }) => id);
      throw new UserError(`${found.length} findings begin with ${given}`, `Write one out: ${ids.join(', ')}.`);
    }
    if (found[0] !== undefined) return found[0];
  }
  throw new UserError(`there is no finding "${given.slice(0, 80)}" ${where}`, 'keysift shows the ids of all findings.');
}
