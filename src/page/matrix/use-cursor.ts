// Where the reader stands: moved by keys, written into the address when he rests, read from it when he comes back.
import { isFocusAwaited } from '../base/focus-later.ts';
import { useEffect, useRef, useState } from '../base/preact.ts';
import type { Place } from './address.ts';
import { type Bounds, type Move, moved, START } from './moves.ts';

export type Cursor = {
  readonly at: Place;
  /** Whether somebody has moved: else nothing of it stands in the address. */
  readonly hasMoved: boolean;
  /** Goes up whenever it is to be seen. */
  readonly follow: number;
  move(by: Move, bounds: Bounds): Place;
  put(at: Place): void;
};

/** A key that is held moves thirty times a second: browsers refuse to write addresses that often. */
const REST_MS = 250;

/**
 * @param inAddress what the address says
 * @param address all of it: where it changes, what was to be written is of another one
 * @param write puts it there, if it is the same still; called when he rests
 */
export function useCursor(
  { inAddress, address }: { readonly inAddress: Place | null; readonly address: string },
  write: (at: Place) => void,
): Cursor {
  const [at, setAt] = useState(inAddress);
  const [follow, setFollow] = useState(inAddress === null || isFocusAwaited() ? 0 : 1);
  // Keys come quicker than frames: the next move goes on from the last one, not from what was drawn.
  const last = useRef(at);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const said = JSON.stringify(inAddress);
  useEffect(() => clearTimeout(timer.current), [address]);
  useEffect(() => {
    if (JSON.stringify(last.current) === said) return;
    // Back, forward, or another question.
    last.current = inAddress;
    setAt(inAddress);
    if (inAddress !== null) setFollow((times) => times + 1);
  }, [said]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const put = (to: Place): void => {
    last.current = to;
    setAt(to);
    setFollow((times) => times + 1);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => write(to), REST_MS);
  };
  return {
    at: at ?? START,
    hasMoved: at !== null,
    follow,
    put,
    move(by, bounds) {
      // The first key of a reader who has not moved yet shows where he is.
      const from = last.current;
      const to = from === null && by.kind === 'by' ? START : moved(from ?? START, by, bounds);
      put(to);
      return to;
    },
  };
}
