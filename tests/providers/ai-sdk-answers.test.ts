// What comes back through the true packages, from servers that the test holds.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Completion } from '../../src/core/outcome.ts';
import { chatAnswer, claudeAnswer, geminiAnswer, REQUEST } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';
import { ask, CLAUDE, completionOf, failureOf, GEMINI, sdkClient, sdkEndpoint } from '../rig/sdk-calls.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

async function claude(json: unknown, headers: { [name: string]: string } = {}): Promise<Completion> {
  const client = await sdkClient(sdkEndpoint('anthropic', server.url));
  const answer = ask(client);
  (await server.next()).answer(json, { headers });
  return completionOf(await answer);
}

describe('an answer of Claude', () => {
  test('counts what came from the cache and what went into it as input, and thinking as output', async () => {
    const completion = await claude(
      claudeAnswer([{ type: 'text', text: 'Yes.' }], 'end_turn', {
        usage: {
          ...{ input_tokens: 10, output_tokens: 7 },
          ...{ cache_read_input_tokens: 100, cache_creation_input_tokens: 30 },
          ...{ output_tokens_details: { thinking_tokens: 5 }, service_tier: 'standard' },
        },
      }),
    );
    expect(completion.usage).toEqual({
      ...{ inputTokens: 140, outputTokens: 7, totalTokens: 147 },
      ...{ cachedInputTokens: 100, cacheWriteInputTokens: 30, reasoningTokens: 5 },
    });
    expect(completion.raw).toMatchObject({ usage: { service_tier: 'standard' } });
  });

  test('tells what is kept for an hour apart from what is kept for five minutes', async () => {
    const usage = {
      ...{ input_tokens: 10, output_tokens: 7, cache_read_input_tokens: 0, cache_creation_input_tokens: 30 },
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
    };
    const whole = claudeAnswer([{ type: 'text', text: 'Yes.' }], 'end_turn', { usage });
    expect((await claude(whole)).usage).toMatchObject({
      ...{ inputTokens: 40, cacheWriteInputTokens: 30, cacheWrite1hInputTokens: 20 },
    });
  });

  test('by Bedrock tells the hour in words of its own', async () => {
    const client = await sdkClient(
      sdkEndpoint('bedrock', server.url, { sdk: { options: { region: 'eu-central-1' } } }),
    );
    const asked = ask(client);
    (await server.next()).answer({
      output: { message: { role: 'assistant', content: [{ text: 'Yes.' }] } },
      ...{ stopReason: 'end_turn', metrics: { latencyMs: 1 } },
      usage: {
        ...{ inputTokens: 10, outputTokens: 7, totalTokens: 47, cacheReadInputTokens: 0 },
        cacheWriteInputTokens: 30,
        cacheDetails: [
          { inputTokens: 10, ttl: '5m' },
          { inputTokens: 20, ttl: '1h' },
        ],
      },
    });
    expect(completionOf(await asked).usage).toMatchObject({
      ...{ inputTokens: 40, cacheWriteInputTokens: 30, cacheWrite1hInputTokens: 20 },
    });
  });

  test('keeps the vendor’s own word for its end, the model that served it and the limits of the account', async () => {
    const client = await sdkClient(sdkEndpoint('anthropic', server.url));
    const asked = ask(client);
    (await server.next()).answer(claudeAnswer([{ type: 'text', text: 'Ye' }], 'max_tokens'), {
      headers: {
        'request-id': 'req_7',
        'anthropic-ratelimit-requests-limit': '50',
        'anthropic-ratelimit-requests-remaining': '49',
        'anthropic-ratelimit-tokens-limit': '40000',
        'anthropic-ratelimit-tokens-remaining': '39000',
        'anthropic-ratelimit-tokens-reset': '2026-11-29T12:00:00Z',
      },
    });
    expect(await asked).toMatchObject({
      ...{ kind: 'completion', requestId: 'req_7' },
      completion: { text: 'Ye', finishReason: 'max_tokens', servedModel: 'claude-served' },
      limits: {
        requests: { limit: 50, remaining: 49, resetMs: null },
        tokens: { limit: 40_000, remaining: 39_000, resetMs: null },
      },
    });
  });

  test('that refuses is an answer', async () => {
    const completion = await claude(claudeAnswer([], 'refusal'));
    expect(completion).toMatchObject({ text: '', finishReason: 'refusal', refusal: 'refused' });
  });

  test('arguments with a number of more digits than a double holds are kept as the model wrote them', async () => {
    const client = await sdkClient(sdkEndpoint('anthropic', server.url));
    const asked = ask(client);
    const call = { type: 'tool_use', id: 'toolu_1', name: 'look_up', input: { id: 0 } };
    const text = JSON.stringify(claudeAnswer([call], 'tool_use')).replace(
      '"id":0',
      '"id":12345678901234567890',
    );
    (await server.next()).send(text);
    const [found] = completionOf(await asked).toolCalls;
    expect(found).toMatchObject({ id: 'toolu_1', name: 'look_up', arguments: {} });
    expect(found!.argumentsText).toContain('12345678901234567890');
  });

  test('half a character is told as it came, and its text has a stand-in', async () => {
    const client = await sdkClient(sdkEndpoint('anthropic', server.url));
    const asked = ask(client);
    (await server.next()).send(
      JSON.stringify(claudeAnswer([{ type: 'text', text: 'half' }])).replace('half', 'half \\ud83d'),
    );
    const completion = completionOf(await asked);
    expect(completion).toMatchObject({ text: 'half \ufffd', textEscaped: 'half \\ud83d' });
    expect(JSON.stringify(completion.messages).isWellFormed()).toBe(true);
  });

  test('without a word why it ended was cut off on its way, and what it took is told', async () => {
    const client = await sdkClient(sdkEndpoint('anthropic', server.url));
    const asked = ask(client);
    (await server.next()).answer(claudeAnswer([{ type: 'text', text: 'Ye' }], null as unknown as string));
    expect(failureOf(await asked)).toMatchObject({
      ...{ kind: 'invalid-response', isOfPrompt: true },
      usage: { inputTokens: 3, outputTokens: 2 },
    });
  });
});

