/** A written report has the places of halves among those of their secrets; one that was read has them apart. */
import { expect, test } from 'vitest';
import { readReport } from '../../src/report/read-report.ts';
import { finding, half, location, render, report } from '../support/reports.ts';

const told = report([finding(1, { locations: [location('secret.ts')], halves: [{ ...half(1), locations: [location('a.ts'), location('b.ts')] }] })]);
const EXPECTED = [
  ['secret.ts', undefined],
  ['a.ts', half(1).ruleId],
  ['b.ts', half(1).ruleId],
];

interface Written {
  readonly locations: readonly { readonly file: string; readonly half?: string }[];
}

const placesOf = ({ locations }: Written): unknown => locations.map(({ file, half: of }) => [file, of]);

test('in JSON', async () => {
  const { findings } = JSON.parse(await render('json', told)) as { findings: [Written] };
  expect(placesOf(findings[0])).toEqual(EXPECTED);
});

test('in JSON lines', async () => {
  const lines = (await render('jsonl', told)).trim().split('\n');
  const line = lines.map((one) => JSON.parse(one) as Written & { readonly type: string }).find(({ type }) => type === 'finding');
  expect(line && placesOf(line)).toEqual(EXPECTED);
});

test('what is read is what was written', async () => {
  expect(readReport(await render('json', told), 'report.json')).toEqual(told);
});
