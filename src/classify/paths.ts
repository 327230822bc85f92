/** Which files a rule is about, in the grammar of `.gitignore`, case folded. */
import ignore, { type Ignore } from 'ignore';
import type { PathCondition } from '../model/rule.ts';

const compiled = new WeakMap<PathCondition, { only: Ignore; not: Ignore }>();

export function pathMatches(condition: PathCondition, path: string): boolean {
  let matchers = compiled.get(condition);
  if (matchers === undefined) {
    matchers = {
      only: ignore({ allowRelativePaths: true }).add([...condition.only]),
      not: ignore({ allowRelativePaths: true }).add([...condition.not]),
    };
    compiled.set(condition, matchers);
  }
  if (path === '' || path.startsWith('/')) return false;
  return (condition.only.length === 0 || matchers.only.ignores(path)) && !matchers.not.ignores(path);
}
