// expgraph run: plan, execute what is pending, refresh the view, print the summary.

import type { RunSummary } from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import { readFailUnder } from '../../project/compare/fail-under.ts';
import { type FilterOptions, makeFilter, scopeWords } from '../../project/open/filters.ts';
import { type LimitOptions, readGivenLimits } from '../../project/open/limits-given.ts';
import { queueUrl, withoutPassword } from '../../project/queue/redis-address.ts';
import { type RunLimitOptions, readLimits } from '../../project/run/read-limits.ts';
import { runExperiment } from '../../project/run/run-experiment.ts';
import type { RunRequest } from '../../project/run/run-request.ts';
import { runSentences } from '../../report/run/job-summary.ts';
import { runText } from '../../report/run/run-text.ts';
import { runSummaryEnd } from '../../report/run/summary.ts';
import { type Io, layoutOf } from '../io.ts';
import { tellGate } from '../terminal/gate-lines.ts';
import { writeReports } from '../terminal/reports.ts';
import { eventsOf, resultsOut } from '../terminal/results.ts';

export type RunOptions = FilterOptions &
  LimitOptions &
  RunLimitOptions & {
    readonly file: string;
    readonly force?: boolean;
    /** With `force`: what a broken-off one has drawn is drawn again as well. */
    readonly anew?: boolean;
    readonly offline?: boolean;
    readonly offlineRemote?: boolean;
    readonly json?: boolean;
    readonly events?: string;
    readonly junit?: string;
    readonly wait?: boolean;
    readonly dryRun?: boolean;
    /** false = answers are not judged. */
    readonly score?: boolean;
    readonly failUnder?: string;
    readonly executor?: 'local' | 'queue';
    readonly redis?: string;
    readonly argv: readonly string[];
  };

export async function runCommand(io: Io, options: RunOptions): Promise<number> {
  if (options.dryRun) return (await import('./run-dry-run.ts')).planInstead(io, options);
  resultsOut(io, options);
  const request: RunRequest = {
    file: options.file,
    filter: makeFilter(options),
    force: options.force ?? false,
    anew: options.anew ?? false,
    offline: options.offline ?? false,
    remote: options.offlineRemote ? 'no' : 'both',
    scoring: options.score === false ? 'skip' : 'judge',
    given: readGivenLimits(options),
    limits: readLimits(options),
    wait: options.wait ?? false,
    langsmithRequired: options.langsmithRequired ?? false,
    moreGate: readFailUnder(options.failUnder),
    events: eventsOf(io, options.events),
    queue: queueUrl(io, options),
    argv: withoutPassword(options.argv),
  };
  return await runExperiment(io, request, async (done) => {
    const { summary, experiment, store, filter } = done;
    await print(io, options, summary, filter);
    await writeReports(io, options.junit, {
      experiment,
      store,
      filter,
      gate: summary.gate ?? [],
      title: `run ${summary.invocation}`,
      scores: summary.scores,
      notPassed: summary.not_passed,
      withheld: summary.withheld,
      sentences: () => runSentences(summary),
    });
    return done.exitCode;
  });
}

async function print(io: Io, options: RunOptions, summary: RunSummary, filter: Filter): Promise<void> {
  const isQuiet = io.detail === 'quiet';
  if (options.json) io.out.write(jsonLine(summary));
  else {
    const out = resultsOut(io, options);
    const as = { ...layoutOf(out), scope: scopeWords(filter, io) };
    out.write(await (isQuiet ? runSummaryEnd(summary, as) : runText(summary, as)));
  }
  if (options.json || isQuiet) await tellGate(io, summary.gate ?? []);
}
