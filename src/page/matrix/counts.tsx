// How many rows there are, and how many runs of each mark: a click on one leaves the rows that have it.
import { MARKS, type Mark, type MatrixQuery, type MatrixScreen } from '../../screens/matrix.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { MARK_SHAPES, MARK_WORDS } from '../parts/mark.tsx';
import { isNarrowed } from './address.ts';
import type { ChangeQuery } from './search.tsx';

const SHORT_WORDS: Readonly<Record<Mark, string>> = { ...MARK_WORDS, error: 'no answer' };

export function Counts(props: {
  readonly screen: MatrixScreen;
  readonly query: MatrixQuery;
  readonly change: ChangeQuery;
  readonly clear: () => void;
}) {
  const { screen, query, change } = props;
  const { total, all, counts } = screen;
  const rows =
    total === all
      ? formatAmount(all, 'scenario')
      : `${formatCount(total)} of ${formatAmount(all, 'scenario')}`;
  return (
    <div class="mx-counts">
      <p>{rows}</p>
      {MARKS.filter((mark) => counts[mark] > 0 || query.mark.includes(mark)).map((mark) => {
        const isOn = query.mark.includes(mark);
        return (
          <button
            key={mark}
            type="button"
            class={isOn ? 'chip on' : 'chip'}
            aria-pressed={isOn}
            title={`Scenarios with a run that is: ${MARK_WORDS[mark]}`}
            onClick={() =>
              change({ mark: isOn ? query.mark.filter((one) => one !== mark) : [...query.mark, mark] })
            }
          >
            <span class={`mark mark-${mark}`} aria-hidden="true">
              {MARK_SHAPES[mark]}
            </span>
            <b>{formatCount(counts[mark])}</b> {SHORT_WORDS[mark]}
          </button>
        );
      })}
      {isNarrowed(query) && (
        <button type="button" class="btn mx-clear" onClick={props.clear}>
          Clear <kbd>Esc</kbd>
        </button>
      )}
    </div>
  );
}
