// Side by side: one scenario, all arms x runs, each held against one of the others. All of its state is in its address.
import { Refused, useScreen } from '../base/load.tsx';
import { useEffect, useMemo, useRef } from '../base/preact.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import { lookOf } from '../parts/look.ts';
import { askedPart, readReading } from './address.ts';
import { lookAhead } from './ahead.ts';
import { Columns } from './columns.tsx';
import { Controls } from './controls.tsx';
import { Head } from './head.tsx';
import { useReadingKeys } from './keys.ts';
import { change } from './moves.ts';
import { Setup } from './setup.tsx';
import './scenario.css';

export function Scenario(props: ScreenProps) {
  const { source, revision, query } = props;
  const asked = askedPart(query).toString();
  const ahead = useMemo(() => lookAhead(source), [source, revision.value]);
  const { value, refusal } = useScreen('scenario', {
    source: ahead.source,
    revision,
    query: new URLSearchParams(asked),
  });
  const state = readReading(query);
  const look = lookOf(state, {
    change: (part) => change(query, part),
    hasHistory: source.holds('cell'),
  });
  useReadingKeys({ screen: value, state, query, look });
  useEffect(() => {
    for (const neighbour of [value?.next, value?.previous]) {
      if (neighbour === null || neighbour === undefined) continue;
      const next = new URLSearchParams(asked);
      next.set('scenario', neighbour);
      ahead.fetch(next);
    }
  }, [value, ahead]);
  useBeginning(value?.scenario ?? null);
  if (refusal) return <Refused refusal={refusal} />;
  if (value === null) return <p class="empty">Reading…</p>;
  return (
    <div class="reading" style={{ '--arms': value.arms.length }}>
      <Head screen={value} query={query} />
      <Controls screen={value} state={state} query={query} look={look} />
      <Setup screen={value} state={state} query={query} />
      <Columns screen={value} state={state} query={query} look={look} />
    </div>
  );
}

/** Another scenario is read from its beginning. */
function useBeginning(scenario: string | null): void {
  const shown = useRef(scenario);
  useEffect(() => {
    if (shown.current !== null && shown.current !== scenario) scrollTo(0, 0);
    shown.current = scenario;
  }, [scenario]);
}
