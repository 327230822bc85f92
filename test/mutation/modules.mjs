/**
 * What `run.mjs` changes, by module and file, and the tests that must notice: unit tests of a second or two, since each
 * mutant runs those that reach it.
 */
const unit = (/** @type {string} */ file) => `test/${file}.test.ts`;

export const MODULES = {
  ledger: {
    'src/scan/collector.ts': [unit('scan/collector'), unit('scan/windows')],
    'src/scan/gathered.ts': [unit('scan/collector')],
    'src/sources/read-file.ts': [unit('sources/read-file')],
    'src/scan/pulse.ts': [unit('scan/pulse')],
  },
  'exit-codes': {
    'src/model/exit-code.ts': [unit('model/exit-code')],
    'src/cli/run.ts': [unit('cli/run')],
    'src/cli/io.ts': [unit('cli/run')],
  },
  redaction: {
    'src/model/secret.ts': [unit('model/secret')],
    'src/model/file-name.ts': [unit('model/file-name')],
    'src/model/read-fault.ts': [unit('model/read-fault')],
    'src/report/safe-text.ts': [unit('report/safe-text'), unit('report/escaping')],
    'src/report/safe-json.ts': [unit('report/escaping')],
    'src/report/xml.ts': [unit('report/escaping')],
    'src/report/markdown-text.ts': [unit('report/escaping')],
    'src/report/html-text.ts': [unit('report/escaping')],
    'src/scan/mask.ts': [unit('scan/mask')],
  },
  'whole-file': {
    'src/model/whole-file.ts': [unit('model/whole-file')],
  },
  acceptance: {
    'src/policy/triage.ts': [unit('policy/triage')],
    'src/policy/entry.ts': [unit('policy/entry')],
    'src/policy/baseline.ts': [unit('policy/seal'), unit('policy/entry')],
    'src/policy/seal.ts': [unit('policy/seal')],
    'src/policy/inline.ts': [unit('policy/inline')],
    'src/policy/path-patterns.ts': [unit('policy/path-patterns')],
    'src/policy/limits.ts': [unit('policy/path-patterns')],
  },
  policy: {
    'src/policy/policy-files.ts': [unit('policy/policy-files')],
    'src/policy/load.ts': [unit('policy/load')],
  },
  model: {
    'src/model/nearest.ts': [unit('model/nearest')],
    'src/model/json-source.ts': [unit('model/json-source')],
    'src/model/severity-rules.ts': [unit('model/severity-rules')],
    'src/model/severity.ts': [unit('model/severity-rules')],
    'src/model/squeeze.ts': [unit('model/squeeze')],
  },
  report: {
    'src/report/text.ts': [unit('report/text')],
    'src/report/codequality.ts': [unit('report/golden')],
    'src/report/checkstyle.ts': [unit('report/golden')],
    'src/report/csv.ts': [unit('report/golden')],
    'src/report/github.ts': [unit('report/golden')],
    'src/report/gitlab.ts': [unit('report/golden')],
    'src/report/html-charts.ts': [unit('report/golden')],
    'src/report/html.ts': [unit('report/golden')],
    'src/report/json.ts': [unit('report/golden'), unit('report/json')],
    'src/report/jsonl.ts': [unit('report/golden')],
    'src/report/junit.ts': [unit('report/golden')],
    'src/report/markdown.ts': [unit('report/golden')],
    'src/report/rdjson.ts': [unit('report/golden')],
    'src/report/sarif.ts': [unit('report/golden')],
    'src/report/words.ts': [unit('report/golden')],
    'src/report/place.ts': [unit('report/place')],
    'src/report/severity-words.ts': [unit('report/severity-words'), unit('model/severity-rules')],
  },
  rules: {
    'src/rules/alphabet.ts': [unit('rules/alphabet')],
    'src/rules/bip39.ts': [unit('rules/bip39')],
    'src/rules/builtin.ts': [unit('rules/builtin')],
    'src/rules/key-blocks.ts': [unit('rules/key-blocks')],
    'src/rules/shape.ts': [unit('rules/shape')],
  },
  classify: {
    'src/classify/paths.ts': [unit('classify/paths')],
    'src/classify/exposure.ts': [unit('classify/exposure')],
    'src/classify/services.ts': [unit('classify/services')],
  },
  detect: {
    'src/detect/filters.ts': [unit('detect/filters')],
    'src/detect/locate.ts': [unit('detect/locate')],
    'src/detect/lines.ts': [unit('detect/lines')],
  },
  git: {
    'src/git/command.ts': [unit('git/command')],
    'src/git/object-stream.ts': [unit('git/object-stream')],
    'src/git/log.ts': [unit('git/log')],
    'src/git/store/codec.ts': [unit('git/store/codec')],
    'src/git/store/input-file.ts': [unit('git/store/input-file')],
    'src/git/store/loose.ts': [unit('git/store/loose')],
    'src/git/store/pack-blocks.ts': [unit('git/store/pack-blocks'), unit('git/store/pack-file')],
    'src/git/store/pack-entry.ts': [unit('git/store/pack-entry')],
    'src/git/store/pack-file.ts': [unit('git/store/pack-file'), unit('git/store/pack-index')],
    'src/git/store/pack-index.ts': [unit('git/store/pack-index')],
    'src/git/store/pack-plan.ts': [unit('git/store/pack-plan')],
  },
};
