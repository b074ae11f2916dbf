// The two APIs of OpenAI as one face: what is written, where it is sent, and how its answer is read. Pure.
import type { JsonObject } from '../core/json.ts';
import type { ModelRequest } from '../core/order.ts';
import { unreachable } from '../core/result.ts';
import { withIds } from './call-ids.ts';
import { chatBody, chatToolMessage, nameChatCalls, readChatCompletion } from './openai-chat.ts';
import type { Echo } from './openai-echo.ts';
import { type Said, saidInChat, saidInItems } from './openai-mend.ts';
import type { BodyReader } from './openai-read.ts';
import { readResponse, responsesBody, responsesToolMessage } from './openai-responses.ts';
import { streamFields, type Way } from './openai-ways.ts';
import type { ModelClient } from './provider.ts';

/** What is said back, and how it is asked: of the endpoint and the model. */
type How = { readonly echo: Echo; readonly way: Way };

export type Dialect = {
  readonly path: string;
  readonly write: (request: ModelRequest, how: How) => JsonObject;
  readonly read: BodyReader;
  readonly said: (since: readonly JsonObject[], echo: Echo) => Said;
  readonly nameCalls: ModelClient['nameCalls'];
  readonly toolMessage: ModelClient['toolMessage'];
};

export function dialectOf(api: 'chat' | 'responses', baseUrl: URL): Dialect {
  switch (api) {
    case 'chat': {
      const field = baseUrl.hostname === 'api.openai.com' ? 'max_completion_tokens' : 'max_tokens';
      return {
        path: '/chat/completions',
        write: (request, { echo, way }) =>
          withStream(chatBody(request, way.maxTokensField ?? field, echo), streamFields(way, true)),
        read: readChatCompletion,
        said: saidInChat,
        nameCalls: nameChatCalls,
        toolMessage: chatToolMessage,
      };
    }
    case 'responses':
      return {
        path: '/responses',
        write: (request, { echo, way }) =>
          withStream(
            responsesBody(request, echo, way.maxTokensField ?? 'max_output_tokens'),
            streamFields(way, false),
          ),
        read: readResponse,
        said: saidInItems,
        nameCalls: ({ toolCalls }, earlier) => withIds(toolCalls, earlier),
        toolMessage: responsesToolMessage,
      };
    default:
      return unreachable(api);
  }
}

/** What the variant's params say goes over it. */
function withStream(body: JsonObject, fields: JsonObject): JsonObject {
  return 'stream' in fields ? { ...fields, ...body } : body;
}
