// Every cell in scope as the matrix knows it: a mark, numbers, and which record stands behind them. Heads only, no body is read.
import type { MeasuredRow, RecordRow, StoreReader } from '../../cache/store.ts';
import type { Key } from '../../core/brand.ts';
import { outranks } from '../../core/counting.ts';
import type { ScoreBook } from '../../core/scoring.ts';
import { type Cell, cellId, type Filter } from '../../core/task.ts';
import { sampleKey } from '../../planner/key.ts';
import { cellsInScope } from '../../planner/plan.ts';
import type { Mark } from '../../screens/matrix.ts';
import { type IndexRow, type MatrixIndex, markNumber, type RunFacts } from '../../screens/matrix-index.ts';
import type { Experiment } from '../open/experiment.ts';
import { namesOnly } from '../open/filters.ts';
import { makeIsSimulated } from '../open/simulated.ts';
import { importedRows } from '../select/imported-rows.ts';
import { makeRowFilter } from '../select/row-filter.ts';
import { type JointVerdict, verdictOf } from '../select/verdict.ts';
import type { Pause } from './pause.ts';
import { startTally, type Tally, type Unended } from './running.ts';

export type ViewCells = {
  readonly rows: readonly IndexRow[];
  readonly columns: MatrixIndex['columns'];
  /** In the index of draws, row after row, in the order of columns and runs; -1 = nothing is kept. */
  readonly records: Float64Array;
  /** What the text of a record is the same by: the digest of its answer; null = nothing is kept. In the order of `records`. */
  readonly texts: readonly (string | null)[];
  /** In the order of `records`; null = there is no answer. */
  readonly verdicts: readonly (JointVerdict | null)[];
  /** Scenario -> place in `rows`. */
  readonly rowOf: ReadonlyMap<string, number>;
  readonly isSimulated: boolean;
  /** null = the newest invocation has ended. */
  readonly unended: Unended | null;
};

export type CellsInput = {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly filter: Filter;
  /** Of the revision before, where the manifest, the scores and the store are the same: what was said of a record then is said still. */
  readonly before: ViewCells | null;
  readonly pause: Pause;
  /** Scenarios that are meant; null = all that the filter names. */
  readonly only: ReadonlySet<string> | null;
  readonly book: ScoreBook;
};

export async function viewCellsOf(input: CellsInput): Promise<ViewCells> {
  const { experiment, store, book, before, pause } = input;
  const imported = importedRows(store);
  const layout = await layoutOf(input, imported);
  const { columns, scenarios, rowOf, width } = layout;
  const runs = scenarios.map((): (RunFacts | null)[] => new Array(width).fill(null));
  const answers = scenarios.map(() => new Map<string, number>());
  const records = new Float64Array(scenarios.length * width).fill(-1);
  const texts = new Array<string | null>(records.length).fill(null);
  const simulatedBy = makeIsSimulated(experiment, store);
  let isSimulated = false;
  const stale: { cell: Cell; id: number }[] = [];
  const tally = startTally(experiment, store);
  const counting = await countingRows(store, { pause, tally });

  const verdicts = new Array<JointVerdict | null>(records.length).fill(null);
  const isKnown = before !== null && before.records.length === records.length;

  function put(cell: Cell, row: Kept | null, mark: Mark | null): void {
    const at = rowOf.get(cell.scenario)!;
    const place = layout.placeOf(cell);
    const spot = at * width + place;
    if (row !== null) {
      records[spot] = row.id;
      texts[spot] = row.outputDigest ?? `failed ${row.key} ${row.startedAt}`;
      verdicts[spot] =
        isKnown && before.records[spot] === row.id ? before.verdicts[spot]! : verdictOn(book, cell, row);
    }
    runs[at]![place] = factsOf({ row, mark, verdict: verdicts[spot]!, answers: answers[at]! });
  }

  for (const cell of layout.cells) {
    if (pause.isDue()) await pause.take();
    const row = counting.get(cell.key);
    const isKept = row !== undefined && row.archive === null;
    tally?.seeCell(cell, isKept && row.status === 'completed');
    const standIn = isKept && row.status === 'completed' ? undefined : imported.get(cellId(cell));
    if (standIn !== undefined) {
      isSimulated ||= simulatedBy(standIn);
      put(cell, standIn, null);
    } else if (isKept) {
      isSimulated ||= simulatedBy(cell);
      put(cell, row, null);
    } else {
      const other = store.history.byCell(cell);
      if (other === undefined) put(cell, null, 'missing');
      else {
        isSimulated ||= simulatedBy(other);
        stale.push({ cell, id: other.id });
      }
    }
  }
  if (stale.length > 0) {
    const rows = rowsOfIds(store, new Set(stale.map(({ id }) => id)));
    for (const { cell, id } of stale) put(cell, rows.get(id) ?? null, 'stale');
  }
  for (const row of layout.beside) {
    isSimulated ||= simulatedBy(row);
    put(row, row, null);
  }
  const { manifest, scenarioIndex } = experiment;
  const rows = scenarios.map(({ id, category }, at): IndexRow => {
    const known = scenarioIndex.get(id);
    const { tags = [], description = null } = known === undefined ? {} : manifest.scenarios[known]!;
    return { scenario: id, category, tags, description, runs: runs[at]! };
  });
  return { rows, columns, records, texts, verdicts, rowOf, isSimulated, unended: tally?.result() ?? null };
}

