// One batch while it is made: lines are added as long as the vendor's limits hold them.
import { createHash, randomUUID } from 'node:crypto';
import type { JsonObject } from '../core/json.ts';
import type { Order } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import type { Waiter } from './waiters.ts';
import type { BatchWire } from './wire.ts';

export type Making = {
  readonly tag: string;
  readonly lines: readonly string[];
  readonly waiters: Map<string, Waiter>;
  /** @returns false: it does not hold it, and is as it was */
  readonly add: (waiter: Waiter, body: JsonObject) => boolean;
};

export function newMaking(wire: Pick<BatchWire, 'maxItems' | 'maxBytes' | 'lineOf'>): Making {
  const tag = randomUUID().replaceAll('-', '').slice(0, 16);
  const lines: string[] = [];
  const waiters = new Map<string, Waiter>();
  let bytes = 0;
  return {
    tag,
    lines,
    waiters,
    add(waiter, body) {
      const item = itemOf(tag, waiter.order);
      if (lines.length >= wire.maxItems || waiters.has(item)) return false;
      const line = wire.lineOf(item, body);
      const more = Buffer.byteLength(line) + 1;
      if (bytes + more > wire.maxBytes) return false;
      bytes += more;
      lines.push(line);
      waiters.set(item, waiter);
      return true;
    },
  };
}

/** `custom_id`: of the batch and of the key, never a name. Vendors take 64 characters. */
function itemOf(tag: string, { key }: Pick<Order, 'key'>): string {
  return `${tag}-${key.slice(0, 40)}`;
}

export function digestOf(lines: readonly string[]): { readonly digest: string; readonly bytes: number } {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const line of lines) {
    hash.update(line).update('\n');
    bytes += Buffer.byteLength(line) + 1;
  }
  return { digest: hash.digest('hex'), bytes };
}

export function tooLong({ maxBytes }: BatchWire): Failure {
  const message = `its request alone is longer than a batch may be (${Math.round(maxBytes / 1e6)} MB)`;
  return { kind: 'bad-request', status: null, message, retryAfterMs: null, isUnsent: true };
}
