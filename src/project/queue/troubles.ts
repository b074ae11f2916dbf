// What goes wrong between us and Redis is told when it begins, and not with each try.
import { sanitizeLine } from '../../core/text.ts';
import { ordersOf } from '../../queue/names.ts';
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

/** Looks, two seconds apart, at which somebody waits and nobody takes it. */
const MOST_LONELY = 5;

/** Orders wait for ever where nobody takes them: it is said once of each provider. */
export function tellLonely(
  io: Pick<World, 'notify'>,
  providers: readonly string[],
): (now: { readonly waiting: ReadonlySet<string>; readonly alive: readonly Beat[] }) => void {
  const looks = new Map<string, number>();
  return ({ waiting, alive }) => {
    for (const provider of providers) {
      const isLonely =
        waiting.has(ordersOf(provider)) && !alive.some((worker) => worker.providers.includes(provider));
      const count = isLonely ? (looks.get(provider) ?? 0) + 1 : 0;
      looks.set(provider, count);
      if (count === MOST_LONELY)
        note(
          io,
          `no worker takes orders of ${sanitizeLine(provider)}: start "npx expgraph worker --redis URL" where its key is`,
        );
    }
  };
}

/** Of what may begin at one time, this much is with workers: more of it would be taken at once. */
const NEARLY_ALL = 0.9;

/** Workers that wait for orders which may not begin yet: it is said once what lets more begin. */
export function tellRoom(
  io: Pick<World, 'notify'>,
): (now: { readonly most: number; readonly alive: readonly Beat[] }) => void {
  let looks = 0;
  return ({ most, alive }) => {
    const room = alive.reduce((sum, { concurrency }) => sum + concurrency, 0);
    const busy = alive.reduce((sum, worker) => sum + worker.busy, 0);
    looks = room > most && busy >= most * NEARLY_ALL ? looks + 1 : 0;
    if (looks !== MOST_LONELY) return;
    note(
      io,
      `workers could do ${room} calls at one time, and this run lets ${most} begin: -j ${Math.ceil(room * 1.5)} keeps them at work`,
    );
    looks = Number.NEGATIVE_INFINITY;
  };
}
