// The next scenario and the one before are fetched while this one is read: j and k show them at once.

import type { Answer, ScreenName } from '../../screens/screen.ts';
import type { Source } from '../base/source.ts';

/** Some neighbours in both directions; a scenario with all its answers is some hundred kB. */
const MAX_KEPT = 6;

export type Ahead = {
  /** Answers of `scenario` that were fetched for this revision are given at once. */
  readonly source: Source;
  fetch(query: URLSearchParams): void;
};

export function lookAhead(source: Source): Ahead {
  const kept = new Map<string, Promise<Answer<ScreenName>>>();
  const keep = (query: URLSearchParams): void => {
    const asked = query.toString();
    if (kept.has(asked)) return;
    const answer = source.get('scenario', query).catch((): Answer<ScreenName> => {
      kept.delete(asked);
      return { ok: false, refusal: { kind: 'broken', message: 'the viewer does not answer' } };
    });
    kept.set(asked, answer);
    // What was refused once is asked for again.
    void answer.then(({ ok }) => (ok ? undefined : kept.delete(asked)));
    const oldest = kept.keys().next().value;
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  };
  return {
    source: {
      ...source,
      get<Name extends ScreenName>(name: Name, query: URLSearchParams, signal?: AbortSignal) {
        const found = name === 'scenario' ? kept.get(query.toString()) : undefined;
        if (found === undefined) return source.get(name, query, signal);
        // Once: when it is asked for again, something has changed.
        kept.delete(query.toString());
        return found as Promise<Answer<Name>>;
      },
    },
    fetch: keep,
  };
}
