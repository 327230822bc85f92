/** What a rule finds does not depend on where its literals stand, nor on the order in which the prefilter tells of them. */
import { describe, expect, test } from 'vitest';
import { CompiledRule } from '../../src/detect/compiled-rule.ts';
import { matchPattern } from '../../src/detect/matchers.ts';
import type { Span } from '../../src/model/origin.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { plant } from '../support/secrets.ts';

const rule = builtinRules().rules.find(({ id }) => id === 'aspnet-machine-key')!;
const { text: line, secrets } = plant('<machineKey validationKey="[|{{hexupper:128}}|]" decryptionKey="[|{{hexupper:64}}|]" />', 'two on a line');
const spans = secrets.map((secret) => ({ start: line.indexOf(secret), end: line.indexOf(secret) + secret.length }));
const LITERALS = ['validationKey="', 'decryptionKey="'];

describe('two matches of a free pattern on one line', () => {
  test.each([['ascending', LITERALS] as const, ['descending', LITERALS.toReversed()] as const])('%s', (_order, literals) => {
    // The windows have fixed places: at some offset their border lies between the two.
    for (let offset = 0; offset < 700; offset++) {
      const text = `${'-'.repeat(offset)}\n${line}\n${'-'.repeat(300)}`;
      const bytes = Buffer.from(text);
      const compiled = new CompiledRule(rule);
      const found: Span[] = [];
      for (const literal of literals) {
        const start = text.indexOf(literal);
        matchPattern(compiled, bytes, { start, end: start + literal.length }, ({ start: from, end }) =>
          found.push({ start: from - offset - 1, end: end - offset - 1 }),
        );
      }
      expect([offset, found.toSorted((a, b) => a.start - b.start)]).toEqual([offset, spans]);
    }
  });
});
