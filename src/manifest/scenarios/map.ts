// `map:` of the manifest: a row of another tool's file -> a scenario as it would have been written.
import type { ScenarioMap } from '../../core/generated/experiment.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Result } from '../../core/result.ts';
import { readStrictJson } from '../../core/strict-json.ts';
import type { JsonPath } from '../errors/place.ts';
import { cellJson, cellTags, cellValue } from './cell.ts';

export type MappedRow = {
  readonly raw: JsonObject;
  /** Fields of the map that the row has something for: `input`, `vars.city`. */
  readonly found: readonly string[];
  readonly problems: readonly { readonly path: JsonPath; readonly code: string; readonly message: string }[];
};

type Field = { readonly path: readonly [string, ...string[]]; readonly column: string };

/** Each field of a map with its column: `input`, `vars.city`, `expect.contains`. */
export function fieldsOf(map: ScenarioMap): readonly Field[] {
  return Object.entries(map).flatMap(([name, column]): Field[] =>
    typeof column === 'string'
      ? [{ path: [name], column }]
      : Object.entries<string>(column ?? {}).map(([inner, of]) => ({ path: [name, inner], column: of })),
  );
}

/** `cells`: the row is of CSV, where a value is text and an empty one is none, but for a variable. */
export function mapRow(
  row: JsonObject,
  input: { readonly map: ScenarioMap; readonly cells: boolean },
): MappedRow {
  const fields: [string, Json][] = [];
  const inner = new Map<string, [string, Json][]>();
  const found: string[] = [];
  const problems: MappedRow['problems'][number][] = [];
  for (const { path, column } of fieldsOf(input.map)) {
    const at = findColumn(row, column);
    if (at === null) continue;
    found.push(path.join('.'));
    const [name, member] = path;
    if (at.value === null || (at.value === '' && input.cells && name !== 'vars')) continue;
    const read = readAs(name, { value: at.value, cells: input.cells });
    if (read.kind === 'err') {
      problems.push({ path: at.path, code: read.error.code, message: read.error.message });
    } else if (member === undefined) {
      fields.push([name, read.value]);
    } else {
      inner.set(name, [...(inner.get(name) ?? []), [member, read.value]]);
    }
  }
  // fromEntries defines members and assigns none: `__proto__` is a name like any other.
  for (const [name, members] of inner) fields.push([name, Object.fromEntries(members)]);
  return { raw: Object.fromEntries(fields), found, problems };
}

/** Where a field of the scenario stands in the row: for messages. */
export function pathInRow(
  row: unknown,
  input: { readonly map: ScenarioMap; readonly path: JsonPath },
): JsonPath | null {
  if (!isJsonObject(row)) return null;
  const fields = fieldsOf(input.map).filter(({ path }) => path.every((step, i) => input.path[i] === step));
  const field = fields[0] ?? fieldsOf(input.map).find(({ path }) => path[0] === input.path[0]);
  const at = field && findColumn(row, field.column);
  return at ? [...at.path, ...input.path.slice(field!.path.length)] : null;
}

type Reading = Result<Json, { readonly code: string; readonly message: string }>;

function readAs(name: string, input: { readonly value: Json; readonly cells: boolean }): Reading {
  const { value, cells } = input;
  const plain: Reading = { kind: 'ok', value };
  switch (name) {
    case 'id':
    case 'category':
    case 'description':
    case 'input':
      // A number is a fine id, and a fine question.
      return typeof value === 'number' || typeof value === 'boolean'
        ? { kind: 'ok', value: JSON.stringify(value) }
        : plain;
    case 'tags':
      return typeof value === 'string' ? { kind: 'ok', value: cellTags(value) } : plain;
    case 'expect':
      return cells && typeof value === 'string' ? cellValue(value) : plain;
    case 'tools':
    case 'tool_results':
      // Data sets keep them as JSON in a text, whatever the file's own form.
      return typeof value === 'string' ? cellJson(value) : plain;
    default:
      return plain;
  }
}

/**
 * By a column's name, or a path into what stands in it: `question`, `inputs.question`, `messages[0].content`, `turns[-1]`.
 * The value and the way to it; null = there is nothing. A column that has dots in its own name comes first.
 */
function findColumn(
  row: JsonObject,
  written: string,
): { readonly value: Json; readonly path: JsonPath } | null {
  if (Object.hasOwn(row, written)) return { value: row[written] ?? null, path: [written] };
  let value: Json = row;
  const path: (string | number)[] = [];
  for (const step of stepsOf(written)) {
    const holder: Json = typeof value === 'string' ? inside(value) : value;
    if (Array.isArray(holder)) {
      const index = typeof step === 'number' ? step : /^\d{1,9}$/.test(step) ? Number(step) : Number.NaN;
      const at: number = index < 0 ? holder.length + index : index;
      if (!(at in holder)) return null;
      path.push(at);
      value = holder[at] as Json;
    } else if (isJsonObject(holder) && Object.hasOwn(holder, String(step))) {
      path.push(String(step));
      value = holder[String(step)] ?? null;
    } else return null;
  }
  return { value, path };
}

/** JSON in a cell is gone into where a path leads on. */
function inside(text: string): Json {
  if (!/^\s*[[{]/.test(text)) return text;
  const read = readStrictJson(text);
  return read.kind === 'ok' ? (read.value as Json) : text;
}

function stepsOf(written: string): readonly (string | number)[] {
  return [...written.matchAll(/\[(-?\d{1,9})\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? name! : Number(index),
  );
}
