// A row of the reliability table, done so many times. One that tried nothing has held nothing, whatever it did not find.
import { makeRandom } from '../../src/core/shuffle.ts';
import type { Row, Tried } from './row.ts';

export type HowOften = {
  /** Infinity: as long as there is time. */
  readonly count: number;
  readonly seed: number;
  /** Whether its time is over; left out = it has all that it needs. */
  readonly isOver?: () => boolean;
};

/**
 * @returns what was tried, and whether the time cut it short: what fills its time is not cut once it did what a full one does
 * @throws Error where what must hold did not, or where nothing was tried
 */
export async function tryRow(
  row: Pick<Row, 'run' | 'full' | 'fillsTime'>,
  { count, seed, isOver = () => false }: HowOften,
): Promise<Tried & { readonly cut: boolean }> {
  let looks = 0;
  let cut = false;
  const { tried, seen } = await row.run({
    count,
    random: makeRandom(seed),
    isOver() {
      // The first try is always made: a row that came late has more to say than that there was no time.
      if (looks++ > 0) cut ||= isOver();
      return cut;
    },
  });
  if (!(tried > 0))
    throw new Error(`nothing was tried, so nothing has held${seen === '' ? '' : `; it says: ${seen}`}`);
  return { tried, seen, cut: cut && (!row.fillsTime || tried < row.full) };
}
