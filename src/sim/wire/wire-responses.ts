// POST /v1/responses: the request read into a prompt, the reply written as a response object.
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

export const RESPONSES = openAiApi(readResponses, writeResponses);

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
  const format = isJsonObject(body.text) ? body.text.format : null;
  return ok({
    ...settings.value,
    turns: [...system, ...items.map(turnOf)],
    ...readTools(Array.isArray(body.tools) ? body.tools : []),
    toolChoice: toolChoiceOf(body.tool_choice),
    answerSchema: answerSchemaOf(format, format),
  });
}

function turnOf(item: JsonObject): Turn {
  if (item.type === 'function_call')
    return { role: 'assistant', text: `${String(item.name)} ${contentText(item.arguments)}` };
  if (item.type === 'function_call_output') return { role: 'tool', text: contentText(item.output) };
  return { role: roleOf(item.role), text: contentText(item.content) };
}

/** What each response has and none of ours says anything with. */
const UNUSED = { error: null, instructions: null, metadata: {}, parallel_tool_calls: true };
const UNUSED_SETTINGS = { previous_response_id: null, tool_choice: 'auto', tools: [], top_p: null };

function writeResponses(stamped: Stamped): string {
  const { prompt, written, mark, servedModel, inputTokens, id, createdAt } = stamped;
  const { text, calls, tokens, isCut } = written;
  const status = isCut ? 'incomplete' : 'completed';
  const said = text + mark;
  const message = {
    type: 'message',
    id: `msg_${id}`,
    status,
    role: 'assistant',
    content: [{ type: 'output_text', text: said, annotations: [], logprobs: [] }],
  };
  const output = [
    ...(said === '' && calls.length > 0 ? [] : [message]),
    ...calls.map((call, i) => ({
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
    ...UNUSED,
    ...UNUSED_SETTINGS,
    created_at: createdAt,
    status,
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    max_output_tokens: prompt.maxOutputTokens,
    model: servedModel,
    output,
    temperature: prompt.temperature,
    text: { format: { type: 'text' } },
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
