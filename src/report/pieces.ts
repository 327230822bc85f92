/** Reports in pieces: what is made of a hundred thousand findings is never there as one text. */

/** What each item gives, when it is asked for. */
export function* each<Item, Made>(items: Iterable<Item>, make: (item: Item) => Made): Generator<Made> {
  for (const item of items) yield make(item);
}

/** Characters of a text that is worth a call of the system. */
const BLOCK = 262_144;

/** The same text in fewer pieces. */
export function* inBlocks(pieces: Iterable<string>): Generator<string> {
  let block = '';
  for (const piece of pieces) {
    block += piece;
    if (block.length < BLOCK) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}
