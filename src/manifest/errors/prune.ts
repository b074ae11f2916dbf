// Takes what the schema refuses out of a manifest, so that the rest can be checked too: all mistakes at once.
import type { ExperimentFile } from '../../core/generated/experiment.ts';
import type { JsonPath } from './place.ts';

export type Pruned = {
  /** Everything left in it has the shape that the schema gives; what the schema requires may be missing. */
  readonly raw: Partial<ExperimentFile>;
  /** Whether something was written at this path, but wrongly: nothing more is to be said about it. */
  readonly isSpoiled: (path: JsonPath) => boolean;
};

export function prune(value: unknown, mistakes: readonly JsonPath[]): Pruned {
  if (!isObject(value)) return { raw: {}, isSpoiled: () => true };
  if (mistakes.length === 0) return { raw: value as Partial<ExperimentFile>, isSpoiled: () => false };
  const raw = structuredClone(value);
  const spoiled = new Set<string>();
  for (const path of mistakes) {
    const unit = unitOf(path);
    if (unit.length === 0) continue;
    spoiled.add(JSON.stringify(unit));
    remove(raw, unit);
  }
  return {
    raw: raw as Partial<ExperimentFile>,
    isSpoiled: (path) => spoiled.has(JSON.stringify(unitOf(path))),
  };
}

/** The smallest part that is used as a whole: one wrong tool spoils its list, one wrong price its entry. */
function unitOf(path: JsonPath): JsonPath {
  switch (path[0]) {
    case 'variants':
      return path.slice(0, path[2] === 'matrix' ? 4 : 3);
    case 'providers':
      return path.slice(0, path[2] === 'pricing' || path[2] === 'limits' || path[2] === 'sim' ? 4 : 3);
    case 'execution':
    case 'watch':
    case 'gate':
    case 'inputs':
    case 'varies':
    case 'scorers':
      return path.slice(0, 2);
    case 'scenarios':
      // Files without the map that was meant for them would be mistakes from top to bottom.
      return path.slice(0, typeof path[1] === 'number' ? 2 : 1);
    default:
      return path.slice(0, 1);
  }
}

type Holder = { [name: string | number]: unknown };

function remove(root: object, path: JsonPath): void {
  let holder = root as Holder;
  for (const step of path.slice(0, -1)) {
    const next = Object.hasOwn(holder, step) ? holder[step] : undefined;
    if (typeof next !== 'object' || next === null) return;
    holder = next as Holder;
  }
  const last = path.at(-1)!;
  // Items keep their places: later mistakes are found by index.
  if (Array.isArray(holder)) holder[last as number] = undefined;
  else delete holder[last];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
