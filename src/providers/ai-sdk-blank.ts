// Answers in which hardly anything is said, in the form of each API: what a package is answered that only builds a request, so that
// it goes on to the end and tells what it warns of.
import type { JsonObject } from '../core/json.ts';
import { makeLeanResponse } from './lean-response.ts';

const TEXT = 'ok';

export function blankResponse(url: string): Response {
  const headers = new Headers({ 'content-type': 'application/json' });
  const body = Buffer.from(JSON.stringify(blankAnswer(url)));
  return makeLeanResponse({ status: 200, statusText: 'OK', headers, url, body });
}

/** By the path that was asked; an API that nobody here knows gets what most of them take. */
export function blankAnswer(url: string): JsonObject {
  const path = URL.parse(url)?.pathname ?? '';
  return FORMS.find(({ at }) => at.test(path))?.body ?? CHAT;
}

const COUNTS = { input_tokens: 1, output_tokens: 1 };

const CHAT: JsonObject = {
  id: 'blank',
  object: 'chat.completion',
  created: 0,
  model: 'blank',
  choices: [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

const FORMS: readonly { readonly at: RegExp; readonly body: JsonObject }[] = [
  {
    at: /\/messages$|:rawPredict$|\/invoke$/,
    body: {
      ...{ id: 'blank', type: 'message', role: 'assistant', model: 'blank' },
      content: [{ type: 'text', text: TEXT }],
      ...{ stop_reason: 'end_turn', stop_sequence: null, usage: COUNTS },
    },
  },
  {
    at: /:generateContent$/,
    body: {
      candidates: [{ content: { role: 'model', parts: [{ text: TEXT }] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    },
  },
  {
    at: /\/responses$/,
    body: {
      ...{ id: 'blank', object: 'response', created_at: 0, model: 'blank', status: 'completed' },
      output: [
        {
          ...{ type: 'message', id: 'blank', role: 'assistant', status: 'completed' },
          content: [{ type: 'output_text', text: TEXT, annotations: [], logprobs: [] }],
        },
      ],
      usage: { ...COUNTS, total_tokens: 2 },
    },
  },
  {
    at: /\/converse$/,
    body: {
      output: { message: { role: 'assistant', content: [{ text: TEXT }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      metrics: { latencyMs: 1 },
    },
  },
  {
    at: /\/v2\/chat$/,
    body: {
      ...{ id: 'blank', finish_reason: 'COMPLETE' },
      message: { role: 'assistant', content: [{ type: 'text', text: TEXT }] },
      usage: { billed_units: COUNTS, tokens: COUNTS },
    },
  },
];
