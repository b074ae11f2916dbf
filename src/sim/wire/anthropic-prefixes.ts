// Where a request to Anthropic's API may be cut for the cache: at the end of each tool, of each block of the system prompt
// and of each block of a message, in this order; `cache_control` marks what is to be kept.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { type BodyMessage, textOfBlock } from './anthropic-messages.ts';
import { hashText } from './dice.ts';
import { HOUR, MINUTES_5, type Prefix } from './prompt-cache.ts';
import { type Body, countedTokens } from './wire-fields.ts';

type Asked = {
  readonly model: string;
  readonly toolsText: string;
  readonly messages: readonly BodyMessage[];
};

export function prefixesOf(body: Body, { model, toolsText, messages }: Asked): readonly Prefix[] {
  const tools = (Array.isArray(body.tools) ? body.tools : []).filter(isJsonObject);
  const system = typeof body.system === 'string' ? [{ type: 'text', text: body.system }] : body.system;
  const prefixes: Prefix[] = [];
  let hash = hashText(model);
  let chars = 0;
  let begun = 0;
  const end = (block: JsonObject, length: number): void => {
    const { cache_control: mark, ...content } = block;
    hash = hashText(JSON.stringify(content), hash);
    chars += length;
    prefixes.push({ hash, tokens: countedTokens({ chars, messages: begun }), keptMs: keptMsOf(mark) });
  };
  for (const tool of tools) end(tool, toolsText.length / tools.length);
  for (const block of (Array.isArray(system) ? system : []).filter(isJsonObject)) {
    begun = 1;
    end(block, String(block.text ?? '').length);
  }
  for (const { role, blocks } of messages) {
    hash = hashText(role, hash);
    begun++;
    for (const block of blocks) end(block, textOfBlock(block).length);
  }
  const last = prefixes.at(-1);
  const ofAll = keptMsOf(body.cache_control as Json | undefined);
  // Said of the request as a whole, it is the mark of its last block.
  if (last !== undefined && ofAll !== null && last.keptMs === null)
    prefixes[prefixes.length - 1] = { ...last, keptMs: ofAll };
  return prefixes;
}

function keptMsOf(mark: Json | undefined): number | null {
  if (!isJsonObject(mark) || mark.type !== 'ephemeral') return null;
  return mark.ttl === '1h' ? HOUR : MINUTES_5;
}
