// What is asked of the matrix <-> the query of a URL. Names are the parameters of the page's address and of `/api/matrix`.
import { invocationSequence } from '../core/invocation-id.ts';
import { err, ok, type Result } from '../core/result.ts';
import { cutText, sanitizeLine } from '../core/text.ts';
import { MARKS, type Mark, type MatrixQuery, type SortKey } from './matrix.ts';

export const DEFAULT_QUERY: MatrixQuery = {
  search: '',
  category: [],
  tag: [],
  variant: [],
  mark: [],
  armsDiffer: false,
  runsDiffer: false,
  changedSince: null,
  sort: 'category',
  descending: false,
  offset: 0,
  limit: 100,
};

export const SORT_KEYS: readonly SortKey[] = [
  'category',
  'scenario',
  'score',
  'tokens',
  'latency',
  'cost',
  'spread',
];

/** Rows in one answer: some screens full. */
export const MAX_ROWS = 500;
const MAX_VALUES = 200;

/** What is not known is ignored. @returns what is wrong in one sentence, where something is */
export function readMatrixQuery(params: URLSearchParams): Result<MatrixQuery, string> {
  const mark = params.getAll('mark');
  const unknown = mark.find((one) => !MARKS.includes(one as Mark));
  if (unknown !== undefined) return err(`mark=${said(unknown)} is no mark; there are ${MARKS.join(', ')}`);
  const sort = params.get('sort') ?? DEFAULT_QUERY.sort;
  if (!SORT_KEYS.includes(sort as SortKey))
    return err(`sort=${said(sort)} is no order; there are ${SORT_KEYS.join(', ')}`);
  const order = params.get('order') ?? 'up';
  if (order !== 'up' && order !== 'down') return err(`order=${said(order)} is neither up nor down`);
  const since = params.get('since');
  if (since !== null && since !== '' && sinceNumber(since) === null)
    return err(`since=${said(since)} is no invocation; write its number, for example since=7`);
  const offset = wholeNumber(params.get('offset') ?? '0');
  const limit = wholeNumber(params.get('limit') ?? String(DEFAULT_QUERY.limit));
  if (offset === null) return err(`offset=${said(params.get('offset')!)} is no whole number`);
  if (limit === null) return err(`limit=${said(params.get('limit')!)} is no whole number`);
  const lists = ['category', 'tag', 'variant'].find((name) => params.getAll(name).length > MAX_VALUES);
  if (lists !== undefined) return err(`${lists} stands more than ${MAX_VALUES} times`);
  return ok({
    search: params.get('q') ?? '',
    category: params.getAll('category'),
    tag: params.getAll('tag'),
    variant: params.getAll('variant'),
    mark: mark as Mark[],
    armsDiffer: isYes(params.getAll('differ'), 'arms'),
    runsDiffer: isYes(params.getAll('differ'), 'runs'),
    changedSince: since === '' ? null : since,
    sort: sort as SortKey,
    descending: order === 'down',
    offset,
    limit: Math.min(limit, MAX_ROWS),
  });
}

/** Only what is not the default: addresses are read by people. */
export function writeMatrixQuery(query: MatrixQuery): URLSearchParams {
  const params = new URLSearchParams();
  if (query.search !== '') params.set('q', query.search);
  for (const name of ['category', 'tag', 'variant', 'mark'] as const)
    for (const value of query[name]) params.append(name, value);
  if (query.armsDiffer) params.append('differ', 'arms');
  if (query.runsDiffer) params.append('differ', 'runs');
  if (query.changedSince !== null) params.set('since', query.changedSince);
  if (query.sort !== DEFAULT_QUERY.sort) params.set('sort', query.sort);
  if (query.descending) params.set('order', 'down');
  if (query.offset !== DEFAULT_QUERY.offset) params.set('offset', String(query.offset));
  if (query.limit !== DEFAULT_QUERY.limit) params.set('limit', String(query.limit));
  return params;
}

/** `7`, `0007`, `7-k3f9m2q7` and `0007-20261122T204501Z` are of one number; null = it is no invocation. */
export function sinceNumber(text: string): number | null {
  const [, number] = /^(\d{1,9})(?:-[0-9a-z]{8})?$/.exec(text) ?? [];
  return number === undefined ? invocationSequence(text) : Number(number);
}

function isYes(values: readonly string[], value: string): boolean {
  return values.includes(value);
}

function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function said(text: string): string {
  return cutText(sanitizeLine(text), { width: 60, from: 'end' });
}
