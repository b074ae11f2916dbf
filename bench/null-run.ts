// A run that has nothing to do, against the least that bare Node must do for it.
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fillHistory, writeExperiment } from './made.ts';
import { CLI, median, medianWall, ROOT, type Row, repeat, runNode, tempFolder } from './measure.ts';

const VARIANTS = 2;
const RUNS = 3;

export async function nullRun(tasks: number): Promise<Row> {
  const { folder, remove } = tempFolder();
  try {
    const scenarios = Math.round(tasks / (VARIANTS * RUNS));
    const provider = ['type: sim', 'limits: { concurrency: 64 }'];
    writeExperiment({ folder, variants: VARIANTS, scenarios, runs: RUNS, provider });
    const filled = await fillHistory(folder);
    const floorArgs = [
      path.join(ROOT, 'bench/floor-null.mjs'),
      path.join(folder, 'scenarios.jsonl'),
      plainIndex(folder),
      String(VARIANTS),
      String(RUNS),
    ];
    await runNode([CLI, 'run', '--json'], { cwd: folder });
    // Interleaved, so that a noisy minute of the machine hits both alike.
    const floors: Awaited<ReturnType<typeof runNode>>[] = [];
    const runs: typeof floors = [];
    await repeat(5, async () => {
      floors.push(await runNode(floorArgs));
      runs.push(await runNode([CLI, 'run', '--json'], { cwd: folder }));
    });
    const summary = JSON.parse(runs[0]!.stdout) as { executed: number; cached: number };
    if (summary.executed !== 0 || summary.cached !== filled)
      throw new Error(`not a null run: ${runs[0]!.stdout}`);
    const floor = medianWall(floors);
    const wall = medianWall(runs);
    const peak = median(runs.map(({ peakMb }) => peakMb));
    const ratio = wall / floor;
    const large = tasks >= 100_000;
    return {
      what: `null run, ${filled.toLocaleString('en')} tasks`,
      floor: `${floor.toFixed(0)} ms`,
      measured: `${wall.toFixed(0)} ms, ${peak.toFixed(0)} MB`,
      ratio: `${ratio.toFixed(2)} x`,
      wanted: large ? 'at most 1.3 x, under 300 MB' : '-',
      held: !large || (ratio <= 1.3 && peak < 300),
    };
  } finally {
    remove();
  }
}

/** What a script would have: the heads of all keys in one plain table, keys as text, as the index itself had them before. */
export function plainIndex(folder: string): string {
  const file = path.join(folder, 'floor.db');
  using database = new DatabaseSync(file);
  database.prepare('ATTACH DATABASE ? AS made').run(path.join(folder, 'artifacts/made/index.db'));
  database.exec(`CREATE TABLE key_heads(
    key TEXT PRIMARY KEY, id INTEGER NOT NULL, completed INTEGER NOT NULL, sequence INTEGER NOT NULL, stamp INTEGER NOT NULL,
    latency_ms REAL, input_tokens INTEGER, output_tokens INTEGER, cost_usd REAL, file INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO key_heads SELECT key, id, status = 'completed', sequence, stamp, latency_ms, input_tokens, output_tokens, cost_usd, file
      FROM made.key_heads ORDER BY key`);
  return file;
}
