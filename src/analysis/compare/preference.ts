// Arms whose answers a judge held against those of one arm: how often they are preferred, and how sure that is. Pure.
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import type { Column } from '../../text/layout.ts';
import { orderWords } from '../../text/preference-words.ts';
import type { Block } from '../../text/sheet.ts';
import { type ArmValues, comparePaired, type Designed, summarizeArm } from '../statistics/compare.ts';
import { holm } from '../statistics/effects.ts';
import type { Interval } from '../statistics/intervals.ts';
import { designOf } from './cluster.ts';
import type { CompareInput } from './input.ts';
import { formatP, formatPWords, hasWidth } from './numbers.ts';
import { LEVEL } from './power.ts';
import { SEED } from './seed.ts';

/** A pair of answers: what the judge made of it. */
export type PairCell = {
  readonly scenario: string;
  /** 0..1; null = there is no verdict. */
  readonly score: number | null;
  readonly label: string | null;
};

export type PreferenceInput = {
  readonly scorer: string;
  readonly against: string;
  readonly variant: string;
  readonly cells: readonly PairCell[];
  readonly simulated: boolean;
};

export type Preference = Pick<PreferenceInput, 'scorer' | 'against' | 'variant' | 'simulated'> & {
  readonly pairs: number;
  /** Of these, without a verdict. */
  readonly missing: number;
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  /** The same place was preferred in both orders. Counts as a tie. */
  readonly followedOrder: number;
  readonly scenarios: number;
  /** null = nothing is counted: pairs are missing, or there are none. */
  readonly found: {
    /** Mean of the scenarios' means: a tie is half. */
    readonly rate: number;
    /** Corrected for the arms that stand beside it. */
    readonly interval: Interval;
    readonly p: number;
    readonly adjustedP: number;
  } | null;
  readonly tests: number;
};

const EVEN = 0.5;

/**
 * Whether the mean of the scenarios' scores is 0.5 is asked by sign flips of what they are above it (analysis/statistics/permutation.ts):
 * without a preference, swapping the two arms' names would have been as likely.
 */
export function preferencesOf(
  inputs: readonly PreferenceInput[],
  context: { readonly cluster: CompareInput['cluster']; readonly allowIncomplete: boolean },
): readonly Preference[] {
  const design = designOf({ metric: 'score', cluster: context.cluster ?? null });
  const counted = inputs.map((input) => {
    const isOpen = input.cells.some(({ score }) => score === null) && !context.allowIncomplete;
    const values = valuesOf(input);
    return { input, values: isOpen || values.size === 0 ? null : values };
  });
  const ps = counted.flatMap(({ values }) => (values === null ? [] : pOf(values, design)));
  const adjusted = holm(ps);
  let next = 0;
  return counted.map(({ input, values }) => {
    const { scorer, against, variant, simulated, cells } = input;
    const labelled = (label: string): number => cells.filter((cell) => cell.label === label).length;
    const at = values === null ? -1 : next++;
    return {
      scorer,
      against,
      variant,
      simulated,
      pairs: cells.length,
      missing: cells.filter(({ score }) => score === null).length,
      wins: labelled('win'),
      losses: labelled('loss'),
      ties: labelled('tie'),
      followedOrder: labelled('order'),
      scenarios: valuesOf(input).size,
      found:
        values === null
          ? null
          : foundOf(values, { design, tests: ps.length, p: ps[at]!, adjustedP: adjusted[at]! }),
      tests: ps.length,
    };
  });
}

function valuesOf({ cells }: PreferenceInput): ArmValues {
  const values = new Map<string, number[]>();
  for (const { scenario, score } of cells) {
    if (score !== null) values.set(scenario, [...(values.get(scenario) ?? []), score]);
  }
  return values;
}

function pOf(values: ArmValues, design: Designed): number {
  const even = new Map([...values].map(([scenario, runs]) => [scenario, runs.map(() => EVEN)]));
  return comparePaired(even, values, SEED, design)!.permutation.p;
}

function foundOf(
  values: ArmValues,
  input: {
    readonly design: Designed;
    readonly tests: number;
    readonly p: number;
    readonly adjustedP: number;
  },
): NonNullable<Preference['found']> {
  const { design, tests, p, adjustedP } = input;
  const { mean, interval } = summarizeArm(values, SEED, { ...design, level: 1 - LEVEL / tests })!;
  return { rate: mean, interval, p, adjustedP };
}

const COLUMNS: readonly Column[] = [
  { head: 'arm', shrinksTo: 12, cut: 'names' },
  { head: 'scenarios', shortHead: 'scen.', align: 'right' },
  { head: 'pairs', align: 'right' },
  { head: 'won', align: 'right' },
  { head: 'lost', align: 'right' },
  { head: 'tied', align: 'right' },
  { head: 'by\norder', align: 'right' },
  { head: 'preferred', shortHead: 'pref.', align: 'right' },
  { head: '95 % CI', align: 'right' },
  { head: 'p', align: 'right' },
];

