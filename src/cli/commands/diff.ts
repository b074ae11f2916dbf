// expgraph diff: two moments of the history, cell by cell.

import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { jsonLine } from '../../core/text.ts';
import { meansVariant } from '../../core/variant-names.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { type Experiment, openExperiment } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter, scopeWords } from '../../project/open/filters.ts';
import { notifyDiagnostics } from '../../project/open/world.ts';
import { makeCellFilter } from '../../project/select/cell-filter.ts';
import { findMoment } from '../../project/select/find-records.ts';
import { pairsBetween } from '../../project/select/record-changes.ts';
import { excerptOf } from '../../project/select/record-excerpt.ts';
import { bookOfToday, openJudge } from '../../project/select/verdict.ts';
import { diffJson } from '../../report/json.ts';
import { type DiffRow, type DiffSide, diffTable } from '../../report/records/diff.ts';
import { quoteWord } from '../../text/next.ts';
import type { Io } from '../io.ts';

export async function diffCommand(
  io: Io,
  options: FilterOptions & {
    readonly file: string;
    readonly json?: boolean;
    /** Left out: the last two invocations that executed something. */
    readonly a?: string;
    readonly b?: string;
  },
): Promise<number> {
  const filter = makeFilter(options);
  const experiment = await openExperiment(io, options.file);
  using store = experiment.stores.read();
  notifyDiagnostics(io, store.diagnostics);
  const judge = openJudge(bookOfToday(experiment));
  noArms(experiment, [options.a, options.b]);
  const before = findMoment(store, options.a ?? 'previous');
  const after = findMoment(store, options.b ?? (options.a === undefined ? 'last' : 'now'));
  const isMeant = await makeCellFilter({ experiment, store, filter });
  const pairs = pairsBetween(store, { before, after }).filter((pair) =>
    isMeant((pair.after ?? pair.before)!),
  );
  const rows = pairs.map((pair): DiffRow => {
    // Bodies are read only where something is shown of them.
    const same = pair.before?.id === pair.after?.id;
    const side = (row: RecordRow | null): DiffSide | null =>
      row ? { ...sideOf(store, row, same), ...judge(row) } : null;
    return { ...pair.cell, before: side(pair.before), after: side(pair.after) };
  });
  const labels = { before: before.label, after: after.label };
  const as = { columns: io.out.columns(), colors: io.out.colors, scope: scopeWords(filter, io) };
  if (options.json) {
    io.out.write(jsonLine({ experiment: experiment.manifest.name, ...diffJson(rows, labels) }));
  } else {
    io.out.write(diffTable(rows, { ...as, labels }));
  }
  return 0;
}

/** Two moments are compared here; who names an arm or a cell means another command, or a filter. */
function noArms({ manifest }: Experiment, given: readonly (string | undefined)[]): void {
  const names = manifest.variants.map(({ name }) => name);
  const ids = manifest.scenarios.map(({ id }) => id);
  for (const text of given.flatMap((one) => one ?? [])) {
    const shown = JSON.stringify(text);
    if (names.some(meansVariant([text], names))) {
      const command = `npx expgraph compare ${given.flatMap((one) => (one === undefined ? [] : quoteWord(one))).join(' ')}`;
      throw new CommandError(
        `${shown} is a variant, and diff is of two moments: ${command} holds variants against each other; diff --variant ${quoteWord(text)} is what changed of it`,
      );
    }
    if (ids.includes(text) || text.includes('/'))
      throw new CommandError(
        `${shown} is no moment, and diff is of two moments; npx expgraph history ${quoteWord(text)} tells of cells, and diff takes --variant, --scenario and --runs`,
      );
  }
}

/** Answers begin alike more often than not: where they part is looked for in so much of them. */
const EXCERPT_CHARS = 1_000;

function sideOf(store: StoreReader, row: RecordRow, same: boolean): Omit<DiffSide, 'score' | 'passed'> {
  const { key, status, outputDigest, servedModel } = row;
  return {
    key,
    status,
    outputDigest,
    servedModel,
    excerpt: same ? '' : excerptOf(store, row, EXCERPT_CHARS),
  };
}
