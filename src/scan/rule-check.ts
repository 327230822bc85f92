/** A rule's examples are its tests: everything marked is found exactly, and nothing else. */
import { judge, mayStand, type Place, type World } from '../classify/checks.ts';
import { standsAt } from '../classify/paths.ts';
import type { Sighting } from '../model/finding.ts';
import { isTextCheck, type Example, type Examples, type Rule, type RuleSet } from '../model/rule.ts';
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
 * exactly the marked spans and by no other rule; an ignore example must not be reported by its own rule. Checks stand
 * beside other rules. `salt` gives other random characters.
 */
export function checkExamples(set: RuleSet, examples: Readonly<Record<string, Examples>>, salt = ''): ExampleProblem[] {
  const inspector = new Inspector(set);
  const problems: ExampleProblem[] = [];
  for (const rule of set.rules) {
    const own = examples[rule.id] ?? { match: [], ignore: [] };
    const run = (example: Example): { found: readonly Sighting[]; expected: readonly string[] } => {
      const { text, spans } = parseMarked(expandExample(example.text, salt));
      return { found: seen(inspector, rule, example, text), expected: spans.map((span) => `${rule.id} at ${span.start}-${span.end}`) };
    };
    const told = ({ rule: { id }, span }: Sighting): string => `${rule.matcher.kind === 'finding' ? rule.id : id} at ${span.start}-${span.end}`;
    for (const example of own.match) {
      const { found, expected } = run(example);
      const got = found.filter((sighting) => rule.kind === 'check' || sighting.rule.kind !== 'check').map(told);
      const report = (message: string): number => problems.push({ ruleId: rule.id, kind: 'match', example: example.text, message });
      if (expected.length === 0) report('marks no secret: write [|…|] around it');
      else if (got.join() !== expected.join()) report(`expected ${expected.join(', ')}; found ${got.join(', ') || 'nothing'}`);
    }
    for (const example of own.ignore) {
      const found = run(example).found.filter((sighting) => rule.matcher.kind === 'finding' || sighting.rule.id === rule.id);
      if (found.length > 0) {
        const where = found.map((sighting) => `${sighting.span.start}-${sighting.span.end}`).join(', ');
        problems.push({ ruleId: rule.id, kind: 'ignore', example: example.text, message: `must stay silent, but found something at ${where}` });
      }
    }
  }
  return problems;
}

/** What counts as found: for a check on findings the sightings that it speaks of, for other checks its own, else all. */
function seen(inspector: Inspector, rule: Rule, example: Example, text: string): Sighting[] {
  const { file, state = 'head' } = example;
  const path = file ?? 'src/example.js';
  // Where an example names no file, every rule is about it.
  const isOtherFile = ({ paths }: Rule): boolean => file !== undefined && !standsAt(file, { paths });
  const found = inspector.inspect(Buffer.from(text), { isOtherFile });
  const places = (sighting: Sighting): Place => ({ path, state, sighting });
  if (rule.matcher.kind !== 'finding') {
    const world: World = { now: NOW, dependencies: () => undefined, hasSuccessor: () => false, hasPermanent: () => false };
    return found
      .filter((sighting) => (rule.kind === 'check' ? sighting.rule.id === rule.id : true))
      .filter((sighting) => !isTextCheck(rule) || mayStand(rule, places(sighting), world));
  }
  const beside = besides(inspector, example, found);
  const world: World = {
    now: NOW,
    dependencies: () => undefined,
    hasSuccessor: ({ secret }, place) =>
      beside.some(
        (other) => other.path === place.path && other.sighting.name === place.sighting.name && other.sighting.secret.reveal() !== secret.reveal(),
      ),
    hasPermanent: () => false,
  };
  return found.filter((sighting) => {
    const { secret } = sighting;
    if (secret.reveal() === '' || sighting.rule.matcher.kind === 'file') return false;
    const same = beside.filter((other) => other.sighting.secret.reveal() === secret.reveal());
    const subject = {
      rule: sighting.rule,
      secret,
      state,
      places: [places(sighting), ...same],
      days: example.days,
      lastSeen: YESTERDAY,
    };
    return judge(subject, [rule], world).checks.length > 0;
  });
}

/** The other files of an example; `{{same}}` in them is the secret of the first. */
function besides(inspector: Inspector, example: Example, found: readonly Sighting[]): Place[] {
  const same = found.find(({ secret }) => secret.reveal() !== '')?.secret.reveal() ?? '';
  return Object.entries(example.also ?? {}).flatMap(([path, given]) =>
    inspector.inspect(Buffer.from(expandExample(given.replaceAll('{{same}}', same)))).map((sighting): Place => ({ path, state: 'head', sighting })),
  );
}

const NOW = new Date('2026-01-02T00:00:00Z');
const YESTERDAY = { commit: '0'.repeat(40), author: '', date: '2026-01-01T00:00:00Z' };
