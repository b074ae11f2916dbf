// What tracing to LangSmith costs: CPU a task, time of the run with the service up, slow and down, memory while it is down.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { API_KEY } from '../tests/rig/langsmith-recorder.ts';
import { writeExperiment } from './made.ts';
import { CLI, median, ROOT, type Row, repeat, tempFolder } from './measure.ts';
import { type Sim, startSimProcess } from './sim-process.ts';

const IN_FLIGHT = 64;
/** Nobody listens there. */
const DOWN = 'http://127.0.0.1:9';

type Cost = { readonly role: 'run' | 'uploader'; readonly cpuMs: number; readonly peakMb: number };
type Traced = {
  readonly wallMs: number;
  readonly run: Cost;
  readonly uploader: Cost | null;
  readonly sent: number;
};

export async function tracing(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  await withServers(['--latency', '0'], async (at) => rows.push(await cpu(at), await memory(at)));
  await withServers(['--latency', '200'], async (at) => rows.push(...(await walls(at))));
  return rows;
}

type Servers = { readonly sim: Sim; readonly up: string; readonly slow: string };

async function cpu({ sim, up }: Servers): Promise<Row> {
  const calls = 3_000;
  const off: Traced[] = [];
  const on: Traced[] = [];
  await repeat(3, async () => {
    off.push(await oneRun({ sim, calls, endpoint: null }));
    on.push(await oneRun({ sim, calls, endpoint: up }));
  });
  const each = (costs: readonly (Cost | null)[]): number =>
    median(costs.map((cost) => (cost?.cpuMs ?? 0) / calls));
  const floor = each(off.map(({ run }) => run));
  const run = each(on.map((traced) => traced.run));
  const uploader = each(on.map((traced) => traced.uploader));
  return {
    what: `CPU of a traced task, ${calls} tasks at 0 ms`,
    floor: `${floor.toFixed(2)} ms (untraced)`,
    measured: `${run.toFixed(2)} ms, and ${uploader.toFixed(2)} ms in the process that sends`,
    ratio: `+ ${(run + uploader - floor).toFixed(2)} ms`,
    wanted: 'at most + 2.3 ms (the SDK alone)',
    held: run + uploader - floor <= 2.3,
  };
}

async function memory({ sim }: Servers): Promise<Row> {
  const calls = 9_999;
  const off = await oneRun({ sim, calls, endpoint: null });
  const down = await oneRun({ sim, calls, endpoint: DOWN });
  const mb = (cost: Cost | null): string => `${(cost?.peakMb ?? 0).toFixed(0)} MB`;
  const ratio = down.run.peakMb / off.run.peakMb;
  return {
    what: `memory of ${calls} traced tasks, LangSmith down`,
    floor: `${mb(off.run)} (untraced)`,
    measured: `${mb(down.run)}, and ${mb(down.uploader)} in the process that would send`,
    ratio: `${ratio.toFixed(2)} x`,
    wanted: 'under 515 MB in all (the SDK alone)',
    held: down.run.peakMb + (down.uploader?.peakMb ?? 0) < 515,
  };
}

async function walls({ sim, up, slow }: Servers): Promise<readonly Row[]> {
  const calls = 1_500;
  const took = { untraced: [] as number[], up: [] as number[], slow: [] as number[], down: [] as number[] };
  await repeat(5, async () => {
    took.untraced.push((await oneRun({ sim, calls, endpoint: null })).wallMs);
    took.up.push((await oneRun({ sim, calls, endpoint: up })).wallMs);
    took.slow.push((await oneRun({ sim, calls, endpoint: slow })).wallMs);
    took.down.push((await oneRun({ sim, calls, endpoint: DOWN })).wallMs);
  });
  const untraced = median(took.untraced);
  return (['up', 'slow', 'down'] as const).map((how) => {
    const wall = median(took[how]);
    const words = { up: 'up', slow: 'answering after 3 s', down: 'down' }[how];
    return {
      what: `time of ${calls} traced tasks at 200 ms, LangSmith ${words}`,
      floor: `${(untraced / 1000).toFixed(2)} s (untraced)`,
      measured: `${(wall / 1000).toFixed(2)} s`,
      ratio: `${(wall / untraced).toFixed(3)} x`,
      wanted: 'at most 1.05 x',
      held: wall / untraced <= 1.05,
    };
  });
}

async function oneRun(of: {
  readonly sim: Sim;
  readonly calls: number;
  readonly endpoint: string | null;
}): Promise<Traced> {
  const { folder, remove } = tempFolder();
  const costs = path.join(folder, 'costs');
  mkdirSync(costs);
  try {
    const provider = ['type: openai', `base_url: ${of.sim.url}`];
    const shape = { variants: 1, scenarios: of.calls / 3, runs: 3, provider, concurrency: IN_FLIGHT };
    writeExperiment({ folder, ...shape });
    const started = performance.now();
    const child = spawn(process.execPath, [CLI, 'run', '--json'], {
      cwd: folder,
      env: {
        ...process.env,
        NO_COLOR: '1',
        NODE_OPTIONS: `--import ${path.join(ROOT, 'bench/cost.mjs')}`,
        EXPGRAPH_BENCH_COST: costs,
        ...(of.endpoint === null ? {} : { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: of.endpoint }),
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    await new Promise((resolve) => child.on('close', resolve));
    const wallMs = performance.now() - started;
    const summary = JSON.parse(stdout) as { executed: number; langsmith?: { sent: number; traces: number } };
    if (summary.executed !== of.calls) throw new Error(`not ${of.calls} answers: ${stdout.slice(0, 500)}`);
    if ((summary.langsmith?.traces ?? 0) !== (of.endpoint === null ? 0 : of.calls))
      throw new Error(`traces: ${stdout.slice(0, 900)}`);
    const all = await allCosts(costs, of.endpoint === null ? 1 : 2);
    return {
      wallMs,
      run: all.find(({ role }) => role === 'run')!,
      uploader: all.find(({ role }) => role === 'uploader') ?? null,
      sent: summary.langsmith?.sent ?? 0,
    };
  } finally {
    remove();
  }
}

/** The uploader ends after the run, when all is sent or given up. */
async function allCosts(folder: string, wanted: number): Promise<readonly Cost[]> {
  for (let waited = 0; waited < 600; waited++) {
    const files = readdirSync(folder);
    if (files.length >= wanted) {
      return files.map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Cost);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the uploader did not end');
}

async function withServers(
  simArgs: readonly string[],
  action: (servers: Servers) => Promise<unknown>,
): Promise<void> {
  const sim = await startSimProcess(simArgs);
  const [up, slow] = await Promise.all([
    startRecorderProcess([]),
    startRecorderProcess(['--latency', '3000']),
  ]);
  try {
    await action({ sim, up: up.url, slow: slow.url });
  } finally {
    up.stop();
    slow.stop();
    await sim.stop();
  }
}

async function startRecorderProcess(
  args: readonly string[],
): Promise<{ readonly url: string; stop(): void }> {
  const child = spawn(process.execPath, [path.join(ROOT, 'tests/rig/langsmith-recorder-main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve) => lines.once('line', resolve));
  return { url, stop: () => child.kill('SIGTERM') };
}
