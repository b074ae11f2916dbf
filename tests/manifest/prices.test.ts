// Which list of prices says what a model costs: what is declared, the file that is named, what ships; and at whose address.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { batchPrice } from '../../src/core/batch.ts';
import { priceFor, priceIn } from '../../src/core/price.ts';
import { listedPrice } from '../../src/core/rates.ts';
import { mistakesOf } from '../../src/manifest/errors/validate.ts';
import { load } from './folder.ts';

const SHIPPED = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../prices/prices.json', import.meta.url)), 'utf8'),
);

/** One variant a model; `lines` are of the manifest. */
async function opened(input: {
  readonly lines?: readonly string[];
  readonly files?: { readonly [name: string]: string };
  readonly provider?: string;
  readonly model?: string;
}) {
  const { lines = [], files = {}, provider = 'anthropic', model = 'claude-sonnet-4-6' } = input;
  return load({
    'experiment.yaml': [
      ...['version: 1', 'name: made', `provider: ${provider}`, `model: "${model}"`, 'scenarios: [s.yaml]'],
      ...['variants: { a: {} }', ...lines, ''],
    ].join('\n'),
    's.yaml': '- { id: a, input: x }\n',
    ...files,
  });
}

async function priceOf(input: Parameters<typeof opened>[0]) {
  const { manifest, printed } = await opened(input);
  if (!manifest) throw new Error(printed);
  const { provider, model } = manifest.variants[0]!;
  return priceIn(manifest.providers[provider]!, model);
}

const OWN = JSON.stringify({
  date: '2026-11-20',
  source: 'our contract',
  sellers: { anthropic: { prices: { 'claude-sonnet-4-6': { input: 2, output: 8, cache_write: 3 } } } },
});

describe('the list that ships', () => {
  it('keeps to the schema, and every seller has a day and a source', () => {
    expect(mistakesOf('price-list', SHIPPED)).toEqual([]);
    for (const seller of Object.values<{ date?: string; source?: string }>(SHIPPED.sellers))
      expect(seller).toMatchObject({ date: expect.any(String), source: expect.stringMatching(/^https:/) });
  });

  it('holds at the vendor’s own address, written or left out', async () => {
    const known = { input: 3, cachedInput: 0.3, cacheWrite: 3.75, cacheWrite1h: 6, output: 15, batch: 0.5 };
    expect(await priceOf({})).toEqual(known);
    const lines = [
      'providers: { anthropic: { type: anthropic, base_url: "https://api.anthropic.com/v1/" } }',
    ];
    expect(await priceOf({ lines })).toEqual(known);
  });

  it.each([
    [
      'a gateway is another seller',
      'providers: { anthropic: { type: anthropic, base_url: "https://gw.example.com/v1" } }',
    ],
    ['nobody knows', 'providers: { anthropic: { type: anthropic, pricing: unknown } }'],
  ])('holds nowhere else: %s', async (_, line) => {
    expect(await priceOf({ lines: [line] })).toBeNull();
  });

  it('is not looked at for a simulation', async () => {
    const { manifest } = await opened({ provider: 'sim', model: 'sim-small' });
    expect(manifest!.providers.sim).not.toHaveProperty('lists');
  });

  it('is of the ordinary service: what asks for another has no price', async () => {
    const { manifest } = await opened({});
    const account = manifest!.providers.anthropic!;
    const priced = (params: object) =>
      priceFor(account, { model: 'claude-sonnet-4-6', params: { ...params } });
    expect(priced({ service_tier: 'standard_only', metadata: { speed: 'slow' } })).toBeNull();
    expect(priced({ service_tier: 'priority' })).toBeNull();
    expect(priced({ anthropic: { speed: 'fast' } })).toBeNull();
    expect(priced({ service_tier: 'standard_only' })).not.toBeNull();
  });
});

describe('an id that ends in a day', () => {
  const list = {
    ...{ from: 'shipped' as const, source: 'x', date: '2026-10-24', snapshots: true },
    prices: {
      'claude-a': { input: 1, cachedInput: null, output: 2 },
      'gpt-4o': { input: 2.5, cachedInput: null, output: 10 },
      'gpt-4o-2024-05-13': { input: 5, cachedInput: null, output: 15 },
    },
  };
  it.each([
    ['claude-a-20250929', 'claude-a'],
    ['gpt-4o-2024-08-06', 'gpt-4o'],
    ['gpt-4o-2024-05-13', 'gpt-4o-2024-05-13'],
    ['claude-a-20261024', 'claude-a'],
    ['claude-a-20261025', null],
    ['claude-a-2', null],
    ['claude-a-latest', null],
    ['claude-a-b-20250929', null],
    ['constructor', null],
  ])('%s is %s', (model, line) => {
    expect(listedPrice([list], model)?.id ?? null).toBe(line);
  });

  it('stands for itself where a list does not say that it may', () => {
    expect(listedPrice([{ ...list, snapshots: false }], 'claude-a-20250929')).toBeNull();
  });
});

