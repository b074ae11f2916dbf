// expgraph score: judges what is drawn and not judged yet, or judged by a scorer that has changed. It asks no variant.

import type { InvocationRecord } from '../../core/record.ts';
import type { NotPassed, ScoresSummary } from '../../core/summary.ts';
import { type Cell, cellId, type Filter, type Plan } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import { makeEventWriter } from '../../progress/json.ts';
import type { Reporter } from '../../progress/reporter.ts';
import { readFailUnder, tellGate } from '../../project/compare/fail-under.ts';
import { codeOf, type Gated, gateOf } from '../../project/compare/invocation-gate.ts';
import { startRecord } from '../../project/draw/execute.ts';
import { judgesWithoutKey } from '../../project/draw/key-check.ts';
import { scorePhase } from '../../project/judge/score-phase.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { emitDiagnostics, makeEmit, openEvents, resultsOut } from '../../project/open/emit.ts';
import { type Experiment, openExperiment, printDiagnostics } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter, placeWords, scopeWords } from '../../project/open/filters.ts';
import { type LimitOptions, readGivenLimits, withLimits } from '../../project/open/limits-given.ts';
import { lockedStore } from '../../project/open/lock.ts';
import { provenance } from '../../project/open/provenance.ts';
import { type Io, isGithub } from '../../project/open/world.ts';
import { tellScores } from '../../project/run/invocation-scores.ts';
import { type PatienceOptions, readPatience } from '../../project/run/patience.ts';
import { importedRows } from '../../project/select/imported-rows.ts';
import { troublesOf } from '../../project/select/not-passed.ts';
import { planExperiment } from '../../project/select/plan-experiment.ts';
import { makeRowFilter } from '../../project/select/row-filter.ts';
import { nearWords } from '../../project/select/unmatched.ts';
import { bookOfToday, chosenScorers } from '../../project/select/verdict.ts';
import { gateText } from '../../report/compare/gate-sheet.ts';
import { scoresSentence, scoresText } from '../../report/run/scores.ts';
import { troubleBlocks } from '../../report/run/summary.ts';
import { makeReporter } from '../terminal/reporters.ts';

export type ScoreOptions = FilterOptions &
  LimitOptions &
  PatienceOptions & {
    readonly file: string;
    readonly scorer?: readonly string[];
    /** A moment: what counted then is judged, whatever the manifest asks for now. */
    readonly at?: string;
    /** Scorers are held against people's verdicts, and judge what these are about. */
    readonly calibrate?: boolean;
    readonly force?: boolean;
    readonly json?: boolean;
    readonly events?: string;
    readonly junit?: string;
    readonly wait?: boolean;
    readonly dryRun?: boolean;
    readonly failUnder?: string;
    readonly argv: readonly string[];
  };

export async function scoreCommand(io: Io, options: ScoreOptions): Promise<number> {
  const filter = makeFilter(options);
  const moreGate = readFailUnder(options.failUnder, options.scorer);
  const given = readGivenLimits(options);
  const patienceMs = readPatience(options);
  resultsOut(io, options);
  const experiment = withLimits(await openExperiment(io, options.file), given);
  const only = checkScorers(experiment, options.scorer ?? []);
  const { argv, wait = false, force = false } = options;
  if (options.calibrate) {
    const { calibrateCommand, refuseBesideLabels } = await import('../../project/judge/calibrate.ts');
    refuseBesideLabels(options, filter);
    return await calibrateCommand(io, { experiment, only, options, patienceMs });
  }
  if (options.at !== undefined) refuseBeside(options, moreGate.length > 0);
  if (options.dryRun)
    return (await import('../../project/judge/score-dry-run.ts')).tellScoring(io, {
      experiment,
      filter,
      only,
      ...options,
    });
  using store = await lockedStore({ io, experiment, argv, wait, runsOwnCode: true, index: 'keep' });
  printDiagnostics(io, store.diagnostics);
  const means = makeRowFilter(experiment, filter);
  const isImported = (): boolean =>
    [...importedRows(store).values()].some((row) => experiment.scenarioIndex.has(row.scenario) && means(row));
  const moment =
    options.at === undefined
      ? undefined
      : (await import('../../project/judge/score-moment.ts')).momentCells({
          experiment,
          store,
          moment: options.at,
          means,
        });
  const plan =
    moment === undefined
      ? await planExperiment({ experiment, store, filter, force: false, elsewhere: isImported })
      : (await import('../../project/judge/score-moment.ts')).emptyPlan(experiment);
  if (judgesWithoutKey(io, { experiment, only })) {
    const { checkJudgeKeys } = await import('../../project/judge/judge-keys.ts');
    checkJudgeKeys(io, { experiment, store, plan, wanted: means, only, force, moment });
  }
  const invocation = store.nextInvocation(io.clock.now());
  const eventFile = options.events ? openEvents(io, options.events) : null;
  const reporters: Reporter[] = [await makeReporter(io)];
  if (eventFile) reporters.push(makeEventWriter({ append: eventFile.append }));
  const onLost = (cause: Error): void =>
    io.err.write(`expgraph: events are told no more from here on: ${cause.message}\n`);
  const emit = makeEmit({ invocation, clock: io.clock, redact: experiment.redact, reporters, onLost });
  const close = (): void => {
    for (const reporter of reporters) reporter.close();
    eventFile?.close();
  };
  try {
    emit({
      kind: 'invocation-started',
      experiment: experiment.manifest.name,
      provider: judgesOf(experiment, only),
    });
    const record = async (): Promise<InvocationRecord> =>
      startRecord({
        ...{ invocation, experiment, filter, force, argv },
        provenance: await provenance(experiment.manifest.folder),
        startedAt: io.clock.now().toISOString(),
      });
    const scored = await scorePhase({
      ...{ io, experiment, store, plan, only, force, emit, record },
      imported: means,
      ...(moment === undefined ? {} : { moment }),
      noticed: (diagnostics) => emitDiagnostics(emit, { cwd: io.cwd, diagnostics }),
      ...{ failed: 'again', onEdits: 'warn', offline: false, spentUsd: 0, deadline: null, patienceMs },
    });
    const { cells, beside } = scored!;
    const isDrawn = isPlanned(plan);
    const { notPassed, notJudged } = troublesOf({
      ...{ experiment, store, plan },
      beside,
      book: chosenScorers(bookOfToday(experiment), only),
      ...(moment === undefined ? {} : { seen: moment.seen }),
    });
    const summary = { ...scored!.summary, ...(notJudged ? { not_judged: notJudged } : {}) };
    await tellScores({ io, experiment, store }, { scored: scored!, tracing: null });
    const gated: Gated =
      moment !== undefined
        ? {}
        : await gateOf({
            ...{ experiment, store, filter, moreGate, how: summary.how, place: placeWords(io) },
            isPartlyJudged: only.length > 0,
            noticed: (diagnostics) => emitDiagnostics(emit, { cwd: io.cwd, diagnostics }),
          });
    const exitCode = codeOf({ how: summary.how, ...gated });
    emit({ kind: 'invocation-ended', how: summary.how, exit_code: exitCode });
    close();
    await print({
      io,
      options,
      experiment,
      invocation,
      summary,
      gated,
      notPassed,
      filter,
      inScope: plan.tasks.length + cells.filter((cell) => !isDrawn(cell)).length,
      undrawn: plan.tasks.length - cells.filter(isDrawn).length,
    });
    const { gate = [] } = gated;
    if (options.junit !== undefined) {
      const { writeJunit } = await import('../../project/exchange/junit-file.ts');
      writeJunit({ io, experiment, store, filter, file: options.junit, gate });
    }
    if (isGithub(io)) {
      const { jobSummary } = await import('../../report/run/job-summary.ts');
      const { tellGithub } = await import('../terminal/github.ts');
      const facts = { experiment: experiment.manifest.name, title: `score ${invocation}`, notPassed, gate };
      tellGithub(io, {
        ...{ experiment, notPassed, gate },
        summary: jobSummary({ ...facts, scores: summary, sentences: [] }),
      });
    }
    return exitCode;
  } finally {
    close();
  }
}

