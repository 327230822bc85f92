/** A secret and its public half that stand together are one finding; whoever stands alone somewhere is one by itself. */
import { describe, expect, test } from 'vitest';
import { withoutPlacesOfHalves } from '../../src/report/half-places.ts';
import type { FindingV1 } from '../../src/report/json-v1.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { TestRepository } from '../support/repository.ts';
import { plantOne } from '../support/secrets.ts';

const value = (template: string, salt: string): string => plantOne(`[|${template}|]`, `pair ${salt}`).secret;
const ID = value('AKIA{{[A-Z2-7]:16}}', 'id');
const OTHER_ID = value('AKIA{{[A-Z2-7]:16}}', 'other id');
const SECRET = value('{{base64:40}}', 'secret');
const OTHER_SECRET = value('{{base64:40}}', 'other secret');
const id = (text = ID): string => `aws_access_key_id = ${text}\n`;
const secret = (text = SECRET): string => `aws_secret_access_key = ${text}\n`;
const PAIR = `[default]\n${id()}${secret()}`;

interface Told {
  readonly code: number | null;
  readonly findings: readonly FindingV1[];
}

async function scanned(repository: TestRepository, ...flags: string[]): Promise<Told> {
  const { code, report } = await keysiftJson(flags, { cwd: repository.path });
  return { code, findings: withoutPlacesOfHalves(report).findings };
}

const placesOf = ({ locations }: Pick<FindingV1, 'locations'>): string[] => locations.map(({ file, startLine }) => `${file}:${startLine}`);

/** Each finding by its rule and places, behind it in brackets the halves that it tells of. */
async function told(repository: TestRepository, ...flags: string[]): Promise<string[]> {
  const { findings } = await scanned(repository, ...flags);
  return findings.map((finding) => {
    const halves = (finding.halves ?? []).map((half) => ` [${half.ruleId} ${placesOf(half).join(' ')}]`);
    return `${finding.ruleId} ${placesOf(finding).join(' ')}${halves.join('')}`;
  });
}

