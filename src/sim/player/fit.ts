// Makes a value that was read in a message fit a JSON Schema, or says that it cannot.
import type { Json, JsonObject } from '../../core/json.ts';
import { numberIn, resolveSchema, typeOf } from './schema-shape.ts';

/** Longer texts are asked for by nobody but an attacker. */
const MAX_TEXT = 4_000;

/** The value as the schema takes it; undefined = it does not. */
export function fitted(
  value: Json,
  { schema, root }: { schema: JsonObject; root: unknown },
): Json | undefined {
  const choices = schema.enum;
  if (Array.isArray(choices)) return choices.slice(0, 1_000).includes(value) ? value : undefined;
  const type = typeOf(schema);
  if (typeof value === 'string') return type === 'string' ? fitText(value, schema) : undefined;
  if (typeof value === 'boolean') return type === 'boolean' ? value : undefined;
  if (typeof value === 'number') {
    return type === 'integer' || type === 'number' ? clampNumber(value, schema) : undefined;
  }
  if (!Array.isArray(value) || type !== 'array') return undefined;
  const items = resolveSchema(schema.items, root);
  const kept = value.slice(0, numberIn(schema, 'maxItems') ?? value.length);
  if (kept.length < (numberIn(schema, 'minItems') ?? 0)) return undefined;
  const allowed = kept.map((item: Json) => fitted(item, { schema: items, root }));
  return allowed.includes(undefined) ? undefined : (allowed as Json[]);
}

/** Cut or filled up to the lengths that are asked for. A `pattern` is never run: it may be made to hang. */
export function fitText(text: string, schema: JsonObject): string {
  const longest = Math.max(0, Math.min(MAX_TEXT, numberIn(schema, 'maxLength') ?? MAX_TEXT));
  const shortest = Math.max(0, Math.min(longest, numberIn(schema, 'minLength') ?? 0));
  return text.slice(0, longest).padEnd(shortest, '.');
}

/** The nearest number within the bounds and steps of the schema. */
export function clampNumber(value: number, schema: JsonObject): number {
  const isInteger = typeOf(schema) === 'integer';
  const nudge = isInteger ? 1 : 0.001;
  const above = numberIn(schema, 'exclusiveMinimum');
  const below = numberIn(schema, 'exclusiveMaximum');
  const least = Math.max(
    numberIn(schema, 'minimum') ?? -Infinity,
    above === null ? -Infinity : above + nudge,
  );
  const most = Math.min(numberIn(schema, 'maximum') ?? Infinity, below === null ? Infinity : below - nudge);
  const within = Math.max(least, Math.min(most, value));
  const step = numberIn(schema, 'multipleOf') ?? (isInteger ? 1 : null);
  if (step === null || step <= 0) return within;
  const stepped = Math.ceil(within / step) * step;
  return Number.isFinite(stepped) ? stepped : within;
}
