/** A world for one command, that remembers what is said in it. */
import { Readable } from 'node:stream';
import type { Io, Output } from '../../src/cli/io.ts';
import { UserError } from '../../src/model/errors.ts';
import { temporaryFolder } from './folder.ts';

export class Said implements Output {
  text = '';
  readonly isTerminal: boolean;
  readonly columns: number;

  constructor(isTerminal: boolean, columns = 80) {
    this.isTerminal = isTerminal;
    this.columns = columns;
  }

  write(text: string): Promise<void> {
    this.text += text;
    return Promise.resolve();
  }
}

export interface World extends Io {
  readonly stdout: Said;
  readonly stderr: Said;
}

export function world(more: Partial<World> = {}, isTerminal = false): World {
  return {
    stdin: Readable.from([]),
    stdout: new Said(isTerminal),
    stderr: new Said(isTerminal),
    cwd: temporaryFolder(),
    env: {},
    now: () => new Date(0),
    clock: () => 0,
    cpus: 1,
    ...more,
  };
}

/** Why something is refused, and what to do; or what it gave, or threw instead. */
export async function refused(work: Promise<unknown>): Promise<readonly unknown[]> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  return error instanceof UserError ? [error.message, error.hint] : [error];
}
