// A column's name, or a path into what stands in it: `question`, `inputs.question`, `messages[0].content`, `turns[-1]`.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { readStrictJson } from '../../core/strict-json.ts';
import type { JsonPath } from '../errors/place.ts';

/** The value and the way to it; null = there is nothing. A column that has dots in its own name comes first. */
export function findColumn(
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
