// Work spread over a queue: whole runs with workers beside them, against the local pool and against the ideal; what the coordinator
// holds of a large experiment; whether a rate is kept by several workers together.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openRedis } from '../tests/rig/redis.ts';
import { oneRun, oneScript, peakOf, perSecond, seconds } from './loops.ts';
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
  /** Times as many are let in as are in flight. */
  readonly letIn: number;
  readonly limits?: string;
  /** Words in each scenario. */
  readonly words?: number;
};

/** By the records, wall clocks of one machine, in ms: when each call began, in order, and when the last one ended. */
type Calls = { readonly startsMs: readonly number[]; readonly lastEndMs: number };

type Ran = Measured & { readonly calls: Calls };

/** Workers that stay, as they do on machines of their own, and runs over them, each from nothing. */
async function overWorkers<Value>(
  of: Spread,
  use: (run: () => Promise<Ran>) => Promise<Value>,
): Promise<Value> {
  const { folder, remove } = tempFolder();
  const workers: ChildProcess[] = [];
  try {
    const declared = of.limits === undefined ? [] : [`limits: ${of.limits}`];
    writeExperiment({
      ...{ folder, variants: 1, scenarios: of.calls / 3, runs: 3 },
      concurrency: of.letIn * of.inFlight,
      provider: ['type: openai', `base_url: ${of.sim}`, ...declared],
      ...(of.words === undefined ? {} : { words: of.words }),
    });
    for (let i = 0; i < of.workers; i++) workers.push(await startWorker(folder, of));
    return await use(() => oneOver(folder, of));
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    remove();
  }
}

/** @returns the coordinator's process, from its start to its end */
async function oneOver(folder: string, { redis, calls }: Spread): Promise<Ran> {
  const run = await runNode([CLI, 'run', '--json', '--executor', 'queue', '--redis', redis], { cwd: folder });
  const { executed, failed } = JSON.parse(run.stdout) as {
    readonly executed: number;
    readonly failed: number;
  };
  if (executed !== calls || failed !== 0)
    throw new Error(`not ${calls} answers: ${run.stdout.slice(0, 500)}`);
  const artifacts = path.join(folder, 'artifacts');
  const when = callsIn(path.join(artifacts, 'made', 'history'));
  rmSync(artifacts, { recursive: true });
  return { ...run, calls: when };
}

