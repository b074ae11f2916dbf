// Answers of a model that was offered tools: what a server makes of calls that it cannot read, and of their names.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { ModelRequest } from '../../src/core/order.ts';
import { makeClients } from '../../src/providers/index.ts';
import type { ModelClient } from '../../src/providers/provider.ts';
import {
  API_KEY,
  chatAnswer,
  claudeAnswer,
  endpointAt,
  REQUEST,
  realClock,
  responseAnswer,
} from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';
import { ask, CLAUDE, completionOf, failureOf, sdkClient, sdkEndpoint } from '../rig/sdk-calls.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const TOOL = { name: 'look_up', description: 'Looks up.', strict: null, parameters: { type: 'object' } };
const OFFERED: ModelRequest = { ...REQUEST, tools: [TOOL] };
const USED = { inputTokens: 3, outputTokens: 2, totalTokens: 5 };

const choiceOf = (message: JsonObject, finish_reason: string): JsonObject =>
  chatAnswer('', { choices: [{ index: 0, message, finish_reason }] });
const called = (name: string): JsonObject => ({
  ...{ id: 'a', type: 'function', function: { name, arguments: '{"q":"x"}' } },
});

async function clientOf(api: 'chat' | 'responses' = 'chat'): Promise<ModelClient> {
  const client = await makeClients({ env: { TEST_KEY: API_KEY }, clock: realClock })(
    endpointAt(server.url, { api }),
  );
  if (client.kind === 'err') throw new Error(client.error.message);
  return client.value;
}

async function answerOf(client: ModelClient, request: ModelRequest, body: JsonObject) {
  const asked = ask(client, request);
  const held = await server.next();
  held.answer(body);
  return { answer: await asked, sent: held.body };
}

describe('the name of a call', () => {
  const names: readonly (readonly [string, string, string])[] = [
    ['Ollama, gpt-oss', 'look_up<|channel|>analysis', 'look_up'],
    ['vLLM, gpt-oss', 'functions.look_up<|channel|>commentary', 'look_up'],
    ['vLLM, gpt-oss', 'look_up<|constrain|>json', 'look_up'],
    ['Kimi', 'functions.look_up:0', 'look_up'],
    ['Gemini’s layers', 'default_api.look_up', 'look_up'],
    ['any', ' look_up\n', 'look_up'],
    ['gpt-oss, of no tool', 'assistant<|channel|>analysis', 'assistant<|channel|>analysis'],
    ['of no tool', 'functions.guess', 'functions.guess'],
  ];
  test.each(names)('%s: %j is %j', async (_, told, expected) => {
    const body = choiceOf({ role: 'assistant', content: null, tool_calls: [called(told)] }, 'tool_calls');
    const { answer } = await answerOf(await clientOf(), OFFERED, body);
    expect(completionOf(answer).toolCalls).toMatchObject([{ name: expected, arguments: { q: 'x' } }]);
    expect(completionOf(answer).messages).toMatchObject([{ tool_calls: [{ function: { name: told } }] }]);
  });

  test('that was offered so is left', async () => {
    const request = { ...OFFERED, tools: [TOOL, { ...TOOL, name: 'functions.look_up' }] };
    const body = choiceOf(
      { role: 'assistant', content: null, tool_calls: [called('functions.look_up')] },
      'tool_calls',
    );
    const { answer } = await answerOf(await clientOf(), request, body);
    expect(completionOf(answer).toolCalls).toMatchObject([{ name: 'functions.look_up' }]);
  });

  test('is said back as it was offered: over chat completions', async () => {
    const message = { role: 'assistant', content: null, tool_calls: [called('look_up<|channel|>json')] };
    const since = [message, { role: 'tool', tool_call_id: 'a', content: '4' }];
    const { sent } = await answerOf(await clientOf(), { ...OFFERED, since }, chatAnswer('four'));
    expect((sent as JsonObject).messages).toMatchObject([
      {},
      { tool_calls: [{ function: { name: 'look_up' } }] },
      {},
    ]);
  });

  test('is said back as it was offered: over the responses API', async () => {
    const item = { type: 'function_call', call_id: 'a', name: 'functions.look_up', arguments: '{}' };
    const { answer } = await answerOf(
      await clientOf('responses'),
      OFFERED,
      responseAnswer('', { output: [item] }),
    );
    expect(completionOf(answer).toolCalls).toMatchObject([{ name: 'look_up' }]);
    const since = [item, { type: 'function_call_output', call_id: 'a', output: '4' }];
    const { sent } = await answerOf(
      await clientOf('responses'),
      { ...OFFERED, since },
      responseAnswer('four'),
    );
    expect((sent as JsonObject).input).toMatchObject([{}, { name: 'look_up' }, {}]);
  });

  test('is said back as it was offered: through a package', async () => {
    const client = await sdkClient(sdkEndpoint('anthropic', server.url));
    const request = { ...CLAUDE, tools: [TOOL] };
    const content = [{ type: 'tool_use', id: 'toolu_1', name: 'functions.look_up', input: { q: 'x' } }];
    const first = await answerOf(client, request, claudeAnswer(content, 'tool_use'));
    const { toolCalls, messages } = completionOf(first.answer);
    expect(toolCalls).toMatchObject([{ name: 'look_up', arguments: { q: 'x' } }]);
    const results = client
      .nameCalls({ toolCalls, messages }, [])
      .map(({ id, name }) => client.toolMessage({ id, name, text: '4' }));
    const since = [...messages, ...results];
    const last = await answerOf(
      client,
      { ...request, since },
      claudeAnswer([{ type: 'text', text: 'four' }]),
    );
    expect(JSON.stringify(last.sent)).not.toContain('functions.');
  });
});

