// What the files of a variant are called.
import { sha256 } from '../../core/canonical.ts';
import { slugOf } from '../../variants/expand.ts';
import type { Experiment } from '../open/experiment.ts';

/** A variant that the manifest does not have gets a file that is nobody else's. */
export function slugFor(experiment: Experiment, name: string): string {
  const known = experiment.variants.get(name);
  if (known) return known.variant.slug;
  const slug = slugOf(name);
  const isTaken = experiment.manifest.variants.some((variant) => variant.slug === slug);
  return slug === name && !isTaken ? slug : `${slug.slice(0, 60)}-${sha256(name).slice(0, 8)}`;
}
