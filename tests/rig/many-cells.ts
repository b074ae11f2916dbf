// A made-up experiment of as many cells as wanted, as a view that a page is served of: rows are chosen by the code that chooses them
// for the program, and nothing is on a disk.
import type { ExperimentScreen } from '../../src/screens/experiment.ts';
import { type MatrixIndex, type RunFacts, slotsOf } from '../../src/screens/matrix-index.ts';
import { readMatrixQuery } from '../../src/screens/matrix-query.ts';
import { selectMatrix } from '../../src/screens/matrix-select.ts';
import type { Answer, ScreenName } from '../../src/screens/screen.ts';
import type { Viewed } from '../../src/viewer/serve.ts';

export type ManyCells = Viewed & {
  /** Queries that the matrix was asked with, in order. */
  readonly asked: readonly URLSearchParams[];
};

const CATEGORIES = ['ambiguous', 'implicit', 'negative', 'routing', 'sanity'] as const;

export function manyCells(size: {
  readonly scenarios: number;
  readonly variants: number;
  readonly runs: number;
}): ManyCells {
  const index = madeIndex(size);
  const asked: URLSearchParams[] = [];
  const give = (name: ScreenName, query: URLSearchParams): unknown => {
    if (name === 'experiment') return experimentOf(index);
    if (name === 'invocations') return { invocations: [] };
    if (name !== 'matrix') return undefined;
    asked.push(query);
    const read = readMatrixQuery(query);
    const chosen = read.kind === 'ok' ? selectMatrix(index, read.value, null) : read;
    return chosen.kind === 'ok' ? chosen.value : undefined;
  };
  return {
    asked,
    async answer<Name extends ScreenName>(name: Name, query: URLSearchParams) {
      const value = give(name, query);
      const refusal = { kind: 'not-found', message: `there is no ${name}` };
      return (value === undefined ? { ok: false, refusal } : { ok: true, value }) as Answer<Name>;
    },
    file: async () => null,
    revision: () => index.revision,
    onChange: () => () => {},
  };
}

function madeIndex({
  scenarios,
  variants,
  runs,
}: {
  readonly scenarios: number;
  readonly variants: number;
  readonly runs: number;
}): MatrixIndex {
  const columns = Array.from({ length: variants }, (_, at) => ({
    variant: `variant-${at}`,
    runs: Array.from({ length: runs }, (_, run) => run + 1),
  }));
  const draws = slotsOf({ revision: '', columns, rows: [] }, []).length;
  return {
    revision: 'made',
    columns,
    rows: Array.from({ length: scenarios }, (_, at) => {
      const category = CATEGORIES[Math.floor((at * CATEGORIES.length) / scenarios)]!;
      return {
        scenario: `${category}:case-${at}`,
        category,
        tags: [`tag-${at % 7}`],
        description: `What case ${at} is about, in a sentence as long as such sentences are.`,
        runs: Array.from({ length: draws }, (_, draw) => factsOf(at * draws + draw)),
      };
    }),
  };
}

/** Most passed, some did not, some failed, some are missing; without chance. */
function factsOf(cell: number): RunFacts {
  const turn = (cell * 7919) % 100;
  const mark = turn < 80 ? 0 : turn < 92 ? 1 : turn < 96 ? 3 : 5;
  if (mark === 5) return [5, 0, null, null, null, null, 0, null];
  return [
    mark,
    1 + (turn % 3 === 0 ? 1 : 0),
    mark === 0 ? 1 : 0,
    700 + turn * 11,
    90 + turn * 13,
    turn / 1e4,
    1,
    null,
  ];
}

function experimentOf(index: MatrixIndex): ExperimentScreen {
  return {
    name: 'many-cells',
    description: null,
    variants: index.columns.map(({ variant }) => ({ variant, provider: 'sim', model: 'sim-small' })),
    scenarios: index.rows.length,
    runs: index.columns[0]?.runs ?? [],
    categories: [...CATEGORIES],
    tags: [],
    scorers: ['expect'],
    simulated: true,
    revision: index.revision,
    running: null,
    review: null,
  };
}
