// Where watch writes: a terminal that is drawn anew each round, a pipe where text is appended, or JSON lines.
import { jsonLine } from '../../core/text.ts';
import type { Io, Out } from '../io.ts';

export type Screen = {
  /** Text for people. */
  say(text: string): void;
  /** A line for scripts; nothing without --json. */
  tell(line: { readonly kind: string; readonly [field: string]: unknown }): void;
  /** A round begins: what the last one left is out of date. */
  clear(): void;
  /** A round is over: in place of all that was said of it, and again whenever the terminal's size changes. */
  show(draw: (size: Size) => string): void;
  /** Ends the listening for another size. */
  close(): void;
  /** Text is redrawn, so that a table may be said again and again. */
  readonly isRedrawn: boolean;
  readonly options: { readonly columns: number; readonly colors: boolean };
};

export type Size = { readonly columns: number; readonly rows: number; readonly colors: boolean };

export function makeScreen(io: Io, of: { readonly json: boolean; readonly keep: boolean }): Screen {
  // Results are the lines then, and text goes where progress goes.
  const out: Out = of.json ? io.err : io.out;
  const isRedrawn = out.isTerminal && !of.keep;
  let isFirst = true;
  let shown: ((size: Size) => string) | null = null;
  const redraw = (): void => {
    if (shown === null) return;
    out.write(`\x1b[H\x1b[J${shown({ columns: out.columns(), rows: out.rows(), colors: out.colors })}`);
  };
  if (isRedrawn) process.stdout.on('resize', redraw);
  return {
    say(text) {
      // What is said now is no part of what was drawn.
      shown = null;
      out.write(text);
    },
    show(draw) {
      shown = draw;
      redraw();
    },
    close: () => void process.stdout.off('resize', redraw),
    tell(line) {
      if (of.json) io.out.write(jsonLine({ ...line, v: 1, at: io.clock.now().toISOString() }));
    },
    clear() {
      shown = null;
      if (!isRedrawn) return;
      // What was on the screen before watch scrolls away and can be scrolled back to; what watch drew is replaced.
      out.write(`${isFirst ? '\n'.repeat(out.rows() - 1) : ''}\x1b[H\x1b[J`);
      isFirst = false;
    },
    isRedrawn,
    get options() {
      return { columns: out.columns(), colors: out.colors };
    },
  };
}
