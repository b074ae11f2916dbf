// The use case `run`: plan, execute what is pending, judge it, refresh the view. One invocation, or several with `until:`.
import type { Store } from '../../cache/store.ts';
import type { RunSummary } from '../../core/summary.ts';
import type { Filter, Plan } from '../../core/task.ts';
import { twinNotes } from '../../text/twins.ts';
import { planInLittle } from '../draw/flat-memory.ts';
import { checkKeys } from '../draw/key-check.ts';
import { makeStandBy } from '../draw/stand-by.ts';
import { CommandError } from '../open/command-error.ts';
import { type Experiment, makeExperimentReady, openExperiment } from '../open/experiment.ts';
import { placeWords } from '../open/filters.ts';
import { withLimits } from '../open/limits-given.ts';
import { lockedStore } from '../open/lock.ts';
import { withRunsIn } from '../open/runs-begun.ts';
import { hasTests, surveyNotes } from '../open/survey-scope.ts';
import { withheldNow } from '../open/withheld.ts';
import { unnamed } from '../open/without-arms.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import type { Coordinating } from '../queue/coordinate.ts';
import { forcedLeft, withoutDrawn } from '../select/forced.ts';
import { unendedNote } from '../select/paid.ts';
import { againNote, planExperiment } from '../select/plan-experiment.ts';
import { openAround } from '../share/use.ts';
import { runInvocation, type Session } from './invocation.ts';
import type { RunRequest } from './run-request.ts';

export type RunDone = {
  readonly summary: RunSummary;
  /** Of the contract: 0 complete, 1 incomplete, 3 a limit was reached, 4 the store refused, 5 withheld, 6 the gate, 130 interrupted. */
  readonly exitCode: number;
  readonly experiment: Experiment;
  readonly store: Store;
  readonly filter: Filter;
};

/**
 * @param then gets what was done while the store is still locked: for reports that read it
 * @throws CommandError where nothing could be started: a mistake in the manifest (ManifestError has the places), a store in use,
 * a missing key, filters that mean nothing
 */
export async function runExperiment<Value>(
  outside: World,
  request: RunRequest,
  then: (done: RunDone) => Promise<Value>,
): Promise<Value> {
  const startedMs = outside.clock.monotonicMs();
  const { file, filter, force, offline, given, argv } = request;
  refuseContradictions(request);
  planInLittle(outside);
  const opened = await openExperiment(outside, file, { as: offline ? 'look' : 'run' });
  withLimits(opened, given);
  const runsOwnCode = !offline;
  const around = await openAround(outside, opened, request.remote);
  await using standBy = makeStandBy(outside, opened);
  if (!offline && request.queue === null) await standBy.ifFresh();
  using store = await lockedStore({
    io: outside,
    experiment: opened,
    argv,
    wait: request.wait,
    runsOwnCode,
    index: 'keep',
    onLocked: around.pull,
  });
  const withheld = await withheldNow(outside, opened);
  const io = withheld ? unnamed(outside, namesIn(opened)) : outside;
  const begun = await withRunsIn(opened, store);
  const ready = offline ? begun : await makeExperimentReady(io, file, begun);
  standBy.prepared();
  const { experiment, plan, goesOn } = await planRun(io, {
    request,
    experiment: withLimits(ready, given),
    store,
  });
  if (!offline && request.queue === null) await standBy.ifPending(plan);
  await using queue = await queueOf(io, { request, experiment, plan });
  const session: Session = {
    io: queue === null ? io : { ...io, makeExecutor: queue.makeExecutor },
    experiment,
    store,
    plan,
    filter,
    force,
    goesOn,
    limits: request.limits,
    startedMs,
    argv,
    moreGate: request.moreGate,
    place: placeWords(io),
    events: request.events,
    mayExecute: !offline,
    scoring: request.scoring,
    onEdits: 'warn',
    langsmithRequired: request.langsmithRequired,
    standBy,
    ...(withheld ? { withheld } : {}),
  };
  const ran = await runInvocation(session);
  const done = ran.summary.until
    ? await (await import('./until-stages.ts')).drawFurther(session, ran)
    : { ...ran, experiment };
  if (!offline) await around.push(store.hold);
  const remote = around.summary();
  const kept = { ...done, ...(remote ? { summary: { ...done.summary, remote } } : {}), store, filter };
  // One may have been opened meanwhile: a run can take a night.
  const late = withheld ?? (await withheldNow(outside, opened));
  if (late === null) return await then(kept);
  const { withoutArms } = await import('./without-arms.ts');
  return await then(withoutArms(kept, late));
}

