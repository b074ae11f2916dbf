// The short forms of an expectation -> its full form: `contains: bank` is `contains: { all: [bank] }`.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { SingleRule } from '../rules/rules.ts';

/** null = nothing that this rule can read. */
export function widen(kind: SingleRule, value: Json): JsonObject | null {
  switch (kind) {
    case 'exact':
      return isScalar(value) || isTexts(value) ? { text: value } : mapOf(value);
    case 'contains':
      return isScalar(value) || isTexts(value) ? { all: value } : mapOf(value);
    case 'regex':
      return typeof value === 'string' || isTexts(value) ? { pattern: value } : mapOf(value);
    case 'json':
      return value === true ? { schema: {} } : mapOf(value);
    case 'tool_calls':
      return widenCalls(value);
    case 'numeric':
      return isNumberText(value) ? { value } : mapOf(value);
    case 'clarify':
      return typeof value === 'boolean' ? { clarify: value } : mapOf(value);
    case 'finish_reason':
      return typeof value === 'string' || isTexts(value) ? { words: value } : mapOf(value);
    case 'refused':
      return typeof value === 'boolean' ? { refused: value } : mapOf(value);
    case 'autoevals':
      return typeof value === 'string' ? { scorer: value } : mapOf(value);
  }
}

/** Where a call of the full form is written. */
export function callPath(written: Json, n: number): readonly (string | number)[] {
  if (Array.isArray(written)) return [n];
  return isJsonObject(written) && Object.hasOwn(written, 'calls') ? ['calls', n] : [];
}

function widenCalls(value: Json): JsonObject | null {
  if (value === 'none') return { calls: [] };
  if (Array.isArray(value)) return { calls: value };
  if (typeof value === 'string') return { calls: [value] };
  if (!isJsonObject(value)) return null;
  const isOneCall = Object.hasOwn(value, 'name') || Object.hasOwn(value, 'intent');
  if (isOneCall) return { calls: [value] };
  return value.calls === 'none' ? { ...value, calls: [] } : value;
}

function mapOf(value: Json): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

export function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isTexts(value: Json): boolean {
  return Array.isArray(value) && value.every(isScalar);
}

export function isNumberText(value: Json | undefined): value is string | number {
  if (typeof value === 'number') return true;
  return typeof value === 'string' && /^\s*[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[-+]?\d{1,4})?\s*$/i.test(value);
}
