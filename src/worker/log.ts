// What an attempt says beside its answer: its end is kept, bounded.
import { thrownMessage, thrownStack } from '../core/thrown.ts';

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

/** What own code logs, a line a call: whatever it is, and whatever it does when it is looked at. */
export function logLine(words: readonly unknown[]): string {
  return `${words.map(wordOf).join(' ')}\n`;
}

function wordOf(word: unknown): string {
  if (typeof word === 'string') return word;
  if (word instanceof Error) return thrownStack(word);
  try {
    return JSON.stringify(word) ?? String(word);
  } catch {
    return thrownMessage(word);
  }
}
