// The form of an answer in the words of OpenAI's two APIs.
import { expect, it } from 'vitest';
import type { ModelRequest } from '../../src/core/order.ts';
import type { ResponseFormat } from '../../src/core/response-format.ts';
import { chatBody } from '../../src/providers/openai-chat.ts';
import { responsesBody } from '../../src/providers/openai-responses.ts';

const SCHEMA = { type: 'object', properties: { b: { type: 'string' }, a: { type: 'number' } } };
const FORM: ResponseFormat = {
  ...{ kind: 'schema', name: 'answer', description: 'What is asked for.', strict: true },
  schema: SCHEMA,
};

function request(responseFormat: ResponseFormat, params = {}): ModelRequest {
  return {
    ...{ model: 'm', messages: [], tools: [], temperature: null, maxOutputTokens: null, seed: null },
    ...{ params, responseFormat },
  };
}

it('is response_format of chat completions', () => {
  expect(chatBody(request(FORM), 'max_tokens').response_format).toEqual({
    type: 'json_schema',
    json_schema: { name: 'answer', description: 'What is asked for.', schema: SCHEMA, strict: true },
  });
  expect(chatBody(request({ kind: 'json' }), 'max_tokens').response_format).toEqual({ type: 'json_object' });
});

it('is text.format of the responses API, beside what params say of the text', () => {
  expect(
    responsesBody(request({ ...FORM, description: null, strict: null }, { text: { verbosity: 'low' } })).text,
  ).toEqual({
    verbosity: 'low',
    format: { type: 'json_schema', name: 'answer', schema: SCHEMA },
  });
  expect(responsesBody(request({ kind: 'json' })).text).toEqual({ format: { type: 'json_object' } });
});
