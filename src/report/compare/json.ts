// `compare --format json`: one stable shape in snake_case (docs/compare.md). Pure.

import { hasWidth } from '../../analysis/compare/numbers.ts';
import type {
  Compared,
  ComparedArm,
  ComparedMargin,
  ComparedPair,
  Difference,
  Finding,
  MarginP,
  Mark,
  Moved,
  PairPassK,
  PassK,
} from '../../analysis/compare/result.ts';
import { isRefused } from '../../analysis/compare/result.ts';
import type { ArmSummary } from '../../analysis/statistics/compare.ts';
import type { Interval } from '../../analysis/statistics/intervals.ts';
import { levelPerLook } from '../../analysis/statistics/sequential.ts';
import { conclusionsOf, verdictOf } from './words.ts';

/** Where the gate is closed the document has findings and no number. */
export function compareJson(compared: Compared): object {
  const { experiment, metric, scorers, between, by, cluster, simulated, findings, arms, pairs } = compared;
  const refused = isRefused(compared);
  const nameOf = (arm: number): string => arms[arm]!.name;
  return {
    v: 1,
    experiment,
    metric,
    scorers,
    between,
    by,
    cluster,
    simulated,
    refused,
    first_draws: compared.isFirstDraws ?? false,
    findings: findings.map((finding) => findingJson(finding, nameOf)),
    arms: refused ? [] : arms.map(armJson),
    comparisons: refused ? [] : pairs.map((pair) => pairJson(pair, nameOf)),
    ...(compared.looks ? { looks: { ...compared.looks, level: levelPerLook(compared.looks) } } : {}),
    conclusions: refused ? { can: [], cannot: [] } : conclusionsOf(compared, nameOf),
  };
}

function findingJson(
  { kind, severity, mark, arms, message, hint, cells, count, firstDraws, steps }: Finding,
  nameOf: (arm: number) => string,
): object {
  return {
    kind,
    severity,
    mark: mark && markJson(mark),
    arms: arms.map(nameOf),
    message,
    hint,
    cells,
    count,
    ...(firstDraws === undefined ? {} : { first_draws: firstDraws }),
    ...(steps === undefined ? {} : { looks: steps }),
  };
}

function markJson(mark: Mark): string {
  return mark.replace('-', '_');
}

function armJson(arm: ComparedArm): object {
  const { 'not-told': not_told, ...lacking } = arm.lacking;
  return {
    name: arm.name,
    variant: arm.variant,
    at: arm.at,
    marks: arm.marks.map(markJson),
    cells: arm.cells,
    lacking: { ...lacking, not_told },
    unjudged: arm.unjudged,
    simulated: arm.simulated,
    runs: arm.runs,
    ...(arm.summary ? summaryJson(arm.summary) : NO_SUMMARY),
    same_answer: arm.answeredAlike,
    served_models: arm.servedModels,
    endings: { refused: arm.endings.refused, truncated: arm.endings.cut, filtered: arm.endings.filtered },
    pass_k: arm.passK?.map(passKJson) ?? null,
    groups: arm.groups.map(({ name, summary }) => ({
      name,
      marks: arm.marks.map(markJson),
      ...(summary ? summaryJson(summary) : NO_SUMMARY),
    })),
  };
}

/** `scenarios` of `of`: those with k runs or more. */
function passKJson({ k, at, atInterval, hat, hatInterval, scenarios, of }: PassK): object {
  return {
    k,
    pass_at_k: at,
    pass_at_k_ci95: intervalJson(atInterval),
    pass_hat_k: hat,
    pass_hat_k_ci95: intervalJson(hatInterval),
    scenarios,
    of,
  };
}

function pairPassKJson({ kind, k, difference, interval, p, adjustedP, scenarios, of }: PairPassK): object {
  const measure = kind === 'at' ? 'pass_at_k' : 'pass_hat_k';
  return {
    measure,
    k,
    difference,
    ci95_corrected: intervalJson(interval),
    p,
    p_holm: adjustedP,
    scenarios,
    of,
  };
}

