/** Adds items to a list, one by one: V8 takes about 120,000 arguments, so that `list.push(...items)` throws where there are more. */
export function append<Item>(list: Item[], items: Iterable<Item>): void {
  for (const item of items) list.push(item);
}