describe('one finding', () => {
  test.each([['--no-history'], ['--history-only'], ['--staged'], []])('%s', async (...flags) => {
    const repository = TestRepository.create();
    repository.write('README.md', 'x').commit('first');
    repository.write('a.ini', PAIR).write('b/c.ini', `\n${PAIR}`).git('add', '.');
    if (flags[0] !== '--staged') repository.commit('pair');
    expect(await told(repository, ...flags)).toEqual(['aws-secret-access-key a.ini:3 b/c.ini:4 [aws-access-key-id a.ini:2 b/c.ini:3]']);
    const { code, findings } = await scanned(repository, ...flags);
    expect([code, findings[0]?.severity, findings[0]?.state === findings[0]?.halves?.[0]?.state]).toEqual([1, 'critical', true]);
  });

  test('the half is whole: its mask, its evidence and its remedy, and an id that it also has alone', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', PAIR).commit('pair');
    const { findings } = await scanned(repository, '--show-secrets');
    const half = findings[0]?.halves?.[0];
    expect(half).toMatchObject({ redacted: 'AKIA****', secret: ID, title: 'AWS access key id', severity: 'high', firstSeen: findings[0]?.firstSeen });
    expect(half?.evidence.join()).toMatch(/account/);
    repository.write('a.ini', id()).commit('secret gone');
    expect((await scanned(repository, '--no-history')).findings[0]?.id).toBe(half?.id);
  });

  test('of each of the pairs that have two findings', async () => {
    const text = [
      `ALIBABA_CLOUD_ACCESS_KEY_ID=${value('LTAI{{alnum:16}}', 'ali')}\nALIBABA_CLOUD_ACCESS_KEY_SECRET=${value('{{alnum:30}}', 'ali')}`,
      `TENCENTCLOUD_SECRET_ID=${value('AKID{{alnum:32}}', 'ten')}\nTENCENTCLOUD_SECRET_KEY=${value('{{alnum:32}}', 'ten')}`,
      `TWILIO_API_KEY=${value('SK{{hex:32}}', 'twi')}\nTWILIO_API_KEY_SECRET=${value('{{alnum:32}}', 'twi')}`,
      `SPACES_KEY=${value('DO00{{[A-Z0-9]:16}}', 'do')}\nSPACES_SECRET_KEY=${value('{{base64:43}}', 'do')}`,
      `RAZORPAY_KEY_ID=${value('rzp_live_{{alnum:14}}', 'rzp')}\nRAZORPAY_KEY_SECRET=${value('{{alnum:24}}', 'rzp')}`,
      `WC_KEY=${value('ck_{{hex:40}}', 'wc')}\nWC_SECRET=${value('cs_{{hex:40}}', 'wc')}`,
    ].join('\n\n');
    const repository = TestRepository.create();
    repository.write('settings.txt', text).commit('pairs');
    const lines = await told(repository, '--no-history');
    expect(lines.map((line) => line.replaceAll(/ settings\.txt:\d+/g, '')).toSorted()).toEqual([
      'alibaba-access-key-secret [alibaba-access-key-id]',
      'digitalocean-spaces-secret [digitalocean-spaces-key]',
      'razorpay-key-secret [razorpay-live-key-id]',
      'tencent-cloud-secret-key [tencent-cloud-secret-id]',
      'twilio-api-key-secret [twilio-api-key-sid]',
      'woocommerce-consumer-secret [woocommerce-consumer-key]',
    ]);
  });

  test('the worse and the surer of both: a secret that only a word near by gives away is no less beside its id', async () => {
    const weak = `{\n  "key": "${ID}",\n  "secret": "${SECRET}"\n}\n`;
    const repository = TestRepository.create();
    repository.write('a.json', weak).commit('pair');
    const { findings } = await scanned(repository, '--no-history');
    expect(findings.map(({ ruleId, severity, confidence }) => [ruleId, severity, confidence])).toEqual([['aws-secret-access-key', 'high', 'high']]);
    const alone = TestRepository.create();
    alone.write('a.json', weak).write('keysift.config.yaml', 'rules:\n  aws-access-key-id: { enabled: false }\n').commit('pair');
    expect((await scanned(alone, '--no-history')).findings[0]).toMatchObject({ severity: 'medium', confidence: 'medium' });
  });

  test('what is wrong with the place of the half alone is told', async () => {
    const repository = TestRepository.create();
    repository.write('a.sh', `curl "https://b.s3.amazonaws.com/f?key=${ID}"\nexport AWS_SECRET_ACCESS_KEY=${SECRET}\n`).commit('pair');
    const { findings } = await scanned(repository, '--no-history');
    expect(findings).toHaveLength(1);
    const checksOf = (finding: Pick<FindingV1, 'checks'> | undefined): string[] => (finding?.checks ?? []).map(({ ruleId }) => ruleId);
    expect(checksOf(findings[0]?.halves?.[0])).toContain('key-in-url');
    expect(checksOf(findings[0])).toContain('key-in-url');
    expect(checksOf(findings[0])).toEqual([...new Set(checksOf(findings[0]))]);
  });
});

