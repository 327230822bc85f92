/** What to do about a finding: revoke first, then take it out of the files. Words for people, made nowhere else. */
import type { Finding, State } from '../model/finding.ts';

const ROTATE_ANYWAY = 'Revoking is the cure. Rewriting the history is optional and does not undo the leak.';

const CLEAN_UP: Readonly<Record<State, string>> = {
  head: 'Take it out of the file and read it from the environment or a secret store; removing it does not undo the leak.',
  branch: 'Take it out of the branch that still holds it.',
  tag: ROTATE_ANYWAY,
  history: ROTATE_ANYWAY,
  staged: 'Take it out before you commit: git restore --staged FILE, then edit.',
  worktree: 'Take it out of the file before it is committed.',
  stash: 'Drop the stash entry that holds it: git stash list, git stash drop.',
  reflog: 'Only this repository still holds it; it goes when git forgets the old commits.',
  unreachable: 'Nothing refers to it any more; it goes with the next git gc --prune=now.',
  stdin: 'Take it out of what was given on standard input.',
};

export function remedyOf(finding: Finding): { revoke: string; steps: string[] } {
  const { revoke, provider, matcher } = finding.rule;
  if (matcher.kind === 'file') {
    const file = finding.locations[0]?.file ?? 'FILE';
    return {
      revoke: 'Rotate every value in it that is a real secret.',
      steps: [`git rm --cached -- '${file}'`, `Add the line ${file.split('/').at(-1) ?? file} to .gitignore.`, ROTATE_ANYWAY],
    };
  }
  const where = revoke?.where ?? `Revoke it where ${provider === 'unattributed' ? 'its provider' : provider} issues keys.`;
  return { revoke: where, steps: [...(revoke?.steps ?? ['Create a new one.', 'Deploy it.', 'Revoke the leaked one.']), CLEAN_UP[finding.state]] };
}
