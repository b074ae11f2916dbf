// What a tool loop says back over the responses API: its items as they came, which its documentation asks for (reasoning and
// its encrypted content above all), without what it refuses to hear again. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { saidArguments } from './call-arguments.ts';
import { makeIds } from './call-ids.ts';
import type { Echo } from './openai-echo.ts';

/** @param since items of the model, each turn's followed by the results of its calls, in their order */
export function sayBackItems(
  since: readonly JsonObject[],
  input: {
    readonly echo: Echo /** As the request asks: what is not stored cannot be named by its id. */;
    readonly isStored: boolean;
  },
): readonly JsonObject[] {
  const takeId = makeIds();
  const isStored = input.isStored && !input.echo.has('-id');
  const calls = since.filter(isCall);
  const results = since.filter(isResult);
  // Every call is answered before the model is asked again: the nth result is that of the nth call.
  const ids = calls.map((call, n) => takeId([results[n]?.call_id, call.call_id]));
  const kinds = calls.map(({ type }) => type);
  let [called, answered] = [0, 0];
  return since.flatMap((item) => {
    if (isResult(item)) {
      const n = answered++;
      const type = kinds[n] === 'custom_tool_call' ? 'custom_tool_call_output' : item.type;
      return [n < ids.length ? { ...item, type: type!, call_id: ids[n]! } : item];
    }
    if (item.type === 'reasoning' && !isStored && !holdsItself(item)) return [];
    const form = withoutNulls(item, input.echo);
    if (!isStored) delete form.id;
    if (item.type === 'reasoning') delete form.status;
    if (item.type === 'message') {
      form.role = 'assistant';
      if (Array.isArray(form.content)) {
        form.content = form.content.map((part: Json) =>
          isJsonObject(part) ? withoutNulls(part, input.echo) : part,
        );
      }
    }
    if (isCall(item)) {
      form.call_id = ids[called++]!;
      if (item.type === 'function_call') form.arguments = saidArguments(item.arguments);
    }
    return [form];
  });
}

function isCall({ type }: JsonObject): boolean {
  return type === 'function_call' || type === 'custom_tool_call';
}

export function isResult({ type }: JsonObject): boolean {
  return type === 'function_call_output' || type === 'custom_tool_call_output';
}

/** Reasoning that is nothing but the name of something stored cannot be said to a server that stores nothing. */
function holdsItself({ encrypted_content: encrypted, content }: JsonObject): boolean {
  return (
    (typeof encrypted === 'string' && encrypted !== '') || (Array.isArray(content) && content.length > 0)
  );
}

/** SDKs and servers write null for what is not there, and refuse it as a value: "Unknown parameter: 'input[1].status'". */
function withoutNulls(item: JsonObject, echo: Echo): { [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(item).filter(
      ([name, value]) => value !== null && value !== undefined && !echo.has(`-${name}`),
    ),
  ) as { [name: string]: Json };
}
