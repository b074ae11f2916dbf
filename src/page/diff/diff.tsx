// Two invocations: how many cells are what they were, and each that is not, with a way to its answers.
import type { InvocationDiffScreen } from '../../screens/invocations.ts';
import { formatCount } from '../../text/format.ts';
import { bindKeys } from '../base/keys.ts';
import { Refused, useScreen } from '../base/load.tsx';
import { useEffect } from '../base/preact.ts';
import { go } from '../base/route.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import { ScreenLink } from '../parts/screen-link.tsx';
import { Cells } from './cells.tsx';
import './diff.css';

export function Diff(props: ScreenProps) {
  const { query, source } = props;
  const asked = new URLSearchParams([...query].filter(([name]) => name === 'a' || name === 'b'));
  const { value, refusal } = useScreen('diff', { ...props, query: asked });
  useEffect(
    () =>
      bindKeys([
        {
          key: 'Escape',
          does: 'back to the invocations',
          run: () => go({ screen: 'invocations', query: new URLSearchParams() }),
        },
      ]),
    [],
  );
  if (refusal) return <Refused refusal={refusal} />;
  if (value === null) return <p class="empty">Reading…</p>;
  const change = query.get('change');
  const cells = change === null ? value.cells : value.cells.filter((cell) => cell.change === change);
  return (
    <div class="page">
      <div class="bar diff-bar">
        <h2 title={`${value.a} → ${value.b}`}>
          {value.called.a} <span class="muted">→</span> {value.called.b}
        </h2>
        <Swap query={query} value={value} />
        <ScreenLink screen="invocations" query={new URLSearchParams()} class="btn">
          Other invocations
        </ScreenLink>
      </div>
      <Counts counts={value.counts} change={change} query={query} />
      <Cells
        cells={cells}
        isCut={isCut(value)}
        shown={shownOf(query)}
        more={() => showMore(query)}
        canRead={source.holds('scenario')}
      />
    </div>
  );
}

/** The other way round is another question: what is new was gone. */
function Swap({ query, value }: { readonly query: URLSearchParams; readonly value: InvocationDiffScreen }) {
  const [a, b] = [query.get('a') ?? value.a, query.get('b') ?? value.b];
  return (
    <ScreenLink screen="diff" query={new URLSearchParams({ a: b, b: a })} class="btn">
      Swap
    </ScreenLink>
  );
}

function Counts(props: {
  readonly counts: InvocationDiffScreen['counts'];
  readonly change: string | null;
  readonly query: URLSearchParams;
}) {
  const { counts, change, query } = props;
  const choose = (word: string): void => {
    const next = new URLSearchParams(query);
    if (word === change) next.delete('change');
    else next.set('change', word);
    next.delete('rows');
    go({ screen: 'diff', query: next }, true);
  };
  return (
    <div class="bar diff-counts">
      {Object.entries(counts).map(([word, count]) =>
        // What is the same is counted, and not listed.
        count === 0 ? null : word === 'same' ? (
          <span key={word} class="muted">
            {formatCount(count)} {word}
          </span>
        ) : (
          <button
            key={word}
            type="button"
            class={word === change ? 'chip on' : 'chip'}
            aria-pressed={word === change}
            onClick={() => choose(word)}
          >
            {formatCount(count)} {word}
          </button>
        ),
      )}
    </div>
  );
}

const STEP = 200;

function shownOf(query: URLSearchParams): number {
  const rows = query.get('rows') ?? '';
  return /^\d{1,6}$/.test(rows) ? Math.max(STEP, Number(rows)) : STEP;
}

function showMore(query: URLSearchParams): void {
  const next = new URLSearchParams(query);
  next.set('rows', String(shownOf(query) + STEP));
  go({ screen: 'diff', query: next }, true);
}

/** More of them changed than are listed. */
function isCut({ counts, cells }: InvocationDiffScreen): boolean {
  const changed = Object.entries(counts).reduce(
    (sum, [word, count]) => sum + (word === 'same' ? 0 : count),
    0,
  );
  return changed > cells.length;
}
