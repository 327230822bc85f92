/** What flags of other scanners are called here: people type what their hands know. */

const REPORT = 'Write `-f NAME`, or `-f NAME=FILE` for a file, as in `-f json=leaks.json`.';
const FOLDER = 'Write files and folders without a flag: `keysift FOLDER`.';
const RANGE = 'Write `--range A..B` for what B adds over A; without it the whole history is scanned.';
const BASELINE = 'Run `keysift baseline create`; a scan then reports what is new. `--baseline FILE` names another file.';
const EXCLUDE = 'Write the patterns below `exclude:` in keysift.config.yaml.';
const JOBS = 'Write `--jobs N`.';
const CONFIG = 'Write `--config FILE`; `keysift init --from SCANNER` takes over the settings of another scanner.';
const OFFLINE = 'Keys are never checked online: treat each as live.';

const ADVICE: Readonly<Record<string, string>> = {
  ...given(
    REPORT,
    '-o -r --output --output-file --outfile --out --report --report-path --report-format --output-format --json --jsonl --sarif --csv --html --junit',
  ),
  ...given(FOLDER, '-s -d -p --source --path --dir --directory --repo --repo-path --target --scan-path --files'),
  ...given(RANGE, '--log-opts --since --since-commit --until --from --to --branch --commit --commits --commit-from --commit-to --diff'),
  ...given(BASELINE, '-b --baseline-path --write-baseline --create-baseline --update-baseline --manage-baseline --base-line'),
  ...given(EXCLUDE, '-x --exclude --exclude-paths --exclude-files --exclude-path --ignore --ignore-path --ignore-paths --skip --secretlintignore'),
  ...given(JOBS, '-j --threads --workers --concurrency --max-workers --parallel'),
  ...given(CONFIG, '-c --config-path --conf --secretlintrc'),
  ...given(OFFLINE, '--only-verified --no-verification --no-verify --verify --validate --no-validate --results'),
  ...given('Write `--no-history`.', '--no-git --no-git-history --filesystem'),
  ...given('Write `--staged`.', '--cached --pre-commit --protect --index'),
  ...given('Write `--max-file-size SIZE`.', '--max-target-megabytes --max-filesize --max-size'),
  ...given('Secrets are masked unless `--show-secrets` is given.', '--redact --mask --maskSecrets --show --unmask'),
  ...given('Write `--fail-on SEVERITY`; findings exit with 1, `--exit-zero` with 0.', '--exit-code --fail --error-on-findings'),
  ...given('Write `--verbose`, or `--explain` for what filters dropped.', '--debug --log-level --loglevel --trace'),
};

function given(advice: string, flags: string): Record<string, string> {
  return Object.fromEntries(flags.split(' ').map((flag) => [flag, advice]));
}

/** What to write instead of a flag that keysift does not have, as given: `--output=a.json`. */
export function adviceFor(flag: string): string | undefined {
  const name = flag.split('=', 1)[0] ?? flag;
  return Object.hasOwn(ADVICE, name) ? ADVICE[name] : undefined;
}
