/** Runs a command in a real terminal, by python's pty module, and answers each time that its prompt is there. */
import { spawnSync } from 'node:child_process';

export const HAS_TERMINAL = spawnSync('python3', ['--version']).status === 0;

const SCRIPT = `
import os, pty, sys, json, select, time
argv, answers = json.loads(sys.argv[1]), json.loads(sys.argv[2])
pid, fd = pty.fork()
if pid == 0:
    os.execvp(argv[0], argv)
said, seen = b'', 0
begun = time.time()
while time.time() - begun < 60:
    if select.select([fd], [], [], 0.2)[0]:
        try:
            part = os.read(fd, 65536)
        except OSError:
            break
        if not part: break
        said += part
    if answers and said[seen:].rstrip(b' ').endswith(b':'):
        seen = len(said)
        os.write(fd, (answers.pop(0) + '\\n').encode())
_, status = os.waitpid(pid, 0)
print(json.dumps({'code': os.waitstatus_to_exitcode(status), 'said': said.decode()}))
`;

/** @param answers one for each prompt, which ends in a colon */
export function inTerminal(
  command: readonly string[],
  answers: readonly string[],
  options: { cwd: string; env: Readonly<Record<string, string>> },
): { code: number; said: string } {
  const { stdout, stderr } = spawnSync('python3', ['-c', SCRIPT, JSON.stringify(command), JSON.stringify(answers)], { ...options, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as { code: number; said: string };
}
