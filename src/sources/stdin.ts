/** What comes in on standard input, as one content of unknown size. */
import type { Readable } from 'node:stream';
import { MAX_WHOLE, type Sink } from '../model/source.ts';

export async function scanStdin(input: Readable, name: string, sink: Sink, limits: { readonly maxFileSize: number }): Promise<void> {
  const origin = { kind: 'stdin', path: name } as const;
  sink.counted('file');
  let held: Buffer[] = [];
  let size = 0;
  let pieces: ReturnType<Sink['pieces']> | undefined;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.maxFileSize) {
      sink.notScanned({ unit: name, reason: 'TOO-LARGE', detail: `more than ${limits.maxFileSize} bytes came in; raise --max-file-size` });
      input.destroy();
      return;
    }
    if (pieces !== undefined) pieces.piece(chunk);
    else {
      held.push(chunk);
      if (size <= MAX_WHOLE) continue;
      pieces = sink.pieces(origin);
      for (const piece of held) pieces.piece(piece);
      held = [];
    }
  }
  if (pieces === undefined) sink.content(origin, Buffer.concat(held));
  else pieces.end();
}
