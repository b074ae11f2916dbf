// The watch as a use case: plans what a save made stale, asks where it costs much, runs, and tells of each step as an event.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ReadFiles } from '../../manifest/documents/patterns.ts';
import {
  type Consent,
  type Cost,
  consentFor,
  type Planned,
  type Round,
  startWatch,
  union,
  type Watch,
  type Watched,
  type Worker,
  watchedOf,
} from '../../watch/watch.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import { ManifestError } from '../open/experiment.ts';
import { type FilterOptions, makeFilter } from '../open/filters.ts';
import { type LimitOptions, readGivenLimits } from '../open/limits-given.ts';
import type { OpenListener } from '../open/watchers.ts';
import { note, type World } from '../open/world.ts';
import { type PatienceOptions, readPatience } from '../run/patience.ts';
import { compareRound } from './after-round.ts';
import type { RoundEnded, RoundResult, WatchEvent } from './events.ts';
import { type PlannedRound, planRound, type RoundSettings, refreshView, runRound } from './rounds.ts';

export type WatchInput = FilterOptions &
  LimitOptions &
  PatienceOptions & {
    /** The manifest; relative to the working folder of the world. */
    readonly file: string;
    /** False: only plan and tell. */
    readonly mayRun: boolean;
    /** Begin with what failed before. */
    readonly retryFailed?: boolean;
    /** Agreed to whatever it costs. */
    readonly yes?: boolean;
    /** Asks about a round that costs more than the manifest lets pass; aborted when it is out of date. null = nobody is there. */
    readonly ask: ((consent: Asked, withdrawn: AbortSignal) => Promise<'yes' | 'no' | 'left'>) | null;
    /** Arms are compared after rounds that ran nothing as well, and not only after the first of these. */
    readonly comparesIdle: boolean;
    /** As it is recorded of invocations. */
    readonly argv: readonly string[];
    /** Opened when a run begins: it gets every event of it; null = nobody does. */
    readonly events: OpenListener | null;
    /** Told in order, before anything else is done. */
    readonly onEvent: (event: WatchEvent) => void;
  };

/** Why a round does not start by itself. */
export type Asked = Exclude<Consent, { readonly kind: 'free' }>;

/**
 * Watches until `leave()`: `ended` says what it was doing then, and rejects with what no save can mend (a first manifest that is
 * not there, a damaged store).
 */
export function watchExperiment(world: World, input: WatchInput): Watch {
  const filter = makeFilter(input);
  const { file, argv, events, mayRun } = input;
  const settings: RoundSettings = {
    io: world,
    filter,
    file,
    argv,
    events,
    mayRun,
    watched: { cells: null },
    limits: readGivenLimits(input),
    patienceMs: readPatience(input),
  };
  const retry = (input.retryFailed ?? false) || filter.failed || filter.notPassed;
  return startWatch({ clock: world.clock, worker: makeWorker(settings, input), first: { files: [], retry } });
}

/** Variants by their estimate, judges by what their judgements took so far. */
function costsOf({ estimate, scores }: PlannedRound): readonly Cost[] {
  const judges = (scores?.scorers ?? []).filter(({ model, calls }) => model !== null && calls > 0);
  return [
    ...estimate.byVariant,
    ...judges.map(({ scorer: variant, costUsd, isSimulated }) => {
      return { variant, costUsd, costUsdAtMost: costUsd, costUsdAtLeast: 0, isSimulated };
    }),
  ];
}

