// A file that another process writes when it is so far.
import { existsSync, readFileSync } from 'node:fs';

const LOOK_MS = 20;

/** Its text once its last line is whole. */
export async function appears(file: string): Promise<string> {
  for (;;) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text.endsWith('\n')) return text.trim();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
