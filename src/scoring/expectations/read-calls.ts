// Expected tool calls as written -> checks. A call is a tool's name, {name, arguments} or {intent, ...}.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { CallCheck, Check, ValueCheck } from '../../core/scoring.ts';
import { type At, inside, say, sayUnknown } from './problem.ts';
import { readValueCheck } from './read-value.ts';
import { callPath } from './widen.ts';

/** An intent as the tool of one variant; null: it has none, which was told. */
export type ResolveIntent = (
  call: { readonly intent: string; readonly fields: JsonObject },
  input: At,
) => CallCheck | null;

/** A longer list is no expectation, it is a recording. */
const MAX_CALLS = 100;

export function readCalls(
  full: JsonObject,
  input: { readonly at: At; readonly resolve: ResolveIntent; readonly written: Json },
): Check | null {
  const { at, resolve, written } = input;
  const { calls } = full;
  if (!Array.isArray(calls)) {
    return say(inside(at, 'calls'), { message: '"calls" is a list of tool calls; [] = none at all' });
  }
  if (calls.length > MAX_CALLS) {
    return say(at, {
      code: 'too-large',
      message: `${calls.length} calls are expected; the limit is ${MAX_CALLS}`,
    });
  }
  const read = (calls as readonly Json[]).map((call, n) =>
    readCall(call, { at: inside(at, ...callPath(written, n)), resolve }),
  );
  if (read.some((call) => call === null)) return null;
  return {
    kind: 'tool_calls',
    calls: read as CallCheck[],
    order: full.order as 'any' | 'given',
    // "None at all" leaves nothing to be allowed.
    extra: read.length === 0 ? 'refused' : (full.extra as 'allowed' | 'refused'),
  };
}

function readCall(
  call: Json,
  { at, resolve }: { readonly at: At; readonly resolve: ResolveIntent },
): CallCheck | null {
  if (typeof call === 'string' && call !== '') return { names: [call], arguments: {} };
  if (!isJsonObject(call)) {
    return say(at, { message: "a call is a tool's name, { name, arguments } or { intent, ... }" });
  }
  if (Object.hasOwn(call, 'intent')) {
    const { intent, ...fields } = call;
    if (typeof intent !== 'string' || intent === '') {
      return say(inside(at, 'intent'), { message: '"intent" is the name of an intent' });
    }
    for (const name of ['name', 'arguments']) {
      if (!Object.hasOwn(call, name)) continue;
      return say(inside(at, name), {
        part: 'key',
        message: `a call has an "intent" or a "name", not both`,
        hint: 'what an intent is in the tools of each variant stands in "expects_tools"',
      });
    }
    return resolve({ intent, fields }, at);
  }
  sayUnknown(at, { keys: Object.keys(call), known: ['name', 'arguments', 'intent'] });
  const names = namesOf(call.name);
  if (names === null) {
    return say(at, { part: 'key', code: 'missing-key', message: 'this call has no "name" and no "intent"' });
  }
  const checks = readArguments(call.arguments ?? {}, inside(at, 'arguments'));
  return checks && { names, arguments: checks };
}

/** `"*"` = any tool. */
function namesOf(written: Json | undefined): readonly string[] | null {
  if (written === '*') return [];
  const names = Array.isArray(written) ? written : [written];
  return names.length > 0 && names.every((name) => typeof name === 'string' && name !== '') ? names : null;
}

export function readArguments(written: Json, input: At): { readonly [path: string]: ValueCheck } | null {
  if (!isJsonObject(written)) return say(input, { message: '"arguments" is a map by name' });
  const checks: [string, ValueCheck][] = [];
  let sound = true;
  for (const [name, value] of Object.entries(written)) {
    const check = readValueCheck(value ?? null, inside(input, name));
    if (check === null) sound = false;
    else checks.push([name, check]);
  }
  // Not assigned name by name: an argument may be called `__proto__`.
  return sound ? Object.fromEntries(checks) : null;
}
