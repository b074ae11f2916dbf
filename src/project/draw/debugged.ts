// An executor whose orders are told of to whoever looks inside: what was asked of whom, and what became of it.
import type { Order } from '../../core/order.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Executor } from '../../executor/executor.ts';
import type { World } from '../open/world.ts';

export function debugged(executor: Executor, { debug }: Pick<World, 'debug'>): Executor {
  if (debug === undefined) return executor;
  const execute: Executor['execute'] = async (order, gate, pausing) => {
    const name = `${order.cell.variant}/${order.cell.scenario}/${order.cell.run} attempt ${order.attempt}`;
    debug('order', () => `${name}: ${asked(order)}`);
    const outcome = await executor.execute(order, gate, pausing);
    debug('order', () => `${name}: ${became(outcome)}`);
    return outcome;
  };
  // Who looks inside sees all of them alike.
  return Object.assign(Object.create(executor) as Executor, { execute, atOnce: () => null });
}

/** Headers, keys, queries and what is said to the model stay out of it. */
function asked({ endpoint, request, timeoutMs }: Order): string {
  const url = endpoint.baseUrl === null ? '' : ` at ${withoutSecrets(endpoint.baseUrl)}`;
  const { model, messages, tools } = request;
  return `${endpoint.type} ${endpoint.api}${url}, ${model}, ${messages.length} messages, ${tools.length} tools, ${timeoutMs} ms`;
}

function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return 'an address of its own';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function became(outcome: Outcome): string {
  const took = `after ${Math.round(outcome.durationMs)} ms`;
  if (outcome.kind !== 'failure') return `${outcome.kind} ${took}`;
  const { kind, status, message } = outcome.failure;
  return `${kind}${status === null ? '' : ` ${status}`} ${took}: ${message}`;
}
