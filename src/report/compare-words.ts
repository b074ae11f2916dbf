// What can be concluded from a comparison and what cannot, in plain words. Pure.
import { formatAmount, formatCount } from '../progress/format.ts';
import type { MoreRuns } from '../stats/more-runs.ts';
import { aloneWords } from './compare-alone.ts';
import type { Metric } from './compare-input.ts';
import { interactionWords } from './compare-interaction.ts';
import {
  formatDifference,
  formatInterval,
  formatMetric,
  formatPWords,
  hasWidth,
  markSigns,
} from './compare-numbers.ts';
import {
  type Compared,
  type ComparedGroup,
  type ComparedPair,
  type Difference,
  isAlone,
} from './compare-result.ts';

export type Words = { readonly can: readonly string[]; readonly cannot: readonly string[] };

/** Below this a difference is called found. */
export const LEVEL = 0.05;

export type Names = (arm: number) => string;

export function conclusionsOf(compared: Compared, nameOf: Names): Words {
  if (isAlone(compared)) {
    const words = aloneWords(compared, { name: nameOf(0), noun: NOUNS[compared.metric] });
    return { can: words.can, cannot: [...words.cannot, ...simulationWords(compared, nameOf)] };
  }
  const words = compared.pairs.map((pair) => ofPair(pair, { compared, nameOf }));
  return {
    can: [...new Set(words.flatMap(({ can }) => can))],
    // Several pairs may have the same to say.
    cannot: [...new Set([...words.flatMap(({ cannot }) => cannot), ...ofAll(compared, nameOf)])],
  };
}

export const NOUNS: { readonly [metric in Metric]: string } = {
  score: 'mean score',
  pass: 'share of runs passed',
  tokens: 'tokens a cell',
  latency: 'latency',
  cost: 'cost a cell',
};

export type Verdict = 'found' | 'alike' | 'too-few' | 'not-found';

/** `too-few`: whatever the answers had been, the test could not have found anything. */
export function verdictOf({ comparison, adjustedP, tests }: Difference): Verdict {
  if (adjustedP < LEVEL) return 'found';
  if (comparison.units < leastScenarios(tests)) return 'too-few';
  return comparison.signs.better + comparison.signs.worse === 0 ? 'alike' : 'not-found';
}

/** With n scenarios of one sign the permutation test gives 2^(1-n), and Holm's method takes that times the tests. */
export function leastScenarios(tests: number): number {
  let scenarios = 1;
  while (2 ** (1 - scenarios) * tests >= LEVEL) scenarios++;
  return scenarios;
}

type Context = { readonly compared: Compared; readonly nameOf: Names };

function ofPair(pair: ComparedPair, { compared, nameOf }: Context): Words {
  const names = { first: nameOf(pair.first), second: nameOf(pair.second) };
  const { metric } = compared;
  if (pair.difference === null) {
    return {
      can: [`${names.first} and ${names.second} have no scenario in common: nothing is compared.`],
      cannot: [],
    };
  }
  const runs = Math.max(compared.arms[pair.first]!.runs, compared.arms[pair.second]!.runs);
  const signs = markSigns(pair.marks);
  const overall = ofDifference(pair.difference, { metric, names, runs, signs });
  const groups =
    compared.by === null
      ? { can: [], cannot: [] }
      : ofGroups(pair.groups, { metric, names, signs, by: compared.by });
  const apart = interactionWords(pair.interaction, { ...foundIn(pair.groups), signs });
  return {
    can: [...overall.can, ...groups.can, ...apart.can],
    cannot: [...overall.cannot, ...groups.cannot, ...apart.cannot],
  };
}

/** Where nothing could be found is told elsewhere. */
function foundIn(groups: readonly ComparedGroup[]): {
  readonly found: readonly string[];
  readonly notFound: readonly string[];
} {
  const named = (isMeant: (verdict: Verdict) => boolean): readonly string[] =>
    groups.flatMap(({ name, difference }) =>
      difference && isMeant(verdictOf(difference)) ? groupName(name) : [],
    );
  return {
    found: named((verdict) => verdict === 'found'),
    notFound: named((verdict) => verdict !== 'found'),
  };
}

