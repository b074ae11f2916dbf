// Checks of arguments against a tool's JSON Schema: whether a call that the schema allows can hold them at all.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/manifest.ts';
import { behindRef } from '../../core/schema-ref.ts';
import type { ValueCheck } from '../../core/scoring.ts';
import { checkBounded, compileSchema } from './json-schema.ts';

export type ArgumentFit = {
  readonly problems: readonly string[];
  /** Not wrong, and good to know. */
  readonly notes: readonly string[];
};

export function checkArguments(
  checks: { readonly [path: string]: ValueCheck },
  { name, parameters }: Tool,
): ArgumentFit {
  if (parameters === null) return { problems: [], notes: [] };
  const problems = Object.entries(checks).flatMap(([path, check]): string[] => {
    const found = schemaAt(path, parameters);
    if (found.kind === 'free') return [];
    const shown = `the argument ${JSON.stringify(path)} of ${name}`;
    if (found.kind === 'none') {
      if (check.present === false) return [];
      return [`${shown} is not in its schema (known: ${found.known.slice(0, 12).join(', ') || 'none'})`];
    }
    return valueProblems(check, { schema: found.schema, root: parameters }).map(
      (problem) => `${shown} ${problem}`,
    );
  });
  const required = Array.isArray(parameters.required) ? parameters.required : [];
  const looked = new Set(Object.keys(checks).map((path) => path.split('.')[0]));
  const free = required.filter((argument) => typeof argument === 'string' && !looked.has(argument));
  const notes =
    free.length === 0
      ? []
      : [`${name} requires ${free.join(', ')}, which no check looks at: any value is taken`];
  return { problems, notes };
}

type Found =
  | { readonly kind: 'schema'; readonly schema: JsonObject }
  /** The schema says nothing of it, and allows it. */
  | { readonly kind: 'free' }
  | { readonly kind: 'none'; readonly known: readonly string[] };

/** The whole path may be one name with dots in it. */
function schemaAt(path: string, root: JsonObject): Found {
  const whole = member(path, root, root);
  if (whole.kind === 'schema' || !path.includes('.')) return whole;
  let found: Found = { kind: 'schema', schema: root };
  for (const step of path.split('.')) {
    if (found.kind !== 'schema') return found;
    found = member(step, found.schema, root);
  }
  return found;
}

/** References that lead to each other would never end. */
const MAX_DEPTH = 20;

function member(name: string, holder: JsonObject, root: JsonObject, depth = 0): Found {
  const schema = followed(holder, root);
  if (/^\d+$/.test(name) && isJsonObject(schema.items)) return { kind: 'schema', schema: schema.items };
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (isJsonObject(own)) return { kind: 'schema', schema: followed(own, root) };
  if (own !== undefined) return { kind: 'free' };
  const known = Object.keys(properties);
  for (const branch of depth < MAX_DEPTH ? branchesOf(schema) : []) {
    const found = member(name, branch, root, depth + 1);
    if (found.kind !== 'none') return found;
    known.push(...found.known);
  }
  const rest = schema.additionalProperties;
  if (isJsonObject(rest)) return { kind: 'schema', schema: rest };
  // A schema that is silent allows all: but a name that it does not know is a slip of the pen where it knows others.
  return rest === true || (rest === undefined && known.length === 0)
    ? { kind: 'free' }
    : { kind: 'none', known };
}

function branchesOf(schema: JsonObject): readonly JsonObject[] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((word) => {
    const list = schema[word];
    return Array.isArray(list) ? list.filter(isJsonObject) : [];
  });
}

/** `#/$defs/place` inside the tool's own schema. */
function followed(schema: JsonObject, root: JsonObject): JsonObject {
  let at = schema;
  for (let steps = 0; steps < MAX_DEPTH && typeof at.$ref === 'string' && at.$ref.startsWith('#/'); steps++) {
    const target = behindRef(at.$ref, root);
    if (!isJsonObject(target)) return {};
    at = target;
  }
  return at;
}

type Place = { readonly schema: JsonObject; readonly root: JsonObject };

function valueProblems(check: ValueCheck, place: Place): readonly string[] {
  const problems: string[] = [];
  const { equals, one_of: oneOf, same_items: items } = check;
  for (const value of [equals, items] as const) {
    const mistake = value === undefined ? null : mistakeOf(value, place);
    if (mistake !== null) problems.push(`can never be ${shown(value!)}: it ${mistake}`);
  }
  if (oneOf?.every((value) => mistakeOf(value, place) !== null)) {
    problems.push(`can never be one of ${shown(oneOf)}: its schema refuses each`);
  }
  const texts = (['contains', 'regex', 'at', 'before', 'after', 'time'] as const).filter(
    (name) => check[name] !== undefined,
  );
  if (
    texts.length > 0 &&
    !mayBe(['string', ...(isWordCheck(texts) ? ['number', 'integer'] : [])], place.schema)
  ) {
    problems.push(`is no text (${typeWords(place.schema)}), so "${texts[0]}" can never hold`);
  }
  const numbers = (['at_least', 'at_most'] as const).filter((name) => check[name] !== undefined);
  if (numbers.length > 0 && !mayBe(['number', 'integer'], place.schema)) {
    problems.push(`is no number (${typeWords(place.schema)}), so "${numbers[0]}" can never hold`);
  }
  const words = place.schema.enum;
  const { contains } = check;
  if (
    contains !== undefined &&
    Array.isArray(words) &&
    !words.some((word) =>
      wordOf(word as Json)
        .toLowerCase()
        .includes(contains.toLowerCase()),
    )
  ) {
    problems.push(`is one of ${shown(words)}, none of which contains ${shown(contains)}`);
  }
  return problems;
}

function wordOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isWordCheck(names: readonly string[]): boolean {
  return names.every((name) => name === 'contains' || name === 'regex');
}

function mistakeOf(value: Json, { schema, root }: Place): string | null {
  const { $defs, definitions } = root;
  const compiled = compileSchema({
    ...($defs === undefined ? {} : { $defs }),
    ...(definitions === undefined ? {} : { definitions }),
    ...schema,
  });
  // A schema that no library can read refuses nothing.
  if (compiled.kind === 'err') return null;
  // Nor does one that comes to no end: the manifest is read before anything runs.
  const checked = checkBounded(compiled.value, value);
  return checked.kind === 'ok' ? (checked.value[0] ?? null) : null;
}

function typesOf(schema: JsonObject): readonly string[] {
  const { type } = schema;
  return Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : [];
}

function mayBe(types: readonly string[], schema: JsonObject): boolean {
  const own = typesOf(schema);
  return own.length === 0 || own.some((type) => types.includes(type));
}

function typeWords(schema: JsonObject): string {
  return `type: ${typesOf(schema).join(' or ')}`;
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
