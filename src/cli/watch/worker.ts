// Who does the work of a watch: plans and shows, asks, runs, and says what became of it.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RunSummary } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import type { ReadFiles } from '../../manifest/documents/patterns.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { ManifestError } from '../../project/open/experiment.ts';
import { placeWords } from '../../project/open/filters.ts';
import { afterRound } from '../../project/watch/after-round.ts';
import { type Outcome, roundLine } from '../../project/watch/round-line.ts';
import {
  type PlannedRound,
  planRound,
  type RoundSettings,
  refreshView,
  runRound,
} from '../../project/watch/rounds.ts';
import {
  consentWords,
  leftOutWords,
  nothingWords,
  restWords,
  roundEndText,
  roundHead,
  roundPlanText,
  savedWords,
} from '../../report/watch/watch.ts';
import {
  type ChangedAnswer,
  type RoundScreen,
  roundScreenText,
  shortReasons,
} from '../../report/watch/watch-screen.ts';
import { typedHere } from '../../text/next.ts';
import {
  type Consent,
  type Cost,
  consentFor,
  type Planned,
  type Round,
  union,
  type Watched,
  type Worker,
  watchedOf,
} from '../../watch/watch.ts';
import type { Io } from '../io.ts';
import { ask, canAsk } from '../terminal/ask.ts';
import type { Keys } from './keys.ts';
import type { Screen } from './screen.ts';

export type WorkerSettings = {
  readonly settings: RoundSettings & { readonly io: Io };
  readonly screen: Screen;
  /** To what costs more than the manifest lets pass: `given` on the command line, `asked` for in a terminal. */
  readonly consent: 'given' | 'asked' | 'nobody';
  readonly keys: () => Keys | null;
};

/** Variants by their estimate, judges by what their judgements took so far. */
function costsOf({ estimate, scores }: PlannedRound): readonly Cost[] {
  const judges = (scores?.scorers ?? []).filter(({ model, calls }) => model !== null && calls > 0);
  return [
    ...estimate.byVariant,
    ...judges.map(({ scorer, costUsd, isSimulated }) => ({
      ...{ variant: scorer, costUsd, costUsdAtMost: costUsd, costUsdAtLeast: 0, isSimulated },
    })),
  ];
}

