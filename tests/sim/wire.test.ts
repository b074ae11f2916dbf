import { request } from 'node:http';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sim } from '../../src/sim/server/sim.ts';
import { chatRequest, clientOf, DENTIST, failureOf, PLANTS, responsesRequest, started } from './client.ts';

let sim: Sim & { readonly client: OpenAI };
beforeAll(async () => {
  sim = await started();
});
afterAll(() => sim.close());

/** The dentist is on the calendar, and the first line of its tool has a date in a form that a schema names. */
const EVENT = expect.stringContaining(`{"title":"${DENTIST.slice(0, 60)}","date":"2026-01-15"`);

describe('chat completions, read by the official client', () => {
  test('a tool call', async () => {
    const completion = await sim.client.chat.completions.create(chatRequest(DENTIST));
    expect(completion).toMatchObject({
      object: 'chat.completion',
      model: 'sim-small',
      system_fingerprint: 'expgraph-sim',
      choices: [
        {
          index: 0,
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: null,
            tool_calls: [
              {
                id: expect.stringMatching(/^call_sim_[0-9a-f]{8}$/),
                type: 'function',
                function: { name: 'create_calendar_event', arguments: EVENT },
              },
            ],
          },
        },
      ],
    });
  });

  test('a text', async () => {
    const completion = await sim.client.chat.completions.create({ ...chatRequest(PLANTS), tools: [] });
    expect(completion.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { role: 'assistant', content: expect.stringMatching(/simulat/), refusal: null },
    });
  });

  test('usage is about a quarter of the characters, tools included', async () => {
    const { tools, ...bare } = chatRequest(DENTIST);
    const withTools = (await sim.client.chat.completions.create({ ...bare, tools: tools! })).usage!;
    const without = (await sim.client.chat.completions.create(bare)).usage!;
    const toolTokens =
      JSON.stringify(tools!.map((tool) => (tool as { function: object }).function)).length / 4;
    expect(Math.abs(withTools.prompt_tokens - without.prompt_tokens - toolTokens)).toBeLessThan(40);
    expect(withTools.total_tokens).toBe(withTools.prompt_tokens + withTools.completion_tokens);
    expect(withTools.prompt_tokens_details?.cached_tokens).toBe(0);
    expect(withTools.completion_tokens).toBeGreaterThan(10);
  });

  test('a limit of output tokens cuts the answer', async () => {
    const completion = await sim.client.chat.completions.create({
      ...chatRequest(PLANTS),
      tool_choice: 'none',
      max_completion_tokens: 3,
    });
    expect(completion.choices[0]).toMatchObject({
      finish_reason: 'length',
      message: { content: expect.stringMatching(/^.{12}$/) },
    });
    expect(completion.usage?.completion_tokens).toBe(3);
  });

  test('the run comes in by a header and moves the answer at temperature 1 only', async () => {
    const asked = async (temperature: number): Promise<number> => {
      const answers = new Set<string>();
      for (let run = 1; run <= 10; run++) {
        const completion = await sim.client.chat.completions.create(
          { ...chatRequest(PLANTS), temperature },
          { headers: { 'x-expgraph-run': String(run) } },
        );
        answers.add(JSON.stringify(completion.choices));
      }
      return answers.size;
    };
    expect(await asked(0)).toBe(1);
    expect(await asked(1)).toBeGreaterThan(1);
  });

  test('a tool loop goes on to a closing sentence', async () => {
    const first = chatRequest(DENTIST);
    const { message } = (await sim.client.chat.completions.create(first)).choices[0]!;
    const result = {
      role: 'tool' as const,
      tool_call_id: message.tool_calls![0]!.id,
      content: '{"ok":true}',
    };
    const second = await sim.client.chat.completions.create({
      ...first,
      messages: [...first.messages, message, result],
    });
    expect(second.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.any(String) },
    });
  });
});

describe('the responses API, read by the official client', () => {
  test('a function call', async () => {
    const response = await sim.client.responses.create(responsesRequest(DENTIST));
    expect(response).toMatchObject({
      object: 'response',
      status: 'completed',
      model: 'sim-small',
      error: null,
      output_text: '',
      output: [
        {
          type: 'function_call',
          call_id: expect.stringMatching(/^call_sim_/),
          name: 'create_calendar_event',
          arguments: EVENT,
          status: 'completed',
        },
      ],
    });
    expect(response.usage).toMatchObject({
      input_tokens_details: { cached_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: response.usage!.input_tokens + response.usage!.output_tokens,
    });
  });

  test('text, as output_text; plain text as the input', async () => {
    const response = await sim.client.responses.create({ model: 'any-name', input: 'Thank you!' });
    expect(response).toMatchObject({ model: 'any-name', output_text: expect.stringMatching(/\S/) });
  });

  test('a limit of output tokens leaves the response incomplete', async () => {
    const response = await sim.client.responses.create({
      ...responsesRequest(PLANTS),
      tool_choice: 'none',
      max_output_tokens: 2,
    });
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output_text: expect.stringMatching(/^.{8}$/),
    });
  });
});

