// `parameters` of a tool, or the form of an answer, held against what JSON Schema is, with the place of each mistake: an endpoint refuses the whole call
// for one, or takes it and tells the model something else. What the drafts say otherwise of one word is all let through.
import { isJsonObject, type Json } from '../../core/json.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { JsonPath } from '../errors/place.ts';

export type SchemaProblem = {
  readonly path: JsonPath;
  readonly message: string;
  readonly hint: string | null;
};

const TYPES = ['object', 'string', 'number', 'integer', 'boolean', 'array', 'null'] as const;

/** What it is called elsewhere: in Python, in Java, in data sets of function calls. */
const ELSEWHERE: { readonly [name: string]: (typeof TYPES)[number] | undefined } = {
  dict: 'object',
  map: 'object',
  struct: 'object',
  hashmap: 'object',
  str: 'string',
  text: 'string',
  char: 'string',
  float: 'number',
  double: 'number',
  decimal: 'number',
  int: 'integer',
  long: 'integer',
  bool: 'boolean',
  list: 'array',
  tuple: 'array',
  arraylist: 'array',
  set: 'array',
  none: 'null',
  nil: 'null',
};

type Kind =
  | 'schema'
  | 'schemas'
  | 'schema or schemas'
  | 'map of schemas'
  | 'text'
  | 'number'
  | 'count'
  | 'list'
  | 'names'
  | 'number or boolean';

const WORDS_OF: { readonly [kind in Kind]: string } = {
  schema:
    'additionalItems contains not if then else propertyNames additionalProperties unevaluatedItems unevaluatedProperties',
  schemas: 'prefixItems allOf anyOf oneOf',
  'schema or schemas': 'items',
  'map of schemas': 'properties patternProperties $defs definitions dependentSchemas',
  text: 'description title $ref pattern format',
  number: 'minimum maximum multipleOf',
  'number or boolean': 'exclusiveMinimum exclusiveMaximum',
  count: 'minLength maxLength minItems maxItems minProperties maxProperties',
  list: 'enum',
  names: 'required',
};

const KIND_OF = new Map(
  Object.entries(WORDS_OF).flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind as Kind])),
);

/** @param schema of the arguments of a tool: a map by name, whatever else it says */
export function toolSchemaProblems(schema: Json): readonly SchemaProblem[] {
  return schemaProblems(schema, {
    what: 'the arguments of a tool are an object',
    hint: 'parameters: { type: object, properties: { ... } }',
  });
}

/** @param of what is an object, and how that is written */
export function schemaProblems(
  schema: Json,
  of: { readonly what: string; readonly hint: string },
): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  look(schema, [], problems);
  if (problems.length > 0 || !isJsonObject(schema)) return problems;
  const { type } = schema;
  if (type === undefined || type === 'object' || (Array.isArray(type) && type.includes('object')))
    return problems;
  return [{ path: ['type'], message: `${of.what}, not ${JSON.stringify(type)}`, hint: of.hint }];
}

function look(schema: Json, path: JsonPath, problems: SchemaProblem[]): void {
  if (typeof schema === 'boolean') return;
  const say = (at: JsonPath, message: string, hint: string | null = null): void => {
    problems.push({ path: [...path, ...at], message, hint });
  };
  if (!isJsonObject(schema)) {
    const hint =
      typeof schema === 'string' && typeOf(schema) !== null ? `write { type: ${typeOf(schema)} }` : null;
    say([], `a schema is a map, not ${shown(schema)}`, hint);
    return;
  }
  for (const [word, value = null] of Object.entries(schema)) {
    if (word === 'type') checkType(value, say);
    else check(KIND_OF.get(word), value, { word, path, problems, say });
  }
}

function checkType(value: Json, say: (at: JsonPath, message: string, hint?: string | null) => void): void {
  const names = Array.isArray(value) ? value : [value];
  for (const [n, name] of names.entries()) {
    if ((TYPES as readonly Json[]).includes(name)) continue;
    const at = Array.isArray(value) ? ['type', n] : ['type'];
    const meant = typeof name === 'string' ? typeOf(name) : null;
    const hint =
      meant !== null
        ? `did you mean "${meant}"?`
        : (didYouMean(String(name), TYPES) ?? `known: ${TYPES.join(', ')}`);
    say(at, `${shown(name)} is no type of JSON Schema`, hint);
  }
}

function typeOf(name: string): string | null {
  const lower = name.toLowerCase();
  return (TYPES as readonly string[]).includes(lower) ? lower : (ELSEWHERE[lower] ?? null);
}

type At = {
  readonly word: string;
  readonly path: JsonPath;
  readonly problems: SchemaProblem[];
  readonly say: (at: JsonPath, message: string, hint?: string | null) => void;
};

function check(kind: Kind | undefined, value: Json, { word, path, problems, say }: At): void {
  const wrong = (wanted: string, hint: string | null = null): void =>
    say([word], `"${word}" must be ${wanted}, not ${shown(value)}`, hint);
  const below = (all: readonly (readonly [string | number, Json])[]): void => {
    for (const [step, one] of all) look(one, [...path, word, step], problems);
  };
  switch (kind) {
    case 'schema or schemas':
    case 'schemas':
      if (Array.isArray(value)) below([...value.entries()]);
      else if (kind === 'schemas') wrong('a list of schemas');
      else look(value, [...path, word], problems);
      return;
    case 'schema':
      look(value, [...path, word], problems);
      return;
    case 'map of schemas':
      if (isJsonObject(value)) below(Object.entries(value).map(([name, one]) => [name, one ?? null]));
      else wrong('a map of schemas by name');
      return;
    case 'text':
      if (typeof value !== 'string') wrong('text');
      return;
    case 'number':
      if (typeof value !== 'number') wrong('a number');
      return;
    case 'number or boolean':
      if (typeof value !== 'number' && typeof value !== 'boolean') wrong('a number');
      return;
    case 'count':
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) wrong('a whole number from 0');
      return;
    case 'list':
      if (!Array.isArray(value)) wrong('a list of values');
      return;
    case 'names':
      if (!Array.isArray(value) || value.some((name: Json) => typeof name !== 'string'))
        wrong('a list of names', 'it stands beside "properties": required: [title, start]');
      return;
    default:
      return;
  }
}

function shown(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (isJsonObject(value)) return 'a map';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
