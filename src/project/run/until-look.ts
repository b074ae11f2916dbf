// A look at an experiment with `until:`: what is there is held against the goal, and what is drawn next follows from it. The
// records and scores that are kept decide, and nothing else: the same history gives the same look.

import { designOf } from '../../analysis/compare/cluster.ts';
import type { ArmValues } from '../../analysis/statistics/compare.ts';
import { type Look, lookAt } from '../../analysis/statistics/stopping.ts';
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import type { ScoreBook } from '../../core/scoring.ts';
import { NO_FILTER } from '../../core/task.ts';
import type { Until, UntilQuestion, UntilSummary } from '../../core/until.ts';
import { cellsToday } from '../compare/cells.ts';
import { clusterFor } from '../compare/cluster.ts';
import type { Experiment } from '../open/experiment.ts';
import { withRuns } from '../open/until-runs.ts';
import { judgedOf } from '../select/judged-row.ts';
import { bookOfToday, verdictOf } from '../select/verdict.ts';

export type UntilAt = {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  /** Left out = as it is kept. */
  readonly book?: ScoreBook;
};

/** As `compare` has it: the same question gets the same answer. */
const SEED = 1;

/** @param at the experiment with its runs begun (until-runs.ts) */
export function lookUntil(input: UntilAt): UntilSummary | null {
  const { experiment } = input;
  const { until } = experiment.manifest;
  if (until === undefined) return null;
  const common = planOf(until);
  const read = readValues(input, until);
  if (read.lacking !== null) return { ...common, questions: [], waits: read.lacking, next: null };
  const questions = questionsOf(experiment, until).flatMap((pair, _, all) => {
    const question = askOne(pair, { experiment, until, read, questions: all.length });
    return question === null ? [] : [question];
  });
  const waits = questions.length === 0 ? 'no scenario has a score in both arms of any pair' : null;
  return { ...common, questions, waits, next: nextOf(experiment, questions) };
}

/** What was planned, in the words of what is printed. */
export function planOf({
  goal,
  metric,
  runs,
  maxRuns,
}: Until): Pick<UntilSummary, 'goal' | 'metric' | 'looks'> {
  return {
    goal: goal.kind === 'decided' ? { decided: goal.size } : { half_width: goal.size },
    metric,
    looks: { first: runs, last: maxRuns },
  };
}

/** The experiment that is drawn next: with one run more of the arms that a question is open about. */
export function withNextRun(experiment: Experiment, { next }: Pick<UntilSummary, 'next'>): Experiment {
  if (next === null) return experiment;
  return withRuns(experiment, new Map(next.variants.map((name) => [name, next.run])));
}

type Values = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
type Read = { readonly lacking: string } | { readonly lacking: null; readonly values: Values };

/** By variant and scenario, one number a run. A look at some of what was drawn would be a look at what was chosen. */
function readValues({ experiment, store, book = bookOfToday(experiment) }: UntilAt, until: Until): Read {
  const found = cellsToday({
    experiment,
    store,
    variants: until.variants,
    filter: NO_FILTER,
    imported: NONE,
  });
  let undrawn = 0;
  let unjudged = 0;
  const values = new Map<string, Map<string, (number | null)[]>>();
  const numbered = new Set<string>();
  for (const [variant, cells] of found) {
    const own = new Map<string, (number | null)[]>();
    values.set(variant, own);
    for (const { scenario, run, row, lack } of cells) {
      const said = verdictOf(book.of({ variant, scenario, run, ...judgedOf(row) }));
      // No scorer is about it, whatever it answers.
      if (said.lack === 'unjudged') continue;
      if (row === null || (lack !== null && lack !== 'archived')) undrawn++;
      else if (said.lack === 'unscored') unjudged++;
      else {
        const value =
          until.metric === 'score' ? said.score : said.passed === null ? null : Number(said.passed);
        if (value !== null) numbered.add(scenario);
        own.set(scenario, [...(own.get(scenario) ?? []), value]);
      }
    }
  }
  if (undrawn > 0) return { lacking: `${undrawn} of its cells ${undrawn === 1 ? 'is' : 'are'} not drawn` };
  for (const own of values.values())
    for (const [scenario, list] of own)
      if (numbered.has(scenario)) unjudged += list.filter((value) => value === null).length;
  if (unjudged > 0)
    return { lacking: `${unjudged} of its answers ${unjudged === 1 ? 'has' : 'have'} no ${until.metric}` };
  return { lacking: null, values: withNumbers(values, numbered) };
}

