// What it takes to judge what is there by a rule, and how many results a second are durable and acknowledged.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fillHistory, writeExperiment } from './made.ts';
import { CLI, median, medianWall, ROOT, type Row, repeat, runNode, tempFolder } from './measure.ts';

const ANSWERS = 100_002;
const WANTED_MS = 5_000;
const WANTED_MB = 300;

export async function judging(): Promise<Row> {
  const { folder, remove } = tempFolder();
  try {
    const provider = ['type: sim'];
    writeExperiment({ folder, variants: 2, scenarios: ANSWERS / 6, runs: 3, provider, scored: true });
    await fillHistory(folder, { distinct: true });
    const artifacts = path.join(folder, 'artifacts/made');
    const out = path.join(folder, 'floor.jsonl');
    const floor = path.join(ROOT, 'bench/floor-judge.mjs');
    const bare: Awaited<ReturnType<typeof runNode>>[] = [];
    const runs: typeof bare = [];
    await repeat(3, async () => {
      rmSync(out, { force: true });
      bare.push(await runNode([floor, path.join(artifacts, 'history'), out, 'plausible']));
      rmSync(path.join(artifacts, 'scores'), { recursive: true, force: true });
      runs.push(await runNode([CLI, 'score', '--json'], { cwd: folder }));
    });
    for (const { stdout } of runs) {
      const { executed, failed } = JSON.parse(stdout) as { executed: number; failed: number };
      if (executed !== ANSWERS || failed > 0)
        throw new Error(`not ${ANSWERS} verdicts: ${executed}, ${failed}`);
    }
    const wallMs = medianWall(runs);
    const peakMb = median(runs.map(({ peakMb: peak }) => peak));
    return {
      what: `judging ${ANSWERS.toLocaleString('en')} answers by a rule`,
      floor: `${(medianWall(bare) / 1000).toFixed(2)} s (read, judged and synced by a bare script)`,
      measured: `${(wallMs / 1000).toFixed(2)} s, ${peakMb.toFixed(0)} MB`,
      ratio: `${(wallMs / medianWall(bare)).toFixed(2)} x`,
      wanted: `under ${WANTED_MS / 1000} s, under ${WANTED_MB} MB`,
      held: wallMs < WANTED_MS && peakMb < WANTED_MB,
    };
  } finally {
    remove();
  }
}

const RESULTS = 60_000;
const GROUP = 512;
const LINE_BYTES = 2_000;
const WANTED_A_SECOND = 15_000;

export async function durable(): Promise<Row> {
  const floorMs: number[] = [];
  const ownMs: number[] = [];
  for (let i = 0; i < 3; i++) {
    const { folder, remove } = tempFolder();
    try {
      const floor = path.join(ROOT, 'bench/floor-durable.mjs');
      floorMs.push(msIn(await runNode([floor, folder, String(RESULTS), String(GROUP), String(LINE_BYTES)])));
      const main = path.join(ROOT, 'bench/durable-main.ts');
      ownMs.push(msIn(await runNode([main, path.join(folder, 'store'), String(RESULTS)])));
    } finally {
      remove();
    }
  }
  const aSecond = (ms: number): number => (RESULTS / ms) * 1000;
  const [floor, own] = [aSecond(median(floorMs)), aSecond(median(ownMs))];
  return {
    what: `results of ${LINE_BYTES / 1000} kB made durable and acknowledged, loop and store`,
    floor: `${floor.toFixed(0)}/s (appended and synced, ${GROUP} at a time)`,
    measured: `${own.toFixed(0)}/s`,
    ratio: (own / floor).toFixed(2),
    wanted: `at least ${WANTED_A_SECOND.toLocaleString('en')}/s`,
    held: own >= WANTED_A_SECOND,
  };
}

function msIn({ stdout }: { readonly stdout: string }): number {
  return (JSON.parse(stdout) as { readonly ms: number }).ms;
}
