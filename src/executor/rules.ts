// Scorers that are rules: decided here and now, by no model and no other process.
import type { Clock } from '../core/clock.ts';
import { EMPTY_COMPLETION } from '../core/completion.ts';
import type { Outcome } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ScoreOrder } from '../core/score-order.ts';
import type { Verdict } from '../core/scoring.ts';
import { type RuleInput, scoreAtOnce, scoreByRule } from '../scoring/score.ts';
import type { Executor } from './executor.ts';

export function makeRulesExecutor({
  capacity,
  clock,
}: {
  readonly capacity: number;
  readonly clock: Clock;
}): Executor {
  const begin = (): Begun => ({ startedAt: clock.now().toISOString(), startMs: clock.monotonicMs() });
  const told = (scored: Result<Verdict, string>, { startedAt, startMs }: Begun): Outcome => {
    const ended = { startedAt, requestId: null, durationMs: clock.monotonicMs() - startMs };
    return scored.kind === 'ok'
      ? {
          kind: 'success',
          ...ended,
          completion: { ...EMPTY_COMPLETION, verdict: scored.value },
          limits: null,
        }
      : failureOf(scored.error, ended);
  };
  return {
    capacity,
    async execute({ score }) {
      const begun = begin();
      return told(await decide(score!).catch((cause: unknown) => err(String(cause))), begun);
    },
    atOnce({ score }) {
      const begun = begin();
      const scored = decideAtOnce(score!);
      return scored && told(scored, begun);
    },
    abandon: () => {},
    async [Symbol.asyncDispose]() {},
  };
}

type Begun = { readonly startedAt: string; readonly startMs: number };

async function decide(score: ScoreOrder): Promise<Result<Verdict, string>> {
  return decideAtOnce(score) ?? scoreByRule(ruleOf(score));
}

function decideAtOnce(score: ScoreOrder): Result<Verdict, string> | null {
  if (score.problem !== undefined) return err(score.problem);
  if (score.verdict !== undefined) return ok(score.verdict);
  try {
    return scoreAtOnce(ruleOf(score));
  } catch (cause) {
    return err(String(cause));
  }
}

function ruleOf({ check, output, passAt }: ScoreOrder): RuleInput {
  return { check: check!, output, passAt };
}

/** A rule that cannot be decided is no zero: another attempt would not decide it either. */
function failureOf(message: string, ended: Pick<Outcome, 'startedAt' | 'requestId' | 'durationMs'>): Outcome {
  const failure = { kind: 'score-failed' as const, status: null, message, retryAfterMs: null };
  return { kind: 'failure', ...ended, failure, limits: null };
}
