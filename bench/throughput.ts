// Calls a second against a simulation in a process of its own: at 0 ms against a bare loop of the SDK, at 200 ms
// against the ideal.
import path from 'node:path';
import { writeExperiment } from './made.ts';
import {
  CLI,
  type Measured,
  median,
  medianCpu,
  medianWall,
  ROOT,
  type Row,
  repeat,
  runNode,
  tempFolder,
} from './measure.ts';
import { type Sim, startSimProcess } from './sim-process.ts';

const CALLS = 3_000;
/** Start-up is in every figure; this many calls amortise it. */
const LONG_CALLS = 18_000;
const DURABLE_CALLS = 6_000;
const IN_FLIGHT = 64;

type RunOptions = { readonly preload?: string; readonly limits?: string };

async function oneRun(sim: Sim, calls: number, { limits, ...options }: RunOptions = {}): Promise<Measured> {
  const { folder, remove } = tempFolder();
  try {
    const declared = limits === undefined ? [] : [`limits: ${limits}`];
    const provider = ['type: openai', `base_url: ${sim.url}`, ...declared];
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

/** The script, its answers kept in a file. */
async function oneScript(sim: Sim): Promise<Measured> {
  const { folder, remove } = tempFolder();
  try {
    const script = path.join(ROOT, 'bench/floor-sdk.mjs');
    const file = path.join(folder, 'answers.jsonl');
    return await runNode([script, sim.url, String(CALLS), String(IN_FLIGHT), file]);
  } finally {
    remove();
  }
}

export async function throughput(): Promise<readonly Row[]> {
  const sim = await startSimProcess(['--latency', '0']);
  try {
    await oneScript(sim);
    await oneRun(sim, CALLS);
    const floors: Measured[] = [];
    const runs: Measured[] = [];
    await repeat(7, async () => {
      floors.push(await oneScript(sim));
      runs.push(await oneRun(sim, CALLS));
    });
    const speed = medianWall(floors) / medianWall(runs);
    const cpu = medianCpu(runs) / medianCpu(floors);
    const perSecond = (wallMs: number): string => `${((CALLS / wallMs) * 1000).toFixed(0)}/s`;
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
    const what = `${CALLS} calls, ${IN_FLIGHT} in flight, whole process`;
    return [
      {
        what: `throughput at 0 ms, ${what}`,
        floor: `${perSecond(medianWall(floors))} (SDK loop)`,
        measured: `${perSecond(medianWall(runs))}, ${median(runs.map(({ peakMb }) => peakMb)).toFixed(0)} MB`,
        ratio: speed.toFixed(2),
        wanted: 'at least 1.0',
        held: speed >= 1,
      },
      {
        what: `CPU at 0 ms, ${what}`,
        floor: `${seconds(medianCpu(floors))} (SDK loop)`,
        measured: seconds(medianCpu(runs)),
        ratio: cpu.toFixed(2),
        wanted: 'at most 1.3',
        held: cpu <= 1.3,
      },
    ];
  } finally {
    await sim.stop();
  }
}

/** The same run with and without asking the disk to keep each group of records. */
export async function durability(): Promise<Row> {
  const sim = await startSimProcess(['--latency', '0']);
  try {
    const without: Measured[] = [];
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
  const row = async (at: {
    readonly calls: number;
    readonly wanted: number | null;
    readonly limits?: string;
  }): Promise<Row> => {
    const runs = await repeat(3, () => oneRun(sim, at.calls, at));
    const how = at.limits === undefined ? 'no limits declared' : `limits ${at.limits}`;
    const idealMs = (at.calls * latencyMs) / IN_FLIGHT;
    const ratio = idealMs / medianWall(runs);
    return {
      what: `efficiency at ${latencyMs} ms, ${at.calls} calls, ${IN_FLIGHT} in flight, ${how}`,
      floor: `${(idealMs / 1000).toFixed(2)} s (ideal)`,
      measured: `${(medianWall(runs) / 1000).toFixed(2)} s, ${median(runs.map(({ peakMb }) => peakMb)).toFixed(0)} MB`,
      ratio: ratio.toFixed(3),
      wanted: at.wanted === null ? '-' : `at least ${at.wanted}`,
      held: at.wanted === null || ratio >= at.wanted,
    };
  };
  try {
    return [
      await row({ calls: CALLS, limits: `{ concurrency: ${IN_FLIGHT} }`, wanted: 0.95 }),
      await row({ calls: CALLS, wanted: null }),
      await row({ calls: LONG_CALLS, wanted: 0.95 }),
    ];
  } finally {
    await sim.stop();
  }
}
