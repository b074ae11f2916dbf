// Scorers that are rules: decided here and now, by no model and no other process.
import type { Clock } from '../core/clock.ts';
import { EMPTY_COMPLETION } from '../core/completion.ts';
import type { Outcome } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ScoreOrder } from '../core/score-order.ts';
import type { Verdict } from '../core/scoring.ts';
import { scoreByRule } from '../scoring/score.ts';
import type { Executor } from './executor.ts';

export function makeRulesExecutor({
  capacity,
  clock,
}: {
  readonly capacity: number;
  readonly clock: Clock;
}): Executor {
  return {
    capacity,
    async execute({ score }) {
      const timing = { startedAt: clock.now().toISOString(), requestId: null };
      const startMs = clock.monotonicMs();
      const scored = await decide(score!).catch((cause: unknown) => err(String(cause)));
      const ended = { ...timing, durationMs: clock.monotonicMs() - startMs };
      return scored.kind === 'ok'
        ? {
            kind: 'success',
            ...ended,
            completion: { ...EMPTY_COMPLETION, verdict: scored.value },
            limits: null,
          }
        : failureOf(scored.error, ended);
    },
    abandon: () => {},
    async [Symbol.asyncDispose]() {},
  };
}

async function decide(score: ScoreOrder): Promise<Result<Verdict, string>> {
  if (score.problem !== undefined) return err(score.problem);
  if (score.verdict !== undefined) return ok(score.verdict);
  return scoreByRule({ check: score.check!, output: score.output, passAt: score.passAt });
}

/** A rule that cannot be decided is no zero: another attempt would not decide it either. */
function failureOf(message: string, ended: Pick<Outcome, 'startedAt' | 'requestId' | 'durationMs'>): Outcome {
  const failure = { kind: 'score-failed' as const, status: null, message, retryAfterMs: null };
  return { kind: 'failure', ...ended, failure, limits: null };
}
