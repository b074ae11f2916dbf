// A gate between threads: questions and answers over a message port, numbered, so that calls side by side are kept apart.
import type { MessagePort } from 'node:worker_threads';
import type { CallSize } from '../core/call-size.ts';
import type { CallGate, EndedCall } from '../core/gate.ts';
import type { Order } from '../core/order.ts';

export type GatedOrder = { readonly order: Order; readonly port: MessagePort };

type Question =
  | { readonly kind: 'admit'; readonly n: number; readonly size: CallSize }
  | { readonly kind: 'ended'; readonly call: EndedCall };
type Answer = { readonly n: number; readonly verdict: 'go' | 'closed' };

/** The worker's side. */
export function gateOver(port: MessagePort): CallGate {
  const waiting = new Map<number, (verdict: Answer['verdict']) => void>();
  let n = 0;
  port.on('message', ({ n: number, verdict }: Answer) => {
    waiting.get(number)?.(verdict);
    waiting.delete(number);
  });
  return {
    admit: (size) =>
      new Promise((resolve) => {
        waiting.set(++n, resolve);
        port.postMessage({ kind: 'admit', n, size } satisfies Question);
      }),
    // Only an executor lets an order wait, and it is on the other side.
    waits: () => {},
    goesOn: () => {},
    ended: (call) => port.postMessage({ kind: 'ended', call } satisfies Question),
  };
}

/** The loop's side. */
export function serveGate(port: MessagePort, gate: CallGate): void {
  port.on('message', (question: Question) => {
    if (question.kind === 'ended') return gate.ended(question.call);
    void gate
      .admit(question.size)
      .then((verdict) => port.postMessage({ n: question.n, verdict } satisfies Answer));
  });
}
