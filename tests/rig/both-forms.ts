// Answers of a model in the forms of the Anthropic and the OpenAI wire: it calls the first tool that it is offered where
// the user asks for something to be kept, and says something where not.
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';

type Said = { readonly text: string; readonly tool: string | null; readonly input: JsonObject };

const KEEPS = /remind|calendar|book|every|due|forget|ping|dentist|gym|flight|bus|birthday|rent|tea/i;

export function anthropicAnswer(body: JsonObject, n: number): JsonObject {
  const { text, tool, input } = say(body);
  return {
    ...{ id: `msg_${n}`, type: 'message', role: 'assistant', model: `${body.model}-20260101` },
    content: [
      { type: 'text', text },
      ...(tool === null ? [] : [{ type: 'tool_use', id: `toolu_${n}`, name: tool, input }]),
    ],
    ...{ stop_reason: tool === null ? 'end_turn' : 'tool_use', stop_sequence: null },
    usage: { input_tokens: tokensIn(body), output_tokens: 20 + text.length },
  };
}

export function anthropicEvents(body: JsonObject, n: number): string {
  const { content, stop_reason, usage, ...message } = anthropicAnswer(body, n) as {
    content: JsonObject[];
    stop_reason: string;
    usage: JsonObject;
  };
  const events: JsonObject[] = [
    {
      type: 'message_start',
      message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    },
  ];
  for (const [index, block] of content.entries()) {
    const isText = block.type === 'text';
    const content_block = isText ? { type: 'text', text: '' } : { ...block, input: {} };
    events.push({ type: 'content_block_start', index, content_block });
    const whole = isText ? String(block.text) : JSON.stringify(block.input);
    for (const part of halves(whole)) {
      const delta = isText
        ? { type: 'text_delta', text: part }
        : { type: 'input_json_delta', partial_json: part };
      events.push({ type: 'content_block_delta', index, delta });
    }
    events.push({ type: 'content_block_stop', index });
  }
  events.push({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage });
  events.push({ type: 'message_stop' });
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

export function chatAnswerOf(body: JsonObject, n: number): JsonObject {
  const { text, tool, input } = say(body);
  const call = {
    id: `call_${n}`,
    type: 'function',
    function: { name: tool, arguments: JSON.stringify(input) },
  };
  return {
    ...{ id: `chatcmpl-${n}`, object: 'chat.completion', created: 1_780_000_000 + n },
    model: `${body.model}-2026-01-01`,
    choices: [
      {
        index: 0,
        message: {
          ...{ role: 'assistant', content: text, refusal: null },
          ...(tool === null ? {} : { tool_calls: [call] }),
        },
        finish_reason: tool === null ? 'stop' : 'tool_calls',
      },
    ],
    usage: usageOf(body, text),
  };
}

export function chatEvents(body: JsonObject, n: number): string {
  const whole = chatAnswerOf(body, n);
  const [choice] = whole.choices as [{ message: JsonObject; finish_reason: string }];
  const { role, content, tool_calls } = choice.message;
  const chunk = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
    ...{ id: whole.id!, object: 'chat.completion.chunk', created: whole.created!, model: whole.model! },
    choices: [{ index: 0, delta, finish_reason }],
  });
  const calls = ((tool_calls ?? []) as JsonObject[]).map((call, index) => ({ index, ...call }));
  const chunks: JsonObject[] = [
    chunk({ role: role!, content: '' }),
    ...halves(String(content)).map((part) => chunk({ content: part })),
    ...(calls.length === 0 ? [] : [chunk({ tool_calls: calls })]),
    chunk({}, choice.finish_reason),
    { ...chunk({}), choices: [], usage: whole.usage! },
  ];
  return `${chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('')}data: [DONE]\n\n`;
}

export function responseAnswerOf(body: JsonObject, n: number): JsonObject {
  const { text, tool, input } = say(body);
  return {
    ...{ id: `resp_${n}`, object: 'response', status: 'completed', model: `${body.model}-2026-01-01` },
    output: [
      {
        ...{ id: `msg_${n}`, type: 'message', role: 'assistant', status: 'completed' },
        content: [{ type: 'output_text', text, annotations: [] }],
      },
      ...(tool === null
        ? []
        : [
            {
              ...{ id: `fc_${n}`, type: 'function_call', call_id: `call_${n}`, status: 'completed' },
              ...{ name: tool, arguments: JSON.stringify(input) },
            },
          ]),
    ],
    usage: { input_tokens: tokensIn(body), output_tokens: 20 + text.length, total_tokens: 0 },
  };
}

function say(body: JsonObject): Said {
  const asked = lastText(body);
  const tools = (Array.isArray(body.tools) ? body.tools : []) as JsonObject[];
  const first = tools[0];
  const name = isJsonObject(first?.function) ? first.function.name : first?.name;
  const keeps = KEEPS.test(asked) && typeof name === 'string';
  return {
    text: keeps ? `I keep that: ${asked.slice(-40)}` : `About "${asked.slice(-40)}": no tool is needed.`,
    tool: keeps ? name : null,
    input: { title: asked.slice(-30), when: '2026-02-16T09:00:00Z', start: '2026-02-16T09:00:00Z' },
  };
}

/** What the user said last, in either form. */
function lastText(body: JsonObject): string {
  const list = (body.messages ?? body.input ?? []) as Json;
  if (typeof list === 'string') return list;
  const last = (list as JsonObject[]).findLast(({ role }) => role === 'user');
  const content = last?.content;
  if (typeof content === 'string') return content;
  return ((content ?? []) as JsonObject[]).map(({ text }) => String(text ?? '')).join('\n');
}

function usageOf(body: JsonObject, text: string): JsonObject {
  const [input, output] = [tokensIn(body), 20 + text.length];
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function tokensIn(body: JsonObject): number {
  return Math.ceil(JSON.stringify(body).length / 4);
}

function halves(text: string): readonly string[] {
  const at = Math.floor(text.length / 2);
  return [text.slice(0, at), text.slice(at)].filter((part) => part !== '');
}
