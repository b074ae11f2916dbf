// In which places two documents differ, named as a person would point at them. Pure.
import type { Json } from '../core/json.ts';

export type JsonChange = {
  readonly path: string;
  readonly from: Json | undefined;
  readonly to: Json | undefined;
};

/** Items that have a name are held against the item of that name, wherever it stands. */
export function jsonChanges(from: Json | undefined, to: Json | undefined, path = ''): readonly JsonChange[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  const [a, b] = [membersOf(from), membersOf(to)];
  if (a === null || b === null) return [{ path, from, to }];
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((name) =>
    jsonChanges(a.get(name), b.get(name), path === '' ? name : `${path}.${name}`),
  );
}

function membersOf(value: Json | undefined): ReadonlyMap<string, Json> | null {
  if (value === null || value === undefined || typeof value !== 'object') return null;
  if (!Array.isArray(value)) return new Map(Object.entries(value as { readonly [name: string]: Json }));
  const names = value.map(nameOf);
  if (names.some((name) => name === null) || new Set(names).size < names.length) return null;
  return new Map(value.map((item, i) => [names[i]!, item as Json]));
}

function nameOf(item: Json): string | null {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return null;
  const { name } = item as { readonly name?: Json };
  return typeof name === 'string' ? name : null;
}