describe('a call that its server did not read is no answer', () => {
  test.each<[string, string, string]>([
    ['SGLang', 'tool_calls', '<tool_call>\n{"name": "look_up"}\n</tool_call>'],
    ['vLLM, an echo', 'tool_calls', 'I will look it up.'],
    ['vLLM without a parser, Qwen', 'stop', '<tool_call>\n{"name": "look_up"}\n</tool_call>'],
    ['GLM', 'stop', 'I see.\n<tool_call>look_up\n<arg_key>q</arg_key></tool_call>'],
    ['Kimi', 'stop', '<|tool_calls_section_begin|><|tool_call_begin|>functions.look_up:0'],
    ['DeepSeek', 'stop', '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>look_up'],
    ['Mistral', 'stop', '[TOOL_CALLS][{"name": "look_up"}]'],
    ['Llama', 'stop', '<function=look_up>{"q": "x"}</function>'],
    ['gpt-oss', 'stop', '<|channel|>commentary to=functions.look_up <|message|>{}'],
    ['MiniMax', 'stop', '<minimax:tool_call>\n<invoke name="look_up">'],
  ])('%s: %s with %j', async (_, finish, content) => {
    const { answer } = await answerOf(
      await clientOf(),
      OFFERED,
      choiceOf({ content, tool_calls: [] }, finish),
    );
    const failure = failureOf(answer);
    expect(failure).toMatchObject({ kind: 'invalid-response', isOfPrompt: true, usage: USED });
    expect(failure.body).toContain(JSON.stringify(content).slice(1, 12));
  });

  test('nor where it stands in the thinking alone', async () => {
    const reasoning_content = 'I look.\n<tool_call>\n{"name": "look_up"}';
    const { answer } = await answerOf(
      await clientOf(),
      OFFERED,
      choiceOf({ content: null, reasoning_content }, 'stop'),
    );
    expect(failureOf(answer).kind).toBe('invalid-response');
  });

  test('through a package as well', async () => {
    const client = await sdkClient(sdkEndpoint('anthropic', server.url));
    const body = claudeAnswer([{ type: 'text', text: 'I will look it up.' }], 'tool_use');
    const { answer } = await answerOf(client, { ...CLAUDE, tools: [TOOL] }, body);
    expect(failureOf(answer)).toMatchObject({ kind: 'invalid-response', isOfPrompt: true });
  });

  test.each<[string, ModelRequest, string, string]>([
    ['no tool was offered', REQUEST, 'tool_calls', 'four'],
    ['a text that speaks of such calls', OFFERED, 'stop', 'Qwen writes <tool_call> and </tool_call>.'],
    ['a call that was cut', OFFERED, 'length', '<tool_call>\n{"name": "look'],
    ['JSON, which may be the answer', OFFERED, 'stop', '{"name": "look_up", "parameters": {}}'],
  ])('but where %s the text is the answer', async (_, request, finish, content) => {
    const { answer } = await answerOf(await clientOf(), request, choiceOf({ content }, finish));
    expect(completionOf(answer).text).toBe(content);
  });
});
