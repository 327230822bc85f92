/** Places of the halves of pairs, as a written report has them: with those of the secret, so that nobody overlooks one. */
import type { FindingV1, HalfV1, LocationV1, ReportV1 } from './json-v1.ts';

/** The same finding with the places of its halves among its own. */
export function withPlacesOfHalves<One extends FindingV1>(finding: One): One {
  return { ...finding, locations: [...finding.locations, ...(finding.halves ?? []).flatMap(placesOfHalf)] };
}

/** The other way round; the very finding where none of its places is of a half. */
export function withoutPlaces<One extends FindingV1>(finding: One): One {
  if (finding.locations.every(({ half }) => half === undefined)) return finding;
  return { ...finding, locations: finding.locations.filter(({ half }) => half === undefined) };
}

/** The same for all findings of a report. */
export function withoutPlacesOfHalves(report: ReportV1): ReportV1 {
  return { ...report, findings: report.findings.map(withoutPlaces), suppressed: report.suppressed.map(withoutPlaces) };
}

function placesOfHalf({ ruleId, locations }: HalfV1): LocationV1[] {
  return locations.map((location) => ({ ...location, half: ruleId }));
}
