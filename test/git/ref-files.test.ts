import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { refFilesOf } from '../../src/git/ref-files.ts';
import type { Repository } from '../../src/git/repository.ts';
import { InputFile } from '../../src/git/store/input-file.ts';
import { temporaryFolder, writeInto } from '../support/folder.ts';

const ID = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);

/** A git directory, and one of a linked worktree. */
function place(): { commonDir: string; gitDir: string; of: (reflog?: boolean) => string | undefined } {
  const commonDir = temporaryFolder();
  const gitDir = join(commonDir, 'worktrees', 'one');
  writeInto(commonDir, 'HEAD', 'ref: refs/heads/main\n');
  writeInto(commonDir, 'packed-refs', `${ID} refs/heads/main\n`);
  writeInto(commonDir, 'refs/heads/topic/one', `${ID}\n`);
  writeInto(commonDir, 'logs/refs/stash', `${ID} ${ID} \n`);
  writeInto(commonDir, 'logs/HEAD', `${ID} ${ID} \n`);
  writeInto(gitDir, 'HEAD', `${ID}\n`);
  writeInto(commonDir, 'worktrees/other/HEAD', `${ID}\n`);
  return { commonDir, gitDir, of: (reflog = false) => refFilesOf({ commonDir, gitDir } as Repository, reflog) };
}

