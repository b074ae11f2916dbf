// Reads everything once before anything is written: either all of it is history or nothing of it.
import type { StoreReader } from '../../cache/store.ts';
import { precomputedOf } from '../../core/precomputed.ts';
import type { InvocationRecord } from '../../core/record.ts';
import type { Experiment } from '../open/experiment.ts';
import { importedEntry } from './import-entry.ts';
import { makeMistakes } from './import-mistakes.ts';
import { makeRunBook, type TakenRuns } from './import-runs.ts';
import type { Source } from './import-source.ts';

export type CheckedResults = {
  readonly good: number;
  readonly bad: number;
  /** Of the bad ones: those whose run another result has. */
  readonly taken: number;
  /** Results by variant and run, as JSON of both. */
  readonly rows: ReadonlyMap<string, number>;
  readonly variants: ReadonlySet<string>;
  /** Scores that the results came with, by name, and how many did. */
  readonly scores: ReadonlyMap<string, number>;
  /** Results that are there already, or whose run another one has. */
  readonly beside: number;
  /** Results whose scenario the manifest has. */
  readonly inManifest: number;
  readonly unknownVariants: ReadonlySet<string>;
  readonly unknownScenarios: ReadonlySet<string>;
  /** What is wrong: of equal mistakes the first places and a count. */
  readonly mistakes: readonly string[];
  /** What of the history they were held against; see `seenOf`. */
  readonly seen: string;
};

export type OpenedFile = {
  readonly source: Source;
  /** When it was written: for results that do not say when they were made. ISO 8601. */
  readonly fileTime: string;
};

export type Importing = {
  readonly files: readonly OpenedFile[];
  readonly experiment: Experiment;
  readonly taken: TakenRuns;
};

/** Says whether there are other records than before: others may have made some, or a remote brought them. */
export function seenOf(store: Pick<StoreReader, 'drawn'>): string {
  const drawn = store.drawn();
  return `${drawn.length} ${drawn.reduce((sum, { executed }) => sum + executed, 0)}`;
}

export async function checkResults({ files, experiment, taken }: Importing): Promise<CheckedResults> {
  using store = experiment.stores.read();
  const seen = seenOf(store);
  const rows = new Map<string, number>();
  const unknownVariants = new Set<string>();
  const unknownScenarios = new Set<string>();
  const variants = new Set<string>();
  const scores = new Map<string, number>();
  const mistakes = makeMistakes();
  const counts = { good: 0, taken: 0, inManifest: 0, beside: 0 };
  const record = scratchRecord(experiment);
  const book = makeRunBook({ store, experiment, taken });
  for (const { source, fileTime } of files) {
    for await (const { place, result } of source.items()) {
      if (result.kind === 'err') {
        mistakes.add(place, result.error);
        continue;
      }
      const { variant, scenario } = result.value;
      const entry = { experiment, invocation: record, format: source.format, fileTime, scenarios: 0 };
      const placed = book.place(result.value, {
        place,
        entryOf: (run) => importedEntry({ ...entry, result: { ...result.value, run } }),
      });
      if (placed.kind === 'taken') {
        counts.taken++;
        counts.beside++;
        mistakes.add(place, [placed.why]);
        continue;
      }
      if (placed.kind === 'there' || placed.isBeside) counts.beside++;
      counts.good++;
      const row = JSON.stringify([variant, placed.run]);
      rows.set(row, (rows.get(row) ?? 0) + 1);
      variants.add(variant);
      for (const name of precomputedOf({ properties: result.value.properties }).keys())
        scores.set(name, (scores.get(name) ?? 0) + 1);
      if (!experiment.variants.has(variant)) unknownVariants.add(variant);
      if (experiment.scenarioIndex.has(scenario)) counts.inManifest++;
      else unknownScenarios.add(scenario);
    }
  }
  const names = { variants, unknownVariants, unknownScenarios };
  return { ...counts, ...names, bad: mistakes.count(), mistakes: mistakes.lines(), rows, scores, seen };
}

/** Nothing of it is in what is compared. */
function scratchRecord({ manifest }: Experiment): InvocationRecord {
  return { experiment: manifest.name, invocation: '0000' } as InvocationRecord;
}
