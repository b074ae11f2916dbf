// The state of the matrix <-> its address: what is asked for (screens/matrix-query.ts says how it is written), what cells show, and
// where the reader stands.
import type { MatrixQuery } from '../../screens/matrix.ts';
import { DEFAULT_QUERY, readMatrixQuery, writeMatrixQuery } from '../../screens/matrix-query.ts';
import { readSearch } from '../../screens/search-terms.ts';

/** What is written into a cell for each of its runs. */
export type Show = 'marks' | 'score' | 'tokens' | 'latency' | 'cost';
export const SHOWS: readonly Show[] = ['marks', 'score', 'tokens', 'latency', 'cost'];

/** All from 0; of a row its place among those that match, as `ScenarioScreen.position` is. */
export type Place = {
  readonly row: number;
  readonly column: number;
  /** A number of a run, from 1; null = none was picked. */
  readonly run: number | null;
};

export type MatrixState = {
  readonly query: MatrixQuery;
  readonly show: Show;
  /** null = nobody has moved yet. */
  readonly at: Place | null;
  /** What is wrong with the address, in words. */
  readonly mistake: string | null;
};

export function readState(params: URLSearchParams): MatrixState {
  const query = readMatrixQuery(params);
  const show = params.get('show') as Show;
  // Found out here: a server that is asked for what it must refuse is a red line in the browser's console at each letter.
  const search = readSearch(params.get('q') ?? '');
  return {
    query: query.kind === 'ok' ? { ...query.value, offset: 0, limit: DEFAULT_QUERY.limit } : DEFAULT_QUERY,
    show: SHOWS.includes(show) ? show : 'marks',
    at: readPlace(params.get('at')),
    mistake: query.kind === 'err' ? query.error : search.kind === 'err' ? search.error : null,
  };
}

export function writeState({ query, show, at }: Omit<MatrixState, 'mistake'>): URLSearchParams {
  const params = writeMatrixQuery(query);
  if (show !== 'marks') params.set('show', show);
  if (at !== null) params.set('at', writePlace(at));
  return params;
}

/** `scenario?...`: side by side goes on to the next of what is asked for here, and comes back to it. The name of the scenario is last. */
export function scenarioQuery(
  state: Omit<MatrixState, 'mistake'>,
  scenario: string,
  arm?: string,
): URLSearchParams {
  const params = writeState(state);
  if (arm !== undefined) params.set('arm', arm);
  if (state.at?.run != null) params.set('runs', String(state.at.run));
  params.set('scenario', scenario);
  return params;
}

/** Whether rows or columns are left out: what `clear` would bring back. */
export function isNarrowed(query: MatrixQuery): boolean {
  const { search, category, tag, variant, mark, armsDiffer, runsDiffer, changedSince } = query;
  const some = [category, tag, variant, mark].some(({ length }) => length > 0);
  return search.trim() !== '' || some || armsDiffer || runsDiffer || changedSince !== null;
}

/** Order and what is shown stay as they are. */
export function cleared(query: MatrixQuery): MatrixQuery {
  const { sort, descending } = query;
  return { ...DEFAULT_QUERY, sort, descending };
}

/** `17`, `17.1`, `17.1.3`. */
function readPlace(text: string | null): Place | null {
  const found = /^(\d{1,9})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?$/.exec(text ?? '');
  if (found === null) return null;
  return { row: Number(found[1]), column: Number(found[2] ?? 0), run: found[3] ? Number(found[3]) : null };
}

function writePlace({ row, column, run }: Place): string {
  if (run !== null) return `${row}.${column}.${run}`;
  return column === 0 ? String(row) : `${row}.${column}`;
}
