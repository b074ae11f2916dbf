// Rows that are seen first are drawn first: twenty runs of six arms take a second to compare, and their beginning is there at once.
import { useEffect, useState } from '../base/preact.ts';

/** What fits on a screen, and some more. */
const AT_ONCE = 2;

/** @param isWhole somebody wants to see a row far below @returns how many rows are drawn by now */
export function useGrowing(
  rows: number,
  { of, isWhole }: { readonly of: string; readonly isWhole: boolean },
): number {
  const [grown, setGrown] = useState({ of, rows: AT_ONCE });
  const drawn = isWhole ? rows : grown.of === of ? grown.rows : AT_ONCE;
  useEffect(() => {
    if (drawn >= rows) return;
    // A frame is painted between two: a task that follows it, and not the frame itself.
    const timer = setTimeout(() => setGrown({ of, rows: drawn + AT_ONCE }), 0);
    return () => clearTimeout(timer);
  }, [of, drawn, rows]);
  return drawn;
}
