// Arms against each other, against themselves earlier, or one alone: found, let through the gate of completeness, and measured.
import { compareArms as measureArms } from '../../analysis/compare/compare.ts';
import type { Arm, CompareInput, Metric } from '../../analysis/compare/input.ts';
import type { Powers } from '../../analysis/compare/power.ts';
import { type Compared, isRefused } from '../../analysis/compare/result.ts';
import type { GateLine } from '../../core/gate-line.ts';
import type { ScoreBook } from '../../core/scoring.ts';
import type { Filter } from '../../core/task.ts';
import type { Comparison } from '../../report/compare/comparison.ts';
import { CommandError } from '../open/command-error.ts';
import { type FilterOptions, makeFilter, placeWords, refuseChosen } from '../open/filters.ts';
import { openToRead, type Reading } from '../open/read.ts';
import { refuseWithheld } from '../open/withheld.ts';
import { note, notifyDiagnostics, type World } from '../open/world.ts';
import { findMoment } from '../select/find-records.ts';
import { humanNotes, isHuman, openHumanBook, withHumans } from '../select/human-scores.ts';
import { bookOfToday, chosenScorers } from '../select/verdict.ts';
import { withoutPairs } from '../select/without-pairs.ts';
import type { Against } from './against.ts';
import { isJudged } from './arm.ts';
import { gatherComparison } from './arms.ts';
import { clusterFor } from './cluster.ts';
import { readFailUnder } from './fail-under.ts';
import { type AskedMetric, readMetric } from './human-metric.ts';
import { type Gated, gateOf } from './invocation-gate.ts';
import { readMargin } from './margin.ts';

export type CompareArmsInput = Omit<FilterOptions, 'variant'> & {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
  /** Names or globs; the first is held against each other one; one name: it alone; none: all of them. */
  readonly variants?: readonly string[];
  /** Left out: `score`. `human.<dimension>`: what people said in reviews that are closed. Tokens are counted per answer, latency in milliseconds, cost in US dollars. */
  readonly metric?: AskedMetric;
  /** Each category, or each tag, as well. */
  readonly by?: NonNullable<CompareInput['by']>;
  /** What scenarios belong to, counted in their place: `vars.customer`, `category`; `scenario`: nothing. */
  readonly cluster?: string;
  /** An invocation or a date: as it was then. Two: each variant then against itself then. */
  readonly at?: readonly string[];
  /** Names of scorers; none: all. */
  readonly scorer?: readonly string[];
  /** Compare what is there, and mark every number. */
  readonly allowIncomplete?: boolean;
  readonly allowMixedModels?: boolean;
  /** A gate beside those of the manifest: the share of answers that has to pass, `0.9` or `90%`. */
  readonly failUnder?: string;
  /** Whether arms are the same up to it, in the unit of the metric: `0.05`, or `5%` of a score. */
  readonly margin?: string;
  /** Each arm of today against itself: in a folder of results, at an invocation or a date, at a commit or branch. */
  readonly against?: string;
  /** The first completed draw of each cell, whatever was drawn again later. */
  readonly firstDraws?: boolean;
  /** p of tests of the same question in other comparisons: this one is corrected for them as well. */
  readonly beside?: readonly number[];
};

/**
 * Intervals, tests and plain words about arms. A comparison that is refused is returned with why, and no number.
 * @throws ManifestError on a manifest with mistakes, CommandError on what cannot be asked together or means no arm
 * @param powers told by comparisons of the same arms before
 */
export async function compareArms(
  world: World,
  input: CompareArmsInput,
  powers?: Powers,
): Promise<Comparison> {
  const { scenario = [], category = [], tag = [], runs = [], at = [] } = input;
  const { metric, scorer } = readMetric(input);
  refuseChosen(makeFilter(input), 'compare');
  const filter = makeFilter({ scenario, category, tag, runs });
  const { moreGate, margin } = readTogether({ ...input, metric, scorer });
  using reading = await openToRead(world, input.file);
  const { experiment, store } = reading;
  await refuseWithheld(world, experiment);
  const whole = chosenScorers(withHumans(bookOfToday(experiment), { experiment, names: scorer }), scorer);
  if (scorer.some(isHuman)) for (const text of humanNotes(openHumanBook(experiment))) note(world, text);
  const book = withoutPairs(whole);
  using against = await openEarlier(world, { reading, text: input.against });
  const asksPairs = metric === 'score' && (whole.pairs ?? []).length > 0;
  const onlyPairs = asksPairs && book.scorers.length === 0;
  if (onlyPairs) refuseForPairs(whole.scorers, { ...input, at: at.length > 0 });
  const isFirstDraws = input.firstDraws ?? false;
  const allowIncomplete = input.allowIncomplete ?? false;
  const question = gatherComparison({
    experiment,
    store,
    book,
    filter,
    isFirstDraws,
    margin,
    against: against && {
      ...against,
      book: withoutPairs(chosenScorers(withHumans(against.book, { experiment, names: scorer }), scorer)),
    },
    patterns: input.variants ?? [],
    metric: metricFor(metric, onlyPairs ? whole : book),
    by: input.by ?? null,
    cluster: clusterFor(experiment, input.cluster),
    moments: at.map((text) => findMoment(store, text)),
    allowed: { incomplete: allowIncomplete, mixedModels: input.allowMixedModels ?? false },
  });
  const { beside = [] } = input;
  const measured = measureArms({ ...question, beside }, powers);
  const compared = onlyPairs ? withoutValues(measured) : measured;
  const { arms, between, cluster, groupsOf } = question;
  const humans = (whole.pairs ?? []).filter(isHuman);
  const preferences =
    asksPairs && humans.length > 0
      ? (await import('./human-pairs.ts')).humanPreferences({
          ...{ experiment, scorers: humans, filter, arms, cluster, allowIncomplete },
        })
      : asksPairs && at.length === 0 && against === null
        ? (await import('./preferences.ts')).gatherPreferences({
            experiment,
            store,
            book: whole,
            filter,
            arms,
            cluster,
            isFirstDraws,
            allowIncomplete,
          })
        : null;
  const ofToday = arms.filter((arm) => against === null || arm.at === null);
  const gated = await gateOfArms(world, { reading, filter, moreGate, arms: ofToday });
  const isOpen = (preferences ?? []).some(({ found, pairs }) => pairs > 0 && !found);
  return {
    compared,
    preferences,
    onlyPairs,
    cells: { arms, between, groupsOf, cluster: cluster ?? null },
    ...gated,
    concluded: !isRefused(compared) && !isOpen,
  };
}

