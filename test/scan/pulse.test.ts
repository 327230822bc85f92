/** A thread that stands still is ended, and none that works or waits for work. */
import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SILENCE_MS } from '../../src/git/command.ts';
import { beat, newPulse, setResting, watch } from '../../src/scan/pulse.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A thread that is watched, and how often it was told to end. */
function watched() {
  const pulse = newPulse();
  const terminate = vi.fn<() => void>();
  const worker = Object.assign(new EventEmitter(), { terminate });
  watch(worker as unknown as Worker, pulse);
  return { pulse, terminate, worker };
}

test('one that never began to work is left alone', () => {
  const { terminate } = watched();
  vi.advanceTimersByTime(10 * SILENCE_MS);
  expect(terminate).not.toHaveBeenCalled();
});

test('one that began and has done nothing since is ended, at the first look', () => {
  const { pulse, terminate } = watched();
  setResting(pulse, false);
  vi.advanceTimersByTime(SILENCE_MS - 1);
  expect(terminate).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(terminate).toHaveBeenCalledOnce();
});

test('one that does a little between two looks goes on, until it does nothing', () => {
  const { pulse, terminate } = watched();
  setResting(pulse, false);
  for (let look = 0; look < 5; look++) {
    beat(pulse);
    vi.advanceTimersByTime(SILENCE_MS);
  }
  expect(terminate).not.toHaveBeenCalled();
  setResting(pulse, true);
  vi.advanceTimersByTime(5 * SILENCE_MS);
  expect(terminate).not.toHaveBeenCalled();
  setResting(pulse, false);
  vi.advanceTimersByTime(SILENCE_MS);
  expect(terminate).toHaveBeenCalledOnce();
});

test('one that has ended is looked at no more', () => {
  const { pulse, terminate, worker } = watched();
  setResting(pulse, false);
  worker.emit('exit', 0);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(SILENCE_MS);
  expect(terminate).not.toHaveBeenCalled();
});
