// `cluster: vars.customer` -> what each scenario belongs to at a level above it. Pure.
import type { Json, JsonObject } from '../../core/json.ts';
import type { Scenario } from '../../core/manifest.ts';
import { didYouMean } from '../../core/nearest.ts';
import { type Reading, say } from '../reading.ts';

type Said = Pick<Scenario, 'category' | 'vars'>;

/** Scenarios are the units: what is written to undo what the manifest has. */
export const NO_CLUSTER = 'scenario';

/** What the scenario says of the field; null = nothing that names a cluster. */
export function clusterNamed(field: string, { category, vars }: Said): string | null {
  const found = field === 'category' ? category : inside(vars, field.slice('vars.'.length));
  if (typeof found === 'string') return found === '' ? null : found;
  return typeof found === 'number' || typeof found === 'boolean' ? JSON.stringify(found) : null;
}

/** Keys may have dots themselves. */
function inside(value: Json | undefined, path: string): Json {
  if (!isMap(value)) return null;
  if (Object.hasOwn(value, path)) return value[path] ?? null;
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const key = path.slice(0, dot);
    if (Object.hasOwn(value, key)) return inside(value[key], path.slice(dot + 1));
  }
  return null;
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** null = scenarios can be put together by it. */
export function clusterMistake(
  field: string,
  scenarios: readonly Said[],
): { readonly message: string; readonly hint: string | null } | null {
  const isPath = field === 'category' || (field.startsWith('vars.') && field.length > 'vars.'.length);
  if (isPath && (scenarios.length === 0 || scenarios.some((one) => clusterNamed(field, one) !== null)))
    return null;
  const known = knownFields(scenarios);
  const guess = didYouMean(field, known) ?? didYouMean(`vars.${field}`, known);
  const some = known.slice(0, 8).join(', ');
  return {
    message: isPath
      ? `no scenario has ${field}, so nothing can be put together by it`
      : `${JSON.stringify(field)} is no field that scenarios can be put together by: it is category, or vars. and a variable`,
    hint:
      guess ?? (known.length === 0 ? null : `their fields: ${some}${known.length > 8 ? ' and more' : ''}`),
  };
}

const MOST_FIELDS = 200;

function knownFields(scenarios: readonly Said[]): readonly string[] {
  const known = new Set<string>();
  const add = (path: string, value: Json | undefined): void => {
    if (known.size >= MOST_FIELDS) return;
    if (isMap(value)) {
      for (const [key, inner] of Object.entries(value)) add(`${path}.${key}`, inner);
    } else if (['string', 'number', 'boolean'].includes(typeof value)) known.add(path);
  };
  for (const { category, vars } of scenarios) {
    if (category !== null) known.add('category');
    add('vars', vars);
  }
  return [...known];
}

/** null = scenarios are the units. */
export function readCluster(reading: Reading, scenarios: readonly Said[]): string | null {
  const field = reading.raw.cluster;
  if (field === undefined || field === NO_CLUSTER) return null;
  const mistake = clusterMistake(field, scenarios);
  if (mistake === null) return field;
  say(reading, { path: ['cluster'], code: 'unknown-cluster', ...mistake });
  return null;
}