/** What is asked of today's answers alone. */
function refuseBeside(options: ScoreOptions, hasGate: boolean): void {
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

function isPlanned(plan: Plan): (cell: Cell) => boolean {
  const ids = new Set(plan.tasks.map(cellId));
  return (cell) => ids.has(cellId(cell));
}

function checkScorers(experiment: Experiment, wanted: readonly string[]): readonly string[] {
  const names = experiment.manifest.scorers.map(({ name }) => name);
  if (names.length === 0) {
    throw new CommandError(
      'this experiment has no scorers: name some under "scorers:", or say under "expect:" of its scenarios what a good answer holds',
    );
  }
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown === undefined) return wanted;
  throw new CommandError(
    `there is no scorer ${JSON.stringify(unknown)}${nearWords(unknown, names, 'scorer')}`,
  );
}

function judgesOf(
  { manifest }: Experiment,
  only: readonly string[],
): readonly { readonly name: string; readonly simulated: boolean }[] {
  const judges = manifest.scorers.flatMap((scorer) =>
    scorer.kind === 'judge' && (only.length === 0 || only.includes(scorer.name)) ? [scorer.provider] : [],
  );
  return [...new Set(judges)].map((name) => ({ name, simulated: manifest.providers[name]!.type === 'sim' }));
}

async function print(at: {
  readonly io: Io;
  readonly options: ScoreOptions;
  readonly experiment: Experiment;
  readonly invocation: string;
  readonly summary: ScoresSummary;
  readonly gated: Gated;
  readonly notPassed: NotPassed | undefined;
  readonly filter: Filter;
  /** Cells, those of imported answers among them. */
  readonly inScope: number;
  /** Cells in scope without an answer. */
  readonly undrawn: number;
}): Promise<void> {
  const { io, options, experiment, invocation, summary, gated, notPassed, undrawn } = at;
  const { gate = [] } = gated;
  const troubles = notPassed ? { not_passed: notPassed } : {};
  if (options.json) {
    const json = {
      ...{ experiment: experiment.manifest.name, invocation, undrawn },
      ...{ ...summary, ...troubles, ...gated },
    };
    io.out.write(jsonLine(json));
    await tellGate(io, gate);
    return;
  }
  const out = resultsOut(io, options);
  const as = { columns: out.columns(), colors: out.colors };
  if (io.detail === 'quiet') {
    out.write(`${scoresSentence(summary)}\n`);
    await tellGate(io, gate);
    return;
  }
  out.write(scoresText(summary, as));
  const scope = scopeWords(at.filter, io);
  for (const block of troubleBlocks({ ...troubles, scores: summary }, { ...as, scope, of: at.inScope }))
    out.write(`\n${block}`);
  if (gate.length > 0) out.write(`\n${gateText(gate, as)}`);
  if (undrawn === 0) return;
  const cells = undrawn === 1 ? '1 cell has' : `${undrawn} cells have`;
  out.write(
    `${cells} no answer for today's manifest yet: npx expgraph run${scope.named} draws what is missing.\n`,
  );
}
