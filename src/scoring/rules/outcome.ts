// How a test ended -> a verdict: its own assertions judged the answer, and nothing is judged anew. Pure.
import type { OutcomeScorer, Verdict } from '../../core/scoring.ts';
import type { Tested, TestOutcome } from '../../core/tested.ts';
import { reason } from './words.ts';

/**
 * What the assertions said, and not what was expected of them: an arm that fails as expected did not do what another one
 * does that passes. What is skipped said nothing.
 */
export const PASSES: readonly TestOutcome[] = ['passed', 'xpassed'];
export const FAILS: readonly TestOutcome[] = ['failed', 'xfailed'];

export function outcomeVerdict(
  { passes, fails }: Pick<OutcomeScorer, 'passes' | 'fails'>,
  { outcome, message }: Tested,
): Verdict {
  const passed = passes.includes(outcome) ? true : fails.includes(outcome) ? false : null;
  return {
    score: passed === null ? null : Number(passed),
    passed,
    label: outcome,
    reason: message === null ? null : reason(message),
  };
}
