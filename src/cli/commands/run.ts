// expgraph run: plan, execute what is pending, refresh the view, print the summary.
import path from 'node:path';
import type { Store } from '../../cache/store.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { parseDuration } from '../../core/duration.ts';
import type { InvocationRecord } from '../../core/record.ts';
import type { RunSummary, ScoresSummary } from '../../core/summary.ts';
import { type Filter, type Plan, rowId } from '../../core/task.ts';
import { makeEventWriter } from '../../progress/json.ts';
import type { Reporter } from '../../progress/reporter.ts';
import { runSummaryText } from '../../report/summary.ts';
import { exitCodeOf, summarize } from '../../run/summary.ts';
import { emptyResult, type LoopResult } from '../../run/tally.ts';
import { execute, isSimulated, startRecord } from '../compose.ts';
import { watchSources } from '../edited.ts';
import { type Emit, makeEmit, openEventFile } from '../emit.ts';
import { CommandError, EXIT } from '../exit.ts';
import { type Experiment, makeExperimentReady, openExperiment, printDiagnostics } from '../experiment.ts';
import { type FilterOptions, makeFilter } from '../filters.ts';
import type { Io } from '../io.ts';
import type { RunTracing } from '../langsmith/run-tracing.ts';
import { lockedStore } from '../locked.ts';
import { planExperiment, viewCells } from '../planned.ts';
import { provenance } from '../provenance.ts';
import { makeReporter } from '../reporters.ts';
import type { Scored } from '../score-phase.ts';
import { listenForInterrupts } from '../signals.ts';

export type RunOptions = FilterOptions & {
  readonly file: string;
  readonly force?: boolean;
  readonly offline?: boolean;
  readonly json?: boolean;
  readonly events?: string;
  readonly maxNew?: string;
  readonly deadline?: string;
  readonly wait?: boolean;
  /** false = answers are not judged. */
  readonly score?: boolean;
  readonly langsmithFlush?: string;
  readonly langsmithRequired?: boolean;
  readonly argv: readonly string[];
};

export async function runCommand(io: Io, options: RunOptions): Promise<number> {
  const startedMs = io.clock.monotonicMs();
  const filter = makeFilter(options);
  const limits = readLimits(options);
  const opened = await openExperiment(io, options.file, options.offline ? 'look' : 'run');
  const { argv, wait = false } = options;
  using store = await lockedStore({ io, experiment: opened, argv, wait, index: 'keep' });
  const experiment = options.offline ? opened : await makeExperimentReady(io, options.file, opened);
  printDiagnostics(io, store.diagnostics);
  const force = options.force ?? false;
  const plan = planExperiment({ experiment, store, filter, force });
  const toJudge = await pendingScores({ options, experiment, store, plan });
  const session: Session = {
    io,
    options,
    experiment,
    store,
    plan,
    toJudge,
    filter,
    force,
    limits,
    startedMs,
    tracing: null,
  };
  using watching = await watch(session);
  const loop = options.offline || plan.pending.length === 0 ? emptyResult() : await invoke(session, watching);
  const noticed = store.diagnostics.length;
  const files =
    loop.stopped?.kind === 'damaged' ? [] : store.refreshView(viewCells(experiment, { plan, filter }));
  const late = store.diagnostics.slice(noticed);
  tell({ watching, diagnostics: late });
  // In a null run nobody watches the events.
  if (watching.record === null) printDiagnostics(io, late);
  const scored = loop.stopped === null ? await score(session, { watching, loop }) : undefined;
  if (scored) await tellScores(session, { watching, scored });
  session.tracing?.over();
  const drawn = summarize({
    plan,
    history: store.history,
    loop,
    cached: late.length === 0 ? 'as-planned' : 'look-up',
    invocation: watching.invocation,
    durationMs: io.clock.monotonicMs() - startedMs,
    files: files.map((file) => path.relative(io.cwd, file)),
    simulated: isSimulated(experiment, plan),
  });
  const done = scored ? withScores(drawn, scored.summary) : drawn;
  if (watching.record) await end({ session, record: watching.record, summary: done });
  // Everything is kept by now: what is still to be sent may be waited for, or not.
  const langsmith = await session.tracing?.finish({ runMs: done.duration_ms, limitMs: limits.flushMs });
  const summary = langsmith === undefined || langsmith.traces === 0 ? done : { ...done, langsmith };
  const exitCode = exitOf(summary, options);
  watching.emit({ kind: 'invocation-ended', how: summary.how, exit_code: exitCode });
  watching.close();
  print({ io, options, summary });
  return exitCode;
}

