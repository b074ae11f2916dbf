// kill -9 at random moments of a run over the simulation: what was acknowledged is there once and unchanged.
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeRandom } from '../../src/core/shuffle.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli, filesBelow, jsonLines, startCli, writeFiles } from '../rig/cli.ts';
import { tempFolder } from '../rig/temp.ts';

const KILLS = Number(process.env.EXPGRAPH_KILLS ?? 50);
const SEED = Number(process.env.EXPGRAPH_SEED ?? 1);
const SCENARIOS = 400;

/** Every result line of the history by key, as text; damaged or torn lines do not parse and are not counted. */
function recordsByKey(folder: string): Map<string, string[]> {
  const records = new Map<string, string[]>();
  const history = path.join(folder, 'artifacts/killed/history');
  for (const file of filesBelow(history).filter((name) => /_run\d+\.jsonl$/.test(name))) {
    for (const line of jsonLines(path.join(history, file))) {
      if (line.type !== 'scenario_result') continue;
      const key = String(line.key);
      records.set(key, [...(records.get(key) ?? []), JSON.stringify(line)]);
    }
  }
  return records;
}

function acknowledged(folder: string): readonly string[] {
  const events = filesBelow(folder).includes('events.jsonl')
    ? jsonLines(path.join(folder, 'events.jsonl'))
    : [];
  return events.filter(({ kind }) => kind === 'task-finished').map(({ key }) => String(key));
}

it(`keeps every acknowledged record through ${KILLS} kills (seed ${SEED})`, {
  timeout: 600_000,
}, async () => {
  const random = makeRandom(SEED);
  let kills = 0;
  let acknowledgedInAll = 0;
  while (kills < KILLS) {
    const folder = tempFolder();
    const ids = Array.from({ length: SCENARIOS }, (_, i) =>
      JSON.stringify({ id: `s${i}`, input: `say ${i}` }),
    );
    writeFiles(folder, {
      'scenarios.jsonl': `${ids.join('\n')}\n`,
      'experiment.yaml': [
        'version: 1',
        'name: killed',
        'runs: 2',
        'provider: sim',
        'temperature: 0.2',
        'scenarios: [scenarios.jsonl]',
        'variants: { a: { system: one }, b: { system: two } }',
        'providers: { sim: { type: sim, sim: { latency_ms: 40 } } }',
        'execution: { concurrency: 16 }',
        '',
      ].join('\n'),
    });
    const seen = new Map<string, string>();
    for (;;) {
      const { child, ended } = startCli(['run', '--events', 'events.jsonl'], { cwd: folder });
      const timer = setTimeout(() => child.kill('SIGKILL'), 250 + random() * 1250);
      const { signal, code, stderr } = await ended;
      clearTimeout(timer);
      const records = recordsByKey(folder);
      for (const key of acknowledged(folder)) {
        const kept = records.get(key) ?? [];
        expect(kept, `key ${key} after kill ${kills}`).toHaveLength(1);
        expect(kept[0]).toBe(seen.get(key) ?? kept[0]);
        seen.set(key, kept[0]!);
      }
      if (signal !== 'SIGKILL') {
        expect(code, stderr).toBe(0);
        break;
      }
      kills++;
      if (kills >= KILLS) break;
    }
    acknowledgedInAll += seen.size;
    const rest = await cli(['run', '--json'], { cwd: folder });
    const summary = JSON.parse(rest.stdout) as RunSummary;
    expect(summary).toMatchObject({ complete: true, failed: 0, scope: { tasks: SCENARIOS * 4 } });
    // What was acknowledged was not executed again; every key is there exactly once.
    expect(summary.cached).toBeGreaterThanOrEqual(seen.size);
    const all = recordsByKey(folder);
    expect(all.size).toBe(SCENARIOS * 4);
    expect([...all.values()].filter((lines) => lines.length !== 1)).toEqual([]);
    for (const [key, line] of seen) expect(all.get(key)).toEqual([line]);
    expect(await cli(['fsck'], { cwd: folder })).toMatchObject({ code: 0 });
  }
  expect(acknowledgedInAll).toBeGreaterThan(0);
});
