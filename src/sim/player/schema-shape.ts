// Reads one level of a JSON Schema that nobody has checked: references followed, choices taken, always within bounds.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

export type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

/** A chain of references or choices longer than this is a circle or an attack. */
const MAX_HOPS = 12;

/** The schema that decides, with `$ref`, `allOf` and the first of `anyOf` or `oneOf` resolved; {} where there is none. */
export function resolveSchema(schema: unknown, root: unknown): JsonObject {
  let current = isJsonObject(schema) ? schema : {};
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const next = step(current, root);
    if (!next) return current;
    current = next;
  }
  return {};
}

function step(schema: JsonObject, root: unknown): JsonObject | null {
  const reference = schema.$ref;
  if (typeof reference === 'string') {
    const { $ref: _, ...rest } = schema;
    return { ...rest, ...lookUp(reference, root) };
  }
  const all = schema.allOf;
  if (Array.isArray(all))
    return mergeAll(
      schema,
      all.map((part) => followed(part, root)),
    );
  for (const name of ['anyOf', 'oneOf'] as const) {
    const choices = schema[name];
    if (!Array.isArray(choices)) continue;
    const chosen = choices.slice(0, 50).find((choice) => isJsonObject(choice) && choice.type !== 'null');
    const { [name]: _, ...rest } = schema;
    return isJsonObject(chosen) ? { ...rest, ...chosen } : rest;
  }
  return null;
}

/** One reference is followed before parts are laid over each other, else the last reference would win. */
function followed(part: unknown, root: unknown): unknown {
  return isJsonObject(part) && typeof part.$ref === 'string' ? lookUp(part.$ref, root) : part;
}

function mergeAll(schema: JsonObject, all: readonly unknown[]): JsonObject {
  const { allOf: _, ...rest } = schema;
  const parts = [rest, ...all.slice(0, 20).filter(isJsonObject)];
  const properties = parts.flatMap((part) =>
    isJsonObject(part.properties) ? Object.entries(part.properties) : [],
  );
  const required = parts.flatMap((part) => (Array.isArray(part.required) ? part.required : []));
  return {
    ...Object.fromEntries(parts.flatMap((part) => Object.entries(part))),
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
    ...(required.length > 0 ? { required } : {}),
  };
}

/** Local references only: `#/$defs/name`. */
function lookUp(reference: string, root: unknown): JsonObject | null {
  if (!reference.startsWith('#')) return null;
  let current: unknown = root;
  for (const part of reference.slice(1).split('/').filter(Boolean).slice(0, MAX_HOPS)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return null;
    current = (current as { readonly [name: string]: unknown })[name];
  }
  return isJsonObject(current) ? current : null;
}

/** The type to produce; a list of types gives its first that is not null. */
export function typeOf(schema: JsonObject): SchemaType {
  const declared = schema.type;
  const type = Array.isArray(declared) ? (declared.find((one) => one !== 'null') ?? 'null') : declared;
  if (isSchemaType(type)) return type;
  if (isJsonObject(schema.properties)) return 'object';
  return schema.items === undefined ? 'string' : 'array';
}

function isSchemaType(type: unknown): type is SchemaType {
  return typeof type === 'string' && TYPES.has(type);
}

const TYPES: ReadonlySet<string> = new Set([
  'object',
  'array',
  'string',
  'integer',
  'number',
  'boolean',
  'null',
]);

/** A bound such as `minItems`, where it is a finite number. */
export function numberIn(schema: JsonObject, name: string): number | null {
  const value: Json | undefined = schema[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
