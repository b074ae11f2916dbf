// `run` and `score` as a program calls them: events to iterate, and a result.
import type { EventLine } from '../../core/event.ts';
import type {
  GateVerdict,
  NotPassed,
  RunSummary,
  ScoresSummary,
  SharedSummary,
  Withheld,
} from '../../core/summary.ts';
import type { GivenLimits } from '../open/limits-given.ts';
import type { World } from '../open/world.ts';
import { type EventStream, makeEventStream } from './event-stream.ts';
import { type Experiment, worldOf } from './experiment.ts';
import type { AbortOptions } from './interrupts.ts';
import { argvOf, filterOptions, type Selection, unblindingOf } from './selection.ts';

/** One invocation under way. It has begun when it is returned, and goes on whether or not anybody iterates. */
export type Invocation<Result> = AsyncIterable<EventLine> & {
  /** Resolves when everything is kept; rejects where nothing could be started, or a bug ended it. */
  readonly result: Promise<Result>;
};

/** What `run` and `score` take alike. */
export type InvocationOptions = Selection &
  AbortOptions & {
    /** Beside the manifest's `execution:`. Keys do not know of it. */
    readonly limits?: GivenLimits;
    /** Wait for whoever has the store, however long that takes; else a store in use is a CommandError with exit code 4. */
    readonly wait?: boolean;
    /** How long a provider that does not answer yet is waited for, ms; left out = half a minute. */
    readonly waitForProviderMs?: number;
    /** Leave the manifest's remote alone. */
    readonly offlineRemote?: boolean;
  };

export type RunOptions = InvocationOptions & {
  /** Draw the cells again; older records stay in the history. */
  readonly force?: boolean;
  /** Call no provider: the result says what is there. */
  readonly offline?: boolean;
  /** false = answers are left unjudged. */
  readonly score?: boolean;
  /** Tasks to begin at most. */
  readonly maxNew?: number;
  /** Begin nothing after so many ms; what is paid for finishes. */
  readonly deadlineMs?: number;
};

export type RunResult = {
  /** As `run --json` prints it (docs/formats.md). */
  readonly summary: RunSummary;
  /** 0 complete, 1 incomplete, 3 a limit was reached, 4 the store refused, 5 a blind review withholds, 6 a gate is broken, 130 aborted. */
  readonly exitCode: number;
};

export type ScoreOptions = InvocationOptions & {
  /** Names; left out = all. */
  readonly scorers?: readonly string[];
  /** An invocation, a date or `now`: what counted then. */
  readonly at?: string;
  /** Judge again what is judged. */
  readonly force?: boolean;
};

export type ScoreResult = {
  /** As `score --json` prints it. */
  readonly summary: ScoresSummary;
  readonly invocation: string;
  readonly gate: readonly GateVerdict[];
  readonly notPassed: NotPassed | null;
  /** Cells in scope that have no answer yet. */
  readonly undrawn: number;
  readonly exitCode: number;
  /** Only where the manifest has a remote, and it was not left alone. */
  readonly remote?: SharedSummary;
  /** Only while a blind review is open: rows are of all arms together, cells and gate are left out. */
  readonly withheld?: Withheld;
};

/**
 * Draws what is missing or stale, judges it and refreshes the view: what the command `run` does, in this process.
 * An answer that an event called finished is durable.
 */
export function run(experiment: Experiment, options: RunOptions = {}): Invocation<RunResult> {
  const { force = false, offline = false, offlineRemote = false, maxNew, deadlineMs } = options;
  const flags = [
    ...(force ? ['--force'] : []),
    ...(offline ? ['--offline'] : []),
    ...(offlineRemote ? ['--offline-remote'] : []),
  ];
  return begin(async (stream) => {
    const [{ runExperiment }, { makeFilter }] = await Promise.all([
      import('../run/run-experiment.ts'),
      import('../open/filters.ts'),
    ]);
    const request = {
      file: experiment.file,
      filter: makeFilter(filterOptions(options)),
      force,
      anew: false,
      offline,
      remote: remoteUse(options),
      scoring: options.score === false ? ('skip' as const) : ('judge' as const),
      given: options.limits ?? {},
      limits: {
        maxNew: maxNew ?? null,
        deadline: deadlineMs === undefined ? null : { ms: deadlineMs, text: `${deadlineMs}ms` },
        patienceMs: options.waitForProviderMs ?? null,
        flushMs: null,
      },
      wait: options.wait ?? false,
      langsmithRequired: false,
      moreGate: [],
      events: () => stream.reporter,
      queue: null,
      argv: argvOf('run', options, flags),
    };
    return await runExperiment(
      worldFor(experiment, options, 'run'),
      request,
      async ({ summary, exitCode }) => ({
        summary,
        exitCode,
      }),
    );
  });
}

/** Judges what is drawn and not judged yet: what the command `score` does, in this process. Asks no variant. */
export function score(experiment: Experiment, options: ScoreOptions = {}): Invocation<ScoreResult> {
  const { scorers: only = [], force = false, offlineRemote = false, at } = options;
  const flags = [
    ...only.flatMap((name) => ['--scorer', name]),
    ...(force ? ['--force'] : []),
    ...(offlineRemote ? ['--offline-remote'] : []),
  ];
  return begin(async (stream) => {
    const [{ openForScoring, scoreExperiment }, { makeFilter }] = await Promise.all([
      import('../run/score-experiment.ts'),
      import('../open/filters.ts'),
    ]);
    const world = worldFor(experiment, options, 'score');
    const opened = await openForScoring(world, {
      file: experiment.file,
      given: options.limits ?? {},
      only,
    });
    const request = {
      filter: makeFilter(filterOptions(options)),
      only,
      at,
      force,
      remote: remoteUse(options),
      wait: options.wait ?? false,
      patienceMs: options.waitForProviderMs ?? null,
      moreGate: [],
      events: () => stream.reporter,
      argv: argvOf('score', options, flags),
    };
    return await scoreExperiment(world, { experiment: opened, request }, async (done) => ({
      summary: done.summary,
      invocation: done.invocation,
      gate: done.gate ?? [],
      notPassed: done.notPassed ?? null,
      undrawn: done.undrawn,
      exitCode: done.exitCode,
      ...(done.remote ? { remote: done.remote } : {}),
      ...(done.withheld ? { withheld: done.withheld } : {}),
    }));
  });
}

function remoteUse({ offlineRemote = false }: InvocationOptions): 'no' | 'both' {
  return offlineRemote ? 'no' : 'both';
}

function worldFor(experiment: Experiment, options: InvocationOptions, called: string): World {
  const { signal, leave } = options;
  const unblinding = unblindingOf(options, called);
  return worldOf(experiment, { ...(signal ? { signal } : {}), ...(leave ? { leave } : {}), unblinding });
}

function begin<Result>(work: (stream: EventStream) => Promise<Result>): Invocation<Result> {
  const stream = makeEventStream();
  const result = work(stream);
  // Who only iterates hears of it there.
  result.then(
    () => stream.end(),
    (cause: unknown) => stream.end(cause),
  );
  return { result, [Symbol.asyncIterator]: () => stream };
}
