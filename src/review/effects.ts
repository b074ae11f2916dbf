// Calls as effects: what a call does in the words of the scenarios' intents, which every arm's tools are mapped to. Hidden names
// are not enough: on the sample a plain classifier guesses the arm by the arguments' names and forms alone.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { IntentTool, ValueCheck } from '../core/scoring.ts';

type Mapped = { readonly intent: string; readonly tool: IntentTool };

export type Effect = { readonly intent: string; readonly fields: JsonObject };

/**
 * null = no intent is this call.
 * @param input.common names of arguments that every arm's tools have: they tell nothing, and stay
 */
export function effectOf(
  call: { readonly name: string; readonly arguments: Json },
  { intents, common }: { readonly intents: readonly Mapped[]; readonly common: ReadonlySet<string> },
): Effect | null {
  const given: JsonObject = isJsonObject(call.arguments) ? call.arguments : {};
  const fits = intents
    .filter(({ tool }) => tool.name === call.name && !contradicts(tool, given))
    .sort((a, b) => weight(b.tool, given) - weight(a.tool, given));
  const [best] = fits;
  return best === undefined ? null : { intent: best.intent, fields: fieldsOf(best.tool, { given, common }) };
}

/** The fields that an intent is told by, for the list of what was offered. */
export function fieldNames(tool: IntentTool): readonly string[] {
  const names = Object.values(tool.arguments).flatMap((check) => fieldOf(check)?.field ?? []);
  return [...new Set(names)];
}

/** A constant of the mapping (`is_recurring: false`) that the call says otherwise. */
function contradicts(tool: IntentTool, given: JsonObject): boolean {
  return Object.entries(tool.arguments).some(([path, check]) => {
    const constant = constantOf(check);
    const value = valueAt(given, path);
    return (
      constant !== undefined && value !== undefined && JSON.stringify(value) !== JSON.stringify(constant)
    );
  });
}

/** Of several intents that a call may be, the one that says most of it. */
function weight(tool: IntentTool, given: JsonObject): number {
  return Object.keys(tool.arguments).filter((path) => valueAt(given, path) !== undefined).length;
}

function constantOf(check: ValueCheck): Json | undefined {
  const value = check.equals;
  return typeof value === 'string' && value.includes('{{') ? undefined : value;
}

function fieldsOf(
  tool: IntentTool,
  { given, common }: { readonly given: JsonObject; readonly common: ReadonlySet<string> },
): JsonObject {
  const fields = new Map<string, Json>();
  const told = new Set<string>();
  for (const [path, check] of Object.entries(tool.arguments)) {
    const value = valueAt(given, path);
    if (value === undefined) continue;
    told.add(path.split('.')[0]!);
    const found = fieldOf(check);
    // A constant is what the intent's name says already.
    if (found !== null) for (const [name, part] of partsOf(value, found)) fields.set(name, part);
  }
  const rest = Object.entries(given).filter(([name]) => !told.has(name));
  for (const [name, value] of numbered(rest, { common, as: 'detail' }))
    if (!fields.has(name)) fields.set(name, value);
    else fields.set(`${name} given`, value);
  return Object.fromEntries(fields);
}

/** Names that one arm alone has are numbers; no value is left out. */
export function numbered(
  members: readonly (readonly [string, Json | undefined])[],
  { common, as }: { readonly common: ReadonlySet<string>; readonly as: string },
): readonly (readonly [string, Json])[] {
  let count = 0;
  return members.map(([name, value]) => [common.has(name) ? name : `${as} ${++count}`, plain(value ?? null)]);
}

type Field = { readonly field: string; readonly form: 'whole' | 'date' | 'time' };

/** `{{at}}`, `{{at.date}}`; a value that is looked at as a time of day is one. */
function fieldOf(check: ValueCheck): Field | null {
  for (const [kind, template] of Object.entries(check)) {
    const [, name, part] = /\{\{\s*([^{}.]+?)(?:\.(date|time))?\s*\}\}/.exec(textOf(template)) ?? [];
    if (name === undefined) continue;
    if (part === 'date' || part === 'time') return { field: name, form: part };
    return { field: name, form: kind === 'time' ? 'time' : 'whole' };
  }
  return null;
}

const MOMENT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.0+)?(?:Z|\+00:?00)?$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Dates and times in one form, whatever an arm's tools write: a day apart from a time of day. */
function partsOf(value: Json, { field, form }: Field): readonly (readonly [string, Json])[] {
  const [, date, time] = typeof value === 'string' ? (MOMENT.exec(value) ?? []) : [];
  if (date !== undefined) {
    return [
      [partName(field, 'date'), date],
      [partName(field, 'time'), minutes(time!)],
    ];
  }
  if (typeof value === 'string' && (form === 'date' || (form === 'whole' && DAY.test(value))))
    return [[partName(field, 'date'), value]];
  if (typeof value === 'string' && form === 'time') return [[partName(field, 'time'), minutes(value)]];
  return [[field, plain(value)]];
}

function partName(field: string, part: 'date' | 'time'): string {
  return field === 'date' || field === 'time' ? part : `${field} ${part}`;
}

function minutes(time: string): string {
  return time.replace(/^(\d\d:\d\d):00$/, '$1');
}

/** Nested names are names of arguments as well. */
function plain(value: Json): Json {
  if (!isJsonObject(value)) return value;
  return Object.values(value).map((member) => plain(member ?? null));
}

function textOf(template: unknown): string {
  return typeof template === 'string' ? template : (JSON.stringify(template) ?? '');
}

function valueAt(given: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = given;
  for (const name of path.split('.')) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
