// What a package makes otherwise of a request than it was asked, by its own warnings and by the body: packages change requests,
// and do not always say so. A seed that a wire has no place for is no change: it is sent where the provider takes one. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { ModelRequest } from '../core/order.ts';

/** As the AI SDK's specification has them. */
export type PackageWarning = {
  readonly type: string;
  readonly feature?: string;
  readonly details?: string;
  readonly message?: string;
};

export type FrameChange = {
  /** As the manifest spells it: `temperature`, `params.top_p`, `response_format.strict`; what the package calls it, where it is none. */
  readonly setting: string;
  /** A sentence without its end. */
  readonly what: string;
  /** Asked for, and otherwise; or not asked for at all. */
  readonly severity: 'error' | 'warning';
};

export type BuiltRequest = {
  readonly body: JsonObject;
  readonly warnings: readonly PackageWarning[];
  /** Names of `params` that change nothing of the request. */
  readonly unused: readonly string[];
};

/** Each setting once: what the package says of it comes before what is seen. */
export function changesOf(
  request: ModelRequest,
  { body, warnings, unused }: BuiltRequest,
): readonly FrameChange[] {
  const found = [
    ...warnings.map((warning) => warned(warning, request)),
    ...seenNumbers(request, body),
    ...seenTools(request, body),
    ...seenFormat(request, body),
    ...wholes(unused, request.params).map((name) => ({
      setting: `params.${name}`,
      what: `"${name}" in params changes nothing of the request: the package does not know it`,
      severity: 'error' as const,
    })),
  ];
  const named = new Set<string>();
  return found.filter(({ setting }) => setting !== 'seed' && !named.has(setting) && named.add(setting));
}

/** Of a member that does nothing as a whole its name alone: `thinking`, not each of its parts. */
function wholes(unused: readonly string[], params: JsonObject): readonly string[] {
  const names = Object.entries(params).flatMap(([name, value = null]) => {
    const inside = unused.filter((one) => one === name || one.startsWith(`${name}.`));
    return inside.length > 1 && inside.length === leaves(value) ? [name] : inside;
  });
  return [...new Set(names)];
}

function leaves(value: Json): number {
  const members = isJsonObject(value) ? Object.values(value) : [];
  return members.length === 0 ? 1 : members.reduce<number>((sum, member) => sum + leaves(member ?? null), 0);
}

/** A name covers what is inside; `params.` may be left out. */
export function isAllowed(setting: string, allow: readonly string[]): boolean {
  return allow.some((name) =>
    [name, `params.${name}`].some((one) => setting === one || setting.startsWith(`${one}.`)),
  );
}

const FEATURES: { readonly [feature: string]: string } = {
  temperature: 'temperature',
  maxOutputTokens: 'max_output_tokens',
  responseFormat: 'response_format',
  seed: 'seed',
  tools: 'tools',
  'extended thinking': 'params.thinking',
  'adaptive thinking': 'params.thinking',
  budgetTokens: 'params.thinking',
};

function warned({ feature, details, message }: PackageWarning, request: ModelRequest): FrameChange {
  const words = details ?? message ?? '';
  return {
    setting: feature === undefined ? 'other' : settingOf(feature, request.params),
    what: words === '' ? `the package does not send ${feature ?? 'all that it is asked'}` : words,
    severity: 'error',
  };
}

/** `topP` -> `params.top_p`, as the manifest writes it. */
function settingOf(feature: string, params: JsonObject): string {
  const known = FEATURES[feature];
  if (known !== undefined) return known;
  const name = feature.replace(/^providerOptions\.(?:\w+\.)?/, '');
  if (!/^[\w.]+$/.test(name)) return /\btools?\b/.test(feature) ? 'tools' : feature;
  const written = Object.keys(params).find((one) => plain(one) === plain(name));
  return `params.${written ?? name.replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2').toLowerCase()}`;
}

const NUMBERS = [
  { setting: 'temperature', names: ['temperature'] },
  {
    setting: 'max_output_tokens',
    names: ['maxtokens', 'maxoutputtokens', 'maxcompletiontokens', 'maxnewtokens', 'maxtokenstosample'],
  },
] as const;

function seenNumbers(request: ModelRequest, body: JsonObject): readonly FrameChange[] {
  return NUMBERS.flatMap(({ setting, names }): readonly FrameChange[] => {
    const asked = setting === 'temperature' ? request.temperature : request.maxOutputTokens;
    const sent = membersOf(body, names);
    if (asked === null) {
      const [first] = sent;
      if (first === undefined || setting !== 'max_output_tokens' || isInParams(request.params)) return [];
      const what = `${first.name}: ${JSON.stringify(first.value)} is sent, as nothing says how long an answer may be`;
      return [{ setting, what, severity: 'warning' }];
    }
    if (sent.some(({ value }) => value === asked)) return [];
    const [other] = sent;
    const words = other === undefined ? 'is not sent' : `is sent as ${JSON.stringify(other.value)}`;
    return [{ setting, what: `"${setting}: ${asked}" ${words}`, severity: 'error' }];
  });
}

function isInParams(params: JsonObject): boolean {
  return Object.keys(params).some((name) => (NUMBERS[1].names as readonly string[]).includes(plain(name)));
}

type Member = { readonly name: string; readonly value: Json };

/** What is said, and what tools take, is no setting. */
const NO_SETTINGS = new Set(['messages', 'system', 'contents', 'input', 'tools', 'toolconfig', 'prompt']);

/** Settings of a body by what they are called, without `_`, `-` and capitals. */
export function membersOf(body: JsonObject, names: readonly string[]): readonly Member[] {
  return Object.entries(body).flatMap(([name, value = null]): readonly Member[] => {
    if (NO_SETTINGS.has(plain(name))) return [];
    const own = names.includes(plain(name)) && typeof value === 'number' ? [{ name, value }] : [];
    return isJsonObject(value) ? [...own, ...membersOf(value, names)] : own;
  });
}

function plain(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase();
}

function seenTools({ tools }: ModelRequest, body: JsonObject): readonly FrameChange[] {
  const sent = new Set(textsIn(body));
  const lost = tools.filter(({ name }) => !sent.has(name)).map(({ name }) => name);
  if (lost.length === 0) return [];
  return [{ setting: 'tools', what: `not all tools are sent: ${lost.join(', ')}`, severity: 'error' }];
}

function seenFormat({ responseFormat: format }: ModelRequest, body: JsonObject): readonly FrameChange[] {
  if (format?.kind !== 'schema') return [];
  const { properties } = format.schema;
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  const isThere = (value: Json): boolean =>
    isJsonObject(value) && names.every((name) => Object.hasOwn(value, name));
  if (names.length > 0 && !objectsIn(body).some(({ properties: own = null }) => isThere(own))) {
    return [{ setting: 'response_format', what: '"response_format" is not sent', severity: 'error' }];
  }
  const { strict } = format;
  if (strict === null || objectsIn(body).some((one) => one.strict === strict)) return [];
  const what = `"strict: ${strict}" of "response_format" is not sent: the package decides by itself`;
  return [{ setting: 'response_format.strict', what, severity: 'error' }];
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  return inside(value).flatMap(textsIn);
}

function objectsIn(value: Json): readonly JsonObject[] {
  const below = inside(value).flatMap(objectsIn);
  return isJsonObject(value) ? [value, ...below] : below;
}

function inside(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  return isJsonObject(value) ? Object.values(value).map((member) => member ?? null) : [];
}
