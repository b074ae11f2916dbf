// Every cell in scope as the matrix knows it: a mark, numbers, and which record stands behind them. Heads only, no body is read.
import type { StoreReader } from '../../cache/store.ts';
import type { ScoreBook } from '../../core/scoring.ts';
import { type Cell, cellId } from '../../core/task.ts';
import { sampleKey } from '../../planner/key.ts';
import type { Mark } from '../../screens/matrix.ts';
import {
  type IndexRow,
  type MatrixIndex,
  markNumber,
  markOf,
  type RunFacts,
} from '../../screens/matrix-index.ts';
import type { Experiment } from '../open/experiment.ts';
import { makeIsSimulated } from '../open/simulated.ts';
import { importedRows } from '../select/imported-rows.ts';
import { type JointVerdict, verdictOf } from '../select/verdict.ts';
import { type Asking, askedCells, type Layout, layoutOf } from './cells-layout.ts';
import { type Kept, type KeyPlaces, makeKeptColumns, makeKeyPlaces } from './kept-columns.ts';
import type { Pause } from './pause.ts';
import { startTally, type Unended } from './running.ts';

export type ViewCells = {
  readonly rows: readonly IndexRow[];
  readonly columns: MatrixIndex['columns'];
  /** In the index of draws, row after row, in the order of columns and runs; -1 = nothing is kept. */
  readonly records: Float64Array;
  /** Scenario -> place in `rows`. */
  readonly rowOf: ReadonlyMap<string, number>;
  readonly isSimulated: boolean;
  /** null = the newest invocation has ended. */
  readonly unended: Unended | null;
};

export type CellsInput = Asking & {
  readonly store: StoreReader;
  /** Of the revision before, where the manifest, the scores and the store are the same: what was said of a record then is said still. */
  readonly before: ViewCells | null;
  readonly pause: Pause;
  readonly book: ScoreBook;
};

/** No object a record is held: they would be most of what a viewer takes. */
export async function viewCellsOf(input: CellsInput): Promise<ViewCells> {
  const { experiment, store, pause } = input;
  const imported = importedRows(store);
  const layout = await layoutOf(input, imported);
  const tally = startTally(experiment, store);
  const keys = await placesOfKeys(input, layout);
  const kept = makeKeptColumns(keys.size);
  for (const row of store.measures()) {
    tally?.seeRow(row);
    const place = keys.placeOf(row.key);
    if (place !== undefined) kept.see(place, row);
    if (pause.isDue()) await pause.take();
  }
  const made = makeRuns(input, layout);
  const isPlayed = makeIsSimulated(experiment, store);
  const simulatedBy = ({ parts }: Parameters<typeof isPlayed>[0]): void => {
    made.isSimulated ||= isPlayed({ parts });
  };
  const stale: { cell: Cell; id: number }[] = [];
  let at = 0;
  for (const cell of askedCells(input)) {
    if (pause.isDue()) await pause.take();
    const row = kept.rowAt(keys.places[at]!);
    const isDone = row?.status === 'completed';
    tally?.seeCell({ ...cell, key: sampleKey(cell.parts, cell.run) }, isDone);
    at++;
    const standIn = isDone ? undefined : imported.get(cellId(cell));
    if (standIn !== undefined) {
      simulatedBy(standIn);
      made.put(cell, standIn, null);
    } else if (row !== null) {
      simulatedBy(cell);
      made.put(cell, row, null);
    } else {
      const other = store.history.byCell(cell);
      if (other === undefined) made.put(cell, null, 'missing');
      else {
        simulatedBy(other);
        stale.push({ cell, id: other.id });
      }
    }
  }
  if (stale.length > 0) await putStale(store, { stale, made, pause });
  for (const row of layout.beside) {
    simulatedBy(row);
    made.put(row, row, null);
  }
  return {
    rows: rowsOf(experiment, { layout, runs: made.runs }),
    columns: layout.columns,
    records: made.records,
    rowOf: layout.rowOf,
    isSimulated: made.isSimulated,
    unended: tally?.result() ?? null,
  };
}

/** The key of each cell that is asked for, in their order. */
async function placesOfKeys(input: CellsInput, { asked }: Layout): Promise<KeyPlaces> {
  const keys = makeKeyPlaces(asked);
  for (const cell of askedCells(input)) {
    keys.add(sampleKey(cell.parts, cell.run));
    if (input.pause.isDue()) await input.pause.take();
  }
  return keys;
}

type Runs = {
  readonly runs: readonly (readonly (RunFacts | null)[])[];
  readonly records: Float64Array;
  isSimulated: boolean;
  /** @param mark null = what is said of the answer */
  put(cell: Cell, row: Kept | null, mark: Mark | null): void;
};

