// The use case `score`: judges what is drawn and not judged yet, or judged by a scorer that has changed. It asks no variant.

import type { Store } from '../../cache/store.ts';
import { asksModel } from '../../core/asking.ts';
import type { GateLine } from '../../core/gate-line.ts';
import type { InvocationRecord } from '../../core/record.ts';
import { shardText } from '../../core/shard.ts';
import type { GateVerdict, NotPassed, ScoresSummary, SharedSummary, Withheld } from '../../core/summary.ts';
import { type Cell, cellId, type Filter, type Plan } from '../../core/task.ts';
import { codeOf, type Gated, gateOf } from '../compare/invocation-gate.ts';
import { startRecord } from '../draw/invocation-record.ts';
import { judgesWithoutKey } from '../draw/key-check.ts';
import type { OfMoment } from '../judge/score-moment.ts';
import { type Scored, scorePhase } from '../judge/score-phase.ts';
import { CommandError } from '../open/command-error.ts';
import { emitDiagnostics } from '../open/emit.ts';
import { built, type Experiment, openExperiment } from '../open/experiment.ts';
import { placeWords } from '../open/filters.ts';
import { type GivenLimits, withLimits } from '../open/limits-given.ts';
import { lockedStore } from '../open/lock.ts';
import { provenance } from '../open/provenance.ts';
import { withRunsIn } from '../open/runs-begun.ts';
import { type OpenListener, openWatchers } from '../open/watchers.ts';
import { withheldNow } from '../open/withheld.ts';
import { unnamed } from '../open/without-arms.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import { isHuman } from '../select/human-scores.ts';
import { importedRows } from '../select/imported-rows.ts';
import { troublesOf } from '../select/not-passed.ts';
import { planExperiment } from '../select/plan-experiment.ts';
import { makeRowFilter } from '../select/row-filter.ts';
import { nearWords } from '../select/unmatched.ts';
import { bookOfToday, chosenScorers } from '../select/verdict.ts';
import type { RemoteUse } from '../share/sharing.ts';
import { openAround } from '../share/use.ts';
import { hasTracingKey, hasTroubles, tellScores } from './invocation-scores.ts';
import { pooledScores } from './without-arms.ts';

export type ScoreRequest = {
  readonly filter: Filter;
  /** Names of scorers; empty = all. */
  readonly only: readonly string[];
  /** An invocation, a date or `now`: what counted then is judged; undefined = the answers of today's cells. */
  readonly at: string | undefined;
  /** Judge again what is judged; older scores stay. */
  readonly force: boolean;
  /** Whether results are shared with the manifest's remote: taken from it before, and given to it after. */
  readonly remote: RemoteUse;
  /** Wait for whoever has the store. */
  readonly wait: boolean;
  /** How long a provider that does not answer is waited for, ms; null = as usual. */
  readonly patienceMs: number | null;
  /** Beside the manifest's gate. */
  readonly moreGate: readonly GateLine[];
  readonly events: OpenListener | null;
  /** Redis, where workers elsewhere judge; left out = it is done here. */
  readonly queue?: string;
  readonly argv: readonly string[];
};

export type ScoreDone = {
  readonly invocation: string;
  readonly summary: ScoresSummary;
  /** Only where the manifest has a remote, and it was not left alone. */
  readonly remote: SharedSummary | undefined;
  readonly gate: readonly GateVerdict[] | undefined;
  readonly notPassed: NotPassed | undefined;
  /** Cells, those of imported answers among them. */
  readonly inScope: number;
  /** Cells in scope without an answer. */
  readonly undrawn: number;
  readonly exitCode: number;
  readonly experiment: Experiment;
  readonly store: Store;
  readonly filter: Filter;
  /** Only while a blind review is open: rows are of all arms together, cells and gate are left out. */
  readonly withheld?: Withheld;
};

