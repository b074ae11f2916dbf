// The Messages API of Anthropic as the simulation plays it, by the true package of the AI SDK and by plain requests.
import { type AnthropicLanguageModelOptions, createAnthropic } from '@ai-sdk/anthropic';
import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import type { SimOptions } from '../../src/sim/server/sim.ts';
import { handClock } from '../rig/clock.ts';
import { DENTIST, failureOf, PLANTS, quick, started } from './client.ts';
import { SAMPLE, TOOLS } from './sample.ts';

const ASKED: LanguageModelV4Prompt = [
  { role: 'system', content: SAMPLE.system },
  { role: 'user', content: [{ type: 'text', text: DENTIST }] },
];

const OFFERED = TOOLS.applike!.map((tool) => ({
  type: 'function' as const,
  name: tool.name,
  description: tool.description,
  inputSchema: tool.parameters as object,
}));

async function played(options: Partial<SimOptions> = {}) {
  const sim = await started(options);
  const model = createAnthropic({ baseURL: sim.url, apiKey: 'not-needed' })('claude-sonnet-4-5');
  return { sim, model };
}

function thinking(budgetTokens: number): Pick<LanguageModelV4CallOptions, 'providerOptions'> {
  const anthropic: AnthropicLanguageModelOptions = { thinking: { type: 'enabled', budgetTokens } };
  return { providerOptions: { anthropic: anthropic as never } };
}

/** One request without an SDK. */
async function posted(sim: { readonly url: string }, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${sim.url}/messages`, {
    method: 'POST',
    headers: { 'anthropic-version': '2023-06-01', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Message };
}

type Message = {
  readonly content: readonly Record<string, unknown>[];
  readonly usage: Record<string, number>;
  readonly error: { readonly type: string; readonly message: string };
};

const HELLO = { model: 'sim-small', max_tokens: 100, messages: [{ role: 'user', content: 'Hello?' }] };

test('a call of a tool, read by the true package, is the one that the other wire gives', async () => {
  const { sim, model } = await played();
  await using _ = sim;
  const answer = await model.doGenerate({
    prompt: ASKED,
    tools: OFFERED,
    temperature: 0,
    maxOutputTokens: 500,
  });
  expect(answer).toMatchObject({
    content: [
      {
        type: 'tool-call',
        toolCallId: expect.stringMatching(/^toolu_sim_/),
        toolName: 'create_calendar_event',
      },
    ],
    finishReason: { unified: 'tool-calls', raw: 'tool_use' },
    usage: { inputTokens: { total: expect.any(Number) }, outputTokens: { total: expect.any(Number) } },
    response: { modelId: 'claude-sonnet-4-5', id: expect.stringMatching(/^msg_sim_/) },
  });
  expect(answer.response?.headers?.['request-id']).toMatch(/^req_sim_/);
  expect(sim.stats()).toMatchObject({ requests: 1, answered: 1 });
});

test('thinking comes before the answer, and a tool loop that hands it back goes on over turns', async () => {
  const { sim, model } = await played();
  await using _ = sim;
  const options = { tools: OFFERED, maxOutputTokens: 2000, ...thinking(1024) };
  const first = await model.doGenerate({ prompt: ASKED, ...options });
  const [thought, call] = first.content;
  expect(thought).toMatchObject({
    type: 'reasoning',
    providerMetadata: { anthropic: { signature: expect.any(String) } },
  });
  expect(first.usage.outputTokens.reasoning).toBeGreaterThan(5);
  if (thought?.type !== 'reasoning' || call?.type !== 'tool-call') throw new Error('no thought and call');
  const handedBack = (text: string): LanguageModelV4Prompt => [
    ...ASKED,
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text, providerOptions: thought.providerMetadata! },
        {
          type: 'tool-call',
          toolCallId: call.toolCallId,
          toolName: call.toolName,
          input: JSON.parse(call.input),
        },
      ],
    },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: call.toolCallId,
          toolName: call.toolName,
          output: { type: 'text', value: 'ok' },
        },
      ],
    },
  ];
  const second = await model.doGenerate({ prompt: handedBack(thought.text), ...options });
  expect(second).toMatchObject({
    content: [{ type: 'reasoning' }, { type: 'text' }],
    finishReason: { unified: 'stop' },
  });
  expect(
    await failureOf(model.doGenerate({ prompt: handedBack('something else'), ...options })),
  ).toMatchObject({
    statusCode: 400,
    message: 'messages.1.content.0: Invalid `signature` in `thinking` block',
  });
  const without = handedBack('').map((message) =>
    message.role === 'assistant'
      ? { ...message, content: message.content.filter(({ type }) => type !== 'reasoning') }
      : message,
  );
  expect(await failureOf(model.doGenerate({ prompt: without, ...options }))).toMatchObject({
    statusCode: 400,
    message: expect.stringMatching(
      /^messages\.1\.content\.0\.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`\./,
    ),
  });
});

