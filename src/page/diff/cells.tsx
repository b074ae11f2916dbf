// Cells that are not what they were.
import type { InvocationDiffScreen } from '../../screens/invocations.ts';
import type { Mark } from '../../screens/matrix.ts';
import { formatCount } from '../../text/format.ts';
import { MarkSign } from '../parts/mark.tsx';
import { ScreenLink } from '../parts/screen-link.tsx';

type Cell = InvocationDiffScreen['cells'][number];

export function Cells(props: {
  readonly cells: readonly Cell[];
  readonly isCut: boolean;
  readonly shown: number;
  readonly more: () => void;
  readonly canRead: boolean;
}) {
  const { cells, isCut, shown, more, canRead } = props;
  if (cells.length === 0) return <p class="empty">Every cell is what it was.</p>;
  return (
    <>
      <div class="diff-scroll">
        <table class="data diff-cells">
          <thead>
            <tr>
              <th scope="col">scenario</th>
              <th scope="col">variant</th>
              <th scope="col" class="num">
                run
              </th>
              <th scope="col">change</th>
              <th scope="col">was → is</th>
              <th scope="col" class="num">
                score
              </th>
              <th scope="col">ways</th>
            </tr>
          </thead>
          <tbody>
            {cells.slice(0, shown).map((cell) => (
              <Row key={`${cell.variant}\0${cell.scenario}\0${cell.run}`} cell={cell} canRead={canRead} />
            ))}
          </tbody>
        </table>
      </div>
      {cells.length > shown && (
        <p>
          <button type="button" class="btn" onClick={more}>
            Show more of {formatCount(cells.length)}
          </button>
        </p>
      )}
      {isCut && (
        <p class="remark">
          The first {formatCount(cells.length)} are listed: npx expgraph diff has filters that leave cells
          out.
        </p>
      )}
    </>
  );
}

function Row({ cell, canRead }: { readonly cell: Cell; readonly canRead: boolean }) {
  const { variant, scenario, run, change, from, to, scoreFrom, scoreTo } = cell;
  const side = new URLSearchParams({ scenario, arm: variant, runs: String(run) });
  return (
    <tr class={isWorse(cell) ? 'diff-worse' : undefined}>
      <th scope="row">
        {canRead ? (
          <ScreenLink screen="scenario" query={side}>
            {scenario}
          </ScreenLink>
        ) : (
          scenario
        )}
      </th>
      <td>{variant}</td>
      <td class="num">{run}</td>
      <td>{change}</td>
      <td>
        <MarkOrNone mark={from} /> → <MarkOrNone mark={to} />
      </td>
      <td class="num">{scoreWords(scoreFrom, scoreTo)}</td>
      <td>
        <ScreenLink screen="cell" query={new URLSearchParams({ variant, scenario, run: String(run) })}>
          history
        </ScreenLink>
      </td>
    </tr>
  );
}

function MarkOrNone({ mark }: { readonly mark: Mark | null }) {
  return mark === null ? <span class="muted">none</span> : <MarkSign mark={mark} />;
}

function scoreWords(from: number | null, to: number | null): string {
  if (from === null && to === null) return '-';
  const [before, after] = [from, to].map((score) => (score === null ? '-' : score.toFixed(2)));
  return before === after ? after! : `${before} → ${after}`;
}

/** It passed, and does not any more. */
function isWorse({ from, to }: Cell): boolean {
  return from === 'passed' && (to === 'failed' || to === 'error');
}
