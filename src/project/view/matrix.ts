// The screen `matrix`: the rows that match, a page of them.
import { matrixPage } from '../../screens/matrix-select.ts';
import type { Answer } from '../../screens/screen.ts';
import { given, refused } from './screen-refusal.ts';
import { selectedRows } from './select-rows.ts';
import type { ViewContext } from './view-context.ts';

export async function matrixScreen(context: ViewContext): Promise<Answer<'matrix'>> {
  const selected = await selectedRows(context);
  if (selected.kind === 'err') return refused('bad-request', selected.error);
  const { query, selection } = selected.value;
  return given<'matrix'>(matrixPage(context.snapshot.index, selection, query));
}
