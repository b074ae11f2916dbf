// What counts: turns resolved content into the parts that a key is made of. Names, paths, order and transport stay out.
import { digestOf } from '../core/canonical.ts';
import type { Code, Harness, McpServer } from '../core/harness.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Manifest, Provider, Scenario, Variant } from '../core/manifest.ts';
import { unreachable } from '../core/result.ts';
import type { Part, PartName } from '../core/task.ts';
import { type TemplateFields, templateFields } from './render.ts';

/** The parts of one variant; `scenarios` by the scenario's index in the manifest. */
export type VariantParts = {
  readonly name: string;
  readonly runs: number;
  readonly variant: Part;
  readonly engine: Part;
  readonly scenarios: readonly Part[];
};

/**
 * Fingerprints a whole manifest.
 * Variants whose templates read the same fields share one list of scenario parts: each content is hashed once.
 */
export function fingerprint(manifest: Manifest): readonly VariantParts[] {
  const byFields = new Map<string, readonly Part[]>();
  return manifest.variants.map((variant) => {
    const fields = scenarioFields(variant);
    const signature = JSON.stringify(fields);
    let scenarios = byFields.get(signature);
    if (!scenarios) {
      scenarios = manifest.scenarios.map((scenario) => scenarioPart(scenario, fields));
      byFields.set(signature, scenarios);
    }
    return {
      name: variant.name,
      runs: variant.runs,
      variant: variantPart(variant, manifest),
      engine: enginePart(manifest.providers[variant.provider]!),
      scenarios,
    };
  });
}

/** What of a scenario can reach the model through this variant. */
export type ScenarioFields = TemplateFields & { readonly toolResults: boolean; readonly allVars: boolean };

/** In a tool loop the scenario's own results reach the model, and variables by the templates of results. */
export function scenarioFields(
  variant: Pick<Variant, 'template' | 'tools' | 'maxTurns'> & { readonly harness?: Variant['harness'] },
): ScenarioFields {
  // Code may read all that it is handed.
  if (variant.harness) {
    return { input: true, id: true, category: true, vars: [], toolResults: true, allVars: true };
  }
  const fields = { ...templateFields(variant.template), allVars: false };
  if (variant.maxTurns === 1) return { ...fields, toolResults: false };
  const results = templateFields(variant.tools.map(({ result }) => JSON.stringify(result ?? null)).join(' '));
  return {
    ...fields,
    id: fields.id || results.id,
    vars: [...new Set([...fields.vars, ...results.vars])].sort(),
    toolResults: true,
  };
}

/** Absent and default are one thing: a field that is added later leaves the keys of today alone. */
export function variantPart(
  variant: Variant,
  of: Pick<Manifest, 'inputs'> & { readonly prepare?: Manifest['prepare'] },
): Part {
  const { inputs } = of;
  const made = (of.prepare ?? []).flatMap((step) => step.made.map(({ digest }) => digest));
  return part('variant', {
    model: variant.model,
    template: variant.template,
    ...(variant.temperature === null ? {} : { temperature: variant.temperature }),
    ...(variant.maxOutputTokens === null ? {} : { max_output_tokens: variant.maxOutputTokens }),
    ...(isEmpty(variant.params) ? {} : { params: variant.params }),
    ...(variant.system === null ? {} : { system: variant.system }),
    ...(variant.tools.length === 0 ? {} : { tools: variant.tools.map((tool) => toolContent(tool, variant)) }),
    ...(variant.maxTurns === 1 ? {} : { max_turns: variant.maxTurns }),
    ...(variant.seed === null ? {} : { seed: variant.seed }),
    ...(variant.salt === '' ? {} : { salt: variant.salt }),
    // Sorted digests, not paths: moving an input costs nothing.
    ...(inputs.length === 0 ? {} : { inputs: inputs.map((input) => input.digest).sort() }),
    ...(made.length === 0 ? {} : { prepared: made.sort() }),
    ...(variant.mcp === null ? {} : { mcp: mcpContent(variant.mcp) }),
    ...(variant.harness === null ? {} : { harness: harnessContent(variant.harness) }),
  });
}

/** Written out or left out, it is the same endpoint. */
const DEFAULT_ADDRESS = 'api.openai.com/v1';

