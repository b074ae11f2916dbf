// `pairwise:` of a judge: the arm that it names, and what goes together with it.
import type { Variant } from '../../core/manifest.ts';
import { didYouMean } from '../../core/nearest.ts';
import { type Reading, say } from '../reading.ts';
import type { Declared } from '../scenarios/expectations.ts';

const MOST_NAMED = 12;

export function checkPairs(
  reading: Reading,
  input: { readonly declared: readonly Declared[]; readonly variants: readonly Pick<Variant, 'name'>[] },
): void {
  const names = input.variants.map(({ name }) => name);
  for (const { scorer, own } of input.declared) {
    if (scorer.kind !== 'judge' || scorer.pairwise === undefined) continue;
    const { against } = scorer.pairwise;
    const path = [...own, 'judge', 'pairwise'];
    const wrong = (context: { readonly message: string; readonly hint: string }): void =>
      say(reading, { path, code: 'wrong-value', ...context });
    if (!names.includes(against)) {
      // One that was complained about is no second mistake.
      if (reading.isSpoiled(['variants'])) continue;
      const known = names.slice(0, MOST_NAMED).join(', ');
      const hint = didYouMean(against, names) ?? `it is held against one of: ${known}`;
      say(reading, {
        path,
        code: 'unknown-variant',
        hint,
        message: `there is no variant ${JSON.stringify(against)}`,
      });
    } else if (names.length < 2) {
      wrong({
        message: `${against} is the only variant, and an answer is not held against itself`,
        hint: 'add the variant whose answers are held against it',
      });
    }
    if (scorer.choices !== null)
      wrong({
        message: 'a pairwise judge says which of two answers it prefers, and has no "choices"',
        hint: 'leave out "choices", or declare a second judge without "pairwise"',
      });
    if (scorer.calibrate !== undefined)
      wrong({
        message: 'a file of labels is about single answers, and a pairwise judge about two at a time',
        hint: 'leave out "calibrate", or declare a second judge without "pairwise"',
      });
  }
}
