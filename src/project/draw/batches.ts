// Batches of one invocation: what is written down before they are sent, what earlier ones left out there, and when all of one is kept.
import {
  type BatchNote,
  endBatch,
  type KeptBatch,
  noteBatch,
  writeBatch,
} from '../../cache/disk/batch-files.ts';
import type { Store } from '../../cache/store.ts';
import type { BatchBook, BatchDraft, BatchOrder } from '../../core/batch.ts';
import type { Clock } from '../../core/clock.ts';
import type { JsonObject } from '../../core/json.ts';
import type { AnyRecord, InvocationRecord } from '../../core/record.ts';
import { rowId, type Task } from '../../core/task.ts';
import type { BatchSettings } from '../../executor/batched.ts';
import type { TaskContext } from '../../run/run.ts';
import { wayOf } from '../open/batchable.ts';
import type { Emit } from '../open/emit.ts';
import type { Experiment } from '../open/experiment.ts';
import { type Out, readOut } from '../select/out-batches.ts';
import { readStrays, type Stray } from './stray-items.ts';

export type BatchWork = AsyncDisposable & {
  readonly settings: BatchSettings;
  /** Learns what is kept. */
  readonly store: Pick<Store, 'put' | 'log'>;
  /** null = it is a call. */
  readonly orderOf: (task: Task, attempt: number) => BatchOrder | null;
  /** What nobody asks for any more: paid for, so it is kept when it comes. */
  readonly strays: readonly Stray[];
  /** To be told of each task that may be sent: what its record will need goes beside its batch. */
  readonly remember: (task: Task, context: TaskContext) => TaskContext;
  /** Cells that are out and asked for. */
  readonly asked: () => number;
};

