import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // One worker a processor: half of the time is spent waiting for git and for keysift itself.
    maxWorkers: '100%',
    // Against what hangs. On a free machine the longest test takes half a minute; it may have other work.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
