/** `keysift report merge|convert`: JSON reports as other ones, without a scan. */
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { UserError } from '../model/errors.ts';
import { EXIT, exitCodeOf, type ExitCode } from '../model/exit-code.ts';
import { readFault } from '../model/read-fault.ts';
import type { Severity } from '../model/severity.ts';
import { withoutSecrets } from '../report/plain-secrets.ts';
import type { ReportV1 } from '../report/json-v1.ts';
import type { NamedReport } from '../report/merge.ts';
import { keepHeapSteady, MANY } from '../scan/steady-heap.ts';
import type { Io } from './io.ts';
import { readOutputs, writeOutputs, type OutputFlags } from './outputs.ts';

export interface ReportFlags extends OutputFlags {
  readonly format?: readonly string[];
}

export interface MergeFlags extends ReportFlags {
  readonly failOn: Severity;
  readonly exitZero?: boolean;
}

/** Ends with 0 when it could be converted, whatever is in it: the scan has said its part. */
export async function runConvert(file: string, flags: ReportFlags, io: Io): Promise<ExitCode> {
  const outputs = await readOutputs(flags.format ?? [], io);
  const { report } = await readReportFile(file, io);
  await writeOutputs(outputs, (showSecrets) => (showSecrets ? report : withoutSecrets(report)), flags, io);
  return EXIT.clean;
}

/** Ends as the scan of everything would. */
export async function runMerge(files: readonly string[], flags: MergeFlags, io: Io): Promise<ExitCode> {
  const outputs = await readOutputs(flags.format ?? [], io);
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new UserError(`${twice} is named twice`, 'Name each report once: counts would add up twice.');
  const parts: NamedReport[] = [];
  for (const file of files) parts.push(await readReportFile(file, io));
  const { mergeReports } = await import('../report/merge.ts');
  const report = mergeReports(parts);
  await writeOutputs(outputs, (showSecrets) => (showSecrets ? report : withoutSecrets(report)), flags, io);
  return exitCodeOf(report.scan.complete && report.notScanned.length === 0, report.findings, flags.failOn, flags.exitZero === true);
}

/** Bytes that are read at once. */
const CHUNK = 1_048_576;

/** @param file a path, or `-` for standard input */
export async function readReportFile(file: string, io: Io): Promise<NamedReport> {
  const isStdin = file === '-';
  const name = isStdin ? 'standard input' : basename(file);
  try {
    return { name, report: await reportIn(isStdin ? undefined : resolve(io.cwd, file), name, io) };
  } catch (error) {
    return unreadable(isStdin ? name : file, error);
  }
}

/** @param path undefined for standard input */
async function reportIn(path: string | undefined, name: string, io: Io): Promise<ReportV1> {
  const { readReport, ReportReader } = await import('../report/read-report.ts');
  const reader = new ReportReader();
  // What comes once is kept, so that it can be told what is wrong with it.
  const kept: Buffer[] | undefined = path !== undefined && statSync(path).isFile() ? undefined : [];
  const source: AsyncIterable<Uint8Array> = path === undefined ? io.stdin : createReadStream(path, { highWaterMark: CHUNK });
  let isSteady = false;
  for await (const part of source) {
    const bytes = Buffer.from(part.buffer, part.byteOffset, part.length);
    kept?.push(bytes);
    reader.push(bytes);
    if (!isSteady && reader.count > MANY) {
      keepHeapSteady();
      isSteady = true;
    }
  }
  const report = reader.end();
  if (report !== undefined) return report;
  const bytes = kept === undefined && path !== undefined ? await readFile(path) : Buffer.concat(kept ?? []);
  return readReport(bytes.toString('utf8'), name);
}

/** Throws again what is no fault of the system's. */
function unreadable(file: string, error: unknown): never {
  throw new UserError(`cannot read ${file}: ${readFault(error)}`, 'Name a report that keysift -f json wrote, or - for standard input.');
}
