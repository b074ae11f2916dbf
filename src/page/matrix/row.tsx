// One line of the list: a scenario with its cells, or the head of a category. Drawn again only when something of it changed.
// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed by position cannot be those of a table; roles say what they are
// biome-ignore-all lint/a11y/useFocusableInteractive: of a grid one cell has the focus, not its rows and heads
import type { MatrixRow, MatrixScreen } from '../../screens/matrix.ts';
import { useMemo } from '../base/preact.ts';
import type { Show } from './address.ts';
import { CellRuns } from './cell.tsx';
import { cellWords } from './values.ts';

/** px, and what is shown, of all rows alike. */
export type Measures = {
  readonly line: number;
  readonly heads: number;
  readonly name: number;
  readonly column: number;
  readonly run: number;
  /** Room for `differs` and the description behind the columns. */
  readonly hasRest: boolean;
};

export type RowProps = {
  /** null = it is on its way. */
  readonly row: MatrixRow | null;
  readonly place: number;
  /** Of all lines, from 0; the heads of the columns are line -1. */
  readonly line: number;
  readonly top: number;
  readonly columns: MatrixScreen['columns'];
  /** Columns that are seen. */
  readonly seen: readonly number[];
  readonly measures: Measures;
  readonly show: Show;
  /** Column and run of the cursor, if it is in this row. */
  readonly cursor: { readonly column: number; readonly run: number | null } | null;
  /** Whether the row of the cursor is to be seen as such. */
  readonly isMarked: boolean;
  /** Whether the head of its group says the category already. */
  readonly isGrouped: boolean;
  /** But for the name of the scenario at its end. */
  readonly href: string;
};

export function Row(props: RowProps) {
  const { row, place, line, top, columns, seen, measures, show, cursor, isMarked, isGrouped, href } = props;
  const from = seen[0];
  const to = seen.at(-1);
  const column = cursor?.column;
  const run = cursor?.run;
  const isHere = cursor !== null && isMarked;
  return useMemo(
    () => (
      <div
        role="row"
        aria-rowindex={line + 2}
        class={isHere ? 'mx-row here' : 'mx-row'}
        data-row={place}
        style={{ top: `${top}px` }}
      >
        <div role="rowheader" aria-colindex={1} class="mx-name">
          {row === null ? (
            <span class="mx-blank" />
          ) : (
            <a href={href + encodeURIComponent(row.scenario)} tabIndex={-1} title={row.scenario}>
              {isGrouped ? withoutCategory(row) : row.scenario}
            </a>
          )}
        </div>
        {seen.map((at) => (
          <div
            key={at}
            role="gridcell"
            aria-colindex={at + 2}
            aria-label={
              row === null ? 'on its way' : `${columns[at]!.variant}: ${cellWords(row.cells[at] ?? [], show)}`
            }
            class="mx-cell"
            data-column={at}
            tabIndex={column === at ? 0 : -1}
            style={{ left: `${measures.name + at * measures.column}px` }}
          >
            {row !== null && (
              <CellRuns
                runs={row.cells[at] ?? []}
                order={columns[at]!.runs}
                show={show}
                picked={column === at ? (run ?? null) : null}
              />
            )}
          </div>
        ))}
        {measures.hasRest && <Rest row={row} columns={columns.length} />}
      </div>
    ),
    [
      row,
      place,
      line,
      top,
      columns,
      from,
      to,
      seen.length,
      measures,
      show,
      column,
      run,
      isHere,
      isGrouped,
      href,
    ],
  );
}

function Rest({ row, columns }: { readonly row: MatrixRow | null; readonly columns: number }) {
  const differ =
    row === null ? [] : [...(row.armsDiffer ? ['arms'] : []), ...(row.runsDiffer ? ['runs'] : [])];
  const about = row?.description ?? row?.tags.join(' · ') ?? '';
  return (
    <>
      <div role="gridcell" aria-colindex={columns + 2} class="mx-differ">
        {differ.join(' · ')}
      </div>
      <div role="gridcell" aria-colindex={columns + 3} class="mx-about" title={about}>
        {about}
      </div>
    </>
  );
}

/** `ambiguous:the-thing` under `ambiguous` is `the-thing`. */
function withoutCategory({ scenario, category }: MatrixRow): string {
  const prefix = `${category}:`;
  return category !== null && scenario.startsWith(prefix) && scenario.length > prefix.length
    ? scenario.slice(prefix.length)
    : scenario;
}
