// The Gemini of the tests is one that the true package takes for it.
import { createGoogle } from '@ai-sdk/google';
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { startGemini } from '../rig/gemini-server.ts';

const PROMPT: LanguageModelV4Prompt = [{ role: 'user', content: [{ type: 'text', text: 'How much tea?' }] }];
const TOOL = {
  type: 'function' as const,
  name: 'look_up',
  inputSchema: { type: 'object' as const, properties: {} },
};

test('a call with its signature goes round, is refused without it, and is counted with what was thought and cached', async () => {
  await using gemini = await startGemini();
  const model = createGoogle({ baseURL: gemini.url, apiKey: 'x' })('gemini-3-pro');
  const first = await model.doGenerate({ prompt: PROMPT, tools: [TOOL] });
  const [thought, call] = first.content;
  expect([thought, call]).toMatchObject([{ type: 'reasoning' }, { type: 'tool-call', toolName: 'look_up' }]);
  if (call?.type !== 'tool-call') throw new Error('no call');
  const round = (providerOptions: object): LanguageModelV4Prompt => [
    ...PROMPT,
    {
      role: 'assistant',
      content: [
        {
          type: 'tool-call',
          toolCallId: call.toolCallId,
          toolName: 'look_up',
          input: {},
          ...providerOptions,
        },
      ],
    },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: call.toolCallId,
          toolName: 'look_up',
          output: { type: 'text', value: '12' },
        },
      ],
    },
  ];
  const second = await model.doGenerate({
    prompt: round({ providerOptions: call.providerMetadata }),
    tools: [TOOL],
  });
  expect(second.content).toMatchObject([{ type: 'text', text: 'That is done.' }]);
  expect(first.usage.outputTokens.reasoning).toBe(7);
  expect(second.usage.inputTokens.cacheRead).toBeGreaterThan(10);
  const wrong = { providerOptions: { google: { thoughtSignature: 'bm90IGl0' } } };
  await expect(model.doGenerate({ prompt: round(wrong), tools: [TOOL] })).rejects.toMatchObject({
    statusCode: 400,
    message: 'Thought signature is not valid.',
  });
  gemini.fail({ status: 429, name: 'RESOURCE_EXHAUSTED', retryDelay: '0.05s' }, 1);
  await expect(model.doGenerate({ prompt: PROMPT })).rejects.toMatchObject({
    statusCode: 429,
    responseBody: expect.stringContaining('"retryDelay":"0.05s"'),
  });
  expect(gemini.refused).toEqual(['400 INVALID_ARGUMENT', '429 RESOURCE_EXHAUSTED']);
});

test('a stream says the same', async () => {
  await using gemini = await startGemini();
  const model = createGoogle({ baseURL: gemini.url, apiKey: 'x' })('gemini-3-pro');
  const kinds = [];
  const { stream } = await model.doStream({ prompt: PROMPT, tools: [TOOL] });
  for await (const part of stream) kinds.push(part.type);
  expect(kinds).toContain('tool-call');
  expect(kinds).toContain('reasoning-delta');
  expect(kinds.at(-1)).toBe('finish');
});
