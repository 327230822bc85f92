/**
 * Runs the real program on one hostile input, and holds what must be true after every run, whatever the input was:
 *
 * - I1 no part of a planted secret, nor of its hashes, in what it printed and wrote, or gave to a child;
 * - I2 nothing that steers a terminal or the log of a CI system;
 * - I3 it ended within its time, which is longer where the machine has other work, and 512 MiB;
 * - I4 no network: it runs where there is none, and made no handle for one;
 * - I5 the input, HOME and the temporary folder are as they were;
 * - I6 no tripwire was touched;
 * - I7 the units that it tells of are those that an independent count gives;
 * - I8 1 thread and 8 threads give the same report as the default.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { BINARY, keysift } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { isTurn } from '../support/sample.ts';

export interface Counts {
  readonly files?: number;
  readonly blobs?: number;
  readonly commits?: number;
}

export interface Attack {
  /** Where the program starts. It is watched with everything below it. */
  readonly cwd: string;
  readonly argv?: readonly string[];
  /** Besides PATH, HOME and TMPDIR, which are the harness' own unless they are given here. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** The exit code that must come, or those that may. */
  readonly code: number | readonly number[];
  /** Secrets in the input: none of them may show anywhere. */
  readonly secrets?: readonly string[];
  /** Seconds of a free machine; 10 when left out. */
  readonly limit?: number;
  /** Bytes; 512 MiB when left out. */
  readonly memory?: number;
  /** What was counted in another way. Left out, all files of a plain folder and all that refs reach are counted here. */
  readonly counts?: Counts;
  /** More folders that must stay as they are. */
  readonly watched?: readonly string[];
  /** A folder with a `git` of its own, first in PATH in place of the one that writes down its calls. */
  readonly gitFolder?: string;
  /** Options of Node, such as modules to load first. */
  readonly node?: readonly string[];
  /** What the program waits for minutes for, it waits for seconds for. */
  readonly impatient?: true;
  /** Run as this user; the tests must run as root then. */
  readonly uid?: number;
  /** `false` for commands that make no report, and where another format goes to standard output. */
  readonly report?: false;
  /** `false` where the input changes while it is read, or a run is cut short: then it is not run again. */
  readonly again?: false;
  /** `false` where the run is to change the input, such as with a cache or a report in it. */
  readonly unchanged?: false;
}

export interface Survived {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of the run with the real program. */
  readonly report: ReportV1;
  /** The arguments of each git call. */
  readonly calls: readonly string[];
}

const OBSERVER = fileURLToPath(new URL('observer.cjs', import.meta.url));
const IMPATIENCE = fileURLToPath(new URL('impatience.mjs', import.meta.url));
const SECONDS = 10;
const MEMORY = 512 * 1024 ** 2;
/** As root a new network namespace needs no new user namespace. */
const UNSHARE = programPath('unshare');
const WITHOUT_NETWORK = process.getuid?.() === 0 ? [UNSHARE, '--net'] : [UNSHARE, '--map-root-user', '--net'];
export const HAS_NAMESPACES = spawnSync(WITHOUT_NETWORK[0] ?? '', [...WITHOUT_NETWORK.slice(1), 'true']).status === 0;
export const IS_ROOT = process.getuid?.() === 0;
export const REAL_GIT = programPath('git');
export const NOBODY = 65_534;

function programPath(name: string): string {
  return spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
}

/** Says loudly why a test is left out: gives its name with the reason. */
export function unless(possible: boolean, reason: string): { readonly skip: boolean; readonly why: string } {
  if (!possible) process.stderr.write(`hostile: tests left out: ${reason}\n`);
  return { skip: !possible, why: possible ? '' : ` (left out: ${reason})` };
}

