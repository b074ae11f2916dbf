// Turns of a tool loop through the true packages: what a model said is said back as it came, signatures of its thoughts included.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { ModelRequest } from '../../src/core/order.ts';
import { claudeAnswer, geminiAnswer } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';
import { ask, CLAUDE, completionOf, GEMINI, sdkClient, sdkEndpoint } from '../rig/sdk-calls.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const TOOL = {
  ...{ name: 'measure', description: 'Measures.', strict: null },
  parameters: { type: 'object', properties: { at: { type: 'string' } } },
};

/** One turn, its call answered, and the request of the next. */
async function nextRequest(of: {
  readonly type: 'anthropic' | 'google';
  readonly request: ModelRequest;
  readonly first: JsonObject;
  readonly last: JsonObject;
}) {
  const client = await sdkClient(sdkEndpoint(of.type, server.url));
  const request = { ...of.request, tools: [TOOL], since: [] };
  const asked = ask(client, request);
  (await server.next()).answer(of.first);
  const { toolCalls, messages } = completionOf(await asked);
  const calls = client.nameCalls({ toolCalls, messages }, []);
  const results = calls.map(({ id, name }) => client.toolMessage({ id, name, text: '21' }));
  // What is kept is plain data: it travels as JSON.
  const since = JSON.parse(JSON.stringify([...messages, ...results])) as JsonObject[];
  const again = ask(client, { ...request, since });
  const held = await server.next();
  held.answer(of.last);
  return { body: held.body, answer: completionOf(await again), toolCalls, messages };
}

test('signed and redacted thinking of Claude goes back unchanged, before the call that it led to', async () => {
  const content = [
    { type: 'thinking', thinking: 'I should measure.', signature: 'sig-1' },
    { type: 'redacted_thinking', data: 'opaque-1' },
    { type: 'text', text: 'Let me see.' },
    { type: 'tool_use', id: 'toolu_1', name: 'measure', input: { at: 'Bern' } },
  ];
  const { body, answer, toolCalls, messages } = await nextRequest({
    type: 'anthropic',
    request: {
      ...CLAUDE,
      maxOutputTokens: 3_000,
      params: { thinking: { type: 'enabled', budgetTokens: 1_024 } },
    },
    first: claudeAnswer(content, 'tool_use'),
    last: claudeAnswer([{ type: 'text', text: 'It is 21.' }]),
  });
  expect(toolCalls).toMatchObject([{ id: 'toolu_1', name: 'measure', arguments: { at: 'Bern' } }]);
  expect(messages).toMatchObject([
    {
      role: 'assistant',
      content: [
        {
          type: 'reasoning',
          text: 'I should measure.',
          providerOptions: { anthropic: { signature: 'sig-1' } },
        },
        { type: 'reasoning', providerOptions: { anthropic: { redactedData: 'opaque-1' } } },
        { type: 'text', text: 'Let me see.' },
        { type: 'tool-call', toolCallId: 'toolu_1', toolName: 'measure', input: { at: 'Bern' } },
      ],
    },
  ]);
  expect(body.messages).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'hello' }] },
    { role: 'assistant', content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '21' }] },
  ]);
  expect(answer.text).toBe('It is 21.');
});

test('signatures of Gemini’s thoughts go back with the parts that they were on', async () => {
  const { body, answer, toolCalls } = await nextRequest({
    type: 'google',
    request: GEMINI,
    first: geminiAnswer([
      { functionCall: { name: 'measure', args: { at: 'Bern' } }, thoughtSignature: 'c2ln' },
    ]),
    last: geminiAnswer([{ text: 'It is 21.' }]),
  });
  expect(toolCalls).toMatchObject([{ name: 'measure', arguments: { at: 'Bern' } }]);
  expect(JSON.stringify(body.contents)).toContain('"thoughtSignature":"c2ln"');
  expect(JSON.stringify(body.contents)).toContain('"functionResponse"');
  expect(answer.text).toBe('It is 21.');
});

test('two calls of one id are told apart, and so are their results', async () => {
  const { body } = await nextRequest({
    type: 'anthropic',
    request: CLAUDE,
    first: claudeAnswer(
      [
        { type: 'tool_use', id: 'toolu_1', name: 'measure', input: { at: 'Bern' } },
        { type: 'tool_use', id: 'toolu_1', name: 'measure', input: { at: 'Basel' } },
      ],
      'tool_use',
    ),
    last: claudeAnswer([{ type: 'text', text: 'So be it.' }]),
  });
  const [, said, told] = body.messages as { content: { id?: string; tool_use_id?: string }[] }[];
  const ids = said!.content.map(({ id }) => id);
  expect(new Set(ids).size).toBe(2);
  expect(told!.content.map((part) => part.tool_use_id)).toEqual(ids);
});
