// The experiments of LangSmith that a run or a sync belongs to, written beside the spools: whoever sends makes them first.
import { lsProvider } from '../../core/llm-span.ts';
import type { Facts } from '../../core/trace.ts';
import { shieldedValues } from '../../tracing/spans/shield.ts';
import { loadShield } from '../../tracing/spans/shield-settings.ts';
import { datasetOf, experimentOf } from '../../tracing/upload/experiment.ts';
import { writeDataset, writeExperimentSpec } from '../../tracing/upload/specs.ts';
import { type Experiment, providerOf } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import type { Tracing } from './settings.ts';
import { contentDigest, type RunFacts } from './trace-facts.ts';

/** By variant, the id of its experiment. @throws Error of the disk. */
export async function describeExperiments(input: {
  readonly io: World;
  readonly tracing: Tracing;
  readonly experiment: Experiment;
  readonly variants: Iterable<string>;
  readonly record: Pick<RunFacts, 'experiment' | 'git' | 'expgraph'>;
}): Promise<ReadonlyMap<string, string>> {
  const { tracing, record } = input;
  const { manifest, variants } = input.experiment;
  const { root, dataset, shield } = tracing;
  const shielded = shieldedValues(await loadShield({ env: input.io.env, shield }));
  const facts: Facts = {
    experiment: record.experiment,
    expgraph_version: record.expgraph,
    ...(record.git === null ? {} : { git_commit: record.git.commit, git_dirty: record.git.dirty }),
  };
  const { description, scenarios } = manifest;
  writeDataset(root, datasetOf({ name: dataset, description, scenarios, shielded }));
  const found = new Map<string, string>();
  for (const name of input.variants) {
    const { variant, parts } = variants.get(name)!;
    const digest = contentDigest(parts);
    const provider = lsProvider(providerOf(input.experiment, name));
    const made = experimentOf({ dataset, variant, digest, scenarios: scenarios.length, provider, facts });
    writeExperimentSpec(root, made);
    found.set(name, made.id);
  }
  return found;
}
