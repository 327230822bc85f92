import type { ReportV1 } from './json-v1.ts';
export function serializeHtml(_report: ReportV1): string {
  return '';
}
