import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CI_SETUPS } from '../../src/cli/ci-setup.ts';
import { keysift } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { stripeKey } from '../support/secrets.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): unknown => parse(readFileSync(join(ROOT, path), 'utf8'));

interface Step {
  readonly shell: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

describe('action.yml', () => {
  const action = read('action.yml') as { inputs: Record<string, unknown>; runs: { using: string; steps: Step[] } };
  const [step] = action.runs.steps;
  if (step === undefined) throw new Error('no step');

  test('nothing is spliced into the script', () => {
    expect([action.runs.using, action.runs.steps.length, step.shell]).toEqual(['composite', 1, 'bash']);
    expect(step.run).not.toContain('${{');
    expect(Object.values(step.env)).toEqual(Object.keys(action.inputs).map((name) => `\${{ inputs.${name} }}`));
  });

  test('F14: hostile titles, branch names and inputs are data', () => {
    const repository = TestRepository.create();
    const base = repository.write('a.txt', 'a\n').commit('base');
    const head = repository.write('leak.txt', `key = "${stripeKey('action')}"\n`).commit('leak');
    const hostile = `x"; touch pwned; $(touch pwned) \`touch pwned\`\n::set-output name=x::y`;
    const event = { pull_request: { title: hostile, base: { sha: base, ref: hostile }, head: { sha: head, ref: hostile } } };
    const path = join(folderWith({ 'event.json': JSON.stringify(event) }), 'event.json');
    const run = (inputs: Record<string, string>): { status: number | null; stdout: string; stderr: string } =>
      spawnSync('bash', ['-c', step.run], {
        cwd: repository.path,
        encoding: 'utf8',
        env: repository.environment({
          GITHUB_ACTIONS: 'true',
          GITHUB_EVENT_NAME: 'pull_request',
          GITHUB_EVENT_PATH: path,
          GITHUB_HEAD_REF: hostile,
          GITHUB_ACTION_PATH: ROOT,
          ...Object.fromEntries(Object.keys(step.env).map((name) => [name, ''])),
          ...inputs,
        }),
      });
    const found = run({});
    expect([found.status, found.stdout.includes('file=leak.txt,line=1,endLine=1,col=8')]).toEqual([1, true]);
    expect(run({ KEYSIFT_FAIL_ON: hostile })).toMatchObject({ status: 2, stdout: '' });
    const config = run({ KEYSIFT_CONFIG: hostile });
    expect([config.status, config.stderr.split('\n').some((text) => text.startsWith('::'))]).toEqual([2, false]);
    expect(existsSync(join(repository.path, 'pwned'))).toBe(false);
  });
});

test('the hooks of the pre-commit framework run commands that exist, without file names', async () => {
  const hooks = read('.pre-commit-hooks.yaml') as { id: string; entry: string; pass_filenames: boolean; always_run: boolean; stages: string[] }[];
  expect(hooks.map(({ id, stages }) => `${id} ${stages.join()}`)).toEqual(['keysift pre-commit', 'keysift-push pre-push']);
  for (const { entry, pass_filenames, always_run } of hooks) {
    expect([pass_filenames, always_run]).toEqual([false, true]);
    expect((await keysift([...entry.split(' ').slice(1), '--help'])).code).toBe(0);
  }
});

test('the template for GitLab fetches everything and runs keysift ci', () => {
  const template = read('templates/keysift.gitlab-ci.yml') as {
    keysift: Record<string, unknown> & { script: string[]; variables: Record<string, string> };
  };
  expect([template.keysift.script, template.keysift.variables['GIT_DEPTH']]).toEqual([['keysift ci'], '0']);
  // What keysift init shows is the same job, started by npx.
  const shown = parse(CI_SETUPS.gitlab.text) as { keysift: Record<string, unknown> };
  const { before_script: _install, ...job } = template.keysift;
  expect({ ...shown.keysift, script: job.script }).toEqual(job);
});
