// What can be concluded from a comparison and what cannot, in plain words. Pure.

import type { Metric } from '../../analysis/compare/input.ts';
import { interactionWords } from '../../analysis/compare/interaction.ts';
import { marginWords } from '../../analysis/compare/margin.ts';
import {
  formatDifference,
  formatInterval,
  formatPWords,
  hasWidth,
  markSigns,
} from '../../analysis/compare/numbers.ts';
import { LEVEL } from '../../analysis/compare/power.ts';
import {
  type Compared,
  type ComparedGroup,
  type ComparedPair,
  type Difference,
  isAlone,
} from '../../analysis/compare/result.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { aloneWords } from './alone.ts';
import { couldHaveFound, disagreement, leastScenarios, tooFewWords } from './power-words.ts';
import { qualified } from './qualified.ts';

export type Words = { readonly can: readonly string[]; readonly cannot: readonly string[] };

export type Names = (arm: number) => string;

export function conclusionsOf(compared: Compared, nameOf: Names): Words {
  if (isAlone(compared)) {
    const words = aloneWords(compared, { name: nameOf(0), noun: NOUNS[compared.metric] });
    return { can: words.can, cannot: [...words.cannot, ...simulationWords(compared, nameOf)] };
  }
  const words = compared.pairs.map((pair) => ofPair(pair, { compared, nameOf }));
  return {
    can: [...new Set(words.flatMap(({ can }, i) => [...can, ...qualified(compared.pairs[i]!, compared)]))],
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

export type DifferenceState = 'found' | 'alike' | 'too-few' | 'not-found';

/** `too-few`: whatever the answers had been, the test could not have found anything. */
export function verdictOf({ comparison, adjustedP, power }: Difference): DifferenceState {
  if (adjustedP < LEVEL) return 'found';
  if (power.leastP.corrected >= LEVEL) return 'too-few';
  return comparison.signs.better + comparison.signs.worse === 0 ? 'alike' : 'not-found';
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
  const margin = marginWords(pair, { metric, names, signs });
  const isSame = pair.margin?.verdict === 'same';
  const overall = ofDifference(pair.difference, { metric, names, runs, signs, isSame });
  const groups =
    compared.by === null
      ? { can: [], cannot: [] }
      : ofGroups(pair.groups, { metric, names, signs, by: compared.by });
  const apart = interactionWords(pair.interaction, { ...foundIn(pair.groups), signs });
  return {
    can: [...overall.can, ...margin.can, ...groups.can, ...apart.can],
    cannot: [...overall.cannot, ...margin.cannot, ...groups.cannot, ...apart.cannot],
  };
}

/** Where nothing could be found is told elsewhere. */
function foundIn(groups: readonly ComparedGroup[]): {
  readonly found: readonly string[];
  readonly notFound: readonly string[];
} {
  const named = (isMeant: (verdict: DifferenceState) => boolean): readonly string[] =>
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
  /** Up to the margin that was asked for. */
  readonly isSame: boolean;
};

function ofDifference(difference: Difference, { metric, names, runs, signs, isSame }: About): Words {
  const { comparison } = difference;
  const size = `${formatAmount(runs, 'run')} x ${formatAmount(comparison.pairs, 'scenario')}`;
  const both = `${names.first} and ${names.second}`;
  const verdict = verdictOf(difference);
  switch (verdict) {
    case 'found': {
      const chance = `${chanceWords(difference)}${signs} such experiments.`;
      return {
        can: [
          `${sentence(difference, { metric, names, signs })} ${chance}`,
          ...disagreement(difference, metric),
        ],
        cannot: [],
      };
    }
    case 'too-few':
      return { can: [`${size} cannot tell ${both} apart.`], cannot: [tooFewWords(difference)] };
    case 'alike':
      return {
        can: [
          `${both} have the same ${NOUNS[metric]} in every one of ${formatAmount(comparison.pairs, 'scenario')}.`,
        ],
        cannot: [couldHaveFound(difference, { metric, both, signs, isSame })],
      };
    case 'not-found':
      return {
        can: [
          `${size} cannot tell ${both} apart: ${numbers(difference, { metric, signs })}.`,
          ...disagreement(difference, metric),
        ],
        cannot: [couldHaveFound(difference, { metric, both, signs, isSame })],
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
  cannot.push(...smallWords(tested, by));
  return { can, cannot };
}

type Tested = readonly { readonly name: string; readonly difference: Difference }[];

/** Groups in which nothing could be found: too small by themselves, or only beside so many others. */
function smallWords(tested: Tested, by: 'category' | 'tag'): readonly string[] {
  const small = tested.filter(({ difference }) => verdictOf(difference) === 'too-few');
  const isAlone = ({ difference }: Tested[number]): boolean => difference.power.leastP.alone < LEVEL;
  const [corrected, tiny] = [small.filter(isAlone), small.filter((one) => !isAlone(one))];
  return [
    ...(tiny.length === 0
      ? []
      : [
          `With fewer than ${leastScenarios(1)} scenarios nothing can be found in a ${by}: ${namesWords(tiny)}.`,
        ]),
    ...(corrected.length === 0
      ? []
      : [
          `Corrected for ${formatAmount(tested.length, by)}, nothing can be found with fewer than ${leastScenarios(tested.length)} scenarios: ${namesWords(corrected)}. Named beforehand and compared alone (--${by} NAME), one could be.`,
        ]),
  ];
}

function namesWords(groups: Tested): string {
  const more = groups.length > MAX_NAMED ? ` and ${groups.length - MAX_NAMED} more` : '';
  return groups
    .slice(0, MAX_NAMED)
    .map(({ name }) => name)
    .join(', ')
    .concat(more);
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
