/**
 * Prints "N passed, N failed" from vitest's JSON results and exits with 1 when anything failed. A test file that could
 * not be run, or a run without results, counts as one failure: it must never read as "0 failed".
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

const { passed, failed } = counts(process.argv[2]);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
