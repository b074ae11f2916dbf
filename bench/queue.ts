// Work spread over a queue: whole runs with workers beside them, against the local pool and against the ideal; what the coordinator
// holds of a large experiment; whether a rate is kept by several workers together.
import { type ChildProcess, spawn } from 'node:child_process';
import { openRedis } from '../tests/rig/redis.ts';
import { oneRun, peakOf, perSecond, seconds } from './loops.ts';
import { writeExperiment } from './made.ts';
import { CLI, type Measured, median, medianWall, type Row, repeat, runNode, tempFolder } from './measure.ts';
import { startSimProcess } from './sim-process.ts';

const CALLS = 3_000;

type Spread = {
  readonly redis: string;
  readonly sim: string;
  readonly workers: number;
  readonly calls: number;
  readonly inFlight: number;
  readonly limits?: string;
  /** Words in each scenario. */
  readonly words?: number;
};

/** @returns the coordinator's process, from its start to its end; workers wait for it */
async function spreadRun(of: Spread): Promise<Measured & { readonly ranMs: number }> {
  const { folder, remove } = tempFolder();
  const workers: ChildProcess[] = [];
  try {
    const declared = of.limits === undefined ? [] : [`limits: ${of.limits}`];
    writeExperiment({
      ...{ folder, variants: 1, scenarios: of.calls / 3, runs: 3, concurrency: of.inFlight },
      provider: ['type: openai', `base_url: ${of.sim}`, ...declared],
      ...(of.words === undefined ? {} : { words: of.words }),
    });
    for (let i = 0; i < of.workers; i++) workers.push(await startWorker(folder, of));
    const run = await runNode([CLI, 'run', '--json', '--executor', 'queue', '--redis', of.redis], {
      cwd: folder,
    });
    const { executed, failed, duration_ms } = JSON.parse(run.stdout) as {
      readonly executed: number;
      readonly failed: number;
      readonly duration_ms: number;
    };
    if (executed !== of.calls || failed !== 0)
      throw new Error(`not ${of.calls} answers: ${run.stdout.slice(0, 500)}`);
    return { ...run, ranMs: duration_ms };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    remove();
  }
}

async function startWorker(cwd: string, { redis, inFlight, workers }: Spread): Promise<ChildProcess> {
  const share = String(Math.ceil(inFlight / workers));
  const child = spawn(process.execPath, [CLI, 'worker', '--redis', redis, '--concurrency', share], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/takes orders|waits/.test(said)) resolve();
    });
    child.once('exit', () => reject(new Error(`the worker ended: ${said.slice(-500)}`)));
  });
  return child;
}

export async function queue(): Promise<readonly Row[]> {
  await using redis = await openRedis({ appendOnly: false });
  const fast = await startSimProcess(['--latency', '0']);
  try {
    return [
      await besidePool(redis.url, fast.url),
      await ofIdeal(redis.url),
      await large(redis.url, fast.url),
      await rateKept(redis.url, fast.url),
    ];
  } finally {
    await fast.stop();
  }
}

async function besidePool(redis: string, sim: string): Promise<Row> {
  const provider = ['type: openai', `base_url: ${sim}`];
  const pool: Measured[] = [];
  const spread: Measured[] = [];
  await repeat(5, async () => {
    pool.push(await oneRun({ calls: CALLS, provider }));
    spread.push(await spreadRun({ redis, sim, workers: 2, calls: CALLS, inFlight: 64 }));
  });
  const ratio = medianWall(pool) / medianWall(spread);
  return {
    what: `queue: ${CALLS} calls at 0 ms over two workers`,
    floor: `${perSecond(pool, CALLS)} (local pool)`,
    measured: `${perSecond(spread, CALLS)}, ${peakOf(spread)} in the coordinator`,
    ratio: ratio.toFixed(2),
    wanted: 'at least 0.7',
    held: ratio >= 0.7,
  };
}

async function ofIdeal(redis: string): Promise<Row> {
  const [latencyMs, inFlight, calls] = [200, 256, 18_000];
  const sim = await startSimProcess(['--latency', String(latencyMs)]);
  try {
    const runs = await repeat(3, () =>
      spreadRun({ redis, sim: sim.url, workers: 4, calls, inFlight, limits: `{ concurrency: ${inFlight} }` }),
    );
    const idealMs = (calls * latencyMs) / inFlight;
    const ratio = idealMs / medianWall(runs);
    return {
      what: `queue: ${calls.toLocaleString('en')} calls at ${latencyMs} ms over four workers, ${inFlight} in flight`,
      floor: `${seconds(idealMs)} (ideal)`,
      measured: `${seconds(medianWall(runs))}, ${peakOf(runs)} in the coordinator`,
      ratio: ratio.toFixed(3),
      wanted: 'at least 0.95',
      held: ratio >= 0.95,
    };
  } finally {
    await sim.stop();
  }
}

async function large(redis: string, sim: string): Promise<Row> {
  const calls = 99_999;
  const run = await spreadRun({ redis, sim, workers: 2, calls, inFlight: 64, words: 400 });
  return {
    what: `queue: ${calls.toLocaleString('en')} tasks of 2 kB over two workers`,
    floor: '-',
    measured: `${seconds(run.wallMs)}, ${run.peakMb.toFixed(0)} MB at most in the coordinator`,
    ratio: '-',
    wanted: 'under 400 MB',
    held: run.peakMb < 400,
  };
}

/** From the first start to the last a rate of n a minute lets (calls - 1) intervals pass, but for what begins at once. */
async function rateKept(redis: string, sim: string): Promise<Row> {
  const [rpm, calls] = [3_000, 1_500];
  const runs = await repeat(3, () =>
    spreadRun({ redis, sim, workers: 3, calls, inFlight: 64, limits: `{ rpm: ${rpm}, concurrency: 64 }` }),
  );
  const idealMs = (calls / rpm) * 60_000;
  const ranMs = median(runs.map((run) => run.ranMs));
  const ratio = idealMs / ranMs;
  return {
    what: `queue: ${calls} calls over three workers, rpm ${rpm}`,
    floor: `${seconds(idealMs)} (the rate)`,
    measured: seconds(ranMs),
    ratio: ratio.toFixed(3),
    wanted: 'within 1 %',
    held: Math.abs(ratio - 1) <= 0.01,
  };
}
