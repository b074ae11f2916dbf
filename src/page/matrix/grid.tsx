// The list itself: heads that stick, groups, and of the rows only those that are seen.
// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed by position cannot be those of a table; roles say what they are
// biome-ignore-all lint/a11y/useFocusableInteractive: of a grid one cell has the focus, not its rows and heads
import type { MatrixScreen } from '../../screens/matrix.ts';
import { formatAmount } from '../../text/format.ts';
import { type ComponentChildren, useEffect, useLayoutEffect, useMemo, useRef } from '../base/preact.ts';
import { useVirtual, type Virtual } from '../base/virtual.ts';
import type { Place, Show } from './address.ts';
import { type Layout, lineAt, lineOfRow, linesOf, rowsIn } from './layout.ts';
import { type Measures, Row } from './row.tsx';
import type { RowWindows } from './windows.ts';
import './grid.css';

export type GridProps = {
  readonly windows: RowWindows;
  readonly columns: MatrixScreen['columns'];
  readonly layout: Layout;
  readonly measures: Measures;
  readonly show: Show;
  readonly cursor: Place;
  /** Whether somebody stands there: else it is only where Tab leads. */
  readonly hasMoved: boolean;
  /** Goes up when the cursor is to be seen, and to have the focus. */
  readonly follow: number;
  /** Another one begins at its top. */
  readonly question: string;
  readonly isBusy: boolean;
  /** Side by side, but for the name of the scenario at its end. */
  readonly href: string;
  readonly onPress: (event: MouseEvent) => void;
};

/** Lines beside those that are seen: what a flick of the wheel passes before the next frame. */
const BESIDE = 5;

export function Grid(props: GridProps) {
  const { windows, columns, layout, measures, cursor, follow } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useVirtual({
    count: layout.count,
    size: measures.line,
    scroller,
    before: measures.heads,
    covered: measures.heads + (layout.hasHeads ? measures.line : 0),
    beside: BESIDE,
    kept: layout.count > 0 ? lineOfRow(layout, cursor.row) : null,
  });
  const sides = useVirtual({
    count: columns.length,
    size: measures.column,
    scroller,
    isHorizontal: true,
    before: measures.name,
    covered: measures.name,
    beside: 1,
    kept: cursor.column,
  });
  useAsking(windows, layout, lines);
  useBeginning(scroller, props.question);
  useFollowing({ scroller, lines, sides, layout, cursor, follow, isBusy: props.isBusy });
  const isWide = measures.name + columns.length * measures.column > (scroller.current?.clientWidth ?? 0);
  const seenKey = sides.indexes.join(' ');
  const seen = useMemo(() => sides.indexes, [seenKey]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter is a key of the screen, and works wherever the focus is
    <div
      ref={scroller}
      role="grid"
      aria-label="Scenarios by variants"
      aria-rowcount={layout.count + 1}
      aria-colcount={columns.length + (measures.hasRest ? 3 : 1)}
      aria-busy={props.isBusy}
      class={`mx-grid ${props.show}${isWide ? ' wide' : ''}`}
      style={sizesOf(measures, columns.length)}
      onClick={props.onPress}
    >
      <Heads columns={columns} seen={seen} measures={measures} />
      <div role="presentation" class="mx-body" style={{ height: `${layout.count * measures.line}px` }}>
        {groupsOf(layout, lines).map(({ group, shown }) => (
          <GroupOfRows key={group} layout={layout} group={group} measures={measures}>
            {shown.map(({ line, row }) => (
              <Row
                key={row}
                row={windows.rowAt(row)}
                place={row}
                line={line}
                top={(line - linesOf(layout, group).first) * measures.line}
                columns={columns}
                seen={seen}
                measures={measures}
                show={props.show}
                cursor={cursor.row === row ? cursor : null}
                isMarked={props.hasMoved}
                isGrouped={layout.hasHeads}
                href={props.href}
              />
            ))}
          </GroupOfRows>
        ))}
      </div>
    </div>
  );
}

function useAsking(windows: RowWindows, layout: Layout, lines: Virtual): void {
  useEffect(() => {
    if (layout.count === 0 || lines.last < 0) return;
    windows.need(...rowsIn(layout, lines.first - BESIDE, lines.last + BESIDE));
  }, [windows, layout, lines.first, lines.last]);
}

