// Which records `show` is about: one that is named, or those of every cell that a pattern and filters mean, with how each
// stands beside what the manifest asks for now.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { isNewer, standsFor } from '../../core/counting.ts';
import { asksOutcome, type Cell, cellId, type Filter, type Task } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import { type ShownStanding, STANDS } from '../../report/records/standing.ts';
import { quoteWord } from '../../text/next.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { isEverything, namesOnly } from '../open/filters.ts';
import { cellMatches, cellName, findRecord, namesOneOf } from '../select/find-records.ts';
import { planExperiment } from '../select/plan-experiment.ts';
import { makeRowFilter } from '../select/row-filter.ts';
import { nearWords } from '../select/unmatched.ts';

export type Shown = {
  /** As the manifest names it now; of what it does not hold as the record does. */
  readonly cell: Cell & { readonly category: string | null };
  readonly row: RecordRow;
  readonly standing: Omit<ShownStanding, 'place'>;
};

export type Chosen =
  | { readonly kind: 'one'; readonly shown: Shown }
  | {
      readonly kind: 'many';
      readonly shown: readonly Shown[];
      /** Cells in scope that have no record. */
      readonly missing: number;
    };

type At = {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  /** A cell, a glob over cells, a key; undefined = every cell. */
  readonly pattern: string | undefined;
  readonly filter: Filter;
};

/** @throws CommandError where nothing is meant */
export async function chooseShown(input: At): Promise<Chosen> {
  const { pattern } = input;
  const failures = newestFailures(input.store);
  if (pattern !== undefined && isOneRecord(input.store, pattern)) {
    if (!isEverything(input.filter)) {
      throw new CommandError(
        `${JSON.stringify(pattern)} names one record, and filters choose among cells: give one of both`,
      );
    }
    return { kind: 'one', shown: await oneRecord(input, pattern, failures) };
  }
  const found = [...(await cellsOfToday(input, failures)), ...cellsElsewhere(input, failures)];
  const exact = pattern === undefined ? undefined : found.find(({ cell }) => cellName(cell) === pattern);
  if (exact?.shown) return { kind: 'one', shown: exact.shown };
  if (pattern !== undefined && (exact || found.length === 0)) {
    // What gc archived counts for no cell, and is still found by its name.
    for (const row of input.store.everyRecord())
      if (cellName(row) === pattern) return { kind: 'one', shown: await oneRecord(input, pattern, failures) };
    throw exact ? notDrawn(pattern) : nothingFound(input, pattern);
  }
  const shown = found.flatMap((one) => one.shown ?? []);
  return { kind: 'many', shown, missing: found.length - shown.length };
}

type FoundCell = { readonly cell: Cell; readonly shown: Shown | null };

/** A key, its beginning, or one of several records of a cell. */
function isOneRecord(store: StoreReader, pattern: string): boolean {
  if (namesOneOf(store, pattern)) return true;
  if (!/^[0-9a-f]{4,64}$/.test(pattern)) return false;
  for (const { key, ownKey } of store.everyRecord())
    if (key.startsWith(pattern) || ownKey.startsWith(pattern)) return true;
  return false;
}

type Failures = {
  readonly byKey: ReadonlyMap<string, RecordRow>;
  readonly byCell: ReadonlyMap<string, RecordRow>;
};

function newestFailures(store: StoreReader): Failures {
  const byKey = new Map<string, RecordRow>();
  const byCell = new Map<string, RecordRow>();
  for (const row of store.records()) {
    if (row.status !== 'failed') continue;
    byKey.set(row.key, row);
    byCell.set(cellId(row), row);
  }
  return { byKey, byCell };
}

async function oneRecord(input: At, pattern: string, failures: Failures): Promise<Shown> {
  const { experiment, store } = input;
  const row = findRecord(store, pattern);
  const filter = { ...input.filter, variant: [row.variant], scenario: [row.scenario], runs: [row.run] };
  const isKnown = experiment.variants.has(row.variant) && experiment.scenarioIndex.has(row.scenario);
  const plan = isKnown
    ? await planExperiment({ experiment, store, filter, force: false, elsewhere: () => true })
    : null;
  const task = plan?.tasks.find((one) => cellId(one) === cellId(row));
  if (task === undefined)
    return { cell: row, row, standing: { ...STANDS, kind: 'out-of-scope', cell: wordOf(row) } };
  if (task.key !== row.key) return { cell: row, row, standing: standingOf({ store, row, task, failures }) };
  const counts = store.history.byKey(row.key)?.id === row.id;
  const standing = standingOf({ store, row, task, failures });
  return {
    cell: row,
    row,
    standing: counts ? standing : { ...standing, kind: 'superseded', newerFailed: null },
  };
}

