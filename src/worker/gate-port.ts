// A gate between threads: questions and answers over a message port, numbered, so that calls side by side are kept apart.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { CallSize } from '../core/call-size.ts';
import type { CallGate, EndedCall, ToldResults } from '../core/gate.ts';
import type { Order } from '../core/order.ts';

/** What a thread is told when it is started. */
export type ThreadData = {
  /** The manifest's, absolute: orders name files from there. */
  readonly folder: string;
};

export type GatedOrder = { readonly order: Order; readonly port: MessagePort };

type Question =
  | { readonly kind: 'admit'; readonly n: number; readonly size: CallSize }
  | { readonly kind: 'works'; readonly limitMs: number }
  | { readonly kind: 'ended'; readonly call: EndedCall }
  | { readonly kind: 'told'; readonly results: ToldResults };
type Answer = { readonly n: number; readonly verdict: 'go' | 'closed' };
/** A call over the recording proxy waits for its lane, or does no longer. */
type News = { readonly isWaiting: boolean };

/** The worker's side. */
export function gateOver(port: MessagePort): CallGate {
  const waiting = new Map<number, (verdict: Answer['verdict']) => void>();
  let n = 0;
  const listeners: ((isWaiting: boolean) => void)[] = [];
  port.on('message', (told: Answer | News) => {
    if ('isWaiting' in told) {
      for (const listener of listeners) listener(told.isWaiting);
      return;
    }
    waiting.get(told.n)?.(told.verdict);
    waiting.delete(told.n);
  });
  return {
    whenWaiting: (listener) => listeners.push(listener),
    admit: (size) =>
      new Promise((resolve) => {
        waiting.set(++n, resolve);
        port.postMessage({ kind: 'admit', n, size } satisfies Question);
      }),
    // Only an executor lets an order wait, and it is on the other side.
    waits: () => {},
    goesOn: () => {},
    works: (limitMs) => port.postMessage({ kind: 'works', limitMs } satisfies Question),
    ended: (call) => port.postMessage({ kind: 'ended', call } satisfies Question),
    told: (results) => port.postMessage({ kind: 'told', results } satisfies Question),
  };
}

/**
 * The loop's side. @returns reads what is still in the port: an order's outcome comes another way and may overtake what was
 * told before it, and of a thread that died nothing else is left.
 */
export function serveGate(port: MessagePort, gate: CallGate): { readonly drain: () => void } {
  port.on('message', answer);
  gate.whenWaiting?.((isWaiting) => port.postMessage({ isWaiting } satisfies News));
  return {
    drain() {
      for (;;) {
        const left = receiveMessageOnPort(port) as { readonly message: Question } | undefined;
        if (left === undefined) return;
        answer(left.message);
      }
    },
  };

  function answer(question: Question): void {
    if (question.kind === 'ended') gate.ended(question.call);
    else if (question.kind === 'told') gate.told(question.results);
    else if (question.kind === 'works') gate.works(question.limitMs);
    else void admit(question);
  }

  async function admit({ n, size }: Extract<Question, { kind: 'admit' }>): Promise<void> {
    port.postMessage({ n, verdict: await gate.admit(size) } satisfies Answer);
  }
}
