// Arms beside each other, runs below each other. Parts of draws in one row begin at one height.
import type { ArmColumn, ScenarioScreen } from '../../screens/scenario.ts';
import { Draw } from '../parts/draw.tsx';
import type { ReadingLook } from '../parts/look.ts';
import { MarkSign } from '../parts/mark.tsx';
import type { ReadingState } from './address.ts';
import { useGrowing } from './growing.ts';
import { type DrawName, drawName, type Placed, type RunRow, rowsOf, runsOf, shownRuns } from './layout.ts';
import { change } from './moves.ts';

type Props = {
  readonly screen: ScenarioScreen;
  readonly state: ReadingState;
  readonly query: URLSearchParams;
  readonly look: ReadingLook;
};

export function Columns({ screen, state, query, look }: Props) {
  const { arms } = screen;
  const runs = shownRuns(runsOf(screen), state.runs);
  const rows = rowsOf(arms, { runs, base: state.base });
  const drawn = useGrowing(rows.length, screen.scenario);
  const here = arms.find(({ variant }) => variant === state.arm)?.variant ?? arms[0]?.variant;
  return (
    <div class="side">
      <div class="arm-heads">
        {arms.map((arm, n) => (
          <ArmHead
            key={arm.variant}
            arm={arm}
            n={n}
            isHere={arm.variant === here}
            choose={() => change(query, { arm: arm.variant })}
          />
        ))}
      </div>
      {rows.slice(0, drawn).map((row) => (
        <Row key={row.run} row={row} here={here} screen={screen} state={state} look={look} />
      ))}
    </div>
  );
}

/** Its runs as marks: what is below is known before it is read. */
function ArmHead(props: {
  readonly arm: ArmColumn;
  readonly n: number;
  readonly isHere: boolean;
  readonly choose: () => void;
}) {
  const { arm, n, isHere, choose } = props;
  return (
    <button
      type="button"
      class={isHere ? 'arm-head arm-head-here' : 'arm-head'}
      style={{ '--arm': `var(--arm-${(n % 6) + 1})` }}
      aria-pressed={isHere}
      onClick={choose}
    >
      <span class="arm-name">{arm.variant}</span>
      <span class="arm-marks">
        {arm.runs.map(({ run, mark }) => (
          <MarkSign key={run} mark={mark} />
        ))}
      </span>
    </button>
  );
}

function Row(props: {
  readonly row: RunRow;
  readonly here: string | undefined;
  readonly screen: ScenarioScreen;
  readonly state: ReadingState;
  readonly look: ReadingLook;
}) {
  const { row, here, screen, state, look } = props;
  return (
    <section class="run-row" aria-label={`Run ${row.run}`}>
      {row.cells.map((placed, n) => {
        const variant = screen.arms[n]!.variant;
        return (
          <div key={variant} class={variant === here ? 'cell cell-here' : 'cell'}>
            {placed === null ? (
              <p class="remark">
                {variant} has no run {row.run}.
              </p>
            ) : (
              <PlacedDraw placed={placed} scenario={screen.scenario} state={state} look={look} />
            )}
          </div>
        );
      })}
    </section>
  );
}

function PlacedDraw(props: {
  readonly placed: Placed;
  readonly scenario: string;
  readonly state: ReadingState;
  readonly look: ReadingLook;
}) {
  const { placed, scenario, state, look } = props;
  const { variant, run, draw, base, repeats, repeatedBy } = placed;
  const isFolded = repeats !== null && !state.repeats && !look.raw;
  return (
    <Draw
      id={drawId({ variant, run })}
      cell={{ variant, scenario, run }}
      title={`Run ${run}`}
      draw={draw}
      base={base}
      note={repeatedBy.length === 0 ? null : <Count placed={placed} />}
      {...(isFolded ? { instead: <Same as={repeats} /> } : {})}
      look={look}
    />
  );
}

function Count({ placed: { repeatedBy } }: { readonly placed: Placed }) {
  return (
    <span class="tag" title={repeatedBy.map(drawName).join(', ')}>
      same in {repeatedBy.length + 1} draws
    </span>
  );
}

function Same({ as }: { readonly as: { readonly variant: string; readonly run: number } }) {
  return (
    <button
      type="button"
      class="linkish"
      onClick={() => document.getElementById(drawId(as))?.scrollIntoView({ block: 'center' })}
    >
      Same answer as {drawName(as)}
    </button>
  );
}

/** Names of arms may hold anything: here only what an id may. */
function drawId({ variant, run }: DrawName): string {
  return `draw-${encodeURIComponent(variant)}-${run}`;
}
