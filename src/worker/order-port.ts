// What a thread and whoever gives it orders say to each other, over one port for all of its orders: orders in, outcomes out,
// several in a message where they come together, and between them questions to the gates of orders that make further calls.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { CallSize } from '../core/call-size.ts';
import type { CallGate, EndedCall, ToldResults } from '../core/gate.ts';
import type { Outcome } from '../core/outcome.ts';
import type { SpokenTo } from '../core/providers/table.ts';
import type { Packed } from './shared-parts.ts';

/** What a thread is told when it is started. */
export type ThreadData = {
  /** The manifest's, absolute: orders name files from there. */
  readonly folder: string;
  /** Who will be spoken to: what that takes is loaded ahead; left out = not known. */
  readonly spoken?: readonly SpokenTo[];
};

/** The thread takes the port away before it loads anything that is not ours. */
export type ThreadStart = ThreadData & { readonly port: MessagePort };

export type GivenOrder = Packed & {
  readonly id: number;
  /** Its further calls are asked for. */
  readonly isGated: boolean;
};

export type ToThread =
  | { readonly kind: 'orders'; readonly orders: readonly GivenOrder[] }
  | { readonly kind: 'gate'; readonly id: number; readonly told: Told };

export type FromThread =
  /** It has loaded. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'ended'; readonly ended: readonly EndedOrder[] }
  | { readonly kind: 'asked'; readonly id: number; readonly question: Question };

/** `why`: what was thrown in the place of an outcome. */
export type EndedOrder =
  | { readonly id: number; readonly outcome: Outcome }
  | { readonly id: number; readonly why: string };

type Question =
  | { readonly kind: 'admit'; readonly n: number; readonly size: CallSize }
  | { readonly kind: 'works'; readonly limitMs: number }
  | { readonly kind: 'ended'; readonly call: EndedCall }
  | { readonly kind: 'told'; readonly results: ToldResults };

type Told =
  | { readonly n: number; readonly verdict: 'go' | 'closed' }
  /** A call over the recording proxy waits for its lane, or does no longer. */
  | { readonly isWaiting: boolean };

/** The thread's side of one order's gate. Questions are numbered, so that calls side by side are kept apart. */
export function gateOver(ask: (question: Question) => void): {
  readonly gate: CallGate;
  readonly hear: (told: Told) => void;
  /** Nobody answers any more: what waits is not let in, and nothing else will be. */
  readonly close: () => void;
} {
  let isClosed = false;
  const waiting = new Map<number, (verdict: 'go' | 'closed') => void>();
  const listeners: ((isWaiting: boolean) => void)[] = [];
  let n = 0;
  return {
    gate: {
      whenWaiting: (listener) => listeners.push(listener),
      admit: (size) =>
        new Promise((resolve) => {
          if (isClosed) return resolve('closed');
          waiting.set(++n, resolve);
          ask({ kind: 'admit', n, size });
        }),
      // Only an executor lets an order wait, and it is on the other side.
      waits: () => {},
      goesOn: () => {},
      works: (limitMs) => ask({ kind: 'works', limitMs }),
      ended: (call) => ask({ kind: 'ended', call }),
      told: (results) => ask({ kind: 'told', results }),
    },
    hear(told) {
      if ('isWaiting' in told) {
        for (const listener of listeners) listener(told.isWaiting);
        return;
      }
      waiting.get(told.n)?.(told.verdict);
      waiting.delete(told.n);
    },
    close() {
      isClosed = true;
      for (const resolve of waiting.values()) resolve('closed');
      waiting.clear();
    },
  };
}

/** The loop's side of it: hears the questions of one order. */
export function serveGate(gate: CallGate, tell: (told: Told) => void): (question: Question) => void {
  gate.whenWaiting?.((isWaiting) => tell({ isWaiting }));
  return (question) => {
    if (question.kind === 'ended') gate.ended(question.call);
    else if (question.kind === 'told') gate.told(question.results);
    else if (question.kind === 'works') gate.works(question.limitMs);
    else void gate.admit(question.size).then((verdict) => tell({ n: question.n, verdict }));
  };
}

/** What a thread that has ended had still said: of what it did, nothing else is left. */
export function* leftIn(port: MessagePort): Generator<FromThread> {
  for (;;) {
    const left = receiveMessageOnPort(port) as { readonly message: FromThread } | undefined;
    if (left === undefined) return;
    yield left.message;
  }
}
