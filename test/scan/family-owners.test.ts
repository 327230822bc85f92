/** Whose a key of a family is that only its path or the manifests of its program tell. */
import { describe, expect, test, vi } from 'vitest';
import { builtinRules } from '../../src/rules/builtin.ts';
import { makeFindings } from '../../src/scan/findings.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { packagesAbove } from '../../src/scan/packages.ts';
import { folderWith } from '../support/folder.ts';
import { plant } from '../support/secrets.ts';

const set = builtinRules();
const inspector = new Inspector(set);

/** Provider and first evidence of the only finding in a content at a path of a tree with some manifests. */
async function told(template: string, path: string, manifests: Readonly<Record<string, string>>): Promise<[string | undefined, string | undefined]> {
  const { text } = plant(template, 'family');
  const seen = inspector.inspect(Buffer.from(text)).filter(({ rule }) => rule.kind !== 'check');
  const found = seen.map((sighting) => ({ origin: { kind: 'file', path } as const, sighting }));
  const packages = packagesAbove(folderWith(manifests));
  const placed = { whereabouts: undefined, now: new Date(0), head: undefined, inlineIgnores: 'none' as const, rules: set.rules, packages };
  const [finding, ...others] = await makeFindings(found, placed);
  expect(others).toEqual([]);
  return [(finding?.issuer ?? finding?.rule)?.provider, finding?.evidence[0]];
}

const KEY = 'key = "[|sk_live_{{alnum:30}}|]"\n';

describe('a key of a family', () => {
  test.each([
    ['package.json', '{ "dependencies": { "@stripe/stripe-js": "^4.0.0", "express": "4" } }', 'Stripe', '@stripe/stripe-js'],
    ['package.json', '{ "devDependencies": { "react-paystack": "~6" } }', 'Paystack', 'react-paystack'],
    ['package.json', '\uFEFF{ "dependencies": { "__proto__": "1", "stripe": "1" }, "dependencies": { "stripe": "2" } }', 'Stripe', 'stripe'],
    ['composer.json', '{ "require": { "stripe/stripe-php": "^16" } }', 'Stripe', 'stripe/stripe-php'],
    ['requirements.txt', 'flask==3\nstripe[async]>=11.0\n', 'Stripe', 'stripe'],
    ['pyproject.toml', '[project]\ndependencies = ["flask", "stripe>=11"]\n', 'Stripe', 'stripe'],
    ['pyproject.toml', '[tool.poetry.dependencies]\nstripe = "^11"\n', 'Stripe', 'stripe'],
    ['Pipfile', '[packages]\nstripe = "*"\n', 'Stripe', 'stripe'],
    ['Cargo.toml', '[dependencies]\nasync-stripe = { version = "0.39" }\n', 'Stripe', 'async-stripe'],
    ['Cargo.toml', '[dependencies.async-stripe]\nversion = "0.39"\n', 'Stripe', 'async-stripe'],
    ['Cargo.toml', '[target.x86_64.dev-dependencies.async-stripe]\nversion = "0.39"\n', 'Stripe', 'async-stripe'],
    ['package.json', '{ "optionalDependencies": { "stripe": "1" } }', 'Stripe', 'stripe'],
    ['package.json', '{ "peerDependencies": { "stripe": "1" } }', 'Stripe', 'stripe'],
    ['go.mod', 'require (\n\tgithub.com/stripe/stripe-go/v76 v76.1.0\n)\n', 'Stripe', 'github.com/stripe/stripe-go/v76'],
    ['Gemfile', "gem 'rails'\ngem 'stripe', '~> 12'\n", 'Stripe', 'stripe'],
  ])('is whose package %s asks for', async (file, text, provider, name) => {
    expect(await told(KEY, 'src/a.x', { [file]: text })).toEqual([provider, `a manifest depends on \`${name}\``]);
  });

  test('is whose package the nearest manifest asks for that asks for one', async () => {
    const root = '{ "dependencies": { "stripe": "^1" } }';
    expect(
      (await told(KEY, 'apps/pay/a.js', { 'package.json': root, 'apps/pay/package.json': '{ "dependencies": { "paystack-api": "^1" } }' }))[0],
    ).toBe('Paystack');
    expect((await told(KEY, 'apps/pay/a.js', { 'package.json': root, 'apps/pay/package.json': '{ "dependencies": { "vue": "^1" } }' }))[0]).toBe(
      'Stripe',
    );
  });

  test.each<[string, Record<string, string>]>([
    ['two are asked for', { 'package.json': '{ "dependencies": { "stripe": "1", "@clerk/nextjs": "1" } }' }],
    ['none is', { 'package.json': '{ "dependencies": { "express": "1" } }' }],
    ['a name is an ordinary word', { 'package.json': '{ "dependencies": { "magic-string": "1", "clerk": "1" } }' }],
    ['the program only has that name', { 'package.json': '{ "name": "stripe", "version": "1.0.0", "scripts": { "stripe": "node x" } }' }],
    ['the program of Python only has that name', { 'pyproject.toml': '[project]\nname = "stripe"\ndependencies = ["flask"]\n' }],
    [
      'a word about the program of Python is',
      { 'pyproject.toml': '[project]\nkeywords = [\n  "payments",\n  "stripe",\n]\nclassifiers = ["stripe"]\ndependencies = ["flask"]\n' },
    ],
    ['a script is called so', { 'package.json': '{ "scripts": { "stripe": "git stripe" }, "config": { "stripe": "https://acme.net" } }' }],
    ['another folder has the manifest', { 'api/package.json': '{ "dependencies": { "stripe": "1" } }' }],
    ['nothing can be read', { 'package.json': '{' }],
  ])('is nobody’s where %s', async (_what, manifests) => {
    expect((await told(KEY, 'src/a.js', manifests))[0]).toBe('unattributed');
  });

  test('is whose its name says, whatever is asked for', async () => {
    expect((await told('PAYSTACK_SECRET = "[|sk_live_{{hex:40}}|]"\n', 'a.js', { 'package.json': '{ "dependencies": { "stripe": "1" } }' }))[0]).toBe(
      'Paystack',
    );
  });

  test('costs no look at its packages where another one below the same manifest did', async () => {
    const text = Array.from({ length: 20 }, (_, index) => plant(KEY, `family ${index}`).text).join('');
    const found = inspector.inspect(Buffer.from(text)).map((sighting) => ({ origin: { kind: 'file', path: 'src/a.x' } as const, sighting }));
    const asked = new Set(['express', 'stripe']);
    const looks = vi.spyOn(asked, Symbol.iterator);
    const placed = { whereabouts: undefined, now: new Date(0), head: undefined, inlineIgnores: 'none' as const, rules: set.rules };
    const findings = await makeFindings(found, { ...placed, packages: () => [asked] });
    expect(findings.map(({ issuer }) => issuer?.provider)).toEqual(Array.from({ length: 20 }, () => 'Stripe'));
    expect(looks).toHaveBeenCalledTimes(1);
  });

  test('is nobody’s where it only signs events', async () => {
    const manifests = { 'package.json': '{ "dependencies": { "openai": "1" } }' };
    expect((await told('WEBHOOK_SECRET = "[|whsec_{{base64:32}}|]"\n', 'a.x', manifests))[0]).toBe('unattributed');
  });

  test('is nobody’s outside of the tree', async () => {
    const manifests = { 'package.json': '{ "dependencies": { "stripe": "1" } }' };
    for (const path of ['<stdin>', '../a.js', '/etc/a.js']) expect((await told(KEY, path, manifests))[0]).toBe('unattributed');
  });
});

