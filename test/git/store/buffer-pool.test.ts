import { expect, test } from 'vitest';
import { BufferPool } from '../../../src/git/store/buffer-pool.ts';

const MOST = 2 ** 25;

test('what was released is used again for what is no larger, and nothing else is', () => {
  const pool = new BufferPool();
  const first = pool.take(5000);
  expect([first.length, first.buffer.byteLength]).toEqual([5000, 8192]);
  expect(pool.take(5000).buffer).not.toBe(first.buffer);
  pool.release(first);
  expect(pool.take(4096).buffer).not.toBe(first.buffer);
  expect(pool.take(8193).buffer).not.toBe(first.buffer);
  const again = pool.take(8192);
  expect([again.length, again.buffer]).toEqual([8192, first.buffer]);
});

test('small sizes share one, and none is a size too', () => {
  const pool = new BufferPool();
  const nothing = pool.take(0);
  expect([nothing.length, nothing.buffer.byteLength]).toEqual([0, 4096]);
  pool.release(nothing);
  expect(pool.take(4096).buffer).toBe(nothing.buffer);
});

test('a few of a size are kept, and none of what is larger than any other or is not its own', () => {
  const pool = new BufferPool();
  const taken = Array.from({ length: 6 }, () => pool.take(4000));
  for (const bytes of taken) pool.release(bytes);
  const again = Array.from({ length: 6 }, () => pool.take(4000));
  const kept = again.filter(({ buffer }) => taken.some((bytes) => bytes.buffer === buffer));
  expect([kept.length, new Set(again.map(({ buffer }) => buffer)).size]).toEqual([4, 6]);
  const [large, larger] = [pool.take(MOST), pool.take(MOST + 1)];
  pool.release(large);
  pool.release(larger);
  expect(pool.take(MOST).buffer).toBe(large.buffer);
  expect(pool.take(MOST + 1).buffer).not.toBe(larger.buffer);
  const foreign = Buffer.allocUnsafeSlow(4096);
  pool.release(foreign);
  expect(Array.from({ length: 6 }, () => pool.take(4096).buffer)).not.toContain(foreign.buffer);
});
