/** The public API, name by name. Everything else may change in any version. */
export { UserError } from './model/errors.ts';
export { EXIT, type ExitCode } from './model/exit-code.ts';
export type { CommitStamp, Finding, Location, State } from './model/finding.ts';
export type { NotScanned, Reason } from './model/not-scanned.ts';
export type { Report } from './model/report.ts';
export type { Rule, RuleSet } from './model/rule.ts';
export { Secret } from './model/secret.ts';
export type { Confidence, Severity } from './model/severity.ts';
export { renderJson } from './report/json.ts';
export type { ReportV1 } from './report/json-v1.ts';
export { builtinRules } from './rules/builtin.ts';
export type { ScanOptions } from './scan/options.ts';
export { scan } from './scan/scan.ts';
