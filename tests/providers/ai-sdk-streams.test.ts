// Bedrock and Cohere, whose wires nobody here reads but their packages: digits, ends and errors in the middle of a stream.
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';
import { ask, completionOf, failureOf, sdkClient, sdkEndpoint } from '../rig/sdk-calls.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const REGION = { sdk: { options: { region: 'eu-central-1' } } };

async function asked(type: 'bedrock' | 'cohere', body: string | Uint8Array, contentType: string) {
  const stream = contentType === 'application/json' ? {} : { settings: { stream: 'always' as const } };
  const client = await sdkClient(
    sdkEndpoint(type, server.url, { ...(type === 'bedrock' ? REGION : {}), ...stream }),
  );
  const answer = ask(client);
  (await server.next()).send(body, { headers: { 'content-type': contentType } });
  return answer;
}

/** A frame of AWS's event streams. */
function frame(type: string, told: object, kind: 'event' | 'exception' = 'event'): Buffer {
  const headers = Buffer.concat(
    Object.entries({ ':message-type': kind, [`:${kind}-type`]: type }).map(([name, value]) =>
      Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        Buffer.from([7, 0, value.length]),
        Buffer.from(value),
      ]),
    ),
  );
  const body = Buffer.from(JSON.stringify(told));
  const whole = Buffer.alloc(16 + headers.length + body.length);
  whole.writeUInt32BE(whole.length, 0);
  whole.writeUInt32BE(headers.length, 4);
  whole.writeUInt32BE(crc32(whole.subarray(0, 8)), 8);
  headers.copy(whole, 12);
  body.copy(whole, 12 + headers.length);
  whole.writeUInt32BE(crc32(whole.subarray(0, -4)), whole.length - 4);
  return whole;
}

const AWS = 'application/vnd.amazon.eventstream';
const BEGUN = [
  frame('messageStart', { role: 'assistant' }),
  frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Ye' } }),
];

test.each([
  ['throttlingException', 'rate-limited', 429],
  ['serviceUnavailableException', 'overloaded', 503],
  ['validationException', 'bad-request', 400],
])('Bedrock: %s in a stream is what it says, in its words', async (type, kind, status) => {
  const refused = frame(type, { message: 'The words of it' }, 'exception');
  const failed = failureOf(await asked('bedrock', Buffer.concat([...BEGUN, refused]), AWS));
  expect(failed).toMatchObject({ kind, status, isBegun: true });
  expect(failed.message).toContain('The words of it');
});

test('Bedrock: a stream that ends between frames, or within one, is a failure of the network', async () => {
  const half = Buffer.concat(BEGUN);
  for (const body of [half, half.subarray(0, -10)])
    expect(failureOf(await asked('bedrock', body, AWS))).toMatchObject({ kind: 'network' });
});

test('Cohere: a stream that ends before its answer is a failure of the network', async () => {
  const begun = { type: 'message-start', id: 'a', delta: { message: { role: 'assistant' } } };
  const failed = failureOf(await asked('cohere', `data: ${JSON.stringify(begun)}\n\n`, 'text/event-stream'));
  expect(failed).toMatchObject({ kind: 'network' });
});

const LONG = '{"id":12345678901234567890}';
const EXACT = [{ name: 'find', argumentsText: LONG }];

test('Bedrock: every digit of what a tool is called with is kept, and no model is said to have served it', async () => {
  const body = JSON.stringify({
    output: {
      message: { role: 'assistant', content: [{ toolUse: { toolUseId: 't', name: 'find', input: 0 } }] },
    },
    ...{ stopReason: 'tool_use', usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } },
  }).replace('"input":0', `"input":${LONG}`);
  const completion = completionOf(await asked('bedrock', body, 'application/json'));
  expect(completion).toMatchObject({ toolCalls: EXACT, servedModel: null });
  expect(completion.toolCalls[0]!.id).toBe('t');
});

test('Cohere: every digit of what a tool is called with is kept of a stream', async () => {
  const call = (type: string, of: object) => ({ type, index: 0, delta: { message: { tool_calls: of } } });
  const events = [
    { type: 'message-start', id: 'a', delta: { message: { role: 'assistant' } } },
    call('tool-call-start', { id: 't', type: 'function', function: { name: 'find', arguments: '' } }),
    call('tool-call-delta', { function: { arguments: LONG.slice(0, 12) } }),
    call('tool-call-delta', { function: { arguments: LONG.slice(12) } }),
    { type: 'tool-call-end', index: 0 },
    {
      type: 'message-end',
      delta: { finish_reason: 'TOOL_CALL', usage: { tokens: { input_tokens: 3, output_tokens: 2 } } },
    },
  ];
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  expect(completionOf(await asked('cohere', body, 'text/event-stream'))).toMatchObject({ toolCalls: EXACT });
});

test('Azure: what is told on the way is no part of the answer', async () => {
  const say = (text: string, phase: string) => ({
    ...{ type: 'message', id: phase, role: 'assistant', status: 'completed', phase },
    content: [{ type: 'output_text', text, annotations: [] }],
  });
  const client = await sdkClient(sdkEndpoint('azure', server.url));
  const answer = ask(client);
  (await server.next()).answer({
    ...{ id: 'r', object: 'response', created_at: 1, model: 'm', status: 'completed' },
    output: [say('I look. ', 'commentary'), say('Yes.', 'final_answer')],
    usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
  });
  expect(completionOf(await answer).text).toBe('Yes.');
});
