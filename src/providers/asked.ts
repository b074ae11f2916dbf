// What a request of somebody else's client asks, whatever its wire: for records that say what was really sent. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Sent } from '../core/outcome.ts';
import { unreachable } from '../core/result.ts';
import { mend } from '../core/untrusted-json.ts';
import { textOf } from './anthropic-read.ts';
import { readObjects, readText } from './openai-read.ts';
import type { Wire } from './wires.ts';

/** @param path Gemini's names the model there */
export function askedOn(
  wire: Wire,
  { body, path }: { readonly body: JsonObject; readonly path: string },
): Sent {
  const plain = mend(body);
  const asked = plain.kind === 'ok' && isJsonObject(plain.value) ? plain.value : {};
  const { messages, system, model, settings } = formOf(wire, asked, path);
  const temperature = numberIn(settings.temperature);
  const seed = numberIn(settings.seed);
  return {
    prompt: promptIn(messages),
    messages,
    system,
    model,
    temperature,
    seed,
    unsent: [
      ...(temperature === null ? (['temperature'] as const) : []),
      ...(seed === null ? (['seed'] as const) : []),
      ...(system === null ? (['system'] as const) : []),
    ],
  };
}

type Form = Pick<Sent, 'system' | 'model'> & {
  readonly messages: readonly JsonObject[];
  readonly settings: JsonObject;
};

function formOf(wire: Wire, body: JsonObject, path: string): Form {
  switch (wire) {
    case 'chat': {
      const messages = readObjects(body.messages);
      return { messages, system: systemIn(messages), model: readText(body.model), settings: body };
    }
    case 'responses': {
      const messages = said(body.input);
      const system = readText(body.instructions) ?? systemIn(messages);
      return { messages, system, model: readText(body.model), settings: body };
    }
    case 'messages': {
      const system = textIn(body.system);
      return { messages: readObjects(body.messages), system, model: readText(body.model), settings: body };
    }
    case 'gemini': {
      const config = body.generationConfig ?? body.generation_config;
      const told = body.systemInstruction ?? body.system_instruction;
      return {
        messages: said(body.contents),
        system: isJsonObject(told) ? textIn(told.parts) : textIn(told),
        model: /\/models\/([^/:]+):/.exec(path)?.[1] ?? null,
        settings: isJsonObject(config) ? config : {},
      };
    }
    default:
      return unreachable(wire);
  }
}

function said(input: Json | undefined): readonly JsonObject[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : readObjects(input);
}

function systemIn(messages: readonly JsonObject[]): string | null {
  const texts = messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ content }) => textIn(content) ?? '');
  return texts.length === 0 ? null : texts.join('\n');
}

/** Text, or the texts of parts, whatever their type is called. */
function textIn(content: Json | undefined): string | null {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  const parts = (content as readonly Json[]).map((part): JsonObject => {
    if (typeof part === 'string') return { type: 'text', text: part };
    return isJsonObject(part) && typeof part.text === 'string' ? { type: 'text', text: part.text } : {};
  });
  return textOf(parts);
}

/** The last thing that a person said. Results of tools are said by the same role; they have no text of their own. */
function promptIn(messages: readonly JsonObject[]): string | null {
  for (const { role, content, parts } of [...messages].reverse()) {
    if (role !== undefined && role !== 'user') continue;
    const text = textIn(content ?? parts);
    if (text) return text;
  }
  return null;
}

function numberIn(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