describe('an answer of Claude that cannot be', () => {
  test.each([
    ['zeros', { input_tokens: 0, output_tokens: 0 }],
    ['a text of no token', { input_tokens: 12, output_tokens: 0 }],
  ])('counted %s took nobody knows how much', async (_, usage) => {
    const whole = claudeAnswer([{ type: 'text', text: 'Yes.' }], 'end_turn', { usage });
    expect((await claude(whole)).usage).toBeNull();
  });

  test.each([
    ['a call that is not there', [], 'tool_use', 'no call is there'],
    ['no word for its end', [{ type: 'text', text: 'Ye' }], '', 'no finish reason'],
  ])('that tells of %s is none', async (_, content, reason, words) => {
    const client = await sdkClient(sdkEndpoint('anthropic', server.url));
    const asked = ask(client);
    (await server.next()).answer(claudeAnswer(content, reason));
    expect(failureOf(await asked)).toMatchObject({
      ...{ kind: 'invalid-response', isOfPrompt: true, message: expect.stringContaining(words) },
      usage: { inputTokens: 3, outputTokens: 2 },
    });
  });
});

describe('thinking that stands in the text', () => {
  test.each<[string, string, string, string | undefined]>([
    ['before it', '<think>\nTwo.\n</think>\n\nfour', 'four', undefined],
    ['alone', '<think>Two and two is four.', 'Two and two is four.', 'thinking'],
  ])('%s is taken apart, as over the OpenAI wire', async (_, told, text, textFrom) => {
    const claude = await sdkClient(sdkEndpoint('anthropic', server.url));
    const byClaude = ask(claude, CLAUDE);
    (await server.next()).answer(claudeAnswer([{ type: 'text', text: told }]));
    const gemini = await sdkClient(sdkEndpoint('google', server.url));
    const byGemini = ask(gemini, GEMINI);
    (await server.next()).answer(geminiAnswer([{ text: told }]));
    const groq = await sdkClient(sdkEndpoint('groq', server.url));
    const byGroq = ask(groq, { ...CLAUDE, model: 'qwen' });
    (await server.next()).answer(chatAnswer(told));
    for (const answer of await Promise.all([byClaude, byGemini, byGroq])) {
      expect(completionOf(answer).text).toBe(text);
      expect(completionOf(answer).textFrom).toBe(textFrom);
    }
  });
});