/** Nothing of scoring is loaded where there are no scorers. */
async function pendingScores(at: {
  readonly options: RunOptions;
  readonly experiment: Experiment;
  readonly store: Store;
  readonly plan: Plan;
}): Promise<number> {
  const { options, experiment, store, plan } = at;
  if (!isScoring(at)) return 0;
  // What is drawn first is judged then: how much that is, nobody knows yet.
  if (options.offline || plan.pending.length > 0) return 0;
  const { countPendingScores } = await import('../score-phase.ts');
  return countPendingScores({ experiment, store, plan });
}

function isScoring(at: { readonly options: RunOptions; readonly experiment: Experiment }): boolean {
  return at.options.score !== false && at.experiment.manifest.scorers.length > 0;
}

async function score(
  session: Session,
  { watching, loop }: { readonly watching: Watching; readonly loop: LoopResult },
): Promise<Scored | undefined> {
  if (!isScoring(session)) return undefined;
  const { io, experiment, store, plan, options, limits } = session;
  const { scorePhase } = await import('../score-phase.ts');
  const spentMs = io.clock.monotonicMs() - session.startedMs;
  const { deadline } = limits;
  return scorePhase({
    ...{ io, experiment, store, plan, emit: watching.emit, only: [], force: false },
    offline: options.offline ?? false,
    record: async () => watching.record ?? (await newRecord(session, watching)),
    spentUsd: loop.costUsd ?? 0,
    deadline: deadline && {
      afterMs: Math.max(0, deadline.ms - spentMs),
      why: `--deadline ${deadline.text} reached`,
    },
  });
}

/** Where answers are traced, their scores are feedback on the traces. */
async function tellScores(
  session: Session,
  { watching, scored }: { readonly watching: Watching; readonly scored: Scored },
): Promise<void> {
  const { io, experiment, store } = session;
  if (scored.verdicts.length === 0 || !hasTracingKey(io)) return;
  const { writeScoreFeedback, sendScoreFeedback } = await import('../langsmith/scores.ts');
  const said = await writeScoreFeedback({ io, experiment, store, verdicts: scored.verdicts });
  if (said > 0 && !session.tracing?.isSending()) sendScoreFeedback({ io, experiment }, watching.invocation);
}

function hasTracingKey({ env }: Io): boolean {
  return Boolean(env.LANGSMITH_API_KEY || env.LANGCHAIN_API_KEY);
}

/** Drawn and not judged is not done; whatever stopped the drawing comes first. */
function withScores(drawn: RunSummary, scores: ScoresSummary): RunSummary {
  const { how, why } = drawn.how === 'complete' ? scores : drawn;
  return { ...drawn, scores, how, why };
}

/** Traces are no result: they decide nothing, unless the user says that they do. */
function exitOf({ how, langsmith }: RunSummary, { langsmithRequired = false }: RunOptions): number {
  const exitCode = exitCodeOf(how);
  if (exitCode !== EXIT.complete || !langsmithRequired) return exitCode;
  return langsmith === undefined || langsmith.sent === langsmith.traces ? exitCode : EXIT.incomplete;
}