describe('a file of prices', () => {
  it('stands before the list that ships and behind what the manifest says itself', async () => {
    const files = { 'prices.json': OWN };
    const lines = ['prices: ./prices.json'];
    expect(await priceOf({ lines, files })).toEqual({
      input: 2,
      cachedInput: null,
      cacheWrite: 3,
      output: 8,
    });
    const own =
      'providers: { anthropic: { type: anthropic, pricing: { claude-sonnet-4-6: { input: 1, output: 1, above: { tokens: 10, input: 2, output: 2 } } } } }';
    expect(await priceOf({ lines: [...lines, own], files })).toEqual({
      ...{ input: 1, cachedInput: null, output: 1 },
      above: { tokens: 10, input: 2, cachedInput: null, output: 2 },
    });
  });

  it('knows a gateway by its name, and a vendor at its own address alone', async () => {
    const gateway = 'providers: { gw: { type: anthropic, base_url: "https://gw.example.com/v1" } }';
    const at = (seller: string) => ({
      ...{ provider: 'gw', lines: ['prices: ./p.yaml', gateway] },
      files: {
        'p.yaml': `sellers: { ${seller}: { prices: { claude-sonnet-4-6: { input: 7, output: 9 } } } }\n`,
      },
    });
    expect(await priceOf(at('gw'))).toMatchObject({ input: 7 });
    expect(await priceOf(at('anthropic'))).toBeNull();
  });

  it('is seen by watch, and no key knows of it', async () => {
    const { manifest, folder } = await opened({
      lines: ['prices: ./prices.json'],
      files: { 'prices.json': OWN },
    });
    expect(manifest!.sources).toContain(path.join(folder, 'prices.json'));
  });

  it('is told of its mistakes where they stand', async () => {
    const files = {
      'p.yaml': 'date: yesterday\nsellers:\n  anthropic:\n    prices:\n      m: { input: -1 }\n',
    };
    expect((await opened({ lines: ['prices: ./p.yaml'], files })).printed).toMatchInlineSnapshot(`
      "
      p.yaml:1:7 error: "date" has the wrong form: the text "yesterday"
       1 | date: yesterday
         |       ^^^^^^^^^

      p.yaml:5:7 error: "m" has no "output"
       5 |       m: { input: -1 }
         |       ^
         help: USD per million output tokens

      p.yaml:5:19 error: "input" must be at least 0, not -1
       5 |       m: { input: -1 }
         |                   ^^
      "
    `);
    expect((await opened({ lines: ['prices: ./q.yaml'], files })).printed).toMatchInlineSnapshot(`
      "
      experiment.yaml:7:9 error: ./q.yaml does not exist
       7 | prices: ./q.yaml
         |         ^^^^^^^^
         help: did you mean "./p.yaml"?
      "
    `);
  });

  it('is told of a seller that nobody is named like', async () => {
    const files = { 'p.yaml': 'sellers: { antropic: { prices: {} } }\n' };
    expect((await opened({ lines: ['prices: ./p.yaml'], files })).printed).toMatchInlineSnapshot(`
      "
      p.yaml:1:12 warning: no provider is named "antropic": its prices are of no use here
       1 | sellers: { antropic: { prices: {} } }
         |            ^^^^^^^^
         help: did you mean "anthropic"?
      "
    `);
  });
});

