/** Plain secrets in reports: there where they are asked for, and in no other report that is made of the same one. */
import type { FindingV1, ReportV1 } from './json-v1.ts';

/** The same report without them. What holds none stays the very object that it is. */
export function withoutSecrets(report: ReportV1): ReportV1 {
  return { ...report, findings: report.findings.map(hideAll), suppressed: report.suppressed.map(hideAll) };
}

function hideAll<Item extends FindingV1>(item: Item): Item {
  const shown = hide(item);
  return shown.halves === undefined ? shown : { ...shown, halves: shown.halves.map(hide) };
}

function hide<Item extends { secret?: string | undefined }>(item: Item): Item {
  if (item.secret === undefined) return item;
  const shown = { ...item };
  delete shown.secret;
  return shown;
}
