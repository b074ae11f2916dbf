// `run` with `until:`: one invocation after the other, each with one run more of every scenario, until a look says that it is
// enough. What decides is in the history when the next one begins: whoever is stopped in between goes on from there.

import type { Diagnostic } from '../../core/diagnostic.ts';
import type { RunSummary, SummaryRow, UsageTotals } from '../../core/summary.ts';
import { rowId } from '../../core/task.ts';
import type { UntilSummary } from '../../core/until.ts';
import { drawsNext } from '../../report/words/until-words.ts';
import { exitCodeOf } from '../../run/summary.ts';
import { exitWithGate } from '../compare/invocation-gate.ts';
import { checkKeys } from '../draw/key-check.ts';
import type { Experiment } from '../open/experiment.ts';
import { isOfEverything } from '../open/filters.ts';
import { planExperiment } from '../select/plan-experiment.ts';
import { type Ran, runInvocation } from './invocation.ts';
import type { Session } from './session.ts';
import { lookUntil, planOf, type UntilAt, withNextRun } from './until-look.ts';

/** Before anything is planned: where all that was begun is there and judged, the run that comes next. */
export function stageDue(input: UntilAt & Pick<Session, 'filter'>): StageDue {
  // Filters mean cells that are there; a look at some of them would be one at what was chosen. A shard looks at all of it, and
  // draws its part of what follows.
  const look = isOfEverything(input.filter) ? lookUntil(input) : null;
  return { look, experiment: look === null ? input.experiment : withNextRun(input.experiment, look) };
}

export type StageDue = {
  readonly experiment: Experiment;
  /** At what was there before; null = none was taken. */
  readonly look: UntilSummary | null;
};

/** Whoever changes the plan after a look has looked under two of them, and the promise is about one. */
export function planMoved({
  experiment,
  store,
}: Pick<UntilAt, 'experiment' | 'store'>): readonly Diagnostic[] {
  const { until } = experiment.manifest;
  const before = store.newestInvocation()?.until;
  if (until === undefined || before === undefined || before.questions.length === 0) return [];
  const { goal, looks } = planOf(until);
  const isSame =
    JSON.stringify(goal) === JSON.stringify(before.goal) &&
    looks.first === before.looks.first &&
    looks.last === before.looks.last;
  if (isSame) return [];
  const runs = Math.max(...before.questions.map((question) => question.runs));
  const message = `"until" was changed after a look at ${runs} runs: what it promises holds for a plan that was written before the first look`;
  const hint = 'what is found now was looked for under two plans; new scenarios, or another salt, begin anew';
  return [{ severity: 'warning', code: 'until-changed', message, hint, location: null, related: [] }];
}

/** Goes on after a first invocation as long as a look asks for it. @returns all of them in one */
export async function drawFurther(
  first: Session,
  ran: Ran,
): Promise<Ran & { readonly experiment: Experiment }> {
  // Between two invocations nobody else listens: the next one takes a signal that comes then, and ends in order.
  using _held = first.io.interrupts.hold((text) => first.io.notify({ kind: 'lines', text }));
  let session = first;
  let all: Ran = ran;
  for (let last = ran; mayGoOn(session, last); ) {
    const { until } = last.summary;
    const left = lessOf(first, all.summary);
    if (left === 0) return { ...stoppedAt(all, first), experiment: session.experiment };
    const { io, store } = session;
    io.notify({ kind: 'progress', text: drawsNext(until!) });
    const experiment = withNextRun(session.experiment, until!);
    const plan = await planExperiment({ experiment, store, filter: session.filter, force: false });
    await checkKeys(io, { experiment, store, plan, failed: 'again' });
    session = {
      ...first,
      experiment,
      plan,
      force: false,
      goesOn: false,
      spentUsd: last.spentUsd,
      startedMs: io.clock.monotonicMs(),
      limits: { ...first.limits, maxNew: left, deadline: restOf(first) },
    };
    last = await runInvocation(session);
    all = inWordsOf(first, joined(all, last));
  }
  return { ...all, experiment: session.experiment };
}

function mayGoOn({ filter, mayExecute, scoring }: Session, { summary, isStopped }: Ran): boolean {
  const isWhole = isOfEverything(filter) && scoring !== 'skip';
  const hasNext = summary.until !== undefined && summary.until.next !== null;
  return mayExecute && isWhole && hasNext && summary.how === 'complete' && !isStopped;
}

/** What is left of --max-new; null = no limit. */
function lessOf({ limits }: Session, { executed }: RunSummary): number | null {
  return limits.maxNew === null ? null : Math.max(0, limits.maxNew - executed);
}

