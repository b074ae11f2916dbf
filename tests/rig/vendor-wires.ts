// What each vendor's API answers to one question: a thought, a call, and what was counted, in the vendor's own form. From the
// vendors' own pages, as of November 2026.
import type { JsonObject } from '../../src/core/json.ts';
import type { Endpoint } from '../../src/core/order.ts';
import type { ProviderType } from '../../src/core/providers/table.ts';

/** Counted in every form: tokens of the question, of these from the cache, and of the answer. */
export const COUNTS = { input: 30, cached: 10, output: 20 };
export const THOUGHT = 'I had better look.';
export const TOOL = 'look_up';

export type VendorWire = {
  /** As the table of the documentation has it. */
  readonly row: string;
  readonly type: ProviderType;
  readonly model: string;
  readonly api: Endpoint['api'];
  readonly sdk: { readonly options?: JsonObject; readonly method?: 'chat' | 'responses' };
  readonly answer: JsonObject;
  /** Of the account's limits; null = there are none; `unknown` = nobody here has seen one. */
  readonly limits: { readonly [header: string]: string } | null | 'unknown';
};

const CALL = { id: 'call_1', type: 'function', function: { name: TOOL, arguments: '{}' } };

const OPENAI_LIMITS = { 'x-ratelimit-limit-requests': '100', 'x-ratelimit-remaining-requests': '99' };

function chat(message: JsonObject, usage: JsonObject = {}): JsonObject {
  return {
    ...{ id: 'chat_1', object: 'chat.completion', created: 1, model: 'served' },
    choices: [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: { role: 'assistant', content: null, tool_calls: [CALL], ...message },
      },
    ],
    usage: {
      ...{ prompt_tokens: COUNTS.input, completion_tokens: COUNTS.output },
      total_tokens: COUNTS.input + COUNTS.output,
      prompt_tokens_details: { cached_tokens: COUNTS.cached },
      ...usage,
    },
  };
}

const RESPONSE: JsonObject = {
  ...{ id: 'resp_1', object: 'response', created_at: 1, model: 'served', status: 'completed', error: null },
  output: [
    {
      type: 'reasoning',
      id: 'rs_1',
      status: 'completed',
      summary: [{ type: 'summary_text', text: THOUGHT }],
    },
    {
      type: 'function_call',
      id: 'fc_1',
      call_id: 'call_1',
      name: TOOL,
      arguments: '{}',
      status: 'completed',
    },
  ],
  usage: {
    ...{
      input_tokens: COUNTS.input,
      output_tokens: COUNTS.output,
      total_tokens: COUNTS.input + COUNTS.output,
    },
    input_tokens_details: { cached_tokens: COUNTS.cached },
    output_tokens_details: { reasoning_tokens: 4 },
  },
};

const PLAIN = { api: 'chat', sdk: {} } as const;

