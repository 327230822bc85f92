/** What can be wrong with stored objects and their files. Readers inside `store/` throw these; they never leave the folder. */

/** Why an object could not be read. */
export type Fault =
  /** The file could not be read at this place, or ends before it. */
  | 'unreadable'
  /** No object header that git would write. */
  | 'bad-header'
  /** The compressed bytes are damaged or cut short. */
  | 'bad-compression'
  /** The content is not of the size that its header says. */
  | 'wrong-size'
  /** The delta's instructions do not fit its base or its result. */
  | 'bad-delta'
  /** Asked for with `verify`: the content is not what its id says. */
  | 'wrong-hash'
  | 'missing-base'
  /** Its bases form a ring, or lead into one. */
  | 'delta-cycle'
  /** The object's own bytes may be sound, but the base that it needs could not be read. */
  | 'base-failed';

/** Why a file of the store could not be taken as it is. */
export type FileFault =
  | 'unreadable'
  /** The index says impossible things; none of the pack's objects were seen. */
  | 'bad-index'
  /** The index does not have its own checksum: ids may be wrong and objects may be missing. Its objects were read. */
  | 'index-checksum'
  /** No pack header that is known; none of the pack's objects were seen. */
  | 'bad-pack'
  /** Pack and index are not of the same objects, or the pack is cut short. What the index names was read. */
  | 'pack-mismatch'
  /** An index or an alternate is there, but not what it points to. */
  | 'missing';

/** An object that cannot be read. */
export class Damaged extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault);
    this.fault = fault;
  }
}

/** A file in which no object can be found. */
export class BadFile extends Error {
  readonly fault: FileFault;

  constructor(fault: FileFault) {
    super(fault);
    this.fault = fault;
  }
}
