// Two variants, field by field: in what they differ of all that can reach a model or tell the arms apart. Pure.

import { canonicalJson } from '../core/canonical.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Manifest, Variant } from '../core/manifest.ts';
import { formDifferences } from '../core/part.ts';
import { maskSecrets } from '../core/secret-shapes.ts';
import { sanitizeLine } from '../core/text.ts';
import { enginePart, variantPart } from './fingerprint.ts';

export type Difference = {
  /** As the manifest spells it: `temperature`, `params.top_p`, `tools.schedule_task.parameters.properties.title.maxLength`. */
  readonly path: string;
  /** undefined = it is not there. */
  readonly from: Json | undefined;
  readonly to: Json | undefined;
};

/** What `varies:` may name; a dot leads inside. */
export const SETTINGS = [
  ...['provider', 'model', 'temperature', 'max_output_tokens', 'params', 'system', 'template', 'tools'],
  ...['response_format', 'max_turns', 'seed', 'runs', 'salt', 'mcp', 'use', 'command', 'pytest'],
] as const;

export type Pair = {
  readonly from: Variant;
  readonly to: Variant;
  readonly providers: Manifest['providers'];
};

export function differencesOf({ from, to, providers }: Pair): readonly Difference[] {
  const differences: Difference[] = [];
  const [before, after] = [contentOf(from, providers), contentOf(to, providers)];
  compare({ path: '', from: before, to: after }, differences);
  differences.push(...formDifferences('', before, after));
  return differences.sort((a, b) => orderOf(a) - orderOf(b));
}

/** A name covers all that is inside. A salt reaches no model: it is written in order to differ. */
export function isDeclared({ path }: Pick<Difference, 'path'>, varies: readonly string[]): boolean {
  return [...varies, 'salt'].some((name) => path === name || path.startsWith(`${name}.`));
}

function orderOf({ path }: Difference): number {
  return (SETTINGS as readonly string[]).indexOf(path.split('.')[0]!);
}

/** Arms of one harness differ in what they reach of it, and that is what they are: its files tell nothing apart. */
function byFiles(variant: Variant): Variant {
  const { harness } = variant;
  return harness?.kind === 'pytest' ? { ...variant, harness: { ...harness, reach: null } } : variant;
}

/** As the manifest says it: what a package makes of that is no setting. */
function asWritten({ frame: _, ...variant }: Variant): Variant {
  return variant;
}

/** A variant with its lists of named things as maps by name. */
function contentOf(variant: Variant, providers: Manifest['providers']): JsonObject {
  const provider = providers[variant.provider];
  const { tools, harness, mcp, ...content } = told(
    variantPart(asWritten(byFiles(variant)), { inputs: [] }).content,
  );
  return {
    ...content,
    runs: variant.runs,
    ...(provider === undefined ? {} : { provider: enginePart(provider).content }),
    ...(tools === undefined ? {} : { tools: toolContent(tools as readonly JsonObject[]) }),
    ...(variant.mcp === null ? {} : { mcp: { ...(mcp as JsonObject), ...toolsOf(mcp as JsonObject) } }),
    ...harnessContent(variant, harness as JsonObject | undefined),
  };
}

/** Without what keys only keep for themselves. Names differ from arm to arm: that is what they are for. */
function told({ v: _v, exact: _e, told: _t, system_reads: _s, ...content }: JsonObject): JsonObject {
  return content;
}

function toolsOf(mcp: JsonObject): JsonObject {
  return Array.isArray(mcp.tools) ? { tools: toolContent(mcp.tools as readonly JsonObject[]) } : {};
}

/** By name; models read a list from the top, so its order is told where it is all that differs. */
function toolContent(tools: readonly JsonObject[]): JsonObject {
  const named = tools.map(({ name, ...content }) => [typeof name === 'string' ? name : '', content] as const);
  return { ...Object.fromEntries(named), [ORDER]: named.map(([name]) => name) };
}

/** No tool has such a name. */
const ORDER = '(order)';

/** Under the word that the manifest has for it. */
function harnessContent({ harness }: Variant, content: JsonObject | undefined): JsonObject {
  if (harness === null || content === undefined) return {};
  const { kind, ...inside } = content;
  return { [harness.kind === 'module' ? 'use' : harness.kind]: inside };
}

function compare(
  input: { readonly path: string; readonly from: Json | undefined; readonly to: Json | undefined },
  found: Difference[],
): void {
  const { path, from, to } = input;
  if (sameJson(from, to)) return;
  if (!isJsonObject(from) || !isJsonObject(to)) {
    found.push(withoutOrder({ path, from, to }));
    return;
  }
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (name === ORDER && !isReordered(from[name], to[name])) continue;
    compare({ path: path === '' ? name : `${path}.${name}`, from: from[name], to: to[name] }, found);
  }
}

/** Of tools that are there on both sides. */
function isReordered(from: Json | undefined, to: Json | undefined): boolean {
  if (!Array.isArray(from) || !Array.isArray(to)) return false;
  const both = (list: readonly Json[], other: readonly Json[]): string =>
    JSON.stringify(list.filter((name) => other.includes(name)));
  return both(from, to) !== both(to, from);
}

/** Where one side has no tools at all, the other's list is told without its bookkeeping. */
function withoutOrder({ path, from, to }: Difference): Difference {
  const plain = (value: Json | undefined): Json | undefined => {
    if (!isJsonObject(value) || value[ORDER] === undefined) return value;
    const { [ORDER]: names } = value;
    return names;
  };
  return { path, from: plain(from), to: plain(to) };
}

function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return canonicalJson(a) === canonicalJson(b);
}

const MAX_CHARS = 60;

/** `baseline has 0.2, applike 0.7` */
export function differenceSentence(
  { from, to }: Difference,
  names: { readonly from: string; readonly to: string },
): string {
  return `${sanitizeLine(names.from)} has ${valueWords(from)}, ${sanitizeLine(names.to)} ${valueWords(to)}`;
}

function valueWords(value: Json | undefined): string {
  if (value === undefined) return 'none';
  const text = maskSecrets(JSON.stringify(value));
  return sanitizeLine(text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text);
}
