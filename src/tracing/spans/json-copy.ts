// Whatever a program hands to a tracer -> JSON data, copied at once: it may be changed later, be endless, or be hostile. Pure.
import type { Json } from '../../core/json.ts';

/** No trace needs more, and one object with a million members must not take the worker's time. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 40;
const TOO_MANY = '[left out: too many values]';

/** Never throws: what cannot be read is named instead. Functions and absent members are left out. */
export function toPlain(value: unknown): Json {
  const left = { values: MAX_VALUES };
  return copy(value, { left, depth: 0, above: [] }) ?? null;
}

type Walk = { readonly left: { values: number }; readonly depth: number; readonly above: readonly object[] };

function copy(value: unknown, walk: Walk): Json | undefined {
  if (walk.left.values-- <= 0) return TOO_MANY;
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? value : value.toWellFormed();
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'bigint':
      return value.toString();
    case 'object':
      return value === null ? null : copyObject(value, walk);
    default:
      return undefined;
  }
}

function copyObject(value: object, walk: Walk): Json {
  if (walk.above.includes(value)) return '[circular]';
  if (walk.depth >= MAX_DEPTH) return '[left out: nested too deep]';
  const inside: Walk = { left: walk.left, depth: walk.depth + 1, above: [...walk.above, value] };
  try {
    if (Array.isArray(value)) return copyItems(value, inside);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value instanceof Error) return { name: value.name, message: value.message };
    if (value instanceof Map) return copyObject(Object.fromEntries(value), inside);
    if (value instanceof Set) return copyObject([...value], inside);
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return copy(toJSON.call(value), inside) ?? null;
    return copyMembers(value, inside);
  } catch (cause) {
    return `[unreadable: ${cause instanceof Error ? cause.message : 'it threw'}]`;
  }
}

function copyItems(items: readonly unknown[], inside: Walk): Json {
  const copied: Json[] = [];
  for (const item of items) {
    copied.push(copy(item, inside) ?? null);
    if (inside.left.values <= 0) break;
  }
  return copied.length < items.length ? [...copied, TOO_MANY] : copied;
}

function copyMembers(value: object, inside: Walk): Json {
  const copied: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (inside.left.values <= 0) {
      copied.push(['...', TOO_MANY]);
      break;
    }
    const plain = copy(member, inside);
    if (plain !== undefined) copied.push([name.toWellFormed(), plain]);
  }
  return Object.fromEntries(copied);
}
