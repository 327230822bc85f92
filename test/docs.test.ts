import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../src/model/exit-code.ts';
import { STATES } from '../src/model/finding.ts';
import { FORMAT_NAMES } from '../src/report/formats.ts';
import { keysift } from './support/cli.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** First cells of the table below a heading. */
function firstCells(heading: string): string[] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .slice(1)
    .map((line) => line.split('|')[1]?.trim() ?? '');
}

describe('README says what the program does', () => {
  test('exit codes', () => {
    expect(firstCells('Exit codes')).toEqual(Object.values(EXIT).map(String));
  });

  test('states, in their order', () => {
    expect(firstCells('States')).toEqual(STATES.map((state) => `\`${state}\``));
  });

  test('report formats, in their order', () => {
    expect(firstCells('Reports')).toEqual(FORMAT_NAMES.map((name) => `\`${name}\``));
  });

  test('every flag of scan, and none that is not there', async () => {
    const { stdout } = await keysift(['scan', '--help'], { cwd: '/' });
    const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1]).filter((flag) => flag !== '--help');
    const told = firstCells('Flags').flatMap((cell) => cell.match(/--[a-z-]+/g) ?? []);
    expect(flags.length).toBeGreaterThan(20);
    expect(new Set(told)).toEqual(new Set(flags));
    expect(told).toHaveLength(flags.length);
  });
});
