/** One line on a terminal's stderr that moves while a scan runs, and is gone when it is done. */
import { megabytes, scannedWords } from '../report/words.ts';
import type { Totals } from '../scan/collector.ts';
import type { Io } from './io.ts';

const EVERY_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

export interface Progress {
  watch(totals: Readonly<Totals>): void;
  stop(): void;
}

/** Does nothing unless stderr is a terminal. */
export function startProgress(io: Io, wanted: boolean): Progress {
  if (!wanted || !io.stderr.isTerminal) return { watch: () => undefined, stop: () => undefined };
  const begun = io.clock();
  let totals: Readonly<Totals> | undefined;
  let shown = false;
  const draw = (): void => {
    if (totals === undefined) return;
    const seconds = Math.max(0.001, (io.clock() - begun) / 1000);
    const line = `scanning: ${scannedWords(totals)}, ${megabytes(totals.bytes / seconds)}/s`;
    void io.stderr.write(CLEAR_LINE + line.slice(0, Math.max(0, io.stderr.columns - 1)));
    shown = true;
  };
  const timer = setInterval(draw, EVERY_MS).unref();
  return {
    watch(next) {
      totals = next;
    },
    stop() {
      clearInterval(timer);
      if (shown) void io.stderr.write(CLEAR_LINE);
    },
  };
}
