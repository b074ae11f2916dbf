// A viewer over a large history: how long until its first page, how long a page takes, and a search in all texts.
import path from 'node:path';
import { fillHistory, writeExperiment } from './made.ts';
import { CLI, median, medianWall, ROOT, type Row, repeat, runNode, tempFolder } from './measure.ts';

const VARIANTS = 2;
const RUNS = 5;
const MOST_RATIO = 10;
const MOST_PAGE_MS = 20;
const MOST_MB = 600;

type Said = {
  readonly rows: number;
  readonly firstMs: number;
  readonly pageMs: number;
  readonly readMs: number | null;
  readonly searchMs: number | null;
};

export async function view(cells: number): Promise<readonly Row[]> {
  const { folder, remove } = tempFolder();
  try {
    const scenarios = Math.round(cells / (VARIANTS * RUNS));
    const provider = ['type: sim', 'limits: { concurrency: 64 }'];
    writeExperiment({ folder, variants: VARIANTS, scenarios, runs: RUNS, provider, scored: true });
    const filled = await fillHistory(folder, { distinct: true });
    await runNode([CLI, 'score', '--json'], { cwd: folder });
    const floorArgs = [
      path.join(ROOT, 'bench/floor-null.mjs'),
      path.join(folder, 'scenarios.jsonl'),
      path.join(folder, 'artifacts/made/index.db'),
      String(VARIANTS),
      String(RUNS),
    ];
    const viewArgs = [path.join(ROOT, 'bench/view-process.ts'), folder];
    const floors: Awaited<ReturnType<typeof runNode>>[] = [];
    const views: typeof floors = [];
    await repeat(3, async () => {
      floors.push(await runNode(floorArgs));
      views.push(await runNode(viewArgs));
    });
    const searched = await runNode([...viewArgs, 'search']);
    const said = views.map(({ stdout }) => JSON.parse(stdout) as Said);
    if (said[0]!.rows !== scenarios) throw new Error(`${said[0]!.rows} of ${scenarios} rows`);
    const floor = medianWall(floors);
    const wall = medianWall(views);
    const peak = median(views.map(({ peakMb }) => peakMb));
    const pageMs = median(said.map((one) => one.pageMs));
    const { readMs, searchMs } = JSON.parse(searched.stdout) as Said;
    const ratio = wall / floor;
    return [
      {
        what: `view of ${filled.toLocaleString('en')} scored cells: start to first page, ${(scenarios / 200).toFixed(0)} pages more`,
        floor: `${floor.toFixed(0)} ms (floor of a null run)`,
        measured: `${wall.toFixed(0)} ms, ${pageMs.toFixed(1)} ms a page, ${peak.toFixed(0)} MB`,
        ratio: `${ratio.toFixed(2)} x`,
        wanted: `at most ${MOST_RATIO} x, ${MOST_PAGE_MS} ms a page, under ${MOST_MB} MB`,
        held: ratio <= MOST_RATIO && pageMs < MOST_PAGE_MS && peak < MOST_MB,
      },
      {
        what: 'a search in all of their texts, read already',
        floor: `${readMs!.toFixed(0)} ms (reading them once, in the background)`,
        measured: `${searchMs!.toFixed(0)} ms, ${searched.peakMb.toFixed(0)} MB`,
        ratio: `${(searchMs! / readMs!).toFixed(3)} x`,
        wanted: `under 0.1 x, under ${MOST_MB} MB`,
        held: searchMs! / readMs! < 0.1 && searched.peakMb < MOST_MB,
      },
    ];
  } finally {
    remove();
  }
}
