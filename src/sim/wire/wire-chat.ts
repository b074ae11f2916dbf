// POST /v1/chat/completions: the request read into a prompt, the reply written as a chat completion.
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Prompt, Turn } from './prompt.ts';
import { toolKitOf } from './tool-kit.ts';
import type { Api, Stamped } from './wire.ts';
import { badRequest, type WireError } from './wire-error.ts';
import {
  type Body,
  callsOf,
  contentText,
  offeredTool,
  readSettings,
  roleOf,
  SIM_FINGERPRINT,
  toolChoiceOf,
} from './wire-fields.ts';

export const CHAT: Api = { read: readChat, write: writeChat };

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
  const offered = tools
    .map((tool) => offeredTool(isJsonObject(tool) ? tool.function : null))
    .filter((tool) => tool !== null);
  return ok({
    ...settings.value,
    turns: messages.map(turnOf),
    kit: toolKitOf(offered),
    toolChoice: toolChoiceOf(body.tool_choice),
    answerSchema: answerSchemaOf(body.response_format),
  });
}

function turnOf(message: JsonObject): Turn {
  const calls = message.tool_calls;
  const called = Array.isArray(calls) ? JSON.stringify(calls) : '';
  return { role: roleOf(message.role), text: contentText(message.content) + called };
}

function answerSchemaOf(format: unknown): JsonObject | null {
  if (!isJsonObject(format) || format.type !== 'json_schema' || !isJsonObject(format.json_schema))
    return null;
  const schema = format.json_schema.schema;
  return isJsonObject(schema) ? schema : null;
}

function writeChat({ written, mark, servedModel, inputTokens, id, createdAt }: Stamped): string {
  const { reply, text, tokens, isCut } = written;
  const message =
    reply.kind === 'text'
      ? { role: 'assistant', content: text + mark, refusal: null, annotations: [] }
      : {
          role: 'assistant',
          content: reply.kind === 'calls' && text !== '' ? text + mark : mark === '' ? null : mark,
          refusal: null,
          annotations: [],
          tool_calls: callsOf(written).map(({ id, ...called }) => ({
            id,
            type: 'function',
            function: called,
          })),
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
        finish_reason: isCut ? 'length' : reply.kind === 'text' ? 'stop' : 'tool_calls',
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
