// The line under the list: the cell where the reader stands, in words and numbers.
import type { MatrixRow, MatrixScreen } from '../../screens/matrix.ts';
import type { Place, Show } from './address.ts';
import { cellWords, runWords } from './values.ts';

export function Strip(props: {
  readonly row: MatrixRow | null;
  readonly columns: MatrixScreen['columns'];
  readonly at: Place;
  readonly show: Show;
}) {
  const { row, columns, at, show } = props;
  const runs = row?.cells[at.column] ?? [];
  const picked = runs.find(({ run }) => run === at.run);
  return (
    <footer class="mx-strip">
      {row === null ? (
        <p class="muted mx-hint">
          <kbd>j</kbd> <kbd>k</kbd> <kbd>h</kbd> <kbd>l</kbd> or arrows move, <kbd>Enter</kbd> opens side by
          side
        </p>
      ) : (
        <p>
          <b>{row.scenario}</b> <span class="muted">{columns[at.column]?.variant}</span>{' '}
          {picked ? runWords(picked) : cellWords(runs, show)}
        </p>
      )}
      <p class="muted mx-hint">
        <kbd>1</kbd>…<kbd>9</kbd> run <kbd>/</kbd> search <kbd>?</kbd> keys
      </p>
    </footer>
  );
}
