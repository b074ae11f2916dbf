// Which cells are out in batches of vendors: sent, or about to be, and not yet kept. Read from files that are small.
import {
  type BatchDamage,
  type BatchEntry,
  type KeptBatch,
  readBatches,
} from '../../cache/disk/batch-files.ts';
import { StoreError, type StoreReader } from '../../cache/store.ts';
import type { BatchOut } from '../../core/batch.ts';
import { asKey } from '../../core/brand.ts';
import type { Plan } from '../../core/task.ts';

export type OutBatch = {
  readonly batch: KeptBatch;
  /** Whose answers are not kept yet, by `custom_id`. */
  readonly left: ReadonlyMap<string, BatchEntry>;
};

export type Out = {
  readonly batches: readonly OutBatch[];
  /** Batches of which all is kept, or which are not out: their files may go. */
  readonly over: readonly KeptBatch[];
  /** Where a key is out; of several the newest. @param isForced only what was drawn again on purpose counts */
  placeOf(
    key: string,
    isForced: boolean,
  ): { readonly batch: KeptBatch; readonly entry: BatchEntry } | undefined;
};

const NOTHING: Out = { batches: [], over: [], placeOf: () => undefined };

/** @throws StoreError where a batch may be out and its file does not say whose cells are in it */
export function readOut(input: {
  readonly root: string;
  readonly store: Pick<StoreReader, 'ofCell' | 'read' | 'tried' | 'triedItems'>;
}): Out {
  const { batches, damages } = readBatches(input.root);
  if (batches.length === 0 && damages.length === 0) return NOTHING;
  const lost = damages.find(({ line }) => line === 1);
  if (lost) throw new StoreError(damageWords(lost));
  /** The newest first: a key that is in two was tried again. */
  const newest = new Set<string>();
  const tried = input.store.tried();
  const found: OutBatch[] = [];
  const over: KeptBatch[] = [];
  for (const batch of [...batches].reverse()) {
    const left = new Map<string, BatchEntry>();
    for (const entry of batch.end === null ? batch.entries : []) {
      const id = `${batch.isForced} ${entry.key}`;
      if (!newest.has(id) && !isKept(input.store, { batch, entry, tried })) left.set(entry.item, entry);
      newest.add(id);
    }
    if (left.size === 0) over.push(batch);
    else found.unshift({ batch, left });
  }
  const places = new Map<string, { readonly batch: KeptBatch; readonly entry: BatchEntry }>();
  for (const { batch, left } of found) {
    for (const entry of left.values()) {
      places.set(entry.key, { batch, entry });
      if (batch.isForced) places.set(`forced ${entry.key}`, { batch, entry });
    }
  }
  return {
    batches: found,
    over,
    placeOf: (key, isForced) => places.get(isForced ? `forced ${key}` : key),
  };
}

/** As it is told. @param keys of the cells that are in scope and wait */
export function batchesOut(out: Out, keys: ReadonlySet<string>): readonly BatchOut[] {
  return out.batches.map(({ batch, left }) => ({
    batch: batch.sent?.id ?? null,
    tag: batch.tag,
    provider: batch.provider,
    model: batch.model,
    sent_at: batch.sent?.at ?? batch.intendedAt,
    cells: left.size,
    asked: [...left.values()].filter(({ key }) => keys.has(key)).length,
  }));
}

/** Of these tasks the ones that are out, by their keys: a run fetches them, and sends them not. */
export function keysOut(
  out: Out,
  { pending }: Pick<Plan, 'pending'>,
  isForced: boolean,
): ReadonlySet<string> {
  return new Set(pending.flatMap(({ key }) => (out.placeOf(key, isForced) ? [key] : [])));
}

/** What is out beside a plan: whoever waits for it should know where it is. */
export function outBeside(of: {
  readonly experiment: { readonly root: string };
  readonly store: Parameters<typeof readOut>[0]['store'];
  readonly plan: Pick<Plan, 'pending'>;
}): { readonly batches?: readonly BatchOut[] } {
  const out = readOut({ root: of.experiment.root, store: of.store });
  const batches = batchesOut(out, new Set(of.plan.pending.map(({ key }) => key)));
  return batches.length === 0 ? {} : { batches };
}

/**
 * A record, or a line of the log where it failed and was to be tried again, says which item of which batch it is: also where nobody
 * came to note that it is kept.
 */
function isKept(
  store: Parameters<typeof readOut>[0]['store'],
  of: { readonly batch: KeptBatch; readonly entry: BatchEntry; readonly tried: ReadonlySet<string> },
): boolean {
  const { batch, entry, tried } = of;
  const since = Date.parse(batch.sent?.at ?? batch.intendedAt);
  const key = asKey(entry.key);
  if (tried.has(key) && store.triedItems(key).has(entry.item)) return true;
  return store.ofCell(entry, key).some((row) => {
    // What began before it was sent may have been tried again in it.
    if (row.archive !== null) return Date.parse(row.startedAt) >= since;
    const read = store.read(row);
    return read.kind === 'ok' && read.value.attempts.some(({ batch: facts }) => facts?.item === entry.item);
  });
}

function damageWords({ file, why }: BatchDamage): string {
  return `${file}: its first line ${why}: it tells of a batch that may be out at the provider, and not any more whose cells are in it. Nothing is sent before that is settled: look for the batch in the provider's console, then move the file away`;
}
