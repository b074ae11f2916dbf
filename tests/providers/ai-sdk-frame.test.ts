// Requests that are built and not sent, with the true packages.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { NO_SETTINGS } from '../../src/core/endpoint-settings.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Endpoint, ModelRequest } from '../../src/core/order.ts';
import { entryOf, type ProviderType } from '../../src/core/providers/table.ts';
import { buildFrame } from '../../src/providers/ai-sdk-frame.ts';
import { openEndpoint } from '../../src/providers/open-endpoint.ts';
import { writeFiles } from '../rig/files.ts';
import { startModelServer } from '../rig/model-server.ts';
import { ask, sdkClient, sdkEndpoint } from '../rig/sdk-calls.ts';
import { tempFolder } from '../rig/temp.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

const REQUEST: ModelRequest = {
  model: 'claude-haiku-4-5',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What is the capital of Bavaria?' },
  ],
  tools: [
    {
      name: 'look',
      description: 'Looks.',
      parameters: { type: 'object', properties: { at: { type: 'string' } } },
      strict: null,
    },
  ],
  temperature: 0.5,
  maxOutputTokens: 100,
  seed: null,
  params: {},
};

function endpointOf(type: ProviderType, more: Partial<NonNullable<Endpoint['sdk']>> = {}): Endpoint {
  const entry = entryOf(type).sdk;
  const endpoint: Endpoint = {
    ...{ type, baseUrl: null, apiKeyEnv: null, api: 'chat', headers: {} },
    sdk: {
      package: entry?.package ?? './none.ts',
      create: entry?.create ?? 'none',
      method: null,
      options: {},
      ...more,
    },
  };
  const opened = openEndpoint(endpoint, { env: {}, folder: ROOT });
  if (opened.kind === 'err') throw new Error(opened.error.message);
  return opened.value;
}

async function frameOf(
  type: ProviderType,
  request: Partial<ModelRequest> = {},
  sdk: Partial<NonNullable<Endpoint['sdk']>> = {},
) {
  const built = await buildFrame({ endpoint: endpointOf(type, sdk), request: { ...REQUEST, ...request } });
  if (built.kind === 'err') throw new Error(built.error.message);
  return built.value;
}

