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
export function beside(of: {
  readonly api: 'chat' | 'responses';
  readonly body: JsonObject;
  readonly choice?: JsonObject;
  /** What was told of usage beyond the counts. */
  readonly usage: JsonObject;
  /** Further choices, where params asked for them. */
  readonly others?: readonly Json[];
}): JsonObject | null {
  const { body, choice = {}, usage, others = [] } = of;
  const known = of.api === 'chat' ? OF_CHAT : OF_RESPONSE;
  let raw: { [name: string]: Json | undefined } | null = null;
  const keep = (name: string, value: Json): void => {
    raw ??= {};
    raw[name] = value;
  };
  for (const name in body) if (!known.has(name) && saysSomething(body[name])) keep(name, body[name]!);
  if (Object.keys(usage).length > 0) keep('usage', usage);
  const ofChoice = Object.entries(choice).filter(
    ([name, value]) => !OF_CHOICE.has(name) && saysSomething(value) && !isSameEnd(name, choice),
  );
  if (ofChoice.length > 0) keep('choice', Object.fromEntries(ofChoice));
  if (others.length > 0) keep('choices', others);
  return raw;
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
