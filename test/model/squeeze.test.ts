import { expect, test } from 'vitest';
import { squeeze } from '../../src/model/squeeze.ts';

test.each(['ACME_API_KEY', 'acme-api-key', 'AcmeApiKey', 'acme.api key', '"acme"["apiKey"]'])('%s', (name) => {
  expect(squeeze(name)).toBe('acmeapikey');
});
