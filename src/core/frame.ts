// The request that a package makes of a variant, built at planning by a fetch that does not connect: what counts is what would
// be sent, not what was asked. Pure.
import { sha256 } from './canonical.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

export type Frame = {
  /** Of the package that built it; null = it is a module of the project. */
  readonly version: string | null;
  /** Where it goes, behind the account's address; host and path where it goes elsewhere. */
  readonly path: string;
  /** Those that the package adds by itself and that choose who answers, or how. */
  readonly headers: { readonly [name: string]: string };
  /** The body, with stand-ins for what scenarios bring. */
  readonly body: JsonObject;
  /** Of scenarios with tools of their own: what is otherwise in their requests, by digest of the tools. */
  readonly own?: { readonly [tools: string]: JsonObject };
};

/** What stands in a frame for texts: they count as they are written, scenario by scenario. */
export const STAND_IN = { system: 'system', input: 'input' } as const;

/** In the place of the settings that it is made of. */
export function frameContent({ path, headers, body }: Frame): JsonObject {
  return {
    frame: body,
    path,
    ...(Object.keys(headers).length === 0 ? {} : { headers: { ...headers } }),
  };
}

/** Schemas are sent in the order in which they are written, and a model reads them so. What packages call them. */
const SCHEMAS = new Set([
  ...['parameters', 'input_schema', 'inputSchema', 'schema', 'responseSchema', 'responseJsonSchema'],
  ...['parametersJsonSchema', 'response_schema', 'json_schema', 'parameter_definitions'],
]);

/** A body with its own members sorted, and schemas as they are: a package may put its members another way tomorrow. */
export function arrangedBody(body: JsonObject): JsonObject {
  return arranged(body) as JsonObject;
}

function arranged(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => arranged(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, SCHEMAS.has(name) ? value[name] : arranged(value[name] ?? null)]),
  );
}

/** What of a body is otherwise than of another: its members at the top, null where one is gone. */
export function otherMembers(body: JsonObject, than: JsonObject): JsonObject {
  const names = [...new Set([...Object.keys(body), ...Object.keys(than)])].sort();
  return Object.fromEntries(
    names.flatMap((name) =>
      JSON.stringify(body[name]) === JSON.stringify(than[name]) ? [] : [[name, body[name] ?? null]],
    ),
  );
}

/** By what the bodies of scenarios with tools of their own are found. */
export function toolsDigest(tools: readonly object[]): string {
  return sha256(JSON.stringify(tools));
}
