/** Who made a JSON Web Token, by what its claim `iss` says: an address, an account's mail address, or a name. */

/** Domains that are not called after who issues tokens there. */
const DOMAINS: ReadonlyMap<string, string> = new Map([
  ['accounts.dev', 'Clerk'],
  ['amazonaws.com', 'Amazon Web Services'],
  ['appleid.apple.com', 'Apple'],
  ['b2clogin.com', 'Microsoft Azure'],
  ['azuredatabricks.net', 'Databricks'],
  ['ciamlogin.com', 'Microsoft Azure'],
  ['firebase.google.com', 'Firebase'],
  ['githubusercontent.com', 'GitHub'],
  ['google.com', 'Google'],
  ['googleapis.com', 'Google'],
  ['gserviceaccount.com', 'Google'],
  ['kubernetes', 'Kubernetes'],
  ['microsoft.com', 'Microsoft Azure'],
  ['microsoftonline.com', 'Microsoft Azure'],
  ['oktapreview.com', 'Okta'],
  ['securetoken.google.com', 'Firebase'],
  ['sts.windows.net', 'Microsoft Azure'],
]);
/** A scheme, or the name of an account. */
const BEFORE_HOST = /^(?:[a-z]{2,8}:\/\/|[^@/\s]{1,100}@)/;
const BEHIND_HOST = /[/:?#]/;
const LONGEST = 500;

/** The host that an `iss` says, in small letters, or what stands in its place. */
export function issuerHost(claim: unknown): string | undefined {
  if (typeof claim !== 'string' || claim.length > LONGEST) return undefined;
  const [host = ''] = claim.toLowerCase().replace(BEFORE_HOST, '').split(BEHIND_HOST, 1);
  return host === '' ? undefined : host;
}

/** Who issues tokens at a host whose domain has another name. */
export function issuerAtHost(host: string): string | undefined {
  const labels = host.split('.');
  return labels.map((_, index) => DOMAINS.get(labels.slice(index).join('.'))).find((provider) => provider !== undefined);
}
