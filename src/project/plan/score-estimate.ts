// What judging will take: of answers that are there, and at most of those that are still to be drawn.

import type { StoreReader } from '../../cache/store.ts';
import { asksModel } from '../../core/asking.ts';
import { EMPTY_HISTORY } from '../../core/history.ts';
import { priceFor } from '../../core/price.ts';
import type { Plan } from '../../core/task.ts';
import type { ScoresAhead } from '../../report/run/scores-ahead.ts';
import type { Experiment } from '../open/experiment.ts';
import { answersOf } from '../select/pairwise.ts';
import { engineOf, type ReadyScorer, readyScorers } from '../select/scorers.ts';
import { judgedAgain, judgedAgainSentence, planScoring, scoredCells } from './score-plan.ts';

/** null = the experiment has no scorers. */
export function scoresAhead(input: {
  readonly experiment: Experiment;
  readonly store: Pick<StoreReader, 'counting' | 'history' | 'madeBy' | 'measures'>;
  readonly plan: Plan;
  readonly failed?: 'again' | 'leave';
  /** Whether what is judged is judged again. */
  readonly force?: boolean;
  /** Names; [] or left out = all. */
  readonly only?: readonly string[];
}): ScoresAhead | null {
  const { experiment, store, plan, only = [] } = input;
  const scorers = readyScorers(experiment, [], answersOf(experiment, store)).filter(
    ({ scorer }) => only.length === 0 || only.includes(scorer.name),
  );
  if (scorers.length === 0) return null;
  // Most plans are made before anything was judged: then there is no index to be opened.
  using scores = experiment.stores.hasScores() ? experiment.stores.readScores() : NO_SCORES;
  const cells = scoredCells({
    plan: { tasks: plan.tasks.filter(({ state }) => state.kind !== 'pending') },
    store,
  });
  const { failed = 'again', force = false } = input;
  const scorePlan = planScoring({ scorers, cells, scores, force, failed });
  const { counts, pending } = scorePlan;
  const usage = scores.history.usageByVariant();
  const rows = scorers.map((ready) => {
    const now = pending.filter(({ scorer }) => scorer === ready.scorer.name).length;
    // Equal answers share a score: of what is not drawn yet nobody knows how many are equal.
    const { otherOf } = ready.planned;
    const isHalf = (cell: (typeof cells)[number]): boolean =>
      otherOf?.(cell) === 'missing' && ready.expectation(cell) !== null;
    const answers = [
      ...plan.pending.filter((task) => ready.expectation(task) !== null),
      ...cells.filter(isHalf),
    ];
    const later = answers.length * ready.planned.votes;
    return {
      scorer: ready.scorer.name,
      now,
      later,
      ...callsOf({ experiment, ready, usage, calls: now + later }),
    };
  });
  return {
    tasks: counts.tasks,
    cached: counts.cached,
    pending: counts.pending,
    upcoming: rows.reduce((sum, { later }) => sum + later, 0),
    again: judgedAgainSentence(judgedAgain(scorePlan, scores.history)),
    scorers: rows,
  };
}

const NO_SCORES: Pick<StoreReader, 'history'> & Disposable = {
  history: EMPTY_HISTORY,
  [Symbol.dispose]: () => {},
};

/** Of a judge: what its judgements have taken so far is what the next ones are taken to take. */
function callsOf(input: {
  readonly experiment: Experiment;
  readonly ready: ReadyScorer;
  readonly usage: ReturnType<StoreReader['history']['usageByVariant']>;
  readonly calls: number;
}): Pick<ScoresAhead['scorers'][number], 'model' | 'calls' | 'tokens' | 'costUsd' | 'isSimulated'> {
  const { experiment, ready, calls } = input;
  const { scorer, part, engine } = ready;
  if (!asksModel(scorer)) return { model: null, calls: 0, tokens: 0, costUsd: 0, isSimulated: true };
  const mean = input.usage.find(
    (one) => one.variant === scorer.name && one.part === part.digest && one.engine === engine.digest,
  );
  const provider = engineOf(experiment, scorer);
  const isSimulated = provider.type === 'sim';
  const price = priceFor(provider, scorer);
  if (mean === undefined) {
    return { model: scorer.model, calls, tokens: null, costUsd: calls === 0 ? 0 : null, isSimulated };
  }
  const { inputTokens, outputTokens } = mean;
  const costUsd =
    price === null ? null : (calls * (inputTokens * price.input + outputTokens * price.output)) / 1e6;
  const tokens = Math.round(calls * (inputTokens + outputTokens));
  return { model: scorer.model, calls, tokens, costUsd, isSimulated };
}
