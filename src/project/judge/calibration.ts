// A scorer held against people: who says what of the same answers, how far they agree, and from which score on an answer
// would pass as people have it.

import type { Rated } from '../../analysis/statistics/agreement.ts';
import { fitThreshold } from '../../analysis/statistics/threshold.ts';
import type { StoreReader } from '../../cache/store.ts';
import type { Calibration, Differing, Human } from '../../core/calibration.ts';
import type { ScoreRecord } from '../../core/record.ts';
import type { CellScore, Scorer } from '../../core/scoring.ts';
import { judgementsOf } from '../../planner/scores.ts';
import { scoreBookOf } from '../select/score-book.ts';
import { readyScorers } from '../select/scorers.ts';
import { agreementOf, PASSES, type Scale, scaleOfChoices } from './agreement.ts';
import type { Item, Items } from './calibration-items.ts';

const MOST_DIFFERING = 10;

export function calibrationOf(input: {
  readonly scorer: Scorer;
  readonly items: Items;
  readonly sources: readonly string[];
}): Calibration {
  const { scorer, items } = input;
  const ready = readyScorers(items.seen, [scorer.name]);
  using scores = items.seen.stores.readScores();
  const book = scoreBookOf(ready, scores);
  const scale = scaleOf(scorer, items.items);
  const judged = items.items.map((item): Judged => {
    const [said] = book.of({ ...item.cell, outputDigest: item.cell.output });
    return { item, said: said ?? null, human: codeOfHumans(item.humans, { scorer, scale }) };
  });
  const about = judged.filter(({ said }) => said !== null);
  const known = about.filter(({ said }) => codeOf(said!, scale) !== null);
  const compared = known.filter(({ human }) => human !== null);
  const pairs = compared.map((one) => [one.human!, codeOf(one.said!, scale)!] as const);
  const rated = compared.map(
    ({ item }, i): Rated => ({ cluster: item.cell.scenario, ratings: [...pairs[i]!] }),
  );
  const reasonOf = makeReasons({ ready: ready[0]!, scores });
  return {
    scorer: scorer.name,
    sources: input.sources,
    gone: items.gone,
    labels: items.items.reduce((sum, { humans }) => sum + humans.length, items.gone),
    answers: items.items.length,
    compared: compared.length,
    scenarios: new Set(rated.map(({ cluster }) => cluster)).size,
    out_of_scope: judged.length - about.length,
    not_judged: about.length - known.length,
    undecided: known.length - compared.length,
    agree: pairs.filter(([human, said]) => human === said).length,
    agreement: rated.length === 0 ? null : agreementOf(rated, { scale, raters: 2 }),
    humans: humansOf(items.items, { scorer, scale }),
    categories: scale.categories,
    confusion: scale.categories.map((_, human) =>
      scale.categories.map((_, said) => pairs.filter(([a, b]) => a === human && b === said).length),
    ),
    threshold: thresholdOf(compared, scorer),
    differ: compared
      .filter((_, i) => pairs[i]![0] !== pairs[i]![1])
      .slice(0, MOST_DIFFERING)
      .map(
        ({ item, said, human }): Differing => ({
          where: item.where,
          scenario: item.cell.scenario,
          human: scale.categories[human!]!,
          scorer: saidWords(said!, scale),
          reason: reasonOf(item),
        }),
      ),
  };
}

type Judged = { readonly item: Item; readonly said: CellScore | null; readonly human: number | null };

/** Labels where all of them are choices of the judge; else whether an answer passes. */
function scaleOf(scorer: Scorer, items: readonly Item[]): Scale {
  const choices = scorer.kind === 'judge' ? scorer.choices : null;
  const isLabelled = items.every(({ humans }) => humans.every(({ label }) => label !== null));
  return choices !== null && isLabelled ? scaleOfChoices(choices) : PASSES;
}

function codeOf(said: CellScore, scale: Scale): number | null {
  if (said.missing !== null) return null;
  if (scale === PASSES) return said.passed === null ? null : Number(said.passed);
  const code = said.label === null ? -1 : scale.categories.indexOf(said.label);
  return code < 0 ? null : code;
}

