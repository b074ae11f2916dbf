// `order.items[0].name`: the way to a value inside JSON. `$` is the value as a whole.
import type { Json } from '../../core/json.ts';

/** undefined = nothing is there. A member whose own name is the whole path goes first. */
export function valueAt(root: Json, path: string): Json | undefined {
  if (path === '$') return root;
  const direct = member(root, path);
  if (direct !== undefined) return direct;
  let value: Json | undefined = root;
  for (const step of stepsOf(path)) {
    value = member(value, step);
    if (value === undefined) return undefined;
  }
  return value;
}

/** A dot in a name is written `\.`. */
function stepsOf(path: string): readonly string[] {
  return path
    .replace(/^\$\./, '')
    .replace(/\[(\d+)\]/g, '.$1')
    .split(/(?<!\\)\./)
    .map((step) => step.replaceAll('\\.', '.'))
    .filter((step) => step !== '');
}

/** Own members only: `__proto__` and `length` are names that nobody wrote. */
function member(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value))
    return /^\d{1,9}$/.test(name) ? (value as readonly Json[])[Number(name)] : undefined;
  return Object.hasOwn(value, name)
    ? (value as { readonly [name: string]: Json | undefined })[name]
    : undefined;
}
