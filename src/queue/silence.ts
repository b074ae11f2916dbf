// A server that says nothing: its connections stay, so no client tells of it, and whoever asks waits.
import type { Clock } from '../core/clock.ts';
import { every } from './every.ts';
import type { Link, OnTrouble } from './link.ts';

const LOOK_MS = 5_000;
/** One that is busy answers within so long. */
const SILENT_MS = 5_000;

/** Tells of it as long as it lasts. @returns ends it */
export function watchSilence(input: {
  readonly link: Pick<Link, 'ask' | 'isUp'>;
  readonly onTrouble: OnTrouble;
  readonly clock: Clock;
}): () => void {
  const { link, onTrouble, clock } = input;
  let cancel = (): void => {};
  const wait = (): void => {
    cancel = clock.after(SILENT_MS, () => {
      onTrouble(new Error('Command timed out'));
      wait();
    });
  };
  const end = every(clock, LOOK_MS, async () => {
    if (!link.isUp()) return;
    wait();
    await link.ask('PING').catch(() => {});
    cancel();
  });
  return () => {
    end();
    cancel();
  };
}
