// The order of rows: by name, or by a number of their runs. What has no number stands last, whichever way is asked for.
import type { MatrixQuery, SortKey } from './matrix.ts';
import type { MatrixIndex, RunFacts, Slot } from './matrix-index.ts';

export function sortRows(input: {
  readonly index: MatrixIndex;
  readonly query: Pick<MatrixQuery, 'sort' | 'descending'>;
  readonly slots: readonly Slot[];
  /** Places in the index, ascending. */
  readonly rows: readonly number[];
}): readonly number[] {
  const { index, query, slots, rows } = input;
  const way = query.descending ? -1 : 1;
  if (query.sort === 'category') return byCategory(index, rows, way);
  if (query.sort === 'scenario') {
    // Created once: localeCompare makes one a call.
    const { compare } = new Intl.Collator('en', { numeric: true });
    return rows.toSorted((a, b) => way * compare(index.rows[a]!.scenario, index.rows[b]!.scenario) || a - b);
  }
  const numberOf = NUMBERS[query.sort];
  const numbers = new Map(
    rows.map((row) => {
      const { runs } = index.rows[row]!;
      return [row, numberOf(slots.flatMap(({ place }) => (runs[place] ? [runs[place]] : [])))];
    }),
  );
  return rows.toSorted((a, b) => {
    const [first, second] = [numbers.get(a)!, numbers.get(b)!];
    if (first === null || second === null) return Number(first === null) - Number(second === null) || a - b;
    return way * (first - second) || a - b;
  });
}

/** Categories in the order in which the manifest first names them, scenarios in its order; those without one last. */
function byCategory({ rows: all }: MatrixIndex, rows: readonly number[], way: number): readonly number[] {
  const places = new Map<string, number>();
  for (const { category } of all)
    if (category !== null && !places.has(category)) places.set(category, places.size);
  const placeOf = (row: number): number | null => {
    const { category } = all[row]!;
    return category === null ? null : places.get(category)!;
  };
  return rows.toSorted((a, b) => {
    const [first, second] = [placeOf(a), placeOf(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null) || a - b;
    return way * (first - second) || a - b;
  });
}

type Facts = readonly RunFacts[];

/** The mean of what is known of the runs; `spread` = how far their scores lie apart. */
const NUMBERS: Readonly<Record<Exclude<SortKey, 'category' | 'scenario'>, (runs: Facts) => number | null>> = {
  score: (runs) => meanOf(runs.map((facts) => facts[2])),
  tokens: (runs) => meanOf(runs.map((facts) => facts[3])),
  latency: (runs) => meanOf(runs.map((facts) => facts[4])),
  cost: (runs) => meanOf(runs.map((facts) => facts[5])),
  spread(runs) {
    const scores = runs.flatMap((facts) => facts[2] ?? []);
    return scores.length < 2 ? null : Math.max(...scores) - Math.min(...scores);
  },
};

function meanOf(values: readonly (number | null)[]): number | null {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}
