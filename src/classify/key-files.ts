/**
 * Whose a private key is. A key in PEM says nothing of it; the files in which services hand keys out do, beside the key:
 * the account of a service, the id that an API knows it by.
 */
import { issuerOf, type Candidate } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';
import type { Rule } from '../model/rule.ts';
import type { Attributed } from './attribute.ts';

interface KeyFile extends Pick<Rule, 'provider' | 'revoke'> {
  /** What is said before a key or behind it. */
  readonly said: RegExp;
  readonly evidence: string;
}

const OTHER_KEY = /-----(?:BEGIN|END) /;
/** How far from a key it is said: as much as stands in such files around it. Bytes. */
const REACH = 700;
/** https://cloud.google.com/iam/docs/keys-create-delete, https://docs.cdp.coinbase.com/, https://docs.oracle.com/iaas/Content/API/Concepts/apisigningkey.htm, https://zitadel.com/docs/ */
const FILES: readonly KeyFile[] = [
  {
    provider: 'Google',
    said: /\.iam\.gserviceaccount\.com\b/,
    evidence: 'a service account of Google Cloud stands beside it',
    revoke: {
      where: 'Google Cloud console → IAM & Admin → Service accounts → Keys',
      steps: [
        'Create a new key, or better give the workload an identity without one.',
        'Deploy it from a secret store.',
        'Delete the leaked key and look through the audit log for what it did.',
      ],
    },
  },
  {
    provider: 'Coinbase',
    said: /organizations\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/apiKeys\/[0-9a-f]{8}-/,
    evidence: 'the name of an API key of Coinbase stands beside it',
    revoke: {
      where: 'https://portal.cdp.coinbase.com/access/api',
      steps: ['Create a new key.', 'Deploy it from a secret store.', 'Delete the leaked one and look through the transactions.'],
    },
  },
  {
    provider: 'Oracle Cloud',
    said: /\bOCI_API_KEY\b|\bocid1\.user\.oc\d/,
    evidence: 'it is marked as an API signing key of Oracle Cloud',
    revoke: {
      where: 'OCI console → My profile → API keys',
      steps: ['Add a new key.', 'Deploy it from a secret store.', 'Delete the leaked one and look through the audit log.'],
    },
  },
  {
    provider: 'ZITADEL',
    said: /\\?"type\\?"\s{0,4}:\s{0,4}\\?"(?:serviceaccount|application)\\?"\s{0,8},\s{0,24}\\?"keyId\\?"/,
    evidence: 'it stands in a key file of ZITADEL',
    revoke: {
      where: 'ZITADEL console → the service user or application → Keys',
      steps: ['Add a new key.', 'Deploy it from a secret store.', 'Remove the leaked one.'],
    },
  },
];

/** The provider of rules for keys that anybody may make. */
const ANYBODYS = 'Private key';

/**
 * Who gave a private key out, where that is said around it.
 * @param places contents that it stands in, and where: what it was decoded from beside what it is itself
 */
export function inKeyFile(candidate: Candidate, places: readonly { readonly bytes: Buffer; readonly span: Span }[]): Attributed | undefined {
  const { rule, span, confidence } = candidate;
  if (rule.provider !== ANYBODYS) return undefined;
  const around = places.flatMap((place) => textAround(place.bytes, place.span));
  const file = FILES.find(({ said }) => around.some((text) => said.test(text)));
  return file && { rule, span, evidence: [file.evidence, ...candidate.evidence], confidence, issuer: issuerOf(file) };
}

/** What stands before and behind a key, up to another one: what is said of that is not said of this. */
function textAround(bytes: Buffer, { start, end }: Span): string[] {
  const [before = ''] = bytes
    .toString('latin1', Math.max(0, start - REACH), start)
    .split(OTHER_KEY)
    .slice(-1);
  const [behind = ''] = bytes.toString('latin1', end, end + REACH).split(OTHER_KEY, 1);
  return [before, behind];
}
