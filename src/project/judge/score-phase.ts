// Judging what is drawn: the second half of `run`, and all of `score`. What no scorer has said yet is asked; nothing else.
import path from 'node:path';
import type { RecordRow, ScoreStore, Store } from '../../cache/store.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { InvocationRecord } from '../../core/record.ts';
import type { HowEnded, ScoreRow, ScoresSummary } from '../../core/summary.ts';
import type { Plan } from '../../core/task.ts';
import type { ScoredCell, ScorePlan } from '../../planner/scores.ts';
import { emptyResult, type LoopResult } from '../../run/tally.ts';
import { endedWhy } from '../draw/ended-why.ts';
import { endedRecord } from '../draw/invocation-record.ts';
import type { Emit } from '../open/emit.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import {
  importedCells,
  judgedAgain,
  judgedAgainSentence,
  planScoring,
  scoredCells,
  scoreLines,
} from '../plan/score-plan.ts';
import { watchSources } from '../plan/source-changes.ts';
import { answersOf } from '../select/pairwise.ts';
import { allCells, countCells } from '../select/plan-experiment.ts';
import { isRule, isTold, type ReadyScorer, readyScorers } from '../select/scorers.ts';
import { type CellVerdict, verdictsOf } from './cell-verdicts.ts';
import { pairsElsewhere } from './pairs-elsewhere.ts';
import { asScores, groupsOf } from './score-events.ts';
import type { OfMoment } from './score-moment.ts';
import { scoreRows } from './score-rows.ts';
import { splitOfVotes } from './split-votes.ts';
import { unreadVerdicts } from './unread-verdicts.ts';
import { agreementOfVotes } from './votes.ts';

export type ScorePhase = {
  readonly io: World;
  readonly experiment: Experiment;
  readonly store: Store;
  /** Its cells are in scope. */
  readonly plan: Plan;
  /** Of imported answers that stand for what is not drawn, those that are judged as well; undefined = none. */
  readonly imported?: (row: RecordRow) => boolean;
  /** What is judged in the place of the plan's cells, and the experiment as scorers see it then. */
  readonly moment?: OfMoment;
  /** Names of scorers; empty = all. */
  readonly only: readonly string[];
  readonly force: boolean;
  /** What becomes of judgements that failed before. */
  readonly failed: 'again' | 'leave';
  /** Rules alone take no time and no money: what was stopped is judged by them, and by nobody else. */
  readonly by?: 'all' | 'rules';
  /** Whether somebody has to be told that files were edited meanwhile. */
  readonly onEdits: 'warn' | 'known';
  /** Whether what was judged is told of cell by cell: nobody looks it up for nobody. */
  readonly tellsCells: boolean;
  /** Judge nothing: only tell what is known. */
  readonly offline: boolean;
  readonly emit: Emit;
  /** Told what was noticed about the scores that are kept: torn tails, damage. */
  readonly noticed: (diagnostics: readonly Diagnostic[]) => void;
  /** The invocation as it stands in the store's files; made when there is something to judge. */
  readonly record: () => Promise<InvocationRecord>;
  readonly spentUsd: number;
  readonly deadline: { readonly afterMs: number; readonly why: string } | null;
  /** How long a provider that does not answer is waited for; null = as usual. */
  readonly patienceMs: number | null;
  /** Accounts that were given up while answers were drawn, and why. */
  readonly givenUp?: ReadonlyMap<string, string>;
};

export type Scored = {
  readonly summary: ScoresSummary;
  readonly cells: readonly ScoredCell[];
  /** Of these, those that no draw of the plan's fills: imported ones, or those of a moment. */
  readonly beside: readonly ScoredCell[];
  /** Of what was judged now, cell by cell; none where nobody asked for it. */
  readonly verdicts: readonly CellVerdict[];
};

