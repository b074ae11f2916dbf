// The lane of an account's batches: everybody is let in, for the batch is one request and has limits of its own. Pure.
import type { Lane } from './lanes.ts';

export function makeOpenLane(name: string): Lane {
  const inside = new Set<object>();
  let seq = 0;
  let isGivenUp = false;
  return {
    name,
    isOpen: true,
    admit(nowMs, tokens) {
      if (isGivenUp) return { kind: 'full' };
      const ticket = { seq: seq++, atMs: nowMs, tokens, taken: NOTHING, isProbe: false, mark: NO_MARK };
      inside.add(ticket);
      return { kind: 'go', ticket };
    },
    release(ticket) {
      inside.delete(ticket);
      return [];
    },
    forget: (ticket) => void inside.delete(ticket),
    isProbing: () => false,
    // It takes no place of anybody: nothing is asked while it waits.
    occupied: () => 0,
    inFlight: () => inside.size,
    giveUp() {
      isGivenUp = true;
    },
    learned: () => null,
  };
}

const NOTHING = { requests: 0, tokens: 0 };
const NO_MARK = { n: 0, atMs: 0, pace: 0, open: 0, isSwap: false };
