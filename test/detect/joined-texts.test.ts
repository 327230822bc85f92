/** Texts that are looked at together: which of them hold something is known before they are looked at alone. */
import { expect, test } from 'vitest';
import { Detector } from '../../src/detect/detector.ts';
import { builtinExamples, builtinRules } from '../../src/rules/builtin.ts';
import { compileRules } from '../../src/rules/compile.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';
import { parseRuleFile } from '../../src/rules/load.ts';
import { Random } from '../support/random.ts';

const detector = new Detector(builtinRules());

/** A quarter of all examples of rules, the secret of each alone, and what encodes it. */
function texts(random: Random): Buffer[] {
  const examples = Object.values(builtinExamples()).flatMap(({ match, ignore }) => [...match, ...ignore].filter(() => random.chance(25)));
  return examples.flatMap((example) => {
    const { text, spans } = parseMarked(expandExample(example.text, 'joined'));
    const whole = Buffer.from(text);
    const secrets = spans.map((span) => whole.subarray(span.start, span.end));
    const encoded = [whole, ...secrets].map((bytes) => Buffer.from(`see ${bytes.toString('base64')}`));
    return [whole, ...secrets, ...encoded];
  });
}

test('where joined texts have no place, none of them holds anything alone', () => {
  const random = new Random(7);
  const all = texts(random)
    .map((text) => ({ text, turn: random.below(1_000_000) }))
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ text }) => text);
  let holding = 0;
  let passed = 0;
  for (let at = 0; at < all.length;) {
    const some = all.slice(at, (at += 1 + random.below(60)));
    const places = detector.placesIn(Buffer.concat(some.flatMap((text) => [text, Buffer.from('\n')]))) ?? [];
    let start = 0;
    for (const text of some) {
      const end = start + text.length;
      const isPassed = !places.some((place) => place > start && place <= end);
      const { length } = detector.detect(text, { selfIdentifyingOnly: true });
      expect(isPassed && length > 0, text.toString('latin1')).toBe(false);
      if (isPassed) passed++;
      if (length > 0) holding++;
      start = end + 1;
    }
  }
  expect(holding).toBeGreaterThan(200);
  expect(passed).toBeGreaterThan(200);
});

test('where a rule looks for a line feed, texts are looked at one by one', () => {
  const file = String.raw`rules:
  - id: mine
    title: Mine
    pattern: {regex: '(one\ntwo)', literals: ["one\ntwo"], maxLength: 20}
    examples: {match: [x], ignore: [x]}
`;
  const set = compileRules([parseRuleFile(file, 'mine.yaml')]);
  expect(new Detector(set).placesIn(Buffer.from('one\ntwo'))).toBeUndefined();
});