describe('LiteLLM’s table', () => {
  const table = (entries: object) => ({
    lines: ['prices: ./litellm.json'],
    files: {
      'litellm.json': JSON.stringify({ sample_spec: { litellm_provider: 'one of' }, ...entries }, null, 2),
    },
  });
  const claude = {
    ...{
      litellm_provider: 'anthropic',
      mode: 'chat',
      input_cost_per_token: 3e-7,
      output_cost_per_token: 1.5e-6,
    },
    ...{ cache_read_input_token_cost: 3e-8, cache_creation_input_token_cost: 3.75e-7 },
  };

  it('is read: dollars for a token become dollars for a million', async () => {
    expect(await priceOf({ ...table({ 'claude-sonnet-4-6': claude }), model: 'claude-sonnet-4-6' })).toEqual({
      ...{ input: 0.3, cachedInput: 0.03, cacheWrite: 0.375, output: 1.5 },
    });
  });

  it('is read with what is kept in a cache for an hour', async () => {
    const hour = { ...claude, cache_creation_input_token_cost_above_1hr: 6e-7 };
    expect(
      await priceOf({ ...table({ 'claude-sonnet-4-6': hour }), model: 'claude-sonnet-4-6' }),
    ).toMatchObject({ cacheWrite: 0.375, cacheWrite1h: 0.6 });
  });

  it('names some vendors and models otherwise', async () => {
    const gemini = { litellm_provider: 'gemini', input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 };
    const input = { ...table({ 'gemini/gemini-x': gemini }), provider: 'google', model: 'gemini-x' };
    expect(await priceOf(input)).toEqual({ input: 1, cachedInput: null, output: 2 });
  });

  it('has one step at most', async () => {
    const step = {
      input_cost_per_token_above_200k_tokens: 6e-7,
      output_cost_per_token_above_200k_tokens: 2e-6,
    };
    expect(await priceOf(table({ 'claude-sonnet-4-6': { ...claude, ...step } }))).toMatchObject({
      above: { tokens: 200_000, input: 0.6, cachedInput: 0.03, cacheWrite: 0.375, output: 2 },
    });
    const two = { ...step, input_cost_per_token_above_500k_tokens: 9e-7 };
    const { printed, manifest } = await opened(table({ 'claude-sonnet-4-6': { ...claude, ...two } }));
    expect(printed).toContain('its price has more than one step');
    expect(priceIn(manifest!.providers.anthropic!, 'claude-sonnet-4-6')).toMatchObject({ input: 3 });
  });

  it.each([
    ['steps of its own', { tiered_pricing: [{}] }, 'tiered_pricing'],
    [
      'reasoning that costs otherwise',
      { output_cost_per_reasoning_token: 9e-6 },
      'its reasoning costs otherwise',
    ],
  ])('is not taken for %s, and says so', async (_, more, why) => {
    expect((await opened(table({ 'claude-sonnet-4-6': { ...claude, ...more } }))).printed).toContain(why);
  });

  it('is told of a cost that is none, of sellers that are used here', async () => {
    const wrong = { ...claude, input_cost_per_token: '3e-7' };
    expect((await opened(table({ 'claude-sonnet-4-6': wrong }))).printed).toContain('litellm.json:');
    const step = { ...claude, input_cost_per_token_above_200k_tokens: -1 };
    expect((await opened(table({ 'claude-sonnet-4-6': step }))).printed).toContain('is no cost');
    expect((await opened(table({ x: { ...wrong, litellm_provider: 'azure' } }))).printed.trim()).toBe('');
  });
});

it('refuses a budget where no list knows the model', async () => {
  const { printed, manifest } = await opened({
    model: 'claude-nobody',
    lines: ['execution: { budget_usd: 1 }'],
  });
  expect(manifest).toBeNull();
  expect(printed).toContain('that of the model "claude-nobody" at "anthropic" is not known');
  expect((await opened({ lines: ['execution: { budget_usd: 1 }'] })).manifest).not.toBeNull();
});

describe('what a call in a batch costs', () => {
  const OWN_BATCH = (model: object) =>
    JSON.stringify({
      sellers: {
        anthropic: { batch: 0.4, prices: { 'claude-sonnet-4-6': { input: 2, output: 8, ...model } } },
      },
    });

  it('is what stands beside the model, else what its list says, else half', async () => {
    const lines = ['prices: ./p.json'];
    const listed = await priceOf({ lines, files: { 'p.json': OWN_BATCH({}) } });
    expect(batchPrice(listed!)).toMatchObject({ input: 0.8, output: 3.2 });
    const beside = await priceOf({ lines, files: { 'p.json': OWN_BATCH({ batch: 0.25 }) } });
    expect(batchPrice(beside!)).toMatchObject({ input: 0.5, cachedInput: null, output: 2 });
    const declared = (more: string) => [
      `providers: { anthropic: { type: anthropic, pricing: { claude-sonnet-4-6: { input: 2, output: 8${more} } } } }`,
    ];
    expect(batchPrice((await priceOf({ lines: declared('') }))!)).toMatchObject({ input: 1, output: 4 });
    expect(batchPrice((await priceOf({ lines: declared(', batch: 1') }))!)).toMatchObject({ input: 2 });
    const wrong = await opened({ lines: declared(', batch: 2') });
    expect(wrong.printed).toContain('batch');
  });

  it("is read of LiteLLM's table where input and output are cheaper alike", async () => {
    const entry = (out: number) => ({
      litellm_provider: 'anthropic',
      mode: 'chat',
      ...{ input_cost_per_token: 2e-6, output_cost_per_token: 8e-6 },
      ...{ input_cost_per_token_batches: 1.2e-6, output_cost_per_token_batches: out },
    });
    const read = async (out: number) =>
      await priceOf({
        lines: ['prices: ./p.json'],
        files: { 'p.json': JSON.stringify({ 'claude-sonnet-4-6': entry(out) }) },
      });
    expect(await read(4.8e-6)).toMatchObject({ batch: 0.6 });
    expect(await read(4e-6)).not.toHaveProperty('batch');
  });
});
