/** A rule's examples are its tests: everything marked is found exactly, and nothing else. */
import type { Examples, RuleSet } from '../model/rule.ts';
import { expandExample, parseMarked } from '../rules/examples.ts';
import { Inspector } from './inspector.ts';

export interface ExampleProblem {
  readonly ruleId: string;
  readonly kind: 'match' | 'ignore';
  /** The example as written: it holds generators, never a token. */
  readonly example: string;
  readonly message: string;
}

/**
 * Runs examples through all rules of `set`, as a scan would. A match example must be reported by its own rule on
 * exactly the marked spans and by no other rule; an ignore example must not be reported by its own rule.
 */
export function checkExamples(set: RuleSet, examples: Readonly<Record<string, Examples>>): ExampleProblem[] {
  const inspector = new Inspector(set);
  const problems: ExampleProblem[] = [];
  for (const rule of set.rules) {
    const own = examples[rule.id] ?? { match: [], ignore: [] };
    for (const { text: example } of own.match) {
      const { text, spans } = parseMarked(expandExample(example));
      const expected = spans.map((span) => `${rule.id} at ${span.start}-${span.end}`);
      const found = inspector
        .inspect(Buffer.from(text))
        .filter((sighting) => (rule.matcher.kind === 'file' ? sighting.rule.id === rule.id : sighting.rule.matcher.kind !== 'file'))
        .map((sighting) => `${sighting.rule.id} at ${sighting.span.start}-${sighting.span.end}`);
      if (expected.length === 0) problems.push({ ruleId: rule.id, kind: 'match', example, message: 'marks no secret: write [|…|] around it' });
      else if (found.join() !== expected.join()) {
        problems.push({
          ruleId: rule.id,
          kind: 'match',
          example,
          message: `expected ${expected.join(', ')}; found ${found.join(', ') || 'nothing'}`,
        });
      }
    }
    for (const { text: example } of own.ignore) {
      const { text } = parseMarked(expandExample(example));
      const found = inspector.inspect(Buffer.from(text)).filter((sighting) => sighting.rule.id === rule.id);
      if (found.length > 0) {
        const where = found.map((sighting) => `${sighting.span.start}-${sighting.span.end}`).join(', ');
        problems.push({ ruleId: rule.id, kind: 'ignore', example, message: `must stay silent, but found something at ${where}` });
      }
    }
  }
  return problems;
}
