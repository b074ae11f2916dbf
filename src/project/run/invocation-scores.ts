// The second half of an invocation: answers that are there are judged, and what is said of them goes to their traces.
import type { InvocationRecord } from '../../core/record.ts';
import type { ScoreBook } from '../../core/scoring.ts';
import type { RunSummary, ScoresSummary } from '../../core/summary.ts';
import type { LoopResult } from '../../run/tally.ts';
import type { Scored, ScorePhase } from '../judge/score-phase.ts';
import type { RunTracing } from '../langsmith/run-tracing.ts';
import type { Emit } from '../open/emit.ts';
import type { World } from '../open/world.ts';
import type { Session } from './session.ts';

/** Nothing of scoring is loaded where there are no scorers. */
export function isScoring({ experiment, scoring }: Pick<Session, 'experiment' | 'scoring'>): boolean {
  return scoring !== 'skip' && experiment.manifest.scorers.length > 0;
}

/** Where nothing is drawn: scores that are missing. Of what is drawn first, nobody knows yet how much is to be judged. */
export async function pendingScores(session: Session): Promise<number> {
  if (!isScoring(session) || !session.mayExecute || session.plan.pending.length > 0) return 0;
  const { countPendingScores } = await import('../judge/score-phase.ts');
  return countPendingScores({ ...session, failed: failedOf(session) });
}

function failedOf({ scoring }: Session): 'again' | 'leave' {
  return scoring === 'judge-new' ? 'leave' : 'again';
}

export async function judgeAnswers(
  session: Session,
  input: {
    readonly loop: LoopResult;
    /** Nothing is waited for any more. */
    readonly isLeaving: boolean;
    readonly emit: Emit;
    readonly noticed: ScorePhase['noticed'];
    readonly record: () => Promise<InvocationRecord>;
  },
): Promise<Scored | undefined> {
  const { stopped } = input.loop;
  // A store that refused is left alone, and whoever pressed Ctrl-C twice waits for nothing.
  if (!isScoring(session) || stopped?.kind === 'damaged' || input.isLeaving) return undefined;
  // Who wants an end, or has no more time, is not kept waiting by judges. A budget that is used up stops only what costs.
  const isEnding = stopped?.kind === 'interrupted' || stopped?.kind === 'deadline-reached';
  const { io, experiment, store, plan, limits } = session;
  const { scorePhase } = await import('../judge/score-phase.ts');
  const spentMs = io.clock.monotonicMs() - session.startedMs;
  const { deadline } = limits;
  return scorePhase({
    io,
    experiment,
    store,
    plan,
    emit: input.emit,
    noticed: input.noticed,
    record: input.record,
    only: [],
    force: false,
    failed: failedOf(session),
    by: isEnding ? 'rules' : 'all',
    onEdits: session.onEdits,
    tellsCells: hasTracingKey(io),
    offline: !session.mayExecute,
    spentUsd: input.loop.spentUsd,
    patienceMs: limits.patienceMs,
    givenUp: input.loop.givenUp,
    deadline:
      deadline && !isEnding
        ? {
            afterMs: Math.max(0, deadline.ms - spentMs),
            why: `--deadline ${deadline.text} reached`,
          }
        : null,
  });
}

/** Drawn and not judged is not done; whatever stopped the drawing comes first. */
export function withScores(drawn: RunSummary, scores: ScoresSummary | undefined): RunSummary {
  if (scores === undefined) return drawn;
  const { how, why } = drawn.how === 'complete' ? scores : drawn;
  return { ...drawn, scores, how, why };
}

/** Which cells failed, did not pass or could not be judged; nothing is looked up where there are none. */
export async function withTroubles(
  session: Session,
  input: { readonly summary: RunSummary; readonly scored: Scored | undefined; readonly loop: LoopResult },
): Promise<RunSummary> {
  const { summary, scored, loop } = input;
  const isDamaged = summary.how === 'damaged';
  if (isDamaged || !hasTroubles(summary, scored?.summary)) return summary;
  const { troublesOf } = await import('../select/not-passed.ts');
  const { bookOfToday } = await import('../select/verdict.ts');
  const failedNow = new Set([...loop.results].flatMap(([key, status]) => (status === 'failed' ? [key] : [])));
  const book = scored ? bookOfToday(session.experiment) : NOBODY;
  const { notPassed, notJudged } = troublesOf({ ...session, book, failedNow });
  return {
    ...summary,
    ...(notPassed ? { not_passed: notPassed } : {}),
    ...(summary.scores && notJudged ? { scores: { ...summary.scores, not_judged: notJudged } } : {}),
  };
}

/** Nothing is looked up where the numbers say that all is well. */
export function hasTroubles(summary: Pick<RunSummary, 'failed'>, scores: ScoresSummary | undefined): boolean {
  const { rows = [], failed = 0 } = scores ?? {};
  const isLess = rows.some(({ passed, cells, missing }) => passed !== null && passed < cells - missing);
  return summary.failed > 0 || failed > 0 || isLess;
}

const NOBODY: ScoreBook = { scorers: [], of: () => [] };

/** Where answers are traced, their scores are feedback on the traces. */
export async function tellScores(
  session: Pick<Session, 'io' | 'experiment' | 'store'>,
  input: { readonly scored: Scored; readonly tracing: RunTracing | null },
): Promise<void> {
  const { io, experiment, store } = session;
  const { verdicts } = input.scored;
  if (verdicts.length === 0) return;
  const { writeScoreFeedback, sendScoreFeedback } = await import('./trace-scores.ts');
  const said = await writeScoreFeedback({ io, experiment, store, verdicts });
  if (said > 0 && !input.tracing?.isSending()) await sendScoreFeedback({ io, experiment });
}

export function hasTracingKey({ env }: World): boolean {
  return Boolean(env.LANGSMITH_API_KEY || env.LANGCHAIN_API_KEY || env.LANGSMITH_RUNS_ENDPOINTS);
}
