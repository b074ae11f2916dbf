// Lines of the list: rows, and the heads of their groups between them. All lines are of one height, so where one stands is a product.
import type { MatrixScreen } from '../../screens/matrix.ts';

export type Group = MatrixScreen['groups'][number];

export type Line =
  | { readonly kind: 'head'; readonly group: number }
  | { readonly kind: 'row'; readonly row: number; readonly group: number };

export type Layout = {
  /** Lines in all. */
  readonly count: number;
  readonly groups: readonly Group[];
  /** Whether each group begins with a line that names it. */
  readonly hasHeads: boolean;
};

export function layoutOf(screen: Pick<MatrixScreen, 'groups' | 'total'> | null): Layout {
  if (screen === null || screen.total === 0) return { count: 0, groups: [], hasHeads: false };
  const { groups, total } = screen;
  const hasHeads = groups.length > 1 || (groups[0]?.category ?? null) !== null;
  return { count: total + (hasHeads ? groups.length : 0), groups, hasHeads };
}

export function lineOfRow(layout: Layout, row: number): number {
  return layout.hasHeads ? row + 1 + groupOf(layout, row) : row;
}

export function lineAt(layout: Layout, line: number): Line {
  if (!layout.hasHeads) return { kind: 'row', row: line, group: 0 };
  const group = lastThat(layout.groups.length, (at) => headLine(layout, at) <= line);
  const head = headLine(layout, group);
  if (head === line) return { kind: 'head', group };
  return { kind: 'row', row: layout.groups[group]!.offset + line - head - 1, group };
}

/** Where a group begins and how many lines it has, its head among them. */
export function linesOf(layout: Layout, group: number): { readonly first: number; readonly count: number } {
  const { rows } = layout.groups[group]!;
  return { first: headLine(layout, group), count: rows + (layout.hasHeads ? 1 : 0) };
}

/** The first and the last row among lines of the list. */
export function rowsIn(layout: Layout, first: number, last: number): readonly [number, number] {
  const from = lineAt(layout, Math.max(0, Math.min(first, layout.count - 1)));
  const to = lineAt(layout, Math.max(0, Math.min(last, layout.count - 1)));
  return [
    from.kind === 'row' ? from.row : layout.groups[from.group]!.offset,
    to.kind === 'row' ? to.row : Math.max(0, layout.groups[to.group]!.offset - 1),
  ];
}

function headLine({ groups, hasHeads }: Layout, group: number): number {
  return groups[group]!.offset + (hasHeads ? group : 0);
}

function groupOf({ groups }: Layout, row: number): number {
  return lastThat(groups.length, (at) => groups[at]!.offset <= row);
}

/** The last of an ascending order that still holds, by halves: a thousand categories are no reason to count. */
function lastThat(count: number, holds: (at: number) => boolean): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
