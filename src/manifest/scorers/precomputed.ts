// `precomputed:` of a scorer: which of the scores that an answer came with, and on which scale it is.
import type { Scorer as RawScorer } from '../../core/generated/experiment.ts';
import type { PrecomputedScorer } from '../../core/scoring.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';

type Written = RawScorer['precomputed'] | null;

/** null = it does not say which, or not in an order that is a scale; that was told. */
export function readPrecomputed(
  reading: Reading,
  { written, at }: { readonly written: Written; readonly at: JsonPath },
): Pick<PrecomputedScorer, 'kind' | 'score' | 'range'> | null {
  const score = precomputedName(written);
  if (score === null) {
    say(reading, {
      path: at,
      code: 'missing-key',
      message: 'this does not say which score the answers came with',
      hint: 'write its name, for example precomputed: exact_match; npx expgraph import names those that a file has',
    });
    return null;
  }
  const range = typeof written === 'object' && written !== null ? written.range : undefined;
  if (range === undefined) return { kind: 'precomputed', score, range: null };
  const [low = 0, high = 0] = range;
  if (low === high) {
    say(reading, {
      path: [...at, 'range'],
      code: 'wrong-value',
      message: `a scale does not begin and end at ${low}`,
      hint: 'write what is 0 and what is 1 on it, for example range: [1, 5]; [5, 1] where lower is better',
    });
    return null;
  }
  return { kind: 'precomputed', score, range: [low, high] };
}

export function precomputedName(written: Written | undefined): string | null {
  if (typeof written === 'string') return written;
  return typeof written === 'object' && written !== null ? written.score : null;
}
