// One whole manifest as data, to be changed one field at a time.
import type { Manifest, Provider, Scenario, Variant } from '../../src/core/manifest.ts';
import { DEFAULT_SIM_SETTINGS } from '../../src/core/sim-settings.ts';

export const VARIANT: Variant = {
  name: 'baseline',
  slug: 'baseline',
  provider: 'mine',
  model: 'model-1',
  temperature: 0.2,
  maxOutputTokens: 1024,
  params: { top_p: 0.9 },
  system: 'You are a scheduling assistant.',
  template: '[2026-02-15]\n{{input}} {{vars.place}}',
  tools: [
    {
      name: 'schedule_task',
      description: 'Schedules.',
      parameters: { type: 'object', properties: { title: { type: 'string' } } },
      strict: null,
    },
    { name: 'list_tasks', description: 'Lists.', parameters: null, strict: true },
  ],
  maxTurns: 1,
  seed: 7,
  salt: 'a',
  runs: 3,
  mcp: null,
  harness: null,
};

export const PROVIDER: Provider = {
  name: 'mine',
  type: 'openai',
  baseUrl: 'https://gateway.example/openai/v1',
  apiKeyEnv: 'MY_KEY',
  api: 'chat',
  headers: {},
  keyHeaders: [],
  limits: { concurrency: 4, requestsPerMinute: null, tokensPerMinute: null },
  pricing: { 'model-1': { input: 1, cachedInput: null, output: 5 } },
  sim: DEFAULT_SIM_SETTINGS,
};

export const SCENARIO: Scenario = {
  id: 'sanity:dentist',
  input: 'Dentist tomorrow at 3pm.',
  category: 'sanity',
  tags: ['short'],
  description: 'The simplest one.',
  vars: { place: 'Leeds', unread: 'x' },
  expect: { tool: 'schedule_task' },
  toolResults: { schedule_task: 'ok' },
  expectsTools: {},
  source: { file: 'scenarios/sanity.yaml', line: 4 },
};

export function manifest(
  of: {
    readonly variant?: Partial<Variant>;
    readonly provider?: Partial<Provider>;
    readonly scenario?: Partial<Scenario>;
  } & {
    readonly more?: Partial<Manifest>;
  } = {},
): Manifest {
  const provider = { ...PROVIDER, ...of.provider };
  return {
    file: '/experiment/experiment.yaml',
    folder: '/experiment',
    name: 'made',
    description: null,
    variants: [{ ...VARIANT, ...of.variant, provider: provider.name }],
    scenarios: [{ ...SCENARIO, ...of.scenario }],
    providers: { [provider.name]: provider },
    varies: null,
    expectsTools: {},
    inputs: [{ path: 'fixtures/a.json', digest: 'a'.repeat(64) }],
    inputPatterns: ['fixtures/*.json'],
    strictInputs: null,
    prepare: [],
    scorers: [],
    cluster: null,
    gate: [],
    artifacts: { mode: 'private' },
    execution: { concurrency: 32, retries: 4, timeoutMs: 60_000, budgetUsd: null, workers: 2 },
    watch: { confirmUsd: 0.5, debounceMs: 100 },
    langsmith: null,
    sources: ['/experiment/experiment.yaml'],
    printable: {},
    secrets: [],
    ...of.more,
  };
}