describe('what is around the calls', () => {
  test('any model is served under its own name, and the list says whose they are', async () => {
    const models = await sim.client.models.list();
    expect(models.data).toEqual([
      { id: 'sim-small', object: 'model', created: 0, owned_by: 'expgraph-simulation' },
      { id: 'sim-large', object: 'model', created: 0, owned_by: 'expgraph-simulation' },
    ]);
    expect((await sim.client.models.retrieve('gpt-x')).owned_by).toBe('expgraph-simulation');
  });

  test('every answer names the server and its request', async () => {
    const { response, request_id } = await sim.client.chat.completions
      .create(chatRequest(DENTIST))
      .withResponse();
    expect(response.headers.get('server')).toBe('expgraph-sim');
    expect(request_id).toMatch(/^req_sim_0_\d+$/);
  });

  test('the root says in one sentence what it is', async () => {
    const answer = await fetch(`http://127.0.0.1:${sim.port}/`);
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringMatching(/simulation.*without a model/),
    ]);
  });

  test('connections are kept', async () => {
    const agent = new (await import('node:http')).Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let i = 0; i < 3; i++) {
      await new Promise<void>((resolve, reject) => {
        const call = request({ port: sim.port, host: '127.0.0.1', path: '/v1/models', agent }, (answer) => {
          ports.add(answer.socket.localPort);
          answer.resume().on('end', resolve);
        });
        call.on('error', reject).end();
      });
    }
    agent.destroy();
    expect(ports.size).toBe(1);
  });
});

describe('requests that are wrong', () => {
  test.each([
    ['streaming', { stream: true }, 'stream', 'unsupported_value'],
    ['several choices', { n: 2 }, 'n', 'unsupported_value'],
    ['no messages', { messages: [] }, 'messages', null],
    ['a message that is none', { messages: ['hello'] }, 'messages', null],
    ['no model', { model: '' }, 'model', null],
    ['a temperature out of range', { temperature: 3 }, 'temperature', null],
    ['a limit of no tokens', { max_tokens: 0 }, 'max_tokens', null],
  ])('%s: 400 that names the parameter', async (_name, changes, param, code) => {
    const failure = await failureOf(
      sim.client.post('/chat/completions', { body: { ...chatRequest(DENTIST), ...changes } }),
    );
    expect(failure).toBeInstanceOf(OpenAI.BadRequestError);
    expect(failure).toMatchObject({
      status: 400,
      param,
      code,
      type: 'invalid_request_error',
      requestID: expect.any(String),
    });
  });

  test('a body that is no JSON object, and one that is nested without end: 400', async () => {
    const statuses = [];
    for (const body of [
      '{',
      '[]',
      'null',
      '\0',
      `{"model":"m","messages":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    ]) {
      const answer = await fetch(`${sim.url}/chat/completions`, { method: 'POST', body });
      statuses.push([
        answer.status,
        typeof ((await answer.json()) as { error: { message: string } }).error.message,
      ]);
    }
    expect(statuses).toEqual(statuses.map(() => [400, 'string']));
  });

  test('tools nested without end: an answer or a 400, and the server lives', async () => {
    const deep = `${'{"properties":{"a":'.repeat(20_000)}{}${'}}'.repeat(20_000)}`;
    const body = `{"model":"m","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"t","parameters":${deep}}}]}`;
    const answer = await fetch(`${sim.url}/chat/completions`, { method: 'POST', body });
    expect([200, 400]).toContain(answer.status);
    expect((await sim.client.models.list()).data.length).toBe(2);
  });

  test('a body above the limit: 413', async () => {
    const answer = await fetch(`${sim.url}/chat/completions`, {
      method: 'POST',
      body: 'x'.repeat(17 * 1024 * 1024),
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      413,
      { error: { code: 'request_too_large' } },
    ]);
  });

  test('an unknown address: 404', async () => {
    expect(await failureOf(sim.client.post('/nowhere', { body: {} }))).toMatchObject({
      status: 404,
      code: 'unknown_url',
    });
    expect(await failureOf(sim.client.get('/chat/completions'))).toMatchObject({ status: 404 });
  });

  test('a missing or wrong key where one is demanded: 401', async () => {
    await using locked = await started({ apiKey: 'open-sesame' });
    const right = clientOf(locked.url, 'open-sesame');
    await right.chat.completions.create(chatRequest(DENTIST));
    const wrong = await failureOf(
      clientOf(locked.url, 'guess').chat.completions.create(chatRequest(DENTIST)),
    );
    expect(wrong).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(wrong).toMatchObject({
      status: 401,
      code: 'invalid_api_key',
      message: '401 Incorrect API key provided.',
    });
    const answer = await fetch(`${locked.url}/chat/completions`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
    expect(locked.stats()).toMatchObject({ requests: 3, answered: 1, rejected: 2 });
  });

  test('a prompt above the context: 400 context_length_exceeded', async () => {
    await using small = await started({ contextTokens: 500 });
    const fitting = { ...chatRequest('Thanks!'), tools: [] };
    await small.client.chat.completions.create(fitting);
    const long = { ...fitting, messages: [{ role: 'user' as const, content: 'word '.repeat(500) }] };
    expect(await failureOf(small.client.chat.completions.create(long))).toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    });
  });
});
