// What a value is held against, as written: a plain value to be equal to, or a map of checks.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { ValueCheck } from '../../core/scoring.ts';
import { parseMoment, timeOfDay } from '../reading/moment.ts';
import { patternProblem } from '../rules/pattern.ts';
import { type At, inside, say } from './problem.ts';

type Field = keyof ValueCheck;

/** Why a field's value cannot be used; null = it can. */
const FIELDS: { readonly [field in keyof ValueCheck]-?: (value: Json) => string | null } = {
  equals: () => null,
  contains: textProblem,
  regex: (value) => textProblem(value) ?? patternProblem(String(value)),
  schema: (value) => (isJsonObject(value) ? null : 'is a JSON Schema: a map'),
  one_of: (value) => (Array.isArray(value) && value.length > 0 ? null : 'is a list of values'),
  same_items: (value) => (Array.isArray(value) ? null : 'is a list of values'),
  at_least: numberProblem,
  at_most: numberProblem,
  at: momentProblem,
  before: momentProblem,
  after: momentProblem,
  time: timeProblem,
  present: (value) => (typeof value === 'boolean' ? null : 'is true or false'),
};

const NAMES = Object.keys(FIELDS) as readonly Field[];

/** Whether it is a map of checks, and not a value that is a map. */
export function isCheckMap(value: JsonObject): boolean {
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => Object.hasOwn(FIELDS, key));
}

/** A map whose keys are all checks is a map of checks; anything else is the value itself. Null: problems were told. */
export function readValueCheck(value: Json, input: At): ValueCheck | null {
  if (!isJsonObject(value)) return { equals: value };
  const keys = Object.keys(value);
  const known = keys.filter((key) => Object.hasOwn(FIELDS, key));
  if (keys.length === 0 || known.length < keys.length) {
    if (known.length > 0) sayMixed({ keys, known, at: input });
    return { equals: value };
  }
  return readChecks(value, input);
}

/** Of a map of checks. */
export function readChecks(value: JsonObject, input: At): ValueCheck | null {
  let sound = true;
  for (const [name, wanted] of Object.entries(value)) {
    const problem = FIELDS[name as Field](wanted ?? null);
    if (problem === null) {
      if (name === 'schema') input.sawSchema(wanted as JsonObject, [...input.path, name]);
      continue;
    }
    sound = false;
    say(inside(input, name), { message: `${JSON.stringify(name)} ${problem}` });
  }
  return sound ? (value as ValueCheck) : null;
}

/** `{ at_least: 3, at_mots: 5 }` is compared as it stands, which hardly anybody wants. */
function sayMixed(input: {
  readonly keys: readonly string[];
  readonly known: readonly string[];
  readonly at: At;
}): void {
  const name = input.keys.find((key) => !input.known.includes(key))!;
  say(inside(input.at, name), {
    part: 'key',
    severity: 'warning',
    code: 'mixed-check',
    message: `${JSON.stringify(name)} is no check, so this map is a value to be equal to`,
    hint: 'write { equals: ... } where that is meant',
    guess: { name, known: NAMES },
  });
}

function textProblem(value: Json): string | null {
  return typeof value === 'string' && value !== '' ? null : 'is text that is not empty';
}

function numberProblem(value: Json): string | null {
  return typeof value === 'number' ? null : 'is a number';
}

function momentProblem(value: Json): string | null {
  return typeof value === 'string' && parseMoment(value) !== null
    ? null
    : 'is a moment such as 2026-02-17T11:00:00Z or 2026-02-17';
}

function timeProblem(value: Json): string | null {
  return typeof value === 'string' && timeOfDay(value) !== null
    ? null
    : 'is a time of day such as "09:30" (in quotes: YAML reads some times as numbers)';
}