describe('two findings', () => {
  test('an id that stands alone in another file, with all its places', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', PAIR).write('b.txt', id()).commit('pair');
    expect(await told(repository)).toEqual(['aws-secret-access-key a.ini:3', 'aws-access-key-id a.ini:2 b.txt:1']);
  });

  test('an id beside two secrets', async () => {
    const repository = TestRepository.create();
    repository
      .write('a.ini', PAIR)
      .write('b.ini', `${id()}${secret(OTHER_SECRET)}`)
      .commit('pair');
    expect(await told(repository, '--no-history')).toEqual([
      'aws-secret-access-key a.ini:3',
      'aws-secret-access-key b.ini:2',
      'aws-access-key-id a.ini:2 b.ini:1',
    ]);
  });

  test('the secret was taken out and the id was left: each has its own state', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', PAIR).commit('pair');
    repository.write('a.ini', `[default]\n${id()}`).commit('secret gone');
    const { findings } = await scanned(repository);
    expect(findings.map(({ ruleId, state }) => [ruleId, state])).toEqual([
      ['aws-secret-access-key', 'history'],
      ['aws-access-key-id', 'head'],
    ]);
  });

  test('the same in the working tree alone', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', PAIR).commit('pair');
    repository.write('a.ini', `[default]\n${id()}`);
    expect(await told(repository)).toEqual(['aws-secret-access-key a.ini:3', 'aws-access-key-id a.ini:2']);
  });

  test('the id was there first: what counts is where they are now', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', `[default]\n${id()}`).commit('id');
    repository.write('a.ini', PAIR).commit('secret');
    const { findings } = await scanned(repository);
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['aws-secret-access-key']);
    expect(findings[0]?.halves?.[0]?.firstSeen?.commit).toBe(repository.git('rev-parse', 'HEAD~1'));
    expect(findings[0]?.firstSeen?.commit).toBe(repository.head());
  });

  test('both were taken out: one finding of the history', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', PAIR).commit('pair');
    repository.remove('a.ini').commit('gone');
    const { findings } = await scanned(repository);
    expect(findings.map(({ state, halves = [] }) => [state, halves.map((half) => half.state)])).toEqual([['history', ['history']]]);
  });

  test('a range that brings the other half tells of that one alone', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', `[default]\n${secret()}`).commit('secret');
    repository.write('a.ini', PAIR).commit('id');
    expect(await told(repository, '--range', 'HEAD~1..HEAD')).toEqual(['aws-access-key-id a.ini:2']);
  });

  test('a commit message knows no secret, so an id in it stands alone', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', PAIR).commit(`use ${ID}`);
    expect((await told(repository)).map((line) => line.split(' ')[0])).toEqual(['aws-secret-access-key', 'aws-access-key-id']);
  });
});

