/**
 * Runs scripts of package.json side by side, as many at a time as there are processors, in the order of the arguments. What
 * each of them says is printed in one piece when it has ended. The exit code is 1 when one failed, which the last line names;
 * the others are run all the same, so that one run shows everything that is wrong.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

function run(script) {
  // Windows has it as a script of its shell.
  const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
  const pieces = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => pieces.push(piece));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ succeeded: false, said: `${error.message}\n` }));
    child.on('close', (code) => resolve({ succeeded: code === 0, said: Buffer.concat(pieces).toString('utf8') }));
  });
}

const waiting = process.argv.slice(2);
const failed = [];

async function runWaiting() {
  for (let script = waiting.shift(); script !== undefined; script = waiting.shift()) {
    const { succeeded, said } = await run(script);
    if (!succeeded) failed.push(script);
    process.stdout.write(`--- ${script}: ${succeeded ? 'passed' : 'FAILED'}\n${said}`);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, runWaiting));
if (failed.length > 0) process.stdout.write(`\nFAILED: ${failed.join(', ')}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
