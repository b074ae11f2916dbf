// A provider that becomes another one in the middle of a run: what it does to two arms that are compared.
import path from 'node:path';
import { expect, it } from 'vitest';
import type { ScenarioResult } from '../../src/core/record.ts';
import type { Interleaving } from '../../src/report/run/interleaving.ts';
import { cli } from '../rig/cli.ts';
import { filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { startModelServer } from '../rig/model-server.ts';
import { tempFolder } from '../rig/temp.ts';

/** Two arms of unequal size: 2 and 4 runs of 15 scenarios. */
const SCENARIOS = 15;
const CALLS = SCENARIOS * (2 + 4);
const CONCURRENCY = 4;

function manifest(url: string): string {
  return `version: 1
name: drift
provider: mine
model: m
template: "{{input}}"
scenarios: [scenarios.jsonl]
variants:
  few: { runs: 2, system: be few }
  many: { runs: 4, system: be many }
providers:
  mine: { type: openai, base_url: "${url}", api_key_env: MY_KEY }
execution: { concurrency: ${CONCURRENCY}, workers: 1 }
`;
}

it('hits both arms alike, by what was answered and by when it was asked', async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': manifest(server.url),
    'scenarios.jsonl': Array.from(
      { length: SCENARIOS },
      (_, i) => `{"id":"s${i}","input":"say ${i}"}\n`,
    ).join(''),
  });
  let answered = 0;
  let refused = 0;
  let driftedAt = '';
  const serving = (async () => {
    for (;;) {
      const request = await server.next();
      // One call in ten is tried again: a retry must not carry an arm over the drift either.
      if ((answered + refused) % 10 === 9) {
        refused++;
        request.answer({ error: { message: 'slow down' } }, { status: 500 });
        continue;
      }
      answered++;
      if (answered === CALLS / 2) driftedAt = new Date().toISOString();
      request.answer(chatAnswer(answered <= CALLS / 2 ? 'before' : 'after'));
    }
  })();
  serving.catch(() => {});
  const { code, stderr } = await cli(['run', '--json'], {
    cwd: folder,
    env: { MY_KEY: 'a-key-of-this-test-1' },
  });
  expect([code, stderr.includes('error')]).toEqual([0, false]);

  const runs = path.join(folder, 'artifacts/drift/runs');
  const records = filesBelow(runs)
    .flatMap((file) => jsonLines(path.join(runs, file)))
    .filter(({ type }) => type === 'scenario_result') as unknown as readonly ScenarioResult[];
  expect([records.length, refused > 0]).toEqual([CALLS, true]);
  const off = (isBefore: (record: ScenarioResult) => boolean): number => {
    const before = records.filter(isBefore);
    const few = before.filter(({ variant }) => variant === 'few').length;
    return Math.abs(few - before.length / 3);
  };
  // The order alone is off by 1 + 2/3 of a cell at the most; calls that are under way at the drift add theirs.
  expect(off(({ output }) => output?.text === 'before')).toBeLessThanOrEqual(2 + CONCURRENCY);
  expect(off(({ started_at }) => started_at <= driftedAt)).toBeLessThanOrEqual(2 + CONCURRENCY);

  const status = await cli(['status', '--json'], { cwd: folder });
  const { interleaving } = JSON.parse(status.stdout) as { readonly interleaving: Interleaving };
  expect(interleaving.calls).toBe(CALLS);
  expect(interleaving.distance).toBeLessThan(0.25);
  for (const arm of interleaving.arms) expect(Math.abs(arm.mean_rank - 0.5)).toBeLessThan(0.05);
});
