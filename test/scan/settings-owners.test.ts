/** Whose a key is that only the file of settings tells in which it stands. */
import { describe, expect, test } from 'vitest';
import { builtinRules } from '../../src/rules/builtin.ts';
import { makeFindings } from '../../src/scan/findings.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { plant } from '../support/secrets.ts';

const set = builtinRules();
const inspector = new Inspector(set);

/** Provider, rule and first evidence of the only finding in a content at some paths. */
async function told(
  template: string,
  ...paths: string[]
): Promise<readonly [provider: string | undefined, rule: string, evidence: string | undefined]> {
  const { text } = plant(template, 'settings');
  const seen = inspector.inspect(Buffer.from(text)).filter(({ rule }) => rule.kind !== 'check');
  const found = paths.flatMap((path) => seen.map((sighting) => ({ origin: { kind: 'file', path } as const, sighting })));
  const placed = { whereabouts: undefined, now: new Date(0), head: undefined, inlineIgnores: 'none' as const, rules: set.rules };
  const [finding, ...others] = await makeFindings(found, placed);
  expect(others).toEqual([]);
  if (finding === undefined) return expect.unreachable('no finding');
  return [finding.issuer?.provider, finding.rule.id, finding.evidence[0]];
}

describe('a generic key in settings', () => {
  test.each([
    ['.sentryclirc', '[auth]\ntoken=[|{{hex:64}}|]\n', 'Sentry', 'token'],
    ['newrelic.js', "exports.config = {\n  license_key: '[|{{hex:40}}|]',\n};\n", 'New Relic', 'license_key'],
    ['config/crowdin.yml', 'project_id: "1"\napi_token: [|{{hex:80}}|]\n', 'Crowdin', 'api_token'],
    ['.coveralls.yml', 'service_name: x\nrepo_token: [|{{alnum:32}}|]\n', 'Coveralls', 'repo_token'],
    ['doppler.yaml', 'setup:\n  token: [|{{alnum:32}}|]\n', 'Doppler', 'token'],
    ['ngrok.yml', 'version: "2"\nauthtoken: [|{{alnum:48}}|]\n', 'ngrok', 'authtoken'],
    ['bugsnag.json', '{ "apiKey": "[|{{hex:32}}|]" }\n', 'Bugsnag', 'apiKey'],
  ])('of %s', async (path, template, provider, name) => {
    const [issuer, rule, evidence] = await told(template, path);
    expect([issuer, rule]).toEqual([provider, 'generic-secret']);
    expect(evidence).toMatch(new RegExp(`^\`${name}\` in \`${path.replaceAll('.', String.raw`\.`)}\``));
  });

  test('is the owner’s wherever else it stands', async () => {
    expect((await told('token=[|{{hex:64}}|]\n', 'a/x.ini', 'z/.sentryclirc'))[0]).toBe('Sentry');
  });

  test.each([
    ['whose name says what else it is for', 'session_secret: [|{{hex:40}}|]\n', 'bugsnag.yml'],
    ['of a program that runs at a host', 'api_key: [|{{hex:40}}|]\n', 'render.yaml'],
    ['of nobody that issues keys', 'api_key: [|{{hex:40}}|]\n', 'settings.yml'],
    ['that is called like an ordinary word', 'api_key: [|{{hex:40}}|]\n', 'linear.yml'],
    ['in code that is called like a provider', 'api_key = "[|{{hex:40}}|]"\n', 'bugsnag.py'],
  ])('is nobody’s %s', async (_what, template, path) => {
    expect((await told(template, path)).slice(0, 2)).toEqual([undefined, 'generic-secret']);
  });

  test('is its rule’s where that knows it', async () => {
    expect((await told('BUGSNAG_API_KEY: [|{{hex:32}}|]\n', 'sentry.yml')).slice(0, 2)).toEqual([undefined, 'bugsnag-api-key']);
  });
});
