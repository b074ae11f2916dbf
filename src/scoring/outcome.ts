// How a test ended -> a verdict: its own assertions judged the answer, and nothing is judged anew. Pure.
import type { OutcomeScorer, Verdict } from '../core/scoring.ts';
import type { Tested, TestOutcome } from '../core/tested.ts';
import { reason } from './words.ts';

/** As pytest counts them: what is skipped or fails as expected is neither. */
export const PASSES: readonly TestOutcome[] = ['passed', 'xpassed'];
export const FAILS: readonly TestOutcome[] = ['failed'];

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
