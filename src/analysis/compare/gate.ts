// The gate: what stands in the way of comparing these arms, or should be known before their numbers are read. Pure.
import {
  drawnApart,
  incomplete,
  mixedModels,
  modelsDiffer,
  noValues,
  retriesDiffer,
  sharedDraws,
  unjudged,
} from './gate-arms.ts';
import { redrawsDiffer, rerunsDiffer } from './gate-draws.ts';
import { endingsDiffer } from './gate-endings.ts';
import { lacksDiffer } from './gate-lacks.ts';
import { lookedAgain } from './gate-looks.ts';
import { notRedrawn } from './gate-moments.ts';
import type { CompareInput } from './input.ts';
import type { Finding } from './result.ts';

export function findingsOf(input: CompareInput): readonly Finding[] {
  // One arm alone is in no pair, and what it lacks it lacks all the same.
  const used = new Set(input.arms.length === 1 ? [0] : input.pairs.flat());
  const ofArms = input.arms.flatMap((arm, at) => {
    if (!used.has(at)) return [];
    const found = [
      incomplete(arm, at, input),
      noValues(arm, at, input),
      mixedModels(arm, at, input),
      unjudged(arm, at),
    ];
    return found.flatMap((one) => one ?? []);
  });
  const ofPairs = input.pairs.flatMap((pair) => {
    const found = [
      lacksDiffer(pair, input),
      sharedDraws(pair, input),
      modelsDiffer(pair, input),
      notRedrawn(pair, input),
      drawnApart(pair, input),
      retriesDiffer(pair, input),
      ...endingsDiffer(pair, input),
      redrawsDiffer(pair, input),
      rerunsDiffer(pair, input),
      lookedAgain(pair, input),
    ];
    return found.flatMap((one) => one ?? []);
  });
  return [...ofArms, ...ofPairs];
}
