/** Questions to a person in a terminal, an answer a line. Whoever interrupts gives no more answers. */
import { createInterface } from 'node:readline/promises';
import { UserError } from '../model/errors.ts';
import type { Io } from './io.ts';

/** Asks as long as `work` wants to; an answer is undefined where there will be no more. Throws a `UserError` without a terminal. */
export async function withQuestions<Result>(
  io: Io,
  refusal: { readonly message: string; readonly hint: string },
  work: (ask: (question: string) => Promise<string | undefined>) => Promise<Result>,
): Promise<Result> {
  checkTerminal(io, refusal);
  const lines = createInterface({ input: io.stdin, terminal: false });
  const answers = lines[Symbol.asyncIterator]();
  const stop = (): void => lines.close();
  io.signal?.addEventListener('abort', stop, { once: true });
  try {
    return await work(async (question) => {
      await io.stdout.write(question);
      const answer = await answers.next();
      return answer.done === true ? undefined : answer.value.trim();
    });
  } finally {
    io.signal?.removeEventListener('abort', stop);
    lines.close();
  }
}

/** Throws a `UserError` when nobody is there to answer. */
export function checkTerminal(io: Io, { message, hint }: { readonly message: string; readonly hint: string }): void {
  if ((io.stdin as { isTTY?: boolean }).isTTY !== true) throw new UserError(message, hint);
}
