// Two arms compared over a large history: from the index alone, as a whole process.
import { fillHistory, writeExperiment } from './made.ts';
import { CLI, median, medianWall, type Row, repeat, runNode, tempFolder } from './measure.ts';

const VARIANTS = 2;
const RUNS = 3;
const MOST_MS = 2_000;
const MOST_MB = 500;

export async function compare(records: number): Promise<Row> {
  const { folder, remove } = tempFolder();
  try {
    const scenarios = Math.round(records / (VARIANTS * RUNS));
    const provider = ['type: sim', 'limits: { concurrency: 64 }'];
    writeExperiment({ folder, variants: VARIANTS, scenarios, runs: RUNS, provider });
    const filled = await fillHistory(folder);
    const floors = await repeat(3, () => runNode(['-e', '0']));
    const args = [CLI, 'compare', 'v0', 'v1', '--metric', 'tokens', '--format', 'json'];
    const runs = await repeat(3, () => runNode(args, { cwd: folder }));
    const { arms } = JSON.parse(runs[0]!.stdout) as { readonly arms: readonly { readonly values: number }[] };
    const values = arms.reduce((sum, arm) => sum + arm.values, 0);
    if (values !== filled) throw new Error(`${values} of ${filled} records compared`);
    const wall = medianWall(runs);
    const peak = median(runs.map(({ peakMb }) => peakMb));
    return {
      what: `compare of two arms, ${filled.toLocaleString('en')} records`,
      floor: `${medianWall(floors).toFixed(0)} ms (node -e 0)`,
      measured: `${wall.toFixed(0)} ms, ${peak.toFixed(0)} MB`,
      ratio: '-',
      wanted: `under ${MOST_MS / 1_000} s, under ${MOST_MB} MB`,
      held: wall < MOST_MS && peak < MOST_MB,
    };
  } finally {
    remove();
  }
}
