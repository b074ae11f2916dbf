// Asks a question in a terminal; in a pipe nobody is asked.
import { createInterface } from 'node:readline/promises';

/** null where nobody can answer, or nobody wants to: Ctrl-C and Ctrl-D are no answer. */
export async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return null;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const leave = new AbortController();
  lines.once('SIGINT', () => leave.abort());
  lines.once('close', () => leave.abort());
  try {
    return await lines.question(question, { signal: leave.signal });
  } catch {
    return null;
  } finally {
    lines.close();
  }
}
