/** Why an object of the database could not be looked at, in the codes of the report. */
import type { Failure } from '../git/object-stream.ts';
import type { NotScanned } from '../model/not-scanned.ts';

export function absentReason(failure: Failure, partial = false): Pick<NotScanned, 'reason' | 'detail'> {
  switch (failure.kind) {
    case 'missing':
      return partial
        ? { reason: 'PROMISOR', detail: 'a partial clone left it at the remote; fetch it or clone without --filter' }
        : { reason: 'OBJECT-MISSING', detail: 'missing or corrupt in the object database; try git fsck' };
    case 'failed':
      return { reason: 'OBJECT-CORRUPT', detail: failure.detail };
    case 'killed':
      return { reason: 'GIT-KILLED', detail: failure.detail };
  }
}
