// Orders and outcomes as they lie in Redis: long orders beside their jobs.
import { sha256 } from '../core/canonical.ts';
import { parseObject } from '../core/json-text.ts';
import type { Order } from '../core/order.ts';
import type { Link, OnTrouble } from './link.ts';
import type { QueueNames, Where } from './names.ts';
import { DROP } from './scripts.ts';
import { type Delivered, type Packet, QUEUE_FORMAT, readDelivered, write } from './words.ts';

/** BullMQ reads and writes a job several times; above this it lies beside it. */
const MOST_BYTES = 100_000;
/** An order is asked for within its timeouts; what is left behind goes by itself. */
const LONG_SECONDS = 7 * 24 * 3_600;

/** @returns what BullMQ keeps of the job, and whether its order lies beside it. The order is written as JSON once. */
export async function makePacket(input: {
  readonly id: string;
  readonly link: Link;
  readonly names: QueueNames;
  readonly order: Order;
  readonly isGated: boolean;
  readonly needs: string;
}): Promise<{ readonly data: string; readonly isLong: boolean }> {
  const { id, link, names, order, isGated, needs } = input;
  const head = { v: QUEUE_FORMAT, needs, isGated } as const;
  const text = JSON.stringify(order);
  if (text.length <= MOST_BYTES) return { data: withOrder(JSON.stringify(head), text), isLong: false };
  await link.ask('SET', names.long(id), text, 'EX', LONG_SECONDS);
  return { data: write({ ...head, long: sha256(text) }), isLong: true };
}

function withOrder(head: string, order: string): string {
  return `${head.slice(0, -1)},"order":${order}}`;
}

/** null = Redis does not have it any more. */
export async function orderIn(
  packet: Packet,
  { id, link, names }: { readonly id: string; readonly link: Link; readonly names: QueueNames },
): Promise<Order | null> {
  if ('order' in packet) return packet.order;
  const text = (await link.ask('GET', names.long(id))) as string | null;
  if (text === null || sha256(text) !== packet.long) return null;
  return parseObject(text) as unknown as Order;
}

export type Reader = (hash: string, field: string) => Promise<Delivered | null>;

/** Outcomes that are asked for in one turn of the loop come together. What is none is deleted: whoever waits for it would wait for ever. */
export function makeReader(link: Link, names: QueueNames): Reader {
  const texts = byHash(names, async (hash, fields) => {
    return (await link.ask('HMGET', hash, ...fields)) as (string | null)[];
  });
  return async (hash, field) => {
    const text = await texts(hash, field);
    const delivered = text === null ? null : readDelivered(text);
    if (text !== null && delivered === null) await link.script(DROP, [hash], [field, text]);
    return delivered;
  };
}

export type Forgetting = {
  /** Resolves when Redis has it no more, or has refused that. */
  readonly forget: (at: Where) => Promise<void>;
  /** Resolves when all that is being forgotten is gone. */
  readonly over: () => Promise<unknown>;
};

/** So do those that are deleted. */
export function makeForgetting(link: Link, names: QueueNames, onTrouble: OnTrouble): Forgetting {
  const forgetting = new Set<Promise<unknown>>();
  const forgetOne = byHash(names, async (hash, fields) => {
    await link.ask('HDEL', hash, ...fields);
    return fields.map(() => undefined);
  });
  return {
    async forget({ hash, field }) {
      const gone = forgetOne(hash, field).catch(onTrouble);
      forgetting.add(gone);
      await gone;
      forgetting.delete(gone);
    },
    over: () => Promise.all(forgetting),
  };
}

/** What is asked of fields of a hash in one turn of the loop is asked together. @param ask answers for each field, in their order */
function byHash<Answer>(
  names: QueueNames,
  ask: (hash: string, fields: readonly string[]) => Promise<readonly Answer[]>,
): (hash: string, field: string) => Promise<Answer> {
  type Waiting = PromiseWithResolvers<Answer> & { readonly field: string };
  const waiting = new Map<string, Waiting[]>([
    [names.outcomes, []],
    [names.surplus, []],
  ]);

  async function askAll(hash: string): Promise<void> {
    const these = waiting.get(hash)!;
    waiting.set(hash, []);
    try {
      const answers = await ask(
        hash,
        these.map(({ field }) => field),
      );
      for (const [i, { resolve }] of these.entries()) resolve(answers[i]!);
    } catch (cause) {
      for (const { reject } of these) reject(cause);
    }
  }

  return (hash, field) => {
    const these = waiting.get(hash)!;
    const one = { field, ...Promise.withResolvers<Answer>() };
    these.push(one);
    if (these.length === 1) setImmediate(() => void askAll(hash));
    return one.promise;
  };
}
