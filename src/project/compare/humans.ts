// `compare --metric human`: each dimension that people judged, one after the other, corrected for each other. Anything else is one
// comparison.
import type { Powers } from '../../analysis/compare/power.ts';
import { isRefused } from '../../analysis/compare/result.ts';
import type { Comparison } from '../../report/compare/comparison.ts';
import { openExperiment } from '../open/experiment.ts';
import { refuseWithheld } from '../open/withheld.ts';
import type { World } from '../open/world.ts';
import { HUMAN, HUMAN_PASS, noHumans, openHumanBook } from '../select/human-scores.ts';
import { type CompareArmsInput, compareArms } from './compare.ts';
import type { HumanMetric } from './human-metric.ts';

/**
 * What `compare` was asked. Of all dimensions the first one is the comparison, and the others stand beside it.
 * @throws as compareArms; CommandError where no review is closed
 */
export async function compareAsked(
  world: World,
  input: CompareArmsInput,
  powers?: Powers,
): Promise<Comparison> {
  if (input.metric !== HUMAN) return await compareArms(world, input, powers);
  const silent: World = { ...world, notify: () => {} };
  const experiment = await openExperiment(silent, input.file);
  await refuseWithheld(world, experiment);
  const { scorers, pairs } = openHumanBook(experiment);
  const dimensions =
    scorers.length > 0 ? scorers.filter((name) => name !== HUMAN_PASS) : (pairs?.scorers ?? []);
  const [first, ...others] = dimensions as readonly HumanMetric[];
  if (first === undefined) throw noHumans(HUMAN);
  const alone = new Map<HumanMetric, Comparison>();
  for (const metric of [first, ...others])
    alone.set(metric, await compareArms(silent, { ...input, metric }, powers));
  // Holm's method looks at all tests at once: each comparison is made again beside the others.
  const beside = async (metric: HumanMetric, heard: World): Promise<Comparison> => {
    const tests = [...alone].flatMap(([name, comparison]) => (name === metric ? [] : testsOf(comparison)));
    return compareArms(heard, { ...input, metric, beside: tests }, powers);
  };
  const main = await beside(first, world);
  const rest: Comparison[] = [];
  for (const metric of others) rest.push(await beside(metric, silent));
  return { ...main, beside: rest, concluded: [main, ...rest].every(({ concluded }) => concluded) };
}

function testsOf({ compared }: Comparison): readonly number[] {
  if (isRefused(compared)) return [];
  return compared.pairs.flatMap(({ difference }) => difference?.comparison.permutation.p ?? []);
}
