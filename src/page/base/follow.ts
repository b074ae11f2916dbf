// The stream of changes: one line of JSON a change. A stream that ends is opened again, at longer and longer intervals, and at once
// when somebody looks at the page again or the network is back.
import type { Connection } from './source.ts';

export type Following = {
  /** @param signal ends the stream */
  readonly open: (signal: AbortSignal) => Promise<Response>;
  readonly changed: (revision: string) => void;
  readonly state: (connection: Connection) => void;
  readonly signal: AbortSignal;
  /** Resolves after that long, earlier when there is reason to hope. */
  readonly wait: (ms: number) => Promise<void>;
};

const FIRST_WAIT_MS = 500;
/** Who starts `expgraph view` again should not wait for the page longer than for the command. */
const LONGEST_WAIT_MS = 8000;

export async function follow({ open, changed, state, signal, wait }: Following): Promise<void> {
  let waitMs = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      const response = await open(signal);
      if (response.status === 401) state('refused');
      else if (!response.ok || response.body === null) state('lost');
      else {
        state('open');
        waitMs = FIRST_WAIT_MS;
        for await (const line of lines(response.body)) {
          const revision = revisionIn(line);
          if (revision !== null) changed(revision);
        }
        // It said goodbye, or died.
        if (!signal.aborted) state('lost');
      }
    } catch {
      if (!signal.aborted) state('lost');
    }
    if (signal.aborted) return;
    await wait(waitMs);
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
  }
}

async function* lines(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const ended = text.split('\n');
    text = ended.pop() ?? '';
    yield* ended;
  }
}

/** A line that says nothing of a change only shows that somebody is there. */
function revisionIn(line: string): string | null {
  if (line.trim() === '') return null;
  try {
    const said: unknown = JSON.parse(line);
    if (typeof said !== 'object' || said === null || !('revision' in said)) return null;
    return typeof said.revision === 'string' ? said.revision : null;
  } catch {
    return null;
  }
}
