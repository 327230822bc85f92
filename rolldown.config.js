/** The command line in few files: each costs a start about half a millisecond. */
export default {
  // A thread of `src/scan/pool.ts` or `history-pool.ts` is a program of its own.
  input: ['dist/cli/main.js', 'dist/scan/pool-thread.js', 'dist/scan/history-thread.js'],
  platform: 'node',
  output: {
    dir: 'dist/bin',
    format: 'esm',
    minify: true,
    cleanDir: true,
    codeSplitting: {
      groups: [
        { name: 'base', test: /dist\/cli\/main\.js$/, priority: 2 },
        // What a commit hook loads, with all that it imports.
        { name: 'scan', test: /dist\/(?:cli\/scan-command|report\/text)\.js$/, priority: 1 },
      ],
    },
  },
};
