// What the scorer of tests is handed: how the test ended is known of each record by itself, and no scenario tells it.
import type { ScoreOrder } from '../core/score-order.ts';
import type { OutcomeScorer } from '../core/scoring.ts';
import type { Tested } from '../core/tested.ts';
import type { ScoreTask } from '../planner/scores.ts';
import { testedExpectation } from '../scoring/content.ts';
import { outcomeVerdict } from '../scoring/outcome.ts';
import type { Expectation, ReadyScorer } from './scorers.ts';

type Read = { readonly tested: Tested | null; readonly problem: string | null };

/** Its part is what the key of the score holds. */
export function expectationFor(
  ready: ReadyScorer,
  { task, output }: { readonly task: ScoreTask; readonly output: Read },
): Expectation {
  const expectation = ready.expectation(task)!;
  return ready.scorer.kind === 'outcome' && output.tested !== null
    ? { ...expectation, part: testedExpectation(output.tested) }
    : expectation;
}

export function ofTest(
  scorer: OutcomeScorer,
  { tested, problem }: Read,
): Pick<ScoreOrder, 'verdict' | 'problem'> {
  if (tested !== null) return { verdict: outcomeVerdict(scorer, tested) };
  return problem === null ? { problem: 'its record does not say how its test ended' } : {};
}
