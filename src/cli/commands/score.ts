// expgraph score: judges what is drawn and not judged yet, or judged by a scorer that has changed.
import { jsonLine } from '../../core/text.ts';
import { readFailUnder } from '../../project/compare/fail-under.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { type FilterOptions, makeFilter, scopeWords } from '../../project/open/filters.ts';
import { type LimitOptions, readGivenLimits } from '../../project/open/limits-given.ts';
import { type PatienceOptions, readPatience } from '../../project/run/patience.ts';
import { openForScoring, type ScoreDone, scoreExperiment } from '../../project/run/score-experiment.ts';
import { scoresSentence, scoresText, undrawnSentence } from '../../report/run/scores.ts';
import { troubleBlocks } from '../../report/run/summary.ts';
import type { Io } from '../io.ts';
import { tellGate } from '../terminal/gate-lines.ts';
import { writeReports } from '../terminal/reports.ts';
import { eventsOf, resultsOut } from '../terminal/results.ts';

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
  const { scorer: only = [], argv, wait = false, force = false, at } = options;
  const experiment = await openForScoring(io, { file: options.file, given, only });
  if (options.calibrate) {
    const { refuseBesideLabels } = await import('../../project/judge/calibrate.ts');
    refuseBesideLabels(options, filter);
    const { calibrateCommand } = await import('./calibrate.ts');
    return await calibrateCommand(io, { experiment, only, options, patienceMs });
  }
  if (at !== undefined) refuseBeside(options, moreGate.length > 0);
  if (options.dryRun) {
    const { tellScoring } = await import('./score-dry-run.ts');
    return await tellScoring(io, { experiment, filter, only, ...options });
  }
  const events = eventsOf(io, options.events);
  const request = { filter, only, at, force, wait, patienceMs, moreGate, events, argv };
  return await scoreExperiment(io, { experiment, request }, async (done) => {
    await print(io, options, done);
    await writeReports(io, options.junit, {
      ...done,
      gate: done.gate ?? [],
      title: `score ${done.invocation}`,
      scores: done.summary,
      sentences: () => [],
    });
    return done.exitCode;
  });
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

async function print(io: Io, options: ScoreOptions, done: ScoreDone): Promise<void> {
  const { experiment, invocation, summary, undrawn, notPassed, gate = [] } = done;
  const troubles = notPassed ? { not_passed: notPassed } : {};
  if (options.json) {
    const gated = done.gate ? { gate: done.gate } : {};
    const { name } = experiment.manifest;
    io.out.write(jsonLine({ experiment: name, invocation, undrawn, ...summary, ...troubles, ...gated }));
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
  const scope = scopeWords(done.filter, io);
  for (const block of troubleBlocks({ ...troubles, scores: summary }, { ...as, scope, of: done.inScope }))
    out.write(`\n${block}`);
  if (gate.length > 0) {
    const { gateText } = await import('../../report/compare/gate-sheet.ts');
    out.write(`\n${gateText(gate, as)}`);
  }
  out.write(undrawnSentence(undrawn, scope.named));
}