export const VENDOR_WIRES: readonly VendorWire[] = [
  { ...PLAIN, row: 'openai', type: 'openai', model: 'gpt-5', answer: chat({}), limits: OPENAI_LIMITS },
  {
    ...{ row: 'openai, api: responses', type: 'openai', model: 'gpt-5', api: 'responses', sdk: {} },
    ...{ answer: RESPONSE, limits: OPENAI_LIMITS },
  },
  {
    ...PLAIN,
    ...{ row: 'anthropic', type: 'anthropic', model: 'claude-haiku-4-5' },
    answer: {
      ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'served', stop_reason: 'tool_use' },
      content: [
        { type: 'thinking', thinking: THOUGHT, signature: 'c2lnbmVk' },
        { type: 'tool_use', id: 'toolu_1', name: TOOL, input: {} },
      ],
      usage: {
        ...{ input_tokens: COUNTS.input - COUNTS.cached, output_tokens: COUNTS.output },
        ...{ cache_read_input_tokens: COUNTS.cached, cache_creation_input_tokens: 0 },
      },
    },
    limits: { 'anthropic-ratelimit-requests-limit': '50', 'anthropic-ratelimit-requests-remaining': '49' },
  },
  {
    ...PLAIN,
    ...{ row: 'google', type: 'google', model: 'gemini-2.5-flash', limits: null },
    answer: {
      candidates: [
        {
          content: {
            role: 'model',
            parts: [
              { text: THOUGHT, thought: true },
              { functionCall: { id: 'call_1', name: TOOL, args: {} } },
            ],
          },
          finishReason: 'STOP',
        },
      ],
      usageMetadata: {
        ...{ promptTokenCount: COUNTS.input, candidatesTokenCount: 16, thoughtsTokenCount: 4 },
        ...{ cachedContentTokenCount: COUNTS.cached, totalTokenCount: 50 },
      },
      modelVersion: 'served',
    },
  },
  {
    ...PLAIN,
    ...{ row: 'mistral', type: 'mistral', model: 'magistral-medium-latest' },
    limits: { 'x-ratelimit-limit-req-minute': '720', 'x-ratelimit-remaining-req-minute': '717' },
    answer: chat({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: THOUGHT }] }] }),
  },
  {
    ...{ row: 'bedrock', type: 'bedrock', model: 'eu.anthropic.claude-haiku-4-5-v1:0', api: 'chat' },
    ...{ sdk: { options: { region: 'eu-central-1' } }, limits: null },
    answer: {
      output: {
        message: {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: THOUGHT, signature: 'c2lnbmVk' } } },
            { toolUse: { toolUseId: 'tooluse_1', name: TOOL, input: {} } },
          ],
        },
      },
      stopReason: 'tool_use',
      usage: {
        ...{ inputTokens: COUNTS.input - COUNTS.cached, outputTokens: COUNTS.output, totalTokens: 50 },
        cacheReadInputTokens: COUNTS.cached,
      },
      metrics: { latencyMs: 1 },
    },
  },
  {
    ...{
      row: 'azure',
      type: 'azure',
      model: 'my-deployment',
      api: 'responses',
      sdk: { method: 'responses' },
    },
    ...{ answer: RESPONSE, limits: OPENAI_LIMITS },
  },
  {
    ...{
      row: 'azure, api: chat',
      type: 'azure',
      model: 'my-deployment',
      api: 'chat',
      sdk: { method: 'chat' },
    },
    ...{ answer: chat({}), limits: OPENAI_LIMITS },
  },
  {
    ...PLAIN,
    ...{
      row: 'groq',
      type: 'groq',
      model: 'meta-llama/llama-4-scout-17b-16e-instruct',
      limits: OPENAI_LIMITS,
    },
    answer: chat({ reasoning: THOUGHT }),
  },
  { ...PLAIN, row: 'xai', type: 'xai', model: 'grok-4', answer: RESPONSE, limits: 'unknown' },
  {
    ...PLAIN,
    ...{ row: 'cohere', type: 'cohere', model: 'command-a-reasoning-08-2025' },
    answer: {
      generation_id: 'gen_1',
      message: { role: 'assistant', content: [{ type: 'thinking', thinking: THOUGHT }], tool_calls: [CALL] },
      finish_reason: 'TOOL_CALL',
      usage: {
        billed_units: { input_tokens: 1, output_tokens: 1 },
        tokens: { input_tokens: COUNTS.input, output_tokens: COUNTS.output },
        cached_tokens: COUNTS.cached,
      },
    },
    limits: { 'x-trial-endpoint-call-limit': '20', 'x-trial-endpoint-call-remaining': '19' },
  },
  {
    ...PLAIN,
    ...{ row: 'deepseek', type: 'deepseek', model: 'deepseek-reasoner', limits: null },
    answer: chat(
      { reasoning_content: THOUGHT },
      { prompt_cache_hit_tokens: COUNTS.cached, prompt_cache_miss_tokens: COUNTS.input - COUNTS.cached },
    ),
  },
];
