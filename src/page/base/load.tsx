// Asks for a screen, and again whenever the query or the history changes; what was there is shown until the new one is.
import type { Refusal, ScreenName, Screens } from '../../screens/screen.ts';
import { useEffect, useRef, useState } from './preact.ts';
import { addressOf, go, type Route } from './route.ts';
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
  // What was refused because nobody answered is asked for again once somebody does.
  const connection = source.connection.value;
  // Of what is shown: the stream of changes begins with the revision that the first answer was of, and is no reason to ask again.
  const shown = useRef<{ readonly asked: string; readonly revision: string } | null>(null);
  useEffect(() => {
    if (shown.current?.asked === asked && shown.current.revision === now) return;
    const leaving = new AbortController();
    source.get(name, new URLSearchParams(asked), leaving.signal).then(
      (answer) => {
        if (leaving.signal.aborted) return;
        shown.current = answer.ok ? { asked, revision: revisionOf(answer.value) ?? now } : null;
        setLoaded(
          answer.ok ? { value: answer.value, refusal: null } : { value: null, refusal: answer.refusal },
        );
      },
      () => {},
    );
    return () => leaving.abort();
  }, [source, name, asked, now, connection]);
  return loaded;
}

function revisionOf(value: object): string | null {
  return 'revision' in value && typeof value.revision === 'string' ? value.revision : null;
}

export function Refused({ refusal }: { readonly refusal: Refusal }) {
  if (refusal.kind === 'withheld') return <Withheld message={refusal.message} />;
  return (
    <p role="alert" class={`notice bad refusal refusal-${refusal.kind}`}>
      {refusal.message}
    </p>
  );
}

/** No mistake: the reader is to judge before he sees any number. */
function Withheld({ message }: { readonly message: string }) {
  return (
    <div class="empty withheld refusal-withheld" role="status">
      <h2>Withheld until the blind review is closed</h2>
      <p>{message}</p>
      <a
        class="btn"
        href={addressOf(REVIEW)}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          go(REVIEW);
        }}
      >
        Read and judge
      </a>
    </div>
  );
}

const REVIEW: Route = { screen: 'review', query: new URLSearchParams() };
