// A score that an answer came with -> a verdict that is taken as it is, and says so. Pure.
import type { JsonObject } from '../../core/json.ts';
import type { Precomputed } from '../../core/precomputed.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { PrecomputedScorer, Verdict } from '../../core/scoring.ts';
import { reason } from './words.ts';

/** In every verdict of these, and in the table: nobody here judged this. */
const MARK: JsonObject = { precomputed: true };

/** @returns err: why it cannot be taken */
export function precomputedVerdict(
  { score: name, range, passAt }: Pick<PrecomputedScorer, 'score' | 'range' | 'passAt'>,
  came: ReadonlyMap<string, Precomputed>,
): Result<Verdict, string> {
  const said = came.get(name);
  if (said === undefined) {
    const names = [...came.keys()].slice(0, 6).join(', ');
    return err(
      `the answer came without a score ${JSON.stringify(name)}${names === '' ? '' : `; it has ${names}`}`,
    );
  }
  const score = said.score === null ? null : scaled(said.score, range);
  if (score !== null && !(score >= 0 && score <= 1)) {
    const [low, high] = range ?? [0, 1];
    return err(
      `its score is ${said.score}, not from ${low} to ${high}: say on which scale it is, as in precomputed: { score: ${JSON.stringify(name)}, range: [1, 5] }`,
    );
  }
  return ok({
    score,
    passed: said.passed ?? (score === null ? null : score >= passAt),
    label: said.label,
    reason: said.reason === null ? null : reason(said.reason),
    details: MARK,
  });
}

function scaled(score: number, range: PrecomputedScorer['range']): number {
  if (range === null) return score;
  const [low, high] = range;
  return (score - low) / (high - low);
}