function codeOfHuman(
  human: Human,
  { scorer, scale }: { readonly scorer: Scorer; readonly scale: Scale },
): number {
  if (scale !== PASSES) return scale.categories.indexOf(human.label!);
  if (human.passed !== null) return Number(human.passed);
  const choices = scorer.kind === 'judge' ? scorer.choices : null;
  const score = human.score ?? choices?.[human.label!] ?? 0;
  return Number(score >= scorer.passAt);
}

/** What most of them say; null = as many say the one as the other. */
function codeOfHumans(
  humans: readonly Human[],
  as: { readonly scorer: Scorer; readonly scale: Scale },
): number | null {
  const counts = new Map<number, number>();
  for (const human of humans)
    counts.set(codeOfHuman(human, as), (counts.get(codeOfHuman(human, as)) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const first = [...counts].filter(([, count]) => count === most);
  return first.length === 1 ? first[0]![0] : null;
}

/** People are told apart by their names; without one, by the order of what they say of an answer. */
function humansOf(
  items: readonly Item[],
  as: { readonly scorer: Scorer; readonly scale: Scale },
): Calibration['humans'] {
  const several = items.filter(({ humans }) => humans.length > 1);
  if (several.length === 0) return null;
  const raters = new Map<string, number>();
  const nameOf = (human: Human, i: number): string => human.rater ?? `#${i}`;
  for (const { humans } of several)
    humans.forEach((human, i) => {
      const name = nameOf(human, i);
      if (!raters.has(name)) raters.set(name, raters.size);
    });
  const rated = several.map(({ cell, humans }): Rated => {
    const ratings = new Array<number | null>(raters.size).fill(null);
    humans.forEach((human, i) => {
      ratings[raters.get(nameOf(human, i))!] = codeOfHuman(human, as);
    });
    return { cluster: cell.scenario, ratings };
  });
  const agreement = agreementOf(rated, { scale: as.scale, raters: raters.size });
  return { ...agreement, answers: rated.length, raters: raters.size };
}

/** Of numbers alone: who chooses among labels has the scores that the manifest gives them. */
function thresholdOf(compared: readonly Judged[], scorer: Scorer): Calibration['threshold'] {
  if (scorer.kind === 'judge' && scorer.choices !== null) return null;
  const points = compared.flatMap(({ item, said }) => {
    // A number of theirs is held against the threshold itself, and cannot tell another.
    const passes = item.humans.flatMap(({ passed }) => passed ?? []);
    const yes = passes.filter(Boolean).length;
    if (said!.score === null || passes.length === 0 || yes * 2 === passes.length) return [];
    return [{ cluster: item.cell.scenario, score: said!.score, passed: yes * 2 > passes.length }];
  });
  const now = scorer.passAt;
  const fitted = fitThreshold(points, now);
  if (fitted === null) return null;
  return {
    now,
    fitted: fitted.threshold,
    of: points.length,
    agree_fitted: fitted.agree,
    agree_now: points.filter(({ score, passed }) => score >= now === passed).length,
    agree_left_out: fitted.agreeLeftOut,
  };
}

function saidWords(said: CellScore, scale: Scale): string {
  const word = scale.categories[codeOf(said, scale)!]!;
  return said.score === null || scale !== PASSES ? word : `${word}, ${Number(said.score.toFixed(3))}`;
}

/** Words of the first vote. */
function makeReasons(input: {
  readonly ready: ReturnType<typeof readyScorers>[number];
  readonly scores: StoreReader<ScoreRecord>;
}): (item: Item) => string | null {
  const { ready, scores } = input;
  const rows = new Map([...scores.counting()].map((row) => [row.key as string, row]));
  return ({ cell }) => {
    const row = rows.get(judgementsOf(ready.planned, cell)[0]?.key ?? '');
    const read = row && scores.read(row);
    return read?.kind === 'ok' ? read.value.reason : null;
  };
}
