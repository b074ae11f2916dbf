// Two moments of the history, cell by cell.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { shortNames } from '../../core/invocation-id.ts';
import { meansVariant } from '../../core/variant-names.ts';
import type { DiffLabels, DiffRow, DiffSide } from '../../report/records/diff.ts';
import { quoteWord } from '../../text/next.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { type FilterOptions, makeFilter } from '../open/filters.ts';
import { openToRead } from '../open/read.ts';
import { refuseWithheld } from '../open/withheld.ts';
import type { World } from '../open/world.ts';
import { makeCellFilter } from '../select/cell-filter.ts';
import { namesOfInvocations } from '../select/find-invocation.ts';
import { findMoment, type Moment } from '../select/find-records.ts';
import { pairsBetween } from '../select/record-changes.ts';
import { excerptOf } from '../select/record-excerpt.ts';
import { bookOfToday, openJudge } from '../select/verdict.ts';

export type DiffInput = FilterOptions & {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
  /** An invocation (its number is enough), a date, `now`, `last` or `previous`. */
  readonly a?: string;
  /** The same; left out: now. Neither: the last two invocations that drew something. */
  readonly b?: string;
};

export type MomentsDiff = {
  readonly experiment: string;
  /** What the two moments are: an invocation by its whole name. */
  readonly labels: DiffLabels;
  /** As commands take them: of an invocation its number, or `2-k3f9m2q7` where two have it. */
  readonly called: DiffLabels;
  /** One for each cell that either moment holds; null where a moment holds no record of it. */
  readonly rows: readonly DiffRow[];
};

/**
 * What became of each cell between two moments.
 * @throws ManifestError on a manifest with mistakes, CommandError where a text names no moment
 */
export async function diffMoments(world: World, input: DiffInput): Promise<MomentsDiff> {
  const filter = makeFilter(input);
  using reading = await openToRead(world, input.file);
  const { experiment, store } = reading;
  await refuseWithheld(world, experiment);
  const judge = openJudge(bookOfToday(experiment));
  refuseNames(experiment, [input.a, input.b]);
  const before = findMoment(store, input.a ?? 'previous');
  const after = findMoment(store, input.b ?? (input.a === undefined ? 'last' : 'now'));
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
  return {
    experiment: experiment.manifest.name,
    labels: { before: before.label, after: after.label },
    called: calledIn(store, { before, after }),
    rows,
  };
}

export function calledIn(
  store: StoreReader,
  { before, after }: { readonly before: Moment; readonly after: Moment },
): DiffLabels {
  const short = shortNames(namesOfInvocations(store));
  return { before: short(before.label), after: short(after.label) };
}

/** Two moments are compared here; who names an arm or a cell means another command, or a filter. */
function refuseNames({ manifest }: Experiment, given: readonly (string | undefined)[]): void {
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
