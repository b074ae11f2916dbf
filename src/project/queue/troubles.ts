// What goes wrong between us and Redis is told when it begins, and not with each try.
import type { Beat } from '../../queue/words.ts';
import { note, type World } from '../open/world.ts';

/** The same words are not said again for so long. */
const AGAIN_MS = 30_000;

export type Troubles = { readonly tell: (why: string) => void };

export function makeTroubles(io: Pick<World, 'notify' | 'clock' | 'clean'>): Troubles {
  const told = new Map<string, number>();
  return {
    tell(why) {
      const words = why.replace(/\s+/g, ' ').slice(0, 300);
      const nowMs = io.clock.monotonicMs();
      if (nowMs - (told.get(words) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
      told.set(words, nowMs);
      note(io, io.clean(`Redis: ${words}`));
    },
  };
}

/** Looks, two seconds apart, without any worker. */
const MOST_LONELY = 5;

/** Orders wait for ever where nobody takes them. */
export function tellLonely(io: Pick<World, 'notify'>): (alive: readonly Beat[]) => void {
  let looks = 0;
  return (alive) => {
    if (alive.length > 0) looks = 0;
    else if (++looks === MOST_LONELY)
      note(io, 'no worker takes orders: start "npx expgraph worker --redis URL" where the keys are');
  };
}
