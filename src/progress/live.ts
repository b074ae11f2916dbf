// The reporter for terminals: bars that are redrawn, messages that scroll above them.
import type { Clock } from '../core/clock.ts';
import { unreachable } from '../core/result.ts';
import { type Colors, makeColors } from '../text/colors.ts';
import { makeAlike } from './alike.ts';
import { renderLive } from './progress-frame.ts';
import { INITIAL_STATE, reduce } from './progress-state.ts';
import type { Message } from './progress-words.ts';
import { openRegion, type Screen } from './region.ts';
import type { Reporter } from './reporter.ts';

export type LiveSettings = {
  readonly out: Screen & { readonly colors: boolean };
  /** Milliseconds that only grow. */
  readonly now: Clock['monotonicMs'];
  readonly after: Clock['after'];
};

/** Ten frames a second: more cannot be read, and each costs the loop's own thread. */
const FRAME_MS = 100;
/** Elapsed time and cool-downs move on while no event comes. */
const IDLE_MS = 1_000;

export function makeLiveReporter({ out, now, after }: LiveSettings): Reporter {
  const region = openRegion(out);
  const colors = makeColors(out.colors);
  const alike = makeAlike();
  let state = INITIAL_STATE;
  let messages: string[] = [];
  /** From the monotonic clock to the events' own time. */
  let offsetMs = 0;
  let drawnMs = Number.NEGATIVE_INFINITY;
  let timer: { readonly dueMs: number; readonly cancel: () => void } | null = null;
  let closed = false;

  function draw(): void {
    timer?.cancel();
    timer = null;
    drawnMs = now();
    flush();
    region.draw(
      renderLive(state, {
        columns: out.columns(),
        rows: out.rows(),
        nowMs: drawnMs + offsetMs,
        colors: out.colors,
      }),
    );
    drawAfter(IDLE_MS);
  }

  function drawAfter(ms: number): void {
    const dueMs = now() + ms;
    if (timer && timer.dueMs <= dueMs) return;
    timer?.cancel();
    timer = { dueMs, cancel: after(ms, draw) };
  }

  function flush(): void {
    if (messages.length === 0) return;
    region.print(messages.join('\n'));
    messages = [];
  }

  function pushRest(): void {
    messages.push(...alike.rest().map((message) => paint(message, colors)));
  }

  return {
    report(event) {
      if (closed) return;
      if (state === INITIAL_STATE) offsetMs = Date.parse(event.at) - now();
      const before = state;
      state = reduce(state, event);
      const message = alike.messageOf(event);
      if (event.kind === 'scores-planned') pushRest();
      if (message) messages.push(paint(message, colors));
      // Nothing can be drawn before there is a plan; its bars come at once.
      if (state.tasks === 0 || (state === before && !message)) return;
      const waitMs = drawnMs + FRAME_MS - now();
      if (waitMs <= 0) draw();
      else drawAfter(waitMs);
    },
    close() {
      if (closed) return;
      closed = true;
      timer?.cancel();
      pushRest();
      flush();
      region.close();
    },
  };
}

function paint({ severity, text }: Message, colors: Colors): string {
  switch (severity) {
    case 'error':
      return colors.error(text);
    case 'warning':
      return colors.warning(text);
    case 'note':
      return text;
    default:
      return unreachable(severity);
  }
}