export function makeWorker(of: WorkerSettings): Worker {
  const { settings, screen, keys } = of;
  const { io, file, mayRun } = settings;
  const manifestFile = path.resolve(io.cwd, file);
  const folder = path.dirname(manifestFile);
  let rounds = 0;
  let experiment = 'expgraph';
  let saved: readonly string[] = [];
  /** How many files the last plan was made of. */
  let files = 0;
  let current: PlannedRound | null = null;
  let consent: Consent = { kind: 'free' };
  /** Of the last experiment without mistakes. */
  let sound: Watched = { files: [], trees: [] };
  let head = { time: '', what: '' };
  let quietMs = 100;
  let isTold = false;
  /** What the screen says of the round that is over; null where there is none, or mistakes are shown. */
  let ended: RoundScreen | null = null;

  async function plan(round: Round): Promise<Planned> {
    rounds++;
    saved = round.files.map((name) => path.relative(io.cwd, name));
    current = null;
    ended = null;
    let read: ReadFiles = { files: [manifestFile], patterns: [] };
    const onRead = (of: ReadFiles): void => {
      read = of;
    };
    screen.clear();
    const what = saved.length > 0 ? savedWords(saved) : round.retry ? 'run again' : 'watch';
    head = { time: clockTime(io.clock.now()), what };
    screen.say(roundHead({ experiment, ...head }, screen.options));
    try {
      current = await planRound(settings, { retry: round.retry, onRead });
      const { manifest } = current.experiment;
      experiment = manifest.name;
      quietMs = manifest.watch.debounceMs;
      files = manifest.sources.length + manifest.inputs.length;
      sound = watchedOf({ folder, ...read });
      return { verdict: await show(current), watched: sound, quietMs };
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
    io.err.write(`expgraph: ${sanitizeLine(cause.message)}\n`);
    over({ kind: 'mistakes', why: cause.message, diagnostics: isMistake ? cause.diagnostics : [] });
  }

  async function show(round: PlannedRound): Promise<Planned['verdict']> {
    screen.say(
      roundPlanText({ ...round, ...(screen.isRedrawn ? { rows: io.out.rows() } : {}) }, screen.options),
    );
    const toJudge = round.scores?.pending ?? 0;
    const isIdle = round.plan.pending.length + toJudge === 0;
    if (isIdle || !mayRun) {
      if (mayRun) await refreshView(settings, round);
      await end({ summary: round.summary, totals: 'left out' });
      over({ kind: isIdle ? 'up-to-date' : 'no-run' });
      return 'nothing';
    }
    const { watch } = round.experiment.manifest;
    consent = of.consent === 'given' ? { kind: 'free' } : consentFor(costsOf(round), watch.confirmUsd);
    if (consent.kind === 'free') return 'run';
    if (of.consent === 'asked' && canAsk()) return 'ask';
    const notRun = `Not run: ${consentWords(consent)}. Start with --yes, raise watch.confirm_usd, or call npx expgraph run${placeWords(io)}.\n`;
    screen.say(notRun);
    await end({ summary: round.summary, totals: 'left out', note: notRun });
    over({ kind: 'not-confirmed' });
    return 'nothing';
  }

  async function end(of: {
    readonly summary: RunSummary;
    readonly totals: 'told' | 'left out';
    readonly answers?: readonly ChangedAnswer[];
    readonly note?: string;
  }): Promise<void> {
    const { summary, totals, answers = [], note = '' } = of;
    // In a log a table that says nothing new is noise.
    if (!screen.isRedrawn && totals === 'left out' && rounds > 1) return;
    const { experiment: opened, plan: planned, leftOut } = current!;
    const { options } = screen;
    const table = await afterRound({ io, experiment: opened, filter: settings.filter, summary, options });
    if (!screen.isRedrawn) {
      screen.say(roundEndText({ summary, table, totals, place: placeWords(io) }, options));
      return;
    }
    const warnings = opened.warnings.map(({ message }) => `warning: ${sanitizeLine(message)}\n`).join('');
    ended = {
      place: placeWords(io),
      head: roundHead({ experiment, ...head }, options),
      why: [
        ...(planned.pending.length === 0 ? [nothingWords(planned, leftOut)] : shortReasons(planned, options)),
        ...(leftOut === 0 ? [] : [typedHere(leftOutWords(leftOut), placeWords(io))]),
      ],
      ...{ answers, table },
      notes: `${roundEndText({ summary, table: '', totals, place: placeWords(io) }, options)}${note}${warnings}`,
      rest: '',
    };
    drawEnd(ended);
  }

  function drawEnd(of: RoundScreen): void {
    screen.show((size) => roundScreenText(of, size));
  }

  function over(outcome: Outcome): void {
    screen.tell(roundLine({ round: rounds, saved, planned: current, outcome, cwd: io.cwd }));
  }

  async function askFirst(withdrawn: AbortSignal): Promise<'yes' | 'no'> {
    keys()?.pause();
    const why = consent.kind === 'free' ? '' : `: ${consentWords(consent)}`;
    const answer = await ask(`Run it${why}? [y/N] `, withdrawn);
    keys()?.resume();
    if (withdrawn.aborted) return 'no';
    if (answer.kind === 'left') {
      // Ctrl-C at a question is Ctrl-C.
      process.emit('SIGINT', 'SIGINT');
      return 'no';
    }
    const isYes = answer.kind === 'answered' && /^\s*y(?:es)?\s*$/i.test(answer.text);
    if (isYes) return 'yes';
    await end({ summary: current!.summary, totals: 'left out' });
    over({ kind: 'declined' });
    return 'no';
  }

  async function run(isWanted: () => boolean): Promise<'ran' | 'not started'> {
    try {
      const ran = await runRound(settings, current!, isWanted);
      if (ran === null) return 'not started';
      const { summary, answers } = ran;
      await end({ summary, totals: 'told', answers });
      over({ kind: 'ran', summary });
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
    hold() {
      ended = null;
      screen.say(HELD);
      over({ kind: 'held' });
    },
    rest() {
      const words = restWords({ files, hasKeys: of.consent !== 'nobody' && canAsk() }, screen.options);
      if (ended === null) screen.say(words);
      else drawEnd({ ...ended, rest: words });
      if (!isTold) screen.tell({ kind: 'watching', files });
      isTold = true;
    },
    trouble: (sentence) => io.err.write(`expgraph: ${sanitizeLine(sentence)}\n`),
  };
}

const HELD = `Not run: the last rounds were each set off by files that were saved while tasks ran. If what runs writes them,
take them out of what counts (inputs, scenarios). Another save, or Enter, runs it.
`;

function clockTime(now: Date): string {
  return now.toTimeString().slice(0, 8);
}
