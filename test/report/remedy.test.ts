import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { STATES, type Finding, type Tracking } from '../../src/model/finding.ts';
import { quoted, remedyOf } from '../../src/report/remedy.ts';

const REWRITE = 'Revoking is the cure. Rewriting the history is optional and does not undo the leak.';

function remedy(facts: object): { revoke: string; steps: string[] } {
  return remedyOf({ state: 'head', locations: [{ file: "x/a's/.env" }], ...facts } as unknown as Finding);
}

function rule(kind: string, matcher: string, more: object = {}): object {
  return { rule: { kind, matcher: { kind: matcher }, provider: 'Acme', description: 'It is bad.', ...more } };
}

describe('a secret', () => {
  test('is revoked first, then taken out of where it is', () => {
    const acme = { revoke: { where: 'At acme.example.', steps: ['One.', 'Two.'] } };
    const told = STATES.map((state) => remedy({ ...rule('secret', 'token', acme), state }));
    for (const { revoke, steps } of told) expect([revoke, steps.slice(0, 2), steps.length]).toEqual(['At acme.example.', ['One.', 'Two.'], 3]);
    expect(Object.fromEntries(STATES.map((state, index) => [state, told[index]?.steps[2]]))).toMatchObject({
      head: expect.stringContaining('read it from the environment') as string,
      branch: expect.stringContaining('branch') as string,
      tag: REWRITE,
      history: REWRITE,
      staged: expect.stringContaining('git restore --staged') as string,
      worktree: expect.stringContaining('before it is committed') as string,
      stash: expect.stringContaining('git stash drop') as string,
      reflog: expect.stringContaining('Only this repository') as string,
      unreachable: expect.stringContaining('git gc --prune=now') as string,
      stdin: expect.stringContaining('standard input') as string,
    });
  });

  test('whose rule does not say how is revoked where it was issued', () => {
    const steps = ['Create a new one.', 'Deploy it.', 'Revoke the leaked one.'];
    expect(remedy(rule('secret', 'token'))).toMatchObject({ revoke: 'Revoke it where Acme issues keys.' });
    expect(remedy(rule('secret', 'token')).steps.slice(0, 3)).toEqual(steps);
    expect(remedy(rule('secret', 'token', { provider: 'unattributed' })).revoke).toBe('Revoke it where its provider issues keys.');
    const issuer = { provider: 'Other', revoke: { where: 'At other.example.', steps: ['Only.'] } };
    expect(remedy({ ...rule('secret', 'token'), issuer })).toMatchObject({ revoke: 'At other.example.', steps: ['Only.', expect.any(String)] });
  });
});

test('a check says what to do about it, and nothing of revoking', () => {
  expect(remedy(rule('check', 'usage', { revoke: { where: 'Drop it.', steps: ['One.'] } }))).toEqual({ revoke: 'Drop it.', steps: ['One.'] });
  expect(remedy(rule('check', 'usage'))).toEqual({ revoke: 'It is bad.', steps: [] });
  // Also one about files, where nobody asked git.
  expect(remedy(rule('check', 'finding'))).toEqual({ revoke: 'It is bad.', steps: [] });
});

describe('an env file', () => {
  const TRACKING: Tracking = { tracked: true, ignored: false, line: '/.env', file: '.gitignore' };
  const of = (state: string, tracking?: Partial<Tracking>): string[] => {
    const { revoke, steps } = remedy({
      ...rule('check', 'file'),
      state,
      ...(tracking === undefined ? {} : { tracking: { ...TRACKING, ...tracking } }),
    });
    expect(revoke).toBe('Rotate every value in it that is a real secret.');
    return steps;
  };
  const IGNORE = [String.raw`printf '%s\n' '/.env' >> '.gitignore'`, "git add -- '.gitignore'"];
  const REMOVE = String.raw`git rm --cached -- 'x/a'\''s/.env'`;
  const COMMIT = String.raw`git commit -m 'Stop tracking x/a'\''s/.env'`;

  test.each<[string, Partial<Tracking> | undefined, string[]]>([
    ['head', {}, [REMOVE, ...IGNORE, COMMIT, REWRITE]],
    ['head', { ignored: true }, [REMOVE, 'An ignore line covers it, but git goes on tracking what was added before that.', COMMIT, REWRITE]],
    ['head', { undo: '.gitignore:3' }, [REMOVE, 'Remove the line that takes it back in: .gitignore:3', ...IGNORE, COMMIT, REWRITE]],
    ['head', undefined, [REMOVE, 'Add the line .env to .gitignore.', COMMIT, REWRITE]],
    ['worktree', { tracked: false }, [...IGNORE, 'It is in no commit yet; keep it so.']],
    ['worktree', { tracked: false, ignored: true }, ['git ignores it already: nothing to do in the repository.']],
    ['worktree', undefined, [REMOVE, 'Add the line .env to .gitignore.', COMMIT, REWRITE]],
    ['worktree', {}, [REMOVE, ...IGNORE, COMMIT, REWRITE]],
    ['staged', { tracked: false }, [REMOVE, ...IGNORE, COMMIT, REWRITE]],
    ['history', {}, [...IGNORE, REWRITE, String.raw`To rewrite it all the same: git filter-repo --invert-paths --path 'x/a'\''s/.env'`]],
    ['tag', { ignored: true }, [REWRITE, String.raw`To rewrite it all the same: git filter-repo --invert-paths --path 'x/a'\''s/.env'`]],
  ])('in the state %s, %j', (state, tracking, steps) => {
    expect(of(state, tracking)).toEqual(steps);
  });

  test('that git does not ignore is told by a check of its own', () => {
    expect(remedy({ ...rule('check', 'finding', { revoke: { where: 'Ignore it.', steps: ['x'] } }), tracking: TRACKING })).toEqual({
      revoke: 'Ignore it.',
      steps: IGNORE,
    });
    expect(remedy({ ...rule('check', 'finding'), tracking: TRACKING }).revoke).toBe('It is bad.');
  });

  test('without a place has a name that stands for it', () => {
    expect(remedy({ ...rule('check', 'file'), locations: [] }).steps[0]).toBe("git rm --cached -- 'FILE'");
  });
});

test('a shell takes quoted text for what it was', () => {
  const text = `a'b"c $HOME \`x\` \\ 'd''`;
  expect(spawnSync('sh', ['-c', `printf %s ${quoted(text)}`]).stdout.toString()).toBe(text);
});
