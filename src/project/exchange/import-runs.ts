// Which run a result is. Where the file does not say, the n-th result of a variant and scenario is run n. A run that has
// another result already is taken: nothing is superseded unless the user says so.
import type { Entry, RecordRow, StoreReader } from '../../cache/store.ts';
import { NEVER, orderKey, orderOf, shortNames } from '../../core/invocation-id.ts';
import { redactedJson } from '../../core/redact.ts';
import { IMPORTED_ENGINES, type Imported } from '../../exchange/imported.ts';
import type { Experiment } from '../open/experiment.ts';
import { namesOfInvocations } from '../select/find-invocation.ts';
import { contentOf } from './import-entry.ts';

export type TakenRuns = 'refuse' | 'supersede' | 'next';

export type Placed =
  /** isBeside: its run has another result as well, or is another one than it says. */
  | { readonly kind: 'new'; readonly run: number; readonly entry: Entry; readonly isBeside: boolean }
  | { readonly kind: 'there'; readonly run: number }
  | { readonly kind: 'taken'; readonly why: string };

export type RunBook = {
  place(
    result: Imported,
    input: { readonly place: string; readonly entryOf: (run: number) => Entry },
  ): Placed;
};

/** What says of a record that it was imported. */
const ENGINES: ReadonlySet<string> = new Set(IMPORTED_ENGINES);

function isImported({ parts }: Pick<RecordRow, 'parts'>): boolean {
  return ENGINES.has(parts.engine);
}

/** Contents of a run, and where each was found. */
type Run = Map<string, string>;

export function makeRunBook(input: {
  readonly store: Pick<StoreReader, 'everyRecord' | 'invocations' | 'read' | 'row'>;
  readonly experiment: Experiment;
  readonly taken: TakenRuns;
  /** All results were placed before, none beside another of its run: only what is kept already has to be looked at. */
  readonly areApart?: boolean;
}): RunBook {
  const kept = keptRows(input.store);
  const counts = new Map<string, number>();
  const cells = new Map<
    string,
    { readonly runs: Map<number, Run>; readonly claimed: Set<number>; unnumbered: number }
  >();
  const cellOf = (id: string): NonNullable<ReturnType<(typeof cells)['get']>> => {
    let cell = cells.get(id);
    if (!cell) {
      const runs = new Map<number, Run>();
      for (const { row, where } of kept.get(id) ?? []) {
        const read = input.store.read(row);
        if (read.kind === 'err') continue;
        const run = runs.get(row.run) ?? new Map<string, string>();
        runs.set(row.run, run.set(contentOf(read.value), where));
      }
      kept.delete(id);
      cell = { runs, claimed: new Set(), unnumbered: 0 };
      cells.set(id, cell);
    }
    return cell;
  };
  return {
    place(result, { place, entryOf }) {
      const id = JSON.stringify([result.variant, result.scenario]);
      if (input.areApart && !kept.has(id) && !cells.has(id)) {
        const count = counts.get(id) ?? 0;
        if (result.run === null) counts.set(id, count + 1);
        const number = result.run ?? count + 1;
        return { kind: 'new', run: number, entry: entryOf(number), isBeside: false };
      }
      const cell = cellOf(id);
      let run = result.run ?? ++cell.unnumbered;
      let entry = entryOf(run);
      // As it would be kept: a secret in it is taken out there as well.
      const { text } = redactedJson(entry.record, { redact: input.experiment.redact });
      const content = contentOf(JSON.parse(text));
      const there = cell.runs.get(run);
      if (there?.has(content)) {
        cell.claimed.add(run);
        return { kind: 'there', run };
      }
      if (there && input.taken === 'refuse') {
        const [where] = there.values();
        const name = `${result.variant}/${result.scenario}/${run}`;
        return {
          kind: 'taken',
          why: `is run ${run} of ${name}, and ${where} has another result of that run`,
        };
      }
      if (there && input.taken === 'next') {
        for (const [number, contents] of cell.runs) {
          if (cell.claimed.has(number) || !contents.has(content)) continue;
          cell.claimed.add(number);
          return { kind: 'there', run: number };
        }
        run = Math.max(...cell.runs.keys()) + 1;
        entry = entryOf(run);
      }
      cell.claimed.add(run);
      cell.runs.set(run, (cell.runs.get(run) ?? new Map<string, string>()).set(content, place));
      return { kind: 'new', run, entry, isBeside: there !== undefined };
    },
  };
}

type KeptRow = { readonly row: RecordRow; readonly where: string };

function keptRows(store: Pick<StoreReader, 'everyRecord' | 'invocations'>): Map<string, KeptRow[]> {
  const kept = new Map<string, KeptRow[]>();
  const names = namesOfInvocations(store);
  const short = shortNames(names, 4);
  const called = new Map(names.map((name) => [orderKey(orderOf(name) ?? NEVER), short(name)]));
  for (const row of store.everyRecord()) {
    if (row.archive !== null || !isImported(row)) continue;
    const id = JSON.stringify([row.variant, row.scenario]);
    const where = `invocation ${called.get(orderKey(row)) ?? String(row.sequence).padStart(4, '0')}`;
    const rows = kept.get(id);
    if (rows) rows.push({ row, where });
    else kept.set(id, [{ row, where }]);
  }
  return kept;
}
