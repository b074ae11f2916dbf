// One invocation with the store locked: what is pending is executed and kept, the view refreshed, the summary made. `run` has
// one of them, `watch` one a round.

import path from 'node:path';
import { hasBatches } from '../../cache/disk/batch-files.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { InvocationRecord } from '../../core/record.ts';
import type { RunSummary } from '../../core/summary.ts';
import { rowId } from '../../core/task.ts';
import type { Reporter } from '../../progress/reporter.ts';
import { summarize } from '../../run/summary.ts';
import { emptyResult, type LoopResult } from '../../run/tally.ts';
import { quoteWord } from '../../text/next.ts';
import { twinNotes } from '../../text/twins.ts';
import { codeOf, gateOf } from '../compare/invocation-gate.ts';
import { execute } from '../draw/execute.ts';
import { startRecord } from '../draw/invocation-record.ts';
import type { RunTracing } from '../langsmith/run-tracing.ts';
import { EXIT } from '../open/command-error.ts';
import { type Emit, emitDiagnostics } from '../open/emit.ts';
import { provenance } from '../open/provenance.ts';
import { isLocal, isPlayed } from '../open/simulated.ts';
import { openWatchers } from '../open/watchers.ts';
import { notifyDiagnostics } from '../open/world.ts';
import { watchSources } from '../plan/source-changes.ts';
import { ANEW } from '../select/forced.ts';
import { outBeside } from '../select/out-batches.ts';
import { againNote, viewCells } from '../select/plan-experiment.ts';
import { endInvocation } from './ended-invocation.ts';
import {
  hasTracingKey,
  judgeAnswers,
  pendingScores,
  tellScores,
  withScores,
  withTroubles,
} from './invocation-scores.ts';
import type { Session } from './session.ts';

export type { Limits, Session } from './session.ts';

export type Ran = {
  readonly summary: RunSummary;
  readonly exitCode: number;
  /** As its budget counts, with what the same command had spent before. */
  readonly spentUsd: number;
  /** A signal asked for an end, whether or not something was left to stop. */
  readonly isStopped: boolean;
};

export async function runInvocation(session: Session): Promise<Ran> {
  const { io, experiment, store, plan, filter, mayExecute } = session;
  const toJudge = await pendingScores(session);
  using watching = await watch(session, toJudge);
  const isDrawing = mayExecute && (plan.pending.length > 0 || hasBatches(experiment.root));
  using held = isDrawing || toJudge > 0 ? io.interrupts.hold(sayIn(watching)) : null;
  const { loop, tracing, isLeaving } = isDrawing
    ? await invoke(session, watching)
    : { loop: emptyResult(), tracing: null, isLeaving: false };
  const noticed = store.diagnostics.length;
  const files =
    loop.stopped?.kind === 'damaged' ? [] : store.refreshView(viewCells(experiment, { plan, filter }));
  const late = store.diagnostics.slice(noticed);
  tell({ watching, diagnostics: late });
  // In a null run nobody watches the events.
  if (watching.record === null) notifyDiagnostics(io, late);
  const { emit } = watching;
  const record = async (): Promise<InvocationRecord> => watching.record ?? newRecord(session, watching);
  const noticedLate = (diagnostics: readonly Diagnostic[]): void => {
    emitDiagnostics(emit, { cwd: io.cwd, diagnostics });
    if (!watching.isShown) notifyDiagnostics(io, diagnostics);
  };
  const scored = await judgeAnswers(session, { loop, isLeaving, emit, noticed: noticedLate, record });
  if (scored) await tellScores(session, { scored, tracing });
  tracing?.over();
  const drawn = summarize({
    plan,
    history: store.history,
    loop,
    cached: late.length === 0 ? 'as-planned' : 'look-up',
    invocation: watching.invocation,
    durationMs: io.clock.monotonicMs() - session.startedMs,
    files: files.map((file) => path.relative(io.cwd, file)),
    simulated: isPlayed({ experiment, store, plan }),
    local: isLocal(experiment, plan),
  });
  const judged = await withTroubles(session, { summary: withScores(drawn, scored?.summary), scored, loop });
  const { how } = judged;
  const isPartlyJudged = session.scoring === 'skip';
  const more = { ...goOn(session, { loop, summary: drawn }), ...outBeside(session) };
  const done = {
    ...judged,
    ...more,
    ...(session.withheld
      ? { withheld: session.withheld }
      : await gateOf({ ...session, how, isPartlyJudged, noticed: noticedLate })),
    ...(await untilOf(session)),
  };
  const signal = held?.signal() ?? null;
  if (watching.record) {
    await endInvocation({ session, signal, record: watching.record, summary: done });
  }
  held?.[Symbol.dispose]();
  // Everything is kept by now: what is still to be sent may be waited for, or not.
  const langsmith = await tracing?.finish({ runMs: done.duration_ms, limitMs: session.limits.flushMs });
  const summary = langsmith === undefined || langsmith.traces === 0 ? done : { ...done, langsmith };
  const exitCode = exitOf(summary, session);
  watching.emit({ kind: 'invocation-ended', how: summary.how, exit_code: exitCode });
  watching.close();
  const before = isDrawing ? loop.spentUsd : (session.spentUsd ?? 0);
  const spentUsd = before + (summary.scores?.cost_usd ?? 0);
  return { summary, exitCode, spentUsd, isStopped: signal !== null };
}

