// What was said and done between the question and the answer: folded, with what tools gave back.
import { sanitizeBlock, sanitizeLine } from '../../core/text.ts';
import type { DrawText } from '../../screens/scenario.ts';
import { useMemo } from '../base/preact.ts';
import { Calls } from './calls.tsx';
import type { DrawLook } from './draw-look.ts';
import { Files } from './files.tsx';
import { Fold } from './fold.tsx';
import { Markdown } from './markdown.tsx';
import { PlainText } from './plain-text.tsx';
import { beginningOf, betweenOf, type Turn, turnsOf, turnsSummary } from './turns.ts';

/** A result that is longer is cut, and can be opened: files and tables come back from tools. */
const SHOWN_CHARS = 1_200;

export function Conversation({ draw, look }: { readonly draw: DrawText; readonly look: DrawLook }) {
  const turns = useMemo(() => betweenOf(turnsOf(draw.turns), draw.text), [draw.turns, draw.text]);
  // One message that only calls says no more than the calls do.
  if (turns.length === 0 || (turns.length === 1 && turns[0]!.text === '')) return null;
  return (
    <Fold summary={turnsSummary(turns)} isOpen={look.isOpen('turns')} toggle={() => look.toggle('turns')}>
      {() => <Turns turns={turns} markdown={look.markdown} />}
    </Fold>
  );
}

export function Turns({ turns, markdown }: { readonly turns: readonly Turn[]; readonly markdown: boolean }) {
  return (
    <ol class="turns">
      {turns.map((turn, n) => (
        <li key={n} class={turn.isResult ? 'turn turn-result' : 'turn'}>
          <p class="turn-title">{sanitizeLine(turn.title)}</p>
          <Files files={turn.files} />
          {turn.text !== '' && <TurnText turn={turn} markdown={markdown} />}
          {turn.calls.length > 0 && <Calls calls={turn.calls} />}
        </li>
      ))}
    </ol>
  );
}

function TurnText({ turn, markdown }: { readonly turn: Turn; readonly markdown: boolean }) {
  if (!turn.isResult) return markdown ? <Markdown text={turn.text} /> : <PlainText text={turn.text} />;
  if (turn.text.length <= SHOWN_CHARS) return <pre class="turn-told">{sanitizeBlock(turn.text)}</pre>;
  return (
    <details class="turn-long">
      <summary>{beginningOf(sanitizeLine(turn.text), 120)}</summary>
      <pre class="turn-told">{sanitizeBlock(turn.text)}</pre>
    </details>
  );
}
