// Words for whatever was thrown: code of others throws what it likes, also what has no text.

export function thrownMessage(thrown: unknown): string {
  return words(() => (thrown instanceof Error ? String(thrown.message) : String(thrown)));
}

/** With the lines that say where it was thrown. */
export function thrownStack(thrown: unknown): string {
  return words(() => (thrown instanceof Error ? String(thrown.stack ?? thrown) : String(thrown)));
}

/** The first lines of the stack, on one line and bounded: fit for a failure's message. */
export function thrownSentence(thrown: unknown): string {
  return thrownStack(thrown).split('\n').slice(0, STACK_LINES).join(' ').slice(0, MAX_CHARS).toWellFormed();
}

/** More would be noise in every record. */
const STACK_LINES = 4;
const MAX_CHARS = 2_000;

function words(say: () => string): string {
  try {
    return say();
  } catch {
    return 'something that has no text was thrown';
  }
}
