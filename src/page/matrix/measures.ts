// How large lines and columns are: all alike, so that a place in the list is a product and not a sum.
import type { MatrixScreen } from '../../screens/matrix.ts';
import { signal } from '../base/preact.ts';
import type { Show } from './address.ts';
import type { Measures } from './row.tsx';
import { MAX_RUNS, RUN_WIDTH } from './values.ts';

const narrow = matchMedia('(max-width: 640px)');
const coarse = matchMedia('(pointer: coarse)');
const isNarrow = signal(narrow.matches);
const isCoarse = signal(coarse.matches);
narrow.addEventListener('change', ({ matches }) => {
  isNarrow.value = matches;
});
coarse.addEventListener('change', ({ matches }) => {
  isCoarse.value = matches;
});

/** px. A name of a variant is worth this much. */
const LEAST_COLUMN = 108;
/** px. Where runs are summed up. */
const SUMMED_COLUMN = 172;
const PADDING = 16;

export function measuresOf(columns: MatrixScreen['columns'], show: Show): Measures {
  const runs = Math.max(1, ...columns.map((column) => column.runs.length));
  const isLarge = isNarrow.value || isCoarse.value;
  // As the type of tokens.css is larger there.
  const run = Math.round(RUN_WIDTH[show] * (isLarge ? 1.08 : 1));
  const wide = runs > MAX_RUNS ? SUMMED_COLUMN : runs * run + PADDING;
  return {
    line: isLarge ? 36 : 24,
    heads: 40,
    name: isNarrow.value ? 148 : 252,
    run,
    column: Math.max(wide, LEAST_COLUMN),
    hasRest: !isNarrow.value,
  };
}