/** Nothing of it is loaded where the work is done here, or where there is none. */
async function queueOf(
  io: World,
  {
    request,
    experiment,
    plan,
  }: { readonly request: RunRequest; readonly experiment: Experiment; readonly plan: Plan },
): Promise<Coordinating | null> {
  const { queue: url, offline, wait } = request;
  if (url === null || offline) return null;
  if (plan.pending.length === 0 && experiment.manifest.scorers.length === 0) return null;
  const { coordinate } = await import('../queue/coordinate.ts');
  return coordinate(io, { experiment, url, wait });
}

function namesIn({ manifest }: Experiment): readonly string[] {
  return manifest.variants.map(({ name }) => name);
}

function refuseContradictions({ force, anew, scoring, moreGate }: RunRequest): void {
  if (anew && !force) throw new CommandError('--anew goes with --force');
  if (moreGate.length > 0 && scoring === 'skip')
    throw new CommandError('--fail-under counts what passed, and --no-score leaves the answers unjudged');
}

/** The plan that is executed, with everything said that should be known before. */
async function planRun(
  io: World,
  options: { readonly request: RunRequest; readonly experiment: Experiment; readonly store: Store },
): Promise<{ readonly experiment: Experiment; readonly plan: Plan; readonly goesOn: boolean }> {
  const { request, store } = options;
  const { filter, force, offline, argv } = request;
  let { experiment } = options;
  notifyDiagnostics(io, [...store.diagnostics, ...unendedNote(store, 'held')]);
  notifyDiagnostics(io, surveyNotes(experiment.manifest));
  if (experiment.manifest.until !== undefined && !offline && request.scoring === 'judge' && !force) {
    const { planMoved, stageDue } = await import('./until-stages.ts');
    notifyDiagnostics(io, planMoved({ experiment, store }));
    ({ experiment } = stageDue({ experiment, store, filter }));
  }
  let plan = await planExperiment({ experiment, store, filter, force });
  if (!force && hasTests(experiment.manifest)) {
    const { readLinesAgain } = await import('./reread.ts');
    if (await readLinesAgain({ io, experiment, store, argv, plan, mayWrite: !offline }))
      plan = await planExperiment({ experiment, store, filter, force });
  }
  const forced = force && !request.anew ? withoutDrawn(plan, { store, filter }) : null;
  plan = forced?.plan ?? plan;
  notifyDiagnostics(io, forced?.notes ?? (force ? [] : await forcedLeft('held', { experiment, store })));
  const failed = request.scoring === 'skip' ? null : 'again';
  // Over a queue the workers have them, but for batches, which are not spread.
  if (!offline && (request.queue === null || experiment.manifest.execution.batch))
    await checkKeys(io, { experiment, store, plan, failed });
  if (!offline && experiment.manifest.execution.batch && plan.pending.length > 0) {
    const { callsNotes, checkBatchBudget } = await import('../draw/batch-check.ts');
    notifyDiagnostics(io, callsNotes(experiment));
    checkBatchBudget(experiment, plan);
  }
  notifyDiagnostics(io, [...twinNotes(plan), ...againNote(plan)]);
  io.debug?.('plan', () => JSON.stringify(plan.counts));
  return { experiment, plan, goesOn: forced?.goesOn ?? false };
}
