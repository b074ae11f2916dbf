import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EndpointSettings } from '../../src/core/endpoint-settings.ts';
import type { Manifest, Provider } from '../../src/core/manifest.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { fingerprint, normalBaseUrl } from '../../src/variants/fingerprint.ts';
import { mayBeOld } from '../../src/variants/upgrade.ts';
import { goldenCases } from '../rig/golden-cases.ts';
import { manifest, PROVIDER, VARIANT } from '../rig/manifests.ts';

function keyOf(of: Manifest, run = 1): string {
  const parts = fingerprint(of)[0]!;
  const digests = {
    variant: parts.variant.digest,
    scenario: parts.scenarios[0]!.digest,
    engine: parts.engine.digest,
  };
  return sampleKey(digests, run);
}

const BASE = keyOf(manifest());

describe('the golden keys', () => {
  // Changing one of these makes every user pay for everything again: let a part say more (core/part.ts), or find the mistake.
  const golden = JSON.parse(
    readFileSync(new URL('../planner/key.golden.json', import.meta.url), 'utf8'),
  ) as Record<string, string>;
  const cases = goldenCases();

  it.each(Object.entries(cases))('%s', (name, of) => {
    expect({ [name]: keyOf(...of) }).toEqual({ [name]: golden[name] });
  });

  it('pins no case that is not computed here', () => {
    expect(Object.keys(golden).sort()).toEqual(Object.keys(cases).sort());
  });

  // What version 1 told apart keeps its key: nobody pays for a prompt again.
  const version1 = JSON.parse(
    readFileSync(new URL('../planner/key.golden.v1.json', import.meta.url), 'utf8'),
  ) as Record<string, string>;

  it('of what version 1 told apart are those of version 1', () => {
    const kept = Object.keys(version1).filter((name) => golden[name] === version1[name]);
    expect(kept.sort()).toEqual(PLAIN.toSorted());
  });

  it('of what version 1 did not tell apart are others', () => {
    expect(
      Object.keys(version1)
        .filter((name) => !PLAIN.includes(name))
        .sort(),
    ).toEqual([
      ...['a command', 'accents apart', 'an MCP server', 'inputs', 'own code', 'parameters in another order'],
      ...['prepared', 'pytest'],
    ]);
  });
});

/** They hold no file, no program, no name that is told, and JSON as canonical JSON has it. */
const PLAIN = [
  ...['whole', 'run 2', 'bare', 'sim, responses', 'chat messages', 'id and category', 'unicode', 'a loop'],
];

describe('what is in moves the key', () => {
  it.each<[string, Parameters<typeof manifest>[0]]>([
    ['model', { variant: { model: 'model-2' } }],
    ['temperature', { variant: { temperature: 0.3 } }],
    ['temperature not sent', { variant: { temperature: null } }],
    ['max_output_tokens', { variant: { maxOutputTokens: 1025 } }],
    ['params', { variant: { params: { top_p: 0.8 } } }],
    ['a new param', { variant: { params: { top_p: 0.9, stop: ['x'] } } }],
    ['system', { variant: { system: 'You are a scheduling assistant!' } }],
    ['no system', { variant: { system: null } }],
    ['template', { variant: { template: '[2026-02-16]\n{{input}} {{vars.place}}' } }],
    ['tool name', { variant: { tools: [{ ...VARIANT.tools[0]!, name: 'plan_task' }, VARIANT.tools[1]!] } }],
    [
      'tool description',
      { variant: { tools: [{ ...VARIANT.tools[0]!, description: 'Plans.' }, VARIANT.tools[1]!] } },
    ],
    [
      'tool schema',
      { variant: { tools: [{ ...VARIANT.tools[0]!, parameters: { type: 'object' } }, VARIANT.tools[1]!] } },
    ],
    ['tool strictness', { variant: { tools: [{ ...VARIANT.tools[0]!, strict: true }, VARIANT.tools[1]!] } }],
    ['order of tools', { variant: { tools: [VARIANT.tools[1]!, VARIANT.tools[0]!] } }],
    ['max_turns', { variant: { maxTurns: 2 } }],
    ['seed', { variant: { seed: 8 } }],
    ['salt', { variant: { salt: 'b' } }],
    ['provider type', { provider: { type: 'sim' } }],
    ['api', { provider: { api: 'responses' } }],
    ['host', { provider: { baseUrl: 'https://other.example/openai/v1' } }],
    ['path of the base URL', { provider: { baseUrl: 'https://gateway.example/anthropic/v1' } }],
    ['port', { provider: { baseUrl: 'https://gateway.example:8443/openai/v1' } }],
    ['input', { scenario: { input: 'Dentist tomorrow at 4pm.' } }],
    ['input as messages', { scenario: { input: [{ role: 'user', content: 'Dentist tomorrow at 3pm.' }] } }],
    ['a variable that the template reads', { scenario: { vars: { place: 'York', unread: 'x' } } }],
    ['content of an input file', { more: { inputs: [{ path: 'fixtures/a.json', digest: 'b'.repeat(64) }] } }],
    [
      'one more input file',
      {
        more: {
          inputs: [
            { path: 'a', digest: 'a'.repeat(64) },
            { path: 'b', digest: 'b'.repeat(64) },
          ],
        },
      },
    ],
    ['path of an input file', { more: { inputs: [{ path: 'moved/b.json', digest: 'a'.repeat(64) }] } }],
    [
      'order of schema members',
      {
        variant: {
          tools: VARIANT.tools.map((tool) => ({
            ...tool,
            parameters: tool.parameters && Object.fromEntries(Object.entries(tool.parameters).reverse()),
          })),
        },
      },
    ],
  ])('%s', (_name, change) => {
    expect(keyOf(manifest(change))).not.toBe(BASE);
  });

  it('accents as marks of their own: two prompts are sent, and two are drawn', () => {
    const of = (input: string): string => keyOf(manifest({ scenario: { input } }));
    expect(of('Cafe\u0301')).not.toBe(of('Caf\u00e9'));
  });

  it('the run', () => {
    expect(keyOf(manifest(), 2)).not.toBe(BASE);
  });

  it('any edit of any text', () => {
    const text = fc.string({ minLength: 1 }).filter((added) => added !== '');
    fc.assert(
      fc.property(text, fc.constantFrom('system', 'salt', 'model'), (added, field) => {
        return keyOf(manifest({ variant: { [field]: `${VARIANT[field]}${added}` } })) !== BASE;
      }),
    );
  });
});

