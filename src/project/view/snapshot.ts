// An experiment with what is kept of it, as one revision of the viewer knows it.

import type { StoreReader } from '../../cache/store.ts';
import { calledAmong } from '../../core/invocation-id.ts';
import { openStack } from '../../core/opened.ts';
import type { ScoreBook } from '../../core/scoring.ts';
import { asksOutcome, type Filter } from '../../core/task.ts';
import type { ReadFiles } from '../../manifest/documents/patterns.ts';
import type { MatrixIndex } from '../../screens/matrix-index.ts';
import { type Watched, watchedOf } from '../../watch/watch.ts';
import { type Experiment, needsMore, openExperiment } from '../open/experiment.ts';
import { once } from '../open/once.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import { makeCellFilter } from '../select/cell-filter.ts';
import { namesOfInvocations } from '../select/find-invocation.ts';
import { allCells } from '../select/plan-experiment.ts';
import { type Judgements, openJudgements } from '../select/record-scores.ts';
import { bookOfToday } from '../select/verdict.ts';
import { type ViewCells, viewCellsOf } from './cells.ts';
import { makePause } from './pause.ts';

export type OpenedManifest = { readonly experiment: Experiment; readonly watched: Watched };

export type Snapshot = OpenedManifest &
  Disposable & {
    readonly store: StoreReader;
    readonly filter: Filter;
    readonly cells: ViewCells;
    readonly index: MatrixIndex;
    readonly book: ScoreBook;
    readonly judgements: Judgements;
    /** What is said of an invocation beside its name. */
    readonly calledOf: (invocation: string) => { readonly called?: string };
  };

/** @throws ManifestError where it has mistakes; `watched` is told of the files all the same */
export async function openManifest(
  world: World,
  file: string,
  onWatched: (watched: Watched) => void,
): Promise<OpenedManifest> {
  let watched: Watched = { files: [], trees: [] };
  const onRead = (read: ReadFiles): void => {
    const folder = read.files[0]!.replace(/[^\\/]*$/, '');
    watched = watchedOf({ folder, ...read });
    onWatched(watched);
  };
  const experiment = await openExperiment(world, file, { onRead });
  return { experiment, watched };
}

/** Whether what the manifest asks for hangs on what is kept beside it as well: runs that were begun, tests that were collected. */
export function hangsOnStore({ manifest }: Experiment): boolean {
  return manifest.until !== undefined || needsMore(manifest);
}

/** A store that several revisions read: the last one closes it. */
export type SharedStore = { readonly store: StoreReader; retain(): void; release(): void };

/** @throws StoreError where the disk stands in the way */
export function shareStore(world: World, experiment: Experiment): SharedStore {
  const store = experiment.stores.read();
  notifyDiagnostics(world, store.diagnostics);
  let holders = 1;
  return {
    store,
    retain: () => holders++,
    release() {
      holders--;
      if (holders === 0) store[Symbol.dispose]();
    },
  };
}

type SnapshotInput = OpenedManifest & {
  readonly shared: SharedStore;
  readonly filter: Filter;
  readonly revision: string;
  /** The one before. */
  readonly before: Snapshot | null;
  /** Whether anything was judged since. */
  readonly isJudgedAnew: boolean;
};

/** @throws CommandError where a filter means nothing, StoreError where the disk stands in the way */
export async function openSnapshot(world: World, input: SnapshotInput): Promise<Snapshot> {
  const { experiment, watched, filter, revision, shared, before } = input;
  using opening = openStack();
  const { store } = shared;
  shared.retain();
  opening.defer(shared.release);
  const pause = makePause(world.clock);
  const means = await makeCellFilter({ experiment, store, filter });
  const only = asksOutcome(filter) ? scenariosOf(experiment, means) : null;
  const isSame = before?.experiment === experiment && !input.isJudgedAnew;
  // What holds arms against an arm has read the answers of that arm.
  const book = isSame && (before.book.pairs ?? []).length === 0 ? before.book : bookOfToday(experiment);
  const known = book === before?.book && store === before.store ? before.cells : null;
  const cells = await viewCellsOf({ experiment, store, filter, only, book, before: known, pause });
  const judgements = opening.use(openJudgements(experiment));
  const names = once(() => calledAmong(namesOfInvocations(store)));
  const kept = opening.move();
  return {
    experiment,
    watched,
    store,
    filter,
    cells,
    book,
    judgements,
    calledOf: (invocation) => names()(invocation),
    index: { revision, columns: cells.columns, rows: cells.rows },
    [Symbol.dispose]: () => kept[Symbol.dispose](),
  };
}

/** Where cells are asked for by what became of them, their scenarios are shown with all arms and runs: one is read beside the others. */
function scenariosOf(
  experiment: Experiment,
  means: Awaited<ReturnType<typeof makeCellFilter>>,
): ReadonlySet<string> {
  const scenarios = new Set<string>();
  for (const cell of allCells(experiment)) if (means(cell)) scenarios.add(cell.scenario);
  return scenarios;
}
