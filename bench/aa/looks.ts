// Nothing differs, and somebody looks after 3 to 10 runs, to stop when something is found.
import { meanOf } from '../../src/analysis/statistics/intervals.ts';
import { levelOfLooks } from '../../src/analysis/statistics/looks.ts';
import { signFlip } from '../../src/analysis/statistics/permutation.ts';
import { makeRandom, type Random } from '../../src/analysis/statistics/random.ts';
import type { Section } from './section.ts';

const EXPERIMENTS = 3_000;
const FIRST = 3;
const LAST = 10;
const SEED = 20_260_172;
const LEVEL = 0.05;

type Design = { readonly scenarios: number; readonly kind: 'pass or fail' | 'scores' };

/** Scores of scenarios that are all alike: looks are as much apart there as they can be. */
const DESIGNS: readonly Design[] = [
  { scenarios: 12, kind: 'pass or fail' },
  { scenarios: 20, kind: 'pass or fail' },
  { scenarios: 20, kind: 'scores' },
];

/** p of each look. Passes have a difficulty of each scenario; runs are added to what is there. */
function looks(
  { scenarios, kind }: Design,
  { random, seed }: { readonly random: Random; readonly seed: number },
): readonly number[] {
  const arms = Array.from({ length: scenarios }, () => {
    const difficulty = random.uniform();
    const draw = (): readonly number[] =>
      Array.from({ length: LAST }, () =>
        kind === 'scores' ? random.uniform() : Number(random.uniform() < difficulty),
      );
    return [draw(), draw()] as const;
  });
  return Array.from({ length: LAST - FIRST + 1 }, (_, i) => {
    const runs = FIRST + i;
    const differences = arms.map(([a, b]) => meanOf(b.slice(0, runs)) - meanOf(a.slice(0, runs)));
    return signFlip(differences, makeRandom(seed)).p;
  });
}

/** Once by the level of one look, as everybody does; once by that of eight. */
export function looksAgain(): readonly Section[] {
  const fractions = Array.from({ length: LAST - FIRST + 1 }, (_, i) => (FIRST + i) / LAST);
  const level = levelOfLooks(fractions);
  return DESIGNS.map((design, i): Section => {
    const random = makeRandom(SEED + i);
    const found = { once: 0, corrected: 0 };
    for (let seed = 0; seed < EXPERIMENTS; seed++) {
      const least = Math.min(...looks(design, { random, seed }));
      if (least < LEVEL) found.once++;
      if (least < level) found.corrected++;
    }
    return {
      title: `${design.scenarios} x ${FIRST} to ${LAST}, ${design.kind}, a look after each run: found at any`,
      rows: [
        { name: 'p below 0.05, as for one look', share: found.once / EXPERIMENTS, wanted: { kind: 'told' } },
        {
          name: `p below ${level.toFixed(4)}, as compare warns`,
          share: found.corrected / EXPERIMENTS,
          wanted: { kind: 'at most', share: LEVEL, trials: EXPERIMENTS },
        },
      ],
    };
  });
}
