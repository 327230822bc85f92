/** What to do, as numbered lines. */
import type { FindingV1 } from './json-v1.ts';
import { safeText } from './safe-text.ts';

/** The same for findings of one rule that want the same done: what to do is said once for them. */
export function remedyKey({ ruleId, remedy }: FindingV1): string {
  return `${ruleId}\0${JSON.stringify(remedy)}`;
}

export function remedyLines({ kind, remedy }: FindingV1): string[] {
  return [
    `${kind === 'check' ? 'Do' : 'Revoke'}: ${safeText(remedy.revoke)}`,
    ...remedy.steps.map((step, index) => `${index + 1}. ${safeText(step)}`),
  ];
}
