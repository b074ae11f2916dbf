// Refusals, truncations and content filters: an arm that has more of them is another thing to its users than its mean says. Pure.
import { ODD_ENDINGS, type OddEnding } from '../../core/record-ending.ts';
import { type Arm, armName, type CompareInput, counts } from './input.ts';
import { formatPWords } from './numbers.ts';
import type { Finding } from './result.ts';
import { countsOf, type Share, sharesApart } from './shares.ts';

export type Endings = { readonly [ending in OddEnding]: number };

/** Of the answers that count. */
export function endingsIn({ cells }: Arm): Endings {
  const found = { refused: 0, cut: 0, filtered: 0 };
  for (const cell of cells) {
    const ending = counts(cell) ? cell.record?.ending : null;
    if (ending) found[ending]++;
  }
  return found;
}

const WORDS: { readonly [ending in OddEnding]: string } = {
  refused: 'were refused by the model',
  cut: 'were cut off at a limit of tokens',
  filtered: 'were stopped by a content filter',
};

const HINTS: { readonly [ending in OddEnding]: string } = {
  refused: 'its score is that of refusals as well: a scorer may pass or fail them',
  cut: 'it may have lost for want of room: a higher max_tokens tells',
  filtered: 'the provider stopped it, not the model: it is no word on what the arm can do',
};

export function endingsDiffer(pair: readonly [number, number], { arms }: CompareInput): readonly Finding[] {
  const both = pair.map((at) => arms[at]!) as [Arm, Arm];
  const endings = both.map(endingsIn);
  return ODD_ENDINGS.flatMap((ending): readonly Finding[] => {
    const share = (i: 0 | 1): Share => ({
      some: endings[i]![ending],
      all: both[i]!.cells.filter(counts).length,
    });
    const apart = sharesApart(share(0), share(1));
    if (apart === null) return [];
    const words = ([0, 1] as const).map((i) => `${countsOf(share(i))} of ${armName(both[i]!)}`);
    return [
      {
        kind: 'endings-differ',
        severity: 'warning',
        mark: null,
        arms: pair,
        message: `answers that ${WORDS[ending]}: ${words.join(', ')} (Fisher ${formatPWords(apart[2])})`,
        hint: HINTS[ending],
        cells: [],
        count: 0,
      },
    ];
  });
}