/** Side by side what was asked alike: by scenario, then run, then variant, each in the order of the manifest. */
async function cellsOfToday(input: At, failures: Failures): Promise<readonly FoundCell[]> {
  const { experiment, store, pattern, filter } = input;
  const plan = await planExperiment({
    experiment,
    store,
    filter,
    force: false,
    elsewhere: () => isElsewhere(input),
  });
  const tasks = plan.tasks.filter((task) => pattern === undefined || cellMatches(pattern, task));
  const arms = new Map(experiment.manifest.variants.map(({ name }, i) => [name, i]));
  const place = ({ scenario }: Cell): number => experiment.scenarioIndex.get(scenario)!;
  const sorted = tasks.toSorted(
    (a, b) => place(a) - place(b) || a.run - b.run || arms.get(a.variant)! - arms.get(b.variant)!,
  );
  return sorted.map((task) => {
    const id = standsFor(store.history, task)?.record.id;
    const row = id === undefined ? undefined : store.row(id);
    const standing = row && standingOf({ store, row, task, failures });
    return { cell: task, shown: row && standing ? { cell: task, row, standing } : null };
  });
}

/** What is there of cells that the manifest does not hold, where it is asked for by name. */
function cellsElsewhere(input: At, failures: Failures): readonly FoundCell[] {
  const { experiment, store, pattern, filter } = input;
  if (asksOutcome(filter) || (pattern === undefined && isEverything(namesOnly(filter)))) return [];
  const means = makeRowFilter(experiment, filter);
  const rows = new Map<string, RecordRow>();
  for (const row of store.records()) {
    const isOfToday =
      experiment.scenarioIndex.has(row.scenario) &&
      (experiment.variants.get(row.variant)?.parts.runs ?? 0) >= row.run;
    if (isOfToday || !means(row) || (pattern !== undefined && !cellMatches(pattern, row))) continue;
    rows.set(cellId(row), row);
  }
  return [...rows.values()].flatMap((newest) => {
    const head = store.history.byCell(newest);
    const row = head === undefined ? newest : store.row(head.id);
    if (row === undefined) return [];
    const newerFailed = failureAfter(row, failures.byCell.get(cellId(row)), store);
    const standing = { ...STANDS, kind: 'out-of-scope', newerFailed, cell: wordOf(row) } as const;
    return [{ cell: row, shown: { cell: row, row, standing } }];
  });
}

function isElsewhere(input: At): boolean {
  const means = makeRowFilter(input.experiment, namesOnly(input.filter));
  for (const row of input.store.everyRecord()) if (means(row)) return true;
  return false;
}

function standingOf(input: {
  readonly store: StoreReader;
  readonly row: RecordRow;
  readonly task: Task;
  readonly failures: Failures;
}): Shown['standing'] {
  const { store, row, task, failures } = input;
  const isCurrent = row.key === task.key;
  const failure = isCurrent ? failures.byKey.get(row.key) : failures.byCell.get(cellId(task));
  const reason = !isCurrent && task.state.kind === 'pending' ? task.state.reason : null;
  const other = row.status === 'failed' ? store.history.byCell(task) : undefined;
  const kept = other?.status === 'completed' && other.id !== row.id ? store.row(other.id) : undefined;
  return {
    kind: isCurrent ? 'current' : 'stale',
    reason,
    newerFailed: failureAfter(row, failure, store),
    keptAnswer: kept ? recordName(kept) : null,
    cell: wordOf(task),
  };
}

function failureAfter(
  row: RecordRow,
  failure: RecordRow | undefined,
  store: StoreReader,
): ShownStanding['newerFailed'] {
  if (failure === undefined || failure.id === row.id || !isNewer(failure, row)) return null;
  const read = store.read(failure);
  const error = read.kind === 'ok' ? read.value.attempts.at(-1)?.error : undefined;
  const status = error?.status == null ? '' : ` (${error.status})`;
  return {
    name: recordName(failure),
    error: error ? `${error.kind}${status}: ${error.message}` : 'its line is damaged',
  };
}

function recordName({ key, generation }: Pick<RecordRow, 'key' | 'generation'>): string {
  return `${key.slice(0, 12)}@${generation}`;
}

/** As a shell takes it. */
export function wordOf(cell: Cell): string {
  return quoteWord(sanitizeLine(cellName(cell)));
}

function notDrawn(pattern: string): CommandError {
  return new CommandError(
    `no record matches ${JSON.stringify(pattern)}: the cell was not drawn yet; npx expgraph run draws what is missing`,
  );
}

/** A pattern without records: what it may have meant; of cells that are only not drawn yet, that. */
export function nothingFound(
  { experiment, filter }: Pick<At, 'experiment' | 'filter'>,
  pattern: string,
): CommandError {
  const { manifest } = experiment;
  const [, scenario] = /^[^/]*\/(.+?)(?:\/\d+)?$/.exec(pattern) ?? [];
  const ids = manifest.scenarios.map(({ id }) => id);
  const near = nearWords(
    scenario ?? pattern,
    [...ids, ...manifest.variants.map(({ name }) => name)],
    'scenario',
  );
  const beside = isEverything(filter) ? '' : ' and the filters';
  return new CommandError(
    `no record matches ${JSON.stringify(pattern)}${beside}${near}; \`npx expgraph history\` lists them`,
  );
}
