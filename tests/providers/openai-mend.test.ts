// What a refusal asks a tool loop to say, or not to say, in the words of whoever refuses.
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { echoOf } from '../../src/providers/openai-echo.ts';
import { makeEchoMemory, mendOf, saidInChat, saidInItems } from '../../src/providers/openai-mend.ts';

const CALL = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
const RESULT = { role: 'tool', tool_call_id: 'a', content: 'x' };

type Row = {
  readonly vendor: string;
  readonly words: string;
  readonly status?: number;
  /** Of the message. */
  readonly held?: JsonObject;
  readonly ofCall?: JsonObject;
  readonly echo?: readonly string[];
  readonly mend: readonly string[];
};

const CHAT: readonly Row[] = [
  // Demanded.
  {
    vendor: 'DeepSeek',
    words: 'The `reasoning_content` in the thinking mode must be passed back to the API.',
    mend: ['reasoning_content'],
  },
  {
    vendor: 'DeepSeek, older',
    words: 'Missing `reasoning_content` field in the assistant message at message index 2.',
    mend: ['reasoning_content'],
  },
  {
    vendor: 'Moonshot',
    words: 'thinking is enabled but reasoning_content is missing in assistant tool call message at index 1',
    mend: ['reasoning_content'],
  },
  {
    vendor: 'LiteLLM',
    words: 'messages[51]: assistant message with tool_calls must include reasoning_content.',
    status: 500,
    mend: ['reasoning_content'],
  },
  {
    vendor: 'Gemini by LiteLLM',
    words: 'Function call is missing a thought_signature in functionCall parts.',
    ofCall: { provider_specific_fields: { thought_signature: 'x' } },
    mend: ['provider_specific_fields'],
  },
  {
    vendor: 'Gemini',
    words: '* GenerateContentRequest.contents[2].parts[0].function_response.name: Name cannot be empty.',
    mend: ['name'],
  },
  { vendor: 'a template', words: 'tool messages must have a name', mend: ['name'] },
  {
    vendor: 'a schema',
    words: '[{"type":"missing","loc":["body","messages",2,"tool","name"],"msg":"Field required"}]',
    status: 422,
    mend: ['name'],
  },
  {
    vendor: 'Anthropic by a router',
    words: 'Expected `thinking` or `redacted_thinking`, but found `tool_use`',
    held: { thinking: [{ signature: 's' }] },
    mend: ['thinking'],
  },
  {
    vendor: 'Bedrock',
    words: 'messages: text content blocks must be non-empty',
    held: { content: '' },
    mend: ['content'],
  },
  { vendor: 'Ollama', words: 'invalid message content type: <nil>', mend: ['content'] },
  // Refused.
  {
    vendor: 'Groq',
    words:
      "'messages.2' : for 'role:assistant' the following must be satisfied[('messages.2' : property 'reasoning' is unsupported)]",
    held: { reasoning: 'r' },
    echo: ['reasoning'],
    mend: ['-reasoning'],
  },
  {
    vendor: 'Cerebras',
    words:
      "messages.2.assistant.reasoning_content: property 'messages.2.assistant.reasoning_content' is unsupported",
    echo: ['reasoning_content'],
    mend: ['-reasoning_content'],
  },
  {
    vendor: 'Mistral',
    words:
      '[{"type":"extra_forbidden","loc":["body","messages",2,"assistant","reasoning_details"],"msg":"Extra inputs are not permitted"}]',
    status: 422,
    held: { reasoning_details: [1] },
    mend: ['-reasoning_details'],
  },
  {
    vendor: 'a schema, of a call',
    words:
      "Additional properties are not allowed ('extra_content' was unexpected) - 'messages.1.tool_calls.0'",
    ofCall: { extra_content: {} },
    mend: ['-extra_content'],
  },
  {
    vendor: 'a schema, of a result',
    words: 'messages.2.name: Extra inputs are not permitted',
    echo: ['name'],
    mend: ['-name'],
  },
  // Of nothing that is said back.
  {
    vendor: 'OpenAI',
    words: "Unsupported parameter: 'reasoning_effort' is not supported with this model.",
    held: { reasoning: 'r' },
    mend: [],
  },
  { vendor: 'a sentence', words: 'reasoning is required by this model', held: { reasoning: 'r' }, mend: [] },
  {
    vendor: 'a refusal of what was not said',
    words: "property 'reasoning_content' is unsupported",
    mend: [],
  },
  { vendor: 'a firewall', words: 'reasoning_content is missing', status: 403, mend: [] },
  {
    vendor: 'a schema, as a path',
    words: 'body.messages.2.tool.name: Field required',
    status: 422,
    mend: ['name'],
  },
  { vendor: 'a fault of the server', words: "unexpected end in 'content'", status: 500, mend: [] },
  {
    vendor: 'whoever names what is no name',
    words: 'a_b\u001b[2J is missing',
    held: { 'a_b\u001b[2J': 1 },
    mend: [],
  },
  { vendor: 'a limit', words: 'reasoning_content is missing', status: 429, mend: [] },
];

test.each(CHAT)('$vendor: $words', ({ words, status = 400, held = {}, ofCall = {}, echo = [], mend }) => {
  const since = [{ role: 'assistant', content: null, ...held, tool_calls: [{ ...CALL, ...ofCall }] }, RESULT];
  expect(mendOf({ status, message: words }, saidInChat(since, echoOf(echo)))).toEqual(mend);
});

describe('of items', () => {
  const since = [
    { type: 'reasoning', id: 'rs_1', summary: [] },
    { type: 'function_call', id: 'fc_1', call_id: 'a', name: 'f', arguments: '{}', status: 'completed' },
    { type: 'function_call_output', call_id: 'a', output: 'x' },
  ];
  test.each([
    ["Unknown parameter: 'input[1].status'.", 400, ['-status']],
    ["Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.", 404, ['-id']],
    ["Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item", 400, []],
  ] as const)('%s', (message, status, mend) => {
    expect(mendOf({ status, message }, saidInItems(since, echoOf()))).toEqual(mend);
  });
});

test('what was taken is kept by model, the later word counts, and only what is new is news', () => {
  const memory = makeEchoMemory(['reasoning']);
  expect(memory.of('a', ['-reasoning']).changes).toEqual(['-reasoning']);
  expect(memory.of('a', []).changes).toEqual([]);
  expect(memory.taken('a', ['-reasoning'])).toBe(true);
  expect(memory.taken('a', ['-reasoning'])).toBe(false);
  expect([...memory.of('a', ['reasoning']).echo]).toContain('reasoning');
  expect([...memory.of('a', []).echo]).not.toContain('reasoning');
  expect([...memory.of('b', []).echo]).toContain('reasoning');
});