describe('an answer of Claude without a word', () => {
  test('that is thinking alone is none, and says what it took', async () => {
    const client = await sdkClient(sdkEndpoint('anthropic', server.url));
    const thinking = [{ type: 'thinking', thinking: 'hm', signature: 'sig' }];
    for (const content of [thinking, [...thinking, { type: 'text', text: '' }]]) {
      const asked = ask(client, CLAUDE);
      (await server.next()).answer(claudeAnswer(content));
      expect(failureOf(await asked)).toMatchObject({
        ...{
          kind: 'invalid-response',
          isOfPrompt: true,
          message: expect.stringContaining('neither text nor'),
        },
        usage: { inputTokens: 3, outputTokens: 2 },
      });
    }
    // A limit explains it, and a model may say nothing.
    for (const [content, end] of [
      [thinking, 'max_tokens'],
      [[], 'end_turn'],
    ] as const) {
      const again = ask(client, CLAUDE);
      (await server.next()).answer(claudeAnswer(content, end));
      expect(completionOf(await again)).toMatchObject({ text: '' });
    }
  });
});

test('an answer of Bedrock that is thinking alone is none', async () => {
  const client = await sdkClient(
    sdkEndpoint('bedrock', server.url, { sdk: { options: { region: 'eu-central-1' } } }),
  );
  const asked = ask(client, { ...CLAUDE, model: 'deepseek.r1-v1:0' });
  const content = [{ reasoningContent: { reasoningText: { text: 'hm' } } }];
  (await server.next()).answer({
    output: { message: { role: 'assistant', content } },
    stopReason: 'end_turn',
    usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
    metrics: { latencyMs: 1 },
  });
  expect(failureOf(await asked)).toMatchObject({
    ...{ kind: 'invalid-response', isOfPrompt: true, usage: { inputTokens: 3, outputTokens: 2 } },
  });
});

