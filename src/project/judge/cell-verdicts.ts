// What was judged now, cell by cell: what is said of an answer goes to its traces.

import type { ScoreStore } from '../../cache/store.ts';
import { asksModel } from '../../core/asking.ts';
import type { Key } from '../../core/brand.ts';
import { judgementsOf, type ScoredCell } from '../../planner/scores.ts';
import type { LoopResult } from '../../run/tally.ts';
import { scoreBookOf } from '../select/score-book.ts';
import type { ReadyScorer } from '../select/scorers.ts';

export type CellVerdict = {
  /** The draw's number in its index. */
  readonly record: number;
  /** Cells may share a draw, and what is expected of it. */
  readonly variant: string;
  readonly scenario: string;
  readonly scorer: string;
  readonly isModel: boolean;
  readonly score: number | null;
  readonly label: string | null;
  readonly reason: string | null;
};

/** A judged output's verdict goes to every cell that has it. A vote among several is told when most of them are there. */
export function verdictsOf(input: {
  readonly scorers: readonly ReadyScorer[];
  readonly cells: readonly ScoredCell[];
  readonly scores: ScoreStore;
  readonly judged: LoopResult['results'];
}): readonly CellVerdict[] {
  const book = scoreBookOf(input.scorers, input.scores);
  const { history } = input.scores;
  using reading = input.scores.reading();
  const reasons = new Map<string, string | null>();
  const reasonOf = (key: Key): string | null => {
    if (!reasons.has(key)) {
      const head = history.byKey(key);
      const read = head && reading.read(head.id);
      reasons.set(key, read?.kind === 'ok' ? read.value.reason : null);
    }
    return reasons.get(key)!;
  };
  return input.cells.flatMap((cell) => {
    const known = book.of({ ...cell, outputDigest: cell.output });
    return input.scorers.flatMap(({ scorer, planned }) => {
      const keys = judgementsOf(planned, cell).map(({ key }) => key);
      const said = known.find((one) => one.scorer === scorer.name);
      if (!keys.some((key) => input.judged.get(key) === 'completed') || said?.missing !== null) return [];
      const { score, label } = said;
      const isModel = asksModel(scorer);
      return [
        {
          record: cell.record,
          variant: cell.variant,
          scenario: cell.scenario,
          scorer: scorer.name,
          isModel,
          score,
          label,
          reason: reasonOf(keys[0]!),
        },
      ];
    });
  });
}
