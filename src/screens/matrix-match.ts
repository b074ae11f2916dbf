// Whether a row of the matrix is what is asked for: what is said of scenarios holds for the row, what is said of runs for one and the
// same run of it.
import { matchesGlob } from '../core/glob.ts';
import { err, ok, type Result, unreachable } from '../core/result.ts';
import type { MatrixQuery } from './matrix.ts';
import { differing } from './matrix-differ.ts';
import { type MatrixIndex, markOf, type RunFacts, type Slot } from './matrix-index.ts';
import { sinceNumber } from './matrix-query.ts';
import { type Comparing, type NumberName, readSearch, type Term } from './search-terms.ts';
import { isTextTerm, plain, type TextFinder } from './search-texts.ts';

export type Matcher = {
  /** @param row its place in the index */
  readonly matches: (row: number) => boolean;
  readonly searched: number;
};

type Input = {
  readonly index: MatrixIndex;
  readonly query: MatrixQuery;
  readonly slots: readonly Slot[];
  readonly texts: TextFinder | null;
};

/** What one term is of a row, and of one of its runs. null = it says nothing of such. */
type Test = {
  readonly row: ((row: number) => boolean) | null;
  readonly run: ((row: number, slot: Slot, facts: RunFacts) => boolean) | null;
};

export function makeMatcher(input: Input): Result<Matcher, string> {
  const { index, query, slots, texts } = input;
  const search = readSearch(query.search);
  if (search.kind === 'err') return search;
  const { all, none } = search.value;
  const isTextual = [...all, ...none].some(isTextTerm);
  if (isTextual && texts === null) return err('the texts are not here: search by names and numbers');
  const wanted = [...all.map((term) => testOf(term, input)), ...fixedTests(input)];
  const unwanted = none.map((term) => testOf(term, input));
  const { armsDiffer, runsDiffer } = query;

  function matches(row: number): boolean {
    const { runs } = index.rows[row]!;
    // What the scenario fits already no run has to.
    const open = wanted.filter((test) => !test.row?.(row));
    if (open.some(({ run }) => run === null)) return false;
    if (unwanted.some((test) => test.row?.(row))) return false;
    if (armsDiffer || runsDiffer) {
      const differs = differing(runs, slots);
      if ((armsDiffer && !differs.armsDiffer) || (runsDiffer && !differs.runsDiffer)) return false;
    }
    if (open.length === 0 && unwanted.every(({ run }) => run === null)) return true;
    let isFound = open.length === 0;
    for (const slot of slots) {
      const facts = runs[slot.place];
      if (!facts) continue;
      if (unwanted.some(({ run }) => run?.(row, slot, facts))) return false;
      isFound ||= open.every(({ run }) => run!(row, slot, facts));
    }
    return isFound;
  }
  return ok({ matches, searched: isTextual ? texts!.searched : 1 });
}

/** What is chosen beside the search. */
function fixedTests({ index, query }: Input): readonly Test[] {
  const { category, tag, mark, changedSince } = query;
  const { rows } = index;
  const tests: Test[] = [];
  if (category.length > 0) {
    const names = new Set<string | null>(category);
    tests.push({ row: (row) => names.has(rows[row]!.category), run: null });
  }
  if (tag.length > 0) {
    const names = new Set(tag);
    tests.push({ row: (row) => rows[row]!.tags.some((one) => names.has(one)), run: null });
  }
  if (mark.length > 0) tests.push({ row: null, run: (_row, _slot, facts) => mark.includes(markOf(facts)) });
  const since = changedSince === null ? null : sinceNumber(changedSince);
  if (since !== null) tests.push({ row: null, run: (_row, _slot, [, , , , , , drawn]) => drawn > since });
  return tests;
}

function testOf(term: Term, { index, texts }: Input): Test {
  const { rows } = index;
  if (isTextTerm(term)) {
    const hits = texts!.find(term);
    // Names are at hand, read or not.
    const word = term.kind === 'word' ? plain(term.text) : null;
    const isNamed = (row: number): boolean => word !== null && plain(rows[row]!.scenario).includes(word);
    return {
      row: (row) => isNamed(row) || hits.row(row),
      run: (row, slot) => hits.run(row, slot.place),
    };
  }
  switch (term.kind) {
    case 'scenario':
      return { row: (row) => fitsOne(term.values, rows[row]!.scenario), run: null };
    case 'category':
      return { row: (row) => fitsOne(term.values, rows[row]!.category ?? ''), run: null };
    case 'tag':
      return { row: (row) => rows[row]!.tags.some((tag) => fitsOne(term.values, tag)), run: null };
    case 'variant':
      return { row: null, run: (_row, slot) => fitsOne(term.values, slot.variant) };
    case 'run':
      return { row: null, run: (_row, slot) => term.values.includes(slot.run) };
    case 'mark':
      return { row: null, run: (_row, _slot, facts) => term.values.includes(markOf(facts)) };
    case 'score':
    case 'tokens':
    case 'latency':
    case 'cost':
      return {
        row: null,
        run(_row, _slot, facts) {
          const value = facts[NUMBER_AT[term.kind]];
          return value !== null && compares(value, term.is, term.value);
        },
      };
    default:
      return unreachable(term);
  }
}

const NUMBER_AT = { score: 2, tokens: 3, latency: 4, cost: 5 } as const satisfies Record<NumberName, number>;

/** Names by their whole, whatever the case; a star stands for anything. */
function fitsOne(values: readonly string[], name: string): boolean {
  const lower = name.toLowerCase();
  return values.some((value) => matchesGlob(value.toLowerCase(), lower));
}

function compares(value: number, is: Comparing, than: number): boolean {
  switch (is) {
    case '<':
      return value < than;
    case '<=':
      return value <= than;
    case '>':
      return value > than;
    case '>=':
      return value >= than;
    case '=':
      return Math.abs(value - than) < 1e-9;
    default:
      return unreachable(is);
  }
}
