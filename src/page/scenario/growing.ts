// Rows that are seen first are drawn first: twenty runs of six arms take a second to compare, and their beginning is there at once.
import { useEffect, useState } from '../base/preact.ts';

/** What fits on a screen, and some more. */
const AT_ONCE = 2;

/** @param of what is shown: another one begins anew @returns how many rows are drawn by now */
export function useGrowing(rows: number, of: string): number {
  const [grown, setGrown] = useState({ of, rows: AT_ONCE });
  const drawn = grown.of === of ? grown.rows : AT_ONCE;
  useEffect(() => {
    if (drawn >= rows) return;
    // After the frame that shows what is there.
    const timer = setTimeout(() => setGrown({ of, rows: drawn + AT_ONCE }), 0);
    return () => clearTimeout(timer);
  }, [of, drawn, rows]);
  return drawn;
}