/** A folder for the home, the temporary files and the records of one run. */
class Stage {
  readonly #folder = temporaryFolder();
  readonly home = join(this.#folder, 'home');
  readonly temporary = join(this.#folder, 'tmp');
  readonly records = join(this.#folder, 'records');
  readonly report = join(this.records, 'report.json');
  readonly observed = join(this.records, 'observed.json');
  readonly #bin = join(this.#folder, 'bin');

  constructor() {
    for (const folder of [this.home, this.temporary, this.records, this.#bin]) mkdirSync(folder, { mode: 0o777 });
    const log = join(this.records, 'calls');
    writeFileSync(
      join(this.#bin, 'git'),
      `#!/bin/sh\n{ printf '%s\\n' "$*"; } >> '${log}'\nexport -p >> '${log}.environ'\nexec '${REAL_GIT}' "$@"\n`,
      { mode: 0o755 },
    );
  }

  environment({ env, gitFolder }: Attack): Record<string, string> {
    const path = `${gitFolder ?? this.#bin}:${process.env['PATH'] ?? ''}`;
    return { PATH: path, HOME: this.home, TMPDIR: this.temporary, ...env };
  }

  /** Everything that the program wrote or gave to others. */
  written(): string {
    return readdirSync(this.records)
      .map((name) => readFileSync(join(this.records, name), 'latin1'))
      .join('\n');
  }

  calls(): string[] {
    const log = join(this.records, 'calls');
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  }
}

/** One of so many runs with so few files that there are no threads is looked at again; with a soak, and of the others, each. */
const TURNS = 3;
let runs = 0;

/** Runs the program once as a process and again in this one, and holds all invariants. */
export function attack(given: Attack): Promise<Survived> {
  return survive(given, run, isTurn(runs++, TURNS));
}

/**
 * The same in a tenth of the time, for attacks that are on what is found and told: two of three run in this process alone, other
 * ones each day, without what only a process of its own can show, which is memory and handles of the network.
 */
export function attackMostlyHere(given: Attack): Promise<Survived> {
  const turn = isTurn(runs++, TURNS);
  return survive(given, turn || needsProcess(given) ? run : runHere, turn);
}

function needsProcess({ limit, memory, gitFolder, node, impatient, uid }: Attack): boolean {
  return [limit, memory, gitFolder, node, impatient, uid].some((special) => special !== undefined);
}

async function survive(given: Attack, runner: Runner, isAgain: boolean): Promise<Survived> {
  const stage = new Stage();
  const watched = given.unchanged === false ? [] : [given.cwd, ...(given.watched ?? [])];
  const before = [...watched, stage.home, stage.temporary].map(snapshot);
  const argv = [...(given.report === false ? [] : ['--format', 'text', '--format', `json=${stage.report}`]), ...(given.argv ?? [])];
  const ran = await runner(argv, given, stage);

  expect(ran.late, `I3: still running after ${given.limit ?? SECONDS} s; it had printed ${ran.stdout.slice(-500)}${ran.stderr.slice(-500)}`).toBe(
    false,
  );
  const codes = typeof given.code === 'number' ? [given.code] : given.code;
  expect(codes, `its exit code; it printed ${ran.stdout.slice(0, 3000)}${ran.stderr.slice(0, 3000)}`).toContain(ran.code);
  const observed = existsSync(stage.observed)
    ? (JSON.parse(readFileSync(stage.observed, 'utf8')) as { maxRss: number; handles: string[] })
    : undefined;
  if (observed !== undefined) {
    expect(observed.maxRss, 'I3: memory').toBeLessThan(given.memory ?? MEMORY);
    expect(observed.handles, 'I4: handles of the network').toEqual([]);
  }
  const printed = ran.stdout + ran.stderr;
  expectNoSecret(`${printed}\n${stage.written()}`, given.secrets ?? []);
  expectPlain(argv.includes('csv') ? printed.replaceAll('"\r\n', '"\n') : printed);
  expect(tripped(), 'I6: programs that were run').toEqual([]);
  const report = existsSync(stage.report) ? (JSON.parse(readFileSync(stage.report, 'utf8')) as ReportV1) : undefined;
  if (given.report !== false && report !== undefined) {
    expectLedger(report, given);
    if (given.again !== false && given.uid === undefined && (isAgain || report.counts.files >= THREADS)) await expectSameAgain(report, given, stage);
  }
  expect([...watched, stage.home, stage.temporary].map(snapshot), 'I5: what was there before').toEqual(before);
  return { ...ran, report: report ?? expectReport(given, printed), calls: stage.calls() };
}

/** A run that could not start makes no report; whoever looks into it all the same learns what was printed. */
function expectReport(given: Attack, printed: string): ReportV1 {
  const absent = (): never => {
    throw new Error(`keysift ${(given.argv ?? []).join(' ')} made no report, but printed ${printed}`);
  };
  return new Proxy({} as ReportV1, { get: absent });
}

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly late: boolean;
}

type Runner = (argv: readonly string[], given: Attack, stage: Stage) => Promise<Ran>;

async function runHere(argv: readonly string[], given: Attack, stage: Stage): Promise<Ran> {
  startGuardian();
  const options = { cwd: given.cwd, env: stage.environment(given), now: new Date(), ...(given.stdin === undefined ? {} : { stdin: given.stdin }) };
  const began = performance.now();
  const ran = await keysift(argv, options);
  const took = performance.now() - began;
  return { ...ran, late: took > SECONDS * 1000 && took > SECONDS * 1000 * slowness() };
}

/** Waits for beats, and ends the process when they stay away. */
const GUARDIAN = `
  const { beats, longest, file } = require('node:worker_threads').workerData;
  while (Atomics.wait(beats, 0, Atomics.load(beats, 0), longest) !== 'timed-out');
  require('node:fs').writeSync(2, 'I3: a run in the process of ' + file + ' loops for ever\\n');
  process.kill(process.pid, 'SIGKILL');`;

let guarded = false;

/** A loop that does not end would stop the tests for ever: no limit of theirs is looked at meanwhile. */
function startGuardian(): void {
  if (guarded) return;
  guarded = true;
  const beats = new Int32Array(new SharedArrayBuffer(4));
  new Worker(GUARDIAN, { eval: true, workerData: { beats, longest: SECONDS * SLOWEST * 1000, file: expect.getState().testPath } }).unref();
  setInterval(() => {
    Atomics.add(beats, 0, 1);
    Atomics.notify(beats, 0);
  }, 1000).unref();
}

function run(argv: readonly string[], given: Attack, stage: Stage): Promise<Ran> {
  const asUser = given.uid === undefined ? [] : ['setpriv', `--reuid=${given.uid}`, `--regid=${given.uid}`, '--clear-groups'];
  const command = [
    ...(HAS_NAMESPACES ? WITHOUT_NETWORK : []),
    ...asUser,
    process.execPath,
    ...(given.uid === undefined ? [`--require=${OBSERVER}`] : []),
    ...(given.impatient === true ? [`--import=${IMPATIENCE}`] : []),
    ...(given.node ?? []),
    BINARY,
    ...argv,
  ];
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: given.cwd,
    env: { ...stage.environment(given), KEYSIFT_TEST_OBSERVED: stage.observed },
    detached: true, // a group of its own, which can be ended as one
  });
  const pieces: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => pieces[0].push(chunk));
  child.stderr.on('data', (chunk: Buffer) => pieces[1].push(chunk));
  child.stdin.on('error', () => undefined); // it need not read all of it
  child.stdin.end(given.stdin ?? '');
  let late = false;
  let timer: NodeJS.Timeout;
  const wait = (milliseconds: number): void => {
    timer = setTimeout(() => {
      const left = began + limit * slowness() - performance.now();
      if (left > 0) {
        wait(left);
        return;
      }
      late = true;
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    }, milliseconds);
  };
  const began = performance.now();
  const limit = (given.limit ?? SECONDS) * 1000;
  wait(limit);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      const [stdout, stderr] = pieces.map((all) => Buffer.concat(all).toString('utf8')) as [string, string];
      resolve({ code, stdout, stderr, late });
    });
  });
}

