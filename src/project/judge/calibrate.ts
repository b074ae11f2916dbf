// expgraph score --calibrate: each scorer that people's verdicts are there for judges the same answers, and is held against them.
// Judgements are kept like all others: what was judged before is not paid again.

import path from 'node:path';
import type { Hold, Store, StoreReader } from '../../cache/store.ts';
import { asksModel } from '../../core/asking.ts';
import type { Calibration } from '../../core/calibration.ts';
import type { Scorer } from '../../core/scoring.ts';
import type { HowEnded, ScoresSummary } from '../../core/summary.ts';
import { type Filter, NO_FILTER } from '../../core/task.ts';
import { codeOf } from '../compare/invocation-gate.ts';
import { startRecord } from '../draw/invocation-record.ts';
import { checkJudges, judgesWithoutKey } from '../draw/key-check.ts';
import { CommandError } from '../open/command-error.ts';
import { emitDiagnostics } from '../open/emit.ts';
import { type Experiment, ManifestError } from '../open/experiment.ts';
import { isEverything } from '../open/filters.ts';
import { lockedStore } from '../open/lock.ts';
import { provenance } from '../open/provenance.ts';
import { type OpenListener, openWatchers } from '../open/watchers.ts';
import { refuseWithheld } from '../open/withheld.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import { planScoring } from '../plan/score-plan.ts';
import { readyScorers } from '../select/scorers.ts';
import { calibrationOf } from './calibration.ts';
import { feedbackLabels } from './calibration-feedback.ts';
import { type Items, itemsOf } from './calibration-items.ts';
import { type Label, readLabels } from './calibration-labels.ts';
import { emptyPlan } from './score-moment.ts';
import { scorePhase } from './score-phase.ts';

/** Of `score`. */
export type CalibrateOptions = {
  readonly at?: string;
  readonly junit?: string;
  readonly failUnder?: string;
  readonly force?: boolean;
  readonly wait?: boolean;
  readonly dryRun?: boolean;
  readonly argv: readonly string[];
};

type Calibrating = {
  readonly experiment: Experiment;
  /** Names; empty = all that have labels. */
  readonly only: readonly string[];
  readonly options: CalibrateOptions;
  readonly patienceMs: number | null;
};

/** What is taken from others before, and given to them after. */
type Sharing = {
  readonly pull: (hold: Hold) => Promise<void>;
  readonly push: (hold: Hold) => Promise<void>;
};

export type CalibrationAhead = {
  readonly scorer: string;
  /** Labelled. */
  readonly answers: number;
  /** Judgements to make. */
  readonly pending: number;
};

type Telling = {
  readonly events: OpenListener | null;
  readonly told: (calibration: Calibration, summary: ScoresSummary) => void;
};

export type Calibrated = {
  readonly invocations: readonly string[];
  readonly how: HowEnded;
  readonly calibration: readonly Calibration[];
  readonly exitCode: number;
};

type Subject = { readonly scorer: Scorer; readonly sources: readonly string[]; readonly items: Items };

/** What would be judged. Takes no lock, asks nobody. */
export async function calibrationAhead(
  io: World,
  calibrating: Calibrating,
): Promise<readonly CalibrationAhead[]> {
  const { experiment, options } = calibrating;
  using store = experiment.stores.read();
  const subjects = await subjectsOf(io, { ...calibrating, store });
  return subjects.map((subject) => ({
    scorer: subject.scorer.name,
    answers: subject.items.items.length,
    pending: pendingOf(subject, { experiment, force: options.force ?? false }),
  }));
}

/** @param calibrating `told` gets each scorer as soon as it is held against people, before the next one is judged */
export async function calibrate(
  io: World,
  calibrating: Calibrating & Telling & { readonly sharing: Sharing },
): Promise<Calibrated> {
  const { experiment, options, sharing } = calibrating;
  const { argv, wait = false, force = false } = options;
  await refuseWithheld(io, experiment);
  using store = await lockedStore({
    ...{ io, experiment, argv, wait, runsOwnCode: true, index: 'keep' },
    onLocked: sharing.pull,
  });
  notifyDiagnostics(io, store.diagnostics);
  const subjects = await subjectsOf(io, { ...calibrating, store });
  if (judgesWithoutKey(io, { experiment, only: subjects.map(({ scorer }) => scorer.name) })) {
    const toJudge = subjects.map((subject) => ({
      scorer: subject.scorer.name,
      scores: pendingOf(subject, { experiment, force }),
      isAtMost: false,
    }));
    checkJudges(io, { experiment, toJudge: toJudge.filter(({ scores }) => scores > 0) });
  }
  const calibrated = await judgeAll(io, { ...calibrating, store, subjects });
  await sharing.push(store.hold);
  return calibrated;
}

