// What scorers are handed that take what was said of an answer where it was made: how its test ended, or scores that it came
// with. It is known of each record by itself, and no scenario tells it.
import type { Precomputed } from '../../core/precomputed.ts';
import type { ScoreOrder } from '../../core/score-order.ts';
import type { OutcomeScorer, PrecomputedScorer } from '../../core/scoring.ts';
import type { Tested } from '../../core/tested.ts';
import type { ScoreTask } from '../../planner/scores.ts';
import { precomputedExpectation, testedExpectation } from '../../scoring/content.ts';
import { outcomeVerdict } from '../../scoring/rules/outcome.ts';
import { precomputedVerdict } from '../../scoring/rules/precomputed.ts';
import type { Expectation, ReadyScorer } from './scorers.ts';

type Read = {
  readonly tested: Tested | null;
  readonly came: ReadonlyMap<string, Precomputed>;
  readonly problem: string | null;
};

/** Its part is what the key of the score holds. */
export function expectationFor(
  ready: ReadyScorer,
  { task, output }: { readonly task: ScoreTask; readonly output: Read },
): Expectation {
  const expectation = ready.expectation(task)!;
  const { kind } = ready.scorer;
  if (kind === 'outcome' && output.tested !== null)
    return { ...expectation, part: testedExpectation(output.tested) };
  if (kind === 'precomputed') return { ...expectation, part: precomputedExpectation(output.came) };
  return expectation;
}

export function asTold(
  scorer: OutcomeScorer | PrecomputedScorer,
  { tested, came, problem }: Read,
): Pick<ScoreOrder, 'verdict' | 'problem'> {
  if (problem !== null) return {};
  if (scorer.kind === 'precomputed') {
    const verdict = precomputedVerdict(scorer, came);
    return verdict.kind === 'ok' ? { verdict: verdict.value } : { problem: verdict.error };
  }
  return tested === null
    ? { problem: 'its record does not say how its test ended' }
    : { verdict: outcomeVerdict(scorer, tested) };
}
