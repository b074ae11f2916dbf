// From found cells to the arms of a comparison: which arms, and the number of each cell.

import type { CompareInput, Metric } from '../../analysis/compare/input.ts';
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { calledAmong, NEVER, orderKey, orderOf } from '../../core/invocation-id.ts';
import type { CellScore, ScoreBook } from '../../core/scoring.ts';
import type { Filter } from '../../core/task.ts';
import { meansVariant } from '../../core/variant-names.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { once } from '../open/once.ts';
import { namesOfInvocations } from '../select/find-invocation.ts';
import type { Moment } from '../select/find-records.ts';
import { importedRows } from '../select/imported-rows.ts';
import { makeRowFilter } from '../select/row-filter.ts';
import { checkFilter, nearWords } from '../select/unmatched.ts';
import { speakersIn } from '../select/verdict.ts';
import type { Against } from './against.ts';
import { armOf, isJudged, type SaidArm, saidOfArm } from './arm.ts';
import { cellsAt, cellsToday, type FoundCell, type FoundCells } from './cells.ts';

export type CompareQuestion = {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly book: ScoreBook;
  /** Names or globs; none = all. */
  readonly patterns: readonly string[];
  readonly filter: Filter;
  readonly metric: Metric;
  readonly by: CompareInput['by'];
  /** Absent = scenarios are the units. */
  readonly cluster?: CompareInput['cluster'];
  /** None = what the manifest asks for now; one = all arms as they were then; two = each variant then and then. */
  readonly moments: readonly Moment[];
  readonly margin?: CompareInput['margin'];
  readonly allowed: CompareInput['allowed'];
  /** The first completed draw of each cell, whatever was drawn after it. */
  readonly isFirstDraws?: boolean;
  /** Each arm of today against itself there and then. */
  readonly against?: Pick<Against, 'store' | 'moment' | 'book'> | null;
};

/** @throws CommandError where no arm is meant. */
export function gatherComparison(question: CompareQuestion): CompareInput {
  const { experiment, metric, by, allowed, moments, book, isFirstDraws = false } = question;
  // Once for all that follows.
  const imported = moments.length === 0 ? importedRows(question.store) : NONE_IMPORTED;
  const variants = chosenVariants(question, imported);
  if (moments.length === 0) {
    const means = makeRowFilter(experiment, question.filter);
    checkFilter(experiment, question.filter, () => [...imported.values()].some(means));
  }
  const found =
    moments.length === 0
      ? [cellsToday({ ...question, variants, imported, isFirstDraws })]
      : moments.map((moment) => cellsAt({ ...question, variants, moment }));
  const { against = null } = question;
  const isOverTime = moments.length === 2 || against !== null;
  const called = once(() => calledAmong(namesOfInvocations(question.store), 4));
  const then = against && cellsAt({ ...question, ...against, variants });
  const asked = (
    cells: FoundCells,
    { book, moment }: { readonly book: ScoreBook; readonly moment: Moment | undefined },
  ): readonly SaidArm[] =>
    variants.map((variant) => {
      const cellsOfArm = cells.get(variant)!;
      const model = modelOf(variant, { experiment, found: cellsOfArm });
      const at = moment === undefined ? { at: null } : { at: moment.label, ...called()(moment.label) };
      return saidOfArm({ book, ...at, variant, model, metric, needsVerdict: isOverTime, found: cellsOfArm });
    });
  const said = [
    ...(then === null ? [] : asked(then, against!)),
    ...found.flatMap((cells, i) => asked(cells, { book, moment: moments[i] })),
  ];
  const speakers = metric === 'score' || metric === 'pass' ? speakersIn(metric, spokenIn(said)) : new Map();
  const choosing = once(() => choosingIn(question.store));
  const arms = said.map((arm) => armOf(arm, { speakers, choosing }));
  const pairs = isOverTime
    ? variants.map((_, i) => [i, variants.length + i] as const)
    : variants.slice(1).map((_, i) => [0, i + 1] as const);
  return {
    experiment: experiment.manifest.name,
    metric,
    scorers: countedIn(metric, book),
    precomputed: precomputedIn(experiment, countedIn(metric, book)),
    arms,
    pairs,
    between: isOverTime ? 'moments' : 'variants',
    by,
    cluster: question.cluster ?? null,
    groupsOf: groupsOf({ experiment, by, found: then === null ? found : [then, ...found] }),
    ...(isFirstDraws ? { isFirstDraws } : {}),
    margin: question.margin ?? null,
    ...(moments.length === 0 && experiment.manifest.until ? { until: experiment.manifest.until } : {}),
    allowed,
  };
}

