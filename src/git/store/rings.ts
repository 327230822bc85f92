/** Deltas whose bases form a ring, and deltas of those. git follows such a ring for ever, so it is not asked for any of them. */
import type { ObjectStore } from './object-store.ts';

/** Numbers of all objects of which some copy is such a delta; other copies may be sound. */
export function ringMembers(store: ObjectStore): Set<number> {
  const members = new Set<number>();
  for (const number of store.packs.keys()) {
    const { positions, broken, first, next } = store.blobPlan(number);
    const waiting = broken.filter(({ fault }) => fault === 'delta-cycle').map(({ place }) => place);
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      members.add(store.catalogue.packed(number, positions[place]!));
      for (let child = first[place]!; child >= 0; child = next[child]!) waiting.push(child);
    }
  }
  return members;
}
