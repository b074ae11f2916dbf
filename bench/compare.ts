// Two arms compared over a large history: from the index alone, as a whole process.
import { fillHistory, writeExperiment } from './made.ts';
import { CLI, median, medianWall, type Row, repeat, runNode, tempFolder } from './measure.ts';

const VARIANTS = 2;
const RUNS = 3;
const MOST_MS = 2_000;
const MOST_MB = 350;

/** The same by score, where every answer is another one and has a score of its own. */
export async function compareScores(records: number): Promise<Row> {
  const { folder, remove } = tempFolder();
  try {
    const scenarios = Math.round(records / (VARIANTS * RUNS));
    const provider = ['type: sim', 'limits: { concurrency: 64 }'];
    writeExperiment({ folder, variants: VARIANTS, scenarios, runs: RUNS, provider, scored: true });
    const filled = await fillHistory(folder, { distinct: true });
    const judged = await runNode([CLI, 'score', '--json'], { cwd: folder });
    const { executed, failed } = JSON.parse(judged.stdout) as { executed: number; failed: number };
    if (executed !== filled || failed > 0) throw new Error(`${executed} of ${filled} answers judged`);
    const args = [CLI, 'compare', 'v0', 'v1', '--format', 'json'];
    const runs = await repeat(3, () => runNode(args, { cwd: folder }));
    const wall = medianWall(runs);
    const peak = median(runs.map(({ peakMb }) => peakMb));
    return {
      what: `the same by score, ${filled.toLocaleString('en')} scores`,
      floor: `judged in ${(judged.wallMs / 1_000).toFixed(0)} s, ${judged.peakMb.toFixed(0)} MB`,
      measured: `${wall.toFixed(0)} ms, ${peak.toFixed(0)} MB`,
      ratio: '-',
      wanted: `under ${MOST_MS / 1_000} s, under ${MOST_MB} MB`,
      held: wall < MOST_MS && peak < MOST_MB,
    };
  } finally {
    remove();
  }
}

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