/** undefined = the experiment has no scorers. */
export async function scorePhase(phase: ScorePhase): Promise<Scored | undefined> {
  const { io, experiment, store } = phase;
  const { seen = experiment, cells: chosen = null } = phase.moment ?? {};
  const scorers = readyScorers(seen, phase.only, answersOf(experiment, store));
  if (scorers.length === 0) return undefined;
  using scores = experiment.stores.writeScores(store.hold);
  phase.noticed(scores.diagnostics);
  const drawn = chosen === null ? scoredCells({ plan: phase.plan, store }) : [];
  const beside = chosen ?? importedBeside(phase, drawn);
  const cells = [...drawn, ...beside];
  const whole = planScoring({ scorers, cells, scores, force: phase.force, failed: phase.failed });
  const plan = phase.by === 'rules' ? byRules(whole, scorers) : whole;
  phase.noticed(pairsElsewhere({ plan: phase.plan, scorers, cells: drawn }));
  const isIdle = phase.offline || plan.pending.length === 0;
  const loop = isIdle ? emptyResult() : await invoke({ phase, scorers, plan, scores });
  // A store that refused, or is not ours any more, is left as it is.
  const files =
    loop.stopped?.kind === 'damaged'
      ? []
      : refreshScores({ experiment, store, scores, ...wholeOf(phase, { scorers, drawn }) });
  const rows = scoreRows({ scorers, cells, scores });
  const summary = {
    ...summarize({ plan, loop, rows, scores }),
    ...(await agreementOfVotes({ scorers, cells, scores })),
    ...splitOfVotes({ scorers, cells, scores }),
    ...unreadField({ plan, scores }),
  };
  return {
    summary: { ...summary, files: files.map((file) => path.relative(io.cwd, file)) },
    cells,
    beside,
    verdicts:
      phase.tellsCells && loop.results.size > 0
        ? verdictsOf({ scorers, cells, scores, judged: loop.results })
        : [],
  };
}

function unreadField(input: Parameters<typeof unreadVerdicts>[0]): Pick<ScoresSummary, 'unread'> {
  const unread = unreadVerdicts(input);
  return unread.length === 0 ? {} : { unread };
}

function importedBeside(
  { experiment, store, imported: wanted }: ScorePhase,
  drawn: readonly ScoredCell[],
): readonly ScoredCell[] {
  return wanted === undefined ? [] : importedCells({ experiment, store, beside: drawn, wanted });
}

function byRules(plan: ScorePlan, scorers: readonly ReadyScorer[]): ScorePlan {
  // A verdict that came with the answer costs no more than a rule.
  const isFree = ({ scorer }: ReadyScorer): boolean => isRule(scorer) || isTold(scorer);
  const rules = new Set(scorers.filter(isFree).map(({ scorer }) => scorer.name));
  const pending = plan.pending.filter(({ scorer }) => rules.has(scorer));
  return { ...plan, pending, counts: { ...plan.counts, pending: pending.length } };
}

/** Scores that are missing of answers that are there; takes no lock. */
export function countPendingScores(
  input: Pick<ScorePhase, 'experiment' | 'store' | 'plan' | 'failed'>,
): number {
  const scorers = readyScorers(input.experiment, [], answersOf(input.experiment, input.store));
  using scores = input.experiment.stores.readScores();
  const { failed } = input;
  return planScoring({ scorers, cells: scoredCells(input), scores, force: false, failed }).pending.length;
}

/** What the view needs, where it is here already: of a plan of every cell, judged by every scorer of today. */
function wholeOf(
  { experiment, moment, only, plan }: ScorePhase,
  known: { readonly scorers: readonly ReadyScorer[]; readonly drawn: readonly ScoredCell[] },
): Partial<typeof known> {
  if (moment !== undefined) return {};
  const all = countCells(experiment);
  return {
    ...(only.length === 0 ? { scorers: known.scorers } : {}),
    ...(plan.tasks.length === all ? { drawn: known.drawn } : {}),
  };
}

/** The view is about every cell and every scorer, whatever the filters. @returns its files */
export function refreshScores(input: {
  readonly experiment: Experiment;
  readonly store: Pick<Store, 'counting' | 'history' | 'measures' | 'madeBy'>;
  readonly scores: ScoreStore;
  /** Every cell that is drawn, and every scorer, where they are known. */
  readonly drawn?: readonly ScoredCell[];
  readonly scorers?: readonly ReadyScorer[];
}): readonly string[] {
  const { experiment, store, scores } = input;
  const drawn = input.drawn ?? scoredCells({ plan: { tasks: allCells(experiment) }, store });
  const cells = [...drawn, ...importedCells({ experiment, store, beside: drawn, wanted: () => true })];
  const scorers = input.scorers ?? readyScorers(experiment, [], answersOf(experiment, store));
  return scores.refreshScores(scoreLines({ experiment, scorers, cells }));
}