/** Every setting, and none as it is by default. */
const TALKED_TO: EndpointSettings = {
  ...{ auth: 'api-key', query: { 'api-version': '2024-10-21' }, maxTokensField: 'max_completion_tokens' },
  ...{ stream: 'always', onStatus: { 424: 'retry' }, timeoutMs: 1, proxy: 'none', caFile: '/ca.pem' },
};

describe('what is out leaves the key alone', () => {
  it.each<[string, Parameters<typeof manifest>[0]]>([
    ['variant name and slug', { variant: { name: 'classic', slug: 'classic' } }],
    ['number of runs', { variant: { runs: 5 } }],
    ['provider name', { provider: { name: 'yours' } }],
    ['API key variable', { provider: { apiKeyEnv: 'OTHER_KEY' } }],
    ['headers', { provider: { headers: { 'x-team': 'a' } } }],
    ['how its endpoint is talked to', { provider: { settings: TALKED_TO } }],
    ['limits', { provider: { limits: { concurrency: 1, requestsPerMinute: 5, tokensPerMinute: 6 } } }],
    ['prices', { provider: { pricing: {} } }],
    [
      'settings of the simulation',
      { provider: { sim: { ...PROVIDER.sim, latencyMs: 1, errorRate: 0.5, seed: 9 } } },
    ],
    ['scheme', { provider: { baseUrl: 'http://gateway.example:80/openai/v1/' } }],
    ['case of the host', { provider: { baseUrl: 'https://GATEWAY.example/openai/v1' } }],
    [
      'credentials and query of the URL',
      { provider: { baseUrl: 'https://user:pass@gateway.example/openai/v1?key=1' } },
    ],
    ['scenario id', { scenario: { id: 'other:name' } }],
    ['category', { scenario: { category: 'other' } }],
    ['tags', { scenario: { tags: [] } }],
    ['scenario description', { scenario: { description: null } }],
    ['expectation', { scenario: { expect: null } }],
    ['a variable that the template does not read', { scenario: { vars: { place: 'Leeds' } } }],
    ['tool results, while there is one turn', { scenario: { toolResults: {} } }],
    ['file and line', { scenario: { source: { file: 'elsewhere.yaml', line: 99 } } }],
    ['experiment name and description', { more: { name: 'renamed', description: 'why' } }],
    [
      'execution',
      { more: { execution: { concurrency: 1, retries: 0, timeoutMs: 1, budgetUsd: 1, workers: 0 } } },
    ],
  ])('%s', (_name, change) => {
    expect(keyOf(manifest(change))).toBe(BASE);
  });

  it('the default address, written out', () => {
    const at = (baseUrl: string | null): string => keyOf(manifest({ provider: { baseUrl } }));
    expect(at('https://api.openai.com/v1/')).toBe(at(null));
  });

  it('the address of a simulation', () => {
    const at = (baseUrl: string | null): string => keyOf(manifest({ provider: { type: 'sim', baseUrl } }));
    expect(at('http://127.0.0.1:4711/v1')).toBe(at(null));
  });
});

