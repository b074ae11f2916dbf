// The room of batches with everything around it in the test's hand: time, the vendor, and what is written down.
import { type BatchEnd, type Batches, makeBatches } from '../../src/batches/batches.ts';
import type { At, BatchWire, ItemEnd, LookEnd, SendEnd } from '../../src/batches/wire.ts';
import type { BatchBook, BatchDraft, BatchPlace, OpenBatch } from '../../src/core/batch.ts';
import type { RunEvent } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Endpoint, Order } from '../../src/core/order.ts';
import type { Failure } from '../../src/core/outcome.ts';
import { ok } from '../../src/core/result.ts';
import type { ClientAnswer, SplitClient } from '../../src/providers/provider.ts';
import { type HandClock, handClock } from '../rig/clock.ts';

export type PlayedBatch = {
  readonly id: string;
  readonly tag: string;
  readonly lines: readonly string[];
  state: LookEnd;
};

export type Played = {
  readonly batches: Batches;
  readonly clock: HandClock;
  /** That the vendor took, in order. */
  readonly sent: PlayedBatch[];
  /** Every batch that was tried, by its number of items. */
  readonly tries: number[];
  readonly events: RunEvent[];
  /** What was written down: `intend 3`, `sent batch-1`, `dropped: why`. */
  readonly book: string[];
  /** What the vendor says to the next batches; taken where it says nothing. */
  readonly says: ((lines: readonly string[]) => SendEnd | null)[];
  /** What files of answers hold, by batch; else an answer to each line. */
  readonly files: Map<string, readonly (readonly [string, ItemEnd])[]>;
  /** Before each line of a file is given out. */
  onLine: ((item: string) => void) | null;
  ask(key: string, of?: Partial<{ text: string; model: string; out: BatchPlace }>): Promise<BatchEnd>;
  end(which?: (batch: PlayedBatch) => boolean): void;
};

export const ENDPOINT = {
  type: 'openai',
  api: 'chat',
  baseUrl: 'http://127.0.0.1:1/v1',
} as unknown as Endpoint;

export function played(limits: { maxItems?: number; maxBytes?: number; until?: 'sent' } = {}): Played {
  const { maxItems = 1_000, maxBytes = 1_000_000, until = 'answered' } = limits;
  const clock = handClock();
  const sent: PlayedBatch[] = [];
  const book: string[] = [];
  const tries: number[] = [];
  const events: RunEvent[] = [];
  const open = new Map<string, OpenBatch>();

  const wire: BatchWire = {
    name: 'openai',
    maxItems,
    maxBytes,
    isOneModel: true,
    lineOf: (item, body) => JSON.stringify({ item, ...body }),
    async send(_at: At, { tag, lines }) {
      tries.push(lines.length);
      const said = it.says.shift()?.(lines) ?? null;
      if (said !== null) return said;
      const id = `batch-${sent.length + 1}`;
      sent.push({ id, tag, lines, state: { kind: 'open', done: 0, failed: 0 } });
      return { kind: 'sent', id };
    },
    async find() {
      return ok({ kind: 'none' });
    },
    async look(_at, id) {
      return ok(sent.find((one) => one.id === id)!.state);
    },
    async results(_at, { files }, each) {
      for (const id of files) {
        const batch = sent.find((one) => one.id === id)!;
        const lines = it.files.get(id) ?? batch.lines.map((line) => [itemIn(line), ANSWER] as const);
        for (const [item, end] of lines) {
          it.onLine?.(item);
          await each(item, end);
        }
      }
      return ok(null);
    },
    async cancel() {
      return ok(null);
    },
  };

  const written: BatchBook = {
    find: (tag) => open.get(tag),
    async intend(draft: BatchDraft) {
      book.push(`intend ${draft.orders.length}`);
      const { orders, digest: _, bytes: __, ...rest } = draft;
      const items = orders.map(({ item }) => item);
      const batch = { ...rest, items, provider: 'vendor', invocation: 'i', isForced: false, sent: null };
      open.set(draft.tag, batch);
      return batch;
    },
    async sent(tag, sent) {
      const { id } = sent;
      open.set(tag, { ...open.get(tag)!, sent });
      book.push(`sent ${id}`);
    },
    async dropped(tag, why) {
      open.delete(tag);
      book.push(`dropped: ${why}`);
    },
  };

  const client: SplitClient = {
    async bodyOf({ messages, model }) {
      return ok({ model, text: JSON.stringify(messages) } as JsonObject);
    },
    async read({ status, text }): Promise<ClientAnswer> {
      if (status < 300)
        return { kind: 'completion', completion: { text } as never, requestId: null, limits: null };
      const failure: Failure = { kind: 'overloaded', status, message: text, retryAfterMs: null };
      return { kind: 'failure', failure, requestId: null, limits: null };
    },
    async ask() {
      throw new Error('the wire of this test asks nobody');
    },
  };

  const it: Played = {
    batches: makeBatches({
      book: written,
      clock,
      splitOf: async () => ok(client),
      until,
      tell: (event) => events.push(event),
      wires: () => wire,
    }),
    clock,
    sent,
    tries,
    events,
    book,
    says: [],
    files: new Map(),
    onLine: null,
    ask(key, { text = 'hello', model = 'm', out } = {}) {
      const order = {
        key,
        endpoint: ENDPOINT,
        request: { model, messages: [{ role: 'user', content: text }] },
        batch: { wire: 'openai', out: out ?? null },
      } as unknown as Order;
      return it.batches.ask(order);
    },
    end(which = () => true) {
      for (const batch of sent.filter(which))
        batch.state = { kind: 'ended', files: [batch.id], answers: batch.lines.length };
    },
  };
  return it;
}

export const ANSWER: ItemEnd = { kind: 'answer', status: 200, headers: {}, text: 'fine' };

export function itemIn(line: string): string {
  return (JSON.parse(line) as { item: string }).item;
}

/** `answer`, `overloaded: why`, `left`. */
export function words(end: BatchEnd): string {
  if (end.kind === 'left') return 'left';
  const { answer } = end;
  if (answer.kind === 'completion') return 'answer';
  return answer.kind === 'failure' ? `${answer.failure.kind}: ${answer.failure.message}` : answer.kind;
}

export async function all(ends: readonly Promise<BatchEnd>[]): Promise<readonly string[]> {
  return (await Promise.all(ends)).map(words);
}
