/** What the command line does with the world that is handed in: where reports go, colour, progress, questions. */
import { getEventListeners } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { stylesFor, wantsColour } from '../../src/cli/colour.ts';
import type { Io } from '../../src/cli/io.ts';
import { readOutputs, writeOutputs, type OutputFlags, type ReportSource, type Wanted } from '../../src/cli/outputs.ts';
import { startProgress } from '../../src/cli/progress.ts';
import { checkTerminal, withQuestions } from '../../src/cli/questions.ts';
import type { Totals } from '../../src/scan/collector.ts';
import { finding, location, OPTIONS, render, report } from '../support/reports.ts';
import { refused, Said, world, type World } from '../support/world.ts';

describe('which reports are wanted', () => {
  const io = world();
  const read = (...values: string[]): Promise<Wanted[]> => readOutputs(values, io);

  test('text, where nothing is said; each in its file, and one printed', async () => {
    expect(await read()).toEqual([{ format: 'text' }]);
    expect(await read('json=a=b.json', 'csv')).toEqual([{ format: 'json', file: 'a=b.json' }, { format: 'csv' }]);
  });

  test('what cannot be is refused, with what to write', async () => {
    expect(await refused(read('json', 'x=y', 'csv'))).toEqual([
      expect.stringContaining('unknown format "x"'),
      expect.stringMatching(/^Use one of text, json, /),
    ]);
    expect(await refused(read('jsn=x'))).toEqual(['unknown format "jsn"', expect.stringMatching(/^Did you mean json\? Use one of text, json, /)]);
    expect(await refused(read('x'.repeat(100)))).toEqual([`unknown format "${'x'.repeat(80)}"`, expect.anything()]);
    expect(await refused(read('json', 'text', 'csv=x'))).toEqual([
      '-f json and -f text both go to standard output',
      'Give all but one a file: -f text=FILE.',
    ]);
    expect(await refused(read('json='))).toEqual(['"json=" names no file', 'Write -f json=FILE, or -f json for standard output.']);
    expect(await refused(read('json=none/x'))).toEqual([expect.stringContaining('its folder does not exist'), 'Make the folder first.']);
  });

  test('two in one file are refused, however its folder is called', async () => {
    mkdirSync(join(io.cwd, 'folder'));
    symlinkSync('folder', join(io.cwd, 'link'));
    expect(await read('json=folder/a', 'csv=folder/b', 'text=a')).toHaveLength(3);
    for (const other of ['folder/a', './folder/../folder/a', 'link/a', join(io.cwd, 'folder/a')]) {
      expect(await refused(read('json=folder/a', 'text=b', `csv=${other}`)), other).toEqual([
        `two reports go to ${join(io.cwd, 'folder/a')}`,
        'Give each a file of its own.',
      ]);
    }
  });
});

