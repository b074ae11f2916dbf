// What the manifest's format knows and this version does not do yet: one clear error each, in one table.
import type { ExperimentFile } from '../core/generated/experiment.ts';
import type { JsonPath } from './place.ts';

export type Later = { readonly path: JsonPath; readonly message: string; readonly hint: string };

/** Everything in a manifest that has to wait for a later version. */
export function laterThings(raw: Partial<ExperimentFile>): readonly Later[] {
  if ((raw.scorers ?? []).length === 0) return [];
  const message = 'scoring ("scorers") is not in this version of expgraph';
  const hint = 'leave the list empty; answers are kept and can be scored when it is there';
  return [{ path: ['scorers'], message, hint }];
}
