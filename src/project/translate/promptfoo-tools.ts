// Tools as the APIs write them -> { name, description, parameters }.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { findNamed, openSource, type Placed, type Reach } from './source.ts';

export type ReadTools =
  | { readonly kind: 'tools'; readonly tools: readonly JsonObject[] }
  | { readonly kind: 'none'; readonly why: string };

/** A list, or `file://tools.json` with one. */
export function toolsOf(placed: Placed<Json>, reach: Reach): ReadTools {
  let { value } = placed;
  if (typeof value === 'string') {
    if (!/^file:\/\/.*\.(?:json|ya?ml)$/i.test(value))
      return none('tools that are made by code are not read');
    const found = findNamed(value, placed.source.folder, reach);
    if (found.kind === 'none') return none(`${value}: ${found.why}`);
    value = openSource(found.file, reach).value;
  }
  if (!Array.isArray(value)) return none('they are no list');
  const list = (value as readonly Json[]).flatMap(flattened);
  const tools = list.map(toolOf);
  const odd = tools.indexOf(null);
  if (odd >= 0)
    return none(
      `the tool ${odd + 1} is no function with a name: what an API runs by itself is asked for under params: { tools: [...] }`,
    );
  return { kind: 'tools', tools: tools as readonly JsonObject[] };
}

/** Gemini has lists of functions in its list. */
function flattened(item: Json): readonly Json[] {
  const inner = isJsonObject(item) ? (item.functionDeclarations ?? item.function_declarations) : undefined;
  return Array.isArray(inner) ? (inner as readonly Json[]) : [item];
}

/** The forms of OpenAI's two APIs, Anthropic's and Gemini's. */
function toolOf(item: Json): JsonObject | null {
  if (!isJsonObject(item)) return null;
  const told = isJsonObject(item.function) ? item.function : item;
  const { name, description } = told;
  if (
    typeof name !== 'string' ||
    (typeof item.type === 'string' && item.type !== 'function' && item.type !== 'custom')
  )
    return null;
  const parameters = told.parameters ??
    told.input_schema ??
    told.inputSchema ?? { type: 'object', properties: {} };
  if (!isJsonObject(parameters)) return null;
  return {
    name,
    ...(typeof description === 'string' ? { description } : {}),
    parameters: lowered(parameters) as JsonObject,
  };
}

/** Gemini's own forms have `STRING`; JSON Schema has `string`. */
function lowered(schema: Json): Json {
  if (Array.isArray(schema)) return (schema as readonly Json[]).map(lowered);
  if (!isJsonObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [
      name,
      name === 'type' && typeof value === 'string' && GEMINI_TYPE.test(value)
        ? value.toLowerCase()
        : lowered(value ?? null),
    ]),
  );
}

const GEMINI_TYPE = /^(?:STRING|NUMBER|INTEGER|BOOLEAN|ARRAY|OBJECT|NULL)$/;

function none(why: string): ReadTools {
  return { kind: 'none', why };
}
