// Every field that a schema knows, by the definition that it stands in: `experiment.seed`, `#provider.limits.rpm`.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { ROOT } from './files.ts';

export function fieldsOf(schema: 'experiment' | 'scenario'): readonly string[] {
  const file = path.join(ROOT, `schema/${schema}.schema.json`);
  const { definitions, ...top } = JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
  const named = Object.entries((definitions ?? {}) as JsonObject);
  return [...fields(schema, top), ...named.flatMap(([name, inside]) => fields(`#${name}`, inside ?? null))];
}

function fields(at: string, schema: Json): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((one: Json) => fields(at, one));
  if (!isJsonObject(schema)) return [];
  const { properties, items, anyOf, oneOf, allOf, additionalProperties } = schema;
  const own = isJsonObject(properties) ? Object.entries(properties) : [];
  return [
    ...own.flatMap(([name, inside]) => [`${at}.${name}`, ...fields(`${at}.${name}`, inside ?? null)]),
    ...fields(`${at}[]`, items ?? null),
    ...fields(`${at}.*`, additionalProperties ?? null),
    ...[anyOf, oneOf, allOf].flatMap((some) => fields(at, some ?? null)),
  ];
}
