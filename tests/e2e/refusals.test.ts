// Whom a refusal ends, with the real program: what is refused first does not keep the rest from being asked.
import { expect, it } from 'vitest';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { LOOP_ENV, loopManifest, startLoopServer } from '../rig/loop-server.ts';
import { tempFolder } from '../rig/temp.ts';

const BROKE = { status: 402, body: { error: { message: 'This request needs more credits than there are' } } };

it('what ended a run is asked last by the next one', async () => {
  await using server = await startLoopServer({ turns: 1 });
  const struck = new Set<string>();
  // Whoever comes first, and is answered so every time.
  server.refuse = ({ of }) => {
    if (struck.size < 2) struck.add(of);
    return struck.has(of) ? BROKE : null;
  };
  const folder = tempFolder();
  const execution = 'concurrency: 1';
  writeFiles(folder, loopManifest({ url: server.url, maxTurns: 1, scenarios: 6, execution }));
  const run = async (): Promise<RunSummary> =>
    JSON.parse((await cli(['run', '--json'], { cwd: folder, env: LOOP_ENV })).stdout) as RunSummary;

  expect(await run()).toMatchObject({ how: 'halted', executed: 0, missing: 6 });
  expect(server.asked).toHaveLength(2);
  expect(await run()).toMatchObject({ cached: 0, executed: 6, failed: 2, missing: 0 });
  expect(server.given).toHaveLength(4);
  expect(server.asked.slice(2, 6).filter(({ of }) => struck.has(of))).toEqual([]);
});
