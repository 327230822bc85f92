/** What stands right behind an escaped line end or tab begins there: the escape's letter is none of it. */
import { describe, expect, test } from 'vitest';
import { Detector } from '../../src/detect/detector.ts';
import { builtinExamples, builtinRules } from '../../src/rules/builtin.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';

const set = builtinRules();
const examples = builtinExamples();
const detector = new Detector(set);

/** Where a rule finds something in a text of ASCII. */
function places(text: string, id: string): string[] {
  return detector
    .detect(Buffer.from(text))
    .filter(({ rule }) => rule.id === id)
    .map(({ span }) => text.slice(span.start, span.end));
}

describe.each([String.raw`\n`, String.raw`\r\n`, String.raw`\t`])('behind %s', (escape) => {
  test('every token is found that is found at the start of a string', () => {
    const missed = set.rules.filter(({ id, matcher }) => {
      const [first] = matcher.kind === 'token' ? (examples[id]?.match ?? []) : [];
      const { text, spans } = parseMarked(expandExample(first?.text ?? '', 'escapes'));
      const [span] = spans;
      if (span === undefined) return false;
      const secret = Buffer.from(text).subarray(span.start, span.end).toString('latin1');
      return places(`x = "${secret}"`, id).includes(secret) && !places(`x = "the key:${escape}${secret}"`, id).includes(secret);
    });
    expect(missed.map(({ id }) => id)).toEqual([]);
  });

  test('a name wakes its rule', () => {
    const value = expandExample('{{hex:40}}', 'escapes');
    expect(places(`x = "first${escape}hunter_api_key=${value}"`, 'hunter-api-key')).toEqual([value]);
  });
});

test('a letter that no backslash stands before is part of a longer word', () => {
  const token = expandExample('ghp_{{base62:36}}', 'escapes');
  expect(places(`x = "n${token}"`, 'github-pat-classic')).toEqual([]);
});
