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
  { byShape: true },
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

/** Two sightings of one secret, the second one far into a content. */
const TWO = [PLAIN, { ...PLAIN, span: { start: 2 ** 31 + 4, end: 2 ** 31 + 14 } }].map((sighting): Found => ({
  origin: { kind: 'blob', blob: 'b1' },
  sighting,
}));

test('some of the rows can be unpacked, and what is far into a content is where it was', () => {
  const unpacker = new Unpacker(new Map([[RULE.id, RULE]]));
  const packed = packFound(TWO);
  expect([unpacker.unpack(packed), unpacker.unpack(packed, 0, 1), unpacker.unpack(packed, 1)]).toEqual([TWO, TWO.slice(0, 1), TWO.slice(1)]);
});

test('what is equal in sightings is there once, also in those of other messages', () => {
  const unpacker = new Unpacker(new Map([[RULE.id, RULE]]));
  const [one, two, three] = [...unpacker.unpack(packFound(TWO)), ...unpacker.unpack(packFound(TWO))];
  for (const other of [two, three]) {
    expect(other?.sighting.secret).toBe(one?.sighting.secret);
    expect(other?.sighting.evidence).toBe(one?.sighting.evidence);
  }
});

test('a rule that a thread does not know is an error, never a finding that is gone', () => {
  expect(() => new Unpacker(new Map()).unpack(packFound(TWO))).toThrow('no rule acme-token in this thread');
});