type Session = {
  readonly io: Io;
  readonly options: RunOptions;
  readonly experiment: Experiment;
  readonly store: Store;
  readonly plan: Plan;
  /** Scores that are missing of answers that are there. */
  readonly toJudge: number;
  readonly filter: Filter;
  readonly force: boolean;
  readonly limits: Limits;
  readonly startedMs: number;
  /** Set when something is executed and traced. */
  tracing: RunTracing | null;
};

/** As the command line says it; the deadline from the start of the command. */
type Limits = {
  readonly maxNew: number | null;
  readonly deadline: { readonly ms: number; readonly text: string } | null;
  /** How long the end may wait for traces to be sent; null = as long as it is not felt. */
  readonly flushMs: number | null;
};

function readLimits({ maxNew, deadline, langsmithFlush, langsmithRequired }: RunOptions): Limits {
  if (maxNew !== undefined && !/^[1-9][0-9]{0,8}$/.test(maxNew)) {
    throw new CommandError(`--max-new takes a number of tasks from 1, not ${JSON.stringify(maxNew)}`);
  }
  const ms = deadline === undefined ? null : parseDuration(deadline);
  if (deadline !== undefined && !ms) {
    throw new CommandError(`--deadline takes a time like 90s, 30m or 1.5h, not ${JSON.stringify(deadline)}`);
  }
  const flush = langsmithFlush ?? (langsmithRequired ? '60s' : undefined);
  const flushMs = flush === undefined ? null : parseDuration(flush);
  if (flush !== undefined && flushMs === null) {
    throw new CommandError(`--langsmith-flush takes a time like 5s or 2m, not ${JSON.stringify(flush)}`);
  }
  return {
    flushMs,
    maxNew: maxNew === undefined ? null : Number(maxNew),
    deadline: ms && deadline ? { ms, text: deadline } : null,
  };
}

type Watching = Disposable & {
  readonly invocation: string;
  readonly emit: Emit;
  /** Set when the invocation has begun in the store. */
  record: InvocationRecord | null;
  /** Ends the reporters: the terminal is ours again. */
  close(): void;
};

/** Reporters from the first event on; `--events` takes every one of them. */
async function watch(session: Session): Promise<Watching> {
  const { io, options, experiment, store, plan } = session;
  const invocation = store.nextInvocation(io.clock.now());
  const eventFile = options.events ? openEventFile(path.resolve(io.cwd, options.events)) : null;
  const reporters: Reporter[] = [];
  if (eventFile) reporters.push(makeEventWriter({ append: eventFile.append }));
  let announcing = true;
  if (plan.pending.length + session.toJudge > 0 && !options.offline) {
    const screen = await makeReporter(io);
    // What was noticed before the run was printed when it was noticed.
    const report: Reporter['report'] = (event) => {
      if (!announcing || event.kind !== 'diagnostic') screen.report(event);
    };
    reporters.push({ report, close: () => screen.close() });
  }
  const onLost = (cause: Error): void =>
    io.err.write(`expgraph: events are told no more from here on: ${cause.message}\n`);
  const emit = makeEmit({ invocation, clock: io.clock, redact: experiment.redact, reporters, onLost });
  announce({ session, emit, everyTask: eventFile !== null });
  announcing = false;
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    for (const reporter of reporters) reporter.close();
    eventFile?.close();
  };
  return { invocation, emit, record: null, close, [Symbol.dispose]: close };
}

