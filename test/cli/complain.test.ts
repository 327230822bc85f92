import { describe, expect, test } from 'vitest';
import { complain } from '../../src/cli/complain.ts';
import { githubToken } from '../support/secrets.ts';
import { world } from '../support/world.ts';

async function said(...lines: string[]): Promise<string> {
  const io = world();
  await complain(io, lines);
  expect(io.stdout.text).toBe('');
  return io.stderr.text;
}

describe('what goes wrong is said on stderr', () => {
  test('a line each, with what a terminal would obey made visible', async () => {
    expect(await said('error: one', 'Do two.')).toBe('error: one\nDo two.\n');
    expect(await said('error: \u001b[2J')).toBe('error: \\x1b[2J\n');
    expect(await said()).toBe('');
  });

  test('a key that stands in it by mistake is not, in whichever line', async () => {
    const token = githubToken('complain');
    for (const lines of [[`error: unknown option '--token=${token}'`], ['error: no', `Leave out ${token}.`]]) {
      const text = await said(...lines);
      expect(text.split('\n')).toHaveLength(lines.length + 1);
      expect([text.includes(token.slice(8, 30)), text.slice(0, 6)]).toEqual([false, 'error:']);
    }
  });

  test('a long word that is no key stays', async () => {
    expect(await said("error: unknown option '--no-such-long-option'")).toBe("error: unknown option '--no-such-long-option'\n");
  });
});
