// Whether as much is missing in one arm as in the other: what is missing more often in one is not missing by chance. Pure.

import { type Arm, armName, type CompareInput, counts } from './input.ts';
import { formatPWords } from './numbers.ts';
import type { Finding } from './result.ts';
import { countsOf, type Share, sharesApart } from './shares.ts';

export function lacksDiffer(
  pair: readonly [number, number],
  { arms, allowed }: CompareInput,
): Finding | null {
  const [first, second] = [arms[pair[0]]!, arms[pair[1]]!];
  const shares = [lacking(first), lacking(second)] as const;
  const apart = sharesApart(...shares, { level: 0.05, points: 0 });
  if (apart === null) return null;
  const share = (i: 0 | 1): string => `${countsOf(shares[i])} cells of ${armName([first, second][i]!)}`;
  return {
    kind: 'lacks-differ',
    severity: allowed.incomplete ? 'warning' : 'refusal',
    mark: null,
    arms: pair,
    message: `${share(0)} and ${share(1)} have no number (Fisher ${formatPWords(apart[2])}); what is missing hangs on the arm`,
    hint: 'what is left of one arm may be its easier part; left out, it is in no number',
    cells: [],
    count: 0,
  };
}

function lacking({ cells }: Arm): Share {
  return { all: cells.length, some: cells.filter((cell) => !counts(cell)).length };
}
