// The scenarios in which the arms differ most, as pairs x runs: what each arm said in each run, equal answers once. Pure.

import { formatDifference } from '../../analysis/compare/numbers.ts';
import { meanOf } from '../../analysis/statistics/intervals.ts';
import type { ChatMessage } from '../../core/chat.ts';
import { answerOf } from './consistency.ts';
import { type DrawFacts, hasAnswer, type ScenarioFacts } from './facts.ts';

/** One answer of an arm and the runs that gave it. */
export type SaidAnswer = {
  readonly runs: readonly number[];
  readonly mark: DrawFacts['mark'];
  readonly score: number | null;
  readonly text: string | null;
  readonly toolCalls: DrawFacts['toolCalls'];
  /** Of scorers, and of those who read it blind. */
  readonly notes: readonly { readonly who: string; readonly text: string }[];
};

export type Differing = {
  readonly scenario: string;
  readonly category: string | null;
  readonly input: readonly ChatMessage[];
  /** How far apart, in words. */
  readonly why: string;
  readonly arms: readonly { readonly variant: string; readonly answers: readonly SaidAnswer[] }[];
};

export function differing(scenarios: readonly ScenarioFacts[], most: number): readonly Differing[] {
  return scenarios
    .map((one) => ({ one, apart: apartOf(one) }))
    .filter(({ apart }) => apart.differs)
    .toSorted(
      (a, b) =>
        b.apart.score - a.apart.score ||
        b.apart.answers - a.apart.answers ||
        (a.one.scenario < b.one.scenario ? -1 : 1),
    )
    .slice(0, most)
    .map(({ one, apart }) => ({
      scenario: one.scenario,
      category: one.category,
      input: one.input,
      why: apart.words,
      arms: one.arms.map(({ variant, runs }) => ({ variant, answers: saidAnswers(runs) })),
    }));
}

type Apart = {
  /** Of the means of two arms, the most. */
  readonly score: number;
  /** Share of answers that another arm did not give too. */
  readonly answers: number;
  readonly differs: boolean;
  readonly words: string;
};

function apartOf({ arms }: ScenarioFacts): Apart {
  const told = arms.map(({ variant, runs }) => {
    const answered = runs.filter(hasAnswer);
    const scores = answered.flatMap(scoreOf);
    return {
      variant,
      mean: scores.length === 0 ? null : meanOf(scores),
      answers: new Set(answered.map(answerOf)),
    };
  });
  const [first, ...others] = told;
  if (first === undefined || others.length === 0) return NOT_APART;
  const differences = others.flatMap(({ variant, mean }) =>
    mean === null || first.mean === null ? [] : [{ variant, by: mean - first.mean }],
  );
  const widest = differences.toSorted((a, b) => Math.abs(b.by) - Math.abs(a.by))[0];
  const score = Math.abs(widest?.by ?? 0);
  const union = new Set(told.flatMap(({ answers }) => [...answers]));
  const shared = [...union].filter((answer) => told.every(({ answers }) => answers.has(answer)));
  const answers = union.size === 0 ? 0 : 1 - shared.length / union.size;
  const hasBoth = first.answers.size > 0 && others.some((one) => one.answers.size > 0);
  return {
    score,
    answers,
    differs: hasBoth && (score > 0 || answers > 0),
    words:
      widest === undefined || score === 0
        ? 'scored alike, answered otherwise'
        : `${widest.variant} ${formatDifference('score', widest.by)} from ${first.variant}`,
  };
}

const NOT_APART: Apart = { score: 0, answers: 0, differs: false, words: '' };

/** Where nobody gives a score, whether it passed. */
function scoreOf({ score, mark }: DrawFacts): readonly number[] {
  if (score !== null) return [score];
  return mark === 'passed' ? [1] : mark === 'failed' ? [0] : [];
}

function saidAnswers(runs: readonly DrawFacts[]): readonly SaidAnswer[] {
  const groups = new Map<string, DrawFacts[]>();
  for (const draw of runs) {
    const name = hasAnswer(draw) ? `answer ${answerOf(draw)}` : draw.mark;
    const group = groups.get(name);
    if (group) group.push(draw);
    else groups.set(name, [draw]);
  }
  return [...groups.values()].map((group) => {
    const [draw] = group;
    const { mark, score, text, toolCalls, scores } = draw!;
    return {
      runs: group.map(({ run }) => run),
      mark,
      score,
      text: hasAnswer(draw!) ? text : null,
      toolCalls: hasAnswer(draw!) ? toolCalls : [],
      notes: scores.flatMap(({ scorer, reason, passed }) =>
        reason === null || (passed === true && !isHuman(scorer)) ? [] : [{ who: scorer, text: reason }],
      ),
    };
  });
}

export function isHuman(scorer: string): boolean {
  return scorer === 'human' || scorer.startsWith('human.');
}