describe('a key of a family is whose its path is called after', () => {
  const SHAPELESS = 'key = "[|sk_live_{{alnum:30}}|]"\n';
  const CLERKS = "secret = '[|sk_live_{{alnum:42}}|]'\n";

  test.each([
    ['a file of settings', 'config/stripe.json', SHAPELESS, 'Stripe'],
    ['a file of code', 'src/paystack.ts', SHAPELESS, 'Paystack'],
    ['a file called like what it does', 'scripts/charge_with_paymongo.py', SHAPELESS, 'PayMongo'],
    ['a part of a name', 'src/tap.provider.ts', SHAPELESS, 'Tap Payments'],
    ['a folder', 'services/stripe/v1/settings.py', SHAPELESS, 'Stripe'],
    ['a word of the language alone', 'internal/clerk/client.go', SHAPELESS, 'Clerk'],
    ['the nearest folder of two', 'stripe/paystack/a.py', SHAPELESS, 'Paystack'],
    ['somebody whose keys have no known length', 'config/moyasar.php', CLERKS, 'Moyasar'],
    ['somebody whose keys have another length', 'stripe/a.py', CLERKS, 'Stripe'],
    ['somebody whose keys are that long', 'clerk/a.py', CLERKS, 'Clerk'],
  ])('as %s is', async (_what, path, template, provider) => {
    expect(await told(template, path, {})).toEqual([provider, `it stands in \`${path}\``]);
  });

  test.each([
    ['two are in one name', 'src/stripe-to-paystack.ts'],
    ['it is inside a word', 'src/pinstripe.ts'],
    ['it is a word of the language among others', 'src/night-clerk-names.ts'],
    ['it is no file', '<commit message>'],
  ])('and nobody’s where %s', async (_what, path) => {
    expect((await told(SHAPELESS, path, {}))[0]).toBe('unattributed');
  });

  test('before what manifests tell, and after what stands near it', async () => {
    const manifests = { 'package.json': '{ "dependencies": { "stripe": "^1" } }' };
    expect((await told(SHAPELESS, 'src/paystack.ts', manifests))[0]).toBe('Paystack');
    expect((await told('STRIPE_KEY = "[|sk_live_{{alnum:30}}|]"\n', 'src/paystack.ts', {}))[0]).toBe('Stripe');
  });

  test('by its length, where a manifest asks for a package of somebody whose keys are never so long', async () => {
    expect(await told(CLERKS, 'a.py', { 'requirements.txt': 'stripe\n' })).toEqual([
      'Clerk',
      "of the providers whose keys' shape is known, only Clerk uses this length and alphabet",
    ]);
    expect((await told(CLERKS, 'a.py', { 'requirements.txt': 'moyasar\n' }))[0]).toBe('Moyasar');
    expect((await told(CLERKS, 'a.json', { 'package.json': '{ "dependencies": { "@clerk/express": "^1" } }' }))[1]).toBe(
      'a manifest depends on `@clerk/express`',
    );
  });
});
