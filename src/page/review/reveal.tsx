// Real names of masked tools, for a reader who cannot judge without them. It is asked twice, for it is written into the protocol.
import { sanitizeLine } from '../../core/text.ts';
import type { RevealedTools } from '../../screens/review.ts';
import { useState } from '../base/preact.ts';
import type { Source } from '../base/source.ts';
import type { Reading } from './reading.ts';

type State =
  | { readonly kind: 'hidden' | 'asked' }
  | { readonly kind: 'shown'; readonly tools: RevealedTools['tools'] }
  | { readonly kind: 'failed'; readonly message: string };

export function Reveal(props: { readonly reading: Reading; readonly source: Source; readonly card: string }) {
  const { source, card } = props;
  const { review, reviewer, protocol } = props.reading.screen;
  const [state, setState] = useState<State>({ kind: 'hidden' });
  if (source.kind === 'file' || !protocol.mask.includes('tools')) return null;
  const reveal = async (): Promise<void> => {
    const answer = await source.revealTools({ reveal: card, review, reviewer });
    setState(answer.ok ? { kind: 'shown', ...answer.saved } : { kind: 'failed', message: answer.message });
  };
  switch (state.kind) {
    case 'hidden':
      return (
        <button type="button" class="linkish" onClick={() => setState({ kind: 'asked' })}>
          Real names of tools …
        </button>
      );
    case 'asked':
      return (
        <p class="notice warn bar">
          Names give the arm away more often than not: that you saw them is written into the protocol.
          <button type="button" class="btn" onClick={() => void reveal()}>
            Show them
          </button>
          <button type="button" class="btn" onClick={() => setState({ kind: 'hidden' })}>
            Leave them hidden
          </button>
        </p>
      );
    case 'failed':
      return (
        <p role="alert" class="notice bad">
          {state.message}
        </p>
      );
    default:
      return <Names tools={state.tools} />;
  }
}

function Names({ tools }: RevealedTools) {
  const names = Object.entries(tools);
  if (names.length === 0) return <p class="muted">No name is hidden on this card.</p>;
  return (
    <dl class="review-tools" aria-label="Real names of tools">
      {names.map(([shown, real]) => (
        <div key={shown}>
          <dt class="mono">{sanitizeLine(shown)}</dt>
          <dd>is {sanitizeLine(real)}</dd>
        </div>
      ))}
    </dl>
  );
}
