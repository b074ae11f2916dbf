// What a body holds beside the answer: kept as it came, less what the record says elsewhere and what says nothing. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';

const names = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Said by the record itself. `id` goes where a header has named the request (openai-answer.ts). */
const OF_CHAT = names('object created model choices usage error system_fingerprint');
const OF_CHOICE = names('index message text finish_reason error usage');
/** The answer itself, and the request, which this API says back. */
const OF_RESPONSE = names(
  'object created_at completed_at model output output_text status incomplete_details usage error instructions input tools tool_choice parallel_tool_calls temperature top_p top_logprobs max_output_tokens max_tool_calls metadata text previous_response_id reasoning store truncation user background prompt_cache_key prompt_cache_retention safety_identifier presence_penalty frequency_penalty',
);

/** @returns null where there is nothing */
export function beside(input: {
  readonly api: 'chat' | 'responses';
  readonly body: JsonObject;
  readonly choice?: JsonObject;
  /** What was told of usage beyond the counts. */
  readonly usage: JsonObject;
  /** Further choices, where params asked for them. */
  readonly others?: readonly Json[];
}): JsonObject | null {
  const { body, choice = {}, usage, others = [] } = input;
  const known = input.api === 'chat' ? OF_CHAT : OF_RESPONSE;
  let raw: Members | null = null;
  for (const name in body)
    if (!known.has(name) && saysSomething(body[name])) raw = put(raw, name, body[name]);
  if (Object.keys(usage).length > 0) raw = put(raw, 'usage', usage);
  let ofChoice: Members | null = null;
  for (const name in choice) {
    if (OF_CHOICE.has(name) || !saysSomething(choice[name]) || isSameEnd(name, choice)) continue;
    ofChoice = put(ofChoice, name, choice[name]);
  }
  if (ofChoice !== null) raw = put(raw, 'choice', ofChoice);
  return others.length === 0 ? raw : put(raw, 'choices', others);
}

type Members = { [name: string]: Json | undefined };

/** Defined and not assigned: `__proto__` is a name. */
function put(to: Members | null, name: string, value: Json | undefined): Members {
  return Object.defineProperty(to ?? {}, name, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function saysSomething(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isJsonObject(value) || Object.keys(value).length > 0;
}

/** OpenRouter gives the upstream's own word beside its own, often the same. */
function isSameEnd(name: string, choice: JsonObject): boolean {
  return name === 'native_finish_reason' && choice[name] === choice.finish_reason;
}
