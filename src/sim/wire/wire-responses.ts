// POST /v1/responses: the request read into a prompt, the reply written as a response object.
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

export const RESPONSES: Api = { read: readResponses, write: writeResponses };

function readResponses(body: Body): Result<Prompt, WireError> {
  const settings = readSettings(body, ['max_output_tokens']);
  if (settings.kind === 'err') return settings;
  const input = body.input;
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  if (!Array.isArray(items) || items.length === 0 || !items.every(isJsonObject)) {
    return err(badRequest('input has to be text or a list of at least one item.', { param: 'input' }));
  }
  const instructions = body.instructions;
  const system: readonly Turn[] =
    typeof instructions === 'string' ? [{ role: 'system', text: instructions }] : [];
  const tools = Array.isArray(body.tools) ? body.tools : [];
  return ok({
    ...settings.value,
    turns: [...system, ...items.map(turnOf)],
    kit: toolKitOf(tools.map(offeredTool).filter((tool) => tool !== null)),
    toolChoice: toolChoiceOf(body.tool_choice),
    answerSchema: answerSchemaOf(body.text),
  });
}

function turnOf(item: JsonObject): Turn {
  switch (item.type) {
    case 'function_call':
      return { role: 'assistant', text: `${String(item.name)} ${contentText(item.arguments)}` };
    case 'function_call_output':
      return { role: 'tool', text: contentText(item.output) };
    default:
      return { role: roleOf(item.role), text: contentText(item.content) };
  }
}

function answerSchemaOf(text: unknown): JsonObject | null {
  const format = isJsonObject(text) ? text.format : null;
  if (!isJsonObject(format) || format.type !== 'json_schema') return null;
  return isJsonObject(format.schema) ? format.schema : null;
}

function writeResponses(stamped: Stamped): string {
  const { prompt, written, mark, servedModel, inputTokens, id, createdAt } = stamped;
  const { reply, text, tokens, isCut } = written;
  const status = isCut ? 'incomplete' : 'completed';
  const message = (content: string) => ({
    type: 'message',
    id: `msg_${id}`,
    status,
    role: 'assistant',
    content: [{ type: 'output_text', text: content, annotations: [], logprobs: [] }],
  });
  const said = reply.kind === 'calls' ? text : '';
  const output =
    reply.kind === 'text'
      ? [message(text + mark)]
      : [
          ...(said + mark === '' ? [] : [message(said + mark)]),
          ...callsOf(written).map((call, i) => ({
            type: 'function_call',
            id: i === 0 ? `fc_${id}` : `fc_${id}_${i}`,
            call_id: call.id,
            name: call.name,
            arguments: call.arguments,
            status,
          })),
        ];
  return JSON.stringify({
    id: `resp_${id}`,
    object: 'response',
    created_at: createdAt,
    status,
    error: null,
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    instructions: null,
    max_output_tokens: prompt.maxOutputTokens,
    metadata: {},
    model: servedModel,
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    temperature: prompt.temperature,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    truncation: 'disabled',
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: tokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: inputTokens + tokens,
    },
    // No field of that API, but the one place where a stored answer can say what gave it.
    system_fingerprint: SIM_FINGERPRINT,
  });
}
