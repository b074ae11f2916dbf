// Of an experiment that says when its runs are enough, those that were begun are asked for. Nothing of it is loaded elsewhere.
import type { History } from '../../core/history.ts';
import type { Declared } from './until-runs.ts';

/** As the history has it now. */
export async function withRunsBegun<E extends Declared>(experiment: E): Promise<E> {
  if (experiment.manifest.until === undefined) return experiment;
  try {
    return (await import('./until-runs.ts')).withRunsBegun(experiment);
  } catch {
    // A store that cannot be read: whoever is about to read it says why, or mends it.
    return experiment;
  }
}

/** As a store has it that is open: others may have begun more since the experiment was. */
export async function withRunsIn<E extends Declared>(
  experiment: E,
  { history }: { readonly history: History },
): Promise<E> {
  if (experiment.manifest.until === undefined) return experiment;
  return (await import('./until-runs.ts')).withRunsOf(experiment, history);
}