/** What excludes each other is said before anything is opened. */
function readTogether(input: Omit<CompareArmsInput, 'metric'> & { readonly metric: Metric }): {
  readonly moreGate: readonly GateLine[];
  readonly margin: number | null;
} {
  const { at = [], against } = input;
  if (at.length > 2)
    throw new CommandError('--at is given at most twice: as it was then, or from then to then');
  if (against !== undefined && at.length > 0)
    throw new CommandError('--against and --at exclude each other: --against is about the answers of today');
  if (input.firstDraws && (at.length > 0 || against !== undefined))
    throw new CommandError('--first-draws is about the answers of today: it takes no --at and no --against');
  const moreGate = readFailUnder(input.failUnder, input.scorer);
  if (moreGate.length > 0 && at.length > 0)
    throw new CommandError('--fail-under is about the answers of today, and --at about earlier ones');
  return { moreGate, margin: readMargin(input.margin, input.metric) };
}

async function openEarlier(
  { cwd }: Pick<World, 'cwd'>,
  { reading, text }: { readonly reading: Reading; readonly text: string | undefined },
): Promise<Against | null> {
  if (text === undefined) return null;
  const { experiment, store } = reading;
  return (await import('./against.ts')).openAgainst(text, { experiment, store, cwd });
}

/** Of the arms that are compared; what they were earlier has no gate. */
async function gateOfArms(
  world: World,
  question: {
    readonly reading: Reading;
    readonly filter: Filter;
    readonly moreGate: readonly GateLine[];
    readonly arms: readonly Arm[];
  },
): Promise<Gated> {
  const { reading, filter, moreGate, arms } = question;
  if (arms.some((arm) => arm.at !== null)) return {};
  const { experiment, store } = reading;
  const isEvery = experiment.manifest.variants.every(({ name }) => arms.some((arm) => arm.variant === name));
  return gateOf({
    experiment,
    store,
    moreGate,
    place: placeWords(world),
    how: 'complete',
    isPartlyJudged: false,
    filter: { ...filter, variant: isEvery ? [] : arms.map((arm) => arm.variant) },
    noticed: (diagnostics) => notifyDiagnostics(world, diagnostics),
  });
}

/** What every record has can be compared at once; scores have to be made first. */
function metricFor(metric: Metric, book: ScoreBook): Metric {
  if (!isJudged(metric) || book.scorers.length > 0) return metric;
  throw new CommandError(
    'nothing judges these answers, so there is no score to compare: give scenarios an `expect:` or declare `scorers:` in the manifest, then run `npx expgraph score`. ' +
      'What every record tells can be compared now: --metric tokens, --metric latency or --metric cost',
  );
}

/** A wish that nobody grants is said. */
function refuseForPairs(
  scorers: readonly string[],
  given: { readonly [option in 'at' | 'against' | 'by' | 'margin']?: unknown },
): void {
  const asked = (['at', 'against', 'by', 'margin'] as const).find((option) => Boolean(given[option]));
  if (asked === undefined) return;
  const why =
    asked === 'at' || asked === 'against'
      ? 'holds answers of today against answers of today'
      : 'says which of two answers is better, and gives no arm a number of its own';
  throw new CommandError(`${scorers.join(', ')} ${why}: it is compared without --${asked}`);
}

/** Where pairs alone are asked about, no arm has a number of its own, and none is missing. */
function withoutValues(compared: Compared): Compared {
  const findings = compared.findings.filter(({ kind }) => kind !== 'no-values' && kind !== 'unjudged');
  return { ...compared, findings };
}
