// expgraph run: plan, execute what is pending, refresh the view, print the summary.

import { parseDuration } from '../../core/duration.ts';
import type { RunSummary } from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import { readFailUnder } from '../../project/compare/fail-under.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { type FilterOptions, makeFilter, scopeWords } from '../../project/open/filters.ts';
import { type LimitOptions, readGivenLimits } from '../../project/open/limits-given.ts';
import type { Limits } from '../../project/run/invocation.ts';
import { type PatienceOptions, readPatience } from '../../project/run/patience.ts';
import { type RunRequest, runExperiment } from '../../project/run/run-experiment.ts';
import { runSentences } from '../../report/run/job-summary.ts';
import { runSummaryEnd, runSummaryText } from '../../report/run/summary.ts';
import type { Io } from '../io.ts';
import { tellGate } from '../terminal/gate-lines.ts';
import { writeReports } from '../terminal/reports.ts';
import { eventsOf, resultsOut } from '../terminal/results.ts';

export type RunOptions = FilterOptions &
  LimitOptions &
  PatienceOptions & {
    readonly file: string;
    readonly force?: boolean;
    /** With `force`: what a broken-off one has drawn is drawn again as well. */
    readonly anew?: boolean;
    readonly offline?: boolean;
    readonly json?: boolean;
    readonly events?: string;
    readonly junit?: string;
    readonly maxNew?: string;
    readonly deadline?: string;
    readonly wait?: boolean;
    readonly dryRun?: boolean;
    /** false = answers are not judged. */
    readonly score?: boolean;
    readonly langsmithFlush?: string;
    readonly langsmithRequired?: boolean;
    readonly failUnder?: string;
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
    scoring: options.score === false ? 'skip' : 'judge',
    given: readGivenLimits(options),
    limits: readLimits(options),
    wait: options.wait ?? false,
    langsmithRequired: options.langsmithRequired ?? false,
    moreGate: readFailUnder(options.failUnder),
    events: eventsOf(io, options.events),
    argv: options.argv,
  };
  return await runExperiment(io, request, async (done) => {
    const { summary, experiment, store, filter } = done;
    await print({ io, options, filter, summary });
    await writeReports(io, options.junit, {
      experiment,
      store,
      filter,
      gate: summary.gate ?? [],
      title: `run ${summary.invocation}`,
      scores: summary.scores,
      notPassed: summary.not_passed,
      sentences: () => runSentences(summary),
    });
    return done.exitCode;
  });
}

function readLimits(options: RunOptions): Limits {
  const { maxNew, deadline, langsmithFlush, langsmithRequired } = options;
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
    patienceMs: readPatience(options),
    maxNew: maxNew === undefined ? null : Number(maxNew),
    deadline: ms && deadline ? { ms, text: deadline } : null,
  };
}

async function print(at: {
  readonly io: Io;
  readonly options: RunOptions;
  readonly filter: Filter;
  readonly summary: RunSummary;
}): Promise<void> {
  const { io, options, summary } = at;
  const { gate = [] } = summary;
  if (options.json) {
    io.out.write(jsonLine(summary));
    await tellGate(io, gate);
    return;
  }
  const out = resultsOut(io, options);
  const as = { columns: out.columns(), colors: out.colors, scope: scopeWords(at.filter, io) };
  if (io.detail === 'quiet') {
    out.write(runSummaryEnd(summary, as));
    await tellGate(io, gate);
    return;
  }
  const said =
    gate.length === 0 ? '' : (await import('../../report/compare/gate-sheet.ts')).gateText(gate, as);
  const until = summary.until
    ? (await import('../../report/words/until-words.ts')).untilText(summary.until, as)
    : '';
  const both = [until, said].filter((text) => text !== '').join('\n');
  out.write(runSummaryText(summary, { ...as, gate: both }));
}