/** @throws CommandError on what says nothing about labels */
export function refuseBesideLabels(options: CalibrateOptions, filter: Filter): void {
  const flag =
    options.at !== undefined
      ? '--at'
      : options.junit !== undefined
        ? '--junit'
        : options.failUnder !== undefined
          ? '--fail-under'
          : isEverything(filter)
            ? null
            : 'a filter';
  if (flag !== null)
    throw new CommandError(
      `${flag} is about answers of the matrix, and --calibrate about those that people judged`,
    );
}

/** @throws CommandError where there is nothing to hold a scorer against */
async function subjectsOf(
  io: World,
  input: Calibrating & { readonly store: StoreReader },
): Promise<readonly Subject[]> {
  const { experiment, only, store } = input;
  const { scorers, folder, scenarios } = experiment.manifest;
  const ids = new Set(scenarios.map(({ id }) => id));
  const subjects: Subject[] = [];
  for (const scorer of scorers) {
    if (only.length > 0 && !only.includes(scorer.name)) continue;
    const labels: Label[] = [];
    const sources: string[] = [];
    if (scorer.calibrate !== undefined) {
      const file = path.resolve(folder, scorer.calibrate);
      const read = readLabels(file, { shown: scorer.calibrate, scorer, scenarios: ids });
      if (read.mistakes.length > 0) {
        notifyDiagnostics(io, read.mistakes);
        throw new ManifestError(`${scorer.calibrate} has mistakes; nothing was judged`, read.mistakes);
      }
      labels.push(...read.labels);
      sources.push(scorer.calibrate);
    }
    const feedback = await feedbackLabels({ experiment, store, scorer });
    if (feedback.length > 0) {
      labels.push(...feedback);
      sources.push('langsmith feedback');
    }
    if (labels.length > 0) subjects.push({ scorer, sources, items: itemsOf({ experiment, store, labels }) });
  }
  if (subjects.length > 0) return subjects;
  const whose =
    only.length === 0 ? 'no scorer has' : `${only.map((name) => JSON.stringify(name)).join(', ')} has`;
  const lack = only.length === 0 ? 'labels' : 'no labels';
  throw new CommandError(
    `${whose} ${lack}: write "calibrate: labels.jsonl" beside it, a file with a line such as {"variant": "a", "scenario": "s1", "run": 1, "human": true} for each answer that a person judged`,
  );
}

function pendingOf(
  { scorer, items }: Subject,
  { experiment, force }: { readonly experiment: Experiment; readonly force: boolean },
): number {
  using scores = experiment.stores.readScores();
  const scorers = readyScorers(items.seen, [scorer.name]);
  return planScoring({ scorers, cells: items.cells, scores, force, failed: 'again' }).pending.length;
}

async function judgeAll(
  io: World,
  input: Calibrating & Telling & { readonly store: Store; readonly subjects: readonly Subject[] },
): Promise<Calibrated> {
  const { experiment, options, store, patienceMs } = input;
  const told: Calibration[] = [];
  const invocations: string[] = [];
  let how: HowEnded = 'complete';
  let spentUsd = 0;
  for (const { scorer, sources, items } of input.subjects) {
    const invocation = store.nextInvocation(io.clock.now());
    const screen = await io.makeReporter();
    using watchers = openWatchers(io, {
      invocation,
      redact: experiment.redact,
      screen,
      events: input.events,
    });
    const { emit } = watchers;
    emit({
      kind: 'invocation-started',
      experiment: experiment.manifest.name,
      provider: judgeOf(experiment, scorer),
    });
    const force = options.force ?? false;
    const scored = await scorePhase({
      io,
      experiment,
      store,
      emit,
      force,
      patienceMs,
      spentUsd,
      plan: emptyPlan(experiment),
      moment: items,
      only: [scorer.name],
      record: async () =>
        startRecord({
          invocation,
          experiment,
          filter: NO_FILTER,
          force,
          argv: options.argv,
          provenance: await provenance(experiment.manifest.folder),
          startedAt: io.clock.now().toISOString(),
        }),
      noticed: (diagnostics) => emitDiagnostics(emit, { cwd: io.cwd, diagnostics }),
      failed: 'again',
      onEdits: 'warn',
      tellsCells: false,
      offline: false,
      deadline: null,
    });
    const { summary } = scored!;
    emit({ kind: 'invocation-ended', how: summary.how, exit_code: codeOf({ how: summary.how }) });
    watchers.close();
    spentUsd += summary.cost_usd ?? 0;
    if (how === 'complete') how = summary.how;
    invocations.push(invocation);
    told.push(calibrationOf({ scorer, items, sources }));
    input.told(told.at(-1)!, summary);
    if (summary.how !== 'complete' && summary.how !== 'incomplete') break;
  }
  return { invocations, how, calibration: told, exitCode: codeOf({ how }) };
}

function judgeOf(
  { manifest }: Experiment,
  scorer: Scorer,
): readonly { readonly name: string; readonly simulated: boolean }[] {
  if (!asksModel(scorer)) return [];
  return [{ name: scorer.provider, simulated: manifest.providers[scorer.provider]!.type === 'sim' }];
}
