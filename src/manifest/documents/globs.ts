// `scenarios:` of the manifest -> its patterns, each with the place where it stands and the mapping that its files have.
import type { ExperimentFile, ScenarioMap } from '../../core/generated/experiment.ts';
import type { JsonPath } from '../errors/place.ts';

export type ScenarioGlob = {
  /** undefined: refused before, keeps its place. */
  readonly pattern: string | undefined;
  readonly path: JsonPath;
  readonly mapping: { readonly map: ScenarioMap; readonly path: JsonPath } | null;
};

/** A manifest may be broken: whatever is sound of it counts. */
export function scenarioGlobs(written: Partial<ExperimentFile>['scenarios']): readonly ScenarioGlob[] {
  if (written === undefined) return [];
  if (!Array.isArray(written)) return globsOf(written, ['scenarios']);
  return written.flatMap((item: Item, index) => globsOf(item, ['scenarios', index]));
}

type Item = string | { readonly files?: string | readonly string[]; readonly map?: ScenarioMap } | undefined;

function globsOf(item: Item, path: JsonPath): readonly ScenarioGlob[] {
  if (typeof item !== 'object') return [{ pattern: item, path, mapping: null }];
  const { files, map } = item;
  const mapping = map === undefined ? null : { map, path: [...path, 'map'] };
  if (!Array.isArray(files)) return [{ pattern: files as string, path: [...path, 'files'], mapping }];
  return files.map((pattern: string, n) => ({ pattern, path: [...path, 'files', n], mapping }));
}
