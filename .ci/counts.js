/**
 * Prints "N passed, N failed" from vitest's JSON results (the first argument; the second is its exit code) and exits with 1
 * when anything failed. A test file that could not be run, or a run without results, counts as one failure, and so does one
 * that vitest calls failed without saying where, such as when a process of it was ended: it must never read as "0 failed".
 */
import { readFileSync } from 'node:fs';

function counts(path) {
  try {
    const results = JSON.parse(readFileSync(path, 'utf8'));
    const broken = results.testResults.filter((file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'));
    return { passed: results.numPassedTests, failed: results.numFailedTests + broken.length };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const [, , path, code = '0'] = process.argv;
const { passed, failed: seen } = counts(path);
const failed = code === '0' ? seen : Math.max(1, seen);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
