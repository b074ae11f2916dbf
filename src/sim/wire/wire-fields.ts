// What all APIs share on the wire: reading fields that may hold anything, counting tokens, and cutting at a limit.
import { isJsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { hashText } from './dice.ts';
import type { OfferedTool, Prompt, Reply, ToolChoice, Turn } from './prompt.ts';
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

const ROLES: ReadonlyMap<unknown, Turn['role']> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
]);

export function roleOf(role: unknown): Turn['role'] {
  return ROLES.get(role) ?? 'user';
}

/** Functions as the APIs describe them; anything else is left out. */
export function readTools(described: readonly unknown[]): Pick<Prompt, 'tools' | 'toolsText'> {
  const tools = described.flatMap((tool): readonly OfferedTool[] => {
    if (!isJsonObject(tool) || typeof tool.name !== 'string') return [];
    const description = typeof tool.description === 'string' ? tool.description : '';
    return [{ name: tool.name, description, parameters: tool.parameters ?? {} }];
  });
  return { tools, toolsText: tools.length === 0 ? '' : JSON.stringify(tools) };
}

/** The schema of a response format, wherever an API has it. */
export function answerSchemaOf(format: unknown, holder: unknown): Prompt['answerSchema'] {
  if (isJsonObject(format) && format.type === 'json_object') return ANY_OBJECT;
  if (!isJsonObject(format) || format.type !== 'json_schema' || !isJsonObject(holder)) return null;
  return isJsonObject(holder.schema) ? holder.schema : null;
}

const ANY_OBJECT = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };

export function toolChoiceOf(choice: unknown): ToolChoice {
  if (choice === 'none' || choice === 'required') return { kind: choice };
  const named = isJsonObject(choice) ? (isJsonObject(choice.function) ? choice.function : choice).name : null;
  return typeof named === 'string' ? { kind: 'named', name: named } : { kind: 'auto' };
}

/** About four characters a token, as for English text: the figure that is good enough for estimates. */
export function tokensOf(chars: number): number {
  return Math.ceil(chars / 4);
}

export function promptTokens({ turns, toolsText }: Prompt): number {
  const chars = turns.reduce((sum, { text }) => sum + text.length, toolsText.length);
  return countedTokens({ chars, messages: turns.length });
}

/** The rule by itself, for estimates before anything is sent. */
export function countedTokens(prompt: { readonly chars: number; readonly messages: number }): number {
  // Four for the frame of each message.
  return tokensOf(prompt.chars) + 4 * prompt.messages;
}

export type WrittenCall = { readonly id: string; readonly name: string; readonly arguments: string };

export type Written = {
  readonly text: string;
  /** What was thought before it; null = nothing was asked to be. */
  readonly thought: string | null;
  /** Their arguments as JSON, of a single one as far as the limit lets it go. */
  readonly calls: readonly WrittenCall[];
  /** What is put behind the text to make it long. */
  readonly fillerBytes: number;
  readonly tokens: number;
  /** The limit of output tokens cut the answer. */
  readonly isCut: boolean;
};

/** `wantedBytes`: the answer is brought to this length, as far as the limit of output tokens allows. */
export function writeReply(reply: Reply, prompt: Prompt, wantedBytes: number): Written {
  const calls = reply.calls.map((call, i): WrittenCall => {
    const text = JSON.stringify(call.arguments);
    const id = hashText(`${i} ${prompt.turns.length} ${text}`, hashText(call.name));
    return { id: `call_sim_${id.toString(16).padStart(8, '0')}`, name: call.name, arguments: text };
  });
  const chars = calls.reduce(
    (sum, call) => sum + call.name.length + call.arguments.length,
    reply.text.length,
  );
  const thought = reply.thought ?? null;
  const thinking = thought === null ? 0 : tokensOf(thought.length);
  const said = Math.max(1, tokensOf(chars));
  const own = said + thinking;
  const whole = { text: reply.text, thought, calls };
  const [only] = calls;
  // Several calls, or one beside a text, are said whole: where they would be cut, nobody could say.
  if (only !== undefined && (calls.length > 1 || reply.text !== ''))
    return { ...whole, fillerBytes: 0, tokens: own, isCut: false };
  const max = prompt.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  if (own > max) {
    const kept = Math.max(0, (max - thinking) * 4 - (only?.name.length ?? 0));
    const cut = {
      text: reply.text.slice(0, kept),
      thought,
      calls: calls.map((call) => ({ ...call, arguments: call.arguments.slice(0, kept) })),
    };
    return { ...cut, fillerBytes: 0, tokens: max, isCut: true };
  }
  const wanted = Math.max(0, wantedBytes - (only?.arguments ?? reply.text).length);
  const fillerBytes = Math.min(wanted, (max - own) * 4);
  return { ...whole, fillerBytes, tokens: own + tokensOf(fillerBytes), isCut: fillerBytes < wanted };
}