/** Milliseconds within which Node starts on a free machine, twice over. */
const START = 100;
const SLOWEST = 20;

/** How much longer things take now, beside whatever else the machine does, than on a free one: at least 1. */
function slowness(): number {
  const began = performance.now();
  spawnSync(process.execPath, ['--eval', '0']);
  return Math.min(SLOWEST, Math.max(1, (performance.now() - began) / START));
}

/** Characters of a secret in a row that are looked for. */
const GRAM = 8;
/** Leading characters that may be the public prefix of a kind of key, and are shown. */
const PREFIX = 8;

/** I1. */
export function expectNoSecret(output: string, secrets: readonly string[]): void {
  for (const secret of secrets) {
    const rest = secret.slice(Math.min(PREFIX, secret.length - GRAM));
    const forms = [
      ...Array.from({ length: Math.max(1, rest.length - GRAM + 1) }, (_, at) => rest.slice(at, at + GRAM)),
      Buffer.from(secret)
        .toString('hex')
        .slice(2 * PREFIX, 4 * PREFIX),
      ...[0, 1, 2].map((shift) =>
        Buffer.from(secret.slice(PREFIX + shift))
          .toString('base64')
          .slice(0, 12),
      ),
      ...['md5', 'sha1', 'sha256'].flatMap((name) => [
        hash(name, secret).toString('hex').slice(0, 12),
        hash(name, secret).toString('base64').slice(0, 12),
      ]),
    ];
    for (const form of forms) if (output.includes(form)) expect.unreachable(`I1: ${JSON.stringify(form)}, which is of a secret, is in the output`);
  }
}

