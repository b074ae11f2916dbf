// A viewer over a large history: how long until its first page, how long a page takes, what stands still meanwhile, and a search in all
// texts. Each the real program, asked as a browser asks.
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fillHistory, writeExperiment } from './made.ts';
import { CLI, median, medianWall, ROOT, type Row, repeat, runNode, tempFolder } from './measure.ts';
import { plainIndex } from './null-run.ts';
import { startViewing, type Viewing } from './view-program.ts';

const VARIANTS = 2;
const RUNS = 5;
const MOST_FIRST_MS = 1_500;
const MOST_PAGE_MS = 20;
const MOST_MB = 300;
/** What takes long while somebody else looks at the matrix. */
const SCREENS = ['plan', 'diff?a=1', 'invocations', 'timeline'];
/** A page that is asked for meanwhile comes so soon. */
const MOST_WAIT_MS = 500;
const POLL_MS = 50;

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
      plainIndex(folder),
      String(VARIANTS),
      String(RUNS),
    ];
    const floors: Awaited<ReturnType<typeof runNode>>[] = [];
    const firsts: First[] = [];
    await repeat(3, async () => {
      floors.push(await runNode(floorArgs));
      firsts.push(await firstPages(folder, scenarios));
    });
    const floor = medianWall(floors);
    const of = (name: keyof First): number => median(firsts.map((one) => one[name]));
    const [firstMs, pageMs, peakMb] = [of('firstMs'), of('pageMs'), of('peakMb')];
    return [
      {
        what: `view of ${filled.toLocaleString('en')} scored cells: start to first page, ${(scenarios / 200).toFixed(0)} pages more`,
        floor: `${floor.toFixed(0)} ms (floor of a null run)`,
        measured: `${firstMs.toFixed(0)} ms, ${pageMs.toFixed(1)} ms a page, ${peakMb.toFixed(0)} MB`,
        ratio: `${(firstMs / floor).toFixed(2)} x`,
        wanted: `under ${MOST_FIRST_MS / 1_000} s, ${MOST_PAGE_MS} ms a page, under ${MOST_MB} MB`,
        held: firstMs < MOST_FIRST_MS && pageMs < MOST_PAGE_MS && peakMb < MOST_MB,
      },
      await otherScreens(folder),
      await searched(folder),
    ];
  } finally {
    remove();
  }
}

type First = { readonly firstMs: number; readonly pageMs: number; readonly peakMb: number };

/** Screen by screen through all rows. */
async function firstPages(folder: string, scenarios: number): Promise<First> {
  await using viewing = await startViewing(folder);
  const { value } = await viewing.ask('matrix');
  const firstMs = viewing.elapsedMs();
  if (value.total !== scenarios) throw new Error(`${String(value.total)} of ${scenarios} rows`);
  const pages: number[] = [];
  for (let offset = 0; offset < scenarios; offset += 200)
    pages.push((await viewing.ask(`matrix?offset=${offset}&limit=50`)).ms);
  return { firstMs, pageMs: median(pages), peakMb: viewing.peakMb() };
}

/** Who scrolls while another screen is worked out waits for a slice of it. */
async function otherScreens(folder: string): Promise<Row> {
  await using viewing = await startViewing(folder);
  await viewing.ask('matrix');
  const took: string[] = [];
  let mostMs = 0;
  for (const screen of SCREENS) {
    const { ms, waitedMs } = await besides(viewing, screen);
    took.push(`${screen.replace(/\?.*/, '')} ${ms.toFixed(0)}`);
    mostMs = Math.max(mostMs, waitedMs);
  }
  return {
    what: 'its other screens, and a page of the matrix asked for meanwhile',
    floor: '-',
    measured: `${took.join(', ')} ms; at most ${mostMs.toFixed(0)} ms for a page, ${viewing.peakMb().toFixed(0)} MB`,
    ratio: '-',
    wanted: `a page within ${MOST_WAIT_MS} ms`,
    held: mostMs < MOST_WAIT_MS,
  };
}

async function besides(
  viewing: Viewing,
  screen: string,
): Promise<{ readonly ms: number; readonly waitedMs: number }> {
  let isDone = false;
  const asked = viewing.ask(screen).finally(() => {
    isDone = true;
  });
  let waitedMs = 0;
  while (!isDone) {
    waitedMs = Math.max(waitedMs, (await viewing.ask('matrix?limit=50')).ms);
    await setTimeout(POLL_MS);
  }
  return { ms: (await asked).ms, waitedMs };
}

async function searched(folder: string): Promise<Row> {
  await using viewing = await startViewing(folder);
  await viewing.ask('matrix');
  const beganMs = performance.now();
  while ((await viewing.ask('matrix?q=walk+plausible')).value.searched !== 1) await setTimeout(POLL_MS);
  const readMs = performance.now() - beganMs;
  const searches: number[] = [];
  for (const word of ['77777', '"of some length"', 'nowhere', '-plausible', 'finish:stop'])
    searches.push((await viewing.ask(`matrix?q=${encodeURIComponent(word)}`)).ms);
  const searchMs = median(searches);
  const peakMb = viewing.peakMb();
  return {
    what: 'a search in all of their texts, read already',
    floor: `${readMs.toFixed(0)} ms (reading them once, in the background)`,
    measured: `${searchMs.toFixed(0)} ms, ${peakMb.toFixed(0)} MB`,
    ratio: `${(searchMs / readMs).toFixed(3)} x`,
    wanted: `under 0.1 x, under ${MOST_MB} MB`,
    held: searchMs / readMs < 0.1 && peakMb < MOST_MB,
  };
}
