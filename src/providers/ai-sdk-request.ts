// What a model is asked, as one call of the AI SDK's specification. Pure.
import type { JsonObject } from '../core/json.ts';
import type { CallOptionsV4, FunctionTool } from '../core/language-model.ts';
import type { Tool } from '../core/manifest.ts';
import type { ModelRequest } from '../core/order.ts';
import { settingsOf } from './ai-sdk-params.ts';
import { optionsOf } from './ai-sdk-parts.ts';
import { promptOf } from './ai-sdk-prompt.ts';

/** @param namespace the vendor's name in providerOptions */
export function callOptionsOf(request: ModelRequest, namespace: string): CallOptionsV4 {
  const { messages, since = [], tools, temperature, maxOutputTokens, seed, responseFormat } = request;
  return {
    prompt: promptOf({ messages, since, namespace }),
    ...(tools.length === 0 ? {} : { tools: tools.map((tool) => toolOf(tool, namespace)) }),
    ...(temperature === null ? {} : { temperature }),
    ...(maxOutputTokens === null ? {} : { maxOutputTokens }),
    ...(seed === null ? {} : { seed }),
    ...(responseFormat === undefined ? {} : { responseFormat: formatOf(responseFormat) }),
    ...settingsOf(request.params, namespace),
  };
}

function toolOf(tool: Tool, namespace: string): FunctionTool {
  return {
    type: 'function',
    name: tool.name,
    ...(tool.description === null ? {} : { description: tool.description }),
    inputSchema: tool.parameters ?? { type: 'object', properties: {} },
    ...(tool.strict === null ? {} : { strict: tool.strict }),
    ...optionsOf(tool as unknown as JsonObject, namespace, TOOL),
  };
}

const TOOL = new Set(['name', 'description', 'parameters', 'strict', 'result']);

function formatOf(
  format: NonNullable<ModelRequest['responseFormat']>,
): NonNullable<CallOptionsV4['responseFormat']> {
  if (format.kind === 'json') return { type: 'json' };
  const { schema, name, description } = format;
  return { type: 'json', schema, name, ...(description === null ? {} : { description }) };
}
