// Intervals of agreement: whether they hold the coefficient that endless scenarios would give.
import {
  type Coefficient,
  coefficientOf,
  cohenKappa,
  gwetAC,
  krippendorffAlpha,
  type Rated,
} from '../../src/analysis/statistics/agreement.ts';
import { agreementInterval } from '../../src/analysis/statistics/agreement-interval.ts';
import { makeRandom, type Random } from '../../src/analysis/statistics/random.ts';
import type { Row, Section } from './section.ts';

const EXPERIMENTS = 1_000;
const ENDLESS = 200_000;

type Design = {
  readonly name: string;
  readonly scenarios: number;
  readonly runs: number;
  readonly raters: number;
  readonly levels: number;
  /** Share of the ratings that are the truth; the others are any level. */
  readonly sure: number;
};

const DESIGNS: readonly Design[] = [
  { name: '20 x 1, 3 votes, yes or no', scenarios: 20, runs: 1, raters: 3, levels: 2, sure: 0.8 },
  { name: '20 x 3, 3 votes, three levels', scenarios: 20, runs: 3, raters: 3, levels: 3, sure: 0.7 },
  { name: '60 x 1, judge and human, yes or no', scenarios: 60, runs: 1, raters: 2, levels: 2, sure: 0.85 },
];

export function agreement(): readonly Section[] {
  return [
    {
      title: `Agreement, ${EXPERIMENTS.toLocaleString('en')} experiments each: coverage of 95 %.`,
      rows: DESIGNS.flatMap((design, i) => rowsOf(design, makeRandom(41 + i))),
    },
  ];
}

function rowsOf(design: Design, random: Random): readonly Row[] {
  const coefficients: readonly (readonly [string, Coefficient])[] = [
    ['alpha', krippendorffAlpha(design.levels, design.levels > 2 ? 'ordinal' : 'nominal')],
    ['AC', gwetAC(design.levels, design.levels > 2 ? 'quadratic' : 'nominal')],
    ...(design.raters === 2 ? [['kappa', cohenKappa(design.levels)] as const] : []),
  ];
  const endless = draw({ ...design, scenarios: ENDLESS }, random);
  const truths = coefficients.map(([, coefficient]) => coefficientOf(endless, coefficient)!);
  const held = coefficients.map(() => 0);
  for (let n = 0; n < EXPERIMENTS; n++) {
    const rated = draw(design, random);
    coefficients.forEach(([, coefficient], i) => {
      const interval = agreementInterval(rated, { coefficient, random });
      if (interval && interval.low <= truths[i]! && truths[i]! <= interval.high) held[i]!++;
    });
  }
  return coefficients.map(([name], i) => ({
    name: `${design.name}: ${name}`,
    share: held[i]! / EXPERIMENTS,
    // Few scenarios of yes or no have few possible values, and the interval is then the wider one.
    wanted: { kind: 'between', low: 0.92, high: 0.99 },
  }));
}

/** Runs of a scenario share its truth three times out of four. */
function draw({ scenarios, runs, raters, levels, sure }: Design, random: Random): readonly Rated[] {
  return Array.from({ length: scenarios }, (_, scenario) => {
    const usual = random.below(levels);
    return Array.from({ length: runs }, () => {
      const truth = random.uniform() < 0.75 ? usual : random.below(levels);
      return {
        cluster: String(scenario),
        ratings: Array.from({ length: raters }, () =>
          random.uniform() < sure ? truth : random.below(levels),
        ),
      };
    });
  }).flat();
}
