// What of a comparison is seen at once: intervals of arms, differences with the scenarios that they are made of, pass^k, costs. Pure.
import { armName, type CompareInput, type Metric } from '../../analysis/compare/input.ts';
import { formatInterval, formatMetric, hasWidth, markSigns } from '../../analysis/compare/numbers.ts';
import { type Compared, isRefused } from '../../analysis/compare/result.ts';
import { NOUNS } from '../compare/words.ts';
import { differencePlots } from './difference-plots.ts';
import type { Line, Plot, Spot } from './plot.ts';
import { capital, NUMBER } from './words.ts';

export type PlotsInput = {
  readonly compared: Compared;
  readonly cells: Pick<CompareInput, 'arms' | 'groupsOf'>;
  /** The same question of other numbers, where they are told: passes by k, costs, scores. */
  readonly pass: Compared | null;
  readonly cost: Compared | null;
  readonly score: Compared | null;
};

/** None of a comparison that is refused: there is no number to be seen. */
export function comparePlots(input: PlotsInput): readonly Plot[] {
  if (isRefused(input.compared)) return [];
  return [
    ...armsPlot(input.compared),
    ...differencePlots(input),
    ...(input.pass === null ? [] : passPlot(input.pass)),
    ...(input.cost === null || input.score === null ? [] : costPlot(input.cost, input.score)),
  ];
}

function armsPlot({ arms, metric, between }: Compared): readonly Plot[] {
  const told = arms.flatMap(({ name, summary, marks }) =>
    summary === null ? [] : [{ name, summary, signs: markSigns(marks) }],
  );
  if (told.length === 0) return [];
  const format = (value: number): string => formatMetric(metric, value);
  const rows = told.map(({ name, summary, signs }) => {
    const { mean: middle, interval } = summary;
    const text = `${hasWidth(interval) ? `${format(middle)} (${formatInterval(interval, format)})` : format(middle)}${signs}`;
    return {
      name,
      isPart: false,
      ...interval,
      middle,
      text,
      words: `${name}: ${text}`,
      scenario: null,
      dots: [],
    };
  });
  const title = `${capital(NOUNS[metric])} of each arm${between === 'moments' ? ' at each moment' : ''}`;
  return [
    {
      id: 'arms',
      title: `${title}, 95 % intervals`,
      words: `${title}: ${rows.map(({ words }) => words).join('; ')}.`,
      figure: {
        kind: 'intervals',
        x: { name: NOUNS[metric], unit: metric, isChange: false },
        zero: null,
        rows,
      },
      columns: [{ head: 'arm' }, { head: 'mean', ...NUMBER }, { head: '95 % CI', ...NUMBER }],
      rows: told.map(({ name, summary, signs }) => ({
        kind: 'cells',
        cells: [
          name,
          format(summary.mean) + signs,
          hasWidth(summary.interval) ? formatInterval(summary.interval, format) + signs : '-',
        ],
      })),
    },
  ];
}

/** Beyond this many runs points lie on each other; the table goes on. */
const MOST_K = 60;

function passPlot({ arms }: Compared): readonly Plot[] {
  const told = arms.filter(({ passK }) => (passK?.length ?? 0) > 1);
  if (told.length === 0) return [];
  const share = (value: number): string => formatMetric('pass', value);
  const lines: readonly Line[] = told.map(({ name, passK }) => ({
    name,
    points: passK!.slice(0, MOST_K).map(({ k, hat, hatInterval }) => ({
      x: k,
      y: hat,
      ...hatInterval,
      words: `${name}, all of ${k} runs: ${share(hat)} (${formatInterval(hatInterval, share)})`,
      scenario: null,
    })),
  }));
  const last = lines.map(({ points }) => points.at(-1)!.words);
  return [
    {
      id: 'pass-k',
      title: 'pass^k: how often all of k runs pass, 95 % intervals',
      words: `How often all of k runs pass, by k: ${last.join('; ')}.`,
      figure: {
        kind: 'lines',
        x: { name: 'k, runs that all have to pass', unit: 'count', isChange: false },
        y: { name: 'pass^k', unit: 'pass', isChange: false },
        lines,
      },
      columns: [
        { head: 'arm' },
        { head: 'k', ...NUMBER },
        { head: 'pass^k', ...NUMBER },
        { head: '95 % CI', ...NUMBER },
      ],
      rows: told.flatMap(({ name, passK, marks }) =>
        passK!.map(({ k, hat, hatInterval }) => ({
          kind: 'cells' as const,
          cells: [
            name,
            String(k),
            share(hat) + markSigns(marks),
            hasWidth(hatInterval) ? formatInterval(hatInterval, share) : '-',
          ],
        })),
      ),
    },
  ];
}

function costPlot(cost: Compared, score: Compared): readonly Plot[] {
  const spots = score.arms.flatMap((arm): readonly Spot[] => {
    const paid = cost.arms.find((one) => armName(one) === armName(arm))?.summary;
    if (!paid || !arm.summary) return [];
    const { mean, interval } = arm.summary;
    const words = `${arm.name}: ${formatMetric('cost', paid.mean)} a cell, ${NOUNS[score.metric]} ${formatMetric(score.metric, mean)}`;
    return [{ name: arm.name, x: paid.mean, y: mean, ...interval, words, scenario: null }];
  });
  if (spots.length < 2) return [];
  const y: Metric = score.metric;
  return [
    {
      id: 'cost',
      title: `Cost against ${NOUNS[y]}`,
      words: `Cost against ${NOUNS[y]}: ${spots.map(({ words }) => words).join('; ')}.`,
      figure: {
        kind: 'spots',
        x: { name: NOUNS.cost, unit: 'cost', isChange: false },
        y: { name: NOUNS[y], unit: y, isChange: false },
        spots,
      },
      columns: [{ head: 'arm' }, { head: 'cost a cell', ...NUMBER }, { head: NOUNS[y], ...NUMBER }],
      rows: spots.map((spot) => ({
        kind: 'cells',
        cells: [spot.name, formatMetric('cost', spot.x), formatMetric(y, spot.y)],
      })),
    },
  ];
}
