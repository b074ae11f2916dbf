// Checked results -> records of the history. An end that is asked for keeps what is imported: the same import adds the rest.
import type { Store } from '../../cache/store.ts';
import { addSpent, NOTHING_SPENT, type Spent } from '../../core/paid.ts';
import type { InvocationRecord } from '../../core/record.ts';
import { endedWhy } from '../draw/ended-why.ts';
import { EXIT } from '../open/command-error.ts';
import type { Interrupts } from '../open/interrupts.ts';
import type { World } from '../open/world.ts';
import { viewCells } from '../select/plan-experiment.ts';
import type { CheckedResults, Importing } from './import-check.ts';
import { importedEntry } from './import-entry.ts';
import { makeRunBook } from './import-runs.ts';

export type KeptResults = {
  readonly imported: number;
  /** Were there already, equal in all that counts. */
  readonly there: number;
  /** Of the imported ones: those that tell of a failure. */
  readonly failed: number;
  /** An end was asked for: the rest was not read. */
  readonly stopped: boolean;
};

/** Records that may be on their way to the disk at once. */
const IN_FLIGHT = 256;

type Keeping = Importing & {
  /** Locked; it is begun with the first record. */
  readonly store: Store;
  readonly checked: CheckedResults;
  readonly record: InvocationRecord;
  readonly dryRun: boolean;
};

export async function keepResults(world: World, input: Keeping): Promise<KeptResults> {
  const { store, experiment, record, checked, taken } = input;
  const text = 'Stopping: what is imported is kept, the same import adds the rest.';
  using interrupts = world.interrupts.listen(() => world.notify({ kind: 'lines', text }));
  const book = makeRunBook({ store, experiment, taken, areApart: checked.beside === 0 });
  const kept = { imported: 0, there: 0, failed: 0, stopped: false };
  let spent = NOTHING_SPENT;
  let isBegun = false;
  let flying: Promise<unknown>[] = [];
  reading: for (const { source, fileTime } of input.files) {
    for await (const { place, result } of source.items()) {
      if (result.kind === 'err') continue;
      if (interrupts.stop.aborted) {
        kept.stopped = true;
        break reading;
      }
      const { value } = result;
      const entryFacts = { experiment, invocation: record, format: source.format, fileTime };
      const placed = book.place(value, {
        place,
        entryOf: (run) => {
          const scenarios = checked.rows.get(JSON.stringify([value.variant, run])) ?? 0;
          return importedEntry({ ...entryFacts, scenarios, result: { ...value, run } });
        },
      });
      if (placed.kind === 'there') kept.there++;
      if (placed.kind !== 'new') continue;
      const { entry } = placed;
      kept.imported++;
      if (entry.record.status === 'failed') kept.failed++;
      spent = addSpent(spent, { usage: entry.record.usage, costUsd: entry.record.cost_usd });
      if (input.dryRun) continue;
      if (!isBegun) store.begin(record);
      isBegun = true;
      flying.push(store.put(entry));
      if (flying.length < IN_FLIGHT) continue;
      await Promise.all(flying);
      flying = [];
    }
  }
  await Promise.all(flying);
  if (!isBegun) return kept;
  store.refreshView(viewCells(experiment, null));
  const endedAt = world.clock.now().toISOString();
  await store.end(recordOfImport(record, { good: checked.good, kept, spent, interrupts, endedAt }));
  return kept;
}

function recordOfImport(
  record: InvocationRecord,
  ended: {
    readonly good: number;
    readonly kept: KeptResults;
    readonly spent: Spent;
    readonly interrupts: Interrupts;
    readonly endedAt: string;
  },
): InvocationRecord {
  const { good, spent } = ended;
  const { imported, there, failed, stopped } = ended.kept;
  const signal = ended.interrupts.signal();
  return {
    ...record,
    ended_at: ended.endedAt,
    how: stopped ? 'interrupted' : 'complete',
    why: stopped
      ? `${endedWhy({ how: 'interrupted', why: null, signal, failed: 0, missing: 0 })}; the same import adds the rest`
      : null,
    exit_code: stopped ? EXIT.interrupted : EXIT.complete,
    totals: {
      ...record.totals,
      tasks: good,
      executed: imported,
      cached: there,
      failed,
      missing: good - imported - there,
      attempts: imported,
      usage: spent.untold === spent.calls ? null : { ...spent.usage },
      cost_usd: spent.costUsd,
      cost_usd_at_least: spent.atLeastUsd,
    },
  };
}
