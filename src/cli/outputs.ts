/** `--format NAME[=FILE]`: which reports a run gives, and where they go. */
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../model/errors.ts';
import { appendWhole, checkWhole, writeWhole } from '../model/whole-file.ts';
import { didYouMean } from '../model/nearest.ts';
import { FORMAT_NAMES, FORMATS, type Format, type FormatName, type RenderOptions } from '../report/formats.ts';
import type { ReportV1 } from '../report/json-v1.ts';
import { inBlocks } from '../report/pieces.ts';
import { stylesFor, wantsColour } from './colour.ts';
import type { Io } from './io.ts';

/** What GitHub takes of a job summary; of a longer one it shows nothing. */
const SUMMARY_BYTES = 1_048_576;
/** Ends whatever another command left open in the job summary. */
const SEPARATOR = '\n\n';

/** A wanted report; without a file it goes to standard output. */
export interface Wanted {
  readonly format: FormatName;
  readonly file?: string;
}

/** Which report: the one for standard output may hold plain secrets, so they are made apart. */
export type ReportSource = (showSecrets: boolean) => ReportV1;

export interface OutputFlags {
  readonly showSecrets?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly showSuppressed?: boolean;
  readonly color?: boolean;
}

/** Makes sense of the flag's values, and complains before anything is scanned. */
export async function readOutputs(values: readonly string[], io: Io): Promise<Wanted[]> {
  const wanted = (values.length === 0 ? ['text'] : values).map((value) => readOutput(value));
  const printed = wanted.filter(({ file }) => file === undefined);
  if (printed.length > 1) {
    throw new UserError(
      `${printed.map(({ format }) => `-f ${format}`).join(' and ')} both go to standard output`,
      `Give all but one a file: -f ${printed[1]?.format}=FILE.`,
    );
  }
  const files = wanted.flatMap(({ file }) => (file === undefined ? [] : [resolve(io.cwd, file)]));
  for (const file of files) checkWhole(file);
  const real = files.map((file) => join(realpathSync(dirname(file)), basename(file)));
  const twice = real.find((file, index) => real.indexOf(file) !== index);
  if (twice !== undefined) throw new UserError(`two reports go to ${twice}`, 'Give each a file of its own.');
  return wanted;
}

function readOutput(value: string): Wanted {
  const at = value.indexOf('=');
  const name = at < 0 ? value : value.slice(0, at);
  const format = FORMAT_NAMES.find((one) => one === name);
  if (format === undefined) {
    throw new UserError(
      `unknown format "${name.slice(0, 80)}"`,
      `${didYouMean(name, FORMAT_NAMES, '')} Use one of ${FORMAT_NAMES.join(', ')}.`.trimStart(),
    );
  }
  const file = at < 0 ? undefined : value.slice(at + 1);
  if (file === '') throw new UserError(`"${value}" names no file`, `Write -f ${format}=FILE, or -f ${format} for standard output.`);
  return { format, ...(file === undefined ? {} : { file }) };
}

/**
 * Prints and writes all reports. A file that cannot be written ends the run with an error, but never keeps the findings
 * from being seen: then they are printed, as text if nothing else is.
 */
export async function writeOutputs(wanted: readonly Wanted[], source: ReportSource, flags: OutputFlags, io: Io): Promise<void> {
  const report = notTwiceInARow(source);
  const failed: UserError[] = [];
  for (const { format, file } of wanted) {
    if (file === undefined) continue;
    const path = resolve(io.cwd, file);
    const toSummary = isSummary(path, io);
    const room = toSummary ? { room: summaryRoom(path) } : {};
    try {
      const text = await render(format, report, { ...flags, ...room }, io, false);
      const summary = toSummary ? [...text].join('') : '';
      if (!toSummary) writeWhole(path, text);
      else if (summary !== '') appendWhole(path, SEPARATOR + summary);
      else await io.stderr.write('keysift: the job summary is full, so nothing was added to it\n');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed.push(error);
    }
  }
  const printed = wanted.find(({ file }) => file === undefined)?.format ?? (failed.length > 0 ? 'text' : undefined);
  if (printed !== undefined) for (const block of await render(printed, report, flags, io, true)) await io.stdout.write(block);
  const [first] = failed;
  if (first !== undefined) throw new UserError(failed.map(({ message }) => message).join('; '), first.hint);
}

/** With many findings a report takes a hundred megabytes, and those of most formats are the same. */
function notTwiceInARow(source: ReportSource): ReportSource {
  let last: { readonly showSecrets: boolean; readonly report: ReportV1 } | undefined;
  return (showSecrets) => {
    if (last?.showSecrets !== showSecrets) last = { showSecrets, report: source(showSecrets) };
    return last.report;
  };
}

/** The job summary of GitHub Actions belongs to all commands of a step, so a report is added to it. */
function isSummary(path: string, { cwd, env }: Io): boolean {
  const summary = env['GITHUB_STEP_SUMMARY'] ?? '';
  return summary !== '' && resolve(cwd, summary) === path;
}

function summaryRoom(path: string): number {
  return SUMMARY_BYTES - SEPARATOR.length - (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
}

/** The text of a report, in blocks of bounded length where it may be long. */
async function render(
  name: FormatName,
  report: ReportSource,
  flags: OutputFlags & Pick<RenderOptions, 'room'>,
  io: Io,
  printed: boolean,
): Promise<Iterable<string>> {
  const format: Format = FORMATS[name];
  const serialize = await format.load();
  const text = serialize(report(flags.showSecrets === true && format.mayShowSecrets), {
    styles: stylesFor(printed && wantsColour(io.stdout, io.env, flags.color)),
    verbose: flags.verbose === true,
    quiet: flags.quiet === true,
    suppressed: flags.showSuppressed === true,
    ...(flags.room === undefined ? {} : { room: flags.room }),
    columns: printed && io.stdout.isTerminal ? io.stdout.columns : Number.POSITIVE_INFINITY,
  });
  return typeof text === 'string' ? [text] : inBlocks(text);
}
