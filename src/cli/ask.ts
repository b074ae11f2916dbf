// Asks a question in a terminal; in a pipe nobody is asked.
import { createInterface } from 'node:readline/promises';

export type Answer =
  | { readonly kind: 'answered'; readonly text: string }
  /** Ctrl-C or Ctrl-D. */
  | { readonly kind: 'left' }
  /** Input or output is no terminal. */
  | { readonly kind: 'nobody' };

export async function ask(question: string): Promise<Answer> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return { kind: 'nobody' };
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const leave = new AbortController();
  lines.once('SIGINT', () => leave.abort());
  lines.once('close', () => leave.abort());
  try {
    return { kind: 'answered', text: await lines.question(question, { signal: leave.signal }) };
  } catch {
    return { kind: 'left' };
  } finally {
    lines.close();
  }
}
