// What a long run takes in memory, and whether it grows with the number of tasks.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeExperiment } from './made.ts';
import { CLI, median, type Row, runNode, tempFolder } from './measure.ts';
import { startSimProcess } from './sim-process.ts';

const TASKS = 100_002;
const IN_FLIGHT = 64;

export async function memory(): Promise<Row> {
  const sim = await startSimProcess(['--latency', '0']);
  const { folder, remove } = tempFolder();
  try {
    const provider = ['type: openai', `base_url: ${sim.url}`];
    writeExperiment({
      folder,
      variants: 2,
      scenarios: TASKS / 6,
      runs: 3,
      provider,
      concurrency: IN_FLIGHT,
      words: 120,
    });
    const run = await runNode([CLI, 'run', '--json'], { cwd: folder });
    const { executed, failed } = JSON.parse(run.stdout) as { executed: number; failed: number };
    if (executed !== TASKS || failed !== 0) throw new Error(`not ${TASKS} answers: ${executed}, ${failed}`);
    // The first fifth is start-up; what is left is halved and compared.
    const steady = run.residentMb.slice(Math.floor(run.residentMb.length / 5));
    const half = Math.floor(steady.length / 2);
    const [before, after] = [median(steady.slice(0, half)), median(steady.slice(half))];
    const growth = after / before;
    return {
      what: `memory while ${TASKS.toLocaleString('en')} tasks of ${recordBytes(folder)} kB run`,
      floor: `${before.toFixed(0)} MB (first half)`,
      measured: `${after.toFixed(0)} MB (second half), ${run.peakMb.toFixed(0)} MB at most, ${(run.wallMs / 1000).toFixed(0)} s`,
      ratio: `${growth.toFixed(2)} x`,
      wanted: 'under 400 MB, at most 1.2 x',
      held: run.peakMb < 400 && growth <= 1.2,
    };
  } finally {
    await sim.stop();
    remove();
  }
}

function recordBytes(folder: string): string {
  const history = path.join(folder, 'artifacts/made/history');
  const files = readdirSync(history, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /_run\d+\.jsonl$/.test(name),
  );
  const bytes = files.reduce((sum, name) => sum + statSync(path.join(history, name)).size, 0);
  return (bytes / TASKS / 1000).toFixed(1);
}
