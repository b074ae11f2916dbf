// Numbers that came with the answers: who judged them, and how, nobody here knows. Pure.
import type { CompareInput } from './input.ts';
import type { Finding } from './result.ts';

export function precomputedFindings({ precomputed = [], pairs }: CompareInput): readonly Finding[] {
  if (precomputed.length === 0) return [];
  const verb = precomputed.length === 1 ? 'is a score' : 'are scores';
  return [
    {
      kind: 'precomputed',
      severity: 'warning',
      mark: null,
      arms: [...new Set(pairs.flat())],
      message: `${precomputed.join(', ')} ${verb} that the answers came with, taken as it was given: who judged, and how, is not known here`,
      hint: null,
      cells: [],
      count: 0,
    },
  ];
}
