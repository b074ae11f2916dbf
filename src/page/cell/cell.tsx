// The history of a cell: its generations, the newest first, each with what changed in its key and in its answer.
import type { CellScreen } from '../../screens/cell.ts';
import { formatAmount } from '../../text/format.ts';
import { bindKeys } from '../base/keys.ts';
import { Refused, useScreen } from '../base/load.tsx';
import { useEffect, useRef } from '../base/preact.ts';
import { go } from '../base/route.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import { lookKeys, lookOf, type ReadingLook } from '../parts/look.ts';
import { type LookState, readLook, setLook } from '../parts/look-address.ts';
import { ScreenLink } from '../parts/screen-link.tsx';
import { Switch } from '../parts/switch.tsx';
import { Generation } from './generation.tsx';
import { moveBy } from './move.ts';
import './cell.css';

export function Cell(props: ScreenProps) {
  const { query, source } = props;
  const asked = new URLSearchParams();
  for (const name of ['variant', 'scenario', 'run']) asked.set(name, query.get(name) ?? '');
  const { value, refusal } = useScreen('cell', { ...props, query: asked });
  const state = readLook(query);
  const look = lookOf(state, {
    hasHistory: false,
    change: (part: Partial<LookState>) => {
      const next = new URLSearchParams(query);
      setLook(next, { ...state, ...part });
      go({ screen: 'cell', query: next }, true);
    },
  });
  useCellKeys(look);
  if (refusal) return <Refused refusal={refusal} />;
  if (value === null) return <p class="empty">Reading…</p>;
  return <History cell={value} look={look} canRead={source.holds('scenario')} />;
}

function useCellKeys(look: ReadingLook): void {
  const shown = useRef(look);
  shown.current = look;
  useEffect(
    () =>
      bindKeys([
        { key: 'j', does: 'older draw', run: () => moveBy(1) },
        { key: 'k', does: 'newer draw', run: () => moveBy(-1) },
        ...lookKeys(() => shown.current),
        { key: 'Escape', does: 'back', run: () => history.back() },
      ]),
    [],
  );
}

function History(props: {
  readonly cell: CellScreen;
  readonly look: ReadingLook;
  readonly canRead: boolean;
}) {
  const { cell, look, canRead } = props;
  const { variant, scenario, run, generations } = cell;
  const side = new URLSearchParams({ scenario, arm: variant });
  return (
    <div class="page cell-page">
      <div class="bar">
        <h2>
          {variant}, {scenario}, run {run}
        </h2>
        <span class="muted">{formatAmount(generations.length, 'draw')}</span>
        {canRead && (
          <ScreenLink screen="scenario" query={side} class="btn">
            Side by side
          </ScreenLink>
        )}
        <Switch name="Markdown" k="m" isOn={look.markdown} toggle={look.toggleMarkdown} />
        <Switch name="Raw" k="r" isOn={look.raw} toggle={look.toggleRaw} />
      </div>
      {generations.length === 0 && <p class="empty">Nothing was drawn of this cell yet.</p>}
      <ol class="generations">
        {generations
          .map((generation, n) => (
            <Generation
              key={`${generation.invocation} ${generation.key}@${generation.generation}`}
              cell={cell}
              generation={generation}
              before={generations[n - 1] ?? null}
              look={look}
            />
          ))
          .toReversed()}
      </ol>
    </div>
  );
}
