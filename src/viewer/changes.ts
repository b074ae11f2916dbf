// The stream that tells pages to ask again: a line of JSON a change, to each of them, until the server ends.
import type { Viewed } from './viewed.ts';

export type Changes = {
  /** The present revision first: whoever was away for a while has missed some. */
  open(): ReadableStream<Uint8Array>;
  /** Every stream comes to its end. */
  end(): void;
  /** How many are open. */
  readonly count: () => number;
};

export function makeChanges(view: Pick<Viewed, 'revision' | 'onChange'>): Changes {
  const open = new Set<() => void>();
  return {
    open() {
      let leave = (): void => {};
      /** Of a page that does not read (its tab sleeps) only the newest waits. */
      let waiting: string | null = null;
      return new ReadableStream<Uint8Array>({
        start(controller) {
          const tell = (revision: string): void => {
            if ((controller.desiredSize ?? 0) > 0) controller.enqueue(lineOf(revision));
            else waiting = revision;
          };
          const ended = view.onChange(tell);
          const end = (): void => {
            leave();
            controller.close();
          };
          leave = () => {
            ended();
            open.delete(end);
          };
          open.add(end);
          controller.enqueue(lineOf(view.revision()));
        },
        pull(controller) {
          if (waiting === null) return;
          controller.enqueue(lineOf(waiting));
          waiting = null;
        },
        cancel: () => leave(),
      });
    },
    end() {
      for (const end of [...open]) end();
    },
    count: () => open.size,
  };
}

const encoder = new TextEncoder();

function lineOf(revision: string): Uint8Array {
  return encoder.encode(`${JSON.stringify({ revision })}\n`);
}
