// What a difference that is called found has to be told with: it would not be at the level of all looks. Pure.

import { formatPWords } from '../../analysis/compare/numbers.ts';
import type { Compared, ComparedPair } from '../../analysis/compare/result.ts';

/** Below what p of this pair has to be after all its looks; null = nobody could look before. */
export function levelAfterLooks({ first, second }: ComparedPair, { findings }: Compared): number | null {
  const looks = findings.find(
    ({ steps, arms }) => steps !== undefined && arms[0] === first && arms[1] === second,
  );
  return looks?.steps?.level ?? null;
}

/** Behind the sentence that calls it found. */
export function qualified(pair: ComparedPair, compared: Compared): readonly string[] {
  const level = levelAfterLooks(pair, compared);
  const p = pair.difference?.adjustedP;
  if (level === null || p === undefined || p >= ONE_LOOK || p < level) return [];
  return [
    `That holds for one look only: the answers came in steps, and whoever looked after each needs p below ${level.toFixed(3)}; ${formatPWords(p)} is not.`,
  ];
}

const ONE_LOOK = 0.05;
