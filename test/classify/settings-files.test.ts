/** Whose settings a file holds by its path. */
import { expect, test } from 'vitest';
import { settingsOwner } from '../../src/classify/settings-files.ts';

test.each([
  ['.sentryclirc', 'sentry'],
  ['web/.sentryclirc', 'sentry'],
  ['newrelic.js', 'newrelic'],
  ['app/newrelic.cjs', 'newrelic'],
  ['sonar-project.properties', 'sonarqube'],
  ['ios/AppCenter-Config.json', 'appcenter'],
  ['doppler.yaml', 'doppler'],
  ['.circleci/cli.yml', 'circleci'],
  ['home/.config/hub', 'github'],
  ['home/.config/gh/hosts.yml', 'github'],
  ['.netlify/config.json', 'netlify'],
  ['.vercel/auth.json', 'vercel'],
  ['.config/doctl/config.yaml', 'digitalocean'],
  ['.snyk', 'snyk'],
  ['.codeclimate.yml', 'codeclimate'],
  ['.pulumi/credentials.json', 'pulumi'],
])('%s is surely of %s', (path, called) => {
  expect(settingsOwner(path)).toEqual({ called, isOwn: true });
});

test.each([
  ['config/bugsnag.yml', 'bugsnag'],
  ['.bugsnag.yaml', 'bugsnag'],
  ['.transifexrc', 'transifex'],
  ['.acmerc.json', 'acme'],
  ['rollbar.config.js', 'rollbar'],
  ['chromatic.config.json', 'chromatic'],
  ['android/sentry.properties', 'sentry'],
  ['scout_apm.ini', 'scoutapm'],
  ['acme.toml', 'acme'],
  ['.circleci/config.yml', 'config'],
  ['src/config/mailgun.ts', 'mailgun'],
  ['config/algolia.php', 'algolia'],
  ['config/initializers/rollbar.rb', 'rollbar'],
  ['sentry.server.config.ts', 'sentry'],
])('%s is called like %s', (path, called) => {
  expect(settingsOwner(path)).toEqual({ called, isOwn: false });
});

test.each([
  'src/newrelic.jsx',
  'sentry.ts',
  'bugsnag.py',
  'src/mailgun.ts',
  'config/vercel.js',
  'bugsnag/index.json.ts',
  'hub',
  'fly.toml',
  'netlify.toml',
  'vercel.json',
  'render.yaml',
  'firebase.json',
  'circleci.yml',
  'ab.yml',
  'README.md',
  '<stdin>',
  '',
])('%j says nothing', (path) => {
  expect(settingsOwner(path)).toBeUndefined();
});
