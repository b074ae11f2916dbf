// The screen `matrix`: the rows that match, a page of them.
import { readMatrixQuery } from '../../screens/matrix-query.ts';
import { matrixPage } from '../../screens/matrix-select.ts';
import type { Answer } from '../../screens/screen.ts';
import { given, refused } from './screen-refusal.ts';
import type { ViewContext } from './view-context.ts';

export function matrixScreen({ snapshot, selections, query: params }: ViewContext): Answer<'matrix'> {
  const query = readMatrixQuery(params);
  if (query.kind === 'err') return refused('bad-request', query.error);
  const selected = selections.of(query.value);
  if (selected.kind === 'err') return refused('bad-request', selected.error);
  return given<'matrix'>(matrixPage(snapshot.index, selected.value, query.value));
}
