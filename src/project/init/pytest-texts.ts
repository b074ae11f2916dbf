// The manifest and the scenario file that say what a pytest harness is. Pure.
import path from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { PytestItem, VariantsFrom } from '../open/pytest-collect.ts';

export const SCENARIO_FILE = 'scenarios/pytest.yaml';

export type ManifestFacts = {
  /** Relative to the manifest's folder. */
  readonly tests: readonly string[];
  readonly python: string;
  readonly from: VariantsFrom;
  readonly runs: number;
  /** The parameter that counts them. */
  readonly runsFrom: string | null;
  readonly pass: readonly string[];
  /** As the harness calls them. */
  readonly variants: readonly string[];
};

/** Nothing is said of a model, a temperature or a seed: the tests send what they send. */
export function manifestText(input: ManifestFacts): string {
  const { tests, python, from, runs, runsFrom, pass, variants } = input;
  const name = slug(path.posix.basename(tests[0]!).replace(/\.py$/, '')).toLowerCase();
  const passed =
    pass.length === 0
      ? '  # pass_env: [OPENAI_API_KEY]       # a process gets little of the environment: name what the tests need'
      : `  pass_env: [${pass.join(', ')}]   # by name: a process gets little else of the environment`;
  return [
    '# yaml-language-server: $schema=./node_modules/expgraph/schema/experiment.schema.json',
    `# A pytest harness as an experiment; its tests stay as they are. Written by: npx expgraph init --from-pytest ${printable(tests.join(' '))}`,
    '# What is new in the tests or gone from them comes here with: npx expgraph init --from-pytest --refresh',
    'version: 1',
    `name: ${word(name.replace(/^[^a-z0-9]+/, '') || 'pytest')}`,
    `runs: ${runs}`,
    `scenarios: [${SCENARIO_FILE}]`,
    'pytest:',
    `  path: ${tests.length === 1 ? word(tests[0]!) : `[${tests.map(word).join(', ')}]`}`,
    `  python: ${word(python)}`,
    `  variants_from: { ${from.kind}: ${word(from.name)} }`,
    ...(runsFrom === null ? [] : [`  runs_from: { param: ${word(runsFrom)} }`]),
    passed,
    '  # args: [-n, "4"]                  # further arguments: xdist, -k, ...',
    'variants:',
    ...variants.map((variant) => `  ${variantText(variant)}`),
    '',
  ].join('\n');
}

/** One line of `variants:`. */
export function variantText(variant: string): string {
  const name = slug(variant);
  return name === variant ? `${word(name)}: {}` : `${word(name)}: { pytest_variant: ${word(variant)} }`;
}

export function scenariosText(items: readonly PytestItem[]): string {
  const lines = [...byScenario(items).values()].map((item) => `- ${scenarioText(item)}`);
  return `# The harness's own cases, by id. What the tests ask stands in the tests: the input here is for people.\n${lines.join('\n')}\n`;
}

/** One scenario as a flow map: JSON is YAML, whatever the harness's texts hold. */
export function scenarioText(item: PytestItem): string {
  const { scenario, input, category, doc } = item;
  const tags = [...new Set(item.tags)].filter((tag) => tag !== '' && tag.length <= MAX_WORD_CHARS);
  const description = item.description ?? doc;
  const expect = expectedOf(item);
  const members: JsonObject = {
    id: scenario,
    input: input ?? '',
    ...(category === null || category === '' ? {} : { category: category.slice(0, MAX_WORD_CHARS) }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(description === null ? {} : { description }),
    ...(Object.keys(expect).length === 0 ? {} : { expect }),
  };
  return JSON.stringify(members);
}

/** The first item of each scenario. */
export function byScenario(items: readonly PytestItem[]): ReadonlyMap<string, PytestItem> {
  const seen = new Map<string, PytestItem>();
  for (const item of items) if (!seen.has(item.scenario)) seen.set(item.scenario, item);
  return seen;
}

const MAX_WORD_CHARS = 200;

/** What the scenario's own object expects (`expected_tool`): a free key, which scorers of the user's may read. */
function expectedOf({ params }: PytestItem): JsonObject {
  const members = Object.values(params).flatMap(({ value }) =>
    isJsonObject(value) ? Object.entries(value) : [],
  );
  return Object.fromEntries(members.filter(([name, value]) => /^expected_/.test(name) && isPlain(value)));
}

function isPlain(value: Json | undefined): boolean {
  return value !== undefined && (typeof value !== 'object' || Array.isArray(value)) && value !== null;
}

function slug(text: string): string {
  return (
    text
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 100) || 'variant'
  );
}

/** Whatever a test is called, it stays text. */
function word(text: string): string {
  return /^[A-Za-z.][A-Za-z0-9._/-]*$/.test(text) &&
    !/^(?:true|false|null|yes|no|on|off|y|n|\.+|\.inf|\.nan)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
