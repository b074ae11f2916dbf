// The rows that a query means, with what of the texts was read by now.
import { err, ok, type Result } from '../../core/result.ts';
import type { MatrixQuery } from '../../screens/matrix.ts';
import { readMatrixQuery } from '../../screens/matrix-query.ts';
import type { Selection } from '../../screens/matrix-select.ts';
import { readSearch } from '../../screens/search-terms.ts';
import { isTextTerm } from '../../screens/search-texts.ts';
import type { ViewContext } from './view-context.ts';

export type Selected = { readonly query: MatrixQuery; readonly selection: Selection };

/** @returns what is wrong with the query, where something is */
export async function selectedRows(context: ViewContext): Promise<Result<Selected, string>> {
  const query = readMatrixQuery(context.query);
  if (query.kind === 'err') return query;
  const search = readSearch(query.value.search);
  if (search.kind === 'err') return search;
  const terms = [...search.value.all, ...search.value.none].filter(isTextTerm);
  const finder = terms.length === 0 ? null : await context.texts.finder(context.snapshot, terms);
  const selection = context.selections.of(query.value, finder);
  return selection.kind === 'err'
    ? err(selection.error)
    : ok({ query: query.value, selection: selection.value });
}