describe('a frame', () => {
  test.each([
    ['anthropic', 'claude-haiku-4-5', 'https://api.anthropic.com/v1/messages'],
    [
      'google',
      'gemini-2.5-flash',
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent',
    ],
    ['mistral', 'mistral-small-latest', 'https://api.mistral.ai/v1/chat/completions'],
    [
      'bedrock',
      'anthropic.claude-haiku-4-5-20251001-v1:0',
      'https://bedrock-runtime.stand-in.amazonaws.com/model/anthropic.claude-haiku-4-5-20251001-v1%3A0/converse',
    ],
    ['azure', 'gpt-5-mini', 'https://stand-in.openai.azure.com/openai/v1/responses?api-version=v1'],
    ['groq', 'llama-3.3-70b-versatile', 'https://api.groq.com/openai/v1/chat/completions'],
    ['xai', 'grok-4', 'https://api.x.ai/v1/responses'],
    ['cohere', 'command-a-03-2025', 'https://api.cohere.com/v2/chat'],
    ['deepseek', 'deepseek-chat', 'https://api.deepseek.com/chat/completions'],
  ] as const)('%s: its package builds the request, and tells what it warns of', async (type, model, url) => {
    const frame = await frameOf(type, { model, seed: 7 });
    expect(frame.url).toBe(url);
    expect(JSON.stringify(frame.body)).toContain('What is the capital of Bavaria?');
    expect(JSON.stringify(frame.body)).not.toContain('stand-in');
    expect(frame.version).toMatch(/^\d+\.\d+\.\d+/);
    // The blank answer was one that the package reads: its warnings are those of a call that was answered.
    if (type === 'anthropic') expect(frame.warnings).toEqual([{ type: 'unsupported', feature: 'seed' }]);
    else expect(Array.isArray(frame.warnings)).toBe(true);
  });

  test('says which params the package does not know', async () => {
    const params = {
      thinking: { type: 'enabled', budget_tokens: 2_000 },
      top_k: 5,
      metadata: { userId: 'u' },
    };
    const { body, unused, warnings } = await frameOf('anthropic', { temperature: null, params });
    // Its own name is budgetTokens: what it is not told it makes up.
    expect(body).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 1_024 },
      metadata: { user_id: 'u' },
    });
    expect(unused).toEqual(['thinking.budget_tokens', 'top_k']);
    expect(warnings).toContainEqual(expect.objectContaining({ type: 'unsupported', feature: 'topK' }));
  });

  test.each([
    ['anthropic', 'claude-haiku-4-5', { metadata: { userId: 'u' } }, { metadata: { user_id: 'u' } }],
    [
      'google',
      'gemini-2.5-flash',
      { thinkingConfig: { thinkingBudget: 7 } },
      { generationConfig: { thinkingConfig: { thinkingBudget: 7 } } },
    ],
    ['ai-sdk', 'gpt-5-mini', { user: 'u' }, { user: 'u' }],
  ] as const)('%s: params reach a package that is given another name', async (type, model, params, sent) => {
    const mine = type === 'ai-sdk' ? { package: '@ai-sdk/openai', create: 'createOpenAI' } : {};
    const asked = { model, params, temperature: null };
    const { body, unused } = await frameOf(type, asked, { ...mine, options: { name: 'my-gateway' } });
    expect(body).toMatchObject(sent);
    expect(unused).toEqual([]);
  });

  test('tells headers that choose how an answer is made, and no key', async () => {
    const { headers } = await frameOf('anthropic', { params: { anthropicBeta: ['context-1m-2025-08-07'] } });
    expect(headers).toEqual({
      ...{
        'anthropic-version': '2023-06-01',
        'anthropic-beta': expect.stringContaining('context-1m-2025-08-07'),
      },
    });
  });

  test.each([
    ...([
      ['anthropic', 'claude-haiku-4-5'],
      ['google', 'gemini-2.5-flash'],
    ] as const),
    ...([
      ['mistral', 'mistral-small-latest'],
      ['bedrock', 'anthropic.claude-haiku-4-5-v1:0'],
    ] as const),
    ...([
      ['azure', 'gpt-5-mini'],
      ['groq', 'llama-3.3-70b-versatile'],
      ['xai', 'grok-4'],
    ] as const),
    ...([
      ['cohere', 'command-a-03-2025'],
      ['deepseek', 'deepseek-chat'],
    ] as const),
  ])(
    '%s: where answers come as streams it is the body of a stream, but for the stream',
    async (type, model) => {
      const asked = { model, temperature: null };
      const { sdk, ...plain } = endpointOf(type);
      const settings = { ...NO_SETTINGS, stream: 'always' as const };
      const streamed = await buildFrame({
        endpoint: { ...plain, sdk: sdk!, settings },
        request: { ...REQUEST, ...asked },
      });
      if (streamed.kind === 'err') throw new Error(streamed.error.message);
      const whole = await frameOf(type, asked);
      const { body, url } = streamed.value;
      expect(url).toBe(whole.url);
      if (type !== 'anthropic') {
        expect(body).toEqual(whole.body);
        return;
      }
      // The one that asks for more: its tools' arguments come as they are written.
      const [tool] = whole.body.tools as readonly JsonObject[];
      expect(tool).not.toHaveProperty('eager_input_streaming');
      expect(body).toEqual({ ...whole.body, tools: [{ ...tool, eager_input_streaming: true }] });
    },
  );

  test.each([
    ['anthropic', 'claude-haiku-4-5'],
    ['groq', 'llama-3.3-70b-versatile'],
  ] as const)('%s: of a stream is what a call that streams sends', async (type, model) => {
    await using server = await startModelServer();
    const endpoint = sdkEndpoint(type, server.url, { settings: { stream: 'always' } });
    const request = { ...REQUEST, model, temperature: null };
    const built = await buildFrame({ endpoint, request });
    if (built.kind === 'err') throw new Error(built.error.message);
    const asked = ask(await sdkClient(endpoint), request);
    const held = await server.next();
    held.drop();
    await asked;
    const { stream, stream_options: _, ...sent } = held.body;
    expect([stream, sent]).toEqual([true, built.value.body]);
  });

  test('of a stream knows what is said of streams alone', async () => {
    const { sdk, ...plain } = endpointOf('anthropic');
    const of = async (stream: 'always' | 'auto') => {
      const endpoint = { ...plain, sdk: sdk!, settings: { ...NO_SETTINGS, stream } };
      const request = { ...REQUEST, temperature: null, params: { toolStreaming: false } };
      const built = await buildFrame({ endpoint, request });
      return built.kind === 'ok' ? built.value.unused : built;
    };
    expect(await of('always')).toEqual([]);
    expect(await of('auto')).toEqual(['toolStreaming']);
  });

  test('of a module that asks by itself cannot be told', async () => {
    const folder = tempFolder();
    writeFiles(folder, {
      'own.mjs': `export const createOwn = () => ({ languageModel: () => ({ specificationVersion: 'v4', provider: 'own',
        doGenerate: async () => ({ content: [], warnings: [] }) }) });\n`,
    });
    const endpoint = endpointOf('ai-sdk', { package: './own.mjs', create: 'createOwn' });
    const here = { folder, secrets: [] };
    const built = await buildFrame({
      endpoint: { ...endpoint, sdk: { ...endpoint.sdk!, here } },
      request: REQUEST,
    });
    expect(built).toMatchObject({
      kind: 'err',
      error: { message: expect.stringContaining('the fetch that it is handed') },
    });
  });
});
