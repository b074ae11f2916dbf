// One lane: calls under way above, attempts in rows below, on a canvas, because ten thousand elements would be slow.
import type { TimelineLane } from '../../screens/timeline.ts';
import { formatDuration } from '../../text/format.ts';
import { useEffect, useRef, useState } from '../base/preact.ts';
import { go } from '../base/route.ts';
import { attemptAt, drawLane, heightOf } from './draw-lane.ts';
import type { Span } from './span.ts';
import { usePaint } from './use-paint.ts';

/** Shorter than this is a click. */
const DRAG_PX = 5;

export function Lane({
  lane,
  span,
  see,
}: {
  readonly lane: TimelineLane;
  readonly span: Span;
  readonly see: (span: Span) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [active, setActive] = useState<number | null>(null);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const { width, colors } = usePaint(canvas);
  const height = heightOf(lane);
  useEffect(() => {
    if (canvas.current && width > 0)
      drawLane(canvas.current, { lane, span, width, height, colors, active, drag });
  }, [lane, span.from, span.to, width, colors, active, drag]);
  const timeAt = (x: number): number => span.from + (x / width) * (span.to - span.from);
  const attempt = active === null ? undefined : lane.attempts[active];
  const open = (at: number | null): void => {
    const one = at === null ? undefined : lane.attempts[at];
    if (one) go({ screen: 'scenario', query: new URLSearchParams({ scenario: one.scenario }) });
  };
  const step = (by: number): void => {
    if (lane.attempts.length === 0) return;
    const next = active === null ? (by > 0 ? 0 : lane.attempts.length - 1) : active + by;
    setActive(Math.max(0, Math.min(lane.attempts.length - 1, next)));
  };
  const keys: { readonly [key: string]: () => void } = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    Home: () => setActive(0),
    End: () => setActive(lane.attempts.length - 1),
    Escape: () => setActive(null),
    Enter: () => open(active),
  };
  const { totals } = lane;
  return (
    <section class="timeline-lane">
      <h2>{lane.lane}</h2>
      <div
        class="timeline-room"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys go through the attempts
        tabIndex={0}
        role="application"
        aria-roledescription="timeline"
        aria-label={`${lane.lane}: ${totals.attempts} attempts, ${totals.failed} failed, ${totals.most} at once at the most. Arrow keys go through them, Enter opens the scenario.`}
        onKeyDown={(event) => {
          const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
          if (run === undefined) return;
          event.preventDefault();
          run();
        }}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: event.offsetX, to: event.offsetX });
        }}
        onPointerMove={(event) => {
          if (drag) setDrag({ from: drag.from, to: event.offsetX });
          setActive(attemptAt(lane, { span, width, height, x: event.offsetX, y: event.offsetY }));
        }}
        onPointerUp={(event) => {
          if (drag === null) return;
          const [from, to] = [Math.min(drag.from, event.offsetX), Math.max(drag.from, event.offsetX)];
          setDrag(null);
          if (to - from >= DRAG_PX) see({ from: timeAt(from), to: timeAt(to) });
          else open(attemptAt(lane, { span, width, height, x: event.offsetX, y: event.offsetY }));
        }}
        onPointerLeave={() => setActive(null)}
      >
        <canvas ref={canvas} style={{ height: `${height}px` }} />
      </div>
      <p class="timeline-told muted" aria-live="polite">
        {attempt === undefined
          ? '\u00a0'
          : `${attempt.variant} / ${attempt.scenario} / ${attempt.run}, attempt ${attempt.n}: ${attempt.error ?? 'answered'}${attempt.status === null ? '' : ` (${attempt.status})`} after ${formatDuration(attempt.to - attempt.from)}, at ${formatDuration(attempt.from)}`}
      </p>
    </section>
  );
}
