// What stands in the place of rows that there are none of, and what to do about it.
import type { MatrixQuery, MatrixScreen } from '../../screens/matrix.ts';
import { MARK_WORDS } from '../parts/mark.tsx';
import type { ChangeQuery } from './search.tsx';

export function NothingMatches(props: {
  readonly query: MatrixQuery;
  readonly isSearching: boolean;
  readonly change: ChangeQuery;
  readonly clear: () => void;
}) {
  const { query, change } = props;
  if (props.isSearching) return <p class="empty">Nothing yet: the texts are still being searched.</p>;
  return (
    <div class="empty mx-nothing">
      <p>No scenario matches all of this:</p>
      <ul>
        {filtersOf(query).map(({ words, without }) => (
          <li key={words}>
            {words}
            <button type="button" class="btn" onClick={() => change(without)}>
              Leave out
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="btn" onClick={props.clear}>
        Show all scenarios <kbd>Esc</kbd>
      </button>
    </div>
  );
}

export function NoScenarios() {
  return (
    <p class="empty">
      The experiment has no scenarios. <code>scenarios:</code> in its manifest names the files that hold them.
    </p>
  );
}

/** Everything is missing: nobody has run it. */
export function isUnrun({ counts, total }: MatrixScreen): boolean {
  const { missing, ...others } = counts;
  return total > 0 && missing > 0 && Object.values(others).every((count) => count === 0);
}

export function NoRun() {
  return (
    <p class="notice mx-norun" role="status">
      Nothing was run yet. In a terminal, in the folder of the experiment: <code>npx expgraph run</code>. This
      page shows the answers as they come.
    </p>
  );
}

type Filter = { readonly words: string; readonly without: Partial<MatrixQuery> };

function filtersOf(query: MatrixQuery): readonly Filter[] {
  const { search, category, tag, mark, armsDiffer, runsDiffer, changedSince } = query;
  return [
    ...(search.trim() === '' ? [] : [{ words: `search: ${search}`, without: { search: '' } }]),
    ...(category.length === 0 ? [] : [{ words: `category: ${either(category)}`, without: { category: [] } }]),
    ...(tag.length === 0 ? [] : [{ words: `tag: ${either(tag)}`, without: { tag: [] } }]),
    ...(mark.length === 0
      ? []
      : [{ words: `a run: ${either(mark.map((one) => MARK_WORDS[one]))}`, without: { mark: [] } }]),
    ...(armsDiffer ? [{ words: 'arms differ', without: { armsDiffer: false } }] : []),
    ...(runsDiffer ? [{ words: 'runs differ', without: { runsDiffer: false } }] : []),
    ...(changedSince === null
      ? []
      : [{ words: `changed since invocation ${changedSince}`, without: { changedSince: null } }]),
  ];
}

const either = (words: readonly string[]): string => words.join(' or ');
