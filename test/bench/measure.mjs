/**
 * Runs commands and says what they cost. CPU seconds are user + system of a process and of everything that it started
 * and waited for. Node's own `process.resourceUsage()` leaves children out, so the numbers come from outside: from
 * GNU time (`/usr/bin/time`), which also knows the largest resident set of any one of the processes, or, where that is
 * missing, from the shell's `times`, which every POSIX shell has but which knows no memory.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {{ readonly name: string; readonly argv: readonly string[]; readonly cwd?: string; readonly okCodes?: readonly number[] }} Command */
/** @typedef {{ readonly wall: number; readonly cpu: number; readonly peak: number | undefined; readonly stdout: string; readonly code: number }} Cost wall and CPU in seconds, peak in bytes */

const GNU_TIME = '/usr/bin/time';
export const hasGnuTime = existsSync(GNU_TIME) && spawnSync(GNU_TIME, ['-f', '%e', 'true']).status === 0;

/**
 * @param {Command} command
 * @param {{ keep?: boolean }} [options] `keep` returns stdout; otherwise it goes to the null device
 * @returns {Cost}
 */
export function measure(command, { keep = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'keysift-cost-'));
  const report = join(folder, 'cost');
  try {
    const wrapped = hasGnuTime
      ? [GNU_TIME, '-q', '-o', report, '-f', '%U %S %M', ...command.argv]
      : ['sh', '-c', '"$@" 3>&-; code=$?; times >&3; exit $code', 'sh', ...command.argv];
    const [program = '', ...args] = wrapped;
    const begun = process.hrtime.bigint();
    const result = spawnSync(program, args, {
      cwd: command.cwd,
      maxBuffer: 1024 ** 3,
      stdio: ['ignore', keep ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, GIT_PAGER: 'cat' },
    });
    const wall = Number(process.hrtime.bigint() - begun) / 1e9;
    if (result.error !== undefined) throw result.error;
    const code = result.status ?? -1;
    if (!(command.okCodes ?? [0]).includes(code)) {
      throw new Error(`${command.name} ended with ${result.status ?? result.signal}: ${result.stderr.toString().slice(0, 500)}`);
    }
    const stdout = keep ? result.stdout.toString() : '';
    if (!hasGnuTime) return { wall, cpu: cpuOfTimes(String(result.output[3])), peak: undefined, stdout, code };
    const [user = 0, system = 0, kilobytes = 0] = (readFileSync(report, 'utf8').trim().split('\n').at(-1) ?? '').split(' ').map(Number);
    return { wall, cpu: user + system, peak: kilobytes * 1024, stdout, code };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The second line of `times` is that of the children: `0m1.230s 0m0.040s`.
 * @param {string} text
 */
function cpuOfTimes(text) {
  const [, children = ''] = text.trim().split('\n');
  let seconds = 0;
  for (const [, minutes, rest] of children.matchAll(/(\d+)m([\d.,]+)s/g)) seconds += Number(minutes) * 60 + Number(rest?.replace(',', '.'));
  return seconds;
}

/** @param {readonly number[]} numbers */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/**
 * All commands in turn, `runs` times, so that what else the machine does hits them alike.
 * @param {readonly Command[]} commands the first is what the others are compared with
 * @param {number} runs
 */
export function interleaved(commands, runs) {
  /** @type {Map<string, Cost[]>} */
  const costs = new Map(commands.map(({ name }) => [name, []]));
  for (let run = 0; run < runs; run++) for (const command of commands) costs.get(command.name)?.push(measure(command));
  return costs;
}

/**
 * One row a command: medians, and the median of the ratios of its pairs with the first.
 * @param {Map<string, Cost[]>} costs
 * @param {number} [bytes] for MB per CPU-second of the first
 */
export function table(costs, bytes) {
  const base = [...costs.values()][0] ?? [];
  const rows = [['', 'CPU s', 'wall s', 'min wall s', 'peak MB', 'CPU of the first / this', 'wall of the first / this', 'MB/CPU-s']];
  for (const [name, list] of costs) {
    const cpu = median(list.map((cost) => cost.cpu));
    const peaks = list.flatMap((cost) => (cost.peak === undefined ? [] : [cost.peak]));
    const ratio = (/** @type {'cpu' | 'wall'} */ key) =>
      list === base ? '' : median(list.map((cost, index) => (base[index]?.[key] ?? 0) / Math.max(cost[key], 0.001))).toFixed(2);
    rows.push([
      name,
      cpu.toFixed(2),
      median(list.map((cost) => cost.wall)).toFixed(3),
      Math.min(...list.map((cost) => cost.wall)).toFixed(3),
      peaks.length === 0 ? '-' : (median(peaks) / 1e6).toFixed(0),
      ratio('cpu'),
      ratio('wall'),
      bytes === undefined ? '' : (bytes / 1e6 / Math.max(cpu, 0.001)).toFixed(0),
    ]);
  }
  return aligned(rows);
}

/** @param {readonly (readonly string[])[]} rows */
export function aligned(rows) {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function load() {
  return `load ${loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')}`;
}
