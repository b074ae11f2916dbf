// Orders and outcomes as they lie in Redis: long ones beside what names them, by their digest.
import { sha256 } from '../core/canonical.ts';
import { parseObject } from '../core/json-text.ts';
import type { Order } from '../core/order.ts';
import type { Link } from './link.ts';
import type { QueueNames } from './names.ts';
import { type Delivered, type Packet, QUEUE_FORMAT, readDelivered } from './words.ts';

/** BullMQ reads and writes a job several times; above this it lies beside it. */
const MOST_BYTES = 100_000;
/** An order is asked for within its timeouts; what is left behind goes by itself. */
const LONG_SECONDS = 7 * 24 * 3_600;

export async function makePacket(input: {
  readonly link: Link;
  readonly names: QueueNames;
  readonly order: Order;
  readonly isGated: boolean;
  readonly needs: string;
}): Promise<Packet> {
  const { link, names, order, isGated, needs } = input;
  const head = { v: QUEUE_FORMAT, needs, isGated } as const;
  const text = JSON.stringify(order);
  if (text.length <= MOST_BYTES) return { ...head, order };
  const long = sha256(text);
  await link.ask('SET', names.long(long), text, 'EX', LONG_SECONDS);
  return { ...head, long };
}

/** null = Redis does not have it any more. */
export async function orderIn(
  packet: Packet,
  { link, names }: { readonly link: Link; readonly names: QueueNames },
): Promise<Order | null> {
  if ('order' in packet) return packet.order;
  const text = (await link.ask('GET', names.long(packet.long))) as string | null;
  if (text === null || sha256(text) !== packet.long) return null;
  return parseObject(text) as unknown as Order;
}

export type Reader = (hash: string, field: string) => Promise<Delivered | null>;

/** Outcomes that are asked for in one turn of the loop come together. */
export function makeReader(link: Link, names: QueueNames): Reader {
  type Wanted = {
    readonly field: string;
    readonly got: (text: string | null) => void;
    readonly failed: (cause: unknown) => void;
  };
  const wanted = new Map<string, Wanted[]>([
    [names.outcomes, []],
    [names.surplus, []],
  ]);

  async function fetch(hash: string): Promise<void> {
    const these = wanted.get(hash)!;
    wanted.set(hash, []);
    try {
      const texts = (await link.ask('HMGET', hash, ...these.map(({ field }) => field))) as (string | null)[];
      for (const [i, { got }] of these.entries()) got(texts[i] ?? null);
    } catch (cause) {
      for (const { failed } of these) failed(cause);
    }
  }

  return async (hash, field) => {
    const text = await new Promise<string | null>((got, failed) => {
      const these = wanted.get(hash)!;
      these.push({ field, got, failed });
      if (these.length === 1) setImmediate(() => void fetch(hash));
    });
    return text === null ? null : readDelivered(text);
  };
}
