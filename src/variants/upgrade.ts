// Parts as version 1 of the contents kept them -> the parts that today's fingerprints would make of the same things. Version 1
// forgot the order of JSON, the paths of files, and what programs are told. What can be told from the stored content is
// adopted; the rest is said to be ambiguous, and is drawn again. Idempotent: of today's contents it changes nothing. Pure.
//
// | version 1                        | today                                  | ambiguous where                    |
// |----------------------------------|----------------------------------------|------------------------------------|
// | members in any order             | `exact`, by the order as stored        | a secret was taken out of it       |
// | inputs, prepared: [digest]       | {path: digest}                         | there is any                       |
// | code: digest of digests          | {path: digest}, `entry`                | there is any                       |
// | nothing of names                 | told: {variant}, by the record's name  |                                    |
// | all tools of a server            | those that are offered                 |                                    |
// | a server's address               | with its query                         | it has an address                  |
// | every tool_results               | of tools that are offered, with what they read | they read variables        |
// | code's variables, sorted         | in their order                         | there are two or more              |
import { digestOf } from '../core/canonical.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { isPlain, makePart } from '../core/part.ts';
import { placeholdersIn } from '../core/placeholders.ts';
import type { Change, Part, PartName } from '../core/task.ts';
import { PYTEST_VERSION } from './pytest-content.ts';
import { readsOf, textsOfResults, toldResults } from './rendered.ts';
import { CONTENT_VERSION } from './variant-content.ts';

/** What version 1 did not hold. */
export type Forgotten =
  | 'code-paths'
  | 'input-paths'
  | 'prepared-paths'
  | 'order'
  | 'variables'
  | 'query'
  | 'labels'
  | 'headers';

export type Stored = {
  readonly content: JsonObject;
  /** A secret was taken out of it: it is no longer what the digest is of. */
  readonly isRedacted: boolean;
};

/** `part` null = it is as today's would be. */
export type Upgrade =
  | { readonly kind: 'known'; readonly part: Part | null }
  | { readonly kind: 'ambiguous'; readonly forgot: readonly Forgotten[] };

const SAME: Upgrade = { kind: 'known', part: null };

/** False for contents of today: nothing of them has to be looked at. */
export function mayBeOld(part: PartName, content: JsonObject): boolean {
  if (content.exact !== undefined || isOfToday(content)) return false;
  if (!isPlain(content)) return true;
  if (part === 'engine') return content.type === 'none' && content.base_url !== undefined;
  // Version 1 knew no scenarios with tools of their own.
  if (part === 'scenario') return content.tool_results !== undefined && content.tools === undefined;
  return ['harness', 'mcp', 'inputs', 'prepared'].some((name) => content[name] !== undefined);
}

/** Of both versions there may be records: what nobody can read definition by definition counts by its files. */
function isOfToday({ v }: JsonObject): boolean {
  return v === CONTENT_VERSION || v === PYTEST_VERSION;
}

/** @param name the variant's when it was drawn */
export function upgradeVariant({ content, isRedacted }: Stored, name: string): Upgrade {
  if (content.imported !== undefined || isOfToday(content) || content.exact !== undefined) return SAME;
  const { harness, mcp, ...rest } = content;
  const forgot: Forgotten[] = [
    ...(content.inputs === undefined ? [] : (['input-paths'] as const)),
    ...(content.prepared === undefined ? [] : (['prepared-paths'] as const)),
    ...[harness, mcp].flatMap((of) => (isJsonObject(of) && hasFiles(of) ? (['code-paths'] as const) : [])),
    ...(isJsonObject(mcp) && mcp.url !== undefined ? (['query'] as const) : []),
  ];
  if (forgot.length > 0) return { kind: 'ambiguous', forgot };
  if (!isJsonObject(harness) && !isJsonObject(mcp)) return remade('variant', { content, isRedacted });
  const now: JsonObject = {
    ...rest,
    v: CONTENT_VERSION,
    ...(isJsonObject(mcp) ? { mcp: offeredOnly(mcp, content) } : {}),
    ...(isJsonObject(harness) ? { harness, ...toolsOfProgram(content), told: { variant: name } } : {}),
  };
  return remade('variant', { content: now, isRedacted }, content);
}

/** Tests are files, and so are modules: of version 1 only programs without files of their own can be told. */
function hasFiles(input: JsonObject): boolean {
  return input.kind === 'pytest' || input.kind === 'module' || input.code !== undefined;
}

function toolsOfProgram({ tools }: JsonObject): JsonObject {
  if (!Array.isArray(tools)) return {};
  return { tools: (tools as readonly JsonObject[]).map(({ result: _, ...tool }) => tool) };
}

function offeredOnly({ only, tools, ...mcp }: JsonObject, variant: JsonObject): JsonObject {
  if (!Array.isArray(tools)) return { ...mcp, ...(only === undefined ? {} : { only }) };
  const own = new Set(namesOf(variant.tools));
  const wanted = Array.isArray(only) ? new Set(only as readonly Json[]) : null;
  const isOffered = ({ name }: JsonObject): boolean =>
    !own.has(String(name)) && (wanted === null || wanted.has(name as Json));
  return { ...mcp, tools: (tools as readonly JsonObject[]).filter(isOffered) };
}

function namesOf(tools: Json | undefined): readonly string[] {
  return Array.isArray(tools) ? (tools as readonly JsonObject[]).map(({ name }) => String(name)) : [];
}