/** A table for each judge and what it says. */
export function preferenceBlocks(all: readonly Preference[]): readonly Block[] {
  return [...Map.groupBy(all, ({ scorer }) => scorer)].flatMap(([scorer, rows]): readonly Block[] => {
    const head = `${sanitizeLine(scorer)}: answers held against those of ${sanitizeLine(rows[0]!.against)}, in both orders`;
    const said = rows.map(preferenceSentence);
    const beware = rows.flatMap(orderSentence);
    const played = rows.some(({ simulated }) => simulated)
      ? ['SIMULATION: answers here were played; the numbers say nothing about any model.']
      : [];
    const cells = rows.map((row) => ({ kind: 'cells' as const, cells: cellsOf(row) }));
    return [
      { kind: 'table', head, columns: COLUMNS, rows: cells },
      {
        kind: 'sentences',
        head: 'What the pairs say',
        tone: 'plain',
        sentences: [...said, ...beware, ...played],
      },
    ];
  });
}

function cellsOf(one: Preference): readonly string[] {
  const { found } = one;
  return [
    sanitizeLine(one.variant),
    formatCount(one.scenarios),
    one.missing === 0
      ? formatCount(one.pairs)
      : `${formatCount(one.pairs - one.missing)} of ${formatCount(one.pairs)}`,
    ...[one.wins, one.losses, one.ties, one.followedOrder].map(formatCount),
    found === null ? '-' : percent(found.rate),
    found !== null && hasWidth(found.interval) ? intervalWords(found.interval) : '-',
    found === null ? '-' : formatP(found.adjustedP),
  ];
}

function preferenceSentence(one: Preference): string {
  const { found, missing, pairs } = one;
  const [variant, against] = [sanitizeLine(one.variant), sanitizeLine(one.against)];
  const judged = `${formatCount(missing)} of ${formatAmount(pairs, 'pair')} of ${variant} and ${against}`;
  if (found === null) {
    if (pairs === 0)
      return `${variant} and ${against} have no pair that ${sanitizeLine(one.scorer)} is about.`;
    return `${judged} ${missing === 1 ? 'has' : 'have'} no verdict, so there is no number: \`npx expgraph run\` draws and judges what is missing; --allow-incomplete counts the others.`;
  }
  const gap = missing === 0 ? '' : ` ${judged} ${missing === 1 ? 'is' : 'are'} left out.`;
  if (found.adjustedP >= LEVEL)
    return `No preference found between ${variant} and ${against}: ${variant}'s answers are preferred in ${numbers(one, found)}; that is not the same as equal.${gap}`;
  // Who wins is named first, with its own share.
  if (found.rate >= EVEN)
    return `${variant}'s answers are preferred to ${against}'s in ${numbers(one, found)}.${gap}`;
  const turned = {
    ...found,
    rate: 1 - found.rate,
    interval: { low: 1 - found.interval.high, high: 1 - found.interval.low },
  };
  return `${against}'s answers are preferred to ${variant}'s in ${numbers(one, turned)}.${gap}`;
}

function numbers({ tests }: Preference, found: NonNullable<Preference['found']>): string {
  const width = hasWidth(found.interval) ? `95 % CI ${intervalWords(found.interval)}, ` : '';
  const both = width === '' ? '' : 'both ';
  const corrected = tests > 1 ? `, ${both}corrected for ${tests} arms` : '';
  return `${percent(found.rate)} of pairs (ties count half; ${width}${formatPWords(found.adjustedP)}${corrected})`;
}

function orderSentence({ followedOrder, pairs, missing, variant }: Preference): readonly string[] {
  if (followedOrder === 0) return [];
  return [orderWords({ variant, followed: followedOrder, pairs: pairs - missing })];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function intervalWords({ low, high }: Interval): string {
  return `${Math.round(low * 100)} to ${percent(high)}`;
}

export function preferenceJson(one: Preference): object {
  const { found } = one;
  return {
    scorer: one.scorer,
    variant: one.variant,
    against: one.against,
    simulated: one.simulated,
    scenarios: one.scenarios,
    pairs: one.pairs,
    missing: one.missing,
    wins: one.wins,
    losses: one.losses,
    ties: one.ties,
    followed_order: one.followedOrder,
    rate: found?.rate ?? null,
    ci95_corrected:
      found && hasWidth(found.interval) ? { low: found.interval.low, high: found.interval.high } : null,
    permutation: found && { p: found.p, p_holm: found.adjustedP, tests: one.tests },
  };
}
