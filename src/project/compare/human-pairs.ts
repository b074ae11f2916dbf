// Pairs that people judged, as the pairs of a comparison: each arm held against the first one, and how strong each is.
import type { Arm, CompareInput } from '../../analysis/compare/input.ts';
import { type PairCell, type Preference, preferencesOf } from '../../analysis/compare/preference.ts';
import type { HumanPreference } from '../../core/review.ts';
import type { Filter } from '../../core/task.ts';
import { cellsInScope } from '../../planner/plan.ts';
import type { Experiment } from '../open/experiment.ts';
import { namesOnly } from '../open/filters.ts';
import { openHumanBook } from '../select/human-scores.ts';

export function humanPreferences(input: {
  readonly experiment: Experiment;
  /** `human.<dimension>` */
  readonly scorers: readonly string[];
  readonly arms: readonly Pick<Arm, 'variant'>[];
  readonly filter: Filter;
  readonly cluster: CompareInput['cluster'];
  readonly allowIncomplete: boolean;
}): readonly Preference[] {
  const { experiment, scorers, arms, cluster, allowIncomplete } = input;
  const scenarios = scenariosIn(experiment, input.filter);
  const { pairs } = openHumanBook(experiment);
  if (pairs === null) return [];
  const [first, ...others] = arms.map(({ variant }) => variant);
  const inputs = scorers.flatMap((scorer) => {
    const said = pairs.review.preferences.filter(({ dimension }) => `human.${dimension}` === scorer);
    return others.map((variant) => ({
      scorer,
      against: first!,
      variant,
      cells: cellsOf(said, { variant, against: first!, scenarios }),
      simulated: false,
    }));
  });
  return preferencesOf(inputs, { cluster, allowIncomplete });
}

function scenariosIn({ parts, manifest }: Experiment, filter: Filter): ReadonlySet<string> {
  const wanted = { variants: parts, scenarios: manifest.scenarios, filter: namesOnly(filter) };
  return new Set([...cellsInScope(wanted)].map(({ scenario }) => scenario));
}

/** Of two answers what all readers said together: more than half for one of them is a win. */
function cellsOf(
  said: readonly HumanPreference[],
  of: { readonly variant: string; readonly against: string; readonly scenarios: ReadonlySet<string> },
): readonly PairCell[] {
  const pairs = new Map<string, { readonly scenario: string; readonly shares: number[] }>();
  for (const one of said) {
    const share = shareOf(one, of);
    if (share === null || !of.scenarios.has(one.scenario)) continue;
    const [a, b] = [one.left, one.right].toSorted((x, y) => (x.variant < y.variant ? -1 : 1));
    const id = JSON.stringify([one.scenario, a, b]);
    const pair = pairs.get(id) ?? { scenario: one.scenario, shares: [] };
    pairs.set(id, pair);
    pair.shares.push(share);
  }
  return [...pairs.values()].map(({ scenario, shares }) => {
    const score = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    return { scenario, score, label: score > 0.5 ? 'win' : score < 0.5 ? 'loss' : 'tie' };
  });
}

/** What the arm won of it: 1, 0, half of a tie; null = it is about other arms. */
function shareOf(
  { left, right, said }: HumanPreference,
  { variant, against }: { readonly variant: string; readonly against: string },
): number | null {
  const isLeft = left.variant === variant && right.variant === against;
  const isRight = right.variant === variant && left.variant === against;
  if (!isLeft && !isRight) return null;
  if (said === 'tie') return 0.5;
  return (said === 'left') === isLeft ? 1 : 0;
}