/** What is left of --deadline; null = there is none. */
function restOf({ io, limits, startedMs }: Session): Session['limits']['deadline'] {
  const { deadline } = limits;
  const spentMs = io.clock.monotonicMs() - startedMs;
  return deadline && { ...deadline, ms: Math.max(0, deadline.ms - spentMs) };
}

/** The last one had what the others left of --max-new; the command line says the whole. */
function inWordsOf({ limits }: Session, ran: Ran): Ran {
  const { how, why } = ran.summary;
  if (how !== 'max-new-reached' || why === null) return ran;
  const told = why.replace(/--max-new \d+/, `--max-new ${limits.maxNew}`);
  return { ...ran, summary: { ...ran.summary, why: told } };
}

/** All that may be drawn was, and the goal is not reached. */
function stoppedAt(all: Ran, { limits, argv }: Session): Ran {
  const why = `--max-new ${limits.maxNew} reached`;
  const { tasks } = all.summary.until!.next!;
  const go_on = { command: `expgraph ${argv.join(' ')}`, tasks };
  const summary: RunSummary = { ...all.summary, how: 'max-new-reached', why, go_on };
  return { ...all, summary, exitCode: exitWithGate(exitCodeOf(summary.how), summary) };
}

/** Scope and standing are those of the last one; what was done and what it cost are those of all. */
function joined(before: Ran, last: Ran): Ran {
  const [a, b] = [before.summary, last.summary];
  const executed = a.executed + b.executed;
  const rows = new Map(a.variants.map((row) => [rowId(row), row]));
  const untold = (a.usage_unknown ?? 0) + (b.usage_unknown ?? 0);
  const summary: RunSummary = {
    ...b,
    executed,
    cached: Math.max(0, b.cached - a.executed + a.failed),
    attempts: a.attempts + b.attempts,
    retries: a.retries + b.retries,
    usage: sumOf(a.usage, b.usage),
    ...(untold > 0 ? { usage_unknown: untold } : {}),
    cost_usd: a.cost_usd === null || b.cost_usd === null ? null : a.cost_usd + b.cost_usd,
    cost_usd_at_least: a.cost_usd_at_least + b.cost_usd_at_least,
    duration_ms: a.duration_ms + b.duration_ms,
    variants: b.variants.map((row) => joinedRow(rows.get(rowId(row)), row)),
    files: [...new Set([...a.files, ...b.files])].sort(),
    ...endingsOf(a, b),
    ...scoresOf(a, b),
    ...(b.langsmith && a.langsmith
      ? {
          langsmith: {
            ...b.langsmith,
            traces: a.langsmith.traces + b.langsmith.traces,
            sent: a.langsmith.sent + b.langsmith.sent,
            rejected: a.langsmith.rejected + b.langsmith.rejected,
          },
        }
      : {}),
  };
  return { ...last, summary };
}

function joinedRow(before: SummaryRow | undefined, row: SummaryRow): SummaryRow {
  if (before === undefined || before.executed === 0) return row;
  const executed = row.executed + before.executed;
  return {
    ...row,
    executed,
    cached: row.completed - Math.min(row.completed, executed),
    retries: row.retries + before.retries,
  };
}

function sumOf(a: UsageTotals | null, b: UsageTotals | null): UsageTotals | null {
  if (a === null || b === null) return a ?? b;
  return {
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    total_tokens: a.total_tokens + b.total_tokens,
  };
}

function endingsOf({ endings: a }: RunSummary, { endings: b }: RunSummary): Pick<RunSummary, 'endings'> {
  if (!a || !b) return a || b ? { endings: (a ?? b)! } : {};
  return {
    endings: {
      cut: a.cut + b.cut,
      filtered: a.filtered + b.filtered,
      thought_only: a.thought_only + b.thought_only,
    },
  };
}

function scoresOf({ scores: a }: RunSummary, { scores: b }: RunSummary): Pick<RunSummary, 'scores'> {
  if (!a || !b) return a || b ? { scores: (b ?? a)! } : {};
  const executed = a.executed + b.executed;
  return {
    scores: {
      ...b,
      executed,
      cached: Math.max(0, b.tasks - executed - b.failed - b.missing),
      attempts: a.attempts + b.attempts,
      retries: a.retries + b.retries,
      usage: sumOf(a.usage, b.usage)!,
      cost_usd: a.cost_usd === null || b.cost_usd === null ? null : a.cost_usd + b.cost_usd,
      files: [...new Set([...a.files, ...b.files])].sort(),
    },
  };
}
