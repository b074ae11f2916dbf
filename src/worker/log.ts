// What an attempt says beside its answer: its end is kept, bounded.
export type Log = {
  add(text: string): void;
  /** undefined = nothing was said. */
  text(): string | undefined;
};

/** Enough for a stack and what led to it; more belongs into a file of the user's. */
const MAX_CHARS = 16_000;

export function makeLog(): Log {
  let kept = '';
  return {
    add(text) {
      kept = (kept + text).slice(-2 * MAX_CHARS);
    },
    text: () => (kept === '' ? undefined : kept.slice(-MAX_CHARS).toWellFormed()),
  };
}
