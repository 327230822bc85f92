// The inner loops of reading a pack, as one module; and the graph of a history, in a memory of its own.
export { room, take, give } from './arena';
export { applyDelta, gatherLines } from './delta';
export { noteTypes, setTotal } from './history';
export { inflate } from './inflate';
export { leadTo } from './leads';
export { link, setLinks, tellTexts } from './links';
export { addIndex, setObjects } from './object-numbers';
export { beginWalk, nextUntold, setPack, walkFamilies } from './object-families';
export { planPack } from './plan';
export { reachAll } from './reach';
export { setTrees, wholeTree, dropTree } from './tree-records';
