// The screen `matrix`: scenarios x variants, each cell its runs. What is asked for, shown and stood on is the address.
import type { MatrixQuery } from '../../screens/matrix.ts';
import { DEFAULT_QUERY } from '../../screens/matrix-query.ts';
import { Refused } from '../base/load.tsx';
import { useEffect, useMemo, useRef } from '../base/preact.ts';
import { addressOf, go } from '../base/route.ts';
import { announce } from '../base/say.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import { cleared, isNarrowed, type MatrixState, readState, scenarioQuery, writeState } from './address.ts';
import { Counts } from './counts.tsx';
import { isUnrun, NoRun, NoScenarios, NothingMatches } from './empty.tsx';
import { Filters } from './filters.tsx';
import { Grid } from './grid.tsx';
import { layoutOf } from './layout.ts';
import { measuresOf } from './measures.ts';
import type { Bounds } from './moves.ts';
import { SEARCH_ID } from './search.tsx';
import { Strip } from './strip.tsx';
import { useCursor } from './use-cursor.ts';
import { useMatrixKeys } from './use-matrix-keys.ts';
import { useRows } from './use-rows.ts';
import './matrix.css';

export function Matrix(props: ScreenProps) {
  const { source, experiment, revision } = props;
  const address = props.query.toString();
  const state = useMemo(() => readState(new URLSearchParams(address)), [address]);
  const { query, show } = state;
  const cursor = useCursor({ inAddress: state.at, address }, (at) => goTo({ ...state, at }, 'same'));
  const here = { ...state, at: cursor.hasMoved ? cursor.at : null };
  const { windows, key, isWaiting, refusal } = useRows(
    { source, revision },
    { query, isMistaken: state.mistake !== null, firstRow: cursor.at.row },
  );
  const screen = windows?.screen ?? null;
  const layout = useMemo(() => layoutOf(screen), [screen?.groups, screen?.total]);
  // Each answer brings them anew, and mostly the same: what did not change draws nothing again.
  const columns = useSame(screen?.columns ?? []);
  const measures = useSame(measuresOf(columns, show));
  const change = (part: Partial<MatrixQuery>, how?: 'typing'): void =>
    goTo({ query: { ...query, ...part }, show, at: null }, how === 'typing' ? 'same' : 'next');
  const clear = (): void => {
    if (isNarrowed(query)) goTo({ query: cleared(query), show, at: null }, 'next');
  };
  const open = (row: number, column: number, run: number | null): void => {
    const scenario = windows?.rowAt(row)?.scenario;
    if (scenario === undefined) return;
    const left = { ...state, at: { row, column, run } };
    // The way back leads to where he stood.
    goTo(left, 'same');
    go({ screen: 'scenario', query: scenarioQuery(left, scenario, columns[column]?.variant) });
  };
  const main = useRef<HTMLDivElement>(null);
  const boundsNow = (): Bounds => ({
    rows: screen?.total ?? 0,
    columns: columns.map(({ runs }) => runs),
    pageRows: Math.floor((main.current?.querySelector('.mx-grid')?.clientHeight ?? 0) / measures.line) - 2,
  });
  useMatrixKeys({
    move: (move) => layout.count > 0 && cursor.move(move, boundsNow()),
    open: () => open(cursor.at.row, cursor.at.column, cursor.at.run),
    search: () => document.getElementById(SEARCH_ID)?.focus(),
    clear,
  });
  useTellingTotals(isWaiting, screen?.total ?? null, key);
  const mistake = state.mistake ?? (refusal?.kind === 'bad-request' ? refusal.message : null);
  if (refusal !== null && refusal.kind !== 'bad-request' && screen === null)
    return <Refused refusal={refusal} />;
  return (
    <div class="mx fills" ref={main}>
      <Filters
        state={state}
        experiment={experiment}
        ask={screen === null ? null : props}
        mistake={mistake}
        searched={screen?.searched ?? 1}
        change={change}
        changeShow={(next) => goTo({ ...here, show: next }, 'next')}
        toList={() => cursor.put(cursor.at)}
      />
      {screen === null || windows === null ? (
        <div class="mx-wait" aria-busy={mistake === null} />
      ) : (
        <>
          <Counts screen={screen} query={query} change={change} clear={clear} />
          {refusal !== null && refusal.kind !== 'bad-request' && <Refused refusal={refusal} />}
          {isUnrun(screen) && <NoRun />}
          {screen.all === 0 ? (
            <NoScenarios />
          ) : screen.total === 0 ? (
            <NothingMatches query={query} isSearching={screen.searched < 1} change={change} clear={clear} />
          ) : (
            <Grid
              windows={windows}
              columns={columns}
              layout={layout}
              measures={measures}
              show={show}
              cursor={cursor.at}
              hasMoved={cursor.hasMoved}
              follow={cursor.follow}
              question={key}
              isBusy={isWaiting}
              href={addressOf({ screen: 'scenario', query: scenarioQuery({ ...state, at: null }, '') })}
              onPress={(event) => press(event, open)}
            />
          )}
          {screen.total > 0 && (
            <Strip
              row={cursor.hasMoved ? windows.rowAt(cursor.at.row) : null}
              columns={columns}
              at={cursor.at}
              show={show}
            />
          )}
        </>
      )}
    </div>
  );
}

/** The one from before, as long as it says the same. */
function useSame<T>(value: T): T {
  const kept = useRef(value);
  if (JSON.stringify(kept.current) !== JSON.stringify(value)) kept.current = value;
  return kept.current;
}

function goTo(state: Omit<MatrixState, 'mistake'>, how: 'same' | 'next'): void {
  go(
    {
      screen: 'matrix',
      query: writeState({ ...state, query: { ...state.query, offset: 0, limit: DEFAULT_QUERY.limit } }),
    },
    how === 'same',
  );
}

/** A press on a run opens it, on a cell the cell, on a name the scenario. */
function press(event: MouseEvent, open: (row: number, column: number, run: number | null) => void): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const target = event.target as Element;
  const row = target.closest('[data-row]')?.getAttribute('data-row');
  if (row == null || target.closest('.mx-name, [data-column]') === null) return;
  // Who marks text to copy it does not want to leave.
  if (getSelection()?.isCollapsed === false) return;
  event.preventDefault();
  const column = target.closest('[data-column]')?.getAttribute('data-column') ?? '0';
  const run = target.closest('[data-run]')?.getAttribute('data-run') ?? null;
  open(Number(row), Number(column), run === null ? null : Number(run));
}

/** Who does not see the list hears what a filter left of it. */
function useTellingTotals(isWaiting: boolean, total: number | null, key: string): void {
  const told = useRef(key);
  useEffect(() => {
    if (isWaiting || total === null || told.current === key) return;
    told.current = key;
    announce(total === 1 ? '1 scenario' : `${total} scenarios`);
  }, [isWaiting, total, key]);
}
