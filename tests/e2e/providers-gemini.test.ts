// Gemini through the true package @ai-sdk/google, played by a server of the tests: another form of everything.
// @project e2e: hundreds of calls.
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli } from '../rig/cli.ts';
import { signatureOf, startGemini } from '../rig/gemini-server.ts';
import { tempFolder } from '../rig/temp.ts';
import { VENDOR_ENV, VENDOR_KEY, vendorExperiment, vendorSample, viewOf } from '../rig/vendor-experiment.ts';

const MODEL = 'gemini-2.5-flash';
const PRICES = `pricing: { ${MODEL}: { input: 0.3, cached_input: 0.075, output: 2.5 } }`;

async function run(folder: string) {
  const { code, stdout, stderr } = await cli(['run', '--json'], { cwd: folder, env: VENDOR_ENV });
  if (stdout === '') throw new Error(`nothing printed, exit ${code}: ${stderr}`);
  return { code, summary: JSON.parse(stdout) as RunSummary };
}

describe('the experiment of the README on Gemini', () => {
  it('is drawn once, with what was thought and what was cached counted and priced', async () => {
    await using gemini = await startGemini();
    const folder = tempFolder();
    await vendorSample(folder, { type: 'google', url: gemini.url, model: MODEL, more: PRICES });
    const { code, summary } = await run(folder);
    expect(code).toBe(0);
    expect(summary).toMatchObject({ complete: true, executed: 120, failed: 0, retries: 0 });
    expect(gemini.calls).toHaveLength(120);
    for (const { headers } of gemini.calls) expect(headers['x-goog-api-key']).toBe(VENDOR_KEY);
    const view = viewOf(folder, 'tool-interface');
    expect(view).toHaveLength(120);
    for (const { record } of view) {
      const { usage, output } = record;
      expect(record).toMatchObject({ status: 'completed', served_model: `${MODEL}-001`, provider: 'vendor' });
      expect(output!.tool_calls).toHaveLength(1);
      expect(output!.messages).toMatchObject([
        { role: 'assistant', content: [{ type: 'reasoning' }, { type: 'tool-call' }] },
      ]);
      expect(usage!.reasoning_tokens).toBe(7);
      const cached = usage!.cached_input_tokens ?? 0;
      const cost = ((usage!.input_tokens - cached) * 0.3 + cached * 0.075 + usage!.output_tokens * 2.5) / 1e6;
      expect(record.cost_usd).toBeCloseTo(cost, 6);
    }
    expect(view.some(({ record }) => (record.usage!.cached_input_tokens ?? 0) > 0)).toBe(true);
    expect((await run(folder)).summary).toMatchObject({ executed: 0, cached: 120 });
  });
});

const TOOLS =
  'tools: [{ name: look_up, description: Looks it up., parameters: { type: object, properties: {} } }]';

describe('what is peculiar to Gemini', () => {
  it('a signature on a call goes back with it, turn after turn', async () => {
    await using gemini = await startGemini();
    const folder = tempFolder();
    vendorExperiment(folder, {
      ...{ type: 'google', url: gemini.url, model: 'gemini-3-pro-preview' },
      lines: [TOOLS, 'max_turns: 3', 'variants: { a: { system: Be short. } }'],
      scenarios: [{ id: 'tea', input: 'How much tea?', tool_results: { look_up: '12' } }],
    });
    const { code, summary } = await run(folder);
    expect([code, summary.complete, gemini.refused]).toEqual([0, true, []]);
    expect(gemini.calls).toHaveLength(2);
    const sent = JSON.stringify(gemini.calls[1]!.body);
    expect(sent).toContain(signatureOf('look_up'));
    const [{ record }] = viewOf(folder) as [ReturnType<typeof viewOf>[number]];
    expect(record.output!.text).toBe('That is done.');
    expect(record.turns).toHaveLength(2);
  });

  it('RESOURCE_EXHAUSTED is waited for as long as its RetryInfo says, and UNAVAILABLE is tried again', async () => {
    await using gemini = await startGemini();
    gemini.fail({ status: 429, name: 'RESOURCE_EXHAUSTED', retryDelay: '0.3s' }, 3);
    gemini.fail({ status: 503, name: 'UNAVAILABLE' }, 1);
    const folder = tempFolder();
    vendorExperiment(folder, {
      ...{ type: 'google', url: gemini.url, model: MODEL },
      lines: ['variants: { a: { system: Be short. } }'],
      scenarios: Array.from({ length: 12 }, (_, at) => ({ id: `s${at}`, input: `Say ${at}.` })),
    });
    const { code, summary } = await run(folder);
    expect([code, summary.complete, summary.executed]).toEqual([0, true, 12]);
    expect(gemini.calls).toHaveLength(12);
    expect(gemini.refused).toEqual([...Array(3).fill('429 RESOURCE_EXHAUSTED'), '503 UNAVAILABLE']);
    expect(summary.retries).toBe(4);
  });

  it('a seed is sent, another one for each run', async () => {
    await using gemini = await startGemini();
    const folder = tempFolder();
    vendorExperiment(folder, {
      ...{ type: 'google', url: gemini.url, model: MODEL, runs: 2 },
      lines: ['seed: 7', 'variants: { a: { system: Be short. } }'],
      scenarios: [{ id: 'a', input: 'Say a.' }],
    });
    expect((await run(folder)).code).toBe(0);
    const seeds = gemini.calls.map(({ body }) => (body.generationConfig as { readonly seed?: number }).seed);
    expect(seeds.sort()).toEqual([7, 8]);
  });
});