describe('policy is about each by itself', () => {
  async function state(repository: TestRepository, ...flags: string[]): Promise<unknown[]> {
    const { code, report } = await keysiftJson(flags, { cwd: repository.path });
    const open = report.findings.map(({ ruleId, halves = [] }) => [ruleId, ...halves.map((half) => half.ruleId)].join(' + '));
    return [code, open, report.suppressed.map(({ ruleId, by }) => `${ruleId} ${by}`), report.scan.notes];
  }
  const comment = (rule: string): string => ` # keysift:allow ${rule} -- x`;

  test.each<[string, string, unknown[]]>([
    ['none', PAIR, [1, ['aws-secret-access-key + aws-access-key-id'], [], []]],
    [
      'a comment on the id hides the id',
      `${id(`${ID}${comment('aws-access-key-id')}`)}${secret()}`,
      [1, ['aws-secret-access-key'], ['aws-access-key-id inline'], []],
    ],
    [
      'a comment on the secret hides the secret',
      `${id()}${secret(`${SECRET}${comment('aws-secret-access-key')}`)}`,
      [1, ['aws-access-key-id'], ['aws-secret-access-key inline'], []],
    ],
    [
      'on both',
      `${id(`${ID}${comment('aws-access-key-id')}`)}${secret(`${SECRET}${comment('aws-secret-access-key')}`)}`,
      [0, [], ['aws-secret-access-key inline', 'aws-access-key-id inline'], []],
    ],
  ])('comments: %s', async (_what, text, expected) => {
    const repository = TestRepository.create();
    repository.write('a.ini', text).commit('pair');
    expect(await state(repository)).toEqual(expected);
  });

  test.each<[string, string, unknown[]]>([
    ['the id is left out there', 'rules: { aws-access-key-id: { exclude: [a.ini] } }', [1, ['aws-secret-access-key'], ['aws-access-key-id exclude']]],
    ['the secret is', 'rules: { aws-secret-access-key: { exclude: [a.ini] } }', [1, ['aws-access-key-id'], ['aws-secret-access-key exclude']]],
    ['no rule for the id', 'rules: { aws-access-key-id: { enabled: false } }', [1, ['aws-secret-access-key'], []]],
    [
      'a severity for the secret below the id',
      'rules: { aws-secret-access-key: { severity: low } }',
      [1, ['aws-access-key-id', 'aws-secret-access-key'], []],
    ],
    ['a severity for the id', 'rules: { aws-access-key-id: { severity: info } }', [1, ['aws-secret-access-key + aws-access-key-id'], []]],
  ])('configuration: %s', async (_what, config, expected) => {
    const repository = TestRepository.create();
    repository.write('a.ini', PAIR).write('keysift.config.yaml', `${config}\n`).commit('pair');
    expect((await state(repository)).slice(0, 3)).toEqual(expected);
  });

  test('no filter takes a half away with its secret', async () => {
    const repository = TestRepository.create();
    repository.write('a.json', `{\n  "key": "${ID}",\n  "secret": "${SECRET}"\n}\n`).commit('pair');
    expect(await state(repository, '--min-confidence', 'high')).toEqual([1, ['aws-access-key-id'], [], []]);
    expect(await state(repository, '--fail-on', 'critical')).toEqual([0, ['aws-secret-access-key + aws-access-key-id'], [], []]);
    expect(await state(repository, '--fail-on', 'high')).toEqual([1, ['aws-secret-access-key + aws-access-key-id'], [], []]);
  });

  test('keysift ignore of the pair writes a line for each half; one of the half leaves the secret', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', PAIR).commit('pair');
    const { findings } = await scanned(repository);
    const [whole, half] = [findings[0]?.id ?? '', findings[0]?.halves?.[0]?.id ?? ''];
    const ignore = (...argv: string[]) => keysift(['ignore', ...argv, '--reason', 'x'], { cwd: repository.path });
    expect(await ignore(half)).toMatchObject({ code: 0, stdout: '.keysiftignore: aws-access-key-id in a.ini is ignored\n' });
    expect(await state(repository)).toEqual([1, ['aws-secret-access-key'], ['aws-access-key-id ignore-file'], []]);
    repository.remove('.keysiftignore');
    repository.write('../pair.json', (await keysift(['-f', 'json'], { cwd: repository.path })).stdout);
    for (const from of [[], ['--from', '../pair.json']]) {
      expect(await ignore(whole, ...from)).toMatchObject({
        code: 0,
        stdout: '.keysiftignore: aws-secret-access-key in a.ini is ignored\n.keysiftignore: aws-access-key-id in a.ini is ignored\n',
      });
      expect(await state(repository)).toEqual([0, [], ['aws-secret-access-key ignore-file', 'aws-access-key-id ignore-file'], []]);
    }
    // What is left of the pair stays accepted.
    repository.write('a.ini', `[default]\n${id()}`).commit('secret gone');
    expect(await state(repository)).toEqual([0, [], ['aws-secret-access-key ignore-file', 'aws-access-key-id ignore-file'], []]);
  });

  test('a baseline knows both, and another secret beside the id, or another id beside the secret, is a finding', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', PAIR).commit('pair');
    const created = await keysift(['baseline', 'create'], { cwd: repository.path });
    expect(created.stdout).toContain('.keysift-baseline: 2 secrets added, 2 in all\n');
    expect(await state(repository)).toEqual([0, [], ['aws-secret-access-key baseline', 'aws-access-key-id baseline'], []]);
    expect((await keysift(['baseline', 'prune'], { cwd: repository.path })).stdout).toContain('0 entries removed, 2 left');
    repository.write('b.ini', `${id(OTHER_ID)}${secret()}`);
    expect((await state(repository)).slice(0, 2)).toEqual([1, ['aws-access-key-id']]);
    repository.write('b.ini', `${id()}${secret(OTHER_SECRET)}`);
    expect((await state(repository)).slice(0, 2)).toEqual([1, ['aws-secret-access-key']]);
  });

  test('what another scanner ignored of a half is ignored of it alone', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', PAIR).write('.gitleaksignore', 'a.ini:aws-access-token:2\n').commit('pair');
    await keysift(['ignore', '--from', '.gitleaksignore', '--reason', 'x'], { cwd: repository.path });
    expect((await state(repository)).slice(0, 3)).toEqual([1, ['aws-secret-access-key'], ['aws-access-key-id ignore-file']]);
  });
});