type About = {
  readonly metric: Metric;
  readonly names: { readonly first: string; readonly second: string };
  readonly runs: number;
  /** Behind each number of a marked arm. */
  readonly signs: string;
};

function ofDifference(difference: Difference, { metric, names, runs, signs }: About): Words {
  const { comparison, tests } = difference;
  const size = `${formatAmount(runs, 'run')} x ${formatAmount(comparison.pairs, 'scenario')}`;
  const both = `${names.first} and ${names.second}`;
  const verdict = verdictOf(difference);
  switch (verdict) {
    case 'found': {
      const chance = `${chanceWords(difference)}${signs} such experiments.`;
      return {
        can: [`${sentence(difference, { metric, names, signs })} ${chance}`, ...borderline(difference)],
        cannot: [],
      };
    }
    case 'too-few': {
      const least = leastScenarios(tests);
      const best = Math.min(1, 2 ** (1 - comparison.units) * tests);
      return {
        can: [`${size} cannot tell ${both} apart.`],
        cannot: [
          `Even if every scenario spoke for the same arm, p could not be below ${best.toPrecision(2)}: it takes at least ${formatCount(least)} scenarios to find anything.`,
        ],
      };
    }
    case 'alike':
      return {
        can: [
          `${both} have the same ${NOUNS[metric]} in every one of ${formatAmount(comparison.pairs, 'scenario')}.`,
        ],
        cannot: ['How much they vary on other scenarios cannot be told from these: nothing varied.'],
      };
    case 'not-found':
      return {
        can: [
          `${size} cannot tell ${both} apart: ${numbers(difference, { metric, signs })}.`,
          ...borderline(difference),
        ],
        cannot: [couldHaveFound(difference, { metric, both, signs })],
      };
  }
}

const MORE: { readonly [metric in Metric]: readonly [more: string, less: string] } = {
  score: ['scores higher', 'scores lower'],
  pass: ['passes more often', 'passes less often'],
  tokens: ['uses more tokens', 'uses fewer tokens'],
  latency: ['is slower', 'is faster'],
  cost: ['costs more', 'costs less'],
};

/** `applike scores higher than baseline: +0.120 (...)`. */
function sentence(
  difference: Difference,
  { metric, names, signs }: Pick<About, 'metric' | 'names' | 'signs'>,
): string {
  const [more, less] = MORE[metric];
  const how = difference.comparison.difference > 0 ? more : less;
  return `${names.second} ${how} than ${names.first}: ${numbers(difference, { metric, signs })}.`;
}

function numbers(
  { comparison, adjustedP, adjustedInterval, tests }: Difference,
  { metric, signs }: Pick<About, 'metric' | 'signs'>,
): string {
  const signed = (value: number): string => formatDifference(metric, value);
  const holm = tests > 1 ? `, both corrected for ${tests} tests` : '';
  const width = hasWidth(adjustedInterval)
    ? `95 % CI ${formatInterval(adjustedInterval, signed)}`
    : 'the same in every scenario';
  return `${signed(comparison.difference)} (${width}, ${formatPWords(adjustedP)}${holm})${signs}`;
}

/** What p means. Corrected for several tests it is about all of them: the most striking one is looked at. */
function chanceWords({ adjustedP, tests }: Difference): string {
  const isTiny = adjustedP < 0.001;
  const share = isTiny ? 'fewer than 1 of 1,000' : `about ${Math.round(adjustedP * 1000)} of 1,000`;
  return tests === 1
    ? `Were there no difference, one at least as large would be seen in ${share}`
    : `Were there none in any of these ${tests} comparisons, one as striking would be among them in ${isTiny ? '' : 'at most '}${share}`;
}

/** Where interval and test say different things, neither should be leaned on. */
function borderline({ adjustedInterval, adjustedP }: Difference): readonly string[] {
  const { low, high } = adjustedInterval;
  if (!hasWidth(adjustedInterval)) return [];
  if ((low > 0 || high < 0) === adjustedP < LEVEL) return [];
  return [
    'Interval and test disagree here: it is a close call, to be decided by more scenarios and not by this table.',
  ];
}

