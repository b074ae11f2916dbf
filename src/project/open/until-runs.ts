// How many runs are asked for where `until:` says when they are enough: those that the manifest begins with, and every further
// one that was begun. A pure question to the history: no scores are read for it.
import type { History } from '../../core/history.ts';
import type { Manifest, Variant } from '../../core/manifest.ts';
import { sampleKey } from '../../planner/key.ts';
import type { VariantParts } from '../../variants/fingerprint.ts';
import type { Stores } from './stores.ts';

/** An experiment as far as runs go; who opens experiments is not asked for here. */
export type Declared = {
  readonly manifest: Manifest;
  readonly parts: readonly VariantParts[];
  readonly root: string;
  readonly stores: Stores;
  readonly variants: ReadonlyMap<string, { readonly variant: Variant; readonly parts: VariantParts }>;
};

/** As its history has it; a store that does not exist holds nothing. */
export function withRunsBegun<E extends Declared>(experiment: E): E {
  if (experiment.manifest.until === undefined) return experiment;
  using store = experiment.stores.read();
  return withRunsOf(experiment, store.history);
}

/** A run that was begun is asked for: a command that was stopped in it goes on in it. Of contents that are no more none was. */
export function withRunsOf<E extends Declared>(experiment: E, history: History): E {
  const { until } = experiment.manifest;
  if (until === undefined) return experiment;
  const runs = new Map<string, number>();
  for (const part of experiment.parts) {
    if (!until.variants.includes(part.name)) continue;
    let begun = until.runs;
    while (begun < until.maxRuns && isBegun(part, begun + 1, history)) begun++;
    runs.set(part.name, begun);
  }
  return withRuns(experiment, runs);
}

function isBegun(part: VariantParts, run: number, history: History): boolean {
  return part.scenarios.some(({ digest: scenario }, i) => {
    if (part.without?.has(i)) return false;
    const parts = { variant: part.variant.digest, scenario, engine: part.engine.digest };
    return history.byKey(sampleKey(parts, run)) !== undefined;
  });
}

/** The same experiment with so many runs of these variants; how often a cell is drawn is in none of its keys. */
export function withRuns<E extends Declared>(experiment: E, runs: ReadonlyMap<string, number>): E {
  const parts = experiment.parts.map((part) => ({ ...part, runs: runs.get(part.name) ?? part.runs }));
  const variants = experiment.manifest.variants.map((variant) => ({
    ...variant,
    runs: runs.get(variant.name) ?? variant.runs,
  }));
  return {
    ...experiment,
    parts,
    manifest: { ...experiment.manifest, variants },
    variants: new Map(variants.map((variant, i) => [variant.name, { variant, parts: parts[i]! }])),
  };
}
