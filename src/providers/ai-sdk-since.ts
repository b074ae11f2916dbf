// What a tool loop says back through a package: messages in the specification's form, as they were kept. Two calls of one id are told
// apart as their results were, and addresses are addresses again. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { PromptMessage } from '../core/language-model.ts';
import { readObjects } from './openai-read.ts';

/** @param since messages of the model, each followed by the results of its calls, in their order */
export function sayBackParts(since: readonly JsonObject[]): readonly PromptMessage[] {
  return since.map((message, at) => {
    if (message.role !== 'assistant') return message as unknown as PromptMessage;
    const ids = idsBehind(since, at + 1);
    let calls = 0;
    const content = readObjects(message.content).map((part) => {
      if (!isOwnCall(part)) return revived(part);
      const id = ids[calls++];
      return id === undefined || id === part.toolCallId ? part : { ...part, toolCallId: id };
    });
    return { ...message, content } as unknown as PromptMessage;
  });
}

function isOwnCall({ type, providerExecuted }: JsonObject): boolean {
  return type === 'tool-call' && providerExecuted !== true;
}

/** Of the results that follow: every call is answered before the model is asked again. */
function idsBehind(since: readonly JsonObject[], from: number): readonly string[] {
  const end = since.findIndex(({ role }, at) => at >= from && role !== 'tool');
  return since
    .slice(from, end < 0 ? since.length : end)
    .flatMap(({ content }) => readObjects(content))
    .flatMap(({ type, toolCallId }) =>
      type === 'tool-result' && typeof toolCallId === 'string' ? [toolCallId] : [],
    );
}

/** JSON has no addresses: a file of the model's own that lies somewhere comes back as text. */
function revived(part: JsonObject): JsonObject {
  const { data } = part;
  if (!isJsonObject(data) || data.type !== 'url' || typeof data.url !== 'string') return part;
  const url = URL.parse(data.url);
  return url === null ? part : { ...part, data: { ...data, url: url as unknown as Json } };
}
