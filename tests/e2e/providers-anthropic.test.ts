// Claude through the true package @ai-sdk/anthropic, played by the simulation: the README's experiment, storms, outages, costs,
// spans, and what is kept.
// @project e2e: hundreds of calls, and an uploader.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SimSettings } from '../../src/core/manifest.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli } from '../rig/cli.ts';
import { filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import { API_KEY, startRecorder } from '../rig/langsmith-recorder.ts';
import { tempFolder } from '../rig/temp.ts';
import {
  type SmallVendor,
  VENDOR_ENV,
  VENDOR_KEY,
  vendorExperiment,
  vendorSample,
  viewOf,
} from '../rig/vendor-experiment.ts';
import { quick, started } from '../sim/client.ts';

const MODEL = 'claude-haiku-4-5';
const PRICES = `pricing: { ${MODEL}: { input: 1, cached_input: 0.1, cache_write: 1.25, output: 5 } }`;

async function run(folder: string, args: readonly string[] = [], env: { [name: string]: string } = {}) {
  const options = { cwd: folder, env: { ...VENDOR_ENV, ...env } };
  const { code, stdout, stderr } = await cli(['run', '--json', ...args], options);
  if (stdout === '') throw new Error(`nothing printed, exit ${code}: ${stderr}`);
  return { code, stderr, summary: JSON.parse(stdout) as RunSummary };
}

const forty = (url: string): SmallVendor => ({
  ...{ type: 'anthropic', url, model: MODEL },
  lines: ['variants: { a: { system: Be short. }, b: { system: Be long. } }'],
  scenarios: Array.from({ length: 20 }, (_, at) => ({ id: `s${at}`, input: `Say ${at}.` })),
});

describe('the experiment of the README on Claude', () => {
  it('is drawn once, a line for each cell with all that is known of it, and no key in any file', async () => {
    await using sim = await started({ apiKey: VENDOR_KEY });
    const folder = tempFolder();
    await vendorSample(folder, { type: 'anthropic', url: sim.url, model: MODEL, more: PRICES });
    const { code, summary } = await run(folder);
    expect(code).toBe(0);
    expect(summary).toMatchObject({ complete: true, executed: 120, failed: 0, retries: 0 });
    const view = viewOf(folder, 'tool-interface');
    const names = ['applike', 'baseline'].flatMap((arm) => [1, 2, 3].map((n) => `${arm}_run${n}.jsonl`));
    expect([...new Set(view.map(({ file }) => file))].sort()).toEqual(names);
    expect(new Set(view.map(({ record }) => record.key)).size).toBe(120);
    for (const { file, record } of view) {
      const { usage, output, attempts } = record;
      expect(file).toBe(`${record.variant}_run${record.run}.jsonl`);
      expect(record).toMatchObject({
        ...{ v: 1, status: 'completed', provider: 'vendor', model: MODEL, served_model: MODEL, seed: null },
        ...{ temperature: 0.2, parts: { variant: expect.any(String), engine: expect.any(String) } },
      });
      expect(usage!.input_tokens).toBeGreaterThan(100);
      expect(record.cost_usd).toBeCloseTo((usage!.input_tokens + 5 * usage!.output_tokens) / 1e6, 9);
      expect(['tool_use', 'end_turn']).toContain(output!.finish_reason);
      expect(output!.messages[0]).toMatchObject({
        role: 'assistant',
        content: [{ type: expect.any(String) }],
      });
      expect(attempts).toMatchObject([{ n: 1, error: null, request_id: expect.stringMatching(/^req_sim_/) }]);
    }
    expect(sim.stats()).toMatchObject({ requests: 120, answered: 120, rejected: 0 });
    expect((await run(folder)).summary).toMatchObject({ executed: 0, cached: 120 });
    const artifacts = path.join(folder, 'artifacts');
    for (const file of filesBelow(artifacts))
      expect(readFileSync(path.join(artifacts, file)).includes(VENDOR_KEY), file).toBe(false);
  });
});

describe('weather', () => {
  const storms: readonly (readonly [string, Partial<SimSettings>, string])[] = [
    // So slow that the slowest machine asks too soon.
    ['a storm of 429', { ratePerSecond: 2, burst: 1 }, 'rate_limited'],
    ['places that are full', { maxInFlight: 1, latencyMs: 400, retryAfter: false }, 'rate_limited'],
    ['overload, 529', { outage: { after: 5, forMs: 400, status: 529 } }, 'unavailable'],
    ['an outage, 503', { outage: { after: 5, forMs: 400, status: 503 } }, 'unavailable'],
    ['answers that break', { dropRate: 0.2, halfJsonRate: 0.1, errorRate: 0.1, seed: 3 }, 'dropped'],
  ];

  it.each(storms)('%s is waited out, and each answer is paid once', async (_, settings, met) => {
    await using sim = await started({ settings: quick(settings) });
    const folder = tempFolder();
    const { scenarios, lines, ...more } = forty(sim.url);
    // Who meets which fault hangs on the order of arrival: so many retries are never used up.
    const patient = ['execution: { retries: 20 }', ...lines];
    vendorExperiment(folder, { ...more, lines: patient, scenarios: scenarios.slice(0, 8) });
    const { code, summary } = await run(folder);
    expect([code, summary.complete, summary.executed]).toEqual([0, true, 16]);
    const stats = sim.stats();
    expect(stats.answered).toBe(16);
    expect(stats[met as 'dropped']).toBeGreaterThan(0);
  });

  it('a refused key ends the account with one sentence, and says nothing of the key', async () => {
    await using sim = await started({ apiKey: 'sk-another-one' });
    const folder = tempFolder();
    const { lines, ...more } = forty(sim.url);
    vendorExperiment(folder, { ...more, lines: ['execution: { concurrency: 4 }', ...lines] });
    const { code, stderr, summary } = await run(folder);
    expect([code, summary.executed]).toEqual([1, 0]);
    expect(stderr).toContain('invalid x-api-key');
    expect(stderr).not.toContain(VENDOR_KEY);
    expect(sim.stats().requests).toBeLessThan(20);
  });
});

describe('what is kept and shown', () => {
  const LONG = 'Answer in one short sentence, and never in two. '.repeat(120);

  it('counts what went into the cache and what came out of it, and prices both', async () => {
    await using sim = await started();
    const folder = tempFolder();
    const lines = [
      'execution: { concurrency: 1 }',
      `variants: { cached: { system: "${LONG}", params: { cacheControl: { type: ephemeral } } } }`,
    ];
    const scenarios = [{ id: 'a', input: 'Say a.' }];
    const account = { type: 'anthropic', url: sim.url, model: MODEL, more: PRICES } as const;
    vendorExperiment(folder, { ...account, runs: 2, lines, scenarios });
    expect((await run(folder)).code).toBe(0);
    // Which run is drawn first is drawn.
    const records = viewOf(folder).map(({ record }) => record);
    const [first, second] = records.sort((a, b) => a.started_at.localeCompare(b.started_at));
    const written = first!.usage!.cache_write_input_tokens!;
    expect(written).toBeGreaterThan(1400);
    expect(first!.usage).toMatchObject({ cached_input_tokens: 0 });
    expect(second!.usage).toMatchObject({ cached_input_tokens: written });
    const price = (
      input: number,
      rate: number,
      { output_tokens: output }: { readonly output_tokens: number },
    ) => (input * rate + output * 5) / 1e6;
    expect(first!.usage!.input_tokens).toBe(written);
    expect(first!.cost_usd).toBeCloseTo(price(written, 1.25, first!.usage!), 7);
    expect(second!.cost_usd).toBeCloseTo(price(written, 0.1, second!.usage!), 7);
    expect(second!.cost_usd).toBeLessThan(first!.cost_usd! / 2);
  });

  it.each([
    ['whole', ''],
    ['as a stream', ', stream: true'],
  ])('charges what is kept for an hour by the price of an hour: %s', async (_, way) => {
    await using sim = await started();
    const folder = tempFolder();
    const mark = '{ type: ephemeral, ttl: 1h }';
    const lines = [`variants: { cached: { system: "${LONG}", params: { cacheControl: ${mark} } } }`];
    const more = `pricing: { ${MODEL}: { input: 1, cache_write: 1.25, cache_write_1h: 2, output: 5 } }${way}`;
    const account = { type: 'anthropic', url: sim.url, model: MODEL, more } as const;
    vendorExperiment(folder, { ...account, runs: 1, lines, scenarios: [{ id: 'a', input: 'Say a.' }] });
    expect((await run(folder)).code).toBe(0);
    const [{ record }] = viewOf(folder) as [ReturnType<typeof viewOf>[number]];
    const written = record.usage!.cache_write_1h_input_tokens!;
    expect(written).toBeGreaterThan(1400);
    expect(record.usage).toMatchObject({ input_tokens: written, cache_write_input_tokens: written });
    expect(record.cost_usd).toBeCloseTo((written * 2 + record.usage!.output_tokens * 5) / 1e6, 7);
    const { stdout } = await cli(['show', 'cached/a/1'], { cwd: folder });
    expect(stdout).toContain('of them for an hour');
  });

  it('is traced: a span of type llm for each call, with its usage', async () => {
    await using sim = await started();
    await using recorder = await startRecorder();
    const folder = tempFolder();
    vendorExperiment(folder, forty(sim.url));
    const env = { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url };
    const { code } = await run(folder, ['--langsmith-flush', '30s'], env);
    expect(code).toBe(0);
    expect(recorder.check()).toMatchObject({ roots: 40, orphans: 0, unended: 0 });
    const spans = [...recorder.runs.values()].filter(({ run_type: type }) => type === 'llm');
    expect(spans).toHaveLength(40);
    for (const span of spans) {
      expect(span.name).toBe(MODEL);
      expect(span.outputs).toMatchObject({
        usage_metadata: {
          ...{ input_tokens: expect.any(Number), output_tokens: expect.any(Number) },
          total_tokens: expect.any(Number),
        },
      });
      expect(span.extra).toMatchObject({ metadata: { ls_provider: 'anthropic', ls_model_name: MODEL } });
    }
    for (const body of recorder.bodies) expect(body).not.toContain(VENDOR_KEY);
  });
});

describe('before anything is asked', () => {
  it('doctor knows the account, and doctor --call asks it twice with a tool', async () => {
    await using sim = await started();
    const folder = tempFolder();
    vendorExperiment(folder, { ...forty(sim.url), model: 'sim-small' });
    const plain = await cli(['doctor'], { cwd: folder, env: VENDOR_ENV });
    expect(plain.stdout).toMatch(/ok +endpoint of vendor +\S+ answers/);
    const called = await cli(['doctor', '--call'], { cwd: folder, env: VENDOR_ENV });
    expect(called.stdout).toMatch(/called/);
    expect(called.stdout).toMatch(/the tool's result +accepted/);
    expect(called.stdout).toMatch(/limits? +told in|limits told in/);
    expect(sim.stats()).toMatchObject({ requests: 2, answered: 2 });
  });

  it('a package that is missing is one sentence with what to type', async () => {
    const folder = tempFolder();
    writeFiles(folder, {
      'experiment.yaml': `version: 1\nname: small\nprovider: claude\nmodel: ${MODEL}\nscenarios: [s.jsonl]\nvariants: { a: {} }\nproviders: { claude: { type: anthropic, base_url: "http://127.0.0.1:9/v1" } }\n`,
      's.jsonl': '{"id":"a","input":"a"}\n',
    });
    const { code, stderr } = await cli(['run'], { cwd: folder, env: VENDOR_ENV });
    expect(code).toBe(2);
    expect(stderr).toContain('npm install --save-exact @ai-sdk/anthropic@4');
    expect(jsonLinesBelow(folder)).toEqual([]);
  });
});

function jsonLinesBelow(folder: string): readonly string[] {
  const files = filesBelow(folder).filter((file) => file.startsWith('artifacts') && file.endsWith('.jsonl'));
  return files.filter((file) => jsonLines(path.join(folder, file)).length > 0);
}
