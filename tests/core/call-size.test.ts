import { describe, expect, it } from 'vitest';
import { longestAnswer, sizeOfBody, sizeOfRequest } from '../../src/core/call-size.ts';
import type { ModelRequest } from '../../src/core/order.ts';

const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  ...{ model: 'm', messages: [{ role: 'user', content: 'hello' }], tools: [], temperature: null },
  ...{ maxOutputTokens: null, seed: null, params: {} },
  ...more,
});

describe('the size of a call', () => {
  it.each(['hello', 'дедушка', '你好吗', '👍🏽👩‍👩‍👧', 'a\u0000b', '\ud800'])(
    'has a token for each byte of its text: %j',
    (content) => {
      const bare = sizeOfRequest(request({ messages: [{ role: 'user', content: '' }] }));
      const { inputTokens } = sizeOfRequest(request({ messages: [{ role: 'user', content }] }));
      expect(inputTokens - bare.inputTokens).toBe(Buffer.byteLength(JSON.stringify(content)) - 2);
    },
  );

  it('grows with what was said since, and with tools', () => {
    const { inputTokens } = sizeOfRequest(request());
    const since = [{ role: 'assistant', content: 'x'.repeat(1_000) }];
    expect(sizeOfRequest(request({ since })).inputTokens).toBeGreaterThan(inputTokens + 1_000);
    const tools = [{ name: 'look', description: null, parameters: null, strict: null }];
    expect(sizeOfRequest(request({ tools })).inputTokens).toBeGreaterThan(inputTokens + 500);
  });

  it('tells what is to be kept in a cache for an hour, wherever the mark stands', () => {
    const mark = { type: 'ephemeral', ttl: '1h' };
    const part = { type: 'text', text: 'hello', cache_control: mark };
    const picture = { type: 'image_url', image_url: { url: 'https://a.b/c.png' }, cache_control: mark };
    for (const one of [part, picture])
      expect(sizeOfRequest(request({ messages: [{ role: 'user', content: [one] }] })).isForHour).toBe(true);
    expect(sizeOfRequest(request({ params: { cacheControl: mark } })).isForHour).toBe(true);
    expect(sizeOfBody({ system: [part], messages: [] }).isForHour).toBe(true);
    const short = { ...part, cache_control: { type: 'ephemeral' } };
    expect(sizeOfRequest(request({ messages: [{ role: 'user', content: [short] }] }))).not.toHaveProperty(
      'isForHour',
    );
  });

  it('does not take the bytes of a picture for tokens', () => {
    const url = `data:image/png;base64,${'A'.repeat(1_000_000)}`;
    const messages = [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }];
    const { inputTokens } = sizeOfBody({ model: 'm', messages });
    expect(inputTokens).toBeGreaterThan(2_000);
    expect(inputTokens).toBeLessThan(3_000);
  });
});

describe('the longest answer', () => {
  it.each([
    [{}, null, null],
    [{}, 100, 100],
    [{ max_tokens: 50 }, null, 50],
    [{ max_completion_tokens: 70, max_tokens: 50 }, null, 70],
    [{ max_output_tokens: 70 }, 100, 100],
    [{ max_tokens: 50, n: 3 }, null, 150],
    [{ max_tokens: 50, thinking_budget: 1_000 }, null, 1_050],
    [{ thinking_budget: 1_000 }, null, null],
    [{ thinking: { type: 'enabled', budgetTokens: 1_024 } }, 3_000, 4_024],
    [{ max_tokens: 'many' }, null, null],
  ])('of %j beside %j is %j', (params, declared, expected) => {
    expect(longestAnswer(params, declared)).toBe(expected);
  });
});
