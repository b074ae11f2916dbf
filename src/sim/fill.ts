// Writes the arguments of a tool call by its JSON Schema: required members always, others where the message speaks of them.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { type Dice, pick } from './dice.ts';
import type { Intent } from './intent.ts';
import { suggest } from './roles.ts';
import { numberIn, resolveSchema, typeOf } from './schema-shape.ts';

/** Bounds for schemas that are huge or without end: what lies beyond is left out. */
const MAX_DEPTH = 8;
const MAX_VALUES = 500;
const MAX_PROPERTIES = 100;
const MAX_ITEMS = 20;
const MAX_TEXT = 4_000;

export type Filling = {
  readonly intent: Intent;
  /** Adds one optional member more than the message asks for; null = none. */
  readonly extra: Dice | null;
};

export function fillArguments(schema: unknown, filling: Filling): JsonObject {
  const work = { ...filling, root: schema, left: MAX_VALUES };
  return fillObject({ schema: resolveSchema(schema, schema), work, depth: 0 });
}

type Work = Filling & { readonly root: unknown; left: number };
type Place = { readonly schema: JsonObject; readonly work: Work; readonly depth: number };

function fillObject({ schema, work, depth }: Place): JsonObject {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = new Set(
    (Array.isArray(schema['required']) ? schema['required'] : []).filter((name) => typeof name === 'string'),
  );
  const members: [string, Json][] = [];
  const unsaid: [string, JsonObject][] = [];
  const names = new Set([...Object.keys(properties).slice(0, MAX_PROPERTIES), ...required]);
  for (const name of names) {
    if (work.left-- <= 0) break;
    const property = resolveSchema(Object.hasOwn(properties, name) ? properties[name] : {}, work.root);
    const suggestion = suggest({ name, schema: { ...property, type: typeOf(property) } }, work.intent);
    const fitting = suggestion ? fit(suggestion.value, property) : undefined;
    if (required.has(name)) members.push([name, fitting ?? fillValue({ schema: property, work, depth: depth + 1 })]);
    else if (suggestion?.known && fitting !== undefined) members.push([name, fitting]);
    else if (depth === 0) unsaid.push([name, property]);
  }
  if (depth === 0 && work.extra && unsaid.length > 0) {
    const [name, property] = pick(unsaid, work.extra);
    const suggestion = suggest({ name, schema: { ...property, type: typeOf(property) } }, work.intent);
    const usual = suggestion ? fit(suggestion.value, property) : undefined;
    members.push([name, usual ?? fillValue({ schema: property, work, depth: 1 })]);
  }
  // fromEntries defines members: a property named __proto__ stays a plain member.
  return Object.fromEntries(members);
}

function fillValue(place: Place): Json {
  const { schema, work, depth } = place;
  if (schema['const'] !== undefined) return schema['const'];
  const choices = schema['enum'];
  if (Array.isArray(choices) && choices.length > 0) return chooseFrom(choices.slice(0, 1_000), { schema, work });
  if (schema['default'] !== undefined) return schema['default'];
  const type = typeOf(schema);
  switch (type) {
    case 'object':
      return depth >= MAX_DEPTH ? {} : fillObject(place);
    case 'array':
      return fillArray(place);
    case 'integer':
    case 'number':
      return clamp(0, schema);
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return fitText(work.intent.title === '' ? 'unspecified' : work.intent.title, schema);
  }
}

/** The choice that the message names, else the default, else the first. */
function chooseFrom(choices: readonly Json[], { schema, work }: Omit<Place, 'depth'>): Json {
  const named = choices.find(
    (choice) => typeof choice === 'string' && choice.length < 100 && work.intent.phrases.includes(` ${choice.toLowerCase()} `),
  );
  return named ?? schema['default'] ?? choices[0]!;
}

function fillArray({ schema, work, depth }: Place): Json {
  const wanted = Math.min(MAX_ITEMS, Math.max(0, numberIn(schema, 'minItems') ?? 0));
  const item = resolveSchema(schema['items'], work.root);
  const choices = item['enum'];
  // Different items where they have to be, or can be, different.
  if (Array.isArray(choices)) return choices.slice(0, wanted);
  const items: Json[] = [];
  while (items.length < wanted && depth < MAX_DEPTH && work.left-- > 0) {
    items.push(fillValue({ schema: item, work, depth: depth + 1 }));
  }
  return items;
}

/** The value as the schema takes it; undefined = it does not. */
function fit(value: Json, schema: JsonObject): Json | undefined {
  const choices = schema['enum'];
  if (Array.isArray(choices)) return choices.slice(0, 1_000).includes(value) ? value : undefined;
  const type = typeOf(schema);
  if (typeof value === 'string') return type === 'string' ? fitText(value, schema) : undefined;
  if (typeof value === 'boolean') return type === 'boolean' ? value : undefined;
  if (typeof value === 'number') return type === 'integer' || type === 'number' ? clamp(value, schema) : undefined;
  if (!Array.isArray(value) || type !== 'array') return undefined;
  const items = isJsonObject(schema['items']) ? schema['items'] : {};
  const allowed = value.map((item: Json) => fit(item, items));
  return allowed.includes(undefined) ? undefined : (allowed as Json[]);
}

function fitText(text: string, schema: JsonObject): string {
  const longest = Math.max(0, Math.min(MAX_TEXT, numberIn(schema, 'maxLength') ?? MAX_TEXT));
  const shortest = Math.max(0, Math.min(longest, numberIn(schema, 'minLength') ?? 0));
  return text.slice(0, longest).padEnd(shortest, '.');
}

function clamp(value: number, schema: JsonObject): number {
  const isInteger = typeOf(schema) === 'integer';
  const nudge = isInteger ? 1 : 0.001;
  const above = numberIn(schema, 'exclusiveMinimum');
  const below = numberIn(schema, 'exclusiveMaximum');
  const least = Math.max(numberIn(schema, 'minimum') ?? -Infinity, above === null ? -Infinity : above + nudge);
  const most = Math.min(numberIn(schema, 'maximum') ?? Infinity, below === null ? Infinity : below - nudge);
  const within = Math.max(least, Math.min(most, value));
  const step = numberIn(schema, 'multipleOf') ?? (isInteger ? 1 : null);
  if (step === null || step <= 0) return within;
  return Math.ceil(within / step) * step;
}
