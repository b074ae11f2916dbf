// What counts of a variant, by who does the work: a model that is asked, own code, a program, tests. Each counts with what
// it is sent or handed. Absent and default are one thing: a field that is added later leaves the keys of today alone. Pure.
import { codeContent, filesContent, moduleContent } from '../core/code-content.ts';
import { type Frame, frameContent } from '../core/frame.ts';
import type { Harness, McpServer, PytestHarness } from '../core/harness.ts';
import type { JsonObject } from '../core/json.ts';
import type { Manifest, Tool, Variant } from '../core/manifest.ts';
import { keyedInput } from '../core/media.ts';
import { placeholdersIn } from '../core/placeholders.ts';
import { writtenFormat } from '../core/response-format.ts';
import { unreachable } from '../core/result.ts';
import { countedFiles, PYTEST_VERSION, type ReachedHarness, reachedContent } from './pytest-content.ts';
import { fillsSystem } from './render.ts';
import { offeredTools } from './rendered.ts';

/** Of contents with code, servers or files: version 1 knew too little of these (variants/upgrade.ts). */
export const CONTENT_VERSION = 2;

export function variantContent(
  variant: Variant,
  input: Pick<Manifest, 'inputs'> & { readonly prepare?: Manifest['prepare'] },
): JsonObject {
  const made = (input.prepare ?? []).flatMap((step) => step.made);
  const reached = reachedHarness(variant.harness);
  if (reached !== null) return testsContent(variant, { reached, inputs: input.inputs, made });
  const isVersion2 =
    variant.harness !== null || variant.mcp !== null || input.inputs.length > 0 || made.length > 0;
  return {
    ...(isVersion2 ? { v: CONTENT_VERSION } : {}),
    ...settingsContent(variant),
    ...(variant.salt === '' ? {} : { salt: variant.salt }),
    ...filesContent('inputs', input.inputs),
    ...filesContent('prepared', made),
    ...(variant.mcp === null ? {} : { mcp: mcpContent(variant, variant.mcp) }),
    ...(variant.harness === null ? {} : { harness: harnessContent(variant.harness) }),
    ...toldContent(variant),
  };
}

/** Of what a package sends, what it sends; of everything else, what is asked. */
function settingsContent(variant: Variant): JsonObject {
  if (isFramed(variant)) {
    return { ...frameContent(variant.frame), ...promptContent(variant), ...resultsContent(variant) };
  }
  return {
    model: variant.model,
    ...askedContent(variant),
    ...(variant.temperature === null ? {} : { temperature: variant.temperature }),
    ...(isEmpty(variant.params) ? {} : { params: variant.params }),
    ...(variant.seed === null ? {} : { seed: variant.seed }),
  };
}

/** Own code and programs speak to whom they like, as they like: they count by what they are handed. */
export function isFramed(variant: Variant): variant is Variant & { readonly frame: Frame } {
  return variant.frame !== undefined && variant.harness === null;
}

/** What tools give back is said by expgraph, in the turns that follow. */
export function resultsContent({ tools, maxTurns }: Pick<Variant, 'tools' | 'maxTurns'>): JsonObject {
  const told = tools.flatMap(({ name, result }) => (result === undefined ? [] : [{ name, result }]));
  return maxTurns === 1 || told.length === 0 ? {} : { results: told };
}

/** null: its files count whole, as they did in version 2. */
export function reachedHarness(harness: Harness | null): ReachedHarness | null {
  return harness?.kind === 'pytest' && harness.reach !== null ? { ...harness, reach: harness.reach } : null;
}

/** Settings of the manifest are a label, unless a test asks for them. */
function testsContent(
  variant: Variant,
  input: {
    readonly reached: ReachedHarness;
    readonly inputs: Manifest['inputs'];
    readonly made: Manifest['inputs'];
  },
): JsonObject {
  const settings = {
    model: variant.model,
    ...askedContent(variant),
    ...(variant.temperature === null ? {} : { temperature: variant.temperature }),
    ...(isEmpty(variant.params) ? {} : { params: variant.params }),
    ...(variant.seed === null ? {} : { seed: variant.seed }),
  };
  return {
    v: PYTEST_VERSION,
    ...(input.reached.reach.usesSettings ? settings : {}),
    ...(variant.salt === '' ? {} : { salt: variant.salt }),
    ...filesContent('inputs', countedFiles(input.inputs, input.reached)),
    ...filesContent('prepared', countedFiles(input.made, input.reached)),
    ...(variant.mcp === null ? {} : { mcp: mcpContent(variant, variant.mcp) }),
    harness: reachedContent(input.reached),
  };
}