/** How far it is from what `until:` wants. Nothing of it is loaded where there is none. */
async function untilOf({ experiment, store }: Session): Promise<Pick<RunSummary, 'until'>> {
  if (experiment.manifest.until === undefined) return {};
  const until = (await import('./until-look.ts')).lookUntil({ experiment, store });
  return until === null ? {} : { until };
}

/** The command that goes on, where one that was stopped left something. */
function goOn(
  { argv, plan }: Session,
  { loop, summary }: { readonly loop: LoopResult; readonly summary: RunSummary },
): Pick<RunSummary, 'go_on'> {
  const left = plan.pending.length - loop.results.size;
  if (loop.stopped === null || left === 0 || !argv.includes('run') || summary.how === 'damaged') return {};
  // What was drawn anew is not drawn anew once more.
  const words = argv.filter((word) => word !== ANEW);
  return { go_on: { command: `expgraph ${words.map(quoteWord).join(' ')}`, tasks: left } };
}

/** Traces are no result: they decide nothing, unless the user says that they do. */
function exitOf(summary: RunSummary, { langsmithRequired }: Session): number {
  const { langsmith } = summary;
  const exitCode = codeOf(summary);
  if (exitCode !== EXIT.complete || !langsmithRequired) return exitCode;
  return langsmith === undefined || langsmith.sent === langsmith.traces ? exitCode : EXIT.incomplete;
}

type Watching = Disposable & {
  readonly invocation: string;
  readonly emit: Emit;
  /** Whether what is emitted is shown to whoever looks on. */
  readonly isShown: boolean;
  /** Set when the invocation has begun in the store. */
  record: InvocationRecord | null;
  /** Ends the reporters: the terminal is ours again. */
  close(): void;
};

/** Reporters from the first event on; `--events` takes every one of them. */
async function watch(session: Session, toJudge: number): Promise<Watching> {
  const { io, experiment, store, plan } = session;
  const invocation = store.nextInvocation(io.clock.now());
  const { events, mayExecute } = session;
  let announcing = true;
  const isShown = plan.pending.length + toJudge > 0 && mayExecute;
  const shown = isShown ? await io.makeReporter() : null;
  // What was noticed before the run was printed when it was noticed.
  const screen: Reporter | null = shown && {
    report: (event) => {
      if (!announcing || event.kind !== 'diagnostic') shown.report(event);
    },
    close: () => shown.close(),
  };
  const { redact, manifest } = experiment;
  const unnamed = session.withheld ? manifest.variants.map(({ name }) => name) : null;
  const watchers = openWatchers(io, { invocation, redact, screen, events, unnamed });
  announce({ session, emit: watchers.emit, everyTask: events !== null });
  announcing = false;
  return { ...watchers, invocation, isShown, record: null };
}

