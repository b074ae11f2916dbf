// Wires of other people's clients: what was asked and what was answered, whole or in pieces.
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { askedOn } from '../../src/providers/asked.ts';
import { readAnswer, type Wire, wireOf } from '../../src/providers/wires.ts';
import { handClock } from '../rig/clock.ts';

const teller = { host: 'api.test', apiKeyEnv: null, clock: handClock(), write: (text: string) => text };

function read(wire: Wire, text: string, type = 'application/json', status = 200) {
  const headers = new Headers({ 'content-type': type, 'request-id': 'r1' });
  return readAnswer({ wire, status, headers, bytes: Buffer.from(text), teller });
}

const events = (all: readonly JsonObject[]): string =>
  all.map((one) => `event: ${String(one.type)}\ndata: ${JSON.stringify(one)}\n\n`).join('');

const STREAM: readonly JsonObject[] = [
  {
    type: 'message_start',
    message: {
      ...{ id: 'm', type: 'message', role: 'assistant', model: 'claude-x-1', content: [], stop_reason: null },
      usage: {
        input_tokens: 10,
        cache_read_input_tokens: 90,
        cache_creation_input_tokens: 5,
        output_tokens: 1,
      },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm ' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'yes' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'sig' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'ping' },
  { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'I ' } },
  { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'do' } },
  {
    type: 'content_block_start',
    index: 2,
    content_block: { type: 'tool_use', id: 't1', name: 'book', input: {} },
  },
  { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"at": ' } },
  {
    type: 'content_block_delta',
    index: 2,
    delta: { type: 'input_json_delta', partial_json: '12345678901234567890}' },
  },
  {
    type: 'message_delta',
    delta: { stop_reason: 'tool_use' },
    usage: { input_tokens: null, output_tokens: 30 },
  },
  { type: 'message_stop' },
];

const begun = STREAM.slice(0, 9);

describe('a stream of Anthropic that was begun', () => {
  test('and cut off took nobody knows how much: the count of its start is none', () => {
    const cut = read('messages', events(begun), 'text/event-stream');
    expect(cut).toMatchObject({ kind: 'failure', failure: { kind: 'network' } });
    expect(cut).not.toHaveProperty('failure.usage');
  });

  test('and ended by an error may have been paid for', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    expect(read('messages', events([...begun, error]), 'text/event-stream')).toMatchObject({
      failure: { kind: 'overloaded', isBegun: true },
    });
    const at = read('messages', events([STREAM[0]!, error]), 'text/event-stream');
    expect(at).not.toHaveProperty('failure.isBegun');
  });

  test('keeps the counts of its start where the end says 0', () => {
    const end = {
      ...{ type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      usage: { input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 30 },
    };
    expect(
      read('messages', events([...STREAM.slice(0, -2), end, STREAM.at(-1)!]), 'text/event-stream'),
    ).toMatchObject({ completion: { usage: { inputTokens: 105, outputTokens: 30 } } });
    const none = { ...end, usage: { output_tokens: 0 } };
    expect(
      read('messages', events([...STREAM.slice(0, -2), none, STREAM.at(-1)!]), 'text/event-stream'),
    ).toMatchObject({ completion: { usage: null } });
  });
});

describe('an answer of Anthropic', () => {
  test('is the same put together from its stream as whole, thinking, tools and what the cache took included', () => {
    const answer = read('messages', events(STREAM), 'text/event-stream');
    expect(answer).toMatchObject({
      kind: 'completion',
      requestId: 'r1',
      completion: {
        text: 'I do',
        toolCalls: [{ id: 't1', name: 'book', argumentsText: '{"at":12345678901234567890}' }],
        finishReason: 'tool_use',
        servedModel: 'claude-x-1',
        usage: { inputTokens: 105, cachedInputTokens: 90, outputTokens: 30, totalTokens: 135 },
        messages: [
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'hm yes', signature: 'sig' },
              { type: 'text', text: 'I do' },
              { type: 'tool_use', id: 't1', name: 'book' },
            ],
          },
        ],
      },
    });
  });

  test('with an error in its stream is that error', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const answer = read('messages', events([STREAM[0]!, error]), 'text/event-stream');
    expect(answer).toMatchObject({ kind: 'failure', failure: { kind: 'overloaded' } });
  });

  test('that refuses says so by its status', () => {
    const body = JSON.stringify({
      type: 'error',
      error: { type: 'authentication_error', message: 'invalid x-api-key' },
    });
    expect(read('messages', body, 'application/json', 401)).toMatchObject({
      kind: 'failure',
      failure: { kind: 'unauthorized', status: 401 },
    });
  });
});

