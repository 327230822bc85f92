/** What keys of mappings, paths and calls say about whose a value below them is. */
import { wordsOf } from '../detect/surroundings.ts';
import { ANYBODYS, CREDENTIAL_WORDS } from '../rules/names.ts';

/** Words of a key that say nothing about whose it is, beside those of names. */
export const NEUTRAL = new Set([
  ...ANYBODYS,
  ...CREDENTIAL_WORDS,
  'services',
  'integration',
  'integrations',
  'provider',
  'providers',
  'corp',
  'configuration',
  'sdk',
  'cloud',
  'configure',
  'setup',
  'set',
  'init',
  'initialize',
  'with',
  'connect',
  'create',
  'make',
  'builder',
  'options',
  'opts',
  'params',
  'tool',
  'plugin',
  'plugins',
  'secrets',
  'apis',
  'clients',
  // What classes, functions and steps of pipelines are called beside whom they serve.
  'gateway',
  'backend',
  'module',
  'adapter',
  'connector',
  'bridge',
  'driver',
  'worker',
  'wrapper',
  'repository',
  'manager',
  'helper',
  'action',
  'job',
  'deploy',
  'sync',
  'send',
  'request',
  'call',
  'charge',
  'add',
  'use',
  'of',
  'for',
]);

/** The parts of a path, the innermost first: `hunter.api_key`, `Hunter::setApiKey`, `Hunter:ApiKey`. */
export function partsOf(name: string): string[] {
  return name
    .split(/[^\w$-]{1,4}/)
    .filter((part) => part !== '')
    .toReversed();
}

/** A key as a whole, and without the words that are anybody's: `fastlyConfig`, `services.fastly`. */
export function squeezedForms(key: string): string[] {
  const words = wordsOf(key);
  return [...new Set([words.join(''), words.filter((word) => !NEUTRAL.has(word)).join('')])];
}