/**
 * @param of.variant its stored content
 * @param of.id the scenario's when it was drawn
 */
export function upgradeScenario(
  { content, isRedacted }: Stored,
  input: { readonly variant: JsonObject; readonly id: string },
): Upgrade {
  if (content.imported !== undefined || content.exact !== undefined || content.tools !== undefined)
    return SAME;
  // Version 1 knew no packages; which tools are offered their requests say in words of their own.
  if (input.variant.frame !== undefined) return SAME;
  const { harness, max_turns: maxTurns } = input.variant;
  const { vars } = content;
  if (harness !== undefined) {
    const isSorted = !isOfToday(input.variant) && isJsonObject(vars) && Object.keys(vars).length > 1;
    if (isSorted) return { kind: 'ambiguous', forgot: ['order'] };
    return remade('scenario', { content, isRedacted });
  }
  const { tool_results: results, ...rest } = content;
  if (!isJsonObject(results)) return remade('scenario', { content, isRedacted });
  const told = toldResults(
    { toolResults: results },
    { maxTurns: typeof maxTurns === 'number' ? maxTurns : 1, offered: offeredBy(input.variant) },
  );
  const reads = readsOf(textsOfResults(told));
  const isHeld = (name: string): boolean => isJsonObject(vars) && Object.hasOwn(vars, name);
  if (!reads.vars.every(isHeld)) return { kind: 'ambiguous', forgot: ['variables'] };
  const now = {
    ...rest,
    ...(reads.id ? { id: input.id } : {}),
    ...(Object.keys(told).length === 0 ? {} : { tool_results: told }),
  };
  return remade('scenario', { content: now, isRedacted }, content);
}

function offeredBy({ tools, mcp }: JsonObject): ReadonlySet<string> | null {
  if (!isJsonObject(mcp)) return new Set(namesOf(tools));
  if (mcp.tools === undefined) return null;
  const { tools: offered } = offeredOnly(mcp, { tools });
  return new Set([...namesOf(tools), ...namesOf(offered)]);
}

export function upgradeEngine({ content, isRedacted }: Stored): Upgrade {
  if (content.type === 'imported' || content.exact !== undefined) return SAME;
  if (content.type !== 'none') return remade('engine', { content, isRedacted });
  return remade('engine', { content: { type: 'none', api: 'chat' }, isRedacted }, content);
}

/** @param was what it was made of, where that is another content */
function remade(name: PartName, { content, isRedacted }: Stored, was = content): Upgrade {
  const part = makePart(name, content);
  if (part.content === was || part.digest === digestOf(was)) return SAME;
  // What stood in place of the secret is not known: the digest would be of another text.
  if (isRedacted) return { kind: 'ambiguous', forgot: ['order'] };
  return { kind: 'known', part };
}

/** Today's content in the words of version 1: what it says besides can be held against what was kept. */
export function inVersion1(part: PartName, content: JsonObject): JsonObject {
  const { v: _v, told: _t, exact: _e, headers: _h, ...rest } = content;
  if (part !== 'variant') return { ...content, exact: undefined, headers: undefined };
  const { harness, mcp, inputs, prepared, ...others } = rest;
  return {
    ...others,
    ...(isJsonObject(inputs) ? { inputs: digestsOf(inputs) } : {}),
    ...(isJsonObject(prepared) ? { prepared: digestsOf(prepared) } : {}),
    ...(isJsonObject(mcp) ? { mcp: codeInVersion1(mcp) } : {}),
    ...(isJsonObject(harness) ? { harness: codeInVersion1(harness) } : {}),
  };
}

function codeInVersion1({ entry: _, code, ...rest }: JsonObject): JsonObject {
  return { ...rest, ...(isJsonObject(code) ? { code: digestOf({ files: digestsOf(code) }) } : {}) };
}

function digestsOf(files: JsonObject): readonly Json[] {
  return (Object.values(files) as Json[]).sort();
}

/** A difference between what version 1 kept and today's content in its words, that is no edit: version 1 knew too little. */
export function isOfVersion({ part, from, to }: Change, input: { readonly isPytest: boolean }): boolean {
  if (part.startsWith('variant.mcp.')) return /^variant\.mcp\.(?:only|url|tools)\b/.test(part);
  if (part === 'scenario.vars' || part.startsWith('scenario.vars.') || part === 'scenario.id') {
    if (from === undefined) return true;
  }
  if (part.startsWith('scenario.tool_results')) return to === undefined;
  if (!input.isPytest) return false;
  return /^variant\.harness\.(?:python|paths|variants_from|scenario_param|collect)\b/.test(part);
}

/**
 * What keys hold otherwise than when a record was made. Of tests every file whole then, definitions now: which of the two
 * an edit came between nobody can tell. Of a system prompt with placeholders: it was sent as it stands, and is filled now.
 */
export function outgrown(was: JsonObject, is: JsonObject): readonly string[] | null {
  if (is.system_reads !== undefined && was.system_reads === undefined && hasPlaceholders(was.system))
    return ['system'];
  const isTests = isJsonObject(was.harness) && was.harness.kind === 'pytest';
  return isTests && is.v === PYTEST_VERSION && was.v !== PYTEST_VERSION ? ['tests'] : null;
}

function hasPlaceholders(system: Json | undefined): boolean {
  return typeof system === 'string' && placeholdersIn(system, 'template').length > 0;
}
