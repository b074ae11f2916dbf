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
  content_filter: FILTERED, // OpenAI, Azure, DeepSeek
  content_filtered: FILTERED, // Bedrock
  guardrail_intervened: FILTERED, // Bedrock
  guardrails: FILTERED, // Databricks, watsonx
  safety: FILTERED, // Gemini
  image_safety: FILTERED,
  recitation: FILTERED,
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
  malformed_tool_use: MODEL, // Bedrock
  malformed_model_output: MODEL, // Bedrock
  repetition_truncation: MODEL, // MiMo: stopped because it went round in a circle
};

/** Words that nobody knows yet are ordinary ends: they stand in the record. */
export function endingOf(finishReason: string): Ending {
  const word = finishReason.toLowerCase().replaceAll('-', '_');
  return Object.hasOwn(ENDINGS, word) ? ENDINGS[word]! : WHOLE;
}
