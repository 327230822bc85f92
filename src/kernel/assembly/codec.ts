// The inner loops of reading a pack, as one module; and in memories of their own the graph of a history, and its blobs with the lines that are known.
export { give, need, room, take } from './arena';
export { setCopies } from './blobs';
export { applyDelta, copyRuns, gatherLines } from './delta';
export { keepAll, noteTypes, setTotal } from './history';
export { inflate } from './inflate';
export { countAbove, leadTo, noteAbove } from './leads';
export { keep, learn, linesRoom, siftGiven, skipCount, throughSize, throughStart } from './lines';
export { dropHeld, heldLength, heldStart, link, setLinks, takeHeld, tellTexts } from './links';
export { changedCommits, countChildren } from './log-order';
export { addIds, addIndex, endIds, setObjects } from './object-numbers';
export { beginWalk, nextUntold, setPack, walkFamilies, walkFamily } from './object-families';
export { expect } from './pack-input';
export { planPack, readHeaders } from './plan';
export { rankOffsets } from './ranks';
export { reachAll } from './reach';
export { setTrees, wholeTree, dropTree } from './tree-records';
