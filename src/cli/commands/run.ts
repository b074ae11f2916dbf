// expgraph run: plan, execute what is pending, refresh the view, print the summary.

import { parseDuration } from '../../core/duration.ts';
import type { RunSummary } from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import { readFailUnder, tellGate } from '../../project/compare/fail-under.ts';
import { checkKeys } from '../../project/draw/key-check.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { resultsOut } from '../../project/open/emit.ts';
import { makeExperimentReady, openExperiment, printDiagnostics } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter, placeWords, scopeWords } from '../../project/open/filters.ts';
import { type LimitOptions, readGivenLimits, withLimits } from '../../project/open/limits-given.ts';
import { lockedStore } from '../../project/open/lock.ts';
import { hasTests, surveyNotes } from '../../project/open/survey-scope.ts';
import { type Io, isGithub } from '../../project/open/world.ts';
import { type Limits, runInvocation, type Session } from '../../project/run/invocation.ts';
import { type PatienceOptions, readPatience } from '../../project/run/patience.ts';
import { forcedLeft, withoutDrawn } from '../../project/select/forced.ts';
import { unendedNote } from '../../project/select/paid.ts';
import { againNote, planExperiment } from '../../project/select/plan-experiment.ts';
import { runSummaryEnd, runSummaryText } from '../../report/run/summary.ts';
import { twinNotes } from '../../text/twins.ts';

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
  const startedMs = io.clock.monotonicMs();
  if (options.dryRun) return (await import('../../project/plan/run-dry-run.ts')).planInstead(io, options);
  const filter = makeFilter(options);
  const limits = readLimits(options);
  if (options.anew && !options.force) throw new CommandError('--anew goes with --force');
  const moreGate = readFailUnder(options.failUnder);
  if (moreGate.length > 0 && options.score === false)
    throw new CommandError('--fail-under counts what passed, and --no-score leaves the answers unjudged');
  const given = readGivenLimits(options);
  resultsOut(io, options);
  const opened = await openExperiment(io, options.file, { as: options.offline ? 'look' : 'run' });
  withLimits(opened, given);
  const { argv, wait = false } = options;
  const runsOwnCode = !options.offline;
  using store = await lockedStore({ io, experiment: opened, argv, wait, runsOwnCode, index: 'keep' });
  const ready = options.offline ? opened : await makeExperimentReady(io, options.file, opened);
  let experiment = withLimits(ready, given);
  printDiagnostics(io, [...store.diagnostics, ...unendedNote(store, 'held')]);
  printDiagnostics(io, surveyNotes(experiment.manifest));
  const force = options.force ?? false;
  if (experiment.manifest.until !== undefined && !options.offline && options.score !== false && !force) {
    const { planMoved, stageDue } = await import('../../project/run/until-stages.ts');
    printDiagnostics(io, planMoved({ experiment, store }));
    ({ experiment } = stageDue({ experiment, store, filter }));
  }
  let plan = await planExperiment({ experiment, store, filter, force });
  const mayWrite = !options.offline;
  if (!force && hasTests(experiment.manifest)) {
    const { readLinesAgain } = await import('../../project/run/reread.ts');
    if (await readLinesAgain({ io, experiment, store, argv, plan, mayWrite }))
      plan = await planExperiment({ experiment, store, filter, force });
  }
  const forced = force && !options.anew ? withoutDrawn(plan, { store, filter }) : null;
  plan = forced?.plan ?? plan;
  printDiagnostics(io, forced?.notes ?? (force ? [] : await forcedLeft('held', { experiment, store })));
  const judged = options.score === false ? null : 'again';
  if (!options.offline) await checkKeys(io, { experiment, store, plan, failed: judged });
  printDiagnostics(io, [...twinNotes(plan), ...againNote(plan)]);
  const session: Session = {
    ...{ io, experiment, store, plan, filter, force, limits, startedMs, argv, moreGate },
    place: placeWords(io),
    goesOn: forced?.goesOn ?? false,
    events: options.events ?? null,
    mayExecute: !options.offline,
    scoring: options.score === false ? 'skip' : 'judge',
    onEdits: 'warn',
    langsmithRequired: options.langsmithRequired ?? false,
  };
  let ran = await runInvocation(session);
  if (ran.summary.until) {
    const { drawFurther } = await import('../../project/run/until-stages.ts');
    ({ experiment, ...ran } = await drawFurther(session, ran));
  }
  const { summary, exitCode } = ran;
  await print({ io, options, filter, summary });
  const { gate = [] } = summary;
  if (options.junit !== undefined) {
    const { writeJunit } = await import('../../project/exchange/junit-file.ts');
    writeJunit({ io, experiment, store, filter, file: options.junit, gate });
  }
  if (isGithub(io)) {
    const { jobSummary, runSentences } = await import('../../report/run/job-summary.ts');
    const { tellGithub } = await import('../terminal/github.ts');
    const { scores, not_passed: notPassed, invocation } = summary;
    const facts = {
      experiment: experiment.manifest.name,
      title: `run ${invocation}`,
      scores,
      notPassed,
      gate,
    };
    tellGithub(io, {
      ...{ experiment, notPassed, gate },
      summary: jobSummary({ ...facts, sentences: runSentences(summary) }),
    });
  }
  return exitCode;
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
