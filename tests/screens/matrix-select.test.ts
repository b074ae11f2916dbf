// Rows of the matrix out of all that there is: held against the plainest way to say the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARKS, type Mark, type MatrixQuery, type MatrixScreen } from '../../src/screens/matrix.ts';
import type { IndexRow, MatrixIndex, RunFacts } from '../../src/screens/matrix-index.ts';
import { DEFAULT_QUERY, SORT_KEYS } from '../../src/screens/matrix-query.ts';
import { selectMatrix } from '../../src/screens/matrix-select.ts';
import { findInTexts, type RunText } from '../../src/screens/search-texts.ts';

const COLUMNS = [
  { variant: 'a', runs: [1, 2] },
  { variant: 'b', runs: [1, 2, 3] },
];
const WIDTH = 5;

const number = fc.option(fc.constantFrom(0, 0.25, 0.5, 1));
const facts: fc.Arbitrary<RunFacts | null> = fc.option(
  fc.tuple(
    fc.nat(MARKS.length - 1),
    fc.nat(3),
    number,
    number,
    number,
    number,
    fc.nat(3),
    fc.constantFrom(null, 'cut'),
  ),
);
const row: fc.Arbitrary<Omit<IndexRow, 'scenario'>> = fc.record({
  category: fc.constantFrom(null, 'x', 'y'),
  tags: fc.subarray(['s', 't']),
  description: fc.constant(null),
  runs: fc.array(facts, { minLength: WIDTH, maxLength: WIDTH }),
});
const indexes: fc.Arbitrary<MatrixIndex> = fc.array(row, { maxLength: 12 }).map((rows) => ({
  revision: 'r1',
  columns: COLUMNS,
  rows: rows.map((one, i) => ({ ...one, scenario: `s${i}` })),
}));
const queries: fc.Arbitrary<MatrixQuery> = fc.record({
  search: fc
    .subarray([
      'said',
      '-no',
      'tool:look',
      '-tool:look',
      'arg.item:tea',
      'score:<0.5',
      '-score:1',
      'mark:failed,error',
      '-mark:missing',
      'tag:t',
      '-category:y',
      'variant:a',
      'run:2',
      'scenario:s1*',
      'finish:stop',
    ])
    .map((terms) => terms.slice(0, 3).join(' ')),
  category: fc.subarray(['x']),
  tag: fc.subarray(['s', 't']),
  variant: fc.subarray(['a', 'b']),
  mark: fc.subarray([...MARKS]),
  armsDiffer: fc.boolean(),
  runsDiffer: fc.boolean(),
  changedSince: fc.option(fc.constantFrom('0', '1', '2')),
  sort: fc.constantFrom(...SORT_KEYS),
  descending: fc.boolean(),
  offset: fc.nat(14),
  limit: fc.nat(14),
});

/** Texts by answer: equal answers have equal texts. */
const TEXTS: readonly (RunText | null)[] = [
  null,
  { text: 'It was Said.', toolCalls: [], finish: ['stop'] },
  { text: 'No', toolCalls: [{ name: 'look', arguments: { item: ['green tea'] } }], finish: ['length'] },
  { text: null, toolCalls: [{ name: 'look_up', arguments: { item: 'tea' } }], finish: [] },
];

function textsOf(index: MatrixIndex): ReturnType<typeof findInTexts> {
  return findInTexts({
    row: (at) => `asked ${index.rows[at]!.scenario}`,
    run: (at, place) => TEXTS[index.rows[at]!.runs[place]?.[1] ?? 0] ?? null,
  });
}

type Run = { readonly variant: string; readonly run: number; readonly facts: RunFacts };

const runsOf = ({ runs }: IndexRow, variant: readonly string[]): readonly Run[] =>
  COLUMNS.flatMap((column) => column.runs.map((run) => ({ variant: column.variant, run })))
    .map((place, i) => ({ ...place, facts: runs[i] }))
    .filter(
      (one): one is Run => one.facts != null && (variant.length === 0 || variant.includes(one.variant)),
    );

const markOf = ({ facts: [mark] }: Run): Mark => MARKS[mark]!;