test('a stream has every kind of event, and says what the whole answer says', async () => {
  const { sim, model } = await played();
  await using _ = sim;
  const options = { prompt: ASKED, tools: OFFERED, maxOutputTokens: 2000, ...thinking(1024) };
  const whole = await model.doGenerate(options);
  const parts = [];
  const { stream } = await model.doStream(options);
  for await (const part of stream) parts.push(part);
  expect(new Set(parts.map(({ type }) => type))).toEqual(
    new Set([
      ...['stream-start', 'response-metadata', 'reasoning-start', 'reasoning-delta', 'reasoning-end'],
      // A ping is told as a part of its own.
      'custom',
      ...['tool-input-start', 'tool-input-delta', 'tool-input-end', 'tool-call', 'finish'],
    ]),
  );
  const thought = parts.map((part) => (part.type === 'reasoning-delta' ? part.delta : '')).join('');
  const input = parts.map((part) => (part.type === 'tool-input-delta' ? part.delta : '')).join('');
  expect(whole.content).toMatchObject([{ text: thought }, { type: 'tool-call', input }]);
  const raw = await fetch(`${sim.url}/messages`, {
    method: 'POST',
    headers: { 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ ...HELLO, stream: true }),
  });
  expect(raw.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events = (await raw.text()).match(/^event: .*$/gm);
  expect([...new Set(events)]).toEqual(
    ['message_start', 'ping', 'content_block_start', 'content_block_delta', 'content_block_stop']
      .concat('message_delta', 'message_stop')
      .map((name) => `event: ${name}`),
  );
});

test('what is marked is kept for five minutes, and read for as long again each time', async () => {
  const clock = handClock();
  const { sim } = await played({ clock });
  await using _ = sim;
  const long = 'Answer in one short sentence. '.repeat(200);
  const asked = (question: string) =>
    posted(sim, {
      ...HELLO,
      system: [{ type: 'text', text: long, cache_control: { type: 'ephemeral' } }],
      messages: [{ role: 'user', content: question }],
    });
  const usages = [];
  for (const [question, minutes] of [
    ['a', 4],
    ['b', 4],
    ['c', 6],
    ['d', 0],
  ] as const) {
    const { usage } = (await asked(question)).body;
    usages.push([usage.cache_creation_input_tokens, usage.cache_read_input_tokens, usage.input_tokens! < 20]);
    await clock.advance(minutes * 60_000);
  }
  expect(usages).toEqual([
    [1504, 0, true],
    [0, 1504, true],
    [0, 1504, true],
    [1504, 0, true],
  ]);
});

test('an answer in a form keeps to the schema, by the format and by a tool that is forced', async () => {
  const { sim, model } = await played();
  await using _ = sim;
  const schema = {
    type: 'object' as const,
    properties: { city: { type: 'string' as const, enum: ['Paris', 'Rome'] } },
    required: ['city'],
    additionalProperties: false,
  };
  const responseFormat = { type: 'json' as const, schema };
  for (const modelId of ['claude-sonnet-4-5', 'claude-3-haiku-20240307']) {
    const one = createAnthropic({ baseURL: sim.url, apiKey: 'x' })(modelId);
    const answer = await one.doGenerate({ prompt: ASKED, responseFormat, maxOutputTokens: 200 });
    expect(answer.content).toMatchObject([{ type: 'text', text: '{"city":"Paris"}' }]);
    expect(answer.finishReason.unified).toBe('stop');
  }
  const last = OFFERED.at(-1)!;
  const forced = await model.doGenerate({
    prompt: [{ role: 'user', content: [{ type: 'text', text: PLANTS }] }],
    tools: OFFERED,
    toolChoice: { type: 'tool', toolName: last.name },
    maxOutputTokens: 200,
  });
  expect(forced.content).toMatchObject([{ type: 'tool-call', toolName: last.name }]);
});

