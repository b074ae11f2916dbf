// The sample experiment as the tests of the simulation see it: its scenarios, its tools, and a prompt of each pair.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { JsonObject } from '../../src/core/json.ts';
import { playedBy } from '../../src/core/played-by.ts';
import { loadManifest } from '../../src/manifest/load.ts';
import { scriptedTurn } from '../../src/sim/player/scripted.ts';
import type { OfferedTool, Prompt } from '../../src/sim/wire/prompt.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export type SampleScenario = {
  readonly id: string;
  readonly input: string;
  readonly category: string;
  readonly tags?: readonly string[];
  readonly description?: string;
  readonly expect?: unknown;
};

type ScenarioFile = {
  readonly defaults: Partial<SampleScenario>;
  readonly scenarios: readonly SampleScenario[];
};

export const SAMPLE = readYaml('experiment.yaml') as {
  readonly system: string;
  readonly template: string;
  readonly variants: { readonly [name: string]: { readonly tools: string } };
};

export const SCENARIO_FILES = globSync('scenarios/**/*.yaml', { cwd: ROOT }).sort();

export const SCENARIOS: readonly SampleScenario[] = SCENARIO_FILES.flatMap((file) => {
  const { defaults, scenarios } = readYaml(file) as ScenarioFile;
  return scenarios.map((scenario) => ({ ...defaults, ...scenario }));
});

export const TOOLS: {
  readonly [variant: string]: readonly (OfferedTool & { readonly parameters: JsonObject })[];
} = Object.fromEntries(
  Object.entries(SAMPLE.variants).map(([name, { tools }]) => [
    name,
    (readYaml(tools) as { tools: (OfferedTool & { readonly parameters: JsonObject })[] }).tools,
  ]),
);

/** Each variant with each scenario. */
export const PAIRS = Object.keys(TOOLS).flatMap((variant) =>
  SCENARIOS.map((scenario) => ({ variant, scenario })),
);

export type Pair = (typeof PAIRS)[number];

export function promptOf({ variant, scenario }: Pair, changes: Partial<Prompt> = {}): Prompt {
  return {
    model: 'sim-small',
    turns: [
      { role: 'system', text: SAMPLE.system },
      { role: 'user', text: SAMPLE.template.replace('{{input}}', () => scenario.input) },
    ],
    ...offering(TOOLS[variant]!),
    toolChoice: { kind: 'auto' },
    temperature: 0.2,
    seed: null,
    maxOutputTokens: 1024,
    answerSchema: null,
    ...changes,
  };
}

export function offering(tools: readonly OfferedTool[]): Pick<Prompt, 'tools' | 'toolsText'> {
  return { tools, toolsText: tools.length === 0 ? '' : JSON.stringify(tools) };
}

const loaded = await loadManifest({ file: `${ROOT}experiment.yaml`, env: {} });
if (loaded.kind === 'err') throw new Error(JSON.stringify(loaded.error));
const { played } = loaded.value.manifest.providers.sim!;

/** What the answers file of the sample says in one draw: a text, or the call of a tool. */
export function saidBy(
  pair: Pair,
  changes: Partial<Prompt> = {},
  run = 1,
): string | { readonly name: string; readonly arguments: JsonObject } {
  const script = playedBy(played, { variant: pair.variant, scenario: pair.scenario.id });
  if (script === null) throw new Error(`no answer for ${pair.variant}/${pair.scenario.id}`);
  const turns = played!.scripts[script]!;
  const turn = scriptedTurn({ turns, answered: 0 }, promptOf(pair, changes), run);
  if (turn?.kind !== 'say' || turn.calls.length > 1) throw new Error(JSON.stringify(turn));
  return turn.calls[0] ?? turn.text!;
}

export function readYaml(path: string): unknown {
  return parse(readFileSync(`${ROOT}${path}`, 'utf8'));
}

export function readJson(path: string): JsonObject {
  return JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8')) as JsonObject;
}

export function readText(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}
