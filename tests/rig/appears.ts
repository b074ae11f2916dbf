// What other processes leave to be seen: a file when they are so far, and their absence.
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

/** Whether a process is gone, or a zombie that nobody collects. */
export function isGone(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