it('hashes a scenario once for all variants whose templates read the same of it', () => {
  const both = manifest();
  const [first] = both.variants;
  const [a, b] = fingerprint({ ...both, variants: [first!, { ...first!, name: 'b', system: 'other' }] });
  expect(a!.scenarios).toBe(b!.scenarios);
});

it('writes a base URL as host and path', () => {
  expect(normalBaseUrl('https://API.example:443/v1/?x=1#y')).toBe('api.example/v1');
  expect(normalBaseUrl(null)).toBeNull();
});

describe('tools that a scenario brings', () => {
  const tools = [{ name: 'own', description: null, parameters: { b: 1, a: 2 }, strict: null, result: 'r' }];
  const [scenario] = manifest().scenarios;
  const withTools = (own: NonNullable<typeof scenario>['tools'], variant = {}): Manifest => {
    const { variants, ...rest } = manifest();
    return {
      ...rest,
      variants: variants.map((one) => ({ ...one, ...variant })),
      scenarios: [{ ...scenario!, ...(own === undefined ? {} : { tools: own }) }],
    };
  };

  it("are the scenario's content as they are sent, and move no key of a scenario without", () => {
    expect(keyOf(withTools(undefined))).toBe(BASE);
    const [parts] = fingerprint(withTools(tools));
    expect(parts!.scenarios[0]!.content.tools).toEqual([{ name: 'own', parameters: { b: 1, a: 2 } }]);
    expect(keyOf(withTools(tools))).not.toBe(BASE);
    const turned = [{ ...tools[0]!, parameters: { a: 2, b: 1 } }];
    expect(keyOf(withTools(turned))).not.toBe(keyOf(withTools(tools)));
  });
  it('count with their results in a loop only', () => {
    const silent = tools.map(({ result: _, ...tool }) => tool);
    expect(keyOf(withTools(silent))).toBe(keyOf(withTools(tools)));
    expect(keyOf(withTools(silent, { maxTurns: 3 }))).not.toBe(keyOf(withTools(tools, { maxTurns: 3 })));
  });
  it('are what a record of today says: nothing of it is of version 1', () => {
    const of = withTools(tools, { maxTurns: 3 });
    const told = {
      ...of,
      scenarios: of.scenarios.map((one) => ({ ...one, toolResults: { own: 'x', other: 'y' } })),
    };
    const { content } = fingerprint(told)[0]!.scenarios[0]!;
    expect(content.tool_results).toEqual({ own: 'x' });
    expect(mayBeOld('scenario', content)).toBe(false);
  });
});

describe('what the simulation is told to answer', () => {
  const rule = { scenario: '*', variant: null, script: 0 };
  const saying = (text: string, more: Partial<typeof rule> = {}): Parameters<typeof manifest>[0] => ({
    provider: {
      type: 'sim',
      played: { scripts: [[[{ kind: 'say', text, calls: [] }]]], rules: [{ ...rule, ...more }] },
    },
  });
  const plain = keyOf(manifest({ provider: { type: 'sim' } }));

  it('counts for the cells that it is for, and for no other', () => {
    expect(new Set([plain, keyOf(manifest(saying('a'))), keyOf(manifest(saying('b')))]).size).toBe(3);
    expect(keyOf(manifest(saying('a', { scenario: 'another' })))).toBe(plain);
    expect(keyOf(manifest(saying('a', { scenario: 'tricky*' })))).toBe(plain);
  });

  it('counts by what is said, not by how it is found', () => {
    const by = (more: object): string => keyOf(manifest(saying('a', more)));
    expect(
      new Set([by({}), by({ scenario: manifest().scenarios[0]!.id }), by({ scenario: '*:*' })]).size,
    ).toBe(1);
  });

  it('does not count where it is only likely, as nothing does that a model might say', () => {
    const { provider } = saying('a') as { provider: Provider };
    const scripts = [{ likely: [{ weight: 1, run: [{ kind: 'say', text: 'a', calls: [] }] }] }] as const;
    const played = { scripts, rules: provider.played!.rules };
    expect(keyOf(manifest({ provider: { ...provider, played } }))).toBe(plain);
  });
});
