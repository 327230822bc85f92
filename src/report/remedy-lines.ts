/** What to do, as numbered lines. */
import type { FindingV1 } from './json-v1.ts';
import { safeText } from './safe-text.ts';

export function remedyLines({ kind, remedy }: FindingV1): string[] {
  return [
    `${kind === 'check' ? 'Do' : 'Revoke'}: ${safeText(remedy.revoke)}`,
    ...remedy.steps.map((step, index) => `${index + 1}. ${safeText(step)}`),
  ];
}
