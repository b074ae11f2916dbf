// Writes arguments that a JSON Schema takes: what is required, within its bounds. The schema may be anything and mean
// harm, so references, depth and sizes are bounded.

import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { behindRef } from '../../core/schema-ref.ts';
import { type Dice, pick } from '../wire/dice.ts';

const MAX_DEPTH = 8;
/** Schemas that are looked at for one call. */
const MAX_SCHEMAS = 1_000;
const MAX_PROPERTIES = 100;
const MAX_ITEMS = 20;
/** Longer texts are asked for by nobody but an attacker. */
const MAX_TEXT = 4_000;
/** A chain of references or choices longer than this is a circle or an attack. */
const MAX_HOPS = 12;

export type Filling = {
  /** Stands where free text is asked for. */
  readonly text: string;
  /** Draws one optional member more; null = none. */
  readonly extra: Dice | null;
};

export function fillArguments(schema: unknown, filling: Filling): JsonObject {
  const work = { ...filling, root: schema, left: MAX_SCHEMAS };
  return fillObject(resolve(schema, work), work, 0);
}

type Work = Filling & { readonly root: unknown; left: number };

function fillObject(schema: JsonObject, work: Work, depth: number): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = listOf(schema.required).filter((name) => typeof name === 'string');
  const wanted = [...new Set(required)];
  if (depth === 0 && work.extra !== null) {
    const others = Object.keys(properties).filter((name) => !wanted.includes(name));
    if (others.length > 0) wanted.push(pick(others, work.extra));
  }
  const members: [string, Json][] = [];
  for (const name of wanted.slice(0, MAX_PROPERTIES)) {
    if (work.left <= 0) break;
    const property = Object.hasOwn(properties, name) ? properties[name] : {};
    members.push([name, fillValue(resolve(property, work), work, depth + 1)]);
  }
  // fromEntries defines members: a property named __proto__ stays a plain member.
  return Object.fromEntries(members);
}

function fillValue(schema: JsonObject, work: Work, depth: number): Json {
  const given = [schema.const, schema.default, listOf(schema.enum)[0], listOf(schema.examples)[0]];
  const first = given.find((value) => value !== undefined);
  if (first !== undefined) return first;
  switch (typeOf(schema)) {
    case 'object':
      return depth >= MAX_DEPTH ? {} : fillObject(schema, work, depth);
    case 'array':
      return fillArray(schema, work, depth);
    case 'integer':
      return within(schema, 1);
    case 'number':
      return within(schema, 0.001);
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return fillText(schema, work.text);
  }
}

function fillArray(schema: JsonObject, work: Work, depth: number): Json {
  const wanted = Math.max(0, Math.min(MAX_ITEMS, numberIn(schema, 'minItems') ?? 0));
  const item = resolve(schema.items, work);
  const choices = listOf(item.enum);
  // Different items as long as there are any.
  if (schema.uniqueItems === true && choices.length > 0) return choices.slice(0, wanted);
  const items: Json[] = [];
  while (items.length < wanted && depth < MAX_DEPTH && work.left-- > 0) {
    items.push(fillValue(item, work, depth + 1));
  }
  return items;
}

/** The number nearest to 0 within the bounds and steps of the schema. */
function within(schema: JsonObject, nudge: number): number {
  const above = numberIn(schema, 'exclusiveMinimum') ?? -Infinity;
  const below = numberIn(schema, 'exclusiveMaximum') ?? Infinity;
  const least = Math.max(numberIn(schema, 'minimum') ?? -Infinity, above + nudge);
  const most = Math.min(numberIn(schema, 'maximum') ?? Infinity, below - nudge);
  const value = Math.max(least, Math.min(most, 0));
  const step = numberIn(schema, 'multipleOf') ?? (nudge === 1 ? 1 : 0);
  const stepped = step > 0 ? Math.ceil(value / step) * step : value;
  return Number.isFinite(stepped) ? stepped : 0;
}

/** As a format has it, else the text cut or filled up to its lengths. A `pattern` is never run: it may be made to hang. */
function fillText(schema: JsonObject, text: string): string {
  const formatted = FORMATS.get(String(schema.format));
  if (formatted !== undefined) return formatted;
  const longest = Math.max(0, Math.min(MAX_TEXT, numberIn(schema, 'maxLength') ?? MAX_TEXT));
  const shortest = Math.min(longest, numberIn(schema, 'minLength') ?? 0);
  return (text === '' ? 'unspecified' : text).slice(0, longest).padEnd(shortest, '.');
}

const FORMATS: ReadonlyMap<string, string> = new Map([
  ['date-time', '2026-01-15T09:00:00Z'],
  ['date', '2026-01-15'],
  ['time', '09:00:00Z'],
  ['duration', 'PT1H'],
  ['email', 'someone@example.org'],
  ['hostname', 'example.org'],
  ['ipv4', '192.0.2.1'],
  ['ipv6', '2001:db8::1'],
  ['uri', 'https://example.org/'],
  ['uri-reference', '/'],
  ['uuid', '00000000-0000-4000-8000-000000000000'],
]);

/** The schema that decides, with `$ref`, `allOf` and the first of `anyOf` or `oneOf` laid over it; {} where there is none. */
function resolve(schema: unknown, work: Work, hop = 0): JsonObject {
  if (!isJsonObject(schema) || hop > MAX_HOPS || work.left-- <= 0) return {};
  const { $ref, allOf, anyOf, oneOf, ...rest } = schema;
  const choices = [...listOf(anyOf).slice(0, 50), ...listOf(oneOf).slice(0, 50)].filter(isJsonObject);
  const parts = [
    typeof $ref === 'string' ? behindRef($ref, work.root) : null,
    ...listOf(allOf).slice(0, 20),
    choices.find(({ type }) => type !== 'null'),
  ].filter((part) => isJsonObject(part));
  if (parts.length === 0) return rest;
  const all = [rest, ...parts.map((part) => resolve(part, work, hop + 1))];
  const properties = all.flatMap((one) =>
    isJsonObject(one.properties) ? Object.entries(one.properties) : [],
  );
  return {
    ...Object.fromEntries(all.flatMap((one) => Object.entries(one))),
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
    required: all.flatMap((one) => listOf(one.required)),
  };
}

/** The type to produce; a list of types gives its first that is not null. */
function typeOf({ type, properties, items }: JsonObject): Json {
  const declared = Array.isArray(type) ? (type.find((one) => one !== 'null') ?? 'null') : type;
  if (typeof declared === 'string') return declared;
  return isJsonObject(properties) ? 'object' : items === undefined ? 'string' : 'array';
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** A bound such as `minItems`, where it is a number that can be one. */
function numberIn(schema: JsonObject, name: string): number | null {
  const value = schema[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
