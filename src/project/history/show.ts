// Records in full, each with how it stands beside what the manifest asks for now and what its scorers say of it.

import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { openStack } from '../../core/opened.ts';
import type { ScenarioResult } from '../../core/record.ts';
import type { HumanScore } from '../../core/review.ts';
import type { Beside } from '../../report/records/record.ts';
import type { ShownRecord } from '../../report/records/show.ts';
import type { Transcript } from '../../report/records/transcripts.ts';
import { tracesRoot } from '../langsmith/settings.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { type FilterOptions, makeFilter, outcomeWords, placeWords } from '../open/filters.ts';
import { openToRead } from '../open/read.ts';
import { makeIsSimulated } from '../open/simulated.ts';
import { refuseWithheld } from '../open/withheld.ts';
import { note, type World } from '../open/world.ts';
import { cellName, twinsOf } from '../select/find-records.ts';
import { openHumanBook } from '../select/human-scores.ts';
import { type Judgements, openJudgements } from '../select/record-scores.ts';
import { bookOfToday, verdictOf } from '../select/verdict.ts';
import { type Chosen, chooseShown, type Shown, wordOf } from './shown-records.ts';

export type ShowInput = FilterOptions & {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
  /** variant/scenario/run, a glob over these, a key or its beginning, either with @generation or @invocation; left out: every cell. */
  readonly record?: string;
};

/** What was found. It keeps the store open until it is disposed of. */
export type ShownRecords = Disposable &
  (
    | { readonly kind: 'archived'; readonly row: RecordRow; readonly archive: string }
    | OneRecord
    /** `outcome`: what cells were asked for, in words; '' where only names were given. */
    | { readonly kind: 'none'; readonly missing: number; readonly outcome: string }
    | ManyRecords
  );

export type OneRecord = {
  readonly kind: 'one';
  /** As it is kept. */
  readonly record: ScenarioResult;
  /** What is known of it beside its line. */
  readonly beside: () => Promise<Beside & { readonly whole: string }>;
  /** Takes secrets out of text that goes where the world does not see it. */
  readonly clean: (text: string) => string;
};

export type ManyRecords = {
  readonly kind: 'many';
  /** Records that were found; damaged ones among them. */
  readonly count: number;
  /** Cells in scope that have no record. */
  readonly missing: number;
  /** Under today's names, one read at a time. Damaged ones are left out, and named in `damaged` once they were reached. */
  readonly records: () => Iterable<ShownRecord>;
  /** The same with all that a reader is shown beside each. */
  readonly transcripts: () => Iterable<Transcript>;
  /** variant/scenario/run */
  readonly damaged: readonly string[];
  readonly clean: (text: string) => string;
};

/**
 * @throws ManifestError on a manifest with mistakes; CommandError where nothing is meant, with the exit code of a damaged store
 * where the one record that is meant cannot be read
 */
export async function showRecords(world: World, input: ShowInput): Promise<ShownRecords> {
  using opened = openStack();
  const filter = makeFilter(input);
  const { experiment, store } = opened.use(await openToRead(world, input.file));
  await refuseWithheld(world, experiment);
  const chosen = await chooseShown({ experiment, store, pattern: input.record, filter });
  if (chosen.kind === 'one') tellTwins(world, store, { ...chosen.shown, pattern: input.record });
  const judgements = opened.use(openJudgements(experiment));
  const reader = makeReader({ experiment, store, judgements, place: placeWords(world) });
  const found =
    chosen.kind === 'one'
      ? oneRecord(reader, chosen.shown)
      : chosen.shown.length === 0
        ? ({ kind: 'none', missing: chosen.missing, outcome: outcomeWords(filter) } as const)
        : manyRecords(reader, chosen);
  const kept = opened.move();
  return { ...found, [Symbol.dispose]: () => kept[Symbol.dispose]() };
}

/** Asked for by generation, it may mean two. */
function tellTwins(
  world: World,
  store: StoreReader,
  { row, pattern = '' }: { readonly row: RecordRow; readonly pattern: string | undefined },
): void {
  if (!/@\d{1,9}$/.test(pattern)) return;
  const twins = twinsOf(store, row);
  if (twins.length > 0)
    note(
      world,
      `other machines have a generation ${row.generation} of it, too: npx expgraph show ${twins.join(', ')}`,
    );
}

