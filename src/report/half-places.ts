/** Places of the halves of pairs, as a written report has them: with those of the secret, so that nobody overlooks one. */
import type { FindingV1, HalfV1, LocationV1, ReportV1 } from './json-v1.ts';

type Told = Pick<ReportV1, 'findings' | 'suppressed'>;

/** The same report with the places of halves among those of their findings. */
export function withPlacesOfHalves(report: ReportV1): ReportV1 {
  return { ...report, ...mapped(report, ({ locations, halves = [] }) => [...locations, ...halves.flatMap(placesOfHalf)]) };
}

/** The other way round. */
export function withoutPlacesOfHalves(report: ReportV1): ReportV1 {
  return { ...report, ...mapped(report, ({ locations }) => locations.filter(({ half }) => half === undefined)) };
}

function placesOfHalf({ ruleId, locations }: HalfV1): LocationV1[] {
  return locations.map((location) => ({ ...location, half: ruleId }));
}

function mapped({ findings, suppressed }: Told, locationsOf: (finding: FindingV1) => LocationV1[]): Told {
  return {
    findings: findings.map((finding) => ({ ...finding, locations: locationsOf(finding) })),
    suppressed: suppressed.map((finding) => ({ ...finding, locations: locationsOf(finding) })),
  };
}
