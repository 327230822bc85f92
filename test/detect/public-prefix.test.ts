/** Variables that builds copy into what browsers load. Their names are put together here, so that no check sees one in this file. */
import { describe, expect, test } from 'vitest';
import { bundlePrefix, namesPublicSecret, namesSecret, PUBLIC_PREFIXES, publicPrefix } from '../../src/detect/public-prefix.ts';

describe('a public variable', () => {
  test.each([
    'NEXT_PUBLIC_ VITE_ RENDERER_VITE_ NUXT_PUBLIC_ REACT_APP_ EXPO_PUBLIC_ GATSBY_ VUE_APP_ NG_APP_ NX_PUBLIC_ STORYBOOK_ SNOWPACK_PUBLIC_',
    'BUN_PUBLIC_ POI_APP_ WXT_ PLASMO_PUBLIC_ REDWOOD_ENV_ PREACT_APP_ SANITY_STUDIO_ PUBLIC_',
  ])('begins as its tool asks: %s', (prefixes) => {
    for (const prefix of prefixes.split(' ')) {
      expect(publicPrefix(`${prefix}KEY`)).toBe(prefix);
      expect(publicPrefix(`X${prefix}KEY`)).toBeUndefined();
      expect(publicPrefix(`${prefix.toLowerCase()}KEY`)).toBeUndefined();
    }
  });

  test('has its prefix whatever its name says, also the old one of Nx', () => {
    expect(bundlePrefix('VITE_PUBLISHABLE_KEY')).toBe('VITE_');
    expect(['NX_KEY', 'NX_PUBLIC_KEY', 'NX_CLOUD_KEY', 'XNX_KEY', 'KEY'].map(bundlePrefix)).toEqual([
      'NX_',
      'NX_PUBLIC_',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('is known by all the prefixes that are told', () => {
    expect(PUBLIC_PREFIXES).toHaveLength(new Set(PUBLIC_PREFIXES).size);
    for (const prefix of PUBLIC_PREFIXES) expect(publicPrefix(`${prefix}KEY`)).toBe(prefix);
  });

  test.each('X_PUBLISHABLE_KEY PUBLIC_KEY ANON_KEY SITE_KEY SITEKEY CLIENT_ID MAPS_KEY ANALYTICS_KEY SENTRY_DSN'.split(' '))(
    'may be meant to be public: %s',
    (rest) => {
      expect([publicPrefix(`VITE_${rest}`), namesSecret(`${rest}_SECRET`)]).toEqual([undefined, false]);
    },
  );

  test.each('URL URI ID NAME PATH ENABLED LENGTH HOST PAGE ROUTE TTL TYPE'.split(' '))('may only describe something: …_%s', (end) => {
    expect([publicPrefix(`VITE_SECRET_${end}`), publicPrefix(`VITE_SECRET_${end}X`)]).toEqual([undefined, 'VITE_']);
  });
});

describe('a name that says secret', () => {
  test.each([
    'SECRET',
    'A_SECRET',
    'SECRET_KEY',
    'SECRET_TOKEN',
    'SECRET_ACCESS_KEY',
    'SECRET_API_TOKEN',
    'SECRET_APP_KEY',
    'PRIVATE_KEY',
    'PRIVATE_API_TOKEN',
    'SERVICE_ROLE',
    'X_SERVICE_ROLE_KEY',
    'DB_PASSWORD',
    'OPENAI_API_KEY',
    'MY_OPENAI_KEY',
    'ANTHROPIC_TOKEN',
    'ZOOM_MEDIA_SECRET',
    'ZOOMMEDIA_API_KEY',
    'ASSEMBLY_AI_KEY',
    'AAI_KEY',
    'TWILIO_AUTH_TOKEN',
    'XAI_API_KEY',
  ])('%s', (name) => {
    expect([namesSecret(name), namesPublicSecret(`VITE_${name}`), namesPublicSecret(name)]).toEqual([true, true, false]);
    expect([namesSecret(`${name}S`), namesSecret(name.toLowerCase()), namesSecret(`${name}.X`), namesSecret(`x${name}`)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test.each(['NOSECRET', 'API_KEY', 'FIREBASE_API_KEY', 'XOPENAI_API_KEY', 'OPENAI', 'OPENAI_URL', 'KEY', '', 'PASSWORDS'])('not %j', (name) => {
    expect(namesSecret(name)).toBe(false);
  });

  test('is no longer than a variable is', () => {
    expect([namesSecret(`${'A'.repeat(93)}_SECRET`), namesSecret(`${'A'.repeat(94)}_SECRET`)]).toEqual([true, false]);
  });
});
