// expgraph show: one record in full, or the transcripts of many, one after another.

import type { RecordRow, StoreReader } from '../../cache/store.ts';
import type { ScenarioResult } from '../../core/record.ts';
import { jsonLine, sanitizeLine } from '../../core/text.ts';
import { type Chosen, chooseShown, type Shown, wordOf } from '../../project/history/shown-records.ts';
import { tracesRoot } from '../../project/langsmith/settings.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { type Experiment, openExperiment } from '../../project/open/experiment.ts';
import {
  type FilterOptions,
  makeFilter,
  outcomeWords,
  placeWords,
  scopeWords,
} from '../../project/open/filters.ts';
import { type IsSimulated, makeIsSimulated } from '../../project/open/simulated.ts';
import { notifyDiagnostics } from '../../project/open/world.ts';
import { cellName } from '../../project/select/find-records.ts';
import { type Judgements, openJudgements } from '../../project/select/record-scores.ts';
import { bookOfToday, verdictOf } from '../../project/select/verdict.ts';
import { type Beside, recordText } from '../../report/records/record.ts';
import { type Transcript, transcriptsEnd, transcriptTexts } from '../../report/records/transcripts.ts';
import type { BlockOptions } from '../../text/block.ts';
import { typedHere } from '../../text/next.ts';
import type { Io } from '../io.ts';
import { page } from '../terminal/pager.ts';

export type ShowOptions = FilterOptions & {
  readonly file: string;
  readonly json?: boolean;
  /** --no-pager: false. */
  readonly pager: boolean;
  readonly record?: string;
};

export async function showCommand(io: Io, options: ShowOptions): Promise<number> {
  const filter = makeFilter(options);
  const experiment = await openExperiment(io, options.file);
  using store = experiment.stores.read();
  notifyDiagnostics(io, store.diagnostics);
  const chosen = await chooseShown({ experiment, store, pattern: options.record, filter });
  if (chosen.kind === 'one') return await showOne({ io, experiment, store, options, shown: chosen.shown });
  if (options.json) return showJson({ io, experiment, store, chosen });
  if (chosen.shown.length === 0) {
    const what = outcomeWords(filter);
    const none =
      what === '' || chosen.missing > 0
        ? 'no cell in scope has a record yet; npx expgraph run draws them'
        : `no cell in scope is ${what}`;
    io.err.write(`expgraph: ${typedHere(none, placeWords(io))}\n`);
    return EXIT.complete;
  }
  return await showMany({
    io,
    experiment,
    store,
    options,
    chosen,
    scope: scopeWords(filter, io).named,
  });
}

type At = { readonly io: Io; readonly experiment: Experiment; readonly store: StoreReader };

async function showOne(at: At & { readonly options: ShowOptions; readonly shown: Shown }): Promise<number> {
  const { io, experiment, store, options, shown } = at;
  const { row } = shown;
  if (row.archive !== null)
    return showArchived({ io, row, archive: row.archive, json: options.json ?? false });
  const read = store.read(row);
  if (read.kind === 'err') {
    throw new CommandError(
      `the record is damaged and not shown: ${read.error}. \`npx expgraph fsck\` lists every damaged place; after \`npx expgraph fsck --repair\` the next run draws the cell again.`,
      EXIT.store,
    );
  }
  if (options.json) {
    io.out.write(jsonLine(read.value));
    return EXIT.complete;
  }
  const record = read.value;
  const { trace } = record;
  const tracePage =
    trace && (await import('../../project/langsmith/pages.ts')).recordPage(tracesRoot(experiment), trace);
  using judgements = openJudgements(experiment);
  const place = placeWords(io);
  const isSimulated = makeIsSimulated(experiment, store);
  const beside = besideOf({ experiment, judgements, isSimulated, shown, place });
  const whole = `npx expgraph show ${wordOf(shown.cell)}${place}`;
  const text = recordText(record, { ...layoutOf(io), cut: null, whole, ...beside, tracePage });
  await page(io, { chunks: [text], may: options.pager, clean: experiment.redact });
  return EXIT.complete;
}

function layoutOf(io: Io): Pick<BlockOptions, 'columns' | 'colors' | 'lines'> {
  const lines = io.out.isTty ? 'wrapped' : 'whole';
  return { columns: io.out.columns(), colors: io.out.colors, lines };
}

function besideOf(at: {
  readonly experiment: Experiment;
  readonly judgements: Judgements;
  readonly isSimulated: IsSimulated;
  readonly shown: Shown;
  readonly place: string;
}): Beside {
  const { experiment, judgements, isSimulated } = at;
  const { row, cell } = at.shown;
  const standing = { ...at.shown.standing, place: at.place };
  const index = experiment.scenarioIndex.get(cell.scenario);
  const { variant, scenario, run } = cell;
  return {
    tracePage: null,
    simulated: isSimulated(row),
    scores: judgements.of({
      variant,
      scenario,
      run,
      outputDigest: row.outputDigest,
      tested: row.tested,
      ending: row.ending,
    }),
    scenario: index === undefined ? null : experiment.manifest.scenarios[index]!,
    standing,
  };
}

