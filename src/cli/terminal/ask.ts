// Asks a question in a terminal; in a pipe nobody is asked.
import { createInterface } from 'node:readline/promises';

export type Answer =
  | { readonly kind: 'answered'; readonly text: string }
  /** Ctrl-C or Ctrl-D. */
  | { readonly kind: 'left' }
  /** Input or output is no terminal. */
  | { readonly kind: 'nobody' };

/** Whether there is somebody to ask. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** @param withdrawn the question is taken back: nobody needs to answer it any more */
export async function ask(question: string, withdrawn?: AbortSignal): Promise<Answer> {
  if (!canAsk()) return { kind: 'nobody' };
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const leave = new AbortController();
  lines.once('SIGINT', () => leave.abort());
  lines.once('close', () => leave.abort());
  const signal = withdrawn ? AbortSignal.any([leave.signal, withdrawn]) : leave.signal;
  try {
    return { kind: 'answered', text: await lines.question(question, { signal }) };
  } catch {
    return { kind: 'left' };
  } finally {
    lines.close();
  }
}
