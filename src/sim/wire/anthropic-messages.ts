// The messages of a request to Anthropic's API: blocks of content, each of a kind that is known, as turns.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { hashText } from './dice.ts';
import type { Turn } from './prompt.ts';
import { badRequest, type WireError } from './wire-error.ts';

export type BodyMessage = {
  readonly role: 'user' | 'assistant' | 'system';
  /** A text stands as the one block that it is short for. */
  readonly blocks: readonly JsonObject[];
  readonly turns: readonly Turn[];
};

const KINDS: { readonly [role in BodyMessage['role']]: ReadonlySet<unknown> } = {
  user: new Set(['text', 'image', 'document', 'tool_result', 'search_result']),
  assistant: new Set(['text', 'thinking', 'redacted_thinking', 'tool_use']),
  system: new Set(['text']),
};

export function readMessages(value: unknown, beta: string): Result<readonly BodyMessage[], WireError> {
  if (value === undefined) return err(badRequest('messages: Field required'));
  if (!Array.isArray(value)) return err(badRequest('messages: Input should be a valid list'));
  if (value.length === 0) return err(badRequest('messages: at least one message is required'));
  const messages: BodyMessage[] = [];
  for (const [at, message] of value.entries()) {
    const read = readMessage(message, { where: `messages.${at}`, beta });
    if (typeof read === 'string') return err(badRequest(read));
    messages.push(read);
  }
  return ok(messages);
}

/** @returns text = what is wrong with it */
function readMessage(
  message: unknown,
  { where, beta }: { readonly where: string; readonly beta: string },
): BodyMessage | string {
  if (!isJsonObject(message)) return `${where}: Input should be a valid dictionary`;
  const { role, content } = message;
  if (role === 'system' && !beta.includes('mid-conversation'))
    return 'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.';
  if (role !== 'user' && role !== 'assistant' && role !== 'system')
    return `${where}.role: Input should be 'user' or 'assistant'`;
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  if (!Array.isArray(blocks)) return `${where}.content: Field required`;
  for (const [at, block] of blocks.entries()) {
    const wrong = mistakeOfBlock(block, { where: `${where}.content.${at}`, kinds: KINDS[role] });
    if (wrong !== null) return wrong;
  }
  const known = blocks.filter(isJsonObject);
  return { role, blocks: known, turns: turnsOf(role, known) };
}

function mistakeOfBlock(
  block: unknown,
  { where, kinds }: { readonly where: string; readonly kinds: ReadonlySet<unknown> },
): string | null {
  if (!isJsonObject(block)) return `${where}: Input should be a valid dictionary`;
  const { type } = block;
  if (!kinds.has(type)) {
    const expected = [...kinds].map((kind) => `'${kind}'`).join(', ');
    return `${where}: Input tag '${String(type)}' found using 'type' does not match any of the expected tags: ${expected}`;
  }
  const needed = (NEEDED.get(type) ?? []).find((name) => block[name] === undefined);
  if (needed !== undefined) return `${where}.${String(type)}.${needed}: Field required`;
  if (type === 'text' && String(block.text).trim() === '')
    return `${where.replace(/\.content\.\d+$/, '')}: text content blocks must be non-empty`;
  return type === 'image' || type === 'document' ? mistakeOfSource(block, where) : null;
}

const NEEDED: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['text', ['text']],
  ['image', ['source']],
  ['document', ['source']],
  ['tool_use', ['id', 'name', 'input']],
  ['tool_result', ['tool_use_id']],
  ['thinking', ['thinking', 'signature']],
  ['redacted_thinking', ['data']],
]);

const IMAGES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
const DOCUMENTS = ['application/pdf', 'text/plain'];

function mistakeOfSource({ type, source }: JsonObject, where: string): string | null {
  if (!isJsonObject(source)) return `${where}.${String(type)}.source: Input should be a valid dictionary`;
  if (source.type !== 'base64') return null;
  const known = type === 'image' ? IMAGES : DOCUMENTS;
  const at = `${where}.${String(type)}.source.base64`;
  if (!known.includes(String(source.media_type)))
    return `${at}.media_type: Input should be ${known.map((one) => `'${one}'`).join(', ')}`;
  const data = String(source.data ?? '');
  return data !== '' && /^[A-Za-z0-9+/]+={0,2}$/.test(data) ? null : `${at}.data: Invalid base64 data`;
}

/** Results of tools are turns of their own: who is answered is asked who speaks last. */
function turnsOf(role: BodyMessage['role'], blocks: readonly JsonObject[]): readonly Turn[] {
  if (role !== 'user') return [{ role, text: blocks.map(textOfBlock).join('\n') }];
  const results = blocks.filter(({ type }) => type === 'tool_result');
  const others = blocks.filter(({ type }) => type !== 'tool_result');
  return [
    ...results.map((block): Turn => ({ role: 'tool', text: textOfBlock(block) })),
    ...(others.length === 0 ? [] : [{ role, text: others.map(textOfBlock).join('\n') }]),
  ];
}

/** What a block adds to a prompt. A picture is known by its hash: it is not looked at. */
export function textOfBlock(block: JsonObject): string {
  switch (block.type) {
    case 'text':
      return String(block.text);
    case 'thinking':
      return '';
    case 'tool_use':
      return `${String(block.name)} ${JSON.stringify(block.input)}`;
    case 'tool_result':
      return textOfContent(block.content);
    case 'image':
    case 'document':
      return sourceText(block);
    default:
      return JSON.stringify(block);
  }
}

function textOfContent(content: Json | undefined): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((one) => (isJsonObject(one) ? textOfBlock(one) : '')).join('\n');
}

function sourceText({ type, source }: JsonObject): string {
  if (!isJsonObject(source)) return '';
  if (source.type === 'text') return String(source.data);
  return `[${String(type)} ${hashText(String(source.data ?? source.url ?? source.file_id)).toString(16)}]`;
}
