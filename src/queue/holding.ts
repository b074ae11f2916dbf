// One coordinator at a time: whoever holds a key in Redis that goes by itself where it is not renewed.
import type { Clock } from '../core/clock.ts';
import { every } from './every.ts';
import { partFrom } from './leaving.ts';
import type { Link, OnTrouble } from './link.ts';
import type { QueueNames } from './names.ts';
import { RELEASE, RENEW } from './scripts.ts';
import { type Holder, readHolder, write } from './words.ts';

/** Without a renewal it is gone after so long. */
const HOLD_MS = 15_000;
const RENEW_MS = 4_000;
const LOOK_MS = 200;

export type Holding = AsyncDisposable & {
  /** False: somebody else coordinates now. */
  readonly holds: () => boolean;
};

/**
 * Waits for the end of one whose process is gone, as far as that shows: `isGone` knows it of this machine, a key that is not renewed
 * of any other.
 * @returns who has it
 */
export async function hold(input: {
  readonly link: Link;
  readonly names: QueueNames;
  readonly holder: Holder;
  readonly isGone: (other: Holder) => boolean;
  /** Whoever has it is waited for, as long as this says so; else it is told after some seconds. */
  readonly waits: (other: Holder) => Promise<boolean>;
  readonly clock: Clock;
  readonly onTrouble: OnTrouble;
}): Promise<Holding | Holder> {
  const { link, names, clock, onTrouble } = input;
  const mine = write(input.holder);
  const take = async (): Promise<boolean> =>
    (await link.ask('SET', names.coordinator, mine, 'NX', 'PX', HOLD_MS)) === 'OK';
  let watchedMs = 0;
  let before = Number.POSITIVE_INFINITY;
  while (!(await take())) {
    const text = (await link.ask('GET', names.coordinator)) as string | null;
    const other = text === null ? null : readHolder(text);
    if (text === null) continue;
    if (other === null || input.isGone(other)) {
      await link.script(RELEASE, [names.coordinator], [text]);
      continue;
    }
    const leftMs = (await link.ask('PTTL', names.coordinator)) as number;
    // It was renewed since: somebody is there.
    const isAlive = leftMs > before;
    before = leftMs;
    if ((isAlive || watchedMs > HOLD_MS) && !(await input.waits(other))) return other;
    watchedMs += LOOK_MS;
    await new Promise<void>((resolve) => {
      clock.after(LOOK_MS, resolve);
    });
  }
  let isMine = true;
  const end = every(clock, RENEW_MS, () =>
    link.script(RENEW, [names.coordinator], [mine, HOLD_MS]).then((answer) => {
      if (answer === 1) return;
      isMine = false;
      end();
    }, onTrouble),
  );
  return {
    holds: () => isMine,
    async [Symbol.asyncDispose]() {
      end();
      const parting = link.script(RELEASE, [names.coordinator], [mine]).catch(() => {});
      await partFrom(link, { parting, clock });
      isMine = false;
    },
  };
}
