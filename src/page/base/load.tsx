// Asks for a screen, and again whenever the query or the history changes; what was there is shown until the new one is.
import type { Refusal, ScreenName, Screens } from '../../screens/screen.ts';
import { useEffect, useState } from './preact.ts';
import type { ScreenProps } from './screen-props.ts';

export type Loaded<Name extends ScreenName> = {
  readonly value: Screens[Name] | null;
  readonly refusal: Refusal | null;
};

export function useScreen<Name extends ScreenName>(
  name: Name,
  { source, revision, query }: Pick<ScreenProps, 'source' | 'revision' | 'query'>,
): Loaded<Name> {
  const [loaded, setLoaded] = useState<Loaded<Name>>({ value: null, refusal: null });
  const asked = query.toString();
  const now = revision.value;
  useEffect(() => {
    const leaving = new AbortController();
    source.get(name, new URLSearchParams(asked), leaving.signal).then(
      (answer) => {
        if (leaving.signal.aborted) return;
        setLoaded(
          answer.ok ? { value: answer.value, refusal: null } : { value: null, refusal: answer.refusal },
        );
      },
      () => {},
    );
    return () => leaving.abort();
  }, [source, name, asked, now]);
  return loaded;
}

export function Refused({ refusal }: { readonly refusal: Refusal }) {
  return (
    <p role="alert" class={`refusal refusal-${refusal.kind}`}>
      {refusal.message}
    </p>
  );
}
