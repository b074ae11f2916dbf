// What this browser keeps: half a verdict while a card lies open, and in a file from disk all verdicts until they are downloaded.
// A browser may refuse to keep anything; then it is kept as long as the page is open, and the page says so.
import { parseJson } from '../../core/json-text.ts';

const memory = new Map<string, string>();

export function keep(name: string, value: unknown): { readonly isKept: boolean } {
  const text = JSON.stringify(value);
  memory.set(name, text);
  try {
    localStorage.setItem(name, text);
    return { isKept: true };
  } catch {
    return { isKept: false };
  }
}

export function kept<Value>(name: string): Value | null {
  const text = fromBrowser(name) ?? memory.get(name) ?? null;
  return text === null ? null : ((parseJson(text) ?? null) as Value | null);
}

export function forget(name: string): void {
  memory.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // It never kept it.
  }
}

/** What another window kept meanwhile is there as well. */
function fromBrowser(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
