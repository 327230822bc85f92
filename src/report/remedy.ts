/** What to do about a finding: revoke first, then take it out of the files. Words for people, made nowhere else. */
import type { Finding, Issuer, State, Tracking } from '../model/finding.ts';
import { UNATTRIBUTED } from '../model/rule.ts';

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

interface Remedy {
  revoke: string;
  steps: string[];
}

/** By who issued them and where they are: a hundred thousand findings share the words for what is to be done. */
const usual = new WeakMap<Issuer, Partial<Record<State, Remedy>>>();

export function remedyOf(finding: Finding): Remedy {
  const { matcher, kind } = finding.rule;
  const issuer = finding.issuer ?? finding.rule;
  const { revoke, provider } = issuer;
  if (matcher.kind === 'file') {
    return {
      revoke: 'Rotate every value in it that is a real secret.',
      steps: envFileSteps(finding.locations[0]?.file ?? 'FILE', finding.state, finding.tracking),
    };
  }
  if (matcher.kind === 'finding' && finding.tracking !== undefined) {
    return { revoke: revoke?.where ?? finding.rule.description, steps: ignoreSteps('', finding.tracking) };
  }
  if (kind === 'check') return { revoke: revoke?.where ?? finding.rule.description, steps: [...(revoke?.steps ?? [])] };
  const known = usual.get(issuer);
  const before = known?.[finding.state];
  if (before !== undefined) return before;
  const where = revoke?.where ?? `Revoke it where ${provider === UNATTRIBUTED ? 'its provider' : provider} issues keys.`;
  const remedy = {
    revoke: where,
    steps: [...(revoke?.steps ?? ['Create a new one.', 'Deploy it.', 'Revoke the leaked one.']), CLEAN_UP[finding.state]],
  };
  usual.set(issuer, { ...known, [finding.state]: remedy });
  return remedy;
}

/** The commands that take an env file out of a repository, in their order, by where it is now. */
function envFileSteps(file: string, state: State, tracking: Tracking | undefined): string[] {
  const ignore = ignoreSteps(file, tracking);
  if (state === 'history' || state === 'tag') {
    return [...ignore, ROTATE_ANYWAY, `To rewrite it all the same: git filter-repo --invert-paths --path ${quoted(file)}`];
  }
  if (state === 'worktree' && tracking?.tracked === false) {
    return tracking.ignored ? ['git ignores it already: nothing to do in the repository.'] : [...ignore, 'It is in no commit yet; keep it so.'];
  }
  const covered = tracking?.ignored === true ? ['An ignore line covers it, but git goes on tracking what was added before that.'] : [];
  return [`git rm --cached -- ${quoted(file)}`, ...covered, ...ignore, `git commit -m ${quoted(`Stop tracking ${file}`)}`, ROTATE_ANYWAY];
}

function ignoreSteps(file: string, tracking: Tracking | undefined): string[] {
  if (tracking?.ignored === true) return [];
  if (tracking === undefined) return [`Add the line ${file.split('/').at(-1) ?? file} to .gitignore.`];
  return [
    ...(tracking.undo === undefined ? [] : [`Remove the line that takes it back in: ${tracking.undo}`]),
    `printf '%s\\n' ${quoted(tracking.line)} >> ${quoted(tracking.file)}`,
    `git add -- ${quoted(tracking.file)}`,
  ];
}

/** For a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
