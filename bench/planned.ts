// What planning and looking back cost in large: a run with nothing to do beside ninja with as many edges, a million tasks that
// nobody drew yet, and a history of 20,000 records.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fillHistory, writeExperiment } from './made.ts';
import { CLI, median, medianWall, type Row, repeat, runNode, tempFolder } from './measure.ts';
import { makeNinja } from './ninja.ts';

const PROVIDER = ['type: sim', 'limits: { concurrency: 64 }'];

export async function planned(): Promise<readonly Row[]> {
  return [await beside(100_000), await million(), await history(4_000, 5)];
}

/** The null run of `tasks` tasks against ninja that has nothing to do for as many edges, taken turn by turn. */
async function beside(tasks: number): Promise<Row> {
  const { folder, remove } = tempFolder();
  try {
    writeExperiment({ folder, variants: 2, scenarios: Math.round(tasks / 6), runs: 3, provider: PROVIDER });
    const filled = await fillHistory(folder);
    await runNode([CLI, 'run', '--json'], { cwd: folder });
    const ninja = await makeNinja(path.join(folder, 'ninja'), filled);
    const floors: number[] = [];
    const runs: Awaited<ReturnType<typeof runNode>>[] = [];
    await repeat(5, async () => {
      if (ninja !== null) floors.push(await ninja());
      runs.push(await runNode([CLI, 'run', '--json'], { cwd: folder }));
    });
    const wall = medianWall(runs);
    const peak = median(runs.map(({ peakMb }) => peakMb));
    const floor = ninja === null ? null : median(floors);
    return {
      what: `null run, ${filled.toLocaleString('en')} tasks, beside ninja with as many edges`,
      floor: floor === null ? 'not there: apt ninja-build' : `${floor.toFixed(0)} ms`,
      measured: `${wall.toFixed(0)} ms, ${peak.toFixed(0)} MB`,
      ratio: floor === null ? '-' : `${(wall / floor).toFixed(2)} x`,
      wanted: 'at most 1 x',
      held: floor === null || wall <= floor,
    };
  } finally {
    remove();
  }
}

async function million(): Promise<Row> {
  const { folder, remove } = tempFolder();
  try {
    writeExperiment({ folder, variants: 2, scenarios: 166_667, runs: 3, provider: PROVIDER });
    const runs = await repeat(3, () => runNode([CLI, 'plan'], { cwd: folder }));
    const wall = medianWall(runs);
    const peak = median(runs.map(({ peakMb }) => peakMb));
    return {
      what: 'plan, 1,000,002 tasks that nobody drew',
      floor: '-',
      measured: `${(wall / 1000).toFixed(1)} s, ${peak.toFixed(0)} MB`,
      ratio: '-',
      wanted: 'under 5 s and 1,000 MB',
      held: wall < 5_000 && peak < 1_000,
    };
  } finally {
    remove();
  }
}

/** Each cell drawn again after each edit of the prompts. */
async function history(cells: number, times: number): Promise<Row> {
  const { folder, remove } = tempFolder();
  try {
    writeExperiment({ folder, variants: 2, scenarios: Math.round(cells / 6), runs: 3, provider: PROVIDER });
    let records = 0;
    for (let edit = 0; edit < times; edit++) {
      edited(path.join(folder, 'experiment.yaml'), edit);
      records += await fillHistory(folder, { distinct: true });
    }
    const runs = await repeat(5, () => runNode([CLI, 'history'], { cwd: folder }));
    const wall = medianWall(runs);
    return {
      what: `history, ${records.toLocaleString('en')} records and ${times - 1} edits`,
      floor: '-',
      measured: `${wall.toFixed(0)} ms, ${median(runs.map(({ peakMb }) => peakMb)).toFixed(0)} MB`,
      ratio: '-',
      wanted: 'under 500 ms',
      held: wall < 500,
    };
  } finally {
    remove();
  }
}

function edited(manifest: string, edit: number): void {
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, text.replace(/"variant (\d+)[^"]*"/g, `"variant $1, edit ${edit}"`));
}
