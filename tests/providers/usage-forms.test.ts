// What a call took, in the words of each vendor: a row for each form.
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { Usage } from '../../src/core/outcome.ts';
import { readAnthropic } from '../../src/providers/anthropic-read.ts';
import { readGemini } from '../../src/providers/gemini-read.ts';
import { readChatCompletion } from '../../src/providers/openai-chat.ts';
import { readResponse } from '../../src/providers/openai-responses.ts';
import { readUsage } from '../../src/providers/openai-usage.ts';

const used = (inputTokens: number, outputTokens: number, more: Partial<Usage> = {}): Usage => ({
  ...{ inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
  ...{ cachedInputTokens: null, reasoningTokens: null },
  ...more,
});
const counts = (prompt_tokens: unknown, completion_tokens: unknown, more: object = {}): JsonObject =>
  ({ prompt_tokens, completion_tokens, ...more }) as JsonObject;
const thought = (reasoning_tokens: number): object => ({ completion_tokens_details: { reasoning_tokens } });

describe('counts', () => {
  test.each<[string, JsonObject, Usage]>([
    [
      'OpenAI: thinking within the completion',
      counts(32, 103, { total_tokens: 135, ...thought(94) }),
      used(32, 103, { reasoningTokens: 94 }),
    ],
    [
      'xAI: thinking beside the completion',
      counts(32, 9, { total_tokens: 135, ...thought(94) }),
      used(32, 103, { reasoningTokens: 94 }),
    ],
    ['Gemini: thinking that only the total holds', counts(11, 9, { total_tokens: 88 }), used(11, 77)],
    [
      'gateways: thinking beside the completion, no total',
      counts(32, 9, thought(94)),
      used(32, 103, { reasoningTokens: 94 }),
    ],
    [
      'gateways: a total that forgets the thinking',
      counts(32, 9, { total_tokens: 41, ...thought(94) }),
      used(32, 103, { reasoningTokens: 94 }),
    ],
    [
      'the responses API',
      { input_tokens: 3, output_tokens: 2, total_tokens: 5, input_tokens_details: { cached_tokens: 1 } },
      used(3, 2, { cachedInputTokens: 1 }),
    ],
    [
      'DeepSeek: hits of its cache',
      counts(100, 5, { prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 }),
      used(100, 5, { cachedInputTokens: 64 }),
    ],
    [
      'Moonshot: cached tokens at the top',
      counts(100, 5, { cached_tokens: 64 }),
      used(100, 5, { cachedInputTokens: 64 }),
    ],
    [
      'LiteLLM: Anthropic’s words within the input',
      counts(100, 5, { total_tokens: 105, cache_read_input_tokens: 64 }),
      used(100, 5, { cachedInputTokens: 64 }),
    ],
    [
      'Anthropic: what came from the cache is beside the input',
      { input_tokens: 4, output_tokens: 5, cache_read_input_tokens: 64, cache_creation_input_tokens: 10 },
      used(78, 5, { cachedInputTokens: 64, cacheWriteInputTokens: 10 }),
    ],
    [
      'a layer that says so in its total',
      counts(80, 5, { total_tokens: 149, cache_read_input_tokens: 64 }),
      used(144, 5, { cachedInputTokens: 64 }),
    ],
    [
      'the completion is missing, the total is not',
      counts(50, undefined, { total_tokens: 80 }),
      used(50, 30),
    ],
    ['the prompt is null, the total is not', counts(null, 5, { total_tokens: 15 }), used(10, 5)],
    ['a total that is no count', counts(10, 5, { total_tokens: 'many' }), used(10, 5)],
    ['a question that was filtered', counts(12, 0, { total_tokens: 12 }), used(12, 0)],
  ])('%s', (_, told, expected) => {
    expect(readUsage(told).usage).toEqual(expected);
  });

  test.each<[string, JsonObject]>([
    ['LiteLLM: nulls', counts(null, 5, { total_tokens: null })],
    ['LiteLLM: texts', counts('10', '5', { total_tokens: '15' })],
    ['the prompt alone', counts(50, undefined)],
    ['the total alone', { total_tokens: 55 }],
    ['a fraction', counts(10, 5.5, { total_tokens: 15.5 })],
    ['less than nothing', counts(10, -1, { total_tokens: 9 })],
    ['a total below its part', counts(10, undefined, { total_tokens: 9 })],
    ['more than there can be', counts(1e300, 5)],
    ['servers that count nothing: zeros', counts(0, 0, { total_tokens: 0 })],
    ['Ollama, a question from its cache: no token', counts(0, 5, { total_tokens: 5 })],
  ])('%s: unknown, never 0, and kept as told', (_, told) => {
    const { usage, rest } = readUsage(told);
    expect(usage).toBeNull();
    expect(rest).toEqual(JSON.parse(JSON.stringify(told)));
  });
});

describe('no text is made of no token', () => {
  test.each<[string, JsonObject]>([
    ['a text', { content: 'four' }],
    ['a call', { content: null, tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }] }],
  ])('%s with a count of 0 is of unknown length, and what was told is kept', (_, message) => {
    const usage = counts(12, 0, { total_tokens: 12 });
    const choices = [{ index: 0, message: message as JsonObject, finish_reason: 'stop' }];
    const read = readChatCompletion({ object: 'chat.completion', choices, usage });
    expect(read).toMatchObject({ kind: 'ok', value: { usage: null, raw: { usage } } });
  });

  test('nothing with a count of 0 has it', () => {
    const usage = counts(12, 0, { total_tokens: 12 });
    const choices = [{ index: 0, message: { content: '' }, finish_reason: 'content_filter' }];
    expect(readChatCompletion({ choices, usage })).toMatchObject({ value: { usage: used(12, 0) } });
  });

  test('nor does a text of the responses API', () => {
    const output = [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'four' }] }];
    const usage = { input_tokens: 12, output_tokens: 0, total_tokens: 12 };
    const read = readResponse({ status: 'completed', output, usage });
    expect(read).toMatchObject({ kind: 'ok', value: { usage: null, raw: { usage } } });
  });

  test.each([
    ['Anthropic', { input_tokens: 12, output_tokens: 0 }],
    ['Anthropic’s layers: zeros', { input_tokens: 0, output_tokens: 0 }],
    ['Anthropic’s layers: a question of no token', { input_tokens: 0, output_tokens: 5 }],
  ])('nor does one of %s', (_, usage) => {
    const body = { content: [{ type: 'text', text: 'four' }], stop_reason: 'end_turn', usage };
    expect(readAnthropic(body)).toMatchObject({ value: { text: 'four', usage: null } });
  });

  test('but a question that came from a cache as a whole is counted', () => {
    const usage = { input_tokens: 0, output_tokens: 5, cache_read_input_tokens: 100 };
    const body = { content: [{ type: 'text', text: 'four' }], stop_reason: 'end_turn', usage };
    expect(readAnthropic(body)).toMatchObject({ value: { usage: { inputTokens: 100, outputTokens: 5 } } });
  });

  test.each([
    ['the prompt alone', { promptTokenCount: 12 }],
    ['a total without it', { promptTokenCount: 12, totalTokenCount: 12 }],
    ['zeros', { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 }],
  ])('nor does one of Gemini: %s', (_, usageMetadata) => {
    const candidates = [{ content: { role: 'model', parts: [{ text: 'four' }] }, finishReason: 'STOP' }];
    expect(readGemini({ candidates, usageMetadata })).toMatchObject({ value: { text: 'four', usage: null } });
  });

  test('but what Gemini blocked was made of none', () => {
    const body = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 12 } };
    expect(readGemini(body)).toMatchObject({ value: { usage: { inputTokens: 12, outputTokens: 0 } } });
  });
});

