// The one list of texts that are rendered for a model: the template, what the variant's tools give back, what the scenario
// says that they give back. Checking the manifest and fingerprints read this list; the worker renders these texts. Pure.
import type { Json, JsonObject } from '../core/json.ts';
import type { Scenario, Tool, Variant } from '../core/manifest.ts';
import { placeholdersIn, type Scope } from '../core/placeholders.ts';
import { fillsSystem, type Prompt, textsOfMessage } from './render.ts';

export type RenderedText = {
  readonly scope: Scope;
  readonly text: string;
  /** Name of the tool that gives it back; null = the prompt. */
  readonly tool: string | null;
  readonly of: 'variant' | 'scenario';
};

/** A server's tools stand behind the variant's own; a name that both have is the variant's. */
export function offeredTools({ tools, mcp }: Pick<Variant, 'tools' | 'mcp'>): readonly Tool[] {
  if (mcp?.seen == null) return tools;
  const names = new Set(tools.map(({ name }) => name));
  const wanted = (name: string): boolean => mcp.only === null || mcp.only.includes(name);
  return [...tools, ...mcp.seen.tools.filter(({ name }) => !names.has(name) && wanted(name))];
}

/**
 * The variant as one scenario meets it: a scenario's own tools stand in the place of the variant's `tools`, a server's
 * stay beside them. Tests of pytest are told neither.
 */
export function meeting<V extends Pick<Variant, 'tools' | 'harness'>>(
  variant: V,
  scenario: Pick<Scenario, 'tools'>,
): V {
  return scenario.tools === undefined || variant.harness?.kind === 'pytest'
    ? variant
    : { ...variant, tools: scenario.tools };
}

type Rendering = Prompt & Pick<Variant, 'tools' | 'maxTurns'>;

/** Own code without a `run` renders results, too; but code is handed the whole scenario anyway. */
export function textsOfVariant({ tools, maxTurns, ...prompt }: Rendering): readonly RenderedText[] {
  const results = maxTurns === 1 ? [] : tools;
  return [
    ...promptTexts(prompt).map((text) => ({
      scope: 'template' as const,
      text,
      tool: null,
      of: 'variant' as const,
    })),
    ...results.flatMap(({ name, result }) =>
      textsIn(result ?? null).map((text) => ({
        scope: 'result' as const,
        text,
        tool: name,
        of: 'variant' as const,
      })),
    ),
  ];
}

/** What of the prompt is filled: of `system` only where we send it ourselves. */
export function promptTexts(prompt: Prompt): readonly string[] {
  const { system, template } = prompt;
  return [
    ...(fillsSystem(prompt) ? [system!] : []),
    ...(typeof template === 'string' ? [template] : template.flatMap(textsOfMessage)),
  ];
}

/** @param told of the scenario's results those that can reach this model: `toldResults` */
export function textsOfResults(told: JsonObject): readonly RenderedText[] {
  return Object.entries(told).flatMap(([tool, result]) =>
    textsIn(result ?? null).map((text) => ({
      scope: 'result' as const,
      text,
      tool,
      of: 'scenario' as const,
    })),
  );
}

/** Without a loop nobody asks for results, and of a tool that is not offered nobody does. Sorted by tool. */
export function toldResults(
  scenario: Pick<Scenario, 'toolResults'>,
  input: {
    readonly maxTurns: number /** null = not known yet. */;
    readonly offered: ReadonlySet<string> | null;
  },
): JsonObject {
  if (input.maxTurns === 1) return {};
  const names = Object.keys(scenario.toolResults).filter((name) => input.offered?.has(name) ?? true);
  return Object.fromEntries(names.sort().map((name) => [name, scenario.toolResults[name]]));
}

/** Every text inside, names of members left out: they are not rendered. */
function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((member: Json | undefined) => textsIn(member ?? null));
}

/** What texts read of a scenario. */
export type Reads = {
  readonly input: boolean;
  readonly id: boolean;
  readonly category: boolean;
  /** Sorted, each once. */
  readonly vars: readonly string[];
};

export function readsOf(texts: readonly RenderedText[]): Reads {
  const reads = texts.flatMap(({ text, scope }) => placeholdersIn(text, scope).map(({ read }) => read));
  const has = (kind: 'input' | 'id' | 'category'): boolean => reads.some((read) => read?.kind === kind);
  const vars = reads.flatMap((read) => (read?.kind === 'variable' ? [read.name] : []));
  return { input: has('input'), id: has('id'), category: has('category'), vars: [...new Set(vars)].sort() };
}
