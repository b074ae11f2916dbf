// THE reader: an object that some program wrote about an answer -> what it says. One for `collect`, `record()`, programs, own
// code and `import`, so that what is readable in one of these is readable in all. The object is anybody's data.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { ToolCall, Usage } from '../core/outcome.ts';
import {
  type Found,
  firstOf,
  type Mistake,
  type Reading,
  readCalls,
  readText,
  readUsage,
  shown,
} from './members.ts';
import { conversationOf, lastUserText, messagesOf, systemText } from './messages.ts';
import { type Ours, USUAL } from './names.ts';
import { saidIn } from './shapes.ts';
import { amountOf, objectOf, parseJson, textOf, timeOf, valueAt } from './values.ts';

export type { Mistake, Reading } from './members.ts';
export { excerptOf } from './members.ts';

/** null = it does not say. */
export type Told = {
  readonly variant: string | null;
  readonly scenario: string | null;
  readonly run: number | null;
  readonly category: string | null;
  readonly text: string | null;
  readonly toolCalls: readonly ToolCall[];
  /** What the model was asked. */
  readonly asked: readonly JsonObject[];
  /** What it said, and what its tools gave back. */
  readonly answered: readonly JsonObject[];
  readonly finishReason: string | null;
  readonly refusal: string | null;
  /** '' = it says that there was none. */
  readonly error: string | null;
  readonly errorKind: Json;
  readonly prompt: string | null;
  readonly system: string | null;
  readonly usage: Usage | null;
  readonly costUsd: number | null;
  readonly model: string | null;
  readonly servedModel: string | null;
  readonly provider: string | null;
  readonly temperature: number | null;
  readonly seed: number | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string | null;
  readonly latencyMs: number | null;
  readonly properties: JsonObject | null;
  /** What the user mapped and this object has not, by our names. */
  readonly absent: readonly string[];
  readonly mistakes: readonly Mistake[];
};

/** Whether something was answered at all: a text that is not empty, or a call. */
export function hasAnswer(told: Pick<Told, 'text' | 'toolCalls'>): boolean {
  return (told.text !== null && told.text.trim() !== '') || told.toolCalls.length > 0;
}

export function readAnswer(line: JsonObject, reading: Reading): Told {
  const { fields, setting } = reading;
  const mistakes: Mistake[] = [];
  const absent = Object.keys(fields).filter(
    (ours) => !ours.startsWith('tool_calls.') && valueAt(line, fields[ours]!) === undefined,
  );
  const asked = (ours: Ours): Found | null => {
    for (const name of Object.hasOwn(fields, ours) ? [fields[ours]!] : USUAL[ours]) {
      const value = valueAt(line, name);
      if (value !== undefined && value !== null) return { name, value };
    }
    const value = reading.about?.[ours];
    return value === undefined || value === null ? null : { name: ours, value };
  };
  const read = <Value>(ours: Ours, as: { of: (value: Json) => Value | null; word: string }): Value | null => {
    const found = asked(ours);
    if (found === null) return null;
    const value = as.of(found.value);
    const isMapped = Object.hasOwn(fields, ours);
    if (value === null && (isMapped || !LOOSE.has(found.name)))
      mistakes.push({ of: ours, message: `"${found.name}" is ${shown(found.value)}, not ${as.word}` });
    return value;
  };
  const { answer, beside } = readText({ line, fields, setting, mistakes });
  const listed = asked('messages');
  const conversation = listed === null ? null : conversationOf(listed.value);
  const messages =
    conversation === null
      ? (read('messages', MESSAGES) ?? [])
      : [...conversation.asked, ...conversation.answered];
  const later = read('output_messages', MESSAGES) ?? [];
  const isTold = answer !== null || later.length > 0;
  const whole =
    conversation !== null &&
    later.length === 0 &&
    conversation.answered.length > 0 &&
    (conversation.isWhole || !isTold)
      ? saidIn([...conversation.asked, ...conversation.answered])
      : null;
  const said = answer ?? whole;
  const calls = readCalls({ found: asked('tool_calls'), fields, mistakes, of: [answer, whole, ...beside] });
  const input = whole?.asked ?? (messages.length > 0 ? messages : (answer?.asked ?? []));
  const prompt = asked('prompt');
  const promptMessages =
    prompt === null || typeof prompt.value === 'string' ? null : messagesOf(prompt.value);
  const sent = input.length > 0 ? input : (promptMessages ?? []);
  const seconds = read('latency_s', AMOUNT);
  const model = read('model', TEXT) ?? firstOf([answer, whole, ...beside], 'model');
  return {
    variant: read('variant', NAME),
    scenario: read('scenario', NAME),
    run: read('run', WHOLE),
    category: read('category', TEXT),
    text: said?.text ?? null,
    toolCalls: calls,
    asked: sent,
    answered: later.length > 0 ? later : (whole?.answered ?? answer?.answered ?? []),
    finishReason: read('finish_reason', TEXT) ?? firstOf([answer, whole, ...beside], 'finishReason'),
    refusal: read('refusal', TEXT) ?? said?.refusal ?? null,
    error: read('error', { of: errorOf, word: 'a text' }),
    errorKind: asked('error_kind')?.value ?? null,
    prompt: promptMessages === null && prompt !== null ? textWords(prompt.value) : lastUserText(sent),
    system: read('system', TEXT) ?? systemText(sent),
    usage: readUsage({ line, fields, mistakes }) ?? firstOf([answer, whole, ...beside], 'usage'),
    costUsd: read('cost_usd', AMOUNT),
    model,
    servedModel: read('served_model', TEXT) ?? firstOf([answer, whole, ...beside], 'model'),
    provider: read('provider', TEXT),
    temperature: read('temperature', AMOUNT),
    seed: read('seed', WHOLE),
    startedAt: read('started_at', { of: timeOf, word: 'a time like 2026-02-01T12:00:00Z' }),
    latencyMs: read('latency_ms', AMOUNT) ?? (seconds === null ? null : seconds * 1000),
    properties: read('properties', { of: propertiesOf, word: 'an object' }),
    absent,
    mistakes,
  };
}

/** Words for other things as well: what does not fit under them is not what is meant. */
const LOOSE = new Set([
  ...[
    'id',
    'name',
    'test',
    'mode',
    'input',
    'question',
    'time',
    'attempt',
    'history',
    'transcript',
    'dialog',
  ],
  ...[
    'traj',
    'trajectory',
    'conversation',
    'instructions',
    'condition',
    'run_id',
    'system',
    'model',
    'provider',
  ],
]);

const TEXT = { of: textOf, word: 'a text' };
const NAME = { of: nameOf, word: 'a name' };
const AMOUNT = { of: amountOf, word: 'a number from 0' };
const WHOLE = { of: wholeNumberOf, word: 'a whole number' };
const MESSAGES = { of: messagesOf, word: 'a list of messages with a role' };

function nameOf(value: Json): string | null {
  return typeof value === 'number' ? String(value) : textOf(value);
}

export function wholeNumberOf(value: Json): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : null;
}

function textWords(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function errorOf(value: Json): string | null {
  if (value === false) return '';
  return textOf(value) ?? textOf(objectOf(value).message) ?? JSON.stringify(value);
}

function propertiesOf(value: Json): JsonObject | null {
  if (isJsonObject(value)) return value;
  const parsed = typeof value === 'string' ? parseJson(value) : null;
  return parsed?.kind === 'ok' && isJsonObject(parsed.value) ? parsed.value : null;
}