type Reader = {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly judgements: Judgements;
  /** What people said of the answer in closed reviews. */
  readonly peopleOf: (row: RecordRow, cell: Shown['cell']) => readonly HumanScore[];
  readonly beside: (shown: Shown) => Beside & { readonly whole: string };
};

function makeReader(project: Omit<Reader, 'beside' | 'peopleOf'> & { readonly place: string }): Reader {
  const { experiment, store, judgements, place } = project;
  const isSimulated = makeIsSimulated(experiment, store);
  const human = openHumanBook(experiment);
  const peopleOf: Reader['peopleOf'] = ({ outputDigest }, { scenario }) =>
    outputDigest === null ? [] : human.saidOf({ scenario, outputDigest });
  return {
    experiment,
    peopleOf,
    store,
    judgements,
    beside({ row, cell, standing }) {
      const index = experiment.scenarioIndex.get(cell.scenario);
      return {
        tracePage: null,
        simulated: isSimulated(row),
        scores: judgements.of(judgedOf(row, cell)),
        people: peopleOf(row, cell),
        scenario: index === undefined ? null : experiment.manifest.scenarios[index]!,
        standing: { ...standing, place },
        whole: `npx expgraph show ${wordOf(cell)}${place}`,
      };
    },
  };
}

function judgedOf(
  { outputDigest, tested, ending }: RecordRow,
  { variant, scenario, run }: Shown['cell'],
): Parameters<Judgements['of']>[0] {
  return { variant, scenario, run, outputDigest, tested, ending };
}

function oneRecord(
  reader: Reader,
  shown: Shown,
): OneRecord | { readonly kind: 'archived'; readonly row: RecordRow; readonly archive: string } {
  const { experiment, store } = reader;
  const { row } = shown;
  if (row.archive !== null) return { kind: 'archived', row, archive: row.archive };
  const read = store.read(row);
  if (read.kind === 'err') {
    throw new CommandError(
      `the record is damaged and not shown: ${read.error}. \`npx expgraph fsck\` lists every damaged place; after \`npx expgraph fsck --repair\` the next run draws the cell again.`,
      EXIT.store,
    );
  }
  const record = read.value;
  const { trace } = record;
  return {
    kind: 'one',
    record,
    clean: experiment.redact,
    async beside() {
      const tracePage =
        trace && (await import('../langsmith/pages.ts')).recordPage(tracesRoot(experiment), trace);
      return { ...reader.beside(shown), tracePage };
    },
  };
}

function manyRecords(
  reader: Reader,
  { shown: all, missing }: Extract<Chosen, { readonly kind: 'many' }>,
): ManyRecords {
  const { experiment, judgements } = reader;
  const damaged: string[] = [];
  function* read(): Generator<{ readonly shown: Shown; readonly record: ScenarioResult }> {
    for (const shown of all) {
      const record = recordOf(reader.store, shown);
      if (record === null) damaged.push(cellName(shown.cell));
      else yield { shown, record };
    }
  }
  return {
    kind: 'many',
    count: all.length,
    missing,
    damaged,
    clean: experiment.redact,
    *records() {
      for (const { shown, record } of read()) {
        const scores = judgements.of(judgedOf(shown.row, shown.cell));
        const people = reader.peopleOf(shown.row, shown.cell);
        yield { record, standing: shown.standing.kind, scores, people };
      }
    },
    *transcripts() {
      const book = bookOfToday(experiment);
      for (const { shown, record } of read()) {
        const { outputDigest, tested, ending } = shown.row;
        const { passed } = verdictOf(
          outputDigest === null ? [] : book.of({ ...shown.cell, outputDigest, tested, ending }),
        );
        yield { ...reader.beside(shown), record, passed };
      }
    },
  };
}

/** Under the names that the manifest has now. null = it is damaged. */
function recordOf(store: StoreReader, { row, cell }: Shown): ScenarioResult | null {
  const read = store.read(row);
  if (read.kind === 'err') return null;
  const { variant, scenario, run, category } = cell;
  return { ...read.value, variant, scenario, run, category };
}