describe('what stands for the files of refs', () => {
  test('is the same where nothing has changed', () => {
    const { of } = place();
    expect(of()).toMatch(/^[0-9a-f]{64}$/);
    expect(of()).toBe(of());
    expect(of(true)).not.toBe(of());
  });

  test.each<[what: string, change: (place: { commonDir: string; gitDir: string }) => void]>([
    ['another HEAD', ({ commonDir }) => writeInto(commonDir, 'HEAD', 'ref: refs/heads/topic/one\n')],
    ['no HEAD', ({ commonDir }) => rmSync(join(commonDir, 'HEAD'))],
    ['an empty HEAD', ({ commonDir }) => writeInto(commonDir, 'HEAD', '')],
    ['another HEAD of the worktree', ({ gitDir }) => writeInto(gitDir, 'HEAD', `${OTHER}\n`)],
    ['another HEAD of a worktree that is not this one', ({ commonDir }) => writeInto(commonDir, 'worktrees/other/HEAD', `${OTHER}\n`)],
    ['another worktree', ({ commonDir }) => writeInto(commonDir, 'worktrees/two/HEAD', `${ID}\n`)],
    ['a packed ref that moved', ({ commonDir }) => writeInto(commonDir, 'packed-refs', `${OTHER} refs/heads/main\n`)],
    ['no packed refs', ({ commonDir }) => rmSync(join(commonDir, 'packed-refs'))],
    ['a ref that moved', ({ commonDir }) => writeInto(commonDir, 'refs/heads/topic/one', `${OTHER}\n`)],
    ['a ref of another name', ({ commonDir }) => renameSync(join(commonDir, 'refs/heads/topic/one'), join(commonDir, 'refs/heads/topic/two'))],
    ['a new ref', ({ commonDir }) => writeInto(commonDir, 'refs/tags/v1', `${ID}\n`)],
    ['a ref of the worktree', ({ gitDir }) => writeInto(gitDir, 'refs/bisect/bad', `${ID}\n`)],
    ['a table of refs', ({ commonDir }) => writeInto(commonDir, 'reftable/tables.list', 'one.ref\n')],
    ['another stash', ({ commonDir }) => appendFileSync(join(commonDir, 'logs/refs/stash'), `${ID} ${OTHER} \n`)],
    ['what a reset left behind', ({ gitDir }) => writeInto(gitDir, 'ORIG_HEAD', `${ID}\n`)],
    ['what a fetch left behind', ({ commonDir }) => writeInto(commonDir, 'FETCH_HEAD', `${ID}\n`)],
  ])('is another with %s', (_, change) => {
    const { of, ...folders } = place();
    const before = of();
    change(folders);
    expect(of()).toMatch(/^[0-9a-f]{64}$/);
    expect(of()).not.toBe(before);
  });

  test('is another with another end of a file that is read in pieces', () => {
    const { commonDir, of } = place();
    const ends = [ID, OTHER].map((last) => {
      writeInto(commonDir, 'packed-refs', `${`${ID} refs/heads/main\n`.repeat(4000)}${last} refs/heads/main\n`);
      return of();
    });
    expect(ends[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(ends[1]).not.toBe(ends[0]);
  });

  test('is the same with another of what says nothing of refs', () => {
    const { commonDir, gitDir, of } = place();
    const before = [of(), of(true)];
    for (const folder of [commonDir, gitDir]) writeInto(folder, 'config', '[core]\n');
    writeInto(commonDir, 'worktrees/other/index', 'x');
    expect([of(), of(true)]).toEqual(before);
  });

  test('is nothing where a file gets shorter while it is read', () => {
    const { commonDir, of } = place();
    const packed = join(commonDir, 'packed-refs');
    const before = of();
    const real = Object.getOwnPropertyDescriptor(InputFile.prototype, 'read')!.value as InputFile['read'];
    const cutting = vi.spyOn(InputFile.prototype, 'read').mockImplementation(function cut(this: InputFile, ...asked) {
      if (this.path === packed) truncateSync(packed, 20);
      return real.apply(this, asked);
    });
    expect(of()).toBeUndefined();
    cutting.mockRestore();
    expect(of()).toMatch(/^[0-9a-f]{64}$/);
    expect(of()).not.toBe(before);
  });

  test('is another where one file says what another one said', () => {
    const { commonDir, of } = place();
    const packed = join(commonDir, 'packed-refs');
    // What stands between the two if it held no size.
    for (const size of ['none', '', 'undefined']) {
      const between = `\n${size} ${packed}\n`;
      writeInto(commonDir, 'HEAD', `a${between}b`);
      writeInto(commonDir, 'packed-refs', 'c');
      const before = of();
      writeInto(commonDir, 'HEAD', 'a');
      writeInto(commonDir, 'packed-refs', `b${between}c`);
      expect(of()).not.toBe(before);
    }
  });

  test('takes what cannot be below a file for what is not there', () => {
    const { commonDir, of } = place();
    rmSync(join(commonDir, 'logs'), { recursive: true });
    const before = of();
    writeInto(commonDir, 'logs', 'x');
    expect(of()).toBe(before);
  });

  test.runIf(process.platform === 'linux')('leaves no file open', () => {
    const { of } = place();
    of(true);
    const before = readdirSync('/proc/self/fd').length;
    of(true);
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });

  test('counts what reflogs remember where that is asked for', () => {
    const { commonDir, of } = place();
    const before = [of(), of(true)];
    appendFileSync(join(commonDir, 'logs/HEAD'), `${ID} ${OTHER} \n`);
    expect(of()).toBe(before[0]);
    expect(of(true)).not.toBe(before[1]);
  });

  test.runIf(process.platform !== 'win32').each<[what: string, change: (folder: string) => void]>([
    ['a HEAD that is a link', (folder) => symlinkSync('refs/heads/topic/one', join(folder, 'ORIG_HEAD'))],
    ['a ref that is a link', (folder) => symlinkSync('topic/one', join(folder, 'refs/heads/two'))],
    [
      'more bytes than are read',
      (folder) => {
        writeInto(folder, 'FETCH_HEAD', '');
        truncateSync(join(folder, 'FETCH_HEAD'), 2 ** 30 + 1);
      },
    ],
    ['a ref that nobody writes to', (folder) => void execFileSync('mkfifo', [join(folder, 'refs/heads/two')])],
    ['a HEAD that nobody writes to', (folder) => void execFileSync('mkfifo', [join(folder, 'MERGE_HEAD')])],
    ['a HEAD that is a folder', (folder) => mkdirSync(join(folder, 'MERGE_HEAD'))],
  ])('is nothing with %s', (_, change) => {
    const { commonDir, of } = place();
    change(commonDir);
    expect(of()).toBeUndefined();
  });
});
