// What both APIs share on the wire: reading fields that may hold anything, counting tokens, and cutting at a limit.
import { isJsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Prompt, Reply, ToolChoice, Turn } from './prompt.ts';
import type { OfferedTool } from './tool-kit.ts';
import { badRequest, STREAM_REFUSED, type WireError } from './wire-error.ts';

export const SIM_FINGERPRINT = 'expgraph-sim';

export type Body = { readonly [name: string]: unknown };

export type Settings = Pick<Prompt, 'model' | 'temperature' | 'seed' | 'maxOutputTokens'>;

/** Of `maxTokens`, the first that is sent counts. */
export function readSettings(body: Body, maxTokens: readonly string[]): Result<Settings, WireError> {
  const model = body.model;
  if (typeof model !== 'string' || model === '')
    return err(badRequest('You must provide a model parameter.', { param: 'model' }));
  if (body.stream === true) return err(STREAM_REFUSED);
  const temperature = body.temperature ?? null;
  if (temperature !== null && !(typeof temperature === 'number' && temperature >= 0 && temperature <= 2)) {
    return err(badRequest('temperature has to be a number from 0 to 2.', { param: 'temperature' }));
  }
  const limitName = maxTokens.find((name) => body[name] != null);
  const limit = limitName === undefined ? null : body[limitName];
  if (limit !== null && !(typeof limit === 'number' && Number.isInteger(limit) && limit >= 1)) {
    return err(badRequest(`${limitName} has to be an integer of at least 1.`, { param: limitName! }));
  }
  const seed = typeof body.seed === 'number' ? body.seed : null;
  return ok({ model, temperature, seed, maxOutputTokens: limit });
}

/** Text of a message's content: a string, or the text of its parts. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (isJsonObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('\n');
}

export function roleOf(role: unknown): Turn['role'] {
  switch (role) {
    case 'system':
    case 'developer':
      return 'system';
    case 'assistant':
      return 'assistant';
    case 'tool':
    case 'function':
      return 'tool';
    default:
      return 'user';
  }
}

/** A function as the APIs describe it; null for anything else. */
export function offeredTool(described: unknown): OfferedTool | null {
  if (!isJsonObject(described) || typeof described.name !== 'string') return null;
  const description = described.description;
  return {
    name: described.name,
    description: typeof description === 'string' ? description : '',
    parameters: described.parameters ?? {},
  };
}

export function toolChoiceOf(choice: unknown): ToolChoice {
  if (choice === 'none' || choice === 'required') return { kind: choice };
  const named = isJsonObject(choice) ? (isJsonObject(choice.function) ? choice.function : choice).name : null;
  return typeof named === 'string' ? { kind: 'named', name: named } : { kind: 'auto' };
}

/** About four characters a token, as for English text: the figure that is good enough for estimates. */
export function tokensOf(chars: number): number {
  return Math.ceil(chars / 4);
}

export function promptTokens(prompt: Prompt): number {
  let chars = prompt.kit.chars;
  for (const turn of prompt.turns) chars += turn.text.length;
  return countedTokens({ chars, messages: prompt.turns.length });
}

/** The rule by itself, for estimates before anything is sent. */
export function countedTokens(prompt: { readonly chars: number; readonly messages: number }): number {
  // Four for the frame of each message.
  return tokensOf(prompt.chars) + 4 * prompt.messages;
}

export type Written = {
  readonly reply: Reply;
  /** The text of the answer, or the arguments of the call as JSON. */
  readonly text: string;
  /** What is put behind the text to make it long. */
  readonly fillerBytes: number;
  readonly tokens: number;
  /** The limit of output tokens cut the text. */
  readonly isCut: boolean;
};

/** `wantedBytes`: the answer is brought to this length, as far as the limit of output tokens allows. */
export function writeReply(
  reply: Reply,
  of: { readonly maxOutputTokens: number | null; readonly wantedBytes: number },
): Written {
  if (reply.kind === 'calls') return writeCalls(reply);
  const text = reply.kind === 'text' ? reply.text : JSON.stringify(reply.arguments);
  const frame = reply.kind === 'text' ? 0 : reply.name.length;
  const max = of.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const own = Math.max(1, tokensOf(text.length + frame));
  if (own > max) {
    const kept = Math.max(0, max * 4 - frame);
    return { reply, text: text.slice(0, kept), fillerBytes: 0, tokens: max, isCut: true };
  }
  const wanted = Math.max(0, of.wantedBytes - text.length);
  const fillerBytes = Math.min(wanted, (max - own) * 4);
  const tokens = own + tokensOf(fillerBytes);
  return { reply, text, fillerBytes, tokens, isCut: fillerBytes < wanted };
}

/** Said whole, as it is scripted: no limit cuts it and nothing is put behind it. */
function writeCalls(reply: Extract<Reply, { kind: 'calls' }>): Written {
  const text = reply.text ?? '';
  const chars = reply.calls.reduce(
    (sum, call) => sum + call.name.length + JSON.stringify(call.arguments).length,
    text.length,
  );
  return { reply, text, fillerBytes: 0, tokens: Math.max(1, tokensOf(chars)), isCut: false };
}

/** The calls of a reply, whether it is one or several. `text`: of one call its arguments as they were cut. */
export function callsOf({
  reply,
  text,
}: Written): readonly { id: string; name: string; arguments: string }[] {
  if (reply.kind === 'text') return [];
  if (reply.kind === 'call') return [{ id: reply.id, name: reply.name, arguments: text }];
  return reply.calls.map((call) => ({ ...call, arguments: JSON.stringify(call.arguments) }));
}
