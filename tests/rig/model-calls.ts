// Requests, orders and answers in their plainest form; a test says only what it is about.
import { asKey } from '../../src/core/brand.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Endpoint, ModelRequest, Order } from '../../src/core/order.ts';

export const REQUEST: ModelRequest = {
  model: 'small',
  messages: [{ role: 'user', content: 'hello' }],
  tools: [],
  temperature: null,
  maxOutputTokens: null,
  seed: null,
  params: {},
};

/** The canary: it must come out nowhere. */
export const API_KEY = 'sk-canary-0123456789abcdef';

export function endpointAt(baseUrl: string | null, changes: Partial<Endpoint> = {}): Endpoint {
  return { type: 'openai', baseUrl, apiKeyEnv: 'TEST_KEY', api: 'chat', headers: {}, ...changes };
}

export function orderAt(baseUrl: string | null, changes: Partial<Order> = {}): Order {
  return {
    key: asKey('0'.repeat(64)),
    cell: { variant: 'baseline', scenario: 'one', run: 1 },
    attempt: 1,
    timeoutMs: 60_000,
    endpoint: endpointAt(baseUrl),
    request: REQUEST,
    ...changes,
  };
}

export function chatAnswer(text: string, changes: JsonObject = {}): JsonObject {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'small-2026',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    ...changes,
  };
}

export function responseAnswer(text: string, changes: JsonObject = {}): JsonObject {
  return {
    id: 'resp_1',
    object: 'response',
    status: 'completed',
    error: null,
    incomplete_details: null,
    model: 'small-2026',
    output: [
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text }],
      },
    ],
    usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
    ...changes,
  };
}

export const realClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** A message of Claude's that took 3 tokens and made 2. */
export function claudeAnswer(
  content: readonly JsonObject[],
  stopReason = 'end_turn',
  changes: JsonObject = {},
): JsonObject {
  return {
    ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-served', content },
    ...{ stop_reason: stopReason, stop_sequence: null },
    usage: { input_tokens: 3, output_tokens: 2 },
    ...changes,
  };
}

/** An answer of Gemini's that took 3 tokens and made 2. */
export function geminiAnswer(
  parts: readonly JsonObject[],
  finishReason = 'STOP',
  changes: JsonObject = {},
): JsonObject {
  return {
    candidates: [{ content: { role: 'model', parts }, finishReason, index: 0 }],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 },
    ...{ modelVersion: 'gemini-served', responseId: 'r1' },
    ...changes,
  };
}
