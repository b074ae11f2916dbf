// Whether an arm says the same in every run: text, tools, arguments, and whether it asked or acted. Pure.
import { canonicalJson } from '../../core/canonical.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import type { Column, Row } from '../../text/layout.ts';
import { type Block, type Item, listOf } from '../../text/sheet.ts';
import { type DrawFacts, hasAnswer, type ScenarioFacts } from './facts.ts';

/** What can be the same, each a text that is compared. */
const SAME = {
  text: ({ text }: DrawFacts): string => text ?? '',
  tools: ({ toolCalls }: DrawFacts): string => canonicalJson(toolCalls.map(({ name }) => name)),
  arguments: ({ toolCalls }: DrawFacts): string => canonicalJson(toolCalls),
  'asked or acted': ({ toolCalls }: DrawFacts): string => (toolCalls.length > 0 ? 'acted' : 'asked'),
} as const;
export type Aspect = keyof typeof SAME;
export const ASPECTS = Object.keys(SAME) as readonly Aspect[];

export type ArmConsistency = {
  readonly variant: string;
  /** With two answers or more. */
  readonly scenarios: number;
  readonly same: Readonly<Record<Aspect, number>>;
  readonly answers: number;
  readonly distinct: number;
  readonly varying: readonly {
    readonly scenario: string;
    readonly in: readonly Aspect[];
    readonly distinct: number;
  }[];
};

export function consistencyOf(scenarios: readonly ScenarioFacts[]): readonly ArmConsistency[] {
  const variants = [...new Set(scenarios.flatMap(({ arms }) => arms.map(({ variant }) => variant)))];
  return variants.map((variant) => {
    const drawn = scenarios.flatMap(({ scenario, arms }) => {
      const draws = (arms.find((arm) => arm.variant === variant)?.runs ?? []).filter(hasAnswer);
      return draws.length === 0 ? [] : [{ scenario, draws }];
    });
    const repeated = drawn.filter(({ draws }) => draws.length > 1);
    const differs = (draws: readonly DrawFacts[], aspect: Aspect): boolean =>
      new Set(draws.map(SAME[aspect])).size > 1;
    const varying = repeated.flatMap(({ scenario, draws }) => {
      const aspects = ASPECTS.filter((aspect) => differs(draws, aspect));
      return aspects.length === 0 ? [] : [{ scenario, in: aspects, distinct: distinctAnswers(draws) }];
    });
    const same = (aspect: Aspect): number => repeated.filter(({ draws }) => !differs(draws, aspect)).length;
    return {
      variant,
      scenarios: repeated.length,
      same: {
        text: same('text'),
        tools: same('tools'),
        arguments: same('arguments'),
        'asked or acted': same('asked or acted'),
      },
      answers: drawn.reduce((sum, { draws }) => sum + draws.length, 0),
      distinct: drawn.reduce((sum, { draws }) => sum + distinctAnswers(draws), 0),
      varying,
    };
  });
}

/** Text and calls; what else is kept of an answer nobody reads. */
export function answerOf(draw: Pick<DrawFacts, 'text' | 'toolCalls'>): string {
  return canonicalJson({ text: draw.text ?? '', calls: draw.toolCalls });
}

function distinctAnswers(draws: readonly DrawFacts[]): number {
  return new Set(draws.map(answerOf)).size;
}

const NUMBER = { align: 'right' } as const;
const COLUMNS: readonly Column[] = [
  { head: 'arm' },
  { head: 'scenarios', ...NUMBER },
  { head: 'same text', ...NUMBER },
  { head: 'same tools', ...NUMBER },
  { head: 'same arguments', ...NUMBER },
  { head: 'asked or acted alike', ...NUMBER },
  { head: 'distinct answers', ...NUMBER },
];

/** Names beyond these are found in the matrix (`runs differ`). */
const MOST_NAMED = 40;

export function consistencyBlocks(
  scenarios: readonly ScenarioFacts[],
): readonly Exclude<Block, { readonly kind: 'chart' }>[] {
  const arms = consistencyOf(scenarios);
  if (arms.every((arm) => arm.scenarios === 0)) {
    const text =
      'No scenario was answered twice by an arm: how much an answer changes from run to run is not known.';
    return [{ kind: 'sentences', head: null, tone: 'plain', sentences: [text] }];
  }
  const rows = arms.map((arm): Row => {
    const share = (count: number): string => `${formatCount(count)} of ${formatCount(arm.scenarios)}`;
    return {
      kind: 'cells',
      cells: [
        arm.variant,
        formatCount(arm.scenarios),
        ...ASPECTS.map((aspect) => share(arm.same[aspect])),
        `${formatCount(arm.distinct)} of ${formatCount(arm.answers)}`,
      ],
    };
  });
  const lists = arms.flatMap((arm) =>
    arm.varying.length === 0
      ? []
      : [
          listOf(
            `${arm.variant} varies in ${formatAmount(arm.varying.length, 'scenario')}`,
            arm.varying.map(itemOf),
            MOST_NAMED,
          ) as Exclude<Block, { readonly kind: 'chart' }>,
        ],
  );
  const words = 'The same in every run, of the scenarios that were answered twice or more:';
  return [
    { kind: 'sentences', head: null, tone: 'plain', sentences: [words] },
    { kind: 'table', head: null, columns: COLUMNS, rows },
    ...lists,
  ];
}

function itemOf({ scenario, in: aspects, distinct }: ArmConsistency['varying'][number]): Item {
  return { name: scenario, note: `${formatAmount(distinct, 'answer')}; differs in ${aspects.join(', ')}` };
}
