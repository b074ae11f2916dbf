// Events of one invocation for whoever iterates: buffered from the first one on, and ended as the work ends.
import type { EventLine } from '../../core/event.ts';
import type { Reporter } from '../../progress/reporter.ts';

export type EventStream = AsyncIterableIterator<EventLine> & {
  readonly reporter: Reporter;
  /** Nothing comes after this. @param cause what the iteration ends with, after all that came before it */
  end(cause?: unknown): void;
};

export function makeEventStream(): EventStream {
  const events: EventLine[] = [];
  let over: { readonly cause: unknown } | null = null;
  let isLeft = false;
  let wake = (): void => {};
  return {
    reporter: {
      report(event) {
        if (isLeft) return;
        events.push(event);
        wake();
      },
      // One stream may hold several invocations: it ends with the work.
      close() {},
    },
    end(cause) {
      over ??= { cause };
      wake();
    },
    async next() {
      for (;;) {
        const value = events.shift();
        if (value !== undefined) return { done: false, value };
        if (isLeft || over) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (!isLeft && over?.cause !== undefined) {
        const { cause } = over;
        over = { cause: undefined };
        throw cause;
      }
      return { done: true, value: undefined };
    },
    // Who has heard enough is told no more; the work goes on.
    async return() {
      isLeft = true;
      events.length = 0;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