describe('reports', () => {
  const given = report([finding(0)]);
  const write = async (io: World, wanted: readonly Wanted[], flags: OutputFlags = {}, source: ReportSource = () => given): Promise<World> => {
    await writeOutputs(wanted, source, flags, io);
    return io;
  };

  test('go to their files, and one to standard output', async () => {
    const io = await write(world(), [{ format: 'csv', file: 'a.csv' }, { format: 'jsonl' }]);
    expect(io.stdout.text).toBe(await render('jsonl', given));
    expect(readFileSync(join(io.cwd, 'a.csv'), 'utf8')).toBe(await render('csv', given));
    expect((await write(world(), [{ format: 'csv', file: 'a.csv' }])).stdout.text).toBe('');
  });

  test('are made once for all files, and hold plain secrets only in formats that may, where they are asked for', async () => {
    const asked: boolean[] = [];
    const source: ReportSource = (showSecrets) => (asked.push(showSecrets), given);
    const wanted: Wanted[] = [{ format: 'csv', file: 'a' }, { format: 'jsonl', file: 'b' }, { format: 'text' }];
    await write(world(), wanted, { showSecrets: true }, source);
    expect(asked).toEqual([false, true]);
    asked.length = 0;
    await write(world(), wanted, {}, source);
    expect(asked).toEqual([false]);
  });

  test('know how wide a terminal is and whether it has colour, and files do neither', async () => {
    const wanted: Wanted[] = [{ format: 'text', file: 'a.txt' }, { format: 'text' }];
    const io = await write(world({ stdout: new Said(true, 40) }), wanted);
    const file = readFileSync(join(io.cwd, 'a.txt'), 'utf8');
    expect([io.stdout.text.includes('\u001B['), file.includes('\u001B[')]).toEqual([true, false]);
    // eslint-disable-next-line no-control-regex
    const plain = io.stdout.text.replaceAll(/\u001B\[\d+m/g, '');
    expect(plain.split('\n').length).toBeGreaterThan(file.split('\n').length);
    expect((await write(world({ stdout: new Said(false, 40) }), [{ format: 'text' }])).stdout.text).toBe(file);
    expect((await write(world({ stdout: new Said(true, 40) }), [{ format: 'text' }], { color: false })).stdout.text).toBe(plain);
  });

  test('say as much as is asked for', async () => {
    const suppressed = {
      ...report([finding(0, { locations: Array.from({ length: 9 }, (_, index) => location(`f${index}.ts`)) })]),
      suppressed: [{ ...finding(1), by: 'baseline' as const, reason: 'known' }],
    };
    const printed = async (flags: OutputFlags): Promise<string> => (await write(world(), [{ format: 'text' }], flags, () => suppressed)).stdout.text;
    const usual = await printed({});
    expect(await printed({ quiet: true })).not.toBe(usual);
    expect((await printed({ verbose: true })).length).toBeGreaterThan(usual.length);
    expect(await printed({ showSuppressed: true })).toContain('known');
    expect(usual).not.toContain('known');
  });

  test('a file that cannot be written keeps no finding from being seen, and is an error', async () => {
    const io = world();
    mkdirSync(join(io.cwd, 'folder'));
    const failed = await refused(
      write(io, [
        { format: 'csv', file: 'folder' },
        { format: 'json', file: 'none/x' },
        { format: 'jsonl', file: 'b' },
      ]),
    );
    expect(failed).toEqual([expect.stringMatching(/folder.*; .*none\/x/), expect.any(String)]);
    expect(io.stdout.text).toBe(await render('text', given, { ...OPTIONS, verbose: false }));
    expect(existsSync(join(io.cwd, 'b'))).toBe(true);
    const bug = new TypeError('a bug');
    let asked = 0;
    const broken: ReportSource = () => {
      if (asked++ > 0) return given;
      throw bug;
    };
    await expect(writeOutputs([{ format: 'csv', file: 'c' }], broken, {}, io)).rejects.toBe(bug);
  });

  test('the job summary is added to, as far as there is room', async () => {
    const io = world();
    const summary = join(io.cwd, 'summary.md');
    const env = { GITHUB_STEP_SUMMARY: 'summary.md' };
    const wanted: Wanted[] = [{ format: 'markdown', file: summary }];
    const whole = await render('markdown', given);
    await write({ ...io, env }, wanted);
    expect(readFileSync(summary, 'utf8')).toBe(`\n\n${whole}`);
    await write({ ...io, env }, wanted);
    expect(readFileSync(summary, 'utf8')).toBe(`\n\n${whole}\n\n${whole}`);
    const before = 'x'.repeat(1_048_576 - 2 - 2000);
    writeFileSync(summary, before);
    await write({ ...io, env }, wanted);
    expect(readFileSync(summary, 'utf8')).toMatch(/x\n\n## keysift: [^\n]*\n\nThere is no room for more/);
    writeFileSync(summary, `${before}x`);
    await write({ ...io, env }, wanted);
    expect([readFileSync(summary, 'utf8') === `${before}x`, io.stderr.text]).toEqual([
      true,
      'keysift: the job summary is full, so nothing was added to it\n',
    ]);
    await write({ ...io, env: { GITHUB_STEP_SUMMARY: '' } }, wanted);
    expect(readFileSync(summary, 'utf8')).toBe(whole);
    for (const _ of ['once', 'twice']) await write({ ...io, env }, [{ format: 'csv', file: 'other' }]);
    expect(readFileSync(join(io.cwd, 'other'), 'utf8')).toBe(await render('csv', given));
  });
});

test.each<readonly [flag: boolean | undefined, env: NodeJS.ProcessEnv, isTerminal: boolean, colour: boolean]>([
  [undefined, {}, true, true],
  [undefined, {}, false, false],
  [undefined, { CI: 'true' }, false, false],
  [undefined, { TERM: 'dumb' }, true, false],
  [undefined, { NO_COLOR: '1' }, true, false],
  [undefined, { NO_COLOR: '', FORCE_COLOR: '' }, true, true],
  [undefined, { FORCE_COLOR: '1' }, false, true],
  [undefined, { FORCE_COLOR: '0' }, true, false],
  [undefined, { FORCE_COLOR: 'false' }, true, false],
  [undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [true, { NO_COLOR: '1' }, false, true],
  [false, { FORCE_COLOR: '1' }, true, false],
])('colour: flag %j, environment %j, terminal %j: %j', (flag, env, isTerminal, colour) => {
  expect(wantsColour({ isTerminal }, env, flag)).toBe(colour);
  expect(stylesFor(colour).red('x') !== 'x').toBe(colour);
});

describe('progress', () => {
  afterEach(() => {
    vi.useRealTimers();
  });
  const totals = { files: 3, blobs: 4, commits: 1, bytes: 5_600_000 } as Totals;
  const after = (io: World, ms: number, wanted = true): World => {
    vi.useFakeTimers();
    const progress = startProgress(io, wanted);
    vi.advanceTimersByTime(ms);
    progress.watch(totals);
    vi.advanceTimersByTime(ms);
    progress.stop();
    return io;
  };
  let time = 0;
  const clock = (): number => (time += 1000);

  test('is a line that moves, and is gone in the end', () => {
    time = 5000;
    const { stderr } = after(world({ clock }, true), 100);
    expect(stderr.text).toBe('\r\u001B[Kscanning: 3 files, 4 blobs, 1 commit, 5.6 MB, 5.6 MB/s\r\u001B[K');
    time = 0;
    expect(after(world({ clock }, true), 150).stderr.text).toBe(
      '\r\u001B[Kscanning: 3 files, 4 blobs, 1 commit, 5.6 MB, 5.6 MB/s\r\u001B[Kscanning: 3 files, 4 blobs, 1 commit, 5.6 MB, 2.8 MB/s\r\u001B[K',
    );
    expect(after(world({}, true), 49).stderr.text).toBe('');
    expect(after(world({}, true), 100).stderr.text).toContain(' 5600.0 MB/s');
  });

  test('is no longer than a line of the terminal', () => {
    expect(after(world({ stderr: new Said(true, 12) }), 100).stderr.text).toBe('\r\u001B[Kscanning: 3\r\u001B[K');
    expect(after(world({ stderr: new Said(true, 0) }), 100).stderr.text).toBe('\r\u001B[K\r\u001B[K');
  });

  test('is there for people alone, who want it', () => {
    expect([after(world(), 300).stderr.text, after(world({}, true), 300, false).stderr.text]).toEqual(['', '']);
  });
});

describe('questions', () => {
  const refusal = { message: 'nobody is there', hint: 'Do it by hand.' };
  const asking = (...lines: string[]): Io['stdin'] => Object.assign(Readable.from(lines), { isTTY: true });
  const answers = (io: World): Promise<(string | undefined)[]> =>
    withQuestions(io, refusal, async (ask) => [await ask('One? '), await ask('Two? '), await ask('Three? ')]);

  test('are asked one after the other, an answer a line', async () => {
    const io = world({ stdin: asking(' yes \nn', 'o\n') });
    expect(await answers(io)).toEqual(['yes', 'no', undefined]);
    expect(io.stdout.text).toBe('One? Two? Three? ');
  });

  test('need somebody who answers', async () => {
    expect(await refused(answers(world({ stdin: Readable.from(['yes\n']) })))).toEqual([refusal.message, refusal.hint]);
    expect(() => checkTerminal(world({ stdin: asking() }), refusal)).not.toThrow();
  });

  test('leave nobody listening', async () => {
    const { signal } = new AbortController();
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const listening = (): unknown[] => [getEventListeners(signal, 'abort').length, stdin.isPaused()];
    const io = world({ stdin, signal });
    await withQuestions(io, refusal, async () => expect(listening()).toEqual([1, false]));
    expect(listening()).toEqual([0, true]);
  });

  test('end when somebody interrupts', async () => {
    const controller = new AbortController();
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    stdin.write('yes\n');
    const io = world({ stdin, signal: controller.signal });
    const given = withQuestions(io, refusal, async (ask) => {
      const first = await ask('One? ');
      controller.abort();
      return [first, await ask('Two? ')];
    });
    expect(await given).toEqual(['yes', undefined]);
  });
});