test.each([
  ['no limit of tokens', { max_tokens: undefined }, 'max_tokens: Field required'],
  ['a seed', { seed: 7 }, 'seed: Extra inputs are not permitted'],
  ['a temperature of 2', { temperature: 2 }, 'temperature: range: 0..1'],
  ['no messages', { messages: [] }, 'messages: at least one message is required'],
  [
    'a system message',
    { messages: [{ role: 'system', content: 'x' }] },
    'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
  ],
  [
    'an empty text',
    { messages: [{ role: 'user', content: '' }] },
    'messages.0: text content blocks must be non-empty',
  ],
  [
    'a part of the other wire',
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] },
    /^messages\.0\.content\.0: Input tag 'image_url' found using 'type'/,
  ],
  [
    'a call without its result',
    {
      messages: [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'a', input: {} }] },
        { role: 'user', content: 'y' },
      ],
    },
    /^messages\.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1\./,
  ],
  ['a small budget', { thinking: { type: 'enabled', budget_tokens: 10 } }, /greater than or equal to 1024/],
])('%s is refused in the words of Anthropic', async (_, change, message) => {
  await using sim = await started();
  const { status, body, headers } = await posted(sim, { ...HELLO, ...change });
  expect(status).toBe(400);
  expect(body).toEqual({
    type: 'error',
    error: {
      type: 'invalid_request_error',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    },
    request_id: headers.get('request-id'),
  });
});

test('limits, outages and keys are told in the form of Anthropic', async () => {
  const clock = handClock();
  await using limited = await started({ settings: quick({ ratePerSecond: 0.1, burst: 1 }), clock });
  const first = await posted(limited, HELLO);
  expect(first.headers.get('anthropic-ratelimit-requests-remaining')).toBe('0');
  expect(first.headers.get('anthropic-ratelimit-requests-reset')).toBe('2026-01-02T03:04:15Z');
  expect(first.headers.get('x-ratelimit-limit-requests')).toBeNull();
  const second = await posted(limited, HELLO);
  expect([second.status, second.body.error.type, second.headers.get('retry-after')]).toEqual([
    429,
    'rate_limit_error',
    '10',
  ]);
  const outage = { after: 0, forMs: 1000, status: 529 };
  await using out = await started({ settings: quick({ outage }) });
  expect(await posted(out, HELLO)).toMatchObject({
    status: 529,
    body: { error: { type: 'overloaded_error', message: 'Overloaded' } },
  });
  await using locked = await started({ apiKey: 'secret' });
  expect((await posted(locked, HELLO)).body.error).toMatchObject({ type: 'authentication_error' });
  expect((await posted(locked, HELLO, { 'x-api-key': 'secret' })).status).toBe(200);
  expect((await posted(locked, HELLO, { authorization: 'Bearer secret' })).status).toBe(200);
});

test('what its address says is played, turn by turn', async () => {
  const scripts = [[[{ kind: 'say' as const, text: 'Paris', calls: [] }]]];
  await using sim = await started({ scripts });
  const { body } = await posted({ url: sim.url.replace('/v1', '/played/0.0/v1') }, HELLO);
  expect(body.content).toEqual([{ type: 'text', text: 'Paris' }]);
});

test('each fault strikes it as the other wires', async () => {
  const rates = ['errorRate', 'dropRate', 'halfJsonRate', 'invalidUtf8Rate', 'hugeRate', 'dripRate'] as const;
  const seen: Record<string, unknown> = {};
  for (const rate of rates) {
    await using sim = await started({ settings: quick({ [rate]: 1, hugeBytes: 100_000, dripMs: 1 }) });
    const answer = await failureOf(
      fetch(`${sim.url}/messages`, {
        method: 'POST',
        headers: { 'anthropic-version': '2023-06-01' },
        body: JSON.stringify({ ...HELLO, stream: rate === 'hugeRate' }),
      }).then(async (response) => {
        const text = await response.text();
        return Promise.reject([
          response.status,
          text.length > 100_000,
          text.includes('\ufffd'),
          text.endsWith('}'),
        ]);
      }),
    );
    seen[rate] = Array.isArray(answer) ? answer : String(answer);
  }
  expect(seen).toEqual({
    errorRate: [500, false, false, true],
    dropRate: 'TypeError: fetch failed',
    halfJsonRate: [200, false, false, false],
    invalidUtf8Rate: [200, false, true, true],
    hugeRate: [200, true, false, false],
    dripRate: [200, false, false, true],
  });
});

test('models and counts of tokens are told in the form of the one who asks', async () => {
  await using sim = await started();
  const headers = { 'anthropic-version': '2023-06-01' };
  const models = await (await fetch(`${sim.url}/models`, { headers })).json();
  expect(models).toMatchObject({ data: [{ type: 'model', id: 'sim-small' }, {}], has_more: false });
  const { max_tokens: __, ...uncounted } = HELLO;
  const counted = await fetch(`${sim.url}/messages/count_tokens`, {
    method: 'POST',
    headers,
    body: JSON.stringify(uncounted),
  });
  const { usage } = (await posted(sim, HELLO)).body;
  expect(await counted.json()).toEqual({ input_tokens: usage.input_tokens });
  const lost = await fetch(`${sim.url}/messages/nowhere`, { headers });
  expect([lost.status, await lost.json()]).toMatchObject([
    404,
    { type: 'error', error: { type: 'not_found_error' } },
  ]);
});
