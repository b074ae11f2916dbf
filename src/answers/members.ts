// The members that make an answer: its text, its calls, its tokens, each by its names and by the forms that it has.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { MAX_WRITTEN_LEVELS } from '../core/json-text.ts';
import type { ToolCall, Usage } from '../core/outcome.ts';
import { sanitizeLine } from '../core/text.ts';
import { isDeeper } from '../core/untrusted-json.ts';
import { callsOf } from './calls.ts';
import { COUNTS, type Ours, USUAL } from './names.ts';
import { type Said, saidIn, usageBeside, wholeIn } from './shapes.ts';
import { usageIn } from './usage.ts';
import { countOf, valueAt } from './values.ts';

export type Reading = {
  /** Ours -> a path in theirs; then no usual name of it is looked at. */
  readonly fields: { readonly [ours: string]: string };
  /** How the user would write it: `--map text=answer`, `fields: {text: answer}`. */
  readonly setting: (ours: string, theirs: string) => string;
  /** What a line of metadata or a file's name says of all lines: taken where the line itself does not say. By our names. */
  readonly about?: JsonObject;
};

export type Mistake = { readonly of: Ours; readonly message: string };
export type Found = { readonly name: string; readonly value: Json };

/**
 * The first that can be read as an answer, and what else of one stands beside it: the text apart, the whole response under
 * another name. An object where a text is meant is an answer only where it says so by its form.
 */
export function readText(input: {
  readonly line: JsonObject;
  readonly fields: Reading['fields'];
  readonly setting: Reading['setting'];
  readonly mistakes: Mistake[];
}): { readonly answer: Said | null; readonly beside: readonly Said[] } {
  const { line, fields } = input;
  if (Object.hasOwn(fields, 'json')) {
    const value = valueAt(line, fields.json!);
    const text = value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
    if (text !== undefined) return { answer: saidIn(text), beside: [] };
  }
  const isMapped = Object.hasOwn(fields, 'text');
  const itself = isMapped ? null : wholeIn(line);
  if (itself !== null) return { answer: itself, beside: [] };
  const found: Said[] = [];
  let unread: Found | null = null;
  for (const name of isMapped ? [fields.text!] : USUAL.text) {
    const value = valueAt(line, name);
    if (value === undefined || value === null) continue;
    const said = saidIn(value);
    if (said !== null) found.push(said);
    else unread ??= { name, value };
  }
  const [answer = null, ...beside] = found;
  if (answer === null && unread !== null) input.mistakes.push(unreadText(unread, input.setting));
  return { answer, beside };
}

function unreadText({ name, value }: Found, setting: Reading['setting']): Mistake {
  const members = isJsonObject(value) ? Object.entries(value) : [];
  const inside = members.find(([, one]) => typeof one === 'string');
  const path = inside === undefined ? '' : `${setting('text', `${name}.${inside[0]}`)} takes a text in it, `;
  const whole = `${setting('json', name)} takes it as it is`;
  return { of: 'text', message: `"${name}" is ${shown(value)}, not a text: ${path}${whole}` };
}

export function firstOf<Name extends 'usage' | 'model' | 'finishReason'>(
  saids: readonly (Said | null)[],
  name: Name,
): Said[Name] | null {
  return saids.find((said) => said !== null && said[name] !== null)?.[name] ?? null;
}

export function readCalls(input: {
  readonly found: Found | null;
  readonly fields: Reading['fields'];
  readonly mistakes: Mistake[];
  readonly of: readonly (Said | null)[];
}): readonly ToolCall[] {
  const wanted = {
    name: input.fields['tool_calls.name'] ?? null,
    arguments: input.fields['tool_calls.arguments'] ?? null,
  };
  const told = input.found === null ? null : callsOf(input.found.value, wanted);
  if (told?.kind === 'err') {
    input.mistakes.push({
      of: 'tool_calls',
      message: `"${input.found!.name}" is ${shown(input.found!.value)}: ${told.error}`,
    });
    return [];
  }
  if (told !== null && told.value.length > 0) return told.value;
  for (const said of input.of) {
    if (said === null) continue;
    if (said.problem !== null) input.mistakes.push({ of: 'tool_calls', message: said.problem });
    if (said.calls !== null && said.calls.length > 0) return said.calls;
  }
  return [];
}

export function readUsage(input: {
  readonly line: JsonObject;
  readonly fields: Reading['fields'];
  readonly mistakes: Mistake[];
}): Usage | null {
  const { fields, line } = input;
  const each = Object.fromEntries(
    TOKENS.flatMap((ours) => {
      const value = Object.hasOwn(fields, ours) ? valueAt(line, fields[ours]!) : undefined;
      if (value === undefined || value === null) return [];
      if (countOf(value) !== null) return [[ours, value]];
      input.mistakes.push({
        of: ours,
        message: `"${fields[ours]}" is ${shown(value)}, not a whole number from 0`,
      });
      return [];
    }),
  );
  if (Object.keys(each).length > 0) return usageIn({ ...tokensOf(line), ...each }, 'flat');
  if (Object.hasOwn(fields, 'usage')) {
    const value = valueAt(line, fields.usage!);
    return isJsonObject(value) ? usageIn(value, 'inside') : null;
  }
  const usage = usageBeside(line);
  if (usage !== null) return usage;
  const given = line.usage;
  if (given !== undefined && given !== null && !isEmpty(given)) {
    const message = `"usage" is ${shown(given)}, not {input_tokens, output_tokens}, whole numbers from 0`;
    input.mistakes.push({ of: 'usage', message });
  }
  for (const ours of TOKENS) {
    const name = COUNTS[ours].flat.find((one) => line[one] !== undefined && line[one] !== null);
    if (name === undefined || countOf(line[name]) !== null) continue;
    input.mistakes.push({
      of: ours,
      message: `"${name}" is ${shown(line[name]!)}, not a whole number from 0`,
    });
  }
  return null;
}

const TOKENS = [
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cached_input_tokens',
  'cache_write_input_tokens',
  'cache_write_1h_input_tokens',
  'reasoning_tokens',
] as const;

/** Usual ones, in our names, for those that the user did not map. */
function tokensOf(line: JsonObject): JsonObject {
  const usage = usageBeside(line);
  return usage === null ? {} : { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens };
}

function isEmpty(value: Json): boolean {
  return isJsonObject(value) && Object.values(value).every((one) => one === null);
}

export function shown(value: Json): string {
  return excerptOf(value, 60);
}

/** Its beginning as JSON, on one line, fit for a terminal. */
export function excerptOf(value: Json, chars = 200): string {
  if (isDeeper(value, MAX_WRITTEN_LEVELS)) return 'nested without end';
  const text = JSON.stringify(value);
  return sanitizeLine(
    text.length > chars ? `${text.slice(0, chars).toWellFormed()}...` : text.toWellFormed(),
  );
}