function callsIn(history: string): Calls {
  const [invocation] = readdirSync(history);
  const files = readdirSync(path.join(history, invocation!)).filter((name) => /_run\d+\.jsonl$/.test(name));
  const startsMs: number[] = [];
  let lastEndMs = 0;
  for (const name of files) {
    for (const line of readFileSync(path.join(history, invocation!, name), 'utf8')
      .trimEnd()
      .split('\n')) {
      // Not each line is a record.
      const { attempts = [] } = JSON.parse(line) as {
        readonly attempts?: readonly { readonly started_at: string; readonly duration_ms: number }[];
      };
      for (const { started_at, duration_ms } of attempts) {
        const startMs = Date.parse(started_at);
        startsMs.push(startMs);
        lastEndMs = Math.max(lastEndMs, startMs + duration_ms);
      }
    }
  }
  return { startsMs: startsMs.sort((a, b) => a - b), lastEndMs };
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

/** Workers were at work before, for runs that are not counted: they are started once, and coordinators come and go. */
async function besidePool(redis: string, sim: string): Promise<Row> {
  const provider = ['type: openai', `base_url: ${sim}`];
  const pool: Measured[] = [];
  // Of calls that take no time a worker holds as many again, and as many wait in the queue: who asks finds the next.
  const size = { workers: 2, calls: CALLS, inFlight: 64, letIn: 3 };
  const spread = await overWorkers({ redis, sim, ...size }, async (run) => {
    await repeat(3, run);
    return repeat(5, async () => {
      pool.push(await oneRun({ calls: CALLS, provider }));
      return run();
    });
  });
  const ratio = medianWall(pool) / medianWall(spread);
  return {
    what: `queue: ${CALLS} calls at 0 ms over two workers that were at work before`,
    floor: `${perSecond(pool, CALLS)} (local pool)`,
    measured: `${perSecond(spread, CALLS)}, ${peakOf(spread)} in the coordinator`,
    ratio: ratio.toFixed(2),
    wanted: 'at least 0.7',
    held: ratio >= 0.7,
  };
}

/**
 * From the first call's start to the last one's end; what planning and the view take is in the wall time beside it. Beside the ideal, what
 * bare loops take that share the calls, whole processes at one time: seven processes share these cores, and a busy machine answers later.
 */
async function ofIdeal(redis: string): Promise<Row> {
  const [latencyMs, inFlight, calls] = [200, 256, 54_000];
  const sim = await startSimProcess(['--latency', String(latencyMs)]);
  try {
    const limits = `{ concurrency: ${2 * inFlight} }`;
    const size = { workers: 4, calls, inFlight, letIn: 2, limits };
    const runs = await overWorkers({ redis, sim: sim.url, ...size }, (run) => repeat(3, run));
    const loops = Array.from({ length: size.workers }, () =>
      oneScript('floor-sdk.mjs', sim.url, calls / size.workers),
    );
    const bareMs = Math.max(...(await Promise.all(loops)).map(({ wallMs }) => wallMs));
    const idealMs = (calls * latencyMs) / inFlight;
    const tookMs = median(runs.map(({ calls: { startsMs, lastEndMs } }) => lastEndMs - startsMs[0]!));
    const ratio = idealMs / tookMs;
    return {
      what: `queue: ${calls.toLocaleString('en')} calls at ${latencyMs} ms over four workers, ${inFlight} in flight: first start to last end`,
      floor: `${seconds(idealMs)} (ideal); ${seconds(bareMs)} (bare loops)`,
      measured: `${seconds(tookMs)}, the whole process ${seconds(medianWall(runs))}, ${peakOf(runs)} in the coordinator`,
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
  const run = await overWorkers(
    { redis, sim, workers: 2, calls, inFlight: 64, letIn: 2, words: 400 },
    (one) => one(),
  );
  return {
    what: `queue: ${calls.toLocaleString('en')} tasks of 2 kB over two workers`,
    floor: '-',
    measured: `${seconds(run.wallMs)}, ${run.peakMb.toFixed(0)} MB at most in the coordinator`,
    ratio: '-',
    wanted: 'under 400 MB',
    held: run.peakMb < 400,
  };
}

/**
 * Calls of one minute, behind the first second: what may begin at once at first (0.8 s of the rate, as in one process) is told beside it,
 * in the minute that has most.
 */
async function rateKept(redis: string, sim: string): Promise<Row> {
  const [rpm, calls, behindMs] = [3_000, 3_300, 2_000];
  const limits = `{ rpm: ${rpm}, concurrency: 128 }`;
  const run = await overWorkers({ redis, sim, workers: 3, calls, inFlight: 64, letIn: 2, limits }, (one) =>
    one(),
  );
  const { startsMs } = run.calls;
  const inMinute = (fromMs: number): number =>
    startsMs.filter((ms) => ms >= fromMs && ms < fromMs + 60_000).length;
  const steady = inMinute(startsMs[0]! + behindMs);
  const most = Math.max(...startsMs.slice(0, calls - rpm).map(inMinute));
  const ratio = steady / rpm;
  return {
    what: `queue: calls of a minute over three workers, rpm ${rpm}`,
    floor: `${rpm} (the rate)`,
    measured: `${steady}, and ${most} in the fullest minute`,
    ratio: ratio.toFixed(3),
    wanted: 'within 1 %',
    held: Math.abs(ratio - 1) <= 0.01 && most <= rpm * 1.01,
  };
}
