/** Whose settings a file holds, as far as its path says: a key in them that nothing else tells is one of theirs. */
import { posix } from 'node:path';
import { squeeze } from '../model/squeeze.ts';

/** A provider by what names of its keys begin with, without separators. */
export interface SettingsOwner {
  readonly called: string;
  /** Whether the path is one of the provider's own; else the file is only called like something that may be a provider. */
  readonly isOwn: boolean;
}

/** Paths that programs of a provider read or write, and which are not called like it. */
const OWN: readonly (readonly [path: RegExp, called: string])[] = [
  [/(?:^|\/)\.sentryclirc$/, 'sentry'],
  [/(?:^|\/)newrelic\.[cm]?js$/, 'newrelic'],
  [/(?:^|\/)sonar-project\.properties$/, 'sonarqube'],
  [/(?:^|\/)appcenter-config\.json$/i, 'appcenter'],
  [/(?:^|\/)\.?doppler\.ya?ml$|(?:^|\/)\.doppler\//, 'doppler'],
  [/(?:^|\/)\.circleci\/cli\.yml$/, 'circleci'],
  [/(?:^|\/)\.config\/hub$|(?:^|\/)gh\/hosts\.yml$/, 'github'],
  [/(?:^|\/)\.?netlify\/config\.json$/, 'netlify'],
  [/(?:^|\/)(?:\.vercel|\.now|com\.vercel\.cli)\/auth\.json$/, 'vercel'],
  [/(?:^|\/)doctl\/config\.ya?ml$/, 'digitalocean'],
  [/(?:^|\/)\.snyk$/, 'snyk'],
  [/(?:^|\/)\.codeclimate\.yml$/, 'codeclimate'],
  [/(?:^|\/)\.pulumi\/credentials\.json$/, 'pulumi'],
];

/** `bugsnag.yml`, `.transifexrc`, `rollbar.config.js` */
const CALLED = /(?:^|\/)\.?([A-Za-z][\w-]{2,30}?)(?:rc|\.config\.[cm]?[jt]s|(?:rc|\.config)?\.(?:ya?ml|json|toml|ini|properties|cfg|conf))$/;

/** Code that only makes a client or holds its settings: `config/mailgun.js`, `sentry.server.config.ts`, `initializers/rollbar.rb`. */
const CODE_CALLED =
  /(?:^|\/)(?:(?:configs?|settings|conf|initializers|services|integrations|clients|providers)\/([A-Za-z][\w-]{2,30})\.(?:[cm]?[jt]s|php|rb|py|exs?)|([A-Za-z][\w-]{2,30})\.(?:client|server|edge)\.config\.[cm]?[jt]s)$/;

/** Whose files are about programs that run there: keys in them are for these, and may be anybody's. */
const HOSTS = new Set(
  'aws azure circleci cloudflare docker firebase fly github gitlab google heroku kubernetes netlify railway render serverless travis vercel'.split(
    ' ',
  ),
);

/** Undefined where the path says nothing. */
export function settingsOwner(path: string): SettingsOwner | undefined {
  const own = OWN.find(([pattern]) => pattern.test(path))?.[1];
  if (own !== undefined) return { called: own, isOwn: true };
  const code = CODE_CALLED.exec(path);
  const called = squeeze(CALLED.exec(posix.basename(path))?.[1] ?? code?.[1] ?? code?.[2] ?? '');
  return called === '' || HOSTS.has(called) ? undefined : { called, isOwn: false };
}
