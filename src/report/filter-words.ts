// Filters as they are typed, each with its option. Pure.
import type { Filter } from '../core/task.ts';
import { quoteWord } from './next.ts';

type Named = Pick<Filter, 'variant' | 'scenario' | 'category' | 'tag' | 'runs'>;

export function filterWords({ variant, scenario, category, tag, runs }: Named): readonly string[] {
  const named = { variant, scenario, category, tag };
  return [
    ...Object.entries(named).flatMap(([option, values]) =>
      values.map((value) => `--${option} ${quoteWord(value)}`),
    ),
    ...(runs.length === 0 ? [] : [`--runs ${rangesOf(runs)}`]),
  ];
}

/** 1, 3, 4, 5 -> `1,3-5` */
function rangesOf(runs: readonly number[]): string {
  const sorted = [...new Set(runs)].sort((a, b) => a - b);
  const ranges: { first: number; last: number }[] = [];
  for (const run of sorted) {
    const open = ranges.at(-1);
    if (open && open.last + 1 === run) open.last = run;
    else ranges.push({ first: run, last: run });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
