// kill -9 in the middle of a run on Claude, again and again, then a run to its end: what was acknowledged is there once and
// was not paid for twice.
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli } from '../rig/cli.ts';
import { acknowledgedKeys, recordsByKey } from '../rig/small-experiment.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';
import { VENDOR_ENV, vendorExperiment } from '../rig/vendor-experiment.ts';
import { quick, started } from '../sim/client.ts';

const TASKS = 120;
const KILLS = 3;

it('killed three times, everything acknowledged is kept once, and only the rest is asked for', async () => {
  await using sim = await started({ settings: quick({ latencyMs: 30 }) });
  const folder = tempFolder();
  vendorExperiment(folder, {
    ...{ type: 'anthropic', url: sim.url, model: 'claude-haiku-4-5' },
    lines: ['execution: { concurrency: 4, workers: 1 }', 'variants: { a: { system: Be short. } }'],
    scenarios: Array.from({ length: TASKS }, (_, at) => ({ id: `s${at}`, input: `Say ${at}.` })),
  });
  const events = path.join(folder, 'events.jsonl');
  const seen = new Map<string, string>();
  for (let kill = 1; kill <= KILLS; kill++) {
    const { child, ended } = startCli(['run', '--events', 'events.jsonl'], { cwd: folder, env: VENDOR_ENV });
    const enough = sim.stats().answered + 15;
    const timer = setInterval(() => {
      if (sim.stats().answered >= enough) child.kill('SIGKILL');
    }, 5);
    const { signal } = await ended;
    clearInterval(timer);
    expect(signal).toBe('SIGKILL');
    const records = recordsByKey(folder);
    for (const key of acknowledgedKeys(events)) {
      expect(records.get(key)).toHaveLength(1);
      expect(records.get(key)![0]).toBe(seen.get(key) ?? records.get(key)![0]);
      seen.set(key, records.get(key)![0]!);
    }
  }
  expect(seen.size).toBeGreaterThan(10);
  const before = sim.stats().answered;
  const { code, stdout, stderr } = await cli(['run', '--json'], { cwd: folder, env: VENDOR_ENV });
  expect(code, stderr).toBe(0);
  const summary = JSON.parse(stdout) as RunSummary;
  expect(summary).toMatchObject({ complete: true, failed: 0 });
  expect(summary.cached).toBeGreaterThanOrEqual(seen.size);
  expect(sim.stats().answered - before).toBe(summary.executed);
  const all = recordsByKey(folder);
  expect(all.size).toBe(TASKS);
  for (const lines of all.values()) expect(lines).toHaveLength(1);
  for (const [key, line] of seen) expect(all.get(key)![0]).toBe(line);
  const fsck = await cli(['fsck'], { cwd: folder });
  expect(fsck.code, fsck.stdout + fsck.stderr).toBe(0);
});
