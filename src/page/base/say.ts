// What the page says without being asked: a line that shows for a moment, and is read out by screen readers.
import { signal } from './preact.ts';

export type Said = { readonly id: number; readonly text: string; readonly isBad: boolean };

/** Shown, the newest last. */
export const said = signal<readonly Said[]>([]);
/** Read out only: who sees has seen it. */
export const announced = signal('');

const SHOWN_MS = 6000;
let next = 1;

/** Shows it for some seconds and reads it out. A mistake stays twice as long. */
export function say(text: string, { isBad = false }: { readonly isBad?: boolean } = {}): void {
  const id = next++;
  said.value = [...said.value.filter((one) => one.text !== text).slice(-2), { id, text, isBad }];
  setTimeout(() => unsay(id), isBad ? 2 * SHOWN_MS : SHOWN_MS);
}

export function unsay(id: number): void {
  said.value = said.value.filter((one) => one.id !== id);
}

export function announce(text: string): void {
  announced.value = text;
}
