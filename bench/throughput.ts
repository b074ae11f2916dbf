// Calls a second against a simulation in a process of its own: at 0 ms against a bare loop of the SDK, at 200 ms
// against the ideal.
import path from 'node:path';
import { writeExperiment } from './made.ts';
import { CLI, median, medianWall, ROOT, type Row, repeat, runNode, tempFolder } from './measure.ts';
import { type Sim, startSimProcess } from './sim-process.ts';

const CALLS = 3_000;
/** Start-up (half a second, most of it the SDK loading in the workers) is in every figure; this many calls amortise it. */
const LONG_CALLS = 18_000;
const DURABLE_CALLS = 6_000;
const IN_FLIGHT = 64;

type RunOptions = { readonly preload?: string };

async function oneRun(
  sim: Sim,
  calls: number,
  options: RunOptions = {},
): Promise<Awaited<ReturnType<typeof runNode>>> {
  const { folder, remove } = tempFolder();
  try {
    const provider = ['type: openai', `base_url: ${sim.url}`];
    writeExperiment({ folder, variants: 1, scenarios: calls / 3, runs: 3, provider, concurrency: IN_FLIGHT });
    const run = await runNode([CLI, 'run', '--json'], { cwd: folder, ...options });
    const { executed, failed } = JSON.parse(run.stdout) as { executed: number; failed: number };
    if (executed !== calls || failed !== 0)
      throw new Error(`not ${calls} answers: ${run.stdout.slice(0, 500)}`);
    return run;
  } finally {
    remove();
  }
}

export async function throughput(): Promise<Row> {
  const sim = await startSimProcess(['--latency', '0']);
  try {
    const floorArgs = [path.join(ROOT, 'bench/floor-sdk.mjs'), sim.url, String(CALLS), String(IN_FLIGHT)];
    await runNode(floorArgs);
    const floors: Awaited<ReturnType<typeof runNode>>[] = [];
    const runs: typeof floors = [];
    await repeat(5, async () => {
      floors.push(await runNode(floorArgs));
      runs.push(await oneRun(sim, CALLS));
    });
    const ratio = medianWall(floors) / medianWall(runs);
    const perSecond = (wallMs: number): string => `${((CALLS / wallMs) * 1000).toFixed(0)}/s`;
    return {
      what: `throughput at 0 ms, ${CALLS} calls, ${IN_FLIGHT} in flight`,
      floor: `${perSecond(medianWall(floors))} (SDK loop)`,
      measured: `${perSecond(medianWall(runs))}, ${median(runs.map(({ peakMb }) => peakMb)).toFixed(0)} MB`,
      ratio: ratio.toFixed(2),
      wanted: 'at least 0.6',
      held: ratio >= 0.6,
    };
  } finally {
    await sim.stop();
  }
}

/** The same run with and without asking the disk to keep each group of records. */
export async function durability(): Promise<Row> {
  const sim = await startSimProcess(['--latency', '0']);
  try {
    const without: Awaited<ReturnType<typeof runNode>>[] = [];
    const runs: typeof without = [];
    await repeat(5, async () => {
      without.push(await oneRun(sim, DURABLE_CALLS, { preload: 'bench/no-sync.mjs' }));
      runs.push(await oneRun(sim, DURABLE_CALLS));
    });
    const ratio = medianWall(without) / medianWall(runs);
    const perSecond = (wallMs: number): string => `${((DURABLE_CALLS / wallMs) * 1000).toFixed(0)}/s`;
    return {
      what: `group commit at 0 ms, ${DURABLE_CALLS} calls, ${IN_FLIGHT} in flight`,
      floor: `${perSecond(medianWall(without))} (never synced)`,
      measured: perSecond(medianWall(runs)),
      ratio: ratio.toFixed(3),
      wanted: 'at least 0.95',
      held: ratio >= 0.95,
    };
  } finally {
    await sim.stop();
  }
}

export async function efficiency(): Promise<readonly Row[]> {
  const latencyMs = 200;
  const sim = await startSimProcess(['--latency', String(latencyMs)]);
  const row = async (at: { calls: number; times: number; wanted: number | null }): Promise<Row> => {
    const runs = await repeat(at.times, () => oneRun(sim, at.calls));
    const idealMs = (at.calls * latencyMs) / IN_FLIGHT;
    const ratio = idealMs / medianWall(runs);
    return {
      what: `efficiency at ${latencyMs} ms, ${at.calls} calls, ${IN_FLIGHT} in flight`,
      floor: `${(idealMs / 1000).toFixed(2)} s (ideal)`,
      measured: `${(medianWall(runs) / 1000).toFixed(2)} s, ${median(runs.map(({ peakMb }) => peakMb)).toFixed(0)} MB`,
      ratio: ratio.toFixed(3),
      wanted: at.wanted === null ? '-' : `at least ${at.wanted}`,
      held: at.wanted === null || ratio >= at.wanted,
    };
  };
  try {
    return [
      await row({ calls: CALLS, times: 3, wanted: null }),
      await row({ calls: LONG_CALLS, times: 3, wanted: 0.95 }),
    ];
  } finally {
    await sim.stop();
  }
}