test('an error of Gemini in the middle of a stream is that error, also where it comes without a field', () => {
  const begun = { candidates: [{ content: { role: 'model', parts: [{ text: 'I ' }] }, index: 0 }] };
  const error = { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } };
  const text = `data: ${JSON.stringify(begun)}\n\n${JSON.stringify(error, null, 2)}\n`;
  expect(read('gemini', text, 'text/event-stream')).toMatchObject({
    ...{ kind: 'failure', failure: { kind: 'overloaded', status: 503, isBegun: true } },
  });
});

describe('an answer of Gemini', () => {
  const part = (text: string, more: JsonObject = {}): JsonObject => ({
    candidates: [{ content: { role: 'model', parts: [{ text, ...more }] }, index: 0 }],
    modelVersion: 'gemini-x-001',
  });
  const last = {
    candidates: [
      {
        content: { role: 'model', parts: [{ functionCall: { name: 'book', args: { at: 1 } } }] },
        finishReason: 'STOP',
      },
    ],
    usageMetadata: {
      promptTokenCount: 7,
      candidatesTokenCount: 3,
      thoughtsTokenCount: 4,
      totalTokenCount: 14,
    },
  };
  const expected = {
    kind: 'completion',
    completion: {
      text: 'I do',
      toolCalls: [{ name: 'book', arguments: { at: 1 } }],
      finishReason: 'STOP',
      servedModel: 'gemini-x-001',
      usage: { inputTokens: 7, outputTokens: 7, reasoningTokens: 4 },
    },
  };

  test.each([
    [
      'events',
      (all: readonly JsonObject[]) => all.map((one) => `data: ${JSON.stringify(one)}\n\n`).join(''),
      'text/event-stream',
    ],
    ['a list', (all: readonly JsonObject[]) => JSON.stringify(all), 'application/json'],
  ])('is put together from %s', (_, write, type) => {
    const text = write([part('thinking', { thought: true }), part('I '), part('do'), last]);
    expect(read('gemini', text, type)).toMatchObject(expected);
  });
});

describe('a request', () => {
  test.each([
    ['POST', '/v1/chat/completions', 'chat'],
    ['POST', '/openai/deployments/x/chat/completions', 'chat'],
    ['POST', '/v1/responses', 'responses'],
    ['POST', '/v1/messages', 'messages'],
    ['POST', '/v1beta/models/gemini-x:streamGenerateContent', 'gemini'],
    ['POST', '/v1/embeddings', null],
    ['POST', '/v1/messages/count_tokens', null],
    ['GET', '/v1/responses', null],
  ])('%s %s is of the wire %s', (method, path, wire) => {
    expect(wireOf(method, path)).toBe(wire);
  });

  test('says what was sent, on each wire, and what was not', () => {
    const user = { role: 'user', content: 'hi' };
    expect(
      askedOn('chat', {
        path: '',
        body: { model: 'm', temperature: 0, messages: [{ role: 'system', content: 's' }, user] },
      }),
    ).toEqual({
      ...{ prompt: 'hi', system: 's', model: 'm', temperature: 0, seed: null, unsent: ['seed'] },
      messages: [{ role: 'system', content: 's' }, user],
    });
    const blocks = [
      { type: 'text', text: 'be ' },
      { type: 'text', text: 'kind' },
    ];
    const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'done' }] };
    expect(
      askedOn('messages', { path: '', body: { model: 'c', system: blocks, messages: [user, result] } }),
    ).toMatchObject({
      ...{ prompt: 'hi', system: 'be kind', temperature: null, unsent: ['temperature', 'seed'] },
    });
    expect(
      askedOn('responses', { path: '', body: { model: 'r', input: 'hi', instructions: 's' } }),
    ).toMatchObject({
      ...{ prompt: 'hi', messages: [user], system: 's' },
    });
    const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];
    const body = {
      contents,
      systemInstruction: { parts: [{ text: 's' }] },
      generationConfig: { temperature: 1, seed: 4 },
    };
    expect(askedOn('gemini', { path: '/v1beta/models/g-1:generateContent', body })).toMatchObject({
      ...{ prompt: 'hi', system: 's', model: 'g-1', temperature: 1, seed: 4, unsent: [] },
    });
  });
});
