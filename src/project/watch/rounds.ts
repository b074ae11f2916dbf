// One round of watch: the experiment is opened anew, planned and shown; then it is run, with the store locked for it.

import type { Store, StoreReader } from '../../cache/store.ts';
import type { Estimate } from '../../core/estimate.ts';
import type { RunSummary } from '../../core/summary.ts';
import { asksOutcome, type Cell, cellId, type Filter, type Plan } from '../../core/task.ts';
import type { ReadFiles } from '../../manifest/documents/patterns.ts';
import type { ScoresAhead } from '../../report/run/scores-ahead.ts';
import type { ChangedAnswer } from '../../report/watch/watch-screen.ts';
import { summarize } from '../../run/summary.ts';
import { emptyResult } from '../../run/tally.ts';
import { checkKeys } from '../draw/key-check.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import {
  built,
  type Experiment,
  makeExperimentReady,
  needsMore,
  openExperiment,
} from '../open/experiment.ts';
import { namesOnly, placeWords } from '../open/filters.ts';
import { type GivenLimits, withLimits } from '../open/limits-given.ts';
import { lockedStore, takeStoreLock } from '../open/lock.ts';
import { isPlayed } from '../open/simulated.ts';
import { hasTests, surveyNotes } from '../open/survey-scope.ts';
import type { OpenListener } from '../open/watchers.ts';
import { refuseWithheld } from '../open/withheld.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import { estimateExperiment } from '../plan/estimate.ts';
import { runInvocation, type Session } from '../run/invocation.ts';
import { planExperiment } from '../select/plan-experiment.ts';
import { rememberAnswers } from './round-answers.ts';

export type RoundSettings = {
  readonly io: World;
  readonly file: string;
  readonly filter: Filter;
  /** Cells that the filter meant by what had become of them when the watch began: an edit makes them stale, and they stay. */
  readonly watched: { cells: ReadonlySet<string> | null };
  readonly argv: readonly string[];
  readonly events: OpenListener | null;
  /** False: nothing is prepared, nothing is asked of servers, nothing is run. */
  readonly mayRun: boolean;
  readonly limits: GivenLimits;
  /** How long a provider that does not answer is waited for; null = as usual. */
  readonly patienceMs: number | null;
};

export type PlannedRound = {
  readonly experiment: Experiment;
  /** `pending` without what failed before, unless it is to be tried again. */
  readonly plan: Plan;
  /** Tasks that failed before and are not tried again. */
  readonly leftOut: number;
  readonly retry: boolean;
  readonly estimate: Estimate;
  /** null = there are no scorers. */
  readonly scores: ScoresAhead | null;
  /** Of what is there now. */
  readonly summary: RunSummary;
  /** What was noticed about the store, and said. */
  readonly noticed: readonly string[];
};

/** @throws ManifestError, or CommandError where filters match nothing or preparation fails; `onRead` was told before. */
export async function planRound(
  input: RoundSettings,
  context: { readonly retry: boolean; readonly onRead: (read: ReadFiles) => void },
): Promise<PlannedRound> {
  const { io, file, mayRun } = input;
  const opened = await openExperiment(io, file, { as: mayRun ? 'run' : 'look', onRead: context.onRead });
  await refuseWithheld(io, opened);
  const experiment = withLimits(mayRun ? await ready(input, opened) : opened, input.limits);
  using store = experiment.stores.read();
  notifyDiagnostics(io, store.diagnostics);
  const whole = await planWatched(input, { experiment, store });
  const plan = context.retry ? whole : withoutFailed(whole);
  if (mayRun) await checkKeys(io, { experiment, store, plan, failed: context.retry ? 'again' : 'leave' });
  return {
    experiment,
    plan,
    retry: context.retry,
    noticed: store.diagnostics.map(({ message }) => message),
    leftOut: whole.pending.length - plan.pending.length,
    estimate: await estimateExperiment({ experiment, store, plan, force: false }),
    scores: await scoresOf({ experiment, store, plan, retry: context.retry }),
    summary: summarize({
      plan,
      history: store.history,
      loop: emptyResult(),
      cached: 'as-planned',
      invocation: '',
      durationMs: 0,
      files: [],
      simulated: isPlayed({ experiment, store, plan }),
    }),
  };
}

async function planWatched(
  { filter, watched }: Pick<RoundSettings, 'filter' | 'watched'>,
  input: { readonly experiment: Experiment; readonly store: StoreReader },
): Promise<Plan> {
  if (!asksOutcome(filter)) return planExperiment({ ...input, filter, force: false });
  const { cells } = watched;
  const chosen = cells === null ? {} : { chosen: (cell: Cell) => cells.has(cellId(cell)) };
  const asked = cells === null ? filter : { ...namesOnly(filter), notPassed: true };
  const plan = await planExperiment({ ...input, ...chosen, filter: asked, force: false });
  watched.cells ??= new Set(plan.tasks.map(cellId));
  return plan;
}