/** Another question begins at its top. */
function useBeginning(scroller: { readonly current: HTMLElement | null }, question: string): void {
  const begun = useRef(question);
  useLayoutEffect(() => {
    if (begun.current === question) return;
    begun.current = question;
    scroller.current?.scrollTo({ top: 0 });
  }, [question]);
}

/** The cell of the cursor comes into sight and has the focus; it is drawn even where its row is far away. */
function useFollowing(input: {
  readonly scroller: { readonly current: HTMLElement | null };
  readonly lines: Virtual;
  readonly sides: Virtual;
  readonly layout: Layout;
  readonly cursor: Place;
  readonly follow: number;
  readonly isBusy: boolean;
}): void {
  const { scroller, lines, sides, layout, cursor, follow, isBusy } = input;
  const followed = useRef(0);
  useLayoutEffect(() => {
    // A place is one among the rows that are asked for, not among those of the question before.
    if (follow === followed.current || layout.count === 0 || isBusy) return;
    followed.current = follow;
    lines.show(lineOfRow(layout, cursor.row));
    sides.show(cursor.column);
    scroller.current
      ?.querySelector<HTMLElement>(`[data-row="${cursor.row}"] [data-column="${cursor.column}"]`)
      ?.focus({ preventScroll: true });
  });
}

function Heads(props: {
  readonly columns: MatrixScreen['columns'];
  readonly seen: readonly number[];
  readonly measures: Measures;
}) {
  const { columns, seen, measures } = props;
  return (
    <div role="row" aria-rowindex={1} class="mx-heads">
      <div role="columnheader" aria-colindex={1} class="mx-name">
        scenario
      </div>
      {seen.map((at) => {
        const { variant, runs } = columns[at]!;
        return (
          <div
            key={at}
            role="columnheader"
            aria-colindex={at + 2}
            class="mx-cell"
            title={variant}
            style={{ left: `${measures.name + at * measures.column}px` }}
          >
            <span class="mx-variant">{variant}</span>
            <span class="mx-order" aria-hidden="true">
              {runs.length > 10
                ? `${runs.length} runs`
                : runs.map((run) => (
                    <span key={run} class="mx-run">
                      {run}
                    </span>
                  ))}
            </span>
          </div>
        );
      })}
      {measures.hasRest && (
        <>
          <div role="columnheader" aria-colindex={columns.length + 2} class="mx-differ">
            differ
          </div>
          <div role="columnheader" aria-colindex={columns.length + 3} class="mx-about">
            about
          </div>
        </>
      )}
    </div>
  );
}

function GroupOfRows(props: {
  readonly layout: Layout;
  readonly group: number;
  readonly measures: Measures;
  readonly children: ComponentChildren;
}) {
  const { layout, group, measures } = props;
  const { first, count } = linesOf(layout, group);
  const { category, rows } = layout.groups[group]!;
  return (
    <div
      role="rowgroup"
      class="mx-group"
      style={{ top: `${first * measures.line}px`, height: `${count * measures.line}px` }}
    >
      {layout.hasHeads && (
        <div role="row" aria-rowindex={first + 2} class="mx-ghead">
          <div role="rowheader" aria-colindex={1} class="mx-glabel">
            {category ?? 'no category'} <span class="muted">{formatAmount(rows, 'scenario')}</span>
          </div>
        </div>
      )}
      {props.children}
    </div>
  );
}

type Shown = { readonly group: number; readonly shown: { readonly line: number; readonly row: number }[] };

function groupsOf(layout: Layout, { indexes }: Virtual): readonly Shown[] {
  const groups = new Map<number, Shown>();
  for (const line of indexes) {
    const found = lineAt(layout, line);
    const { shown }: Shown = groups.get(found.group) ?? { group: found.group, shown: [] };
    groups.set(found.group, { group: found.group, shown });
    if (found.kind === 'row') shown.push({ line, row: found.row });
  }
  return [...groups.values()];
}

function sizesOf(measures: Measures, columns: number): Record<string, string> {
  return {
    '--mx-line': `${measures.line}px`,
    '--mx-heads': `${measures.heads}px`,
    '--mx-name': `${measures.name}px`,
    '--mx-column': `${measures.column}px`,
    '--mx-run': `${measures.run}px`,
    '--mx-columns': `${columns * measures.column}px`,
  };
}
