/** What stands near a value, where a rule needs that. */
import { describe, expect, test } from 'vitest';
import { Detector } from '../../src/detect/detector.ts';
import { allNew } from '../../src/detect/line-hits.ts';
import type { Candidate } from '../../src/model/finding.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { plantOne } from '../support/secrets.ts';

const set = builtinRules();
const detector = new Detector(set);
const matcher = set.rules.find(({ id }) => id === 'assemblyai-api-key')?.matcher;
/** How many lines away the name counts. */
const WITHIN = matcher?.kind === 'context' ? matcher.within : 0;
const VALUE = plantOne('[|{{hex:32}}|]', 'context').secret;

/** The same content, whole and line by line. */
function found(text: string): [Candidate[], Candidate[]] {
  const bytes = Buffer.from(text);
  return [detector.detect(bytes), detector.detectChanged(bytes, allNew(bytes))];
}

function evidence(candidates: readonly Candidate[]): string[] {
  return candidates.filter(({ rule }) => rule.matcher.kind === 'context').map((candidate) => candidate.evidence.join('; '));
}

describe('a name of the provider', () => {
  test.each([0, 1, WITHIN, WITHIN + 1])('counts %i lines away, above and below', (lines) => {
    const gap = lines === 0 ? ' ' : '\n'.repeat(lines);
    for (const text of [`"assemblyai";${gap}key = "${VALUE}"`, `key = "${VALUE}"${gap}// AssemblyAI`]) {
      for (const candidates of found(text)) expect(evidence(candidates), text).toHaveLength(lines > WITHIN ? 0 : 1);
    }
  });

  test('is the nearest one, and not one further away that others join to the value', () => {
    const gap = '\n'.repeat(WITHIN);
    const text = `AssemblyAI${gap}assemblyai${gap}key = "${VALUE}"\n`;
    for (const candidates of found(text)) expect(evidence(candidates)).toEqual([expect.stringContaining('near `assemblyai`')]);
  });

  test('counts as far as lines of 2,048 bytes reach', () => {
    for (const length of [2000, 2047, 2048, 2049, 2100]) {
      const text = `assemblyai ${'.'.repeat(length - 11)}\nkey = "${VALUE}"`;
      const [whole, byLine] = found(text);
      expect(evidence(whole), `${length}`).toEqual(evidence(byLine));
      expect(evidence(whole).length, `${length}`).toBe(length < 2059 ? 1 : 0);
    }
  });
});

test('a name that changes above a generic value is seen, though the line of the value stays', () => {
  const { secret } = plantOne('[|{{alnum:32}}|]', 'elsewhere');
  const [base, next] = ['BUILD_ID', 'SERVICE_TOKEN'].map((name) => Buffer.from(`- name: ${name}\n  value: ${secret}\n`));
  const below = (bytes: Buffer): number => bytes.indexOf('\n') + 1;
  expect(detector.detectChanged(base!, allNew(base!))).toEqual([]);
  const change = { base: detector.known()!, runs: Int32Array.of(below(next!), next!.length, below(base!)), lines: next!.subarray(0, below(next!)) };
  expect(detector.detectChanged(next!, change).map(({ rule, name }) => `${rule.id} ${name}`)).toEqual(['generic-secret SERVICE_TOKEN']);
});
