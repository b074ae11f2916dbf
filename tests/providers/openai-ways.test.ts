// What refusals say of how an endpoint wants to be asked, in the words of its vendor.
import { describe, expect, test } from 'vitest';
import { type EndpointSettings, type Lesson, NO_SETTINGS } from '../../src/core/endpoint-settings.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { adviceOf, makeWays } from '../../src/providers/openai-ways.ts';
import { REQUEST } from '../rig/model-calls.ts';

const request = { ...REQUEST, maxOutputTokens: 64, temperature: 0.2 };
const refused = (message: string, status = 400) => ({
  ...({ kind: 'bad-request', status, retryAfterMs: null } as const),
  message: `h answered ${status}: ${message}`,
});

function learn(of: {
  readonly message: string;
  readonly status?: number;
  readonly body?: JsonObject;
  readonly settings?: Partial<EndpointSettings>;
}) {
  const lessons: Lesson[] = [];
  const settings = { ...NO_SETTINGS, ...of.settings };
  const ways = makeWays({ settings, host: 'h', say: (lesson) => lessons.push(lesson) });
  const way = ways.of(request.model);
  const { body = { max_tokens: 64 } } = of;
  const next = ways.learn({ failure: refused(of.message, of.status), request, body, way });
  return { next, lines: lessons.map(({ line }) => line), ways };
}

describe('only streams are served', () => {
  test.each([
    [
      'DashScope, QwQ',
      'This model only support stream mode, please enable the stream parameter to access the model.',
    ],
    ['DashScope, Qwen3', 'parameter.enable_thinking must be set to false for non-streaming calls'],
    ['Codex', '{"detail":"Stream must be set to true"}'],
    ['a proxy of Copilot', 'stream must be true'],
    ['LiteLLM', 'Non-streaming is not supported for this model'],
    ['Baidu', 'the model only supports streaming'],
    ['a gateway', 'This endpoint requires streaming: set "stream": true'],
    ['another', 'streaming is required'],
    ['a third', 'non-stream requests are not supported'],
  ])('%s', (_, message) => {
    const { next, lines } = learn({ message });
    expect(next).toMatchObject({ stream: true, asksUsage: true });
    expect(lines).toEqual(['stream: true']);
  });

  test('is not heard where the manifest says how', () => {
    expect(learn({ message: 'stream must be true', settings: { stream: 'never' } }).next).toBeNull();
  });

  test.each([
    'streaming is not supported for this model',
    'the stream was closed',
    'upstream must be restarted',
  ])('is not heard in "%s"', (message) => expect(learn({ message }).next).toBeNull());
});

test.each([
  ['Azure of 2024', 'Unrecognized request argument supplied: stream_options'],
  [
    'Mistral, older',
    '{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}',
  ],
])('a stream without usage is asked for where that is refused: %s', (_, message) => {
  const { next, lines } = learn({ message, settings: { stream: 'always' } });
  expect(next).toEqual({ maxTokensField: null, stream: true, asksUsage: false });
  expect(lines).toEqual([]);
});

describe('the name of the max-tokens field', () => {
  test.each([
    [
      'OpenAI, Azure',
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'max_completion_tokens',
    ],
    [
      'Azure of 2024',
      'Unrecognized request argument supplied: max_completion_tokens',
      'max_completion_tokens',
      'max_tokens',
    ],
    [
      'Mistral',
      '{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted"}]}',
      'max_completion_tokens',
      'max_tokens',
    ],
    [
      'a responses layer',
      "Unsupported parameter: 'max_tokens'. In the Responses API, this parameter has moved to 'max_output_tokens'.",
      'max_tokens',
      'max_output_tokens',
    ],
    [
      'TGI, old',
      'unknown field `max_tokens`, expected one of `max_new_tokens`',
      'max_tokens',
      'max_new_tokens',
    ],
  ])('%s', (_, message, sent, wanted) => {
    const { next, lines } = learn({ message, body: { [sent]: 64 } });
    expect(next).toMatchObject({ maxTokensField: wanted });
    expect(lines).toEqual([`max_tokens_field: ${wanted}`]);
  });

  test.each([
    'max_tokens is too large: 100000. This model supports at most 4096 completion tokens',
    'max_tokens must be greater than thinking.budget_tokens',
    'unsupported parameter: top_k',
  ])('is not what "%s" speaks of', (message) => expect(learn({ message }).next).toBeNull());

  test('is left alone where the manifest or the params say it', () => {
    const message = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.";
    expect(learn({ message, settings: { maxTokensField: 'max_tokens' } }).next).toBeNull();
    expect(learn({ message, status: 429 }).next).toBeNull();
  });

  test('refused by both names is tried by each once, and said once', () => {
    const lessons: Lesson[] = [];
    const ways = makeWays({ settings: NO_SETTINGS, host: 'h', say: (lesson) => lessons.push(lesson) });
    const ask = (name: string) =>
      ways.learn({
        ...{ failure: refused(`Unsupported parameter: '${name}'`), request, body: { [name]: 64 } },
        way: ways.of(request.model),
      });
    expect(ask('max_tokens')).toMatchObject({ maxTokensField: 'max_completion_tokens' });
    expect(ask('max_completion_tokens')).toMatchObject({ maxTokensField: 'max_tokens' });
    expect(ask('max_tokens')).toBeNull();
    expect(ask('max_tokens')).toBeNull();
    expect(lessons).toHaveLength(2);
  });

  test('is learnt for the model, not for its neighbours', () => {
    const { ways } = learn({ message: "Unsupported parameter: 'max_tokens'" });
    expect(ways.of(request.model).maxTokensField).toBe('max_completion_tokens');
    expect(ways.of('another').maxTokensField).toBeNull();
  });

  test('a call that was under way when it was learnt is sent again in the new way, and nothing is said twice', () => {
    const lessons: Lesson[] = [];
    const ways = makeWays({ settings: NO_SETTINGS, host: 'h', say: (lesson) => lessons.push(lesson) });
    const way = ways.of(request.model);
    const refusal = {
      failure: refused("Unsupported parameter: 'max_tokens'"),
      request,
      body: { max_tokens: 64 },
      way,
    };
    expect(ways.learn(refusal)).toEqual(ways.learn(refusal));
    expect(lessons).toHaveLength(1);
  });
});

test.each([
  [
    "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
    true,
  ],
  ["Unsupported parameter: 'temperature' is not supported with this model.", true],
  ['invalid temperature: only 1 is allowed for this model', true],
  ['`temperature` is deprecated for this model.', true],
  ['temperature must be between 0 and 1', false],
  ['something else', false],
])('a refused temperature is told with what to do, and never left out: %s', (message, isRefused) => {
  const advice = adviceOf({ failure: refused(message), request });
  expect(advice.includes('temperature: null')).toBe(isRefused);
  expect(learn({ message, body: { max_tokens: 64, temperature: 0.2 } }).next).toBeNull();
});
