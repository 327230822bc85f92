/**
 * Rules that stand for others of the same build: 1,000 rules are drawn in some dozens of ways, and how long a pattern
 * takes depends on the way and on its largest count. `KEYSIFT_SOAK=1` takes them all.
 */
import type { Matcher, Rule } from '../../src/model/rule.ts';

/** A pattern without what does not change how it runs: the letters of its literals, and its counts. */
function skeleton(pattern: string): string {
  return pattern
    .replaceAll(/\{\d+(?:,\d*)?\}/g, '{#}')
    .replaceAll(/(?<!\\)\[(?:\\.|[^\]\\])*\]|\\.|[A-Za-z0-9_]+/g, (part) => (/^\w/.test(part) ? 'x' : part));
}

function build(matcher: Matcher): string | undefined {
  if (matcher.kind === 'context') return skeleton(matcher.value.pattern);
  if (matcher.kind !== 'token') return undefined; // few, and each on its own
  return [...new Set(matcher.forms.map((form) => skeleton(form.pattern) + skeleton(form.anchored ?? '')))]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join(' ');
}

function longest(matcher: Matcher): number {
  if (matcher.kind === 'token') return Math.max(...matcher.forms.map((form) => form.maxLength));
  return matcher.kind === 'context' ? matcher.value.maxLength : 0;
}

/** Of each build the rule with the longest match; all rules whose matcher is of no common build. */
export function representatives(rules: readonly Rule[]): Rule[] {
  if (process.env['KEYSIFT_SOAK'] === '1') return [...rules];
  const chosen = new Map<string, Rule>();
  for (const rule of rules) {
    const key = build(rule.matcher) ?? `rule ${rule.id}`;
    const known = chosen.get(`${rule.matcher.kind} ${key}`);
    if (known === undefined || longest(rule.matcher) > longest(known.matcher)) chosen.set(`${rule.matcher.kind} ${key}`, rule);
  }
  return [...chosen.values()];
}