/** More than this of one text is for whoever reads that one transcript. */
const CUT = { chars: 8_000, lines: 160 };

type Many = Extract<Chosen, { readonly kind: 'many' }>;

async function showMany(
  at: At & { readonly options: ShowOptions; readonly chosen: Many; readonly scope: string },
): Promise<number> {
  const { io, experiment, store, options, chosen } = at;
  using judgements = openJudgements(experiment);
  const book = bookOfToday(experiment);
  const isSimulated = makeIsSimulated(experiment, store);
  const damaged: Shown[] = [];
  const place = placeWords(io);
  let played = 0;
  function* transcripts(): Generator<Transcript> {
    for (const shown of chosen.shown) {
      const record = recordOf(store, shown);
      if (record === null) {
        damaged.push(shown);
        continue;
      }
      const beside = besideOf({ experiment, judgements, isSimulated, shown, place });
      if (beside.simulated) played++;
      const { outputDigest, tested, ending } = shown.row;
      const { passed } = verdictOf(
        outputDigest === null ? [] : book.of({ ...shown.cell, outputDigest, tested, ending }),
      );
      yield { ...beside, record, passed, whole: `npx expgraph show ${wordOf(shown.cell)}${place}` };
    }
  }
  function* texts(): Generator<string> {
    yield* transcriptTexts(transcripts(), { ...layoutOf(io), cut: CUT, count: chosen.shown.length });
    yield transcriptsEnd({ missing: chosen.missing, played, run: `npx expgraph run${at.scope}` });
  }
  await page(io, { chunks: texts(), may: options.pager, clean: experiment.redact });
  return endOf(io, damaged);
}

/** Under the names that the manifest has now. null = it is damaged. */
function recordOf(store: StoreReader, { row, cell }: Shown): ScenarioResult | null {
  const read = store.read(row);
  if (read.kind === 'err') return null;
  const { variant, scenario, run, category } = cell;
  return { ...read.value, variant, scenario, run, category };
}

function endOf(io: Io, damaged: readonly Shown[]): number {
  if (damaged.length === 0) return EXIT.complete;
  const names = damaged.slice(0, 3).map(({ cell }) => sanitizeLine(cellName(cell)));
  io.err.write(
    `expgraph: ${damaged.length} damaged records are left out: ${names.join(', ')}${damaged.length > 3 ? ', ...' : ''}; \`npx expgraph fsck${placeWords(io)}\` lists them\n`,
  );
  return EXIT.store;
}

/** One document, a record a line: as they are kept, under today's names, with how each stands and what is said of it. */
function showJson(at: At & { readonly chosen: Many }): number {
  const { io, experiment, store, chosen } = at;
  using judgements = openJudgements(experiment);
  const damaged: Shown[] = [];
  let isFirst = true;
  for (const shown of chosen.shown) {
    const record = recordOf(store, shown);
    if (record === null) {
      damaged.push(shown);
      continue;
    }
    const { variant, scenario, run } = shown.cell;
    const said = judgements.of({
      variant,
      scenario,
      run,
      outputDigest: shown.row.outputDigest,
      tested: shown.row.tested,
      ending: shown.row.ending,
    });
    const scores = said.flatMap(({ scorer, judgements: votes }) =>
      votes.map(({ vote, status, score, passed, label, reason }) => ({
        scorer,
        vote,
        status,
        score,
        passed,
        label,
        reason,
      })),
    );
    const { kind } = shown.standing;
    const stands = {
      ...(kind === 'stale' ? { stale: true } : {}),
      ...(kind === 'out-of-scope' ? { in_scope: false } : {}),
    };
    io.out.write(`${isFirst ? '[' : ','}${jsonLine({ ...record, ...stands, scores })}`);
    isFirst = false;
  }
  io.out.write(isFirst ? '[]\n' : ']\n');
  return endOf(io, damaged);
}

/** What the tombstone still says. */
function showArchived(at: {
  readonly io: Io;
  readonly row: RecordRow;
  readonly archive: string;
  readonly json: boolean;
}): number {
  const { io, row, archive } = at;
  const { key, generation, variant, scenario, category, run, status } = row;
  if (at.json) {
    const known = { key, generation, variant, scenario, category, run, status };
    const more = { output_digest: row.outputDigest, started_at: row.startedAt, archive };
    io.out.write(jsonLine({ type: 'tombstone', ...known, ...more }));
    return EXIT.complete;
  }
  const name = sanitizeLine(`${cellName(row)}, ${key.slice(0, 10)}@${generation}`);
  io.out.write(
    `${name}, ${status}, started ${row.startedAt}: archived in archive/${archive}. \`npx expgraph gc --restore ${archive}${placeWords(io)}\` brings it back.\n`,
  );
  return EXIT.complete;
}
