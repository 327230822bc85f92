/** Deltas whose bases form a ring, and deltas of those. git follows such a ring for ever, so it is not asked for any of them. */
import type { ObjectStore } from './object-store.ts';

/** Numbers of all objects of which some copy is such a delta; other copies may be sound. */
export function ringMembers(store: ObjectStore): Set<number> {
  const members = new Set<number>();
  for (const [number, { table }] of store.packs.entries()) {
    const { broken, first, next } = store.plan(number);
    const waiting = broken.filter(({ fault }) => fault === 'delta-cycle').map(({ rank }) => rank);
    for (let rank = waiting.pop(); rank !== undefined; rank = waiting.pop()) {
      members.add(store.catalogue.packed(number, table.positions[rank]!));
      for (let child = first[rank]!; child >= 0; child = next[child]!) waiting.push(child);
    }
  }
  return members;
}
