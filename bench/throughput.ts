// Calls a second against a simulation in a process of its own: at 0 ms against a bare loop of the SDK, at 200 ms
// against the ideal.
import { IN_FLIGHT, oneRun, oneScript, peakOf, perSecond, seconds } from './loops.ts';
import { type Measured, medianCpu, medianWall, type Row, repeat } from './measure.ts';
import { type Sim, startSimProcess } from './sim-process.ts';

const CALLS = 3_000;
/** Start-up is in every figure; this many calls amortise it. */
const LONG_CALLS = 18_000;
const DURABLE_CALLS = 6_000;

type RunOptions = { readonly preload?: string; readonly limits?: string };

function runOf(sim: Sim, calls: number, { limits, preload }: RunOptions = {}): Promise<Measured> {
  const declared = limits === undefined ? [] : [`limits: ${limits}`];
  const provider = ['type: openai', `base_url: ${sim.url}`, ...declared];
  return oneRun({ calls, provider, ...(preload === undefined ? {} : { preload }) });
}

const scriptOf = (sim: Sim): Promise<Measured> => oneScript('floor-sdk.mjs', sim.url, CALLS);

export async function throughput(): Promise<readonly Row[]> {
  const sim = await startSimProcess(['--latency', '0']);
  try {
    await scriptOf(sim);
    await runOf(sim, CALLS);
    const floors: Measured[] = [];
    const runs: Measured[] = [];
    await repeat(7, async () => {
      floors.push(await scriptOf(sim));
      runs.push(await runOf(sim, CALLS));
    });
    const speed = medianWall(floors) / medianWall(runs);
    const cpu = medianCpu(runs) / medianCpu(floors);
    const what = `${CALLS} calls, ${IN_FLIGHT} in flight, whole process`;
    return [
      {
        what: `throughput at 0 ms, ${what}`,
        floor: `${perSecond(floors, CALLS)} (SDK loop)`,
        measured: `${perSecond(runs, CALLS)}, ${peakOf(runs)}`,
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
      without.push(await runOf(sim, DURABLE_CALLS, { preload: 'bench/no-sync.mjs' }));
      runs.push(await runOf(sim, DURABLE_CALLS));
    });
    const ratio = medianWall(without) / medianWall(runs);
    return {
      what: `group commit at 0 ms, ${DURABLE_CALLS} calls, ${IN_FLIGHT} in flight`,
      floor: `${perSecond(without, DURABLE_CALLS)} (never synced)`,
      measured: perSecond(runs, DURABLE_CALLS),
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
    const runs = await repeat(3, () => runOf(sim, at.calls, at));
    const how = at.limits === undefined ? 'no limits declared' : `limits ${at.limits}`;
    const idealMs = (at.calls * latencyMs) / IN_FLIGHT;
    const ratio = idealMs / medianWall(runs);
    return {
      what: `efficiency at ${latencyMs} ms, ${at.calls} calls, ${IN_FLIGHT} in flight, ${how}`,
      floor: `${seconds(idealMs)} (ideal)`,
      measured: `${seconds(medianWall(runs))}, ${peakOf(runs)}`,
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