describe('reports', () => {
  test('a half is explained by its id, and told with its secret', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', PAIR).commit('pair');
    const { findings } = await scanned(repository);
    const explain = async (given = ''): Promise<string> => (await keysift(['explain', given], { cwd: repository.path })).stdout;
    expect(await explain(findings[0]?.id)).toContain('\nWith: AWS access key id AKIA****\n  rule aws-access-key-id · id ');
    expect(await explain(findings[0]?.halves?.[0]?.id)).toMatch(/^AWS access key id\n/);
    expect(await explain('aws-access-key-id')).toContain('\nIts pair\n  the public half: ');
  });

  test('plain halves go no further than plain secrets', async () => {
    const repository = TestRepository.create();
    repository.write('a.ini', PAIR).commit('pair');
    const { stdout } = await keysift(['-f', 'json', '--show-secrets'], { cwd: repository.path });
    expect(stdout).toContain(ID);
    const convert = (...flags: string[]) => keysift(['report', 'convert', '-', '-f', 'json', ...flags], { stdin: stdout });
    const { stdout: hidden } = await convert();
    expect([hidden.includes(ID), hidden.includes(SECRET), hidden.includes('AKIA****')]).toEqual([false, false, true]);
    expect((await convert('--show-secrets')).stdout).toContain(ID);
  });

  test('in the text the half has its places and what it tells, each secret its own', async () => {
    const repository = TestRepository.create();
    repository
      .write('a.ini', PAIR)
      .write('b.ini', `${id(OTHER_ID)}${secret(OTHER_SECRET)}`)
      .commit('pairs');
    const { stdout } = await keysift(['--no-history'], { cwd: repository.path });
    expect(stdout).toMatch(/a\.ini:3:\d+ .*\n {2}with {2}AWS access key id AKIA\*{4}\n {8}a\.ini:2:21\n {8}account number decodes/);
    expect(stdout).toMatch(/b\.ini:2:\d+ .*\n {2}with {2}AWS access key id AKIA\*{4}\n {8}b\.ini:1:21\n/);
    expect(stdout).toContain('2 findings (2 critical)');
  });

  test.each([
    ['--jobs', '1'],
    ['--jobs', '8'],
    ['--reader', 'git'],
  ])('the same with %s %s', async (...flags) => {
    const repository = TestRepository.create();
    for (let index = 0; index < 30; index++) repository.write(`${index % 3}/${index}.ini`, index % 5 === 0 ? id() : PAIR).commit(String(index));
    repository.write('x.ini', `${id(OTHER_ID)}${secret(OTHER_SECRET)}`).commit('x');
    const { report } = await keysiftJson([], { cwd: repository.path });
    const { report: other } = await keysiftJson(flags, { cwd: repository.path });
    expect(other.findings).toEqual(report.findings);
    expect(report.findings.map(({ ruleId, halves = [] }) => [ruleId, halves.length])).toEqual([
      ['aws-secret-access-key', 0],
      ['aws-secret-access-key', 1],
      ['aws-access-key-id', 0],
    ]);
  });
});
