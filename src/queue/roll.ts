// Which workers there are, by what they say of themselves. Whether one is alive is judged by its next word, and not by its clock.
import type { Link } from './link.ts';
import type { QueueNames } from './names.ts';
import { type Beat, readBeat } from './words.ts';

/** Looks, two seconds apart, without a new word: it is gone, or as good as that. */
const MOST_SILENT = 5;
/** After so many it is struck off. */
const MOST_KEPT = 30;

export type Roll = {
  look(): Promise<void>;
  /** A worker that is alive has begun it. */
  isDoing(id: string): boolean;
  alive(): readonly Beat[];
};

export function makeRoll({ link, names }: { readonly link: Link; readonly names: QueueNames }): Roll {
  const known = new Map<string, { beat: Beat; silent: number }>();
  const alive = (): readonly Beat[] =>
    [...known.values()].flatMap(({ beat, silent }) => (silent <= MOST_SILENT ? [beat] : []));
  return {
    alive,
    isDoing: (id) => alive().some(({ doing }) => doing.includes(id)),
    async look() {
      const told = new Map<string, Beat>();
      for (const text of (await link.ask('HVALS', names.workers)) as string[]) {
        const beat = readBeat(text);
        if (beat !== null) told.set(beat.name, beat);
      }
      for (const [name, beat] of told) {
        const before = known.get(name);
        const silent = before === undefined || before.beat.beat !== beat.beat ? 0 : before.silent + 1;
        known.set(name, { beat, silent });
        if (silent <= MOST_KEPT) continue;
        await link.ask('HDEL', names.workers, name);
        await link.ask('DEL', names.told(name));
      }
      for (const name of [...known.keys()]) if (!told.has(name)) known.delete(name);
    },
  };
}
