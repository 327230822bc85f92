/** What a path says: whether a rule is about it, what kind of file it is, and which environment it serves. */
import ignore, { type Ignore } from 'ignore';
import type { EnvironmentClass, Rival } from '../model/finding.ts';
import type { PathCondition } from '../model/rule.ts';

const compiled = new WeakMap<readonly string[], Ignore>();

/** Whether a path fits a rule's condition, in the grammar of `.gitignore`, case folded. */
export function pathMatches({ only, not }: PathCondition, path: string): boolean {
  if (path === '' || path.startsWith('/')) return false;
  return (only.length === 0 || covers(only, path)) && !covers(not, path);
}

/** Compiled when they are first asked about a path: most conditions fail at their first half. */
function covers(patterns: readonly string[], path: string): boolean {
  let matcher = compiled.get(patterns);
  if (matcher === undefined) {
    matcher = ignore({ allowRelativePaths: true }).add([...patterns]);
    compiled.set(patterns, matcher);
  }
  return matcher.ignores(path);
}

/** Whether what claims a place in a content does so under one of the content's paths. */
export function standsAt(path: string, { paths, rivals = [] }: Rival): boolean {
  return (paths === undefined || pathMatches(paths, path)) && !rivals.some((rival) => standsAt(path, rival));
}

/** What a file is for. `outside` are places that are no files, such as commit messages. */
export type FileKind = 'env' | 'template' | 'test' | 'docs' | 'config' | 'source' | 'outside';

/** Whole parts of an env file's name that make it a template. */
const TEMPLATE = new Set('example examples sample samples template tmpl tpl dist default defaults schema spec skeleton stub reference'.split(' '));
const ENV_NAME = /^(?:\.?env(?:$|[._~ -].*)|.*\.env|\.envrc(?:\..+)?|\.dev\.vars(?:\..+)?|\.flaskenv|\.rbenv-vars|\.powenv|\.renviron)$/i;
/** Files of the same content under other names, and scripts that only set variables. */
const ENV_LIKE =
  /^(?:\.env\d|_env|\.environment|\.?envfile|\.bash_env|\.secrets(?:\.local)?|\.secret\.local|(?:.*\.)?env\.(?:ba|z)?sh|set[-_]?env.*\.(?:sh|bat)|environment\.sh|env[-_]vars\.sh|secrets\.sh)(?:\.(?:local|bak|old|orig|example|sample|template|tmpl|dist))?$/i;
/** `env.ts` and the like read the environment. */
const ENV_CODE = /\.(?:[cm]?[jt]sx?|py|go|rb|rs|sh|java|kt|php|c|h|cc|cpp|md|html?|json5?|ya?ml|toml|vue|cs|swift)$/i;
const TEST_FOLDER =
  /(?:^|\/)(?:(?:integration|unit|functional|smoke|acceptance|api)?[_-]?tests?(?:[_-](?:resources?|data|fixtures?|files?|assets?|cases?|suites?|utils?|helpers?|support|keys|certs?))?|testresources|testutils?|__tests__|__mocks__|spec|specs|fixtures?|testdata|test-data|mocks?|e2e|cypress|testing)\//i;
/** The part of a test's name before its extension. */
const TEST_PART = new Set(['test', 'tests', 'spec', 'fixture', 'mock', 'stories']);
const DOCS = /(?:^|\/)docs?\/|\.(?:md|mdx|markdown|rst|adoc|asciidoc)$/i;
const CONFIG =
  /\.(?:ya?ml|json5?|jsonc|toml|ini|properties|xml|tfvars|tf|cfg|conf|config|plist|hcl|nomad|ipynb|key|pem|npmrc|pypirc|netrc)$|(?:^|\/)(?:dockerfile[^/]*|[^/]*\.dockerfile|containerfile|jenkinsfile|\.npmrc|\.pypirc|\.netrc|procfile)$/i;

export function fileKind(path: string): FileKind {
  if (path === '' || path.startsWith('<')) return 'outside';
  const base = path.slice(path.lastIndexOf('/') + 1);
  if ((ENV_NAME.test(base) && !ENV_CODE.test(base)) || ENV_LIKE.test(base))
    return partsOf(base).some((part) => TEMPLATE.has(part)) ? 'template' : 'env';
  if (TEST_FOLDER.test(path) || isTestFile(base)) return 'test';
  if (DOCS.test(path)) return 'docs';
  return CONFIG.test(base) ? 'config' : 'source';
}

/** `pay.test.ts`, `pay_test.go`, `test_pay.py`, `PayTest.java` */
function isTestFile(base: string): boolean {
  const dot = base.lastIndexOf('.');
  const [stem, extension] = [base.slice(0, Math.max(0, dot)), base.slice(dot + 1)];
  const parts = stem.split(/[._-]/);
  if (parts.length > 1 && TEST_PART.has(parts.at(-1) ?? '')) return true;
  if (extension === 'py') return stem.startsWith('test_');
  return /^(?:java|kt|cs|swift|php|scala)$/.test(extension) && /[a-z]Tests?$/.test(stem.slice(-7));
}

/** Settings of a framework, one file for each environment: `config/environments/production.rb`, `settings/production.py`, `config/prod.exs`. */
const SETTINGS_FOLDER = /(?:^|\/)(?:(?:environments?|envs?|settings)\/[^/]+|config\/\w+\.exs)$/i;
/** Pipelines of all environments; each job says which one it is for. */
const PIPELINE = /^\.(?:gitlab-ci|travis)\.ya?ml$/i;

/** In the order in which they win within one name: `.env.production.local` serves production. */
const CLASSES: readonly (readonly [EnvironmentClass, ReadonlySet<string>])[] = [
  ['production', new Set(['prod', 'production', 'prd', 'live'])],
  ['staging', new Set(['staging', 'stage', 'stg', 'preview', 'preprod', 'uat', 'qa', 'sandbox'])],
  ['test', new Set(['test', 'testing', 'ci', 'e2e', 'spec'])],
  ['development', new Set(['dev', 'develop', 'development', 'local', 'debug'])],
];

/** Which environment a file is for, by its name, and for env and configuration files by the folders above it as well. */
export function environmentClass(path: string): EnvironmentClass {
  const kind = fileKind(path);
  if (kind === 'outside' || kind === 'template') return 'unknown';
  const folders = path.split('/');
  const base = folders.pop() ?? '';
  const parts = PIPELINE.test(base) ? [] : partsOf(base);
  // A workflow or a page may be called so as well.
  if (kind === 'env' && parts.includes('release')) return 'production';
  // `live.ts` is a page about something live; `environment.live.ts` is for an environment.
  const own = kind === 'source' && parts.length < 3 && !SETTINGS_FOLDER.test(path) ? 'unknown' : classOf(parts);
  if (own !== 'unknown' || (kind !== 'env' && kind !== 'config')) return own;
  return (
    folders
      .toReversed()
      .map((folder) => classOf(partsOf(folder)))
      .find((found) => found !== 'unknown') ?? 'unknown'
  );
}

/** Whether an environment is none that others than its developers use. */
export function isForDevelopment(environment: EnvironmentClass): boolean {
  return environment === 'development' || environment === 'test';
}

/** Which environment a word of a name stands for. */
export function environmentOf(name: string): EnvironmentClass {
  return classOf(partsOf(name));
}

function classOf(parts: readonly string[]): EnvironmentClass {
  return CLASSES.find(([, words]) => parts.some((part) => words.has(part)))?.[0] ?? 'unknown';
}

function partsOf(name: string): string[] {
  return name.toLowerCase().split(/[._~ -]/);
}