function hash(name: string, text: string): Buffer {
  return createHash(name).update(text).digest();
}

// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const STEERING =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|^\s*::|##\[|##vso\[|##teamcity\[/m;

/** I2. */
export function expectPlain(printed: string): void {
  const found = STEERING.exec(printed);
  if (found === null) return;
  expect.unreachable(`I2: ${JSON.stringify(found[0])} in ${JSON.stringify(printed.slice(Math.max(0, found.index - 60), found.index + 60))}`);
}

/** I7. What is listed twice in `files` is what was counted besides: folders of git, targets of links. */
function expectLedger(report: ReportV1, given: Attack): void {
  expect(
    report.notScanned.filter(({ unit }) => unit === 'the ledger'),
    'I7',
  ).toEqual([]);
  expect(report.counts.notScanned, 'I7').toBe(report.notScanned.length);
  expect(report.scan.complete, 'I7').toBe(report.notScanned.length === 0);
  const excluded = Object.values(report.excluded).reduce((sum, count) => sum + count, 0);
  expect(report.counts.excluded, 'I7').toBe(excluded);
  expect(report.counts, 'I7').toMatchObject(given.counts ?? countsOf(given, report));
}

function countsOf({ cwd, argv = [] }: Attack, report: ReportV1): Counts {
  const paths = argv.filter((part) => !part.startsWith('-'));
  if (report.scan.sources.includes('files') && paths.every((path) => path === '.')) {
    const besides = ['git folder', 'SYMLINK-OUT'].reduce((sum, reason) => sum + (report.excluded[reason] ?? 0), 0);
    const folders = report.notScanned.filter(({ unit }) => unit.endsWith('/')).length;
    return { files: filesBelow(cwd) + besides + folders };
  }
  if (!report.scan.sources.includes('history') || argv.includes('--all-objects')) return {};
  const { blobs = 0, commits = 0 } = objectsOf(TestRepository.at(cwd));
  // What is not on disk is looked at for the working tree and for the history.
  return { blobs: blobs + (report.excluded['not on disk, scanned from the index'] ?? 0), commits };
}

/** All that is no folder below one, without what lies in folders of git. */
export function filesBelow(folder: string | Buffer): number {
  let count = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })) {
    const path = Buffer.concat([Buffer.from(folder), Buffer.from('/'), entry.name]);
    if (!entry.isDirectory()) count++;
    else if (entry.name.toString() !== '.git') count += filesBelow(path);
  }
  return count;
}

