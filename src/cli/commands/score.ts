// expgraph score: judges what is drawn and not judged yet, or judged by a scorer that has changed.
import { jsonLine } from '../../core/text.ts';
import { readFailUnder } from '../../project/compare/fail-under.ts';
import { type FilterOptions, makeFilter, scopeWords } from '../../project/open/filters.ts';
import { type LimitOptions, readGivenLimits } from '../../project/open/limits-given.ts';
import { queueUrl, withoutPassword } from '../../project/queue/redis-address.ts';
import { type PatienceOptions, readPatience } from '../../project/run/patience.ts';
import {
  openForScoring,
  refuseBeside,
  type ScoreDone,
  scoreExperiment,
} from '../../project/run/score-experiment.ts';
import { scoreJson, scoreText } from '../../report/run/score-text.ts';
import { scoresSentence } from '../../report/run/scores.ts';
import { withheldText } from '../../report/run/withheld.ts';
import type { TextOptions } from '../../text/table.ts';
import { type Io, layoutOf } from '../io.ts';
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
    readonly offlineRemote?: boolean;
    readonly failUnder?: string;
    readonly executor?: 'local' | 'queue';
    readonly redis?: string;
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
  const remote = options.offlineRemote ? ('no' as const) : ('both' as const);
  const queue = queueUrl(io, options);
  const request = {
    ...{ filter, only, at, force, remote, wait, patienceMs, moreGate, events, argv: withoutPassword(argv) },
    ...(queue === null ? {} : { queue }),
  };
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

function quietText({ summary, withheld }: ScoreDone, as: TextOptions): string {
  return `${scoresSentence(summary)}\n${withheld ? withheldText(withheld, as) : ''}`;
}

async function print(io: Io, options: ScoreOptions, done: ScoreDone): Promise<void> {
  const { experiment, gate = [] } = done;
  const isQuiet = io.detail === 'quiet';
  if (options.json) io.out.write(jsonLine(scoreJson(done, experiment.manifest.name)));
  else {
    const out = resultsOut(io, options);
    const as = { ...layoutOf(out), scope: scopeWords(done.filter, io) };
    out.write(isQuiet ? quietText(done, as) : await scoreText(done, as));
  }
  if (options.json || isQuiet) await tellGate(io, gate);
}
