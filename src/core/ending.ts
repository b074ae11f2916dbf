// Why a model ended, as servers word it: a row for each word that is not an ordinary end. Another vendor's word is one row more.
import type { FailureKind } from './outcome.ts';

export type Ending =
  | { readonly kind: 'whole' | 'cut' | 'filtered' }
  /** No answer: what came was never finished. `overloaded` = the provider's trouble; `invalid-response` = what the model did. */
  | { readonly kind: 'no-answer'; readonly failure: Extract<FailureKind, 'overloaded' | 'invalid-response'> };

const CUT: Ending = { kind: 'cut' };
const FILTERED: Ending = { kind: 'filtered' };
const WHOLE: Ending = { kind: 'whole' };
const PROVIDER: Ending = { kind: 'no-answer', failure: 'overloaded' };
const MODEL: Ending = { kind: 'no-answer', failure: 'invalid-response' };

const ENDINGS: { readonly [word: string]: Ending } = {
  length: CUT, // OpenAI and nearly all
  max_tokens: CUT, // Anthropic, Gemini, Cohere
  max_output_tokens: CUT, // the responses API
  incomplete: CUT, // the same, where it does not say why
  model_length: CUT, // Mistral: the context is full
  model_context_window_exceeded: CUT, // Anthropic, Zhipu
  max_context_length: CUT, // Baidu, Moonshot's older models
  token_limit: CUT, // watsonx
  maximum_tokens: CUT, // Aleph Alpha
  repetition: CUT, // vLLM, where it is asked to look for that
  compaction: CUT, // Anthropic: the context was made smaller, and the turn waits to be gone on with
  pause_turn: CUT, // Anthropic: its own tools were not done, and the turn waits to be gone on with
  content_filter: FILTERED, // OpenAI, Azure, DeepSeek
  content_filtered: FILTERED, // Bedrock
  guardrail_intervened: FILTERED, // Bedrock
  guardrails: FILTERED, // Databricks, watsonx
  model_armor: FILTERED, // Vertex
  safety: FILTERED, // Gemini
  image_safety: FILTERED,
  image_prohibited_content: FILTERED,
  image_recitation: FILTERED,
  recitation: FILTERED,
  language: FILTERED, // Gemini: a language that it does not speak
  blocklist: FILTERED,
  prohibited_content: FILTERED,
  spii: FILTERED,
  sensitive: FILTERED, // Zhipu
  error_toxic: FILTERED, // Cohere
  refusal: FILTERED, // Anthropic
  error: PROVIDER, // OpenRouter, LiteLLM, Mistral, watsonx
  network_error: PROVIDER, // Zhipu
  insufficient_system_resource: PROVIDER, // DeepSeek
  model_error: PROVIDER,
  server_error: PROVIDER,
  internal_error: PROVIDER,
  error_limit: PROVIDER, // Cohere
  time_limit: PROVIDER, // watsonx
  timeout: PROVIDER,
  abort: PROVIDER, // vLLM, SGLang: the request was dropped
  aborted: PROVIDER,
  cancelled: PROVIDER, // watsonx, Together
  canceled: PROVIDER,
  user_cancel: PROVIDER, // Cohere
  load: MODEL, // Ollama: the model was loaded, and not asked
  unload: MODEL,
  unknown: MODEL, // Ollama's and Gemini's layers
  other: MODEL,
  finish_reason_unspecified: MODEL, // Gemini
  malformed_function_call: MODEL, // Gemini
  unexpected_tool_call: MODEL, // Gemini
  too_many_tool_calls: MODEL, // Gemini
  missing_thought_signature: MODEL, // Gemini
  malformed_response: MODEL, // Gemini
  no_image: MODEL, // Gemini
  image_other: MODEL, // Gemini
  malformed_tool_use: MODEL, // Bedrock
  malformed_model_output: MODEL, // Bedrock
  repetition_truncation: MODEL, // MiMo: stopped because it went round in a circle
};

/** Words that nobody knows yet are ordinary ends: they stand in the record. */
export function endingOf(finishReason: string): Ending {
  const word = finishReason.toLowerCase().replaceAll('-', '_');
  const known = [word, word.replace(ENUM, ''), ...word.split(/:\s*/)].find((one) =>
    Object.hasOwn(ENDINGS, one),
  );
  return known === undefined ? WHOLE : ENDINGS[known]!;
}

/** Names of an enum as its language writes them: `FinishReason.MAX_TOKENS`, `FINISH_REASON_MAX_TOKENS`. */
const ENUM = /^finish_?reason[._]/;

/** The word as it came; null where it is none: servers whose language has no null say "", those that write any value as text say "null". */
export function endWordIn(value: unknown): string | null {
  return typeof value === 'string' && !/^(null|none)?$/i.test(value) ? value.toWellFormed() : null;
}

/**
 * OpenRouter and LiteLLM call what they do not know an ordinary end, and say beside it what they were told. @returns that, where it is
 * known to be none
 */
export function endWordOf(told: unknown, native: unknown): string | null {
  const [word, own] = [endWordIn(told), endWordIn(native)];
  if (word === null || own === null || VAGUE.test(own) || endingOf(word).kind !== 'whole') return word;
  return endingOf(own).kind === 'whole' ? word : own;
}

const VAGUE = /^(unknown|other|.*unspecified)$/i;

/** OpenAI; the form before tools; Anthropic; Cohere. */
const CALLED: ReadonlySet<string> = new Set(['tool_calls', 'function_call', 'tool_use', 'tool_call']);

/** It ended because it called a tool: where there is no call, and no word either, the server has lost what the model said. */
export function saysItCalled(finishReason: string | null): boolean {
  return finishReason !== null && CALLED.has(finishReason.toLowerCase());
}
