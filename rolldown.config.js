/**
 * Functions and classes of Node's whose modules take as long to load as a hook takes to look at a file. They are only called where
 * something was found, or there are threads, or packages: so their modules are loaded by the first call.
 */
const LATE = /^import \{ (Worker|[\w, ]+(?= \} from 'node:(?:child_process|crypto|module|zlib)')) \} from '(node:\w+)';$/gm;
/** Commander starts programs for subcommands of other kinds than ours: what nobody calls. */
const NEVER_CALLED = /^const childProcess = require\('node:child_process'\);$/m;

/**
 * The command line in few files: each costs a start about half a millisecond. `bin/keysift.js` loads them, which is why they
 * are CommonJS.
 */
export default {
  // A thread of `src/scan/pool.ts` or `history-pool.ts` is a program of its own.
  input: ['dist/cli/main.js', 'dist/scan/pool-thread.js', 'dist/scan/history-thread.js'],
  platform: 'node',
  plugins: [
    { name: 'late', transform: (code) => code.replace(LATE, lateFunctions).replace(NEVER_CALLED, 'const childProcess = {};') },
    { name: 'ascii', generateBundle: (_, bundle) => Object.values(bundle).forEach(escapeOthers) },
  ],
  output: {
    dir: 'dist/bin',
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
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

/** A text of ASCII alone is read without being decoded, and V8 keeps it in half of the memory. */
function escapeOthers(chunk) {
  chunk.code = chunk.code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function lateFunctions(_, names, module) {
  const late = (name) =>
    `function ${name}(...args) { const late = require('${module}').${name}; return new.target ? new late(...args) : late(...args); }`;
  return names.split(', ').map(late).join(' ');
}
