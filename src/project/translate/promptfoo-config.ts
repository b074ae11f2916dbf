// `config:` of a provider of promptfoo -> settings of a variant and of its account. A key that stands in it is never carried over.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Notes, Settings } from './draft.ts';
import { rowOf } from './names.ts';
import { toolsOf } from './promptfoo-tools.ts';
import { findNamed, isPlacedMap, leave, member, openSource, type Placed, type Reach } from './source.ts';

export type ReadConfig = {
  readonly settings: Settings;
  /** What is added to the account. */
  readonly account: JsonObject;
  readonly tools: readonly JsonObject[] | null;
};

type Into = {
  readonly settings: { [name: string]: Json };
  readonly account: { [name: string]: Json };
  readonly params: { [name: string]: Json };
  tools: readonly JsonObject[] | null;
};

type ConfigContext = {
  readonly reach: Reach;
  readonly notes: Notes;
  /** Of the account. */
  readonly type: string;
};

export function readConfig(config: Placed<JsonObject>, context: ConfigContext): ReadConfig {
  const into: Into = { settings: {}, account: {}, params: {}, tools: null };
  for (const name of Object.keys(config.value)) {
    const placed = member(config, name);
    const why = take(name, placed, { into, context });
    if (why !== null) leave(context.notes, placed, { what: `provider config ${name}`, why });
  }
  const params = Object.keys(into.params).length === 0 ? {} : { params: into.params };
  return { settings: { ...into.settings, ...params }, account: into.account, tools: into.tools };
}

const TOKENS = ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxOutputTokens'];
const SECRET = /^(?:apiKey|api_key|token|password|accessKeyId|secretAccessKey|sessionToken|credentials)$/i;
const THEIRS: { readonly [name: string]: string | undefined } = {
  basePath: 'it says where promptfoo looks for files',
  cost: 'prices are those of the account: pricing: { MODEL: { input: ..., output: ... } }, in USD per million tokens',
  inputCost: 'prices are those of the account: pricing: { MODEL: { input: ..., output: ... } }',
  outputCost: 'prices are those of the account: pricing: { MODEL: { input: ..., output: ... } }',
  functionToolCallbacks:
    'it is code: tools that run are a variant of own code (use: ./tools.ts, max_turns: 8)',
  mcp: 'servers of MCP stand with the variant: mcp: { command: [...] }',
  transformResponse: 'it is code: read the answer by a scorer of your own',
  omitDefaults: 'nothing is sent here that is not written',
};

/** null: it is taken. */
function take(
  name: string,
  placed: Placed<Json>,
  { into, context }: { readonly into: Into; readonly context: ConfigContext },
): string | null {
  const { value } = placed;
  if (value === null) return null;
  if (SECRET.test(name))
    return 'keys stand in the environment: api_key_env of the account names the variable';
  const theirs = rowOf(THEIRS, name);
  if (theirs !== undefined) return theirs;
  if (name === 'temperature' && typeof value === 'number') return put(into.settings, 'temperature', value);
  if (TOKENS.includes(name) && typeof value === 'number')
    return put(into.settings, 'max_output_tokens', value);
  if (name === 'generationConfig' && isPlacedMap(placed)) {
    for (const inner of Object.keys(placed.value)) {
      const held = member(placed, inner);
      const why = take(inner, held, { into, context });
      if (why !== null)
        leave(context.notes, held, { what: `provider config generationConfig.${inner}`, why });
    }
    return null;
  }
  if (name === 'tools') {
    const read = toolsOf(placed, context.reach);
    if (read.kind === 'none') return read.why;
    into.tools = read.tools;
    return null;
  }
  if (name === 'response_format') return responseFormat(placed, { into, context });
  if (name === 'apiKeyEnvar' && typeof value === 'string') return put(into.account, 'api_key_env', value);
  if (name === 'apiBaseUrl' && typeof value === 'string')
    return put(into.account, 'base_url', environment(value));
  if (name === 'apiHost' && typeof value === 'string') return host(value, { into, context });
  if (name === 'region' && context.type === 'bedrock') return put(into.account, 'options', { region: value });
  if (name === 'headers') return headers(value, into);
  if (name === 'thinking' && context.type === 'anthropic' && isJsonObject(value)) {
    const { budget_tokens: budget, ...rest } = value;
    return put(into.params, 'thinking', {
      ...rest,
      ...(budget === undefined ? {} : { budgetTokens: budget }),
    });
  }
  if (context.type !== 'openai')
    return `what ${context.type} calls it among its own options goes under params: (docs/providers.md)`;
  if (name === 'passthrough' && isJsonObject(value)) {
    Object.assign(into.params, value);
    return null;
  }
  return put(into.params, name, value);
}

function put(into: { [name: string]: Json }, name: string, value: Json): null {
  into[name] = value;
  return null;
}

/** `{{env.NAME}}` is `${NAME}` in accounts. */
export function environment(text: string): string {
  return text.replace(/\{\{\s*env\.([A-Za-z_]\w*)\s*\}\}/g, '${$1}');
}

function host(
  value: string,
  { into, context }: { readonly into: Into; readonly context: ConfigContext },
): string | null {
  const resource = /^(?:https?:\/\/)?([a-z0-9-]+)\.openai\.azure\.com\/?$/i.exec(value)?.[1];
  if (context.type === 'azure' && resource !== undefined)
    return put(into.account, 'options', { resourceName: resource });
  return put(
    into.account,
    'base_url',
    `${/^https?:/.test(value) ? value : `https://${value}`}`.replace(/\/+$/, '') +
      (context.type === 'openai' ? '/v1' : ''),
  );
}

/** One that reads as a key is not written into a file. */
function headers(value: Json, into: Into): string | null {
  if (!isJsonObject(value) || !Object.values(value).every((one) => typeof one === 'string'))
    return 'headers are a map of texts';
  const entries = Object.entries(value).map(([name, text]) => [name, environment(String(text))] as const);
  const open = entries.filter(
    ([name, text]) => /auth|key|token|secret|cookie/i.test(name) && !/\$\{\w+\}/.test(text),
  );
  const kept = entries.filter((entry) => !open.includes(entry));
  if (kept.length > 0) into.account.headers = Object.fromEntries(kept);
  return open.length === 0
    ? null
    : `${open.map(([name]) => name).join(', ')} may hold a key: name a variable, headers: { ${open[0]![0]}: "\${NAME}" }`;
}

function responseFormat(
  placed: Placed<Json>,
  { into, context }: { readonly into: Into; readonly context: ConfigContext },
): string | null {
  let { value } = placed;
  if (typeof value === 'string' && value.startsWith('file://')) {
    const found = findNamed(value, placed.source.folder, context.reach);
    if (found.kind === 'none') return found.why;
    value = openSource(found.file, context.reach).value;
  }
  if (!isJsonObject(value)) return 'it is no map';
  if (value.type === 'text') return null;
  if (value.type === 'json_object') return put(into.settings, 'response_format', 'json');
  const told = isJsonObject(value.json_schema) ? value.json_schema : value;
  if (value.type !== 'json_schema' || !isJsonObject(told.schema))
    return 'it is neither json_object nor json_schema';
  const { schema, name, strict } = told;
  const named = typeof name === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(name) ? { name } : {};
  return put(into.settings, 'response_format', {
    ...named,
    ...(typeof strict === 'boolean' ? { strict } : {}),
    schema,
  });
}