function makeWorker(settings: RoundSettings, input: WatchInput): Worker {
  const { io: world, mayRun } = settings;
  const manifestFile = path.resolve(world.cwd, settings.file);
  const folder = path.dirname(manifestFile);
  let rounds = 0;
  let experiment: string | null = null;
  let saved: readonly string[] = [];
  /** How many files the last plan was made of. */
  let files = 0;
  let current: PlannedRound | null = null;
  let consent: Consent = { kind: 'free' };
  /** Of the last experiment without mistakes. */
  let sound: Watched = { files: [], trees: [] };
  let quietMs = 100;

  function end(ended: Pick<RoundEnded, 'outcome'> & { readonly result?: RoundResult }): void {
    const { outcome, result = null } = ended;
    input.onEvent({ kind: 'ended', round: rounds, saved, planned: current, outcome, result });
  }

  async function plan(round: Round): Promise<Planned> {
    rounds++;
    saved = round.files.map((name) => path.relative(world.cwd, name));
    current = null;
    let read: ReadFiles = { files: [manifestFile], patterns: [] };
    const onRead = (now: ReadFiles): void => {
      read = now;
    };
    input.onEvent({ kind: 'begun', round: rounds, experiment, saved, retry: round.retry });
    try {
      current = await planRound(settings, { retry: round.retry, onRead });
      const { manifest } = current.experiment;
      experiment = manifest.name;
      quietMs = manifest.watch.debounceMs;
      files = manifest.sources.length + manifest.inputs.length;
      sound = watchedOf({ folder, ...read });
      return { verdict: await decide(current), watched: sound, quietMs };
    } catch (cause) {
      explain(cause);
      files = read.files.length;
      return { verdict: 'nothing', watched: union(sound, watchedOf({ folder, ...read })), quietMs };
    }
  }

  /** A mistake that a save can mend is waited for; the others end the watch. */
  function explain(cause: unknown): void {
    if (!(cause instanceof CommandError)) throw cause;
    // Left while something was prepared: whoever left knows.
    if (cause.exitCode === EXIT.interrupted) return;
    const isMistake = cause instanceof ManifestError;
    if (rounds === 1 && !(isMistake && existsSync(manifestFile))) throw cause;
    note(world, cause.message);
    const diagnostics = isMistake ? cause.diagnostics : [];
    end({ outcome: { kind: 'mistakes', why: cause.message, diagnostics } });
  }

  async function decide(round: PlannedRound): Promise<Planned['verdict']> {
    input.onEvent({ kind: 'planned', planned: round });
    const isIdle = round.plan.pending.length + (round.scores?.pending ?? 0) === 0;
    if (isIdle || !mayRun) {
      if (mayRun) await refreshView(settings, round);
      end({ outcome: { kind: isIdle ? 'up-to-date' : 'no-run' }, result: await resultOf(round) });
      return 'nothing';
    }
    const { watch } = round.experiment.manifest;
    consent = input.yes ? { kind: 'free' } : consentFor(costsOf(round), watch.confirmUsd);
    if (consent.kind === 'free') return 'run';
    if (input.ask !== null) return 'ask';
    input.onEvent({ kind: 'not-confirmed', consent });
    end({ outcome: { kind: 'not-confirmed' }, result: await resultOf(round) });
    return 'nothing';
  }

  /** Of a round that ran nothing. */
  async function resultOf(round: PlannedRound): Promise<RoundResult> {
    const { summary } = round;
    const isCompared = input.comparesIdle || rounds === 1;
    return { summary, answers: [], comparison: isCompared ? await comparisonOf(round, summary) : null };
  }

  function comparisonOf(
    { experiment: opened }: PlannedRound,
    summary: RoundResult['summary'],
  ): Promise<RoundResult['comparison']> {
    return compareRound({ experiment: opened, filter: settings.filter, summary });
  }

  async function askFirst(withdrawn: AbortSignal): Promise<'yes' | 'no'> {
    const answer = await input.ask!(consent as Asked, withdrawn);
    if (withdrawn.aborted || answer === 'left') return 'no';
    if (answer === 'yes') return 'yes';
    end({ outcome: { kind: 'declined' }, result: await resultOf(current!) });
    return 'no';
  }

  async function run(isWanted: () => boolean): Promise<'ran' | 'not started'> {
    try {
      const ran = await runRound(settings, current!, isWanted);
      if (ran === null) return 'not started';
      const comparison = await comparisonOf(current!, ran.summary);
      end({ outcome: { kind: 'ran', summary: ran.summary }, result: { ...ran, comparison } });
      return 'ran';
    } catch (cause) {
      // Left while waiting for the store: whoever left knows.
      if (!(cause instanceof CommandError) || cause.exitCode !== EXIT.interrupted) throw cause;
      return 'not started';
    }
  }

  return {
    plan,
    ask: askFirst,
    run,
    hold: () => end({ outcome: { kind: 'held' } }),
    rest: () => input.onEvent({ kind: 'resting', files }),
    trouble: (sentence) => note(world, sentence),
  };
}