describe('an answer of Gemini', () => {
  test.each<[string, object]>([
    ['no content', {}],
    ['no parts', { content: { role: 'model' } }],
    ['an empty list of parts', { content: { role: 'model', parts: [] } }],
    ['a thought alone', { content: { role: 'model', parts: [{ text: 'hm', thought: true }] } }],
    [
      'a thought and no words',
      { content: { role: 'model', parts: [{ text: 'hm', thought: true }, { text: '' }] } },
    ],
  ])('that ends with %s is none, and says what it took', async (_, candidate) => {
    const client = await sdkClient(sdkEndpoint('google', server.url));
    const usageMetadata = { promptTokenCount: 12, candidatesTokenCount: 3, totalTokenCount: 15 };
    const asked = ask(client, GEMINI);
    (await server.next()).answer({ candidates: [{ ...candidate, finishReason: 'STOP' }], usageMetadata });
    expect(failureOf(await asked)).toMatchObject({
      ...{ kind: 'invalid-response', isOfPrompt: true, message: expect.stringContaining('neither text nor') },
      usage: { inputTokens: 12, outputTokens: 3 },
    });
    // A limit or a filter explains it, and a text of no characters is one.
    for (const said of [
      { ...candidate, finishReason: 'MAX_TOKENS' },
      { content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' },
    ]) {
      const again = ask(client, GEMINI);
      (await server.next()).answer({ candidates: [said], usageMetadata });
      expect(completionOf(await again)).toMatchObject({ text: '' });
    }
  });

  test.each<[string, object[]]>([
    ['an empty piece', [{ text: '' }]],
    ['an empty piece with a signature', [{ text: '', thoughtSignature: 'c2ln' }]],
    ['a thought and an empty piece', [{ text: 'hm', thought: true }, { text: '' }]],
  ])('whose stream ends with %s alone is none', async (_, parts) => {
    const client = await sdkClient(
      sdkEndpoint('google', server.url, { settings: { stream: 'always' as const } }),
    );
    const asked = ask(client, GEMINI);
    const usageMetadata = { promptTokenCount: 12, candidatesTokenCount: 3, totalTokenCount: 15 };
    const event = {
      candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP' }],
      usageMetadata,
    };
    (await server.next()).send(`data: ${JSON.stringify(event)}\n\n`, {
      headers: { 'content-type': 'text/event-stream' },
    });
    expect(failureOf(await asked)).toMatchObject({
      ...{ kind: 'invalid-response', usage: { inputTokens: 12 } },
    });
  });

  test.each(['OTHER', 'BLOCKED_REASON_UNSPECIFIED', 'SAFETY'])(
    'to a prompt that is blocked for %s is a refusal, whatever the word',
    async (blockReason) => {
      const client = await sdkClient(sdkEndpoint('google', server.url));
      const asked = ask(client, GEMINI);
      (await server.next()).answer({
        ...{ promptFeedback: { blockReason }, usageMetadata: { promptTokenCount: 12, totalTokenCount: 12 } },
      });
      expect(completionOf(await asked)).toMatchObject({
        ...{ text: '', refusal: blockReason, usage: { inputTokens: 12, outputTokens: 0 } },
      });
    },
  );

  test('that tells the prompt alone took nobody knows how much', async () => {
    const client = await sdkClient(sdkEndpoint('google', server.url));
    const asked = ask(client, GEMINI);
    const candidates = [{ content: { role: 'model', parts: [{ text: 'four' }] }, finishReason: 'STOP' }];
    (await server.next()).answer({
      candidates,
      usageMetadata: { promptTokenCount: 12, totalTokenCount: 12 },
    });
    expect(completionOf(await asked)).toMatchObject({ text: 'four', usage: null });
  });

  test('counts thinking beside what it said, and keeps the reason in its own word', async () => {
    const client = await sdkClient(sdkEndpoint('google', server.url));
    const asked = ask(client, GEMINI);
    (await server.next()).answer(
      geminiAnswer([{ text: 'Hm.', thought: true }, { text: 'Yes.' }], 'STOP', {
        usageMetadata: {
          ...{ promptTokenCount: 10, candidatesTokenCount: 4, thoughtsTokenCount: 6 },
          ...{ cachedContentTokenCount: 8, totalTokenCount: 20 },
        },
      }),
    );
    expect(completionOf(await asked)).toMatchObject({
      ...{ text: 'Yes.', finishReason: 'STOP', servedModel: 'gemini-served' },
      usage: {
        ...{ inputTokens: 10, outputTokens: 10, totalTokens: 20 },
        ...{ cachedInputTokens: 8, reasoningTokens: 6 },
      },
    });
  });

  test('that was blocked before a word is an answer, and one that the model spoilt is none', async () => {
    const client = await sdkClient(sdkEndpoint('google', server.url));
    const blocked = ask(client, GEMINI);
    (await server.next()).answer({ promptFeedback: { blockReason: 'SAFETY' } });
    expect(completionOf(await blocked)).toMatchObject({
      text: '',
      finishReason: 'SAFETY',
      refusal: 'SAFETY',
    });
    const spoilt = ask(client, GEMINI);
    (await server.next()).answer(geminiAnswer([], 'MALFORMED_FUNCTION_CALL'));
    expect(failureOf(await spoilt)).toMatchObject({ kind: 'invalid-response', usage: { inputTokens: 3 } });
  });
});

describe('what is asked', () => {
  test('settings go where the specification has a place for them, and everything else to the package’s vendor', async () => {
    const client = await sdkClient(sdkEndpoint('anthropic', server.url));
    const asked = ask(client, {
      ...CLAUDE,
      messages: [
        {
          role: 'system',
          content: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
        },
        { role: 'user', content: 'hello' },
      ],
      params: {
        ...{ top_k: 5, stop: 'END', tool_choice: 'required', metadata: { userId: 'u1' } },
        provider_options: { anthropic: { disableParallelToolUse: true } },
      },
      tools: [{ name: 'look', description: null, parameters: null, strict: null }],
    });
    const { body, headers } = await server.next();
    server.requests[0]!.answer(claudeAnswer([{ type: 'text', text: 'Yes.' }]));
    await asked;
    expect(body).toMatchObject({
      ...{ top_k: 5, stop_sequences: ['END'], metadata: { user_id: 'u1' }, max_tokens: 100 },
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      tools: [{ name: 'look', input_schema: { type: 'object', properties: {} } }],
    });
    expect(headers['anthropic-version']).toBe('2023-06-01');
  });

  test('pictures and documents reach each API as it wants them, whichever way they are written', async () => {
    const data = Buffer.from('picture').toString('base64');
    const media = { file: './a.png', media_type: 'image/png', sha256: 'a'.repeat(64), bytes: 7, data };
    const content = [
      { type: 'text', text: 'What is it?' },
      { type: 'image', ...media },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
    ];
    const anthropic = await sdkClient(sdkEndpoint('anthropic', server.url));
    const first = ask(anthropic, { ...CLAUDE, messages: [{ role: 'user', content }] });
    const held = await server.next();
    held.answer(claudeAnswer([{ type: 'text', text: 'Yes.' }]));
    await first;
    const source = { type: 'base64', media_type: 'image/png', data };
    expect(held.body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image', source },
          { type: 'image', source },
        ],
      },
    ]);
    const google = await sdkClient(sdkEndpoint('google', server.url));
    const second = ask(google, { ...GEMINI, messages: [{ role: 'user', content }] });
    const other = await server.next();
    other.answer(geminiAnswer([{ text: 'Yes.' }]));
    await second;
    expect(JSON.stringify(other.body.contents)).toContain(
      `{"inlineData":{"mimeType":"image/png","data":"${data}"}}`,
    );
  });

  test('the query, the header of the key and further headers are those of the manifest', async () => {
    const endpoint = sdkEndpoint('anthropic', server.url, {
      headers: { 'x-tenant': 'blue' },
      settings: { auth: 'api-key', query: { 'api-version': '1' } },
    });
    const asked = ask(await sdkClient(endpoint));
    const held = await server.next();
    held.answer(claudeAnswer([{ type: 'text', text: 'Yes.' }]));
    await asked;
    expect(held.path).toBe('/v1/messages?api-version=1');
    expect(held.headers).toMatchObject({ 'x-tenant': 'blue', 'api-key': expect.stringMatching(/^sk-/) });
    expect(held.headers['x-api-key']).toBeUndefined();
  });

  test('conversations of a scenario keep their calls and results', async () => {
    const asked = ask(await sdkClient(sdkEndpoint('anthropic', server.url)), {
      ...CLAUDE,
      messages: [
        { role: 'user', content: 'How warm is it?' },
        {
          ...{ role: 'assistant', content: null },
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'measure', arguments: '{"at":"Bern"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: '21' },
      ],
      tools: [
        {
          name: 'measure',
          description: null,
          parameters: REQUEST.tools[0]?.parameters ?? null,
          strict: null,
        },
      ],
    });
    const held = await server.next();
    held.answer(claudeAnswer([{ type: 'text', text: 'It is 21.' }]));
    await asked;
    expect(held.body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'How warm is it?' }] },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'c1', name: 'measure', input: { at: 'Bern' } }],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: '21' }] },
    ]);
  });
});