async function invoke(input: {
  readonly phase: ScorePhase;
  readonly scorers: readonly ReadyScorer[];
  readonly plan: ScorePlan;
  readonly scores: ScoreStore;
}): Promise<LoopResult> {
  const { phase, scorers, plan, scores } = input;
  const { io, experiment } = phase;
  const emit = asScores(phase.emit, { plan, scorers });
  const again = judgedAgainSentence(judgedAgain(plan, scores.history));
  if (again !== null) {
    phase.emit({ kind: 'diagnostic', severity: 'note', code: 'keys-grown', message: again, hint: null });
  }
  phase.emit({ kind: 'scores-planned', ...plan.counts, scorers: groupsOf(scorers, plan) });
  using interrupts = io.interrupts.listen((message) =>
    emit({ kind: 'diagnostic', severity: 'note', code: 'interrupt', message, hint: null }),
  );
  const record = await phase.record();
  scores.begin(record);
  const { judge } = await import('./execute-scores.ts');
  const startMs = io.clock.monotonicMs();
  const lookAgain = watchSources(io, experiment, 'scores');
  const loop = await judge({
    io,
    scorers,
    plan,
    scores,
    record,
    emit,
    interrupts,
    invocation: record.invocation,
    experiment: phase.moment?.seen ?? experiment,
    ...(phase.moment?.given === undefined ? {} : { given: phase.moment.given }),
    store: phase.store,
    spentUsd: phase.spentUsd,
    deadline: phase.deadline,
    patienceMs: phase.patienceMs,
    givenUp: phase.givenUp ?? new Map(),
  });
  if (phase.onEdits === 'warn')
    for (const { severity, code, message, hint } of await lookAgain())
      emit({ kind: 'diagnostic', severity, code, message, hint });
  if (loop.stopped?.kind !== 'damaged') {
    const durationMs = io.clock.monotonicMs() - startMs;
    const endedAt = io.clock.now().toISOString();
    await scores.end(endRecord({ record, plan, loop, durationMs, endedAt, signal: interrupts.signal() }));
  }
  return loop;
}

function summarize(input: {
  readonly plan: ScorePlan;
  readonly loop: LoopResult;
  readonly rows: readonly ScoreRow[];
  readonly scores: ScoreStore;
}): Omit<ScoresSummary, 'files'> {
  const { plan, loop, rows, scores } = input;
  const { history } = scores;
  const heads = plan.tasks.map(({ key }) => history.byKey(key)?.status);
  const failed = heads.filter((status) => status === 'failed').length;
  const missing = heads.filter((status) => status === undefined).length;
  const how: HowEnded = failed + missing === 0 ? 'complete' : (loop.stopped?.kind ?? 'incomplete');
  return {
    tasks: plan.tasks.length,
    executed: loop.results.size,
    cached: plan.counts.cached,
    failed,
    missing,
    attempts: loop.attempts,
    retries: loop.retries,
    usage: loop.usage,
    cost_usd: loop.costUsd,
    ...(loop.limitsFound?.length ? { limits_found: loop.limitsFound } : {}),
    rows,
    how,
    why: how === 'complete' ? null : (loop.stopped?.why ?? null),
  };
}

function endRecord(options: {
  readonly record: InvocationRecord;
  readonly plan: ScorePlan;
  readonly loop: LoopResult;
  readonly durationMs: number;
  readonly endedAt: string;
  readonly signal: NodeJS.Signals | null;
}): InvocationRecord {
  const { plan, loop, signal } = options;
  const failed = [...loop.results.values()].filter((status) => status === 'failed').length;
  const missing = plan.pending.length - loop.results.size;
  const how = loop.stopped?.kind ?? (failed + missing === 0 ? 'complete' : 'incomplete');
  return endedRecord(options.record, {
    ended_at: options.endedAt,
    how,
    why: endedWhy({ how, why: loop.stopped?.why ?? null, signal, failed, missing }),
    exit_code: null,
    counts: {
      tasks: plan.tasks.length,
      executed: loop.results.size,
      cached: plan.counts.cached,
      failed,
      missing,
    },
    loop,
    durationMs: Math.round(options.durationMs),
  });
}
