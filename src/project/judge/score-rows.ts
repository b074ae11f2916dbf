// What scorers say of a variant's answers, summed up: one row a scorer and variant.
import type { ScoreStore } from '../../cache/store.ts';
import type { ScoreRow } from '../../core/summary.ts';
import type { ScoredCell } from '../../planner/scores.ts';
import { scoreBookOf } from '../select/score-book.ts';
import type { ReadyScorer } from '../select/scorers.ts';

type Sums = {
  readonly scorer: string;
  readonly variant: string;
  cells: number;
  missing: number;
  passed: number;
  decided: number;
  sum: number;
  scored: number;
  order?: number;
};

export function scoreRows(input: {
  readonly scorers: readonly ReadyScorer[];
  readonly cells: readonly ScoredCell[];
  readonly scores: ScoreStore;
}): readonly ScoreRow[] {
  const book = scoreBookOf(input.scorers, input.scores);
  const sums = new Map<string, Sums>();
  for (const { variant, scenario, run, output, tested, ending } of input.cells) {
    for (const said of book.of({ variant, scenario, run, outputDigest: output, tested, ending })) {
      const { scorer, score, passed, missing, label, isPair } = said;
      const id = JSON.stringify([scorer, variant]);
      const row = sums.get(id) ?? {
        scorer,
        variant,
        cells: 0,
        missing: 0,
        passed: 0,
        decided: 0,
        sum: 0,
        scored: 0,
      };
      sums.set(id, row);
      row.cells++;
      if (missing !== null) row.missing++;
      if (passed !== null) {
        row.decided++;
        row.passed += Number(passed);
      }
      if (isPair) row.order = (row.order ?? 0) + Number(label === 'order');
      if (score === null) continue;
      row.sum += score;
      row.scored++;
    }
  }
  const position = new Map(book.scorers.map((name, i) => [name, i]));
  const taken = new Set(
    input.scorers.flatMap(({ scorer }) => (scorer.kind === 'precomputed' ? scorer.name : [])),
  );
  return [...sums.values()]
    .sort((a, b) => position.get(a.scorer)! - position.get(b.scorer)!)
    .map(({ sum, passed, ...row }) => ({
      scorer: row.scorer,
      variant: row.variant,
      cells: row.cells,
      missing: row.missing,
      passed: row.decided === 0 ? null : passed,
      mean: row.scored === 0 ? null : sum / row.scored,
      decided: row.decided,
      scored: row.scored,
      ...(taken.has(row.scorer) ? { precomputed: true } : {}),
      ...(row.order === undefined ? {} : { followed_order: row.order }),
    }));
}
