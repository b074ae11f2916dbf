// POST /v1/chat/completions: the request read into a prompt, the reply written as a chat completion.
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { openAiApi, type Stamped } from './api.ts';
import type { Prompt, Turn } from './prompt.ts';
import { badRequest, type WireError } from './wire-error.ts';
import {
  answerSchemaOf,
  type Body,
  contentText,
  readSettings,
  readTools,
  roleOf,
  SIM_FINGERPRINT,
  toolChoiceOf,
} from './wire-fields.ts';

export const CHAT = openAiApi(readChat, writeChat);

function readChat(body: Body): Result<Prompt, WireError> {
  const settings = readSettings(body, ['max_completion_tokens', 'max_tokens']);
  if (settings.kind === 'err') return settings;
  const messages = body.messages;
  if (!Array.isArray(messages) || messages.length === 0) {
    return err(badRequest('messages has to be a list of at least one message.', { param: 'messages' }));
  }
  if (!messages.every(isJsonObject)) {
    return err(
      badRequest('Each message has to be an object with a role and content.', { param: 'messages' }),
    );
  }
  if (body.n != null && body.n !== 1) {
    return err(
      badRequest('The simulation gives one choice: leave "n" out.', {
        param: 'n',
        code: 'unsupported_value',
      }),
    );
  }
  const tools = Array.isArray(body.tools) ? body.tools : [];
  const format = body.response_format;
  return ok({
    ...settings.value,
    turns: messages.map(turnOf),
    ...readTools(tools.map((tool) => (isJsonObject(tool) ? tool.function : null))),
    toolChoice: toolChoiceOf(body.tool_choice),
    answerSchema: answerSchemaOf(format, isJsonObject(format) ? format.json_schema : null),
  });
}

function turnOf(message: JsonObject): Turn {
  const calls = message.tool_calls;
  const called = Array.isArray(calls) ? JSON.stringify(calls) : '';
  return { role: roleOf(message.role), text: contentText(message.content) + called };
}

function writeChat({ written, mark, servedModel, inputTokens, id, createdAt }: Stamped): string {
  const { text, calls, tokens, isCut } = written;
  const isCall = calls.length > 0;
  const message = {
    role: 'assistant',
    content: isCall && text + mark === '' ? null : text + mark,
    refusal: null,
    annotations: [],
    ...(isCall
      ? { tool_calls: calls.map(({ id, ...called }) => ({ id, type: 'function', function: called })) }
      : {}),
  };
  return JSON.stringify({
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    created: createdAt,
    model: servedModel,
    choices: [
      {
        index: 0,
        message,
        logprobs: null,
        finish_reason: isCut ? 'length' : isCall ? 'tool_calls' : 'stop',
      },
    ],
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: tokens,
      total_tokens: inputTokens + tokens,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
    system_fingerprint: SIM_FINGERPRINT,
  });
}
