// Calls a second through a provider's package, against a bare loop of the same package; both ask the simulation's Messages API, in a
// process of its own, at 0 ms.
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { IN_FLIGHT, oneRun, oneScript, peakOf, perSecond, seconds } from './loops.ts';
import { type Measured, medianCpu, medianWall, ROOT, type Row, repeat } from './measure.ts';
import { startSimProcess } from './sim-process.ts';

const CALLS = 3_000;
/** Start-up is in every figure, of both; this many calls amortise it. */
const LONG_CALLS = 12_000;
const WANTED = 0.9;

export async function sdk(): Promise<readonly Row[]> {
  const sim = await startSimProcess(['--latency', '0']);
  try {
    return [...(await rowsOf(sim.url, CALLS, 5)), ...(await rowsOf(sim.url, LONG_CALLS, 3))];
  } finally {
    await sim.stop();
  }
}

async function rowsOf(url: string, calls: number, times: number): Promise<readonly Row[]> {
  const floors: Measured[] = [];
  const runs: Measured[] = [];
  const run = (): Promise<Measured> =>
    oneRun({
      calls,
      provider: ['type: anthropic', `base_url: ${url}`],
      more: ['max_output_tokens: 200'],
      prepare: installPackages,
    });
  const script = (): Promise<Measured> => oneScript('floor-ai-sdk.mjs', url, calls);
  await script();
  await run();
  await repeat(times, async () => {
    floors.push(await script());
    runs.push(await run());
  });
  const speed = medianWall(floors) / medianWall(runs);
  const cpu = medianCpu(runs) / medianCpu(floors);
  const what = `${calls} calls of @ai-sdk/anthropic, ${IN_FLIGHT} in flight, whole process`;
  return [
    {
      what: `throughput through a package at 0 ms, ${what}`,
      floor: `${perSecond(floors, calls)} (bare loop of the package)`,
      measured: `${perSecond(runs, calls)}, ${peakOf(runs)}`,
      ratio: speed.toFixed(2),
      wanted: `at least ${WANTED}`,
      held: speed >= WANTED,
    },
    {
      what: `CPU through a package at 0 ms, ${what}`,
      floor: `${seconds(medianCpu(floors))} (bare loop of the package)`,
      measured: seconds(medianCpu(runs)),
      ratio: cpu.toFixed(2),
      wanted: '-',
      held: true,
    },
  ];
}

/** As if the experiment's project had installed them. */
function installPackages(folder: string): void {
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(path.join(ROOT, 'node_modules/@ai-sdk'), path.join(folder, 'node_modules/@ai-sdk'));
}