/** What a conversation is made of. Tests are told none of it; but they may read the files that the manifest has it from. */
function askedContent(variant: Variant): JsonObject {
  return {
    ...promptContent(variant),
    ...(variant.maxOutputTokens === null ? {} : { max_output_tokens: variant.maxOutputTokens }),
    ...(variant.tools.length === 0 ? {} : { tools: variant.tools.map((tool) => toolContent(tool, variant)) }),
    ...(variant.responseFormat === undefined
      ? {}
      : { response_format: writtenFormat(variant.responseFormat) }),
  };
}

/** What is said, and how far the conversation may go. */
function promptContent(variant: Variant): JsonObject {
  return {
    template: keyedInput(variant.template),
    ...(variant.system === null ? {} : { system: variant.system, ...filledContent(variant) }),
    ...(variant.maxTurns === 1 ? {} : { max_turns: variant.maxTurns }),
  };
}

/** Until it was filled, a system prompt with placeholders was sent as it stands: that was another prompt. */
function filledContent(variant: Variant): JsonObject {
  if (!fillsSystem(variant)) return {};
  const read = placeholdersIn(variant.system!, 'template').map(({ name }) => name);
  return { system_reads: [...new Set(read)].sort() };
}

/** What a tool gives back counts only where somebody goes on with it: programs have no loop of ours. */
export function toolContent(
  tool: Tool,
  { maxTurns, harness }: Pick<Variant, 'maxTurns' | 'harness'>,
): JsonObject {
  const isLoop = maxTurns > 1 && harness?.kind !== 'command';
  return {
    name: tool.name,
    ...(tool.description === null ? {} : { description: tool.description }),
    ...(tool.parameters === null ? {} : { parameters: tool.parameters }),
    ...(tool.strict === null ? {} : { strict: tool.strict }),
    ...(isLoop && tool.result !== undefined ? { result: tool.result } : {}),
  };
}

/** Whoever is told the variant's name may act on it: two arms of one program are two things. */
function toldContent({ name, harness }: Variant): JsonObject {
  return harness === null || harness.kind === 'pytest' ? {} : { told: { variant: name } };
}

/** How many processes there are and how they are talked to is transport; what they run, and with what, is content. */
function harnessContent(harness: Harness): JsonObject {
  switch (harness.kind) {
    case 'module':
      return { kind: 'module', ...moduleContent(harness) };
    case 'command': {
      const { argv, env, code } = harness;
      return { kind: 'command', argv, ...envContent(env.set), ...codeContent(code) };
    }
    case 'pytest':
      return pytestContent(harness);
    default:
      return unreachable(harness);
  }
}

/** Its command line, how a test is told its variant and its scenario, and from where its answer is taken. */
function pytestContent(harness: PytestHarness): JsonObject {
  const { python, paths, args, variant, variantsFrom, scenarioParam, collect, env, code } = harness;
  return {
    kind: 'pytest',
    variant,
    python,
    paths,
    variants_from: { ...variantsFrom },
    ...(args.length === 0 ? {} : { args }),
    ...(scenarioParam === null ? {} : { scenario_param: scenarioParam }),
    ...(collect === null ? {} : { collect: { files: collect.files, fields: { ...collect.fields } } }),
    ...envContent(env.set),
    ...codeContent(code),
  };
}

/** Of a server the tools that the model is offered, and whoever answers their calls. */
function mcpContent(variant: Variant, { command, url, env, only, code, seen }: McpServer): JsonObject {
  const own = variant.tools.length;
  return {
    ...(command === null ? {} : { command }),
    ...(url === null ? {} : { url: serverAddress(url) }),
    ...envContent(env.set),
    ...codeContent(code),
    ...(seen === null
      ? only === null
        ? {}
        : { only: [...only].sort() }
      : {
          server: { name: seen.name, version: seen.version },
          // A package has them in its request already.
          ...(isFramed(variant)
            ? {}
            : {
                tools: offeredTools(variant)
                  .slice(own)
                  .map((tool) => toolContent(tool, { maxTurns: 1, harness: null })),
              }),
        }),
  };
}

/** With its query: `?profile=a` may be another server. */
function serverAddress(text: string): string {
  const url = new URL(text);
  return url.host.toLowerCase() + url.pathname.replace(/\/+$/, '') + url.search;
}

function envContent(set: { readonly [name: string]: string }): JsonObject {
  return isEmpty(set) ? {} : { env: { ...set } };
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}
