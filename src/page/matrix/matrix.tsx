// The screen `matrix`: scenarios x variants, each cell its runs. What is asked for, shown and stood on is the address.
import type { MatrixScreen } from '../../screens/matrix.ts';
import { Refused } from '../base/load.tsx';
import { useRef } from '../base/preact.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import { Counts } from './counts.tsx';
import { isUnrun, NoRun, NoScenarios, NothingMatches } from './empty.tsx';
import { Filters } from './filters.tsx';
import { Grid } from './grid.tsx';
import { SEARCH_ID } from './search.tsx';
import { Strip } from './strip.tsx';
import { type MatrixNow, useMatrix } from './use-matrix.ts';
import { useMatrixKeys } from './use-matrix-keys.ts';
import type { RowWindows } from './windows.ts';
import './matrix.css';

export function Matrix(props: ScreenProps) {
  const now = useMatrix(props);
  const { state, rows, screen, cursor, refusal } = now;
  const main = useRef<HTMLDivElement>(null);
  useMatrixKeys({
    move: (move) => now.move(move, main.current?.querySelector('.mx-grid')?.clientHeight ?? 0),
    open: () => now.open(cursor.at.row, cursor.at.column, cursor.at.run),
    search: () => document.getElementById(SEARCH_ID)?.focus(),
    clear: now.clear,
  });
  if (refusal !== null && screen === null) return <Refused refusal={refusal} />;
  return (
    <div class="mx fills" ref={main}>
      <Filters
        state={state}
        experiment={props.experiment}
        ask={props}
        mistake={now.mistake}
        searched={screen?.searched ?? 1}
        change={now.change}
        changeShow={now.changeShow}
        toList={() => cursor.put(cursor.at)}
      />
      {screen === null || rows.windows === null ? (
        <div class="mx-wait" aria-busy={now.mistake === null} />
      ) : (
        <Answered
          now={now}
          screen={screen}
          windows={rows.windows}
          isRunning={props.experiment.running !== null}
        />
      )}
    </div>
  );
}

function Answered(props: {
  readonly now: MatrixNow;
  readonly screen: MatrixScreen;
  readonly windows: RowWindows;
  readonly isRunning: boolean;
}) {
  const { now, screen, windows } = props;
  const { state, columns, cursor, change, clear } = now;
  const { query, show } = state;
  return (
    <>
      <Counts screen={screen} query={query} change={change} clear={clear} />
      {now.refusal !== null && <Refused refusal={now.refusal} />}
      {isUnrun(screen) && !props.isRunning && <NoRun />}
      {screen.all === 0 && <NoScenarios />}
      {screen.all > 0 && screen.total === 0 && (
        <NothingMatches query={query} isSearching={screen.searched < 1} change={change} clear={clear} />
      )}
      {screen.total > 0 && (
        <>
          <Grid
            windows={windows}
            columns={columns}
            layout={now.layout}
            measures={now.measures}
            show={show}
            cursor={cursor.at}
            hasMoved={cursor.hasMoved}
            follow={cursor.follow}
            question={now.rows.key}
            isBusy={now.rows.isWaiting}
            href={now.href}
            onPress={(event) => press(event, now.open)}
          />
          <Strip
            row={cursor.hasMoved ? windows.rowAt(cursor.at.row) : null}
            columns={columns}
            at={cursor.at}
            show={show}
          />
        </>
      )}
    </>
  );
}

/** A press on a run opens it, on a cell the cell, on a name the scenario. */
function press(event: MouseEvent, open: MatrixNow['open']): void {
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
