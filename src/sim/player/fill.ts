// Writes the arguments of a tool call by its JSON Schema: required members always, others where the message speaks of them.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { type Dice, pick } from '../wire/dice.ts';
import { clampNumber, fitText, fitted } from './fit.ts';
import type { Intent } from './intent.ts';
import { roleOf } from './roles.ts';
import { numberIn, resolveSchema, typeOf } from './schema-shape.ts';
import { suggest } from './values.ts';

/** Bounds for schemas that are huge or without end: what lies beyond is left out. */
const MAX_DEPTH = 8;
const MAX_VALUES = 500;
const MAX_PROPERTIES = 100;
const MAX_ITEMS = 20;

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
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = new Set(
    (Array.isArray(schema.required) ? schema.required : []).filter((name) => typeof name === 'string'),
  );
  const members: [string, Json][] = [];
  const unsaid: [string, JsonObject][] = [];
  for (const name of new Set([...Object.keys(properties).slice(0, MAX_PROPERTIES), ...required])) {
    if (work.left-- <= 0) break;
    const property = resolveSchema(Object.hasOwn(properties, name) ? properties[name] : {}, work.root);
    const read = readFor({ name, property, work });
    const isNamed = read.known && read.value !== undefined;
    if (required.has(name) || isNamed) {
      members.push([name, read.value ?? fillValue({ schema: property, work, depth: depth + 1 })]);
    } else if (read.value !== undefined || typeOf(property) !== 'string' || Array.isArray(property.enum)) {
      // Free text that the message does not hold would be made up.
      unsaid.push([name, property]);
    }
  }
  if (depth === 0 && work.extra && unsaid.length > 0) {
    const [name, property] = pick(unsaid, work.extra);
    const usual = readFor({ name, property, work }).value;
    members.push([name, usual ?? fillValue({ schema: property, work, depth: 1 })]);
  }
  // fromEntries defines members: a property named __proto__ stays a plain member.
  return Object.fromEntries(members);
}

type Named = { readonly name: string; readonly property: JsonObject; readonly work: Work };

/** What the message has for a property, in the form that its schema takes. */
function readFor({ name, property, work }: Named): {
  readonly value: Json | undefined;
  readonly known: boolean;
} {
  const suggestion = suggest(roleOf({ name, schema: property }), work.intent);
  if (!suggestion) return { value: undefined, known: false };
  return {
    value: fitted(suggestion.value, { schema: property, root: work.root }),
    known: suggestion.known,
  };
}

function fillValue(place: Place): Json {
  const { schema, work, depth } = place;
  if (schema.const !== undefined) return schema.const;
  const choices = schema.enum;
  if (Array.isArray(choices) && choices.length > 0)
    return chooseFrom(choices.slice(0, 1_000), { schema, work });
  if (schema.default !== undefined) return schema.default;
  const type = typeOf(schema);
  switch (type) {
    case 'object':
      return depth >= MAX_DEPTH ? {} : fillObject(place);
    case 'array':
      return fillArray(place);
    case 'integer':
    case 'number':
      return clampNumber(0, schema);
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return fitText(work.intent.title === '' ? 'unspecified' : work.intent.title, schema);
  }
}

/** The choice that the message names, else the default, else all of it, else the first. */
function chooseFrom(choices: readonly Json[], { schema, work }: Omit<Place, 'depth'>): Json {
  const named = choices.find(
    (choice) =>
      typeof choice === 'string' &&
      choice.length < 100 &&
      work.intent.phrases.includes(` ${choice.toLowerCase()} `),
  );
  return (
    named ?? schema.default ?? choices.find((choice) => choice === 'all' || choice === 'any') ?? choices[0]!
  );
}

function fillArray({ schema, work, depth }: Place): Json {
  const wanted = Math.min(MAX_ITEMS, Math.max(0, numberIn(schema, 'minItems') ?? 0));
  const item = resolveSchema(schema.items, work.root);
  const choices = item.enum;
  if (Array.isArray(choices) && choices.length > 0) {
    // Different items as long as there are any.
    const most = schema.uniqueItems === true ? Math.min(wanted, choices.length) : wanted;
    return Array.from({ length: most }, (_, at) => choices[at % choices.length]!);
  }
  const items: Json[] = [];
  while (items.length < wanted && depth < MAX_DEPTH && work.left-- > 0) {
    items.push(fillValue({ schema: item, work, depth: depth + 1 }));
  }
  return items;
}
