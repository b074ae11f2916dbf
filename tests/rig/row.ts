// One row of the reliability table: what is done, how often, what must hold. `npm test` does a thirtieth, `npm run torture` all.
import { it } from 'vitest';
import { tryRow } from './try-row.ts';

export type Tries = {
  readonly count: number;
  /** Uniform in [0, 1), from the seed. */
  readonly random: () => number;
  /** True when the time is over: stop after the try at hand and say how many there were. */
  readonly isOver: () => boolean;
};

export type Tried = {
  readonly tried: number;
  /** What was seen, in a few words with figures: "48,211 acknowledged, 0 lost". */
  readonly seen: string;
};

export type Row = {
  /** kebab-case, the name of its file. */
  readonly name: string;
  /** What is done to the program, in one sentence. */
  readonly how: string;
  /** What must hold, in one sentence. */
  readonly holds: string;
  /** How often in full, and of what: 500 `kills`. */
  readonly full: number;
  readonly unit: string;
  /** Of so many kinds: fewer than one of each are never tried. Left out = each try is of all kinds, or of any. */
  readonly kinds?: number;
  /** Goes on for as long as there is time where `npm run torture` is given minutes; `full` is then the least. */
  readonly fillsTime?: boolean;
  /** About how long `full` takes on two cores: a short time is shared out by it. 20 where it is not said. */
  readonly seconds?: number;
  /** Why it cannot be done on this machine; null = it can. */
  readonly missing?: () => string | null;
  /** Throws an AssertionError (node:assert) that says what was violated. Cleans up after itself. */
  readonly run: (tries: Tries) => Promise<Tried>;
};

const SHARE = 30;

/** A thirtieth of the row as a test of `npm test`, and no fewer than there are kinds. What is missing is said in its name, and is a failure with CI=true. */
export function rowTest(row: Row): void {
  const seed = Number(process.env.EXPGRAPH_SEED ?? 1);
  const missing = row.missing?.() ?? null;
  const count = Math.max(row.kinds ?? 1, Math.ceil(row.full / SHARE));
  if (missing !== null && process.env.CI !== 'true') {
    it.skip(`${row.name}: left out, ${missing}`);
    return;
  }
  it(`${row.name}: ${row.holds} (${count} ${row.unit}, seed ${seed})`, { timeout: 600_000 }, async () => {
    if (missing !== null) throw new Error(`cannot be left out with CI=true: ${missing}`);
    await tryRow(row, { count, seed });
  });
}
