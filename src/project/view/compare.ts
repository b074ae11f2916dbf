// The screen `compare`: the question is in the query, the numbers are those of `expgraph compare`.
import { METRICS, type Metric } from '../../analysis/compare/input.ts';
import { type Compared, isRefused } from '../../analysis/compare/result.ts';
import {
  type Comparison,
  comparisonJson,
  comparisonSheet,
  comparisonText,
  refusalText,
} from '../../report/compare/comparison.ts';
import { comparePlots } from '../../report/plot/compare-plots.ts';
import type { CompareScreen } from '../../screens/compare.ts';
import type { Answer, Query } from '../../screens/screen.ts';
import { sheetBlocks } from '../../screens/sheet-block.ts';
import type { CompareArmsInput } from '../compare/compare.ts';
import { type AskedMetric, isAskedMetric } from '../compare/human-metric.ts';
import { compareAsked } from '../compare/humans.ts';
import { CommandError, WithheldError } from '../open/command-error.ts';
import { type Experiment, openExperiment } from '../open/experiment.ts';
import { type FilterOptions, placeWords } from '../open/filters.ts';
import type { World } from '../open/world.ts';
import { HUMAN, openHumanBook } from '../select/human-scores.ts';

/** What is asked for when the page was started or the file made; the query asks within it. */
export type CompareScope = FilterOptions & { readonly file: string };

/** How arms are compared; whoever asks much of the same keeps what he was told. */
export type CompareHow = (world: World, input: CompareArmsInput) => Promise<Comparison>;

/** @throws ManifestError on a manifest with mistakes */
export async function compareScreen(
  world: World,
  scope: CompareScope,
  query: Query,
  compare: CompareHow = compareAsked,
): Promise<Answer<'compare'>> {
  const experiment = await openExperiment(world, scope.file);
  const asked = questionOf(query, { scope, experiment });
  if (typeof asked === 'string') return { ok: false, refusal: { kind: 'bad-request', message: asked } };
  try {
    const comparison = await compare(world, asked);
    return { ok: true, value: await screenOf(world, { comparison, asked, experiment, compare }) };
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    if (cause instanceof WithheldError)
      return { ok: false, refusal: { kind: 'withheld', message: cause.message } };
    return { ok: false, refusal: { kind: 'bad-request', message: cause.message } };
  }
}

type Asked = CompareArmsInput & { readonly metric: AskedMetric };

/** @returns why it cannot be asked, where it cannot */
function questionOf(
  query: Query,
  { scope, experiment }: { readonly scope: CompareScope; readonly experiment: Experiment },
): Asked | string {
  const { failed: _, notPassed: __, stale: ___, differs: ____, shard: _____, variant = [], ...names } = scope;
  const metric = query.get('metric') ?? usualMetric(experiment);
  if (!isAskedMetric(metric))
    return `there is no metric ${JSON.stringify(metric)}; there are ${METRICS.join(', ')}`;
  const by = query.get('by') ?? '';
  if (by !== '' && by !== 'category' && by !== 'tag')
    return `by is category or tag, not ${JSON.stringify(by)}`;
  const cluster = query.get('cluster') ?? '';
  const chosen = query.getAll('variant');
  return {
    ...names,
    variants: chosen.length > 0 ? chosen : variant,
    metric,
    ...(by === '' ? {} : { by }),
    ...(cluster === '' ? {} : { cluster }),
    allowIncomplete: query.get('incomplete') === 'allow',
    allowMixedModels: query.get('models') === 'allow',
  };
}

/** Where nothing judges, what every record tells. */
function usualMetric({ manifest }: Experiment): Metric {
  return manifest.scorers.length > 0 ? 'score' : 'tokens';
}

const PLAIN = { colors: false, columns: 100 } as const;

async function screenOf(
  world: World,
  {
    comparison,
    asked,
    experiment,
    compare,
  }: {
    readonly comparison: Comparison;
    readonly asked: Asked;
    readonly experiment: Experiment;
    readonly compare: CompareHow;
  },
): Promise<CompareScreen> {
  const { compared, cells } = comparison;
  const refused = isRefused(compared);
  const place = placeWords(world);
  const beside = refused ? NOTHING_BESIDE : await numbersBeside(world, { compared, asked, compare });
  return {
    comparison: comparisonJson(comparison),
    text: refused ? refusalText(compared, { ...PLAIN, place }) : comparisonText(comparison, PLAIN),
    refused: refused ? whyRefused(compared) : null,
    metric: asked.metric,
    by: compared.by,
    cluster: compared.cluster?.field ?? null,
    blocks: sheetBlocks(comparisonSheet(comparison)),
    plots: comparePlots({ compared, cells, ...beside }),
    choices: choicesOf(experiment),
  };
}

const NOTHING_BESIDE = { pass: null, cost: null, score: null };

/** Passes by k, costs and scores of the same arms, for plots of them; what cannot be told of them has no plot. */
async function numbersBeside(
  world: World,
  {
    compared,
    asked,
    compare,
  }: { readonly compared: Compared; readonly asked: Asked; readonly compare: CompareHow },
): Promise<{ readonly [name in 'pass' | 'cost' | 'score']: Compared | null }> {
  const { margin: _, by: __, ...alike } = asked;
  const numbers = async (metric: Metric): Promise<Compared | null> => {
    if (metric === asked.metric) return compared;
    try {
      const { compared: other } = await compare(world, { ...alike, metric });
      return isRefused(other) ? null : other;
    } catch (cause) {
      if (cause instanceof CommandError) return null;
      throw cause;
    }
  };
  const isHuman = asked.metric.startsWith(HUMAN);
  return {
    pass: isHuman ? null : await numbers('pass'),
    cost: await numbers('cost'),
    // What readers said is held against what it cost, where they are asked about.
    score: isHuman ? compared : await numbers('score'),
  };
}

function whyRefused({ findings }: Compared): NonNullable<CompareScreen['refused']> {
  const refusals = findings.filter(({ severity }) => severity === 'refusal');
  return {
    isIncomplete: refusals.some(({ kind }) => kind === 'incomplete'),
    isMixed: refusals.some(({ kind }) => kind === 'mixed-models'),
  };
}

function choicesOf(experiment: Experiment): CompareScreen['choices'] {
  const { scenarios, variants, scorers } = experiment.manifest;
  const isThere = {
    category: scenarios.some((one) => one.category !== null),
    tag: scenarios.some((one) => one.tags.length > 0),
  };
  const fields = new Set(
    scenarios.flatMap(({ vars }) =>
      Object.keys(vars).filter((name) => ['string', 'number', 'boolean'].includes(typeof vars[name])),
    ),
  );
  return {
    variants: variants.map(({ name }) => name),
    metrics: [
      ...(scorers.length > 0 ? METRICS : METRICS.filter((metric) => metric !== 'score' && metric !== 'pass')),
      ...humanMetrics(experiment),
    ],
    groups: (['category', 'tag'] as const).filter((group) => isThere[group]),
    clusters: [...(isThere.category ? ['category'] : []), ...[...fields].map((name) => `vars.${name}`)],
  };
}

/** Each dimension that answers were read by, and all of them together; none while no review is closed. */
export function humanMetrics(experiment: Experiment): readonly string[] {
  const { scorers, pairs } = openHumanBook(experiment);
  const dimensions = scorers.length > 0 ? scorers : (pairs?.scorers ?? []);
  return dimensions.length < 2 ? dimensions : [HUMAN, ...dimensions];
}