describe('what the server says that it charged', () => {
  test.each<[string, JsonObject, number | undefined]>([
    ['OpenRouter', { cost: 0.00014, cost_details: { upstream_inference_cost: 0.00014 } }, 0.00014],
    [
      'OpenRouter with a key of one’s own',
      { cost: 0.00001, is_byok: true, cost_details: { upstream_inference_cost: 0.0002 } },
      0.00021,
    ],
    [
      'OpenRouter, whose upstream does not say',
      { cost: 0.00001, is_byok: true, cost_details: { upstream_inference_cost: null } },
      undefined,
    ],
    [
      'Perplexity',
      { cost: { input_tokens_cost: 0.001, output_tokens_cost: 0.002, total_cost: 0.003 } },
      0.003,
    ],
    ['xAI, in ticks', { cost_in_usd_ticks: 37_756_000 }, 0.0037756],
    ['DeepInfra', { estimated_cost: 0.0000268 }, 0.0000268],
    ['nobody', {}, undefined],
    ['a text', { cost: '0.1' }, undefined],
    ['less than nothing', { cost: -1 }, undefined],
  ])('%s', (_, told, expected) => {
    const { costUsd } = readUsage(counts(10, 5, told)).usage!;
    if (expected === undefined) expect(costUsd).toBeUndefined();
    else expect(costUsd).toBeCloseTo(expected, 12);
  });
});
