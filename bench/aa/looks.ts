// Nothing differs, and somebody looks after 3 to 10 runs, to stop when something is found.
import { meanOf } from '../../src/stats/intervals.ts';
import { levelOfLooks } from '../../src/stats/looks.ts';
import { signFlip } from '../../src/stats/permutation.ts';
import { makeRandom, type Random } from '../../src/stats/random.ts';
import type { Section } from './section.ts';

const EXPERIMENTS = 3_000;
const FIRST = 3;
const LAST = 10;
const SEED = 20_260_172;
const LEVEL = 0.05;

/** p of each look. Each scenario has a difficulty of its own, and runs are added to what is there. */
function looks(
  scenarios: number,
  { random, seed }: { readonly random: Random; readonly seed: number },
): readonly number[] {
  const arms = Array.from({ length: scenarios }, () => {
    const difficulty = random.uniform();
    const draw = (): readonly number[] =>
      Array.from({ length: LAST }, () => Number(random.uniform() < difficulty));
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
  return [12, 20].map((scenarios, i): Section => {
    const random = makeRandom(SEED + i);
    const found = { once: 0, corrected: 0 };
    for (let seed = 0; seed < EXPERIMENTS; seed++) {
      const least = Math.min(...looks(scenarios, { random, seed }));
      if (least < LEVEL) found.once++;
      if (least < level) found.corrected++;
    }
    return {
      title: `${scenarios} x ${FIRST} to ${LAST}, pass or fail, a look after each run: found at any`,
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
