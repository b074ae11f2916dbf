// The matrix's state and what can be done with it: what is asked for, the rows that came, where the reader stands, and the ways on.
import type { MatrixQuery, MatrixScreen } from '../../screens/matrix.ts';
import { DEFAULT_QUERY } from '../../screens/matrix-query.ts';
import type { Refusal } from '../../screens/screen.ts';
import { useEffect, useMemo, useRef } from '../base/preact.ts';
import { addressOf, go, route } from '../base/route.ts';
import { announce } from '../base/say.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import {
  cleared,
  isNarrowed,
  type MatrixState,
  readState,
  type Show,
  scenarioQuery,
  writeState,
} from './address.ts';
import { type Layout, layoutOf } from './layout.ts';
import { measuresOf } from './measures.ts';
import type { Bounds, Move } from './moves.ts';
import type { Measures } from './row.tsx';
import type { ChangeQuery } from './search.tsx';
import { type Cursor, useCursor } from './use-cursor.ts';
import { type Rows, useRows } from './use-rows.ts';

export type MatrixNow = {
  readonly state: MatrixState;
  readonly rows: Rows;
  readonly screen: MatrixScreen | null;
  readonly columns: MatrixScreen['columns'];
  readonly layout: Layout;
  readonly measures: Measures;
  readonly cursor: Cursor;
  /** Of what is asked now, in words, where it means nothing. */
  readonly mistake: string | null;
  readonly refusal: Refusal | null;
  /** Side by side, but for the name of the scenario at its end. */
  readonly href: string;
  readonly change: ChangeQuery;
  readonly changeShow: (show: Show) => void;
  readonly clear: () => void;
  /** Side by side of a row; the way back leads to it. */
  readonly open: (row: number, column: number, run: number | null) => void;
  readonly move: (move: Move, gridHeight: number) => void;
};

export function useMatrix({ source, revision, query: params }: ScreenProps): MatrixNow {
  const address = params.toString();
  const state = useMemo(() => readState(new URLSearchParams(address)), [address]);
  const { query, show } = state;
  const cursor = useCursor({ inAddress: state.at, address }, (at) => {
    // Whoever went elsewhere meanwhile stands there.
    if (isAt(address)) goTo({ ...state, at }, 'same');
  });
  const question = { query, isMistaken: state.mistake !== null, firstRow: cursor.at.row };
  const rows = useRows({ source, revision }, question);
  const screen = rows.windows?.screen ?? null;
  const layout = useMemo(() => layoutOf(screen), [screen?.groups, screen?.total]);
  // Each answer brings them anew, and mostly the same: what did not change draws nothing again.
  const columns = useSame(screen?.columns ?? []);
  const measures = useSame(measuresOf(columns, show));
  const total = screen?.total ?? 0;
  useTellingTotals(rows, total);
  const isMistake = rows.refusal?.kind === 'bad-request';
  return {
    state,
    rows,
    screen,
    columns,
    layout,
    measures,
    cursor,
    mistake: state.mistake ?? (isMistake ? (rows.refusal?.message ?? null) : null),
    refusal: isMistake ? null : rows.refusal,
    href: addressOf({ screen: 'scenario', query: scenarioQuery({ ...state, at: null }, '') }),
    change: (part, how) =>
      goTo({ query: { ...query, ...part }, show, at: null }, how === 'typing' ? 'same' : 'next'),
    changeShow: (next) => goTo({ query, show: next, at: cursor.hasMoved ? cursor.at : null }, 'next'),
    clear() {
      if (isNarrowed(query)) goTo({ query: cleared(query), show, at: null }, 'next');
    },
    open(row, column, run) {
      const scenario = rows.windows?.rowAt(row)?.scenario;
      if (scenario === undefined) return;
      const left = { ...state, at: { row, column, run } };
      goTo(left, 'same');
      go({ screen: 'scenario', query: scenarioQuery(left, scenario, columns[column]?.variant) });
    },
    move(move, gridHeight) {
      if (total === 0) return;
      // Of the height the heads take two lines, and the head of a group one.
      const pageRows = Math.floor(gridHeight / measures.line) - 3;
      const bounds: Bounds = { rows: total, columns: columns.map(({ runs }) => runs), pageRows };
      cursor.move(move, bounds);
    },
  };
}

const isAt = (address: string): boolean =>
  route.value.screen === 'matrix' && route.value.query.toString() === address;

/** The one from before, as long as it says the same. */
function useSame<T>(value: T): T {
  const kept = useRef(value);
  if (JSON.stringify(kept.current) !== JSON.stringify(value)) kept.current = value;
  return kept.current;
}

function goTo({ query, show, at }: Omit<MatrixState, 'mistake'>, how: 'same' | 'next'): void {
  const whole: MatrixQuery = { ...query, offset: 0, limit: DEFAULT_QUERY.limit };
  go({ screen: 'matrix', query: writeState({ query: whole, show, at }) }, how === 'same');
}

/** Who does not see the list hears what a filter left of it. */
function useTellingTotals({ key, isWaiting }: Rows, total: number): void {
  const told = useRef(key);
  useEffect(() => {
    if (isWaiting || told.current === key) return;
    told.current = key;
    announce(total === 1 ? '1 scenario' : `${total} scenarios`);
  }, [isWaiting, total, key]);
}
