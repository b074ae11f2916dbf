// What counts: turns resolved content into the parts that a key is made of. What a model is sent and what code is handed
// is in; names that nobody is told, places, order that says nothing and transport stay out (docs/keys.md).

import { moduleContent } from '../core/code-content.ts';
import { toolsDigest } from '../core/frame.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { headersContent } from '../core/key-headers.ts';
import type { Manifest, Provider, ProviderSdk, Scenario, Variant } from '../core/manifest.ts';
import { keyedInput } from '../core/media.ts';
import { makePart } from '../core/part.ts';
import { scriptOf } from '../core/played-by.ts';
import { entryOf } from '../core/providers/table.ts';
import type { Part } from '../core/task.ts';
import { itemContent, itemsOf } from './pytest-content.ts';
import {
  meeting,
  offeredTools,
  type Reads,
  readsOf,
  textsOfResults,
  textsOfVariant,
  toldResults,
} from './rendered.ts';
import { isFramed, reachedHarness, resultsContent, toolContent, variantContent } from './variant-content.ts';

/** The parts of one variant; `scenarios` by the scenario's index in the manifest. */
export type VariantParts = {
  readonly name: string;
  readonly runs: number;
  readonly variant: Part;
  readonly engine: Part;
  readonly scenarios: readonly Part[];
  /** Indexes of scenarios that it leaves out: its tests were deselected. */
  readonly without?: ReadonlySet<number>;
};

/**
 * Fingerprints a whole manifest.
 * Variants that let the same through share one list of scenario parts: each content is hashed once.
 */
export function fingerprint(manifest: Manifest): readonly VariantParts[] {
  const byWindow = new Map<string, readonly Part[]>();
  const bringTools = manifest.scenarios.some(({ tools }) => tools !== undefined);
  const partsOf = (variant: Variant): VariantParts => {
    const window = windowOf(variant);
    // What a variant lets through of a scenario with tools of its own hangs on more than the window shows.
    const signature = bringTools
      ? variant.name
      : JSON.stringify({ ...window, offered: window.offered && [...window.offered].sort() });
    let scenarios = byWindow.get(signature);
    if (!scenarios) {
      scenarios = manifest.scenarios.map((scenario) =>
        scenarioPart(scenario, scenario.tools === undefined ? window : ownWindow(variant, scenario)),
      );
      byWindow.set(signature, scenarios);
    }
    const own = { name: variant.name, runs: variant.runs, variant: variantPart(variant, manifest) };
    const engine = enginePart(manifest.providers[variant.provider]!);
    const harness = reachedHarness(variant.harness);
    if (harness === null) return { ...own, engine, scenarios };
    const items = itemsOf(harness);
    return {
      ...own,
      engine: harness.reach.usesSettings ? engine : nobody(),
      scenarios: manifest.scenarios.map((scenario, i) =>
        makePart(
          'scenario',
          itemContent(scenario.id, { harness, items: items(scenario.id), manifest: scenarios[i]!.content }),
        ),
      ),
    };
  };
  return manifest.variants.map((variant) => withPlayed(partsOf(variant), { variant, manifest }));
}

/** Who plays a model is told what to answer as a model is told what to do: the part of a cell counts in its key. */
function withPlayed(
  parts: VariantParts,
  { variant, manifest }: { readonly variant: Variant; readonly manifest: Manifest },
): VariantParts {
  const { played } = manifest.providers[variant.provider]!;
  if (played === undefined) return parts;
  const scenarios = parts.scenarios.map((part, i) => {
    const cell = { variant: variant.name, scenario: manifest.scenarios[i]!.id };
    const script = scriptOf(played, cell);
    return script === null
      ? part
      : makePart('scenario', { ...part.content, sim_answer: script as unknown as Json });
  });
  return { ...parts, scenarios };
}

/** Through what a scenario is seen by a model or by code: what of it counts for one variant. */
export type Window = {
  /** `texts`: what rendered texts read; `all`: code may read all that it is handed, and tests read the scenarios' file. */
  readonly lets: 'texts' | 'all';
  readonly reads: Reads;
  readonly maxTurns: number;
  /** Tools whose results may be asked for; null = not known yet. */
  readonly offered: ReadonlySet<string> | null;
  /** The template is a list of messages: a conversation that none of them reads is not sent. */
  readonly isOfMessages?: true;
  /** The scenario's own tools as they are sent; only where it brings some. */
  readonly own?: JsonObject;
};

const NOTHING: Reads = { input: false, id: false, category: false, vars: [] };

export function windowOf(
  variant: Pick<Variant, 'system' | 'template' | 'tools' | 'maxTurns' | 'mcp' | 'harness'>,
): Window {
  if (variant.harness) return { lets: 'all', reads: NOTHING, maxTurns: 1, offered: null };
  const { maxTurns, mcp } = variant;
  const isKnown = mcp === null || mcp.seen !== null;
  return {
    lets: 'texts',
    maxTurns,
    reads: readsOf(textsOfVariant(variant)),
    ...(typeof variant.template === 'string' ? {} : { isOfMessages: true as const }),
    offered: maxTurns > 1 && isKnown ? new Set(offeredTools(variant).map(({ name }) => name)) : null,
  };
}

