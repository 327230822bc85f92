/** Which of several sightings of one secret names its finding: what is known of them decides, and no words. */
import { expect, test } from 'vitest';
import type { Finding, Sighting } from '../../src/model/finding.ts';
import { Secret } from '../../src/model/secret.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { makeFindings } from '../../src/scan/findings.ts';

const rule = builtinRules().rules.find(({ id }) => id === 'github-pat-classic') ?? expect.unreachable();

/** One more sighting of the same value, on a line of its own. */
function seen(line: number, facts: Partial<Sighting>): Sighting {
  const range = { startLine: line, startColumn: 1, endLine: line, endColumn: 9 };
  const span = { start: line * 100, end: line * 100 + 8 };
  return { rule, secret: new Secret('opensesame'), span, range, name: '', evidence: [], confidence: 'medium', severity: 'high', ...facts };
}

async function named(...sightings: readonly Sighting[]): Promise<Finding> {
  const found = sightings.map((sighting) => ({ origin: { kind: 'file', path: 'a.txt' } as const, sighting }));
  const placed = { whereabouts: undefined, now: new Date(0), head: undefined, inlineIgnores: 'none' as const, rules: [] };
  const [finding, ...others] = await makeFindings(found, placed);
  expect(others).toEqual([]);
  return finding ?? expect.unreachable('no finding');
}

const one = seen(1, { name: 'DB_PASSWORD', evidence: ['x'] });

test('the id is that of the surest, then of one with a name, then of the first name', async () => {
  const { id } = await named(one);
  const others = [
    seen(2, { name: '' }),
    seen(2, { name: 'pass' }),
    seen(2, { name: 'A', confidence: 'low' }),
    seen(2, { name: 'A', severity: 'low' }),
  ];
  for (const other of others) {
    expect((await named(one, other)).id).toBe(id);
    expect((await named(other, one)).id).toBe(id);
  }
  expect((await named(one, seen(2, { name: 'pass', confidence: 'high' }))).id).not.toBe(id);
  expect((await named(one, seen(2, { name: 'A' }))).id).not.toBe(id);
});

test('other words of evidence, or more of them, move no id', async () => {
  const words = [[], ['a'], ['z'], ['z', 'a'], ['inside base64', 'x', 'y']];
  const ids = new Set<string>();
  for (const here of words)
    for (const there of words)
      ids.add((await named(seen(1, { name: 'DB_PASSWORD', evidence: here }), seen(2, { name: 'pass', evidence: there }))).id);
  expect(ids.size).toBe(1);
});

test('who issued it is told by a sighting that knows it', async () => {
  const issuer = { provider: 'Acme' };
  expect((await named(one, seen(2, { name: 'pass', issuer }))).issuer).toEqual(issuer);
  expect((await named(seen(2, { name: 'pass', issuer }), one)).issuer).toEqual(issuer);
});
