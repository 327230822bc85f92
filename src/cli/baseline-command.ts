/** `keysift baseline create|update|prune|audit`. */
import { basename, dirname, relative, resolve } from 'node:path';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { Finding } from '../model/finding.ts';
import { writeWhole } from '../model/whole-file.ts';
import { entryFor, formatBaseline, parseBaseline, saltOf } from '../policy/baseline.ts';
import type { Entry } from '../policy/entry.ts';
import { DiskFiles } from '../policy/policy-files.ts';
import { matches } from '../policy/triage.ts';
import { safeText } from '../report/safe-text.ts';
import { count } from '../report/words.ts';
import { reasonOf } from './ignore-reason.ts';
import { stopCode, type Io } from './io.ts';
import { holes, scanForPolicy, type PolicyScan } from './policy-scan.ts';
import { checkTerminal, withQuestions } from './questions.ts';
import type { PolicyFlags } from './run-policy.ts';

export type BaselineAction = 'create' | 'update' | 'prune' | 'audit';

export interface BaselineFlags extends PolicyFlags {
  /** `audit`: also entries that have a reason. */
  readonly all?: boolean;
}

const NO_TERMINAL = { message: 'audit asks questions, and there is no terminal to answer them', hint: 'Run it in a terminal.' };

export async function runBaseline(action: BaselineAction, flags: BaselineFlags, io: Io): Promise<ExitCode> {
  if (action === 'audit') checkTerminal(io, NO_TERMINAL);
  if (flags.baseline === false) throw new UserError('--no-baseline leaves nothing to do', 'Leave it out.');
  // Without the baseline, so that what it holds is a finding again.
  const found = await scanForPolicy({ ...flags, baseline: false }, io);
  const named = flags.baseline ?? io.env['KEYSIFT_BASELINE'];
  const file = named === undefined || named === '' ? found.policy.baselineFile : resolve(io.cwd, named);
  const shown = safeText(relative(io.cwd, file));
  const text = new DiskFiles(dirname(file), `${dirname(file)}/`).read(basename(file));
  if (action === 'create' && text !== undefined) throw new UserError(`${shown} is there already`, 'keysift baseline update adds to it.');
  if (action !== 'create' && text === undefined) throw new UserError(`there is no baseline ${shown}`, 'keysift baseline create writes it.');
  const entries = text === undefined ? [] : parseBaseline(text, shown);
  const writeBaseline = (kept: readonly Omit<Entry, 'at'>[]): void =>
    writeWhole(file, formatBaseline(kept), { within: found.policy.root, folders: true });
  const work = { ...found, shown, entries, writeBaseline };
  switch (action) {
    case 'create':
    case 'update':
      return add(work, io);
    case 'prune':
      return prune(work, io);
    case 'audit':
      return audit(work, flags.all === true, io);
  }
}

interface Work extends PolicyScan {
  /** The file's name for people. */
  readonly shown: string;
  readonly entries: readonly Entry[];
  readonly writeBaseline: (entries: readonly Omit<Entry, 'at'>[]) => void;
}

async function add({ report, open, entries, shown, writeBaseline }: Work, io: Io): Promise<ExitCode> {
  const known = new Set([...matches(entries, open, io.now())].flatMap(([, found]) => found));
  const fresh = open.filter((finding) => !known.has(finding));
  const salt = saltOf(entries);
  const added = fresh.map((finding) => entryFor(finding, salt));
  const renewed = new Set(added.map(({ key }) => key)); // an entry that has ended gives way to its successor
  const all = [...entries.filter(({ key }) => !renewed.has(key)), ...added];
  writeBaseline(all);
  await io.stdout.write(`${shown}: ${count(added.length, 'secret')} added, ${all.length} in all\n`);
  if (all.length > 0)
    await io.stdout.write('They are accepted, not harmless: revoke them, then keysift baseline prune. keysift baseline audit goes through them.\n');
  if (report.complete) return EXIT.clean;
  await io.stderr.write(`${holes(report)}error: the scan is incomplete, so the baseline may be too\n`);
  return EXIT.incomplete;
}

async function prune({ report, findings, entries, shown, writeBaseline }: Work, io: Io): Promise<ExitCode> {
  if (!report.complete) {
    await io.stderr.write(`${holes(report)}error: the scan is incomplete, so nobody knows which entries are left over; nothing was changed\n`);
    return EXIT.incomplete;
  }
  const kept = [...matches(entries, findings, io.now())].flatMap(([entry, found]) => (found.length > 0 ? [entry] : []));
  writeBaseline(kept);
  const removed = entries.length - kept.length;
  await io.stdout.write(`${shown}: ${removed} ${removed === 1 ? 'entry' : 'entries'} removed, ${kept.length} left\n`);
  return EXIT.clean;
}

const QUESTION = 'Accept it? [y]es with a reason, [n]o and report it again, [s]kip, [q]uit: ';

async function audit({ findings, entries, shown, writeBaseline }: Work, all: boolean, io: Io): Promise<ExitCode> {
  const open = [...matches(entries, findings, io.now())].filter(([entry]) => all || entry.reason === '');
  const current = new Map<Entry, Entry>(entries.map((entry) => [entry, entry]));
  await withQuestions(io, NO_TERMINAL, async (ask) => {
    for (const [index, [entry, found]] of open.entries()) {
      await io.stdout.write(`\n${index + 1} of ${open.length}\n${describe(entry, found[0])}`);
      const verdict = await decide(ask);
      if (verdict === 'quit') return;
      if (verdict === 'skip') continue;
      if (verdict === 'no') current.delete(entry);
      else current.set(entry, { ...entry, reason: verdict.reason });
      // After each answer, so that an interruption loses nothing.
      writeBaseline([...current.values()]);
    }
  });
  const stopped = stopCode(io.signal);
  if (stopped !== undefined) return stopped;
  const without = [...current.values()].filter(({ reason }) => reason === '').length;
  await io.stdout.write(`\n${shown}: ${current.size} left, ${without} without a reason\n`);
  return EXIT.clean;
}

async function decide(ask: (question: string) => Promise<string | undefined>): Promise<'skip' | 'quit' | 'no' | { readonly reason: string }> {
  for (;;) {
    const answer = await ask(QUESTION);
    if (answer === undefined || /^q(uit)?$/i.test(answer)) return 'quit';
    if (/^s(kip)?$/i.test(answer)) return 'skip';
    if (/^no?$/i.test(answer)) return 'no';
    if (!/^y(es)?$/i.test(answer)) continue;
    const reason = await ask('Reason: ');
    if (reason === undefined) return 'quit';
    try {
      return { reason: reasonOf(reason) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
}

/** What is known of a secret without its value. */
function describe(entry: Entry, finding: Finding | undefined): string {
  if (finding === undefined) return `  ${safeText(`${entry.rule} in ${entry.place}`)}: not there any more\n`;
  const places = finding.locations
    .slice(0, 3)
    .map(({ file, startLine, startColumn, state }) => `  ${safeText(file)}:${startLine}:${startColumn} (${state})\n`);
  const why = finding.evidence.map((line) => `  why ${safeText(line)}\n`);
  return `  ${safeText(`${finding.severity} ${finding.rule.title}: ${finding.secret.toString()}`)}\n${places.join('')}${why.join('')}`;
}
