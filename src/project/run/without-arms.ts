// What a run and a judging are told as while a blind review is open: rows of arms put together, cells left out.
import type {
  RunSummary,
  ScoreRow,
  ScoresSummary,
  SummaryRow,
  UsageTotals,
  Withheld,
} from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
import { EXIT } from '../open/command-error.ts';
import { ALL_ARMS } from '../open/without-arms.ts';

/** What a run did, as it is told while a review is open. */
export function withoutArms<
  Done extends { readonly summary: RunSummary; readonly exitCode: number; readonly filter: Filter },
>(done: Done, withheld: Withheld): Done {
  const summary = { ...pooledRun(done.summary, done.filter), withheld };
  const isFine = done.exitCode === EXIT.complete || done.exitCode === EXIT.gate;
  return { ...done, summary, exitCode: isFine ? EXIT.withheld : done.exitCode };
}

/** Of some arms alone nothing is told but what was done: a total of one arm is a number by arm. */
export function pooledRun(summary: RunSummary, filter: Pick<Filter, 'variant'>): RunSummary {
  const { not_passed: _, gate: __, until: ___, twins: ____, limits_found: _____, endings, ...told } = summary;
  const isOfAll = filter.variant.length === 0;
  const scores = summary.scores && { scores: pooledScores(summary.scores, filter) };
  if (isOfAll)
    return {
      ...told,
      ...(endings ? { endings } : {}),
      ...scores,
      variants: pooledRows(summary.variants),
      files: [],
    };
  const { usage_unknown: ______, ...counts } = told;
  return {
    ...counts,
    ...scores,
    ...{ retries: 0, attempts: 0, usage: null, cost_usd: null, cost_usd_at_least: 0 },
    ...{ variants: [], files: [] },
  };
}

export function pooledScores(scores: ScoresSummary, filter: Pick<Filter, 'variant'>): ScoresSummary {
  const { agreement: _, unread: __, votes: ___, not_judged: ____, limits_found: _____, ...told } = scores;
  return { ...told, rows: filter.variant.length === 0 ? pooledScoreRows(scores.rows) : [], files: [] };
}

/** One row a run. Latencies of several arms have no common median here. */
function pooledRows(rows: readonly SummaryRow[]): readonly SummaryRow[] {
  const byRun = Map.groupBy(rows, ({ run }) => run);
  return [...byRun].map(([run, own]): SummaryRow => {
    const sum = (pick: (row: SummaryRow) => number): number =>
      own.reduce((total, row) => total + pick(row), 0);
    const unknown = sum(({ usage_unknown = 0 }) => usage_unknown);
    const isPriced = own.every(({ cost_usd, completed }) => cost_usd !== null || completed === 0);
    return {
      variant: ALL_ARMS,
      run,
      scenarios: sum((row) => row.scenarios),
      completed: sum((row) => row.completed),
      executed: sum((row) => row.executed),
      cached: sum((row) => row.cached),
      failed: sum((row) => row.failed),
      retries: sum((row) => row.retries),
      usage: usageOf(own),
      ...(unknown > 0 ? { usage_unknown: unknown } : {}),
      cost_usd: isPriced ? sum(({ cost_usd }) => cost_usd ?? 0) : null,
      latency_ms: { p50: null, p95: null },
    };
  });
}

function usageOf(rows: readonly SummaryRow[]): UsageTotals | null {
  const told = rows.flatMap(({ usage }) => usage ?? []);
  if (told.length === 0) return null;
  const sum = (pick: (usage: UsageTotals) => number): number =>
    told.reduce((total, one) => total + pick(one), 0);
  return {
    input_tokens: sum((usage) => usage.input_tokens),
    output_tokens: sum((usage) => usage.output_tokens),
    total_tokens: sum((usage) => usage.total_tokens),
  };
}

/** One row a scorer. Of judges of pairs none: what they say of all arms but the first is said of the first as well. */
function pooledScoreRows(rows: readonly ScoreRow[]): readonly ScoreRow[] {
  const byScorer = Map.groupBy(rows, ({ scorer }) => scorer);
  const ofOne = [...byScorer].filter(([, own]) =>
    own.every(({ followed_order }) => followed_order === undefined),
  );
  return ofOne.map(([scorer, own]): ScoreRow => {
    const sum = (pick: (row: ScoreRow) => number): number => own.reduce((total, row) => total + pick(row), 0);
    const scored = sum((row) => row.scored);
    const isDecided = own.some(({ passed }) => passed !== null);
    return {
      scorer,
      variant: ALL_ARMS,
      cells: sum((row) => row.cells),
      missing: sum((row) => row.missing),
      passed: isDecided ? sum(({ passed }) => passed ?? 0) : null,
      mean: scored === 0 ? null : sum(({ mean, scored: count }) => (mean ?? 0) * count) / scored,
      decided: sum((row) => row.decided),
      scored,
      ...(own.some(({ precomputed }) => precomputed) ? { precomputed: true as const } : {}),
    };
  });
}