/** @throws CommandError for a scorer that is not there, ManifestError with the mistakes of the manifest */
export async function openForScoring(
  io: World,
  options: { readonly file: string; readonly given: GivenLimits; readonly only: readonly string[] },
): Promise<Experiment> {
  const opened = await openExperiment(io, options.file, { as: 'plan' });
  const experiment = withLimits(await built(io, opened, 'leave'), options.given);
  checkScorers(experiment, options.only);
  return experiment;
}

/** @param then gets what was judged while the store is still locked: for reports that read it */
export async function scoreExperiment<Value>(
  outside: World,
  options: { readonly experiment: Experiment; readonly request: ScoreRequest },
  then: (done: ScoreDone) => Promise<Value>,
): Promise<Value> {
  const { experiment: opened, request } = options;
  const { filter, only, force, argv, patienceMs } = request;
  const around = await openAround(outside, opened, request.remote);
  using store = await lockedStore({
    io: outside,
    experiment: opened,
    argv,
    wait: request.wait,
    runsOwnCode: true,
    index: 'keep',
    onLocked: around.pull,
  });
  const experiment = await withRunsIn(opened, store);
  const withheld = (await withheldNow(outside, experiment)) ?? undefined;
  const names = experiment.manifest.variants.map(({ name }) => name);
  const here = withheld ? unnamed(outside, names) : outside;
  await using queue =
    request.queue === undefined
      ? null
      : await (await import('../queue/coordinate.ts')).coordinate(here, {
          ...{ experiment, url: request.queue, wait: request.wait },
        });
  const io = queue === null ? here : { ...here, makeExecutor: queue.makeExecutor };
  notifyDiagnostics(io, store.diagnostics);
  const means = makeRowFilter(experiment, filter);
  const { moment, plan } = await subjectsOf({ experiment, store, request, means });
  // Over a queue the workers have them.
  if (queue === null && judgesWithoutKey(io, { experiment, only })) {
    const { checkJudgeKeys } = await import('../judge/judge-keys.ts');
    checkJudgeKeys(io, { experiment, store, plan, wanted: means, only, force, moment });
  }
  const invocation = store.nextInvocation(io.clock.now());
  const screen = await io.makeReporter();
  using watchers = openWatchers(io, {
    invocation,
    redact: experiment.redact,
    screen,
    events: request.events,
    unnamed: withheld ? names : null,
  });
  const { emit } = watchers;
  const noticed = (diagnostics: Parameters<typeof emitDiagnostics>[1]['diagnostics']): void =>
    emitDiagnostics(emit, { cwd: io.cwd, diagnostics });
  emit({
    kind: 'invocation-started',
    experiment: experiment.manifest.name,
    ...(filter.shard ? { shard: shardText(filter.shard) } : {}),
    provider: judgesOf(experiment, only),
  });
  const record = async (): Promise<InvocationRecord> =>
    startRecord({
      invocation,
      experiment,
      filter,
      force,
      argv,
      provenance: await provenance(experiment.manifest.folder),
      startedAt: io.clock.now().toISOString(),
    });
  const scored = (await scorePhase({
    io,
    experiment,
    store,
    plan,
    only,
    force,
    emit,
    record,
    imported: means,
    ...(moment === undefined ? {} : { moment }),
    noticed,
    failed: 'again',
    onEdits: 'warn',
    tellsCells: hasTracingKey(io),
    offline: false,
    spentUsd: 0,
    deadline: null,
    patienceMs,
  }))!;
  const { notPassed, notJudged } = hasTroubles({ failed: plan.counts.failed }, scored.summary)
    ? troublesOf({
        experiment,
        store,
        plan,
        beside: scored.beside,
        book: chosenScorers(bookOfToday(experiment), only),
        ...(moment === undefined ? {} : { seen: moment.seen }),
      })
    : {};
  const summary = { ...scored.summary, ...(notJudged ? { not_judged: notJudged } : {}) };
  await tellScores({ io, experiment, store }, { scored, tracing: null });
  const { how } = summary;
  const isPartlyJudged = only.length > 0;
  const gated: Gated =
    moment !== undefined || withheld
      ? {}
      : await gateOf({ ...request, experiment, store, how, isPartlyJudged, noticed, place: placeWords(io) });
  const exitCode = codeOf({ how, withheld, ...gated });
  emit({ kind: 'invocation-ended', how, exit_code: exitCode });
  watchers.close();
  await around.push(store.hold);
  return await then({
    invocation,
    remote: around.summary(),
    ...(withheld
      ? { summary: pooledScores(summary, filter), notPassed: undefined, withheld }
      : { summary, notPassed }),
    gate: gated.gate,
    ...countsOf(plan, scored),
    exitCode,
    experiment,
    store,
    filter,
  });
}

