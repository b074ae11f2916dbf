// A terminal whose keys are read one by one: its mode, and the keys that its line discipline would have taken for itself.
export const CTRL_C = '\x03';
export const CTRL_D = '\x04';
export const CTRL_Z = '\x1a';

/** Of a terminal that is gone nothing can be set, and nothing has to. */
export function setRaw(isRaw: boolean): void {
  try {
    process.stdin.setRawMode(isRaw);
  } catch {
    // Told by reading it.
  }
}