/** Term by term what the page says of it. */
const FITS: Readonly<Record<string, (row: IndexRow, run: Run | null) => boolean>> = {
  said: (_, run) => run?.facts[1] === 1,
  no: (_, run) => run?.facts[1] === 2,
  'tool:look': (_, run) => run?.facts[1] === 2,
  'arg.item:tea': (_, run) => run !== null && run.facts[1] >= 2,
  'score:<0.5': (_, run) => run != null && run.facts[2] !== null && run.facts[2] < 0.5,
  'score:1': (_, run) => run?.facts[2] === 1,
  'mark:failed,error': (_, run) => run !== null && ['failed', 'error'].includes(markOf(run)),
  'mark:missing': (_, run) => run !== null && markOf(run) === 'missing',
  'tag:t': ({ tags }) => tags.includes('t'),
  'category:y': ({ category }) => category === 'y',
  'variant:a': (_, run) => run?.variant === 'a',
  'run:2': (_, run) => run?.run === 2,
  'scenario:s1*': ({ scenario }) => scenario.startsWith('s1'),
  'finish:stop': (_, run) => run?.facts[1] === 1,
};

function differs(runs: readonly Run[], by: (run: Run) => string | number): boolean {
  const groups = Map.groupBy(
    runs.filter((run) => !['stale', 'missing'].includes(markOf(run))),
    by,
  );
  return [...groups.values()].some((group) => {
    const marks = new Set(group.map(markOf).filter((mark) => mark !== 'unjudged'));
    const answers = new Set(group.filter((run) => markOf(run) === 'unjudged').map(({ facts }) => facts[1]));
    const isJudged = marks.has('passed') || marks.has('failed');
    return isJudged ? marks.size > 1 : marks.size + answers.size > 1;
  });
}

function naive(index: MatrixIndex, query: MatrixQuery): readonly string[] {
  const terms = query.search.split(' ').filter((term) => term !== '');
  return index.rows
    .filter((row) => {
      const runs = runsOf(row, query.variant);
      const wanted = terms.filter((term) => !term.startsWith('-')).map((term) => FITS[term]!);
      const unwanted = terms.filter((term) => term.startsWith('-')).map((term) => FITS[term.slice(1)]!);
      if (query.category.length > 0 && !query.category.includes(row.category ?? '')) return false;
      if (query.tag.length > 0 && !query.tag.some((tag) => row.tags.includes(tag))) return false;
      if (query.armsDiffer && !differs(runs, ({ run }) => run)) return false;
      if (query.runsDiffer && !differs(runs, ({ variant }) => variant)) return false;
      if ([null, ...runs].some((run) => unwanted.some((fits) => fits(row, run)))) return false;
      const isOfRuns = query.mark.length > 0 || query.changedSince !== null;
      const fitsAll = (run: Run | null): boolean => wanted.every((fits) => fits(row, run));
      if (!isOfRuns && fitsAll(null)) return true;
      return runs.some(
        (run) =>
          fitsAll(run) &&
          (query.mark.length === 0 || query.mark.includes(markOf(run))) &&
          (query.changedSince === null || run.facts[6] > Number(query.changedSince)),
      );
    })
    .map(({ scenario }) => scenario);
}

function select(index: MatrixIndex, query: Partial<MatrixQuery>): MatrixScreen {
  const selected = selectMatrix(index, { ...DEFAULT_QUERY, ...query }, textsOf(index));
  if (selected.kind === 'err') throw new Error(selected.error);
  return selected.value;
}

