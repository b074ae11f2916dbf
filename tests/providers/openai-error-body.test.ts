// The words of an error, in whatever envelope they come.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findHiddenError, readServerError } from '../../src/providers/openai-error-body.ts';

const FORMS: readonly [form: string, body: unknown, message: string, code: string | null][] = [
  ['OpenAI', { error: { message: 'no', type: 't', code: 'c' } }, 'no', 'c'],
  ['a list (Gemini)', [{ error: { code: 400, message: 'no', status: 'INVALID_ARGUMENT' } }], 'no', null],
  ['text under error', { error: 'no' }, 'no', null],
  ['code and text (xAI)', { code: 'Some words', error: 'no' }, 'no', 'Some words'],
  ['no envelope (Mistral, vLLM)', { object: 'error', message: 'no', code: null }, 'no', null],
  ['detail (FastAPI)', { detail: 'no' }, 'no', null],
  [
    ...([
      'a list of details (FastAPI)',
      {
        detail: [
          { loc: ['body', 'x', 0], msg: 'no' },
          { loc: ['y'], msg: 'nor' },
        ],
      },
    ] as const),
    'body.x.0: no: y: nor',
    null,
  ],
  [
    'details in a message (Mistral)',
    { message: { detail: [{ loc: ['body', 'x'], msg: 'no' }] } },
    'body.x: no',
    null,
  ],
  ['capitals (AWS)', { Message: 'no', Code: 'C' }, 'no', 'C'],
  ['__type (AWS)', { __type: 'ValidationException', message: 'no' }, 'no', 'ValidationException'],
  ['base_resp (MiniMax)', { base_resp: { status_code: 1008, status_msg: 'no' } }, 'no', '1008'],
  [
    'errors (Cloudflare)',
    { success: false, errors: [{ code: 7009, message: 'no' }], result: {} },
    'no',
    '7009',
  ],
  ['fault (Apigee)', { fault: { faultstring: 'no', detail: { errorcode: 'a.b' } } }, 'no', 'a.b'],
  ['msg', { code: 1301, msg: 'no' }, 'no', '1301'],
  ['error_msg (Baidu)', { error_code: 110, error_msg: 'no' }, 'no', '110'],
  ['error_description (OAuth)', { error: 'c', error_description: 'no' }, 'no: c', null],
  ['problem+json', { title: 'T', detail: 'no', status: 401 }, 'no', null],
  ['text that is JSON', '{"error":{"message":"no","code":"c"}}', 'no', 'c'],
  ['text', 'no', 'no', null],
  ['a page', '<!doctype html><head><TITLE>no</TITLE>', 'an HTML page, "no"', null],
  [
    ...(['raw of an upstream (OpenRouter)'] as const),
    {
      error: {
        message: 'Provider returned error',
        code: 400,
        metadata: { raw: '{"error":{"message":"no","code":"c"}}' },
      },
    },
    'Provider returned error: no',
    'c',
  ],
  [
    ...(['JSON behind words (LiteLLM)'] as const),
    {
      error: {
        message: 'BadRequestError: XException - {"error": {"message": "no", "code": "c"}}',
        code: '400',
      },
    },
    'BadRequestError: XException: no',
    'c',
  ],
  [
    ...(['reasons (OpenRouter)'] as const),
    { error: { message: 'flagged', metadata: { reasons: ['violence', { toString: 1 }] } } },
    'flagged: reasons: violence',
    null,
  ],
  ['nothing', '', '', null],
  ['an empty object', { error: {} }, '', null],
  ['something else', { why: 'no' }, '{"why":"no"}', null],
];

it.each(FORMS)('the words of %s are found', (_, body, message, code) => {
  expect(readServerError(body, 400)).toMatchObject({ status: 400, message, code });
});

it.each<[code: unknown, status: number | null]>([
  [429, 429],
  ['429', 429],
  [1113, null],
  ['no', null],
])('the code %o as status is %s where no other is known', (code, status) => {
  expect(readServerError({ error: { code, message: 'no' } }, null).status).toBe(status);
  expect(readServerError({ error: { code, message: 'no' } }, 500).status).toBe(500);
});

it('whatever comes has words that are text, and nothing is thrown', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 6 }),
      fc.constantFrom('error', 'message', 'detail', 'loc', 'code'),
      (value, name) => {
        const found = readServerError({ [name]: value, error: { [name]: value, toString: 1 } }, null);
        return typeof found.message === 'string' && found.names.every((one) => typeof one === 'string');
      },
    ),
  );
});

describe('an error in a body of success', () => {
  it.each<[name: string, body: object, message: string | null]>([
    ['base_resp', { choices: null, base_resp: { status_code: 1026, status_msg: 'no' } }, 'no'],
    ['a bare code and message', { code: 1301, msg: 'no' }, 'no'],
    ['errors', { success: false, errors: [{ message: 'no' }] }, 'no'],
    ['a base_resp that is well', { base_resp: { status_code: 0, status_msg: 'success' } }, null],
    ['an empty error', { choices: [], error: { message: '', code: null } }, null],
    ['an answer of another kind', { message: 'hello', choices: [] }, null],
    ['nothing of that', { ok: true }, null],
    ['a status in words', { status: 'error', message: 'no' }, 'no'],
    ['no success', { success: false, message: 'no' }, 'no'],
    ['iFlow’s status', { status: '449', msg: 'no', body: null }, 'no'],
    ['a state that is well around something else', { code: 0, msg: 'ok', data: {} }, null],
    ['the same as text', { code: '200', message: 'success', data: {} }, null],
  ])('that is %s is found', (_, body, message) => {
    expect(findHiddenError(Buffer.from(JSON.stringify(body)))?.message ?? null).toBe(message);
  });
});
