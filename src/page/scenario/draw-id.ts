// Where a draw stands on the page. Pure.
import type { DrawName } from './layout.ts';

/** Names of arms may hold anything: here only what an id may. */
export function drawId({ variant, run }: DrawName): string {
  return `draw-${encodeURIComponent(variant)}-${run}`;
}