function announce(at: { readonly session: Session; readonly emit: Emit; readonly everyTask: boolean }): void {
  const { experiment, plan, store } = at.session;
  const providers = Object.values(experiment.manifest.providers).filter((provider) =>
    experiment.manifest.variants.some((variant) => variant.provider === provider.name),
  );
  at.emit({
    kind: 'invocation-started',
    experiment: experiment.manifest.name,
    provider: providers.map(({ name, type }) => ({ name, simulated: type === 'sim' })),
  });
  tell({ watching: at, diagnostics: [...experiment.warnings, ...store.diagnostics] });
  const groups = new Map<string, { variant: string; run: number; tasks: number; cached: number }>();
  for (const task of plan.tasks) {
    const id = rowId(task);
    const group = groups.get(id) ?? { variant: task.variant, run: task.run, tasks: 0, cached: 0 };
    groups.set(id, group);
    group.tasks++;
    if (task.state.kind !== 'pending') group.cached++;
  }
  const { tasks, pending, cached, shared } = plan.counts;
  at.emit({ kind: 'plan-made', tasks, pending, cached: cached + shared, groups: [...groups.values()] });
  if (!at.everyTask) return;
  for (const { key, variant, scenario, run, state } of plan.tasks) {
    if (state.kind === 'pending') continue;
    at.emit({ kind: 'task-skipped', key, variant, scenario, run, why: state.kind });
  }
}

function tell(at: {
  readonly watching: { readonly emit: Emit };
  readonly diagnostics: readonly Diagnostic[];
}): void {
  for (const { severity, code, message, hint } of at.diagnostics) {
    at.watching.emit({ kind: 'diagnostic', severity, code, message, hint });
  }
}

/** Executes what is pending as one invocation of the history. */
async function invoke(session: Session, watching: Watching): Promise<LoopResult> {
  const { io, experiment, plan, filter, store } = session;
  using interrupts = listenForInterrupts((message) =>
    watching.emit({ kind: 'diagnostic', severity: 'note', code: 'interrupt', message, hint: null }),
  );
  const record = await newRecord(session, watching);
  store.begin(record);
  watching.record = record;
  const lookAgain = watchSources(io, experiment);
  using tracing = await traced(session, watching);
  session.tracing = tracing;
  // Awaited here: interrupts are listened for until the loop has ended.
  const { maxNew, deadline } = session.limits;
  const spentMs = io.clock.monotonicMs() - session.startedMs;
  const limits = {
    maxNew,
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
    traces: tracing?.traces ?? null,
  });
  tracing?.end();
  tell({ watching, diagnostics: await lookAgain() });
  return loop;
}

async function newRecord(session: Session, watching: Watching): Promise<InvocationRecord> {
  const { io, experiment, filter, force, options } = session;
  return startRecord({
    ...{ invocation: watching.invocation, experiment, filter, force, argv: options.argv },
    provenance: await provenance(experiment.manifest.folder),
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

async function end(at: {
  readonly session: Session;
  readonly record: InvocationRecord;
  readonly summary: RunSummary;
}): Promise<void> {
  const { io, store } = at.session;
  try {
    await store.end(endRecord({ ...at, endedAt: io.clock.now().toISOString() }));
  } catch (cause) {
    // The disk that stopped the invocation may refuse its last words as well: the first reason is the one to show.
    if (at.summary.how !== 'damaged') throw cause;
  }
}

function endRecord(at: {
  readonly record: InvocationRecord;
  readonly summary: RunSummary;
  readonly endedAt: string;
}): InvocationRecord {
  const { summary } = at;
  return {
    ...at.record,
    ended_at: at.endedAt,
    how: summary.how,
    exit_code: exitCodeOf(summary.how),
    totals: {
      tasks: summary.scope.tasks,
      executed: summary.executed,
      cached: summary.cached,
      failed: summary.failed,
      missing: summary.missing,
      attempts: summary.attempts,
      retries: summary.retries,
      usage: { ...summary.usage },
      cost_usd: summary.cost_usd,
      duration_ms: summary.duration_ms,
    },
  };
}

function print(at: { readonly io: Io; readonly options: RunOptions; readonly summary: RunSummary }): void {
  const { io, options, summary } = at;
  if (options.json) {
    io.out.write(`${JSON.stringify(summary)}\n`);
    return;
  }
  io.out.write(runSummaryText(summary, { columns: io.out.columns(), colors: io.out.colors }));
}