async function scoresOf(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly plan: Plan;
  readonly retry: boolean;
}): Promise<ScoresAhead | null> {
  if (input.experiment.manifest.scorers.length === 0) return null;
  const { scoresAhead } = await import('../plan/score-estimate.ts');
  return scoresAhead({ ...input, failed: input.retry ? 'again' : 'leave' });
}

/** Preparation and servers decide what is stale, so they come first; two starts do it one after the other. */
async function ready(input: RoundSettings, experiment: Experiment): Promise<Experiment> {
  if (!needsMore(experiment.manifest)) return built(input.io, experiment, 'make');
  using _lock = await takeStoreLock({
    io: input.io,
    experiment,
    argv: input.argv,
    wait: true,
    runsOwnCode: true,
  });
  return await makeExperimentReady(input.io, input.file, experiment);
}

/** A task that failed is tried again when its key has changed, so that nobody pays for the same failure at each save. */
function withoutFailed(plan: Plan): Plan {
  const pending = plan.pending.filter(
    ({ state }) => state.kind !== 'pending' || state.reason.kind !== 'failed',
  );
  return { ...plan, pending };
}

export type RanRound = { readonly summary: RunSummary; readonly answers: readonly ChangedAnswer[] };

/** null: files were saved while it waited for the store, so that nothing was started. */
export async function runRound(
  input: RoundSettings,
  round: PlannedRound,
  isWanted: () => boolean,
): Promise<RanRound | null> {
  const { io, filter, argv, events } = input;
  const { experiment } = round;
  using store = await lockedStore({ io, experiment, argv, wait: true, runsOwnCode: true, index: 'keep' });
  if (!isWanted()) return null;
  notifyDiagnostics(
    io,
    store.diagnostics.filter(({ message }) => !round.noticed.includes(message)),
  );
  // Another command may have run meanwhile: what it has done is not done again.
  const planned = await planWatched(input, { experiment, store });
  notifyDiagnostics(io, surveyNotes(experiment.manifest));
  const isOther = await readAgain({ io, experiment, store, argv, plan: planned });
  const whole = isOther ? await planWatched(input, { experiment, store }) : planned;
  const plan = round.retry ? whole : withoutFailed(whole);
  const answersNow = rememberAnswers({ experiment, store, plan });
  const { summary } = await runInvocation({
    io,
    experiment,
    store,
    plan,
    filter,
    place: placeWords(io),
    argv,
    events,
    ...NO_LIMITS,
    limits: { ...NO_LIMITS.limits, patienceMs: input.patienceMs },
    scoring: round.retry ? 'judge' : 'judge-new',
    startedMs: io.clock.monotonicMs(),
  });
  return { summary, answers: answersNow() };
}

/** A save may have been of the mapping alone. @returns whether anything was read again */
async function readAgain(input: {
  readonly io: World;
  readonly experiment: Experiment;
  readonly store: Store;
  readonly argv: readonly string[];
  readonly plan: Plan;
}): Promise<boolean> {
  if (!hasTests(input.experiment.manifest)) return false;
  const { readLinesAgain } = await import('../run/reread.ts');
  return readLinesAgain({ ...input, mayWrite: true });
}

const NO_LIMITS = {
  force: false,
  limits: { maxNew: null, deadline: null, patienceMs: null, flushMs: null },
  mayExecute: true,
  scoring: 'judge-new',
  // They are planned next, and that says what they make stale.
  onEdits: 'known',
  langsmithRequired: false,
  moreGate: [],
} as const satisfies Partial<Session>;

/** Nothing has to run, but what was in scope or current may not be any more: the view says so. */
export async function refreshView(input: RoundSettings, { experiment, plan }: PlannedRound): Promise<void> {
  const { io, filter, argv, events } = input;
  try {
    using store = await lockedStore({ io, experiment, argv, wait: false, runsOwnCode: true, index: 'keep' });
    await readAgain({ io, experiment, store, argv, plan });
    const nothing = { ...plan, pending: [] };
    const startedMs = io.clock.monotonicMs();
    await runInvocation({
      io,
      experiment,
      store,
      filter,
      place: placeWords(io),
      argv,
      events,
      startedMs,
      ...NO_LIMITS,
      plan: nothing,
    });
  } catch (cause) {
    // Whoever has the store refreshes the view when it is done.
    if (!(cause instanceof CommandError) || cause.exitCode !== EXIT.store) throw cause;
  }
}