function couldHaveFound(
  { comparison, moreRuns }: Difference,
  { metric, both, signs }: Pick<About, 'metric' | 'signs'> & { readonly both: string },
): string {
  const { detectable, scenariosNeeded } = comparison.power;
  const least = formatMetric(metric, detectable);
  const found = `That is no evidence that ${both} are alike: a true difference of ${least}${signs} would be found four times out of five here, a smaller one less often.`;
  if (scenariosNeeded === null || scenariosNeeded <= comparison.pairs) return found;
  if (scenariosNeeded > OUT_OF_REACH) return `${found} One as small as the one seen is out of reach.`;
  const scenarios = `${formatAmount(roughly(scenariosNeeded), 'scenario')}${signs} like these`;
  return `${found} To find one as large as the one seen takes some ${scenarios}${orRuns(moreRuns, signs)}.`;
}

/** Nobody writes so many, and nothing so small matters. */
const OUT_OF_REACH = 100_000;

function orRuns(moreRuns: MoreRuns, signs: string): string {
  if (moreRuns.kind === 'unknown') return '';
  if (moreRuns.kind === 'out-of-reach' || moreRuns.runs > MOST_RUNS)
    return '; more runs of the ones that are there would not do';
  return `, or some ${formatAmount(roughly(moreRuns.runs), 'run')}${signs} of the ones that are there`;
}

/** As many as a manifest may ask for. */
const MOST_RUNS = 1_000;

/** Two digits: more would claim to know the future. */
function roughly(count: number): number {
  return count < 100 ? count : Number(count.toPrecision(2));
}

/** More names than this are for the table. */
const MAX_NAMED = 5;

function ofGroups(
  groups: readonly ComparedGroup[],
  {
    metric,
    names,
    signs,
    by,
  }: Pick<About, 'metric' | 'names' | 'signs'> & { readonly by: 'category' | 'tag' },
): Words {
  const tested = groups.flatMap(({ name, difference }) =>
    difference ? [{ name: groupName(name), difference }] : [],
  );
  const found = tested.filter(({ difference }) => verdictOf(difference) === 'found');
  const small = tested
    .filter(({ difference }) => verdictOf(difference) === 'too-few')
    .map(({ name }) => name);
  const plural = by === 'category' ? 'categories' : 'tags';
  const can = found
    .slice(0, MAX_NAMED)
    .map(({ name, difference }) => `In ${name}: ${sentence(difference, { metric, names, signs })}`);
  if (found.length === 0 && tested.length > 0)
    can.push(
      `${names.first} and ${names.second}: no difference found in any of ${formatAmount(tested.length, by)}.`,
    );
  const cannot: string[] = [];
  if (tested.length > 1) {
    cannot.push(
      `${formatCount(tested.length)} ${plural} were tested, so each p (Holm) and each interval (Bonferroni) is corrected: uncorrected, the most striking of many is often chance.`,
    );
  }
  if (small.length > 0) {
    const least = leastScenarios(tested.length);
    const more = small.length > MAX_NAMED ? ` and ${small.length - MAX_NAMED} more` : '';
    cannot.push(
      `With fewer than ${least} scenarios nothing can be found in a ${by}: ${small.slice(0, MAX_NAMED).join(', ')}${more}.`,
    );
  }
  return { can, cannot };
}

export function groupName(name: string | null): string {
  return name ?? '(none)';
}

/** By whose answers were played: where real ones stand beside them, which are. */
function simulationWords({ arms }: Compared, nameOf: Names): readonly string[] {
  const played = arms.flatMap((arm, at) => (arm.simulated ? [nameOf(at)] : []));
  if (played.length === 0) return [];
  return [
    played.length === arms.length
      ? 'SIMULATION: these answers were played; the numbers say nothing about any model.'
      : `SIMULATION: answers of ${played.join(', ')} were played; no number with them says anything about a model.`,
  ];
}

function ofAll(compared: Compared, nameOf: Names): readonly string[] {
  const { arms, pairs } = compared;
  if (pairs.every(({ difference }) => difference === null)) return [];
  const once = arms.every(({ runs }) => runs <= 1);
  return [
    ...(once
      ? ['With one run of each scenario, how much an answer changes from run to run is not known.']
      : []),
    'All of this is about these scenarios and inputs like them, and the models as they were when these answers were drawn; not about why the arms differ.',
    ...simulationWords(compared, nameOf),
  ];
}
