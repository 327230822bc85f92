/** What `run.mjs` changes, by name, and the tests that must notice: unit tests of a second or two, since each mutant runs them. */
export const MODULES = {
  ledger: {
    mutate: ['src/scan/collector.ts', 'src/scan/gathered.ts'],
    tests: ['test/scan/collector.test.ts', 'test/scan/windows.test.ts'],
  },
  'exit-codes': {
    mutate: ['src/model/exit-code.ts'],
    tests: ['test/model/exit-code.test.ts'],
  },
  redaction: {
    mutate: [
      'src/model/secret.ts',
      'src/model/file-name.ts',
      'src/model/read-fault.ts',
      'src/report/safe-text.ts',
      'src/report/safe-json.ts',
      'src/report/xml.ts',
      'src/report/markdown-text.ts',
      'src/report/html-text.ts',
    ],
    tests: [
      'test/model/secret.test.ts',
      'test/model/file-name.test.ts',
      'test/model/read-fault.test.ts',
      'test/report/safe-text.test.ts',
      'test/report/escaping.test.ts',
    ],
  },
  'whole-file': {
    mutate: ['src/model/whole-file.ts'],
    tests: ['test/model/whole-file.test.ts'],
  },
  acceptance: {
    mutate: [
      'src/policy/triage.ts',
      'src/policy/entry.ts',
      'src/policy/baseline.ts',
      'src/policy/seal.ts',
      'src/policy/inline.ts',
      'src/policy/path-patterns.ts',
      'src/policy/limits.ts',
    ],
    tests: [
      'test/policy/triage.test.ts',
      'test/policy/entry.test.ts',
      'test/policy/seal.test.ts',
      'test/policy/inline.test.ts',
      'test/policy/path-patterns.test.ts',
    ],
  },
};