const NONE: ReadonlyMap<string, RecordRow> = new Map();

/** Sorted, so that no order of files moves a resampled number. */
function withNumbers(
  values: ReadonlyMap<string, ReadonlyMap<string, readonly (number | null)[]>>,
  numbered: ReadonlySet<string>,
): Values {
  return new Map(
    [...values].map(([variant, own]) => [
      variant,
      new Map(
        [...own]
          .filter(([scenario]) => numbered.has(scenario))
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([scenario, list]) => [scenario, list.map((value) => value ?? 0)] as const),
      ),
    ]),
  );
}

type Pair = { readonly first: string; readonly second: string | null };

/** Each arm against the first. Arms that share every draw have no difference to look at. */
function questionsOf(experiment: Experiment, { variants }: Until): readonly Pair[] {
  const [first, ...others] = variants;
  if (others.length === 0) return [{ first: first!, second: null }];
  const contentOf = (name: string): string => {
    const { variant, engine } = experiment.variants.get(name)!.parts;
    return `${variant.digest} ${engine.digest}`;
  };
  return others
    .filter((second) => contentOf(second) !== contentOf(first!))
    .map((second) => ({ first: first!, second }));
}

function askOne(
  { first, second }: Pair,
  input: {
    readonly experiment: Experiment;
    readonly until: Until;
    readonly read: { readonly values: Values };
    readonly questions: number;
  },
): UntilQuestion | null {
  const { experiment, until, questions } = input;
  const runsOf = (name: string): number => experiment.variants.get(name)!.parts.runs;
  // An arm of another question may have been drawn further meanwhile.
  const runs = second === null ? runsOf(first) : Math.min(runsOf(first), runsOf(second));
  const upTo = (name: string): ArmValues =>
    new Map([...input.read.values.get(name)!].map(([scenario, list]) => [scenario, list.slice(0, runs)]));
  const look = lookAt({
    first: upTo(first),
    second: second === null ? null : upTo(second),
    runs,
    questions,
    seed: SEED,
    looks: { first: until.runs, last: until.maxRuns },
    goal: until.goal,
    design: designOf({ metric: until.metric, cluster: clusterFor(experiment, undefined) }),
  });
  return look === null ? null : { first, second, runs, ...told(look) };
}

function told(look: Look): Omit<UntilQuestion, 'first' | 'second' | 'runs'> {
  const { scenarios, estimate, interval, halfWidth, p, level, state } = look;
  const needs =
    state.kind === 'scenarios-vary' ? state.scenarios : state.kind === 'runs-short' ? state.runs : null;
  return {
    scenarios,
    estimate,
    low: interval.low,
    high: interval.high,
    half_width: halfWidth,
    p,
    level,
    state: state.kind,
    needs,
  };
}

/** Whole runs, of all scenarios: which ones are drawn is never chosen by how they came out. */
function nextOf(experiment: Experiment, questions: readonly UntilQuestion[]): UntilSummary['next'] {
  const open = questions.filter(({ state }) => state === 'open');
  if (open.length === 0) return null;
  const run = Math.max(...open.map(({ runs }) => runs)) + 1;
  const arms = new Set(open.flatMap(({ first, second }) => (second === null ? [first] : [first, second])));
  const parts = experiment.parts.filter(({ name, runs }) => arms.has(name) && runs < run);
  const tasks = parts.reduce(
    (sum, { scenarios, without }) => sum + scenarios.length - (without?.size ?? 0),
    0,
  );
  return { run, variants: parts.map(({ name }) => name), tasks };
}