/** Who answers. A simulation is one thing wherever it listens; a real endpoint is its host and path. */
export function enginePart(provider: Provider): Part {
  const address = provider.type === 'sim' ? null : normalBaseUrl(provider.baseUrl);
  const baseUrl = address === DEFAULT_ADDRESS ? null : address;
  return part('engine', {
    type: provider.type,
    api: provider.api,
    ...(baseUrl === null ? {} : { base_url: baseUrl }),
  });
}

/** Only what the variant's template lets through to the model: a description, a tag or an unread variable is free to edit. */
export function scenarioPart(scenario: Scenario, fields: ScenarioFields): Part {
  const vars: Record<string, Json> = Object.create(null);
  const names = fields.allVars ? Object.keys(scenario.vars).sort() : fields.vars;
  for (const name of names) vars[name] = scenario.vars[name] ?? null;
  const inputReaches = fields.input || typeof scenario.input !== 'string';
  return part('scenario', {
    ...(inputReaches ? { input: scenario.input as Json } : {}),
    ...(names.length === 0 ? {} : { vars }),
    ...(fields.id ? { id: scenario.id } : {}),
    ...(fields.category ? { category: scenario.category } : {}),
    ...(fields.toolResults && !isEmpty(scenario.toolResults) ? { tool_results: scenario.toolResults } : {}),
  });
}

/** Host (with a port that is not the scheme's own) and path: no scheme, no credentials, no query, no closing slash. */
export function normalBaseUrl(baseUrl: string | null): string | null {
  if (baseUrl === null) return null;
  const url = new URL(baseUrl);
  return url.host.toLowerCase() + url.pathname.replace(/\/+$/, '');
}

/** What a tool gives back counts only where somebody goes on with it. */
function toolContent(tool: Variant['tools'][number], { maxTurns }: Pick<Variant, 'maxTurns'>): JsonObject {
  return {
    name: tool.name,
    ...(tool.description === null ? {} : { description: tool.description }),
    ...(tool.parameters === null ? {} : { parameters: tool.parameters }),
    ...(tool.strict === null ? {} : { strict: tool.strict }),
    ...(maxTurns === 1 || tool.result === undefined ? {} : { result: tool.result }),
  };
}

/** How many processes there are and how they are talked to is transport; what they run, and with what, is content. */
function harnessContent(harness: Harness): JsonObject {
  switch (harness.kind) {
    case 'module':
      return { kind: 'module', ...codeContent(harness.code) };
    case 'command': {
      const { argv, env, code } = harness;
      return { kind: 'command', argv, ...envContent(env.set), ...codeContent(code) };
    }
    case 'pytest': {
      const { args, variant, collect, env, code } = harness;
      return {
        ...{ kind: 'pytest', variant },
        ...(args.length === 0 ? {} : { args }),
        ...(collect === null ? {} : { collect: { ...collect.fields } }),
        ...envContent(env.set),
        ...codeContent(code),
      };
    }
    default:
      return unreachable(harness);
  }
}

function mcpContent({ command, url, env, only, code, seen }: McpServer): JsonObject {
  return {
    ...(command === null ? {} : { command }),
    ...(url === null ? {} : { url: normalBaseUrl(url) }),
    ...(only === null ? {} : { only: [...only].sort() }),
    ...envContent(env.set),
    ...codeContent(code),
    ...(seen === null
      ? {}
      : {
          server: { name: seen.name, version: seen.version },
          tools: seen.tools.map((tool) => toolContent(tool, { maxTurns: 1 })),
        }),
  };
}

function envContent(set: { readonly [name: string]: string }): JsonObject {
  return isEmpty(set) ? {} : { env: { ...set } };
}

/** Digests without paths: moving a file costs nothing. */
function codeContent({ files, packages }: Code): JsonObject {
  return {
    ...(files.length === 0 ? {} : { code: digestOf({ files: files.map(({ digest }) => digest).sort() }) }),
    ...(packages.length === 0
      ? {}
      : { packages: Object.fromEntries(packages.map(({ name, version }) => [name, version])) }),
  };
}

function part(name: PartName, content: JsonObject): Part {
  return { part: name, digest: digestOf(content), content };
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}
