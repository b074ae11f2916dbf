// The language model that own code is handed: every request through the hook, answers whole and streamed, and errors of the package.
import { APICallError } from '@ai-sdk/provider';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeBinder } from '../../src/providers/index.ts';
import type { CallHook, ClientAnswer } from '../../src/providers/provider.ts';
import { claudeAnswer, endpointAt, realClock } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';
import { CLAUDE, SDK_ENV, sdkEndpoint } from '../rig/sdk-calls.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

async function bound(hook?: CallHook, endpoint = sdkEndpoint('anthropic', server.url)) {
  const answers: ClientAnswer[] = [];
  const bodies: object[] = [];
  const bind = makeBinder({ env: SDK_ENV, clock: realClock });
  const made = await bind(endpoint, {
    run: 1,
    request: CLAUDE,
    hook:
      hook ??
      (async ({ body, send }) => {
        bodies.push(body);
        const answer = await send(new AbortController().signal);
        answers.push(answer);
        return answer;
      }),
  });
  if (made.kind === 'err') throw new Error(made.error.message);
  if (made.value.kind !== 'language-model') throw new Error('it is no language model');
  return { ...made.value, answers, bodies };
}

test('what expgraph would ask is asked through the hook, and the account hears what it took', async () => {
  const { model, callOptions, answers, bodies } = await bound();
  const asked = model.doGenerate(callOptions);
  (await server.next()).answer(claudeAnswer([{ type: 'text', text: 'It is two.' }]));
  expect((await asked).content).toEqual([{ type: 'text', text: 'It is two.' }]);
  expect(bodies).toMatchObject([{ model: 'claude-haiku-4-5', max_tokens: 100 }]);
  expect(answers).toMatchObject([
    { kind: 'completion', completion: { text: 'It is two.', usage: { totalTokens: 5 } } },
  ]);
});

test('what an answer of Bedrock took counts what came from the cache and what went into it', async () => {
  const region = { sdk: { options: { region: 'eu-central-1' } } };
  const { model, callOptions, answers } = await bound(undefined, sdkEndpoint('bedrock', server.url, region));
  const asked = model.doGenerate(callOptions);
  (await server.next()).answer({
    output: { message: { role: 'assistant', content: [{ text: 'Yes.' }] } },
    ...{ stopReason: 'end_turn', metrics: { latencyMs: 1 } },
    usage: {
      ...{ inputTokens: 10, outputTokens: 7, totalTokens: 147 },
      ...{ cacheReadInputTokens: 100, cacheWriteInputTokens: 30 },
    },
  });
  const told = (await asked).usage;
  expect(answers).toMatchObject([
    {
      completion: {
        usage: {
          ...{ inputTokens: told.inputTokens.total, outputTokens: 7, totalTokens: 147 },
          ...{ cachedInputTokens: 100, cacheWriteInputTokens: 30 },
        },
      },
    },
  ]);
});

test('what an answer of Cohere took is told to the account', async () => {
  const { model, callOptions, answers } = await bound(undefined, sdkEndpoint('cohere', server.url));
  const asked = model.doGenerate(callOptions);
  const usage = {
    billed_units: { input_tokens: 4, output_tokens: 7 },
    ...{ tokens: { input_tokens: 10, output_tokens: 7 }, cached_tokens: 6 },
  };
  const message = { role: 'assistant', content: [{ type: 'text', text: 'Yes.' }] };
  (await server.next()).answer({ id: 'a', finish_reason: 'COMPLETE', message, usage });
  await asked;
  expect(answers).toMatchObject([
    { completion: { usage: { inputTokens: 10, outputTokens: 7, cachedInputTokens: 6 } } },
  ]);
});

test('a stream reaches own code as a stream, and the account as a whole', async () => {
  const { model, callOptions, answers } = await bound();
  const asked = model.doStream(callOptions);
  const events = [
    { type: 'message_start', message: claudeAnswer([], null as unknown as string) },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Two.' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
    { type: 'message_stop' },
  ];
  const text = events.map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join('');
  (await server.next()).send(text, { headers: { 'content-type': 'text/event-stream' } });
  const parts: string[] = [];
  for await (const part of (await asked).stream) if (part.type === 'text-delta') parts.push(part.delta);
  expect(parts).toEqual(['Two.']);
  expect(answers).toMatchObject([
    { completion: { text: 'Two.', usage: { inputTokens: 3, outputTokens: 2 } } },
  ]);
});

test('a refusal is the package’s own error, and is told to the account as what it is', async () => {
  const { model, callOptions, answers } = await bound();
  const asked = Promise.resolve(model.doGenerate(callOptions)).catch((error: unknown) => error);
  (await server.next()).answer(
    { type: 'error', error: { type: 'overloaded_error', message: 'x' } },
    { status: 529 },
  );
  const thrown = await asked;
  expect(APICallError.isInstance(thrown) && thrown.statusCode).toBe(529);
  expect(answers).toMatchObject([{ kind: 'failure', failure: { kind: 'overloaded', status: 529 } }]);
  expect(server.requests).toHaveLength(1);
});

test('a call that is not allowed asks nobody', async () => {
  const { model, callOptions } = await bound(async () => ({ kind: 'cancelled' }));
  await expect(Promise.resolve(model.doGenerate(callOptions))).rejects.toThrow('given up');
  expect(server.requests).toHaveLength(0);
});

test('an account of the OpenAI wire has a client and no language model', async () => {
  const bind = makeBinder({ env: { TEST_KEY: 'key' }, clock: realClock });
  const hook: CallHook = async ({ send }) => send(new AbortController().signal);
  const made = await bind(endpointAt(server.url), { run: 1, request: CLAUDE, hook });
  expect(made).toMatchObject({ kind: 'ok', value: { kind: 'client' } });
});