/** @throws CommandError where `--at` stands beside what is asked of today's answers alone */
export function refuseBeside(
  options: { readonly junit?: string; readonly dryRun?: boolean },
  hasGate: boolean,
): void {
  const flag = hasGate
    ? '--fail-under'
    : options.junit !== undefined
      ? '--junit'
      : options.dryRun
        ? '--dry-run'
        : null;
  if (flag !== null)
    throw new CommandError(`${flag} is about the answers of today, and --at about those of then`);
}

/** The cells that are judged: those of the plan, or those that counted at a moment. */
async function subjectsOf(options: {
  readonly experiment: Experiment;
  readonly store: Store;
  readonly request: ScoreRequest;
  readonly means: ReturnType<typeof makeRowFilter>;
}): Promise<{ readonly moment: OfMoment | undefined; readonly plan: Plan }> {
  const { experiment, store, request, means } = options;
  const { filter, at } = request;
  if (at !== undefined) {
    const { emptyPlan, momentCells } = await import('../judge/score-moment.ts');
    return { moment: momentCells({ experiment, store, moment: at, means }), plan: emptyPlan(experiment) };
  }
  const elsewhere = (): boolean =>
    [...importedRows(store).values()].some((row) => experiment.scenarioIndex.has(row.scenario) && means(row));
  return {
    moment: undefined,
    plan: await planExperiment({ experiment, store, filter, force: false, elsewhere }),
  };
}

function countsOf(plan: Plan, { cells, beside }: Scored): Pick<ScoreDone, 'inScope' | 'undrawn'> {
  const isDrawn = beside.length === 0 ? () => false : isPlanned(plan);
  const inPlan = beside.filter(isDrawn).length;
  const drawn = cells.length - beside.length + inPlan;
  return { inScope: plan.tasks.length + beside.length - inPlan, undrawn: plan.tasks.length - drawn };
}

function isPlanned(plan: Plan): (cell: Cell) => boolean {
  const ids = new Set(plan.tasks.map(cellId));
  return (cell) => ids.has(cellId(cell));
}

function checkScorers(experiment: Experiment, wanted: readonly string[]): void {
  const names = experiment.manifest.scorers.map(({ name }) => name);
  if (names.length === 0) {
    throw new CommandError(
      'this experiment has no scorers: name some under "scorers:", or say under "expect:" of its scenarios what a good answer holds',
    );
  }
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  if (isHuman(unknown))
    throw new CommandError(
      `${unknown} is what people say, and nobody is asked by score: npx expgraph review start deals the answers`,
    );
  throw new CommandError(
    `there is no scorer ${JSON.stringify(unknown)}${nearWords(unknown, names, 'scorer')}`,
  );
}

function judgesOf(
  { manifest }: Experiment,
  only: readonly string[],
): readonly { readonly name: string; readonly simulated: boolean }[] {
  const judges = manifest.scorers.flatMap((scorer) =>
    asksModel(scorer) && (only.length === 0 || only.includes(scorer.name)) ? [scorer.provider] : [],
  );
  return [...new Set(judges)].map((name) => ({ name, simulated: manifest.providers[name]!.type === 'sim' }));
}
