/** Sightings as rows: what crosses from one thread to another is what was seen. */
import { expect, test } from 'vitest';
import type { Sighting } from '../../src/model/finding.ts';
import type { Rule } from '../../src/model/rule.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Found } from '../../src/scan/collector.ts';
import { packFound, Unpacker } from '../../src/scan/gathered.ts';

const RULE = { id: 'acme-token' } as Rule;
const PLAIN: Sighting = {
  rule: RULE,
  secret: new Secret('opensesame', 'open'),
  span: { start: 4, end: 14 },
  range: { startLine: 1, startColumn: 5, endLine: 1, endColumn: 15 },
  name: 'key',
  evidence: ['`key`'],
  confidence: 'high',
  severity: 'low',
};
const MORE: readonly Partial<Sighting>[] = [
  { issuer: { provider: 'Acme' } },
  { comments: [{ marker: 'keysift:allow', line: 1 } as unknown as NonNullable<Sighting['comments']>[number]] },
  { circumstances: { marks: { logged: 'console.log' }, browser: ['import'], server: [], environment: 'production' } },
  { rivals: [{ paths: { only: ['docs/**'], not: [] }, rivals: [{ paths: { only: [], not: ['*.md'] } }] }] },
];

test('rows and values hold all of a sighting, also what few have', () => {
  const found = [{}, ...MORE, Object.assign({}, ...MORE)].map((more: Partial<Sighting>): Found => ({
    origin: { kind: 'blob', blob: 'b1' },
    sighting: { ...PLAIN, ...more },
  }));
  const unpacked = new Unpacker(new Map([[RULE.id, RULE]])).unpack(structuredClone(packFound(found)));
  expect(unpacked).toEqual(found);
  expect(unpacked.map(({ sighting }) => [sighting.rule === RULE, sighting.secret.reveal(), sighting.secret.publicPrefix])).toEqual(
    found.map(() => [true, 'opensesame', 'open']),
  );
  // Absent is absent: whoever asks for a property's presence gets the same answer in every thread.
  expect(unpacked.map(({ sighting }) => Object.keys(sighting).toSorted())).toEqual(found.map(({ sighting }) => Object.keys(sighting).toSorted()));
});
