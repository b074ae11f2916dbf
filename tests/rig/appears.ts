// What other processes leave to be seen: a file when they are so far, and their absence.
import { existsSync, readFileSync } from 'node:fs';

const LOOK_MS = 20;
const PATIENCE_MS = 120_000;

/** Its text once its last line is whole. */
export async function appears(file: string): Promise<string> {
  for (;;) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text.endsWith('\n')) return text.trim();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/**
 * Waits until it holds. The limit is that of a test, and what has not come by then is an error that names it: how long things
 * take hangs on who else is at work.
 */
export async function until(holds: () => boolean, what = 'what is waited for'): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`${what} has not come in ${PATIENCE_MS / 1000} s`);
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
