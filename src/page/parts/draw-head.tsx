// The line above an answer: what became of it, and what it took.
import type { DrawText } from '../../screens/scenario.ts';
import { formatCount, formatDuration, formatMoney } from '../../text/format.ts';
import type { ComponentChildren } from '../base/preact.ts';
import { MARK_WORDS, MarkSign } from './mark.tsx';

export function DrawHead(props: {
  readonly title: ComponentChildren;
  readonly draw: DrawText;
  readonly note?: ComponentChildren;
}) {
  const { title, draw, note } = props;
  const failed = draw.attempts.filter(({ error }) => error !== null);
  return (
    <header class="draw-head">
      <span class="draw-title">
        <MarkSign mark={draw.mark} /> {title}
      </span>
      <span class="draw-mark">{MARK_WORDS[draw.mark]}</span>
      {draw.score !== null && <span class="draw-fact">{draw.score.toFixed(2)}</span>}
      {note}
      <span class="draw-facts">
        {draw.inputTokens !== null && draw.outputTokens !== null && (
          <span class="draw-fact" title="tokens in, tokens out">
            {formatCount(draw.inputTokens)} → {formatCount(draw.outputTokens)} tokens
          </span>
        )}
        {draw.latencyMs !== null && <span class="draw-fact">{formatDuration(draw.latencyMs)}</span>}
        {draw.costUsd !== null && <span class="draw-fact">{formatMoney(draw.costUsd)}</span>}
        {failed.length > 0 && draw.attempts.length > 1 && (
          <span class="draw-fact draw-warn">{draw.attempts.length} attempts</span>
        )}
        {otherModel(draw) !== null && <span class="draw-fact draw-warn">served by {otherModel(draw)}</span>}
      </span>
    </header>
  );
}

/** What answered is not what was asked for. */
function otherModel({ model, servedModel }: DrawText): string | null {
  return servedModel === null || model === null || servedModel === model ? null : servedModel;
}