/** null = nothing goes in a batch, and nothing is out. */
export function openBatches(invocation: {
  readonly experiment: Experiment;
  readonly pending: readonly Task[];
  readonly store: Store;
  readonly record: Pick<InvocationRecord, 'invocation' | 'started_at' | 'force' | 'argv'>;
  readonly emit: Emit;
  readonly until: BatchSettings['until'];
  readonly clock: Clock;
}): BatchWork | null {
  const { experiment, pending, store, record } = invocation;
  const { root, redact, manifest } = experiment;
  const out = readOut({ root, store });
  const goes = pending.some(({ variant }) => isBatched(experiment, variant));
  if (!goes && out.batches.length + out.over.length === 0) return null;
  const isOld = makeIsOld(out, record);
  const asked = new Set(pending.flatMap(({ key }) => isOld(key)?.entry.item ?? []));
  const open = new Map(out.batches.map(({ batch }) => [batch.tag, batch]));
  const left = new Map(out.batches.map(({ batch, left: items }) => [batch.tag, new Set(items.keys())]));
  const known = new Map<string, { readonly task: Task; readonly context: TaskContext }>();
  let noting: Promise<unknown> = Promise.resolve();

  const end = async (batch: KeptBatch, note: BatchNote): Promise<void> => {
    open.delete(batch.tag);
    left.delete(batch.tag);
    await store.hold.confirm();
    await noteBatch(batch, note);
    endBatch(batch);
  };
  /** Whatever the disk says: the next invocation finds out by the records. */
  const later = (work: () => Promise<void>): void => {
    noting = noting.then(work).catch(() => {});
  };
  const now = (): string => invocation.clock.now().toISOString();
  for (const batch of out.over) {
    later(async () => {
      if (batch.end === null) await end(batch, { type: 'batch-collected', at: now() });
      else endBatch(batch);
    });
  }

  /** It is durable, whatever it was. */
  function kept(items: Iterable<string | undefined>): void {
    for (const item of items) {
      const tag = item?.slice(0, item.indexOf('-'));
      const of = tag === undefined ? undefined : left.get(tag);
      if (item === undefined || tag === undefined || !of?.delete(item) || of.size > 0) continue;
      const batch = open.get(tag)!;
      later(() => end(batch, { type: 'batch-collected', at: now() }));
    }
  }

  const book: BatchBook = {
    find: (tag) => open.get(tag),
    async intend(draft) {
      await store.hold.confirm();
      const batch = await writeBatch(root, { head: headOf(draft), orders: ordersOf(draft), redact });
      open.set(batch.tag, batch);
      left.set(batch.tag, new Set(batch.items));
      for (const { item } of batch.entries) asked.add(item);
      return batch;
    },
    async sent(tag, sent) {
      const batch = open.get(tag);
      if (batch === undefined) return;
      await store.hold.confirm();
      open.set(tag, await noteBatch(batch, { type: 'batch-sent', ...sent }));
    },
    async dropped(tag, why) {
      const batch = open.get(tag);
      if (batch) await end(batch, { type: 'batch-dropped', why: redact(why).slice(0, 500), at: now() });
    },
  };

  function headOf(draft: BatchDraft): Parameters<typeof writeBatch>[1]['head'] {
    const { orders, ...rest } = draft;
    const [first] = orders;
    return {
      ...rest,
      provider: known.get(first!.order.key)!.context.provider,
      invocation: record.invocation,
      isForced: record.force,
      entries: orders.map(({ item, order }) => ({ item, key: order.key, ...order.cell })),
    };
  }

  /** Parts and rows once each, before the first that needs them. */
  function* ordersOf({ orders }: BatchDraft): Generator<JsonObject> {
    const told = new Set<string>();
    for (const { item, order } of orders) {
      const { task, context } = known.get(order.key)!;
      for (const part of context.parts) {
        if (told.has(part.digest)) continue;
        told.add(part.digest);
        yield { type: 'part', v: 1, ...part };
      }
      const row = rowId(task);
      if (!told.has(row)) {
        told.add(row);
        const content = context.metadata() as unknown as JsonObject;
        yield { type: 'row', v: 1, row, slug: context.slug, content };
      }
      const { trace: _, batch: __, ...plain } = order;
      const { key, variant, scenario, run, category, parts } = task;
      const { provider, price } = context;
      const cell = { key, variant, scenario, run, category, parts };
      yield {
        type: 'order',
        v: 1,
        item,
        row,
        provider,
        price,
        task: cell,
        content: plain,
      } as unknown as JsonObject;
    }
  }

  const strays = readStrays({ out, asked, record });
  return {
    settings: { book, until: invocation.until, tell: invocation.emit },
    store: {
      async put(entry) {
        const record = await store.put(entry);
        kept((record as AnyRecord).attempts.map(({ batch }) => batch?.item));
        return record;
      },
      async log(line) {
        const logged = await store.log(line);
        if (line.type === 'attempt') kept([line.batch?.item]);
        return logged;
      },
    },
    orderOf(task, attempt) {
      const way = wayOf(manifest, experiment.variants.get(task.variant)!.variant);
      const place = attempt === 1 ? isOld(task.key) : undefined;
      if (place) {
        const { batch, entry } = place;
        const only = way.kind === 'call' ? { only: 'out' as const } : {};
        return { wire: batch.wire, out: { tag: batch.tag, item: entry.item }, ...only };
      }
      return way.kind === 'call' ? null : { wire: way.wire, out: null };
    },
    strays,
    remember(task, context) {
      known.set(task.key, { task, context });
      return context;
    },
    asked: () =>
      [...left.values()].reduce((sum, items) => sum + [...items].filter((item) => asked.has(item)).length, 0),
    async [Symbol.asyncDispose]() {
      await noting;
    },
  };
}

function isBatched({ manifest, variants }: Experiment, name: string): boolean {
  return wayOf(manifest, variants.get(name)!.variant).kind === 'batch';
}

/** What is out answers what is asked for, unless that is to be drawn again: then only what was drawn again before, and is not yet here. */
function makeIsOld(
  out: Out,
  { force, argv }: Pick<InvocationRecord, 'force' | 'argv'>,
): (key: string) => ReturnType<Out['placeOf']> {
  if (force && argv.includes('--anew')) return () => undefined;
  return (key) => out.placeOf(key, force);
}