/** What refs, HEAD and the stash reach, and what the index holds, by git's own walk. */
export function objectsOf(repository: TestRepository): Counts {
  const lines = (args: readonly string[], input?: string): string[] => {
    const { stdout } = repository.tryGit(['--no-replace-objects', ...args], input === undefined ? {} : { input });
    return stdout
      .toString('latin1')
      .split('\n')
      .filter((line) => line !== '');
  };
  // In a folder with a git directory of its own git is not asked for what has no file there.
  const gitDir = join(repository.path, '.git');
  const mayHave = (file: string): boolean => !existsSync(join(gitDir, 'HEAD')) || existsSync(join(gitDir, file));
  const stash = mayHave('logs/refs/stash') ? lines(['reflog', 'show', '--format=%H', 'refs/stash']) : [];
  const left = ['ORIG_HEAD', 'FETCH_HEAD', 'MERGE_HEAD'].filter(mayHave).flatMap((name) => lines(['rev-parse', '--verify', '--quiet', name]));
  const head = lines(['rev-parse', '--verify', '--quiet', 'HEAD']);
  const reached = lines(['rev-list', '--objects', '--no-object-names', '--all', '--missing=print', ...head, ...stash, ...left]);
  const staged = lines(['ls-files', '--stage']).flatMap((line) => (line.startsWith('160000') ? [] : (line.split(' ')[1] ?? [])));
  const types = lines(['cat-file', '--batch-check=%(objectname) %(objecttype)'], [...new Set([...reached, ...staged])].join('\n'));
  const count = (type: string): number => new Set(types.filter((line) => line.endsWith(` ${type}`))).size;
  return { blobs: count('blob'), commits: count('commit') };
}

/** From so many files on there are threads. */
const THREADS = 2000;

/** I8, and that the program says as a process what it says in this one. */
async function expectSameAgain(report: ReportV1, given: Attack, stage: Stage): Promise<void> {
  for (const jobs of report.counts.files < THREADS ? ['8'] : ['1', '8']) {
    const now = new Date(report.scan.startedAt);
    const options = { cwd: given.cwd, env: stage.environment(given), now, ...(given.stdin === undefined ? {} : { stdin: given.stdin }) };
    const { stdout } = await keysift([`--jobs=${jobs}`, '--format', 'json', ...(given.argv ?? [])], options);
    expect(timeless(JSON.parse(stdout) as ReportV1), `I8: with ${jobs} threads`).toEqual(timeless(report));
  }
}

export function timeless(report: ReportV1): unknown {
  return JSON.parse(JSON.stringify({ ...report, scan: { ...report.scan, startedAt: '', durationMs: 0 } }, undefined, 1));
}

const LARGE = 4 * 1024 ** 2;

/** I5: what is below a folder, with mode, size, time of change, and content where it is not too much. */
export function snapshot(folder: string | Buffer): string {
  const digest = createHash('sha256');
  const look = (path: Buffer): void => {
    let stat: BigIntStats;
    try {
      stat = lstatSync(path, { bigint: true });
    } catch (error) {
      digest.update(`${path.toString('latin1')} ${(error as NodeJS.ErrnoException).code}\n`);
      return;
    }
    // Whatever reads a split index sets the time of its shared part, git's own reading commands too.
    const time = path.includes('/sharedindex.') ? '' : stat.mtimeNs;
    digest.update(`${path.toString('latin1')} ${stat.mode} ${stat.uid} ${stat.size} ${time}\n`);
    if (stat.isSymbolicLink()) digest.update(readlinkSync(path, 'buffer'));
    else if (stat.isFile() && stat.size <= LARGE) digest.update(readFileSync(path));
    else if (stat.isDirectory()) {
      const names = readdirSync(path, { encoding: 'buffer' }).toSorted((a, b) => Buffer.compare(a, b));
      for (const name of names) look(Buffer.concat([path, Buffer.from('/'), name]));
    }
  };
  look(Buffer.from(folder));
  return digest.digest('hex');
}

let wires: string | undefined;

function wiresFolder(): string {
  wires ??= temporaryFolder();
  return wires;
}

/** A program that leaves a mark when it is run. */
export function tripwire(name: string): string {
  const program = join(wiresFolder(), `${name}.sh`);
  writeFileSync(program, `#!/bin/sh\ntouch '${join(wiresFolder(), `${name}.ran`)}'\ncat\n`, { mode: 0o755 });
  return program;
}

/** The names of those that were run. */
export function tripped(): string[] {
  if (wires === undefined) return [];
  return readdirSync(wires).flatMap((file) => (file.endsWith('.ran') ? [file.slice(0, -'.ran'.length)] : []));
}

/** Takes the marks of all tripwires away, such as those of git calls that made a test's repository. */
export function untrip(): void {
  for (const name of tripped()) rmSync(join(wiresFolder(), `${name}.ran`));
}
