// expgraph export: what is kept, in the forms that other programs read.
import path from 'node:path';
import { makeFolder, replaceFile } from '../../cache/durable.ts';
import { openReader } from '../../cache/reader.ts';
import { sha256 } from '../../core/canonical.ts';
import type { CellScore } from '../../core/scoring.ts';
import { sanitizeBlock, sanitizeLine } from '../../core/text.ts';
import { type Exported, flatten } from '../../exchange/exported.ts';
import { csvLines, jsonLines } from '../../exchange/write-flat.ts';
import { inspectJson } from '../../exchange/write-inspect.ts';
import { junitXml, missed } from '../../exchange/write-junit.ts';
import { slugOf } from '../../variants/expand.ts';
import { CommandError, EXIT } from '../exit.ts';
import { openExperiment, printDiagnostics } from '../experiment.ts';
import { type ExportRow, exportRows } from '../export-rows.ts';
import { type FilterOptions, makeFilter } from '../filters.ts';
import type { Io } from '../io.ts';
import { openScoreBook } from '../score-book.ts';
import { findMoment } from '../select.ts';

export type ExportOptions = FilterOptions & {
  readonly file: string;
  readonly format: 'csv' | 'jsonl' | 'junit' | 'inspect';
  readonly output: string;
  readonly at?: string;
  readonly all?: boolean;
  readonly raw?: boolean;
};

export async function exportCommand(io: Io, options: ExportOptions): Promise<number> {
  const { format, output } = options;
  if (options.at !== undefined && options.all) throw new CommandError('--at and --all exclude each other');
  if (format === 'inspect' && output === '-')
    throw new CommandError('--format inspect writes several files: name a folder with -o');
  const experiment = await openExperiment(io, options.file);
  using store = openReader(experiment.root);
  printDiagnostics(io, store.diagnostics);
  const selection =
    options.at !== undefined
      ? ({ kind: 'at', moment: findMoment(store, options.at) } as const)
      : ({ kind: options.all ? 'all' : 'view' } as const);
  const rows = exportRows({ experiment, store, filter: makeFilter(options), selection });
  if (rows.length === 0)
    throw new CommandError('there is no record to export; `expgraph status` tells what is there');
  const book = openScoreBook({ experiment });
  let damaged = 0;

  const scoresOf = (row: ExportRow): readonly CellScore[] => {
    const outputDigest = store.row(row.id)?.outputDigest ?? null;
    // What the manifest does not hold has no expectation either.
    const isKnown = experiment.variants.has(row.variant) && experiment.scenarioIndex.has(row.scenario);
    return outputDigest === null || !isKnown ? [] : book.of({ ...row, outputDigest });
  };
  function* read(list: readonly ExportRow[]): Generator<Exported> {
    for (const row of list) {
      const found = store.row(row.id);
      const result = found && store.read(found);
      if (result?.kind !== 'ok') {
        damaged++;
        continue;
      }
      // A record counts by its key, whatever its names were: it is told under today's.
      const { variant, scenario, run, category, standing } = row;
      yield {
        record: { ...result.value, variant, scenario, run, category },
        standing,
        scores: scoresOf(row),
      };
    }
  }
  const write = (chunks: Iterable<string>, file = output): void => {
    if (file !== '-') replaceFile(path.resolve(io.cwd, file), chunks);
    // On a screen nobody parses it: what would move the cursor is shown.
    else for (const chunk of chunks) io.out.write(io.out.isTerminal ? sanitizeBlock(chunk) : chunk);
  };

  function* flat(): ReturnType<typeof flatRows> {
    yield* flatRows(read(rows));
  }
  function* flatRows(records: Iterable<Exported>): Generator<ReturnType<typeof flatten>> {
    for (const record of records) yield flatten(record, book.scorers);
  }

  if (format === 'jsonl') write(jsonLines(flat()));
  else if (format === 'csv') {
    const columns = columnsOf(rows, read, book.scorers);
    damaged = 0;
    write(csvLines(flat(), { columns, formulas: options.raw ? 'raw' : 'guarded' }));
  } else if (format === 'junit') {
    const suites = [...Map.groupBy(rows, ({ variant, run }) => `${run} ${variant}`).values()].map((list) => {
      const failed = list.filter(({ id }) => store.row(id)?.status === 'failed');
      const below = list.filter((row) => !failed.includes(row) && missed(scoresOf(row)).length > 0);
      const { variant, run } = list[0]!;
      const counts = { tests: list.length, failures: below.length, errors: failed.length };
      return { variant, run, ...counts, cases: { [Symbol.iterator]: () => read(list) } };
    });
    write(junitXml(experiment.manifest.name, suites));
  } else {
    const folder = path.resolve(io.cwd, output);
    makeFolder(folder);
    for (const [variant, list] of Map.groupBy(rows, (row) => row.variant)) {
      const first = [...read(list.slice(0, 1))][0]?.record;
      const log = {
        experiment: experiment.manifest.name,
        variant,
        model: first?.model ?? '',
        temperature: first?.temperature ?? null,
        seed: first?.seed ?? null,
        startedAt: first?.started_at ?? io.clock.now().toISOString(),
        samples: list.length,
        completed: list.filter(({ id }) => store.row(id)?.status === 'completed').length,
        scenarios: new Set(list.map(({ scenario }) => scenario)).size,
        epochs: Math.max(...new Set(list.map(({ run }) => run))),
      };
      const slug =
        experiment.variants.get(variant)?.variant.slug ??
        `${slugOf(variant).slice(0, 60)}-${sha256(variant).slice(0, 8)}`;
      write(inspectJson(log, read(list)), path.join(folder, `${slug}.json`));
    }
  }
  if (damaged > 0)
    io.err.write(`expgraph: ${damaged} damaged records are left out; \`expgraph fsck\` lists them\n`);
  if (output !== '-') io.err.write(`exported ${rows.length - damaged} records to ${sanitizeLine(output)}\n`);
  return damaged > 0 ? EXIT.incomplete : EXIT.complete;
}

/** Every record has the same columns: the first that can be read tells them. */
function columnsOf(
  rows: readonly ExportRow[],
  read: (list: readonly ExportRow[]) => Iterable<Exported>,
  scorers: readonly string[],
): readonly string[] {
  for (const record of read(rows)) return Object.keys(flatten(record, scorers));
  return [];
}
