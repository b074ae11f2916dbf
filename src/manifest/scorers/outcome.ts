// The scorer of tests: on where there are tests, unless the manifest says otherwise.
import type { Scorer as RawScorer } from '../../core/generated/experiment.ts';
import type { OutcomeScorer, Scorer } from '../../core/scoring.ts';
import { FAILS, PASSES } from '../../scoring/rules/outcome.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';

type Raw = string | RawScorer | undefined;

export function isAboutTests(raw: Raw): boolean {
  return raw === 'outcome' || (typeof raw === 'object' && raw.outcome !== undefined);
}

/** A test that fails has judged its answer, without a word in the manifest. A scorer of the user's may have the name. */
export function ofTests(input: {
  readonly raw: readonly Raw[];
  readonly declared: readonly { readonly scorer: Scorer }[];
  /** Scorers that the scenarios ask for. */
  readonly asked: readonly Scorer[];
  readonly hasTests: boolean;
}): readonly OutcomeScorer[] {
  const isTaken = input.declared.some(({ scorer }) => scorer.slug === 'outcome');
  if (!input.hasTests || isTaken || input.raw.some(isAboutTests)) return [];
  const isAlone = input.declared.length === 0 && input.asked.length === 0;
  const scope = { scenario: [], category: [], tag: [] };
  return [
    {
      kind: 'outcome',
      name: 'outcome',
      slug: 'outcome',
      passAt: 1,
      scope,
      passes: PASSES,
      fails: FAILS,
      ...(isAlone ? {} : { isBeside: true }),
    },
  ];
}

/** null = it is switched off. */
export function readOutcome(
  reading: Reading,
  { written, at }: { readonly written: RawScorer['outcome']; readonly at: JsonPath },
): Pick<OutcomeScorer, 'passes' | 'fails'> | null {
  if (written === false) return null;
  const { passes = PASSES, fails = FAILS } = typeof written === 'object' && written !== null ? written : {};
  const both = passes.find((one) => fails.includes(one));
  if (both !== undefined) {
    const message = `the outcome ${JSON.stringify(both)} cannot both pass and fail`;
    say(reading, {
      path: at,
      code: 'wrong-value',
      message,
      hint: 'name both lists: passes: [...], fails: [...]',
    });
  }
  return { passes, fails };
}