describe('a matrix', () => {
  it('has the rows that the plainest filter has, each once, whatever is asked for', () => {
    fc.assert(
      fc.property(indexes, queries, (index, query) => {
        const { rows, total, all, groups, counts } = select(index, { ...query, offset: 0, limit: 500 });
        const expected = naive(index, query);
        expect(rows.map(({ scenario }) => scenario).sort()).toEqual([...expected].sort());
        expect([total, all]).toEqual([expected.length, index.rows.length]);
        expect(groups.reduce((sum, group) => sum + group.rows, 0)).toBe(total);
        const marks = rows.flatMap(({ cells }) => cells.flat().map(({ mark }) => mark));
        for (const mark of MARKS) expect(counts[mark]).toBe(marks.filter((one) => one === mark).length);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same page by page', () => {
    fc.assert(
      fc.property(indexes, queries, (index, query) => {
        const whole = select(index, { ...query, offset: 0, limit: 500 });
        const { offset, limit } = query;
        const page = select(index, query);
        expect(page).toEqual({ ...whole, offset, rows: whole.rows.slice(offset, offset + limit) });
      }),
    );
  });

  it('stands in the order that is asked for, what has no number last', () => {
    fc.assert(
      fc.property(indexes, queries, (index, query) => {
        const { rows } = select(index, { ...query, search: '', offset: 0, limit: 500 });
        if (query.sort === 'category' || query.sort === 'scenario') return;
        const values = rows.map(({ cells }) => {
          const runs = cells.flat();
          if (query.sort === 'spread') {
            const scores = runs.flatMap(({ score }) => score ?? []);
            return scores.length < 2 ? null : Math.max(...scores) - Math.min(...scores);
          }
          const pick = { score: 'score', tokens: 'tokens', latency: 'latencyMs', cost: 'costUsd' } as const;
          const known = runs.flatMap((run) => run[pick[query.sort as 'score']] ?? []);
          return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
        });
        const known = values.filter((value) => value !== null);
        expect(values.slice(0, known.length)).toEqual(known);
        expect(known).toEqual(known.toSorted((a, b) => (query.descending ? b - a : a - b)));
      }),
    );
  });
});

const run = (
  mark: Mark,
  answer: number,
  more: Partial<Record<'score' | 'sequence', number>> = {},
): RunFacts => [MARKS.indexOf(mark), answer, more.score ?? null, null, null, null, more.sequence ?? 1, null];

const scenario = (name: string, category: string | null, runs: IndexRow['runs']): IndexRow => ({
  scenario: name,
  category,
  tags: [],
  description: null,
  runs,
});

const INDEX: MatrixIndex = {
  revision: 'r1',
  columns: COLUMNS,
  rows: [
    scenario('z', 'x', [run('passed', 3), run('passed', 1), run('failed', 3), run('passed', 2), null]),
    scenario('a10', null, [
      run('unjudged', 1),
      run('unjudged', 1),
      run('unjudged', 2),
      run('stale', 3),
      null,
    ]),
    scenario('a2', 'y', [run('missing', 0), run('error', 0), run('missing', 0), run('error', 0), null]),
    scenario('b', 'x', [run('passed', 1), run('passed', 2), run('passed', 3), run('passed', 4), null]),
  ],
};

describe('a row', () => {
  it('numbers equal answers from 1 in the order of what is shown', () => {
    const numbers = (variant: readonly string[]): unknown =>
      select(INDEX, { variant, search: 'scenario:z' }).rows[0]!.cells.map((runs) =>
        runs.map(({ answer }) => answer),
      );
    expect(numbers([])).toEqual([
      [1, 2],
      [1, 3],
    ]);
    expect(numbers(['b'])).toEqual([[1, 2]]);
  });

  it('says whether arms and runs disagree: by verdicts, and by answers where there are none', () => {
    const { rows } = select(INDEX, { sort: 'scenario' });
    expect(rows.map(({ scenario: name, armsDiffer, runsDiffer }) => [name, armsDiffer, runsDiffer])).toEqual([
      ['a2', false, false],
      ['a10', true, false],
      ['b', false, false],
      ['z', true, true],
    ]);
  });

  it('stands with its category, in the order in which the manifest names them', () => {
    const { rows, groups } = select(INDEX, {});
    expect(rows.map(({ scenario: name }) => name)).toEqual(['z', 'b', 'a2', 'a10']);
    expect(groups).toEqual([
      { category: 'x', offset: 0, rows: 2 },
      { category: 'y', offset: 2, rows: 1 },
      { category: null, offset: 3, rows: 1 },
    ]);
  });

  it('has to fit in one and the same run, and no run may be what is not wanted', () => {
    const names = (search: string): readonly string[] =>
      select(INDEX, { search, sort: 'scenario' }).rows.map(({ scenario: name }) => name);
    expect(names('mark:failed variant:a')).toEqual([]);
    expect(names('mark:failed variant:b')).toEqual(['z']);
    expect(names('-mark:failed category:x')).toEqual(['b']);
    // A word may be asked, or answered.
    expect(names('asked a2')).toEqual(['a2']);
    expect(names('ASKED "a 2"')).toEqual([]);
  });

  it('cannot be searched for texts that are not there, and says so', () => {
    expect(selectMatrix(INDEX, { ...DEFAULT_QUERY, search: 'word' }, null)).toEqual({
      kind: 'err',
      error: 'the texts are not here: search by names and numbers',
    });
    expect(selectMatrix(INDEX, { ...DEFAULT_QUERY, search: 'tag:x' }, null).kind).toBe('ok');
  });
});
