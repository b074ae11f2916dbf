// A refusal that names what a tool loop says back: which members to say in addition, or to leave out. What was taken so is
// remembered for the model, as long as the worker lives. Pure but for that memory.
import type { JsonObject } from '../core/json.ts';
import type { Failure } from '../core/outcome.ts';
import { callsOf, type Echo, echoOf, isNoContent } from './openai-echo.ts';

export type EchoMemory = {
  /** What a request of this model says back; `changes`: what of it the manifest does not say. @param mend tried with this request */
  of(model: string, mend: readonly string[]): { readonly echo: Echo; readonly changes: readonly string[] };
  /** It was taken. @returns whether that is news */
  taken(model: string, mend: readonly string[]): boolean;
};

/** @param setting `providers.x.echo` */
export function makeEchoMemory(setting: readonly string[]): EchoMemory {
  const known = new Map<string, readonly string[]>();
  const plain = { echo: echoOf(setting), changes: [] };
  return {
    of(model, mend) {
      const learned = known.get(model) ?? [];
      if (learned.length === 0 && mend.length === 0) return plain;
      const changes = merged(learned, mend);
      return { echo: echoOf(setting, changes), changes };
    },
    taken(model, mend) {
      const before = known.get(model) ?? [];
      const now = merged(before, mend);
      if (now.length === before.length && now.every((name, n) => name === before[n])) return false;
      known.set(model, now);
      return true;
    },
  };
}

/** What came later about a member is what counts. */
function merged(earlier: readonly string[], later: readonly string[]): readonly string[] {
  const members = new Set(later.map(memberOf));
  return [...earlier.filter((name) => !members.has(memberOf(name))), ...later];
}

function memberOf(name: string): string {
  return name.startsWith('-') ? name.slice(1) : name;
}

/** What a conversation holds of members beside the canonical form, and which of them were sent. */
export type Said = { readonly sent: ReadonlySet<string>; readonly held: ReadonlySet<string> };

export function saidInChat(since: readonly JsonObject[], echo: Echo): Said {
  const all = new Set<string>();
  let hasResults = false;
  let isSilent = false;
  for (const message of since) {
    if (message.role === 'tool') hasResults = true;
    else if (message.role !== 'function') {
      isSilent ||= isNoContent(message.content) && callsOf(message).length > 0;
      for (const source of [message, ...callsOf(message)]) addMembers(all, source, CANONICAL);
    }
  }
  if (hasResults) all.add('name');
  if (isSilent) all.add('content');
  // A thought may be demanded of a model that had none.
  if (hasResults) all.add('reasoning_content');
  const isSent = (member: string): boolean =>
    [...echo].some((name) => name === member || name.startsWith(`${member}.`));
  return { sent: new Set([...all].filter(isSent)), held: new Set([...all].filter((one) => !isSent(one))) };
}

const CANONICAL = new Set([
  'role',
  'content',
  'tool_calls',
  'function_call',
  'id',
  'type',
  'function',
  'custom',
]);

/** Here everything is sent that is there. */
export function saidInItems(since: readonly JsonObject[], echo: Echo): Said {
  const sent = new Set<string>();
  for (const item of since) addMembers(sent, item, CANONICAL_ITEM);
  for (const name of echo) sent.delete(name.slice(1));
  return { sent, held: new Set() };
}

const CANONICAL_ITEM = new Set([
  'type',
  'role',
  'content',
  'call_id',
  'name',
  'arguments',
  'input',
  'output',
  'summary',
  'encrypted_content',
]);

function addMembers(to: Set<string>, source: JsonObject, known: ReadonlySet<string>): void {
  for (const [name, value] of Object.entries(source)) {
    if (!known.has(name) && value !== null && value !== undefined && NAME.test(name)) to.add(name);
  }
}

/** The server chose it, and it comes into records and into a line for the manifest. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;

/** @returns what to change, `-name` = leave it out; [] = the refusal is about something else */
export function mendOf(
  failure: Pick<Failure, 'status' | 'message'>,
  { sent, held }: Said,
): readonly string[] {
  const { status, message } = failure;
  if (status === null || status < 400 || OF_THE_ACCOUNT.has(status)) return [];
  const [demands, refuses] = [DEMAND.test(message), REFUSAL.test(message)];
  const isNamed = (member: string): boolean =>
    ((status < 500 || member.includes('_')) && names(message, member)) ||
    // What is broken in the server itself may quote any ordinary word.
    MEANT.some(([words, members]) => members.includes(member) && words.test(message));
  const mayAdd = demands || !refuses;
  // Refusing null and demanding "" are one thing.
  const add = [...held].filter((member) => (mayAdd || member === 'content') && isNamed(member));
  const drop = refuses || !demands ? [...sent].filter((member) => isNamed(member)) : [];
  return [...add, ...drop.map((member) => `-${member}`)];
}

/** A key, money, time, size and pace are no matter of members. */
const OF_THE_ACCOUNT = new Set([401, 402, 403, 407, 408, 409, 413, 429]);

const DEMAND =
  /missing|required|must (be (passed|provided|included|present|set|sent|non-?empty)|include|have|contain)|passed? back|(cannot|can't|must not|may not) be (empty|null|blank)|is empty|(?<!un)expected|need/i;
const REFUSAL =
  /unsupported|not supported|n[o']t permitted|not allowed|disallowed|unknown|unexpected|unrecogni[sz]ed|\bextra|forbidden|additional propert|does ?n[o']t (support|accept|match|exist)|no such|invalid|cannot unmarshal|not (a )?valid|remove|not persisted/i;

/** Words that vendors use for members of another name. */
const MEANT: readonly (readonly [RegExp, readonly string[]])[] = [
  // Gemini 3, through its own layer and through LiteLLM's.
  [/thought_?signature/i, ['extra_content', 'provider_specific_fields', 'thought_signature']],
  // Anthropic behind LiteLLM and OpenRouter: "Expected `thinking` or `redacted_thinking`, but found `tool_use`".
  [/redacted_thinking|thinking block/i, ['thinking_blocks', 'reasoning_details', 'thinking']],
  // Gemini: "GenerateContentRequest.contents[2].parts[0].function_response.name: Name cannot be empty".
  [/function_?response\.name/i, ['name']],
  // Ollama's templates, Yandex, Cohere's layer: "tool message must have a name", "messages[2].name is required".
  [/(tool|function)( result| response)? messages?\b.{0,40}\bname\b/i, ['name']],
  // Anthropic's models behind Bedrock and others; Ollama; older vLLM and llama.cpp.
  [/text content blocks? must be non-?empty|content type: <nil>/i, ['content']],
  [/\bcontent\b.{0,40}(cannot|can't|must not|may not|should not) be (null|none|empty|blank)/i, ['content']],
  // OpenAI, where the organisation stores nothing although the request does not say so.
  [/items are not persisted/i, ['id']],
];

/** A word of its own; in quotes or in a path where it is an ordinary word of English as well. */
function names(message: string, member: string): boolean {
  for (let at = message.indexOf(member); at >= 0; at = message.indexOf(member, at + 1)) {
    const [before, after] = [message[at - 1] ?? '', message[at + member.length] ?? ''];
    if (WORD.test(after) || WORD.test(before)) continue;
    if (member.includes('_') || PATH.test(before)) return true;
  }
  return false;
}

const WORD = /[A-Za-z0-9_]/;
const PATH = /['"`.\]]/;