/** Through what a scenario with tools of its own is seen: they are offered, and the variant's are not. */
function ownWindow(variant: Variant, scenario: Scenario): Window {
  const met = meeting(variant, scenario);
  const window = windowOf(met);
  return met === variant ? window : { ...window, own: ownTools(met) };
}

/** Of what a package sends, what these tools change of it. */
function ownTools(met: Variant): JsonObject {
  const sent = isFramed(met) ? met.frame.own?.[toolsDigest(met.tools)] : undefined;
  if (sent !== undefined) return { frame: sent, ...resultsContent(met) };
  return { tools: met.tools.map((tool) => toolContent(tool, met)) };
}

export function variantPart(
  variant: Variant,
  input: Pick<Manifest, 'inputs'> & { readonly prepare?: Manifest['prepare'] },
): Part {
  return makePart('variant', variantContent(variant, input));
}

/** There is no form to speak in. */
function nobody(): Part {
  return makePart('engine', { type: 'none', api: 'chat' });
}

/** Who answers. A simulation is one thing wherever it listens; a real endpoint is its host and path. */
export function enginePart(provider: Provider): Part {
  const { answeredBy, defaults } = entryOf(provider.type);
  if (answeredBy === 'nobody') return nobody();
  const address = answeredBy === 'simulation' ? null : normalBaseUrl(provider.baseUrl);
  // Written out or left out, it is the same endpoint.
  const baseUrl = address === normalBaseUrl(defaults.baseUrl) ? null : address;
  return makePart('engine', {
    type: provider.type,
    ...(provider.sdk === undefined ? { api: provider.api } : sdkContent(provider.sdk, provider.type)),
    ...(baseUrl === null ? {} : { base_url: baseUrl }),
    ...headersContent(provider),
  });
}

/**
 * Of a package its major version: within one it may build requests otherwise, and then they show it (core/frame.ts). What it
 * is made of is told by the requests as well.
 */
function sdkContent(sdk: ProviderSdk, type: Provider['type']): JsonObject {
  const { package: name, create, method, own, version } = sdk;
  const isVendors = entryOf(type).sdk !== null;
  return {
    ...(isVendors ? {} : own === undefined ? { package: name, create } : { create, ...moduleContent(own) }),
    ...(method === null ? {} : { api: method }),
    ...(version === undefined ? {} : { major: majorOf(version) }),
  };
}

/** Before 1.0 the second number is what the first is later: https://semver.org/#spec-item-4 */
export function majorOf(version: string): string {
  const [major = '', minor = ''] = version.split('.');
  return major === '0' ? `0.${minor}` : major;
}

/** Only what reaches the model: a description, a tag or an unread variable is free to edit. */
export function scenarioPart(scenario: Scenario, window: Window): Part {
  const { id, input, category, vars, toolResults } = scenario;
  if (window.lets === 'texts') return makePart('scenario', renderedContent(scenario, window));
  return makePart('scenario', {
    input: keyedInput(input),
    id,
    category,
    ...(isEmpty(vars) ? {} : { vars }),
    ...(isEmpty(toolResults) ? {} : { tool_results: toolResults }),
    ...window.own,
  });
}

function renderedContent(scenario: Scenario, window: Window): JsonObject {
  const told = toldResults(scenario, window);
  const own = isEmpty(told) ? NOTHING : readsOf(textsOfResults(told));
  const { reads } = window;
  const names = own.vars.length === 0 ? reads.vars : [...new Set([...reads.vars, ...own.vars])].sort();
  const inputReaches = reads.input || (typeof scenario.input !== 'string' && !window.isOfMessages);
  return {
    ...(inputReaches ? { input: keyedInput(scenario.input) } : {}),
    ...(names.length === 0
      ? {}
      : { vars: Object.fromEntries(names.map((name) => [name, ownVariable(scenario, name)])) }),
    ...(reads.id || own.id ? { id: scenario.id } : {}),
    ...(reads.category ? { category: scenario.category } : {}),
    ...(isEmpty(told) ? {} : { tool_results: told }),
    ...window.own,
  };
}

/** Names of Object.prototype are no variables. */
function ownVariable({ vars }: Scenario, name: string): Json {
  return Object.hasOwn(vars, name) ? (vars[name] ?? null) : null;
}

/** Host (with a port that is not the scheme's own) and path: no scheme, no credentials, no query, no closing slash. */
export function normalBaseUrl(baseUrl: string | null): string | null {
  if (baseUrl === null) return null;
  const url = new URL(baseUrl);
  return url.host.toLowerCase() + url.pathname.replace(/\/+$/, '');
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}
