import { expect, test } from 'vitest';
import { UserError } from '../../src/model/errors.ts';

test('an error of the user says what is wrong, what to do, and that it is one', () => {
  const error = new UserError('a is wrong', 'Do b.');
  expect([String(error), error.hint, new UserError('a').hint]).toEqual(['UserError: a is wrong', 'Do b.', undefined]);
  expect(error).toBeInstanceOf(Error);
});