type AskedCell = Cell & {
  readonly category: string | null;
  readonly key: Key;
  readonly parts: RecordRow['parts'];
};

type Layout = {
  readonly columns: MatrixIndex['columns'];
  readonly scenarios: readonly { readonly id: string; readonly category: string | null }[];
  readonly rowOf: ReadonlyMap<string, number>;
  readonly width: number;
  readonly placeOf: (cell: Cell) => number;
  /** What the manifest asks for; can be walked once. */
  readonly cells: Iterable<AskedCell>;
  /** Imported answers to what it does not ask for. */
  readonly beside: readonly RecordRow[];
};

/** Arms, runs and scenarios of the manifest in its order, then those that only imports have. */
async function layoutOf(
  { experiment, filter, only, pause }: CellsInput,
  imported: ReadonlyMap<string, RecordRow>,
): Promise<Layout> {
  const { parts, manifest } = experiment;
  const input = { variants: parts, scenarios: manifest.scenarios, filter: namesOnly(filter) };
  const runs = new Map<string, Set<number>>();
  const asked = new Map<string, string | null>();
  const cells: AskedCell[] = [];
  for (const cell of cellsInScope(input)) {
    if (only !== null && !only.has(cell.scenario)) continue;
    if (pause.isDue()) await pause.take();
    cells.push({ ...cell, key: sampleKey(cell.parts, cell.run) });
    asked.set(cell.scenario, cell.category);
    addTo(runs, cell);
  }
  const known = new Set(imported.size === 0 ? [] : cells.map(cellId));
  const means = makeRowFilter(experiment, filter);
  const beside =
    only === null ? [...imported.values()].filter((row) => !known.has(cellId(row)) && means(row)) : [];
  const scenarios = manifest.scenarios.flatMap(({ id, category }) =>
    asked.has(id) ? [{ id, category }] : [],
  );
  for (const row of beside) {
    addTo(runs, row);
    if (asked.has(row.scenario)) continue;
    asked.set(row.scenario, row.category);
    scenarios.push({ id: row.scenario, category: row.category });
  }
  const columns = [...runs].map(([variant, of]) => ({ variant, runs: [...of].sort((a, b) => a - b) }));
  const places = new Map<string, Map<number, number>>();
  let width = 0;
  for (const column of columns)
    places.set(column.variant, new Map(column.runs.map((run) => [run, width++] as const)));
  return {
    columns,
    scenarios,
    rowOf: new Map(scenarios.map(({ id }, at) => [id, at])),
    width,
    placeOf: ({ variant, run }) => places.get(variant)!.get(run)!,
    cells,
    beside,
  };
}

function addTo(runs: Map<string, Set<number>>, { variant, run }: Cell): void {
  const known = runs.get(variant);
  if (known) known.add(run);
  else runs.set(variant, new Set([run]));
}

type Kept = Pick<
  MeasuredRow,
  | 'id'
  | 'key'
  | 'startedAt'
  | 'status'
  | 'outputDigest'
  | 'tested'
  | 'ending'
  | 'latencyMs'
  | 'inputTokens'
  | 'outputTokens'
  | 'costUsd'
  | 'sequence'
>;

/** One walk instead of a look-up each: after an edit of a prompt every cell may be stale. */
function rowsOfIds(store: StoreReader, ids: ReadonlySet<number>): ReadonlyMap<number, Kept> {
  const rows = new Map<number, Kept>();
  for (const row of store.measures()) if (ids.has(row.id)) rows.set(row.id, row);
  return rows;
}

async function countingRows(
  store: StoreReader,
  { pause, tally }: { readonly pause: Pause; readonly tally: Tally | null },
): Promise<ReadonlyMap<string, MeasuredRow>> {
  const counting = new Map<string, MeasuredRow>();
  for (const row of store.measures()) {
    tally?.seeRow(row);
    const known = counting.get(row.key);
    if (known === undefined || outranks(row, known)) counting.set(row.key, row);
    if (pause.isDue()) await pause.take();
  }
  return counting;
}

function verdictOn(
  book: ScoreBook,
  { variant, scenario, run }: Cell,
  { outputDigest, tested, ending }: Kept,
): JointVerdict | null {
  if (outputDigest === null) return null;
  return verdictOf(book.of({ variant, scenario, run, outputDigest, tested, ending }));
}

function factsOf(input: {
  readonly row: Kept | null;
  /** null = what is said of the answer. */
  readonly mark: Mark | null;
  readonly verdict: JointVerdict | null;
  /** Of the scenario: digest -> its number. */
  readonly answers: Map<string, number>;
}): RunFacts {
  const { row, verdict, answers } = input;
  if (row === null) return [markNumber(input.mark ?? 'missing'), 0, null, null, null, null, 0, null];
  const { outputDigest, ending, inputTokens, outputTokens, latencyMs, costUsd, sequence } = row;
  const tokens = inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;
  const mark = input.mark ?? (row.status === 'failed' ? 'error' : saidMark(verdict?.passed ?? null));
  const answer = outputDigest === null ? 0 : (answers.get(outputDigest) ?? answers.size + 1);
  if (outputDigest !== null) answers.set(outputDigest, answer);
  return [markNumber(mark), answer, verdict?.score ?? null, tokens, latencyMs, costUsd, sequence, ending];
}

function saidMark(passed: boolean | null): Mark {
  if (passed === null) return 'unjudged';
  return passed ? 'passed' : 'failed';
}
