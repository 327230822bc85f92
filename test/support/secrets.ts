/**
 * Secrets that look real, made while a test runs: the repository itself holds generators only. The same salt gives the
 * same secret.
 */
import { expandExample, parseMarked } from '../../src/rules/examples.ts';

export interface Planted {
  /** The whole text, markers gone. */
  readonly text: string;
  /** The marked parts, in order. */
  readonly secrets: readonly string[];
}

/** Runs the generators of `a [|sk_live_{{alnum:24}}|] b`. */
export function plant(template: string, salt: string): Planted {
  const { text, spans } = parseMarked(expandExample(template, salt));
  const bytes = Buffer.from(text);
  return { text, secrets: spans.map(({ start, end }) => bytes.toString('utf8', start, end)) };
}

/** A planted text with exactly one secret. */
export function plantOne(template: string, salt: string): { text: string; secret: string } {
  const { text, secrets } = plant(template, salt);
  const [secret] = secrets;
  if (secret === undefined || secrets.length !== 1) throw new Error(`${template} does not mark one secret`);
  return { text, secret };
}

export interface Seed {
  readonly provider: string;
  readonly ruleId: string;
  /** One line of an env file, without its line feed. */
  readonly template: string;
}

/** The providers that the program is for. */
export const SEEDS: readonly Seed[] = [
  { provider: 'Stripe', ruleId: 'stripe-secret-key-live', template: 'STRIPE_SECRET_KEY=[|sk_live_51{{alnum:97}}|]' },
  { provider: 'Clerk', ruleId: 'clerk-secret-key-live', template: 'CLERK_SECRET_KEY=[|sk_live_{{alnum:42}}|]' },
  { provider: 'Paystack', ruleId: 'paystack-secret-key-live', template: 'PAYSTACK_SECRET_KEY=[|sk_live_{{hex:40}}|]' },
  { provider: 'AssemblyAI', ruleId: 'assemblyai-api-key', template: 'ASSEMBLYAI_API_KEY=[|{{hex:32}}|]' },
  { provider: 'Scriptix', ruleId: 'scriptix-secret-key-live', template: 'SCRIPTIX_API_TOKEN=[|sk_live_{{lower36:36}}|]' },
  { provider: 'Scribeberry', ruleId: 'scribeberry-secret-key-live', template: 'SCRIBEBERRY_API_KEY=[|sk_live_{{alnum:32}}|]' },
];

/** A GitHub token with its checksum: found anywhere, whatever stands around it. */
export function githubToken(salt: string): string {
  return plantOne('[|ghp_{{alnum:30}}{{checksum:github}}|]', salt).secret;
}

/** A Stripe live key of the newer form, which its own structure names. */
export function stripeKey(salt: string): string {
  return plantOne('[|sk_live_51{{alnum:97}}|]', salt).secret;
}
