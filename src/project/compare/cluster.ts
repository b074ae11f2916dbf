// `--cluster`, or what the manifest has: what each scenario belongs to.

import type { CompareInput } from '../../analysis/compare/input.ts';
import { sanitizeLine } from '../../core/text.ts';
import { clusterMistake, clusterNamed, NO_CLUSTER } from '../../manifest/scenarios/cluster.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';

/**
 * A scenario that the manifest has no more does not say what it belonged to.
 * @param written by hand; undefined = as the manifest has it
 * @throws CommandError where no scenario has it
 */
export function clusterFor(
  { manifest }: Pick<Experiment, 'manifest'>,
  written: string | undefined,
): NonNullable<CompareInput['cluster']> | null {
  const field = written ?? manifest.cluster;
  if (field === null || field === NO_CLUSTER) return null;
  const mistake = clusterMistake(field, manifest.scenarios);
  if (mistake !== null) {
    const hint = mistake.hint === null ? '' : `; ${mistake.hint}`;
    throw new CommandError(`--cluster: ${sanitizeLine(mistake.message + hint)}`);
  }
  const named = new Map(manifest.scenarios.map((one) => [one.id, clusterNamed(field, one)]));
  return { field, of: (scenario) => named.get(scenario) ?? null };
}