const NO_SUMMARY = { scenarios: 0, values: 0, mean: null, ci95: null, same_value: null };

function summaryJson({ scenarios, values, mean, interval, consistency }: ArmSummary): object {
  return { scenarios, values, mean, ci95: intervalJson(interval), same_value: consistency };
}

function intervalJson(interval: Interval): object | null {
  return hasWidth(interval) ? { low: interval.low, high: interval.high } : null;
}

function pairJson(pair: ComparedPair, nameOf: (arm: number) => string): object {
  const marks = pair.marks.map(markJson);
  return {
    first: nameOf(pair.first),
    second: nameOf(pair.second),
    marks,
    ...differenceJson(pair.difference),
    margin: pair.margin && marginJson(pair.margin),
    groups: pair.groups.map(({ name, difference }) => ({ name, marks, ...differenceJson(difference) })),
    interaction: pair.interaction,
    pass_k: pair.passK?.map(pairPassKJson) ?? null,
    moved: pair.moved && movedJson(pair.moved),
    ...(pair.until ? { until: { runs: pair.until.runs, state: pair.until.state } } : {}),
  };
}

function marginJson({ margin, verdict, lowerIsBetter, tests, shown }: ComparedMargin): object {
  const p = (of: MarginP | undefined): object | null => (of ? { p: of.p, p_holm: of.adjusted } : null);
  return {
    margin,
    verdict,
    lower_is_better: lowerIsBetter,
    ci90: shown && { low: shown.interval.low, high: shown.interval.high },
    same: p(shown?.same),
    not_worse: p(shown?.notWorse),
    worse: p(shown?.worse),
    tests,
  };
}

/** Second minus first. */
function differenceJson(difference: Difference | null): object {
  if (difference === null) return { scenarios: 0, verdict: null };
  const { comparison, means, adjustedP, adjustedInterval, tests, passTests, power } = difference;
  const { permutation, signs } = comparison;
  return {
    scenarios: comparison.pairs,
    verdict: verdictOf(difference),
    means,
    difference: comparison.difference,
    ci95: intervalJson(comparison.interval),
    ci95_corrected: intervalJson(adjustedInterval),
    units: comparison.units,
    // Without bound where every scenario differs by the same amount: JSON has no word for it.
    effect: Number.isFinite(comparison.effect) ? comparison.effect : null,
    scenarios_up: signs.better,
    scenarios_down: signs.worse,
    scenarios_same: signs.same,
    permutation: { p: permutation.p, exact: permutation.isExact, p_holm: adjustedP, tests },
    mcnemar: passTests && {
      only_first: passTests.mcnemar.onlyFirst,
      only_second: passTests.mcnemar.onlySecond,
      p: passTests.mcnemar.p,
    },
    fisher: passTests?.fisher ?? null,
    power: powerJson(power),
  };
}

/** `detectable`: of both directions the larger, or the one that there is. */
function powerJson({ level, detectable, ofSeen, scenariosNeeded, moreRuns }: Difference['power']): object {
  const { up = null, down = null } = detectable ?? {};
  return {
    level,
    known: detectable !== null,
    detectable: up === null && down === null ? null : Math.max(up ?? 0, down ?? 0),
    detectable_up: up,
    detectable_down: down,
    of_seen: ofSeen,
    scenarios_needed: scenariosNeeded,
    runs_needed: moreRuns.kind === 'runs' ? moreRuns.runs : null,
    runs_would_do: moreRuns.kind === 'unknown' ? null : moreRuns.kind === 'runs',
  };
}

function movedJson({ cells, untouched, anotherAnswer, inputChanged, flips }: Moved): object {
  return {
    cells,
    not_drawn_again: untouched,
    another_answer: anotherAnswer.map(({ cell, servedModels }) => ({ cell, served_models: servedModels })),
    input_changed: inputChanged,
    flips: flips.map(({ cell, from, to, sameInput }) => ({ cell, from, to, same_input: sameInput })),
  };
}
