// The inner loops of reading a pack, as one module.
export { applyDelta, gatherLines } from './delta';
export { inflate } from './inflate';
export { nameCount, nameSize, readEntries, setIndex, setNames } from './trees';
