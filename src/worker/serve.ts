// Orders in, outcomes out, with this thread's environment and clock.
import { setImmediate } from 'node:timers';
import { type MessagePort, workerData } from 'node:worker_threads';
import { clockOf } from '../core/clock.ts';
import type { CallGate } from '../core/gate.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { thrownMessage } from '../core/thrown.ts';
import {
  type EndedOrder,
  type FromThread,
  type GivenOrder,
  gateOver,
  type ThreadStart,
  type ToThread,
} from './order-port.ts';
import { makePerform } from './perform.ts';
import { makeUnpacker } from './shared-parts.ts';

/** A thread is a program of its own, with a clock of its own. */
const clock = clockOf(globalThis);

/** Does what this thread is given, until it is ended. */
export function serveOrders(): void {
  const { folder } = workerData as ThreadStart;
  serve(makePerform({ env: process.env, clock, folder }));
}

type Work = (order: Order, input: { readonly gate?: CallGate }) => Promise<Outcome>;

export function serve(work: Work): void {
  const port = takePort();
  const unpack = makeUnpacker();
  const gates = new Map<number, ReturnType<typeof gateOver>>();
  let underWay = 0;
  let ended: EndedOrder[] = [];

  const say = (message: FromThread): void => port.postMessage(message);

  function sayEnded(): void {
    if (ended.length === 0) return;
    const these = ended;
    ended = [];
    try {
      say({ kind: 'ended', ended: these });
    } catch {
      // One of them cannot cross; the others are not lost with it.
      for (const one of these) sayAlone(one);
    }
  }

  function sayAlone(one: EndedOrder): void {
    try {
      say({ kind: 'ended', ended: [one] });
    } catch (error) {
      say({ kind: 'ended', ended: [{ id: one.id, why: thrownMessage(error) }] });
    }
  }

  async function begin({ id, isGated, ...packed }: GivenOrder): Promise<void> {
    const order = unpack(packed);
    underWay++;
    if (isGated) {
      // What an order tells of its calls is paid for: it waits for nothing, and overtakes no outcome.
      gates.set(
        id,
        gateOver((question) => {
          sayEnded();
          say({ kind: 'asked', id, question });
        }),
      );
    }
    const gate = gates.get(id)?.gate;
    const end = await work(order, gate ? { gate } : {}).then(
      (outcome) => ({ id, outcome }),
      (error: unknown) => ({ id, why: thrownMessage(error) }),
    );
    gates.delete(id);
    underWay--;
    ended.push(end);
    // Answers that arrive in one turn of the event loop travel together; the last one has nobody to wait for.
    if (underWay === 0) sayEnded();
    else if (ended.length === 1) setImmediate(sayEnded);
  }

  process.on('exit', sayEnded);
  port.on('message', (message: ToThread) => {
    if (message.kind === 'gate') gates.get(message.id)?.hear(message.told);
    else for (const given of message.orders) void begin(given);
  });
  say({ kind: 'ready' });
}

/** Own code that looks at its thread finds none: what is said here is ours. */
function takePort(): MessagePort {
  const told = workerData as { port?: MessagePort };
  const port = told.port!;
  delete told.port;
  return port;
}
