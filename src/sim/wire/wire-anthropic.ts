// POST /v1/messages of Anthropic: the request read into a prompt, the reply written as a message or as its stream.
// https://platform.claude.com/docs/en/api/messages
import type { IncomingHttpHeaders } from 'node:http';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { parseObject } from '../../core/json-text.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { type BodyMessage, readMessages } from './anthropic-messages.ts';
import { mistakeOfSettings, mistakeOfTurns } from './anthropic-mistakes.ts';
import { prefixesOf } from './anthropic-prefixes.ts';
import { EVENT_STREAM, streamOf } from './anthropic-stream.ts';
import { type Api, JSON_TYPE, type Reading, type Stamped } from './api.ts';
import { ANTHROPIC } from './dialect.ts';
import type { Prompt, ToolChoice, Turn } from './prompt.ts';
import { signatureOf } from './signature.ts';
import { badRequest, type WireError } from './wire-error.ts';
import { type Body, readTools, tokensOf } from './wire-fields.ts';

export const MESSAGES: Api = { dialect: ANTHROPIC, read: readRequest };

function readRequest(body: Body, headers: IncomingHttpHeaders): Result<Reading, WireError> {
  if (headers['anthropic-version'] === undefined)
    return err(badRequest('anthropic-version: header is required'));
  const mistake = mistakeOfSettings(body);
  if (mistake !== null) return err(badRequest(mistake));
  const messages = readMessages(body.messages, String(headers['anthropic-beta'] ?? ''));
  if (messages.kind === 'err') return messages;
  const wrong = mistakeOfTurns(messages.value, isThinking(body));
  if (wrong !== null) return err(badRequest(wrong));
  const isStreamed = body.stream === true;
  const prompt = promptOf(body, messages.value);
  return ok({
    prompt,
    contentType: isStreamed ? EVENT_STREAM : JSON_TYPE,
    prefixes: prefixesOf(body, {
      model: prompt.model,
      toolsText: prompt.toolsText,
      messages: messages.value,
    }),
    write: (stamped) => {
      const message = messageOf(stamped);
      return isStreamed ? streamOf(message) : JSON.stringify(message);
    },
  });
}

/** What answers the request, whichever way it is told: `enabled` with a budget, or as the model sees fit. */
function isThinking({ thinking }: Body): boolean {
  return isJsonObject(thinking) && (thinking.type === 'enabled' || thinking.type === 'adaptive');
}

function promptOf(body: Body, messages: readonly BodyMessage[]): Prompt {
  const tools = Array.isArray(body.tools) ? body.tools : [];
  const described = tools.map((tool) =>
    isJsonObject(tool) ? { ...tool, parameters: tool.input_schema ?? {} } : tool,
  );
  return {
    model: String(body.model),
    turns: [...systemOf(body.system), ...messages.flatMap(({ turns }) => turns)],
    ...readTools(described),
    toolChoice: toolChoiceOf(body.tool_choice),
    temperature: typeof body.temperature === 'number' ? body.temperature : null,
    seed: null,
    maxOutputTokens: Number(body.max_tokens),
    answerSchema: answerSchemaOf(body),
    ...(isThinking(body) ? { thinks: true } : {}),
  };
}

function systemOf(system: unknown): readonly Turn[] {
  const texts = typeof system === 'string' ? [system] : Array.isArray(system) ? system : [];
  const text = texts.map((one) => (isJsonObject(one) ? String(one.text ?? '') : String(one))).join('\n');
  return text === '' ? [] : [{ role: 'system', text }];
}

function toolChoiceOf(choice: unknown): ToolChoice {
  if (!isJsonObject(choice)) return { kind: 'auto' };
  if (choice.type === 'tool') return { kind: 'named', name: String(choice.name) };
  if (choice.type === 'any') return { kind: 'required' };
  return { kind: choice.type === 'none' ? 'none' : 'auto' };
}

/** The newer place of it and the one before. */
function answerSchemaOf({ output_config: config, output_format: older }: Body): JsonObject | null {
  const format = isJsonObject(config) && config.format !== undefined ? config.format : older;
  if (!isJsonObject(format) || format.type !== 'json_schema') return null;
  return isJsonObject(format.schema) ? format.schema : null;
}

function messageOf({ written, mark, servedModel, inputTokens, cacheUse, id }: Stamped): JsonObject {
  const { text, thought, calls, tokens, isCut } = written;
  const { read, written5m, written1h } = cacheUse;
  const said = text + mark;
  const content = [
    ...(thought === null ? [] : [{ type: 'thinking', thinking: thought, signature: signatureOf(thought) }]),
    ...(said === '' ? [] : [{ type: 'text', text: said }]),
    ...calls.map((call) => ({
      type: 'tool_use',
      id: call.id.replace(/^call_/, 'toolu_'),
      name: call.name,
      // Cut in the middle it is no JSON, and what it would have been nobody knows.
      input: parseObject(call.arguments) ?? {},
    })),
  ];
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model: servedModel,
    content,
    stop_reason: isCut ? 'max_tokens' : calls.length > 0 ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: {
      // What is kept, and what was kept, is counted beside it.
      input_tokens: Math.max(0, inputTokens - read - written5m - written1h),
      cache_creation_input_tokens: written5m + written1h,
      cache_read_input_tokens: read,
      cache_creation: { ephemeral_5m_input_tokens: written5m, ephemeral_1h_input_tokens: written1h },
      output_tokens: tokens,
      ...(thought === null ? {} : { output_tokens_details: { thinking_tokens: tokensOf(thought.length) } }),
      service_tier: 'standard',
    },
  };
}