function announce(input: {
  readonly session: Session;
  readonly emit: Emit;
  readonly everyTask: boolean;
}): void {
  const { experiment, plan, store } = input.session;
  const providers = Object.values(experiment.manifest.providers).filter((provider) =>
    experiment.manifest.variants.some((variant) => variant.provider === provider.name),
  );
  input.emit({
    kind: 'invocation-started',
    experiment: experiment.manifest.name,
    ...(plan.shard === undefined ? {} : { shard: plan.shard }),
    provider: providers.map(({ name, type }) => ({ name, simulated: type === 'sim' })),
  });
  const ofPlan = [...twinNotes(plan), ...againNote(plan)];
  tell({ watching: input, diagnostics: [...experiment.warnings, ...store.diagnostics, ...ofPlan] });
  const { tasks, pending, cached, shared } = plan.counts;
  const chosen = pending === plan.pending.length ? null : new Set(plan.pending);
  const groups = new Map<string, { variant: string; run: number; tasks: number; cached: number }>();
  for (const task of plan.tasks) {
    // What is pending and left out is no part of this invocation's work.
    if (task.state.kind === 'pending' && chosen !== null && !chosen.has(task)) continue;
    const id = rowId(task);
    const group = groups.get(id) ?? { variant: task.variant, run: task.run, tasks: 0, cached: 0 };
    groups.set(id, group);
    group.tasks++;
    if (task.state.kind !== 'pending') group.cached++;
  }
  input.emit({
    kind: 'plan-made',
    tasks,
    pending: plan.pending.length,
    cached: cached + shared,
    groups: [...groups.values()],
  });
  if (!input.everyTask) return;
  for (const { key, variant, scenario, run, state } of plan.tasks) {
    if (state.kind === 'pending') continue;
    input.emit({ kind: 'task-skipped', key, variant, scenario, run, why: state.kind });
  }
}

function tell(input: {
  readonly watching: { readonly emit: Emit };
  readonly diagnostics: readonly Diagnostic[];
}): void {
  for (const { severity, code, message, hint } of input.diagnostics) {
    input.watching.emit({ kind: 'diagnostic', severity, code, message, hint });
  }
}

function sayIn({ emit }: Pick<Watching, 'emit'>): (message: string) => void {
  return (message) => emit({ kind: 'diagnostic', severity: 'note', code: 'interrupt', message, hint: null });
}

/** Executes what is pending as one invocation of the history. */
async function invoke(
  session: Session,
  watching: Watching,
): Promise<{
  readonly loop: LoopResult;
  readonly tracing: RunTracing | null;
  /** Ctrl-C was pressed twice. */
  readonly isLeaving: boolean;
}> {
  const { io, experiment, plan, filter, store } = session;
  using interrupts = io.interrupts.listen(sayIn(watching));
  const record = await newRecord(session, watching);
  store.begin(record);
  watching.record = record;
  const lookAgain = watchSources(io, experiment);
  using tracing = await traced(session, watching);
  // Awaited here: interrupts are listened for until the loop has ended.
  const { maxNew, deadline, patienceMs, batches } = session.limits;
  const spentMs = io.clock.monotonicMs() - session.startedMs;
  const limits = {
    maxNew,
    patienceMs,
    ...(batches ? { batches } : {}),
    deadline: deadline && { afterMs: Math.max(0, deadline.ms - spentMs), text: deadline.text },
  };
  const { emit } = watching;
  const loop = await execute({
    io,
    experiment,
    plan,
    filter,
    store,
    record,
    emit,
    interrupts,
    limits,
    spentUsd: session.spentUsd ?? 0,
    goesOn: session.goesOn ?? false,
    traces: tracing?.traces ?? null,
    spare: session.standBy ?? null,
  });
  tracing?.end();
  if (session.onEdits === 'warn') tell({ watching, diagnostics: await lookAgain() });
  return { loop, tracing, isLeaving: interrupts.abort.aborted };
}

async function newRecord(session: Session, { invocation }: Watching): Promise<InvocationRecord> {
  const { io, experiment, filter, force, argv } = session;
  return startRecord({
    invocation,
    experiment,
    filter,
    force,
    argv,
    provenance: await (session.standBy?.provenance() ?? provenance(experiment.manifest.folder)),
    startedAt: io.clock.now().toISOString(),
  });
}

/** Its code is loaded where there is a key, and nowhere else. */
async function traced(session: Session, watching: Watching): Promise<RunTracing | null> {
  const { io, experiment, plan } = session;
  if (!hasTracingKey(io)) return null;
  const { startTracing } = await import('../langsmith/run-tracing.ts');
  return startTracing({ io, experiment, plan, record: watching.record!, emit: watching.emit });
}
