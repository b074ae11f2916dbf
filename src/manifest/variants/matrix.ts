// The values of a matrix are settings: each is held against the schema of the setting that it stands for.
import type { ExperimentFile } from '../../core/generated/experiment.ts';
import type { JsonPath } from '../errors/place.ts';
import { mistakesOf, type SchemaMistake } from '../errors/validate.ts';

/** Mistakes with paths from the manifest's root. Axes that are no lists are the schema's own to refuse. */
export function matrixMistakes(raw: Partial<ExperimentFile>): readonly SchemaMistake[] {
  return Object.entries(raw.variants ?? {}).flatMap(([name, variant]) =>
    Object.entries(variant?.matrix ?? {}).flatMap(([axis, values]) =>
      values.flatMap((value, index) => {
        const base: JsonPath = ['variants', name, 'matrix', axis, index];
        // A variant of this one setting; its mistakes begin with the setting's name, which the index replaces.
        return mistakesOf('variant', { [axis]: value }).map((mistake) => ({
          ...mistake,
          path: [...base, ...mistake.path.slice(1)],
        }));
      }),
    ),
  );
}
