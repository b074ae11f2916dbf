// The screen `review`: cards of a blind review, one at a time, and what their reader says of them.
import { Refused, useScreen } from '../base/load.tsx';
import { signal, useMemo } from '../base/preact.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import { LayingOut, Reader } from './reader.tsx';
import './review.css';

/** Cards do not move while they are read: what is saved elsewhere is heard of when the page is opened again. */
const still = signal('');

export function Review({ source, query, experiment }: ScreenProps) {
  const asked = useMemo(() => whoseOf(query), [query.get('review'), query.get('reviewer')]);
  const { value, refusal } = useScreen('review', { source, query: asked, revision: still });
  if (refusal) return <Refused refusal={refusal} />;
  if (value === null) return <LayingOut />;
  if (value.cards.length === 0) return <p class="empty">There is no card for {value.reviewer} to read.</p>;
  return (
    <Reader
      key={`${value.review}/${value.reviewer}`}
      screen={value}
      source={source}
      query={query}
      experiment={experiment}
    />
  );
}

function whoseOf(query: URLSearchParams): URLSearchParams {
  const asked = new URLSearchParams();
  for (const name of ['review', 'reviewer']) {
    const value = query.get(name);
    if (value !== null) asked.set(name, value);
  }
  return asked;
}