function makeRuns({ book, before }: CellsInput, { scenarios, rowOf, width, placeOf }: Layout): Runs {
  const runs = scenarios.map((): (RunFacts | null)[] => new Array(width).fill(null));
  const answers = scenarios.map((): Answers => []);
  const records = new Float64Array(scenarios.length * width).fill(-1);
  const isKnown = before !== null && before.records.length === records.length;

  function verdictAt(spot: number, cell: Cell, row: Kept): JointVerdict | null {
    const said =
      isKnown && before.records[spot] === row.id
        ? saidBefore(before.rows[Math.floor(spot / width)]!.runs[spot % width]!)
        : undefined;
    return said === undefined ? verdictOn(book, cell, row) : said;
  }

  return {
    runs,
    records,
    isSimulated: false,
    put(cell, row, mark) {
      const at = rowOf.get(cell.scenario)!;
      const place = placeOf(cell);
      const spot = at * width + place;
      if (row !== null) records[spot] = row.id;
      const verdict = row === null ? null : verdictAt(spot, cell, row);
      runs[at]![place] = factsOf({ row, mark, verdict, answers: answers[at]! });
    },
  };
}

/** What an earlier revision tells of the verdict; undefined = its mark told something else. */
function saidBefore(facts: RunFacts | null): JointVerdict | undefined {
  if (facts === null) return undefined;
  const mark = markOf(facts);
  if (mark !== 'passed' && mark !== 'failed' && mark !== 'unjudged') return undefined;
  return { score: facts[2], passed: mark === 'unjudged' ? null : mark === 'passed', lack: null };
}

/** One walk instead of a look-up each: after an edit of a prompt every cell may be stale. */
async function putStale(
  store: StoreReader,
  of: {
    readonly stale: readonly { readonly cell: Cell; readonly id: number }[];
    readonly made: Runs;
    readonly pause: Pause;
  },
): Promise<void> {
  const { stale, made, pause } = of;
  const places = new Map<number, number>();
  for (const { id } of stale) if (!places.has(id)) places.set(id, places.size);
  const kept = makeKeptColumns(places.size);
  for (const row of store.measures()) {
    const place = places.get(row.id);
    if (place !== undefined) kept.see(place, row);
    if (pause.isDue()) await pause.take();
  }
  for (const { cell, id } of stale) {
    made.put(cell, kept.rowAt(places.get(id)!), 'stale');
    if (pause.isDue()) await pause.take();
  }
}

function rowsOf(
  { manifest, scenarioIndex }: Experiment,
  { layout, runs }: { readonly layout: Layout } & Pick<Runs, 'runs'>,
): readonly IndexRow[] {
  return layout.scenarios.map(({ id, category }, at): IndexRow => {
    const known = scenarioIndex.get(id);
    const { tags = [], description = null } = known === undefined ? {} : manifest.scenarios[known]!;
    return { scenario: id, category, tags, description, runs: runs[at]! };
  });
}

function verdictOn(
  book: ScoreBook,
  { variant, scenario, run }: Cell,
  { outputDigest, tested, ending }: Kept,
): JointVerdict | null {
  if (outputDigest === null) return null;
  return verdictOf(book.of({ variant, scenario, run, outputDigest, tested, ending }));
}

/** Of one scenario: its answers' digests, by their numbers from 1. */
type Answers = string[];

function factsOf(input: {
  readonly row: Kept | null;
  /** null = what is said of the answer. */
  readonly mark: Mark | null;
  readonly verdict: JointVerdict | null;
  readonly answers: Answers;
}): RunFacts {
  const { row, verdict, answers } = input;
  if (row === null) return [markNumber(input.mark ?? 'missing'), 0, null, null, null, null, 0, null];
  const { outputDigest, ending, inputTokens, outputTokens, latencyMs, costUsd, sequence } = row;
  const tokens = inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;
  const mark = input.mark ?? (row.status === 'failed' ? 'error' : saidMark(verdict?.passed ?? null));
  const answer = outputDigest === null ? 0 : numberOf(outputDigest, answers);
  return [markNumber(mark), answer, verdict?.score ?? null, tokens, latencyMs, costUsd, sequence, ending];
}

/** There are as many as runs of all arms: looked through, they need no table each. */
function numberOf(digest: string, answers: Answers): number {
  const known = answers.indexOf(digest);
  return known < 0 ? answers.push(digest) : known + 1;
}

function saidMark(passed: boolean | null): Mark {
  if (passed === null) return 'unjudged';
  return passed ? 'passed' : 'failed';
}
