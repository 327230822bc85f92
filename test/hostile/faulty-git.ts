/**
 * A `git` that does what the real one does, but for one call. The program must notice whatever goes wrong with it: what a
 * process says is no proof of anything, nor is its exit code.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folder.ts';
import { REAL_GIT } from './harness.ts';

/** What becomes of a call; a shell fragment in which `real` gives what git says. `$half` is half of its length. */
export const FAULTS = {
  'dies at once': 'exit 128',
  'dies at once, saying so': 'echo "fatal: out of memory, malloc failed" >&2; exit 128',
  'is killed at once': 'kill -9 $$',
  'dies after one byte': 'head -c 1 "$out"; exit 128',
  'dies in the middle': 'head -c "$half" "$out"; exit 128',
  'is killed in the middle': 'head -c "$half" "$out"; kill -9 $$',
  'dies before the last byte': 'head -c "$short" "$out"; exit 128',
  'dies after all is said': 'cat "$out"; exit 128',
  'ends well in the middle': 'head -c "$half" "$out"; exit 0',
  'says nothing and ends well': 'exit 0',
  'says something else': 'head -c "$size" /dev/urandom | tr "\\000" x; exit 0',
  'hangs in the middle': 'head -c "$half" "$out"; exec sleep 1000',
} as const;
export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as Fault[];

/** A folder with a git whose call number `call` (from 1) goes wrong, or each whose arguments hold a text; and the calls that there were. */
export function faultyGit(fault: Fault, call: number | string): { readonly folder: string; calls(): string[] } {
  const root = temporaryFolder();
  const folder = join(root, 'bin');
  mkdirSync(folder);
  // Calls at the same time have different numbers: each takes the first file that is not there yet.
  const script = `#!/bin/sh
set -C
n=1
until { true > "${root}/call.$n"; } 2>/dev/null; do n=$((n + 1)); done
set +C
echo "$*" > "${root}/call.$n"
case "${typeof call === 'number' ? '$n' : '$*'}" in ${typeof call === 'number' ? call : `*'${call}'*`}) ;; *) exec '${REAL_GIT}' "$@" ;; esac
out="${root}/out.$n"
'${REAL_GIT}' "$@" > "$out" 2>/dev/null
size=$(wc -c < "$out")
half=$((size / 2))
short=$((size > 0 ? size - 1 : 0))
${FAULTS[fault]}
`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  return {
    folder,
    calls() {
      const count = readdirSync(root).filter((name) => name.startsWith('call.')).length;
      return Array.from({ length: count }, (_, index) => readFileSync(join(root, `call.${index + 1}`), 'utf8').trim());
    },
  };
}
