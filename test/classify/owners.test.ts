/** A credential with nobody's name belongs to what it stands in, or to the one service that its file uses. */
import { describe, expect, test } from 'vitest';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { plant } from '../support/secrets.ts';

const inspector = new Inspector(builtinRules());

function told(template: string): string[] {
  const { text, secrets } = plant(template, 'owner');
  return inspector
    .inspect(Buffer.from(text))
    .filter(({ rule, secret }) => rule.matcher.kind !== 'file' && secret.reveal() === secrets[0])
    .map(({ rule, confidence }) => `${rule.id} ${confidence}`);
}

const far = '\n'.repeat(12);

describe('a generic credential', () => {
  test.each([
    [
      'below a key',
      'services:\n  deepgram:\n    region: eu\n    plan: big\n    size: 3\n    model: x\n    api_key: [|{{hex:40}}|]\n',
      'deepgram-api-key medium',
    ],
    ['in a file that imports', `from deepgram import Client${far}api_key = "[|{{hex:40}}|]"`, 'deepgram-api-key medium'],
    ['in a file that calls', `base = 'https://api.deepgram.com/v1'${far}const apiKey = '[|{{hex:40}}|]'`, 'deepgram-api-key medium'],
    ['whose shape is another one', `from deepgram import Client${far}api_key = "[|{{hex:44}}|]"`, 'generic-secret medium'],
    ['of a name that says something else', `from deepgram import Client${far}session_secret = "[|{{hex:40}}|]"`, 'generic-secret medium'],
    ['where two services have such keys', `import deepgram\nimport wandb${far}\napi_key = "[|{{hex:40}}|]"`, 'generic-secret medium'],
    ['where nothing is used', `import os${far}api_key = "[|{{hex:40}}|]"`, 'generic-secret medium'],
  ])('%s', (_what, template, expected) => {
    expect(told(template)).toEqual([expected]);
  });
});
