// The end of somebody whose server may be gone for good: what waits for it would wait for ever.
import type { Clock } from '../core/clock.ts';
import type { Link } from './link.ts';

/** Without a connection for so long there is nobody to say good-bye to. */
const GONE_MS = 5_000;
const LOOK_MS = 250;

/**
 * Waits for `parting`, but for no server that is gone.
 * @param isFree false: something is in hand that only the server can take; left out: nothing is
 */
export async function partFrom(
  link: Pick<Link, 'isUp'>,
  input: {
    readonly parting: Promise<unknown>;
    readonly isFree?: () => boolean;
    readonly clock: Clock;
  },
): Promise<void> {
  const { parting, isFree = () => true, clock } = input;
  let cancel = (): void => {};
  const gone = new Promise<void>((resolve) => {
    const look = (goneMs: number): void => {
      if (goneMs >= GONE_MS) resolve();
      else
        cancel = clock.after(LOOK_MS, () => {
          look(link.isUp() || !isFree() ? 0 : goneMs + LOOK_MS);
        });
    };
    look(0);
  });
  await Promise.race([parting, gone]);
  cancel();
}
