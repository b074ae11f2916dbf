// Items of batches that nobody asks for any more: their cells were edited, renamed or drawn again while they were out. They are paid
// for, so their answers are kept as any other's, by what was written down beside their batch.
import { type KeptBatch, readOrders } from '../../cache/disk/batch-files.ts';
import { StoreError } from '../../cache/store.ts';
import { sizeOfOrder } from '../../core/call-size.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Price } from '../../core/manifest.ts';
import type { Order } from '../../core/order.ts';
import type { InvocationRecord, RunMetadata } from '../../core/record.ts';
import type { Part, Task } from '../../core/task.ts';
import { boundOf } from '../../run/limits/budget.ts';
import type { TaskContext } from '../../run/run.ts';
import { batchLane } from '../plan/accounts.ts';
import type { Out, OutBatch } from '../select/out-batches.ts';

export type Stray = { readonly task: Task; readonly context: TaskContext };

type Written =
  | ({ readonly type: 'part' } & Part)
  | { readonly type: 'row'; readonly row: string; readonly slug: string; readonly content: RunMetadata }
  | {
      readonly type: 'order';
      readonly item: string;
      readonly row: string;
      readonly provider: string;
      readonly price: Price | null;
      readonly task: Omit<Task, 'state'>;
      readonly content: Order;
    };

/** @param asked items that somebody asks for @throws StoreError where what was written down is damaged */
export function readStrays(input: {
  readonly out: Out;
  readonly asked: ReadonlySet<string>;
  readonly record: Pick<InvocationRecord, 'invocation' | 'started_at'>;
}): readonly Stray[] {
  return input.out.batches.flatMap((of) => straysOf(of, input));
}

function straysOf(
  { batch, left }: OutBatch,
  { asked, record }: Omit<Parameters<typeof readStrays>[0], 'out'>,
): readonly Stray[] {
  const wanted = new Set([...left.keys()].filter((item) => !asked.has(item)));
  if (wanted.size === 0) return [];
  const parts = new Map<string, Part>();
  const rows = new Map<string, Extract<Written, { type: 'row' }>>();
  const strays: Stray[] = [];
  for (const line of ordersOf(batch)) {
    const written = line as JsonObject as unknown as Written;
    if (written.type === 'part') parts.set(written.digest, written);
    if (written.type === 'row') rows.set(written.row, written);
    if (written.type !== 'order' || !wanted.has(written.item)) continue;
    const { item, provider, price, content } = written;
    const told = rows.get(written.row);
    if (told === undefined) break;
    const { slug, content: metadata } = told;
    const task: Task = { ...written.task, state: { kind: 'pending', reason: { kind: 'new' } } };
    const { n: _, c: __, ...kept } = metadata;
    strays.push({
      task,
      context: {
        lane: batchLane(provider),
        provider,
        price,
        order: (attempt) => ({
          ...content,
          attempt,
          batch: { wire: batch.wire, out: { tag: batch.tag, item }, only: 'unasked' },
        }),
        paidTurns: () => [],
        estimatedTokens: () => 0,
        learnTokens: () => {},
        boundOf: (size) => boundOf({ arm: task.variant, size: size ?? sizeOfOrder(content), price }),
        parts: Object.values(task.parts).flatMap((digest) => parts.get(digest) ?? []),
        slug,
        metadata: () => ({ ...kept, invocation: record.invocation, started_at: record.started_at }),
      },
    });
  }
  if (strays.length < wanted.size)
    throw damaged(batch, `${strays.length} of ${wanted.size} items that are out are in it`);
  return strays;
}

function* ordersOf(batch: KeptBatch): Generator<JsonObject> {
  try {
    yield* readOrders(batch);
  } catch (cause) {
    throw cause instanceof StoreError ? damaged(batch, cause.message) : cause;
  }
}

/** Answers that are paid for would come, and nothing would know what they are answers to. */
function damaged({ tag }: KeptBatch, what: string): StoreError {
  return new StoreError(
    `batches/${tag}.orders.jsonl is damaged (${what}), and the answers that it describes are asked for by no cell of the manifest: they are paid, and would be lost. Undo the edit, so that cells ask for them again; or take them for lost: npx expgraph batches --forget ${tag}`,
  );
}
