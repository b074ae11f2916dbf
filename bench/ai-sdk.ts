// Calls a second through a provider's package, against a bare loop of the same package; both ask the simulation's Messages API, in a
// process of its own, at 0 ms.
import { mkdirSync, symlinkSync } from 'node:fs';
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
import { startSimProcess } from './sim-process.ts';

const CALLS = 3_000;
const IN_FLIGHT = 64;

export async function sdk(): Promise<readonly Row[]> {
  const sim = await startSimProcess(['--latency', '0']);
  try {
    await oneScript(sim.url);
    await oneRun(sim.url);
    const floors: Measured[] = [];
    const runs: Measured[] = [];
    await repeat(5, async () => {
      floors.push(await oneScript(sim.url));
      runs.push(await oneRun(sim.url));
    });
    const speed = medianWall(floors) / medianWall(runs);
    const cpu = medianCpu(runs) / medianCpu(floors);
    const perSecond = (wallMs: number): string => `${((CALLS / wallMs) * 1000).toFixed(0)}/s`;
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
    const what = `${CALLS} calls of @ai-sdk/anthropic, ${IN_FLIGHT} in flight, whole process`;
    return [
      {
        what: `throughput through a package at 0 ms, ${what}`,
        floor: `${perSecond(medianWall(floors))} (bare loop of the package)`,
        measured: `${perSecond(medianWall(runs))}, ${median(runs.map(({ peakMb }) => peakMb)).toFixed(0)} MB`,
        ratio: speed.toFixed(2),
        wanted: 'at least 0.9',
        held: speed >= 0.9,
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
  } finally {
    await sim.stop();
  }
}

async function oneRun(url: string): Promise<Measured> {
  const { folder, remove } = tempFolder();
  try {
    // As if the experiment's project had installed it.
    mkdirSync(path.join(folder, 'node_modules'));
    symlinkSync(path.join(ROOT, 'node_modules/@ai-sdk'), path.join(folder, 'node_modules/@ai-sdk'));
    const provider = ['type: anthropic', `base_url: ${url}`];
    const more = ['max_output_tokens: 200'];
    writeExperiment({
      ...{ folder, variants: 1, scenarios: CALLS / 3, runs: 3, provider, more, concurrency: IN_FLIGHT },
    });
    const run = await runNode([CLI, 'run', '--json'], { cwd: folder });
    const { executed, failed } = JSON.parse(run.stdout) as { executed: number; failed: number };
    if (executed !== CALLS || failed !== 0)
      throw new Error(`not ${CALLS} answers: ${run.stdout.slice(0, 500)}`);
    return run;
  } finally {
    remove();
  }
}

/** The script, its answers kept in a file. */
async function oneScript(url: string): Promise<Measured> {
  const { folder, remove } = tempFolder();
  try {
    const script = path.join(ROOT, 'bench/floor-ai-sdk.mjs');
    const file = path.join(folder, 'answers.jsonl');
    return await runNode([script, url, String(CALLS), String(IN_FLIGHT), file]);
  } finally {
    remove();
  }
}
