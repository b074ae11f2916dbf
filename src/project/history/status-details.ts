// What stands behind the numbers of `status`: what was edited, why tasks failed, how far the judging is.
import type { StoreReader } from '../../cache/store.ts';
import type { Plan, Task } from '../../core/task.ts';
import type { Counted, StatusDetails, StatusPeople, StatusScores } from '../../report/run/status.ts';
import { partName } from '../../report/words/explain.ts';
import type { Experiment } from '../open/experiment.ts';
import { openHumanBook } from '../select/human-scores.ts';
import { isNotPassed, type Outcome, openOutcomes } from '../select/outcomes.ts';

/** Bodies that are read for their errors: of more the reasons are those of the first ones. */
const MAX_READ = 500;

export function statusDetails(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly plan: Plan;
}): StatusDetails {
  const { experiment, store, plan } = input;
  const stale = new Map<string, number>();
  const failed: Task[] = [];
  for (const task of plan.tasks) {
    if (task.state.kind !== 'pending') continue;
    const { reason } = task.state;
    if (reason.kind === 'failed') failed.push(task);
    if (reason.kind !== 'stale') continue;
    count(
      stale,
      staleWords(
        reason.changed.map(({ part }) => part),
        reason.forgot,
      ),
    );
  }
  const scorers = experiment.manifest.scorers.length;
  const outcomeOf = scorers + failed.length === 0 ? null : openOutcomes({ experiment, store });
  return {
    stale: counted(stale),
    failed: outcomeOf === null ? [] : failureReasons(store, failed, outcomeOf),
    scores: outcomeOf === null || scorers === 0 ? null : scoresOf(plan, outcomeOf),
    people: peopleOf(input),
  };
}

/** Nothing is looked up where no review is closed. */
function peopleOf({ experiment, store, plan }: Parameters<typeof statusDetails>[0]): StatusPeople | null {
  const { scorers, reviews, saidOf } = openHumanBook(experiment);
  if (scorers.length === 0) return null;
  let answers = 0;
  let read = 0;
  let passed = 0;
  for (const { key, scenario } of plan.tasks) {
    const head = store.history.byKey(key);
    const outputDigest = head?.status === 'completed' ? (store.row(head.id)?.outputDigest ?? null) : null;
    if (outputDigest === null) continue;
    answers++;
    const said = saidOf({ scenario, outputDigest });
    if (said.length > 0) read++;
    if (said.some((one) => one.dimension === 'pass' && one.passed)) passed++;
  }
  return { answers, read, passed, reviews: reviews.map(({ review }) => review) };
}

type OutcomeOf = (task: Task, key: Task['key']) => Outcome | undefined;

function staleWords(parts: readonly string[], forgot: readonly string[] | undefined): string {
  if (forgot) return 'nothing was edited, keys hold more now';
  const names = [...new Set(parts.map(partName))];
  const named = names.slice(0, 2).join(', ');
  return `${named}${names.length > 2 ? ` and ${names.length - 2} more` : ''} changed`;
}

function failureReasons(
  store: StoreReader,
  tasks: readonly Task[],
  outcomeOf: OutcomeOf,
): readonly Counted[] {
  const reasons = new Map<string, number>();
  for (const task of tasks.slice(0, MAX_READ)) {
    const outcome = outcomeOf(task, task.key);
    const row = outcome && store.row(outcome.record);
    const read = row && store.read(row);
    const error = read?.kind === 'ok' ? read.value.attempts.at(-1)?.error : undefined;
    count(reasons, error ? `${error.kind}${error.status === null ? '' : ` (${error.status})`}` : 'unknown');
  }
  return counted(reasons);
}

function scoresOf(plan: Plan, outcomeOf: OutcomeOf): StatusScores {
  let answers = 0;
  let judged = 0;
  let passed: number | null = null;
  let notPassed = 0;
  for (const task of plan.tasks) {
    const outcome = outcomeOf(task, task.key);
    if (!outcome?.isCurrent || outcome.status === 'failed' || outcome.scores.length === 0) continue;
    answers++;
    if (isNotPassed(outcome)) notPassed++;
    if (outcome.scores.some(({ missing }) => missing !== null)) continue;
    judged++;
    const verdicts = outcome.scores.flatMap((one) => one.passed ?? []);
    if (verdicts.length > 0) passed = (passed ?? 0) + Number(verdicts.every(Boolean));
  }
  return { answers, judged, passed, notPassed };
}

function count(counts: Map<string, number>, words: string): void {
  counts.set(words, (counts.get(words) ?? 0) + 1);
}

function counted(counts: ReadonlyMap<string, number>): readonly Counted[] {
  return [...counts].map(([words, number]) => ({ words, count: number })).sort((a, b) => b.count - a.count);
}
