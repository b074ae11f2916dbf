// The settings of the simulation as a manifest writes them.
import { expect, it } from 'vitest';
import { DEFAULT_SIM_SETTINGS } from '../../src/core/sim-settings.ts';
import { load } from './folder.ts';

const written = (sim: string) => ({
  'experiment.yaml': [
    'version: 1',
    'name: made',
    'provider: sim',
    'scenarios: [s.yaml]',
    'variants: { a: {} }',
    `providers: { sim: { type: sim, sim: { ${sim} } } }`,
    '',
  ].join('\n'),
  's.yaml': '- { id: a, input: x }\n',
});

async function settingsOf(sim: string) {
  const { manifest, printed } = await load(written(sim));
  if (!manifest) throw new Error(printed);
  return manifest.providers.sim!.sim;
}

it('leaves everything off that is not asked for', async () => {
  expect(await settingsOf('')).toEqual(DEFAULT_SIM_SETTINGS);
});

it('reads limits, faults and lengths', async () => {
  const sim = [
    'tokens_per_minute: 90000, max_in_flight: 4, limit_headers: false, retry_after: false',
    'drip_rate: 0.1, drip_ms: 20, invalid_utf8_rate: 0.2, huge_rate: 0.3, huge_bytes: 1000, answer_bytes: 2000',
  ].join(', ');
  expect(await settingsOf(sim)).toEqual({
    ...DEFAULT_SIM_SETTINGS,
    ...{ tokensPerMinute: 90_000, maxInFlight: 4, limitHeaders: false, retryAfter: false },
    ...{ dripRate: 0.1, dripMs: 20, invalidUtf8Rate: 0.2, hugeRate: 0.3, hugeBytes: 1_000 },
    answerBytes: 2_000,
  });
});

it('reads what begins in the middle, with what is left out', async () => {
  expect(
    await settingsOf('drift: { after: 100, latency_ms: 900 }, outage: { after: 5, for_ms: 2000 }'),
  ).toEqual({
    ...DEFAULT_SIM_SETTINGS,
    drift: { after: 100, latencyMs: 900, servedModel: null },
    outage: { after: 5, forMs: 2_000, status: 503 },
  });
  expect(
    await settingsOf('drift: { after: 0, served_model: m2 }, outage: { after: 0, for_ms: 1, status: 529 }'),
  ).toMatchObject({ drift: { latencyMs: null, servedModel: 'm2' }, outage: { status: 529 } });
});

it.each([
  'drift: {}',
  'outage: { after: 1 }',
  'outage: { after: 1, for_ms: 1, status: 200 }',
  'max_in_flight: 0',
])('refuses %s', async (sim) => {
  const { manifest, diagnostics } = await load(written(sim));
  expect(manifest).toBeNull();
  expect(diagnostics.length).toBeGreaterThan(0);
});
