// One cell: its runs as marks with the number of their answer, or with a value of each.
import type { RunMark } from '../../screens/matrix.ts';
import { MARK_SHAPES, MARK_WORDS } from '../parts/mark.tsx';
import type { Show } from './address.ts';
import { cellWords, countMarks, MAX_RUNS, runValue, sumValue } from './values.ts';

/**
 * What a screen reader says of it stands on the cell (`cellWords`). Shape and number are drawn by the style sheet: one element a run is
 * what a screen full of them scrolls smoothly with.
 */
export function CellRuns(props: {
  readonly runs: readonly RunMark[];
  /** Of the column: a run that is not asked for leaves its place empty. */
  readonly order: readonly number[];
  readonly show: Show;
  readonly picked: number | null;
}) {
  const { runs, order, show, picked } = props;
  const first = runs.find(({ answer }) => answer !== null)?.answer;
  if (order.length > MAX_RUNS) return <Summed runs={runs} show={show} />;
  return (
    <>
      {order.map((number) => {
        const run = runs.find((one) => one.run === number);
        const isPicked = picked === number ? ' picked' : '';
        if (run === undefined) return <span key={number} class={`mx-run${isPicked}`} />;
        const value = runValue(run, show);
        return (
          <span
            key={number}
            class={`mx-run mark-${run.mark}${isPicked}${run.answer === first ? '' : ' other'}`}
            data-run={number}
            data-shape={
              show === 'marks' || run.mark !== 'passed' || value === '' ? MARK_SHAPES[run.mark] : ''
            }
            data-value={value}
            title={`run ${number} ${MARK_WORDS[run.mark]}`}
          />
        );
      })}
    </>
  );
}

function Summed({ runs, show }: { readonly runs: readonly RunMark[]; readonly show: Show }) {
  const value = sumValue(runs, show);
  if (show !== 'marks' && value !== '') return <span class="mx-sum" data-value={value} />;
  return (
    <span class="mx-sum" title={cellWords(runs, show)}>
      {countMarks(runs).map(([mark, count]) => (
        <span key={mark} class={`mark-${mark}`} data-shape={MARK_SHAPES[mark]} data-value={count} />
      ))}
      {value !== '' && <b data-value={value} />}
    </span>
  );
}
