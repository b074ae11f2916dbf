// What goes wrong between us and Redis is told when it begins, and not with each try.
import type { Beat } from '../../queue/words.ts';
import { note, type World } from '../open/world.ts';

/** The same words are not said again for so long. */
const AGAIN_MS = 30_000;

export function makeTroubles(
  io: Pick<World, 'notify' | 'clock' | 'clean'>,
  words: (thrown: unknown) => string,
): (thrown: unknown) => void {
  const told = new Map<string, number>();
  return (thrown) => {
    const sentence = io.clean(words(thrown));
    const nowMs = io.clock.monotonicMs();
    if (nowMs - (told.get(sentence) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    told.set(sentence, nowMs);
    note(io, sentence);
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