const NONE_IMPORTED: ReadonlyMap<string, RecordRow> = new Map();

function* spokenIn(
  arms: readonly SaidArm[],
): Generator<{ readonly scenario: string; readonly scores: readonly CellScore[] }> {
  for (const { found, said } of arms) {
    for (const [i, { scenario }] of found.entries()) yield { scenario, scores: said?.[i] ?? [] };
  }
}

function countedIn(metric: Metric, { scorers, beside = [], pairs = [] }: ScoreBook): readonly string[] {
  if (!isJudged(metric)) return [];
  const left = metric === 'pass' ? pairs : [...pairs, ...beside];
  return scorers.filter((name) => !left.includes(name));
}

function precomputedIn({ manifest }: Experiment, counted: readonly string[]): readonly string[] {
  return manifest.scorers.flatMap(({ kind, name }) =>
    kind === 'precomputed' && counted.includes(name) ? [name] : [],
  );
}

/** In the order in which they are named; a glob's in the order of the manifest. */
function chosenVariants(
  { experiment, store, patterns, moments, against = null }: CompareQuestion,
  imported: ReadonlyMap<string, RecordRow>,
): readonly string[] {
  const declared = experiment.manifest.variants.map(({ name }) => name);
  // What is compared as it was may have another name by now, or be gone.
  const kept = moments.length === 0 ? namesOf(imported.values()) : namesOf(store.everyRecord());
  const known = [...new Set([...declared, ...kept])];
  const chosen =
    patterns.length === 0
      ? declared
      : patterns.flatMap((pattern) => {
          const named = known.filter(meansVariant([pattern], known));
          if (named.length > 0) return named;
          throw new CommandError(
            `no variant matches ${JSON.stringify(pattern)}${nearWords(pattern, known, 'variant')}`,
          );
        });
  const variants = [...new Set(chosen)];
  if (against !== null) {
    const there = namesOf(against.store.everyRecord());
    const both = variants.filter((name) => there.has(name));
    if (both.length > 0) return both;
    throw new CommandError(`${against.moment.label} has no answers of ${variants.slice(0, 12).join(', ')}`);
  }
  // One arm is told alone.
  return variants;
}

/** What was imported under a name that the manifest does not have can be compared by it. */
function namesOf(rows: Iterable<Pick<RecordRow, 'variant'>>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { variant } of rows) names.add(variant);
  return names;
}

/** Invocations that chose cells by how they had come out. */
function choosingIn(store: StoreReader): ReadonlySet<string> {
  return new Set(
    store
      .invocations()
      .filter(({ filter }) => filter.not_passed || filter.differs)
      .map(({ invocation }) => orderKey(orderOf(invocation) ?? NEVER)),
  );
}

/** The model that is asked for, where the arm's records are of the variant as it is declared now. */
function modelOf(
  variant: string,
  { experiment, found }: { readonly experiment: Experiment; readonly found: readonly FoundCell[] },
): string | null {
  const declared = experiment.variants.get(variant);
  const isOfToday = found.every((cell) => cell.row === null || cell.isOfToday);
  return declared && isOfToday ? declared.variant.model : null;
}

function groupsOf(input: {
  readonly experiment: Experiment;
  readonly by: CompareInput['by'];
  readonly found: readonly FoundCells[];
}): CompareInput['groupsOf'] {
  const groups = new Map<string, readonly (string | null)[]>();
  if (input.by === 'category') {
    for (const cells of input.found.flatMap((found) => [...found.values()])) {
      for (const { scenario, category } of cells) groups.set(scenario, [category]);
    }
  }
  if (input.by === 'tag')
    for (const { id, tags } of input.experiment.manifest.scenarios) groups.set(id, [...new Set(tags)]);
  return (scenario) => {
    const known = groups.get(scenario) ?? [];
    return known.length === 0 ? [null] : known;
  };
}
