// Words for whatever was thrown: code of others throws what it likes, also what has no text.

export function thrownMessage(thrown: unknown): string {
  return words(() => (thrown instanceof Error ? String(thrown.message) : String(thrown)));
}

/** The first lines of the stack on one line: where it was thrown. */
export function thrownStack(thrown: unknown, lines: number): string {
  const stack = words(() => (thrown instanceof Error ? String(thrown.stack ?? thrown) : String(thrown)));
  return stack.split('\n').slice(0, lines).join(' ');
}

function words(say: () => string): string {
  try {
    return say();
  } catch {
    return 'something that has no text was thrown';
  }
}
