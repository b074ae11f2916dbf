// Accounts whose limits nobody declared, as a user meets them: whole processes against a small bucket that says little of itself;
// two that share it; a second invocation of the same store; and Inspect AI beside them, where Python has it.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { writeExperiment } from './made.ts';
import { CLI, ROOT, type Row, runNode, tempFolder } from './measure.ts';
import { startSimProcess } from './sim-process.ts';

/** Of the table: a bucket that holds little, 429 with Retry-After in whole seconds, no headers on answers. */
type Account = {
  readonly rate: number;
  readonly burst: number;
  readonly tasks: number;
  readonly latencyMs: number;
};
const SMALL: Account = { rate: 20, burst: 2, tasks: 600, latencyMs: 200 };
const ACCOUNTS: readonly Account[] = [
  SMALL,
  { rate: 50, burst: 5, tasks: 900, latencyMs: 200 },
  { rate: 300, burst: 30, tasks: 3_000, latencyMs: 20 },
  { rate: 300, burst: 300, tasks: 3_000, latencyMs: 20 },
];
const IN_FLIGHT = 64;
/** A client that is told no limit has to find it: what is refused until then is not held against it. */
const FINDING_MS = 5_000;
const MOST = { wall: 1.15, moreS: 10, refused: 0.05 };

type Counts = { readonly requests: number; readonly refused: number };
type Took = {
  readonly wallS: number;
  readonly lost: number;
  readonly all: Counts;
  /** After the first five seconds of calls. */
  readonly late: Counts;
};

/** What clients do is counted by the server: it is the same for each of them. @param run resolves with the tasks that were lost */
async function against(account: Account, run: (url: string) => Promise<number>): Promise<Took> {
  const sim = await startSimProcess([
    ...['--latency', String(account.latencyMs), '--rate', String(account.rate)],
    ...['--burst', String(account.burst), '--no-limit-headers', '--retry-after', 'seconds'],
  ]);
  const counts = async (): Promise<Counts> => {
    const stats = await (await fetch(sim.url.replace(/v1$/, 'sim/stats'))).json();
    const { requests, rate_limited: refused } = stats as { requests: number; rate_limited: number };
    return { requests, refused };
  };
  let early: Counts = { requests: 0, refused: 0 };
  let firstMs: number | null = null;
  const watch = setInterval(async () => {
    const now = await counts().catch(() => early);
    if (now.requests > 0) firstMs ??= performance.now();
    if (firstMs === null || performance.now() - firstMs < FINDING_MS) early = now;
  }, 100);
  try {
    const started = performance.now();
    const lost = await run(sim.url);
    const wallS = (performance.now() - started) / 1000;
    clearInterval(watch);
    const all = await counts();
    const late = { requests: all.requests - early.requests, refused: all.refused - early.refused };
    return { wallS, lost, all, late };
  } finally {
    clearInterval(watch);
    await sim.stop();
  }
}

function write(
  folder: string,
  of: { readonly url: string; readonly tasks: number; readonly limits: string },
): void {
  writeExperiment({
    folder,
    variants: 1,
    scenarios: of.tasks,
    runs: 1,
    provider: ['type: openai', `base_url: ${of.url}`, `limits: ${of.limits}`],
    concurrency: IN_FLIGHT,
  });
}

/** Tasks without an answer. */
async function runIn(folder: string, tasks: number, more: readonly string[] = []): Promise<number> {
  const { stdout } = await runNode([CLI, 'run', '--json', ...more], { cwd: folder });
  const { executed, failed } = JSON.parse(stdout) as { executed: number; failed: number };
  return tasks - executed + failed;
}

async function inFolder<Value>(action: (folder: string) => Promise<Value>): Promise<Value> {
  const { folder, remove } = tempFolder();
  try {
    return await action(folder);
  } finally {
    remove();
  }
}

function idealS({ rate, burst, tasks, latencyMs }: Account): number {
  return Math.max(0, tasks - burst) / rate + latencyMs / 1000;
}

function rowOf(account: Account, took: Took, how: string): Row {
  const ideal = idealS(account);
  const share = took.late.refused / Math.max(1, took.late.requests);
  const most = ideal * MOST.wall + MOST.moreS;
  return {
    what: `${account.tasks} calls, a bucket of ${account.rate}/s that holds ${account.burst}, ${how}`,
    floor: `${ideal.toFixed(1)} s (ideal)`,
    measured: `${took.wallS.toFixed(1)} s, ${(share * 100).toFixed(1)} % 429 after 5 s, ${took.all.refused} in all, ${took.lost} lost`,
    ratio: `${(took.wallS / ideal).toFixed(2)} x`,
    wanted: `at most ${most.toFixed(1)} s, ${MOST.refused * 100} % 429, 0 lost`,
    held: took.lost === 0 && took.wallS <= most && share <= MOST.refused,
  };
}

async function alone(account: Account, limits: string): Promise<Row> {
  const took = await against(account, (url) =>
    inFolder((folder) => {
      write(folder, { url, limits, tasks: account.tasks });
      return runIn(folder, account.tasks);
    }),
  );
  return rowOf(account, took, limits === '{}' ? 'nothing declared' : `limits: ${limits}`);
}

/** Two stores that know nothing of each other, one account. */
async function shared(account: Account): Promise<Row> {
  const half = account.tasks / 2;
  const one = (url: string): Promise<number> =>
    inFolder((folder) => {
      write(folder, { url, limits: '{}', tasks: half });
      return runIn(folder, half);
    });
  const took = await against(account, async (url) => {
    const [first, second] = await Promise.all([one(url), one(url)]);
    return first + second;
  });
  return rowOf(account, took, 'two processes at once');
}

/** Once to find the limit, then all of it again, from what was found: the second one is the row. */
async function again(account: Account): Promise<Row> {
  return await inFolder(async (folder) => {
    const { tasks } = account;
    let first: number | null = null;
    const second = { wallS: 0 };
    const took = await against(account, async (url) => {
      write(folder, { url, limits: '{}', tasks });
      const lost = await runIn(folder, tasks);
      first = await refusedBy(url);
      const started = performance.now();
      const lostAgain = await runIn(folder, tasks, ['--force', '--anew']);
      second.wallS = (performance.now() - started) / 1000;
      return lost + lostAgain;
    });
    const refused = took.all.refused - first!;
    const all = { requests: tasks + refused, refused };
    // It had nothing to find: its first seconds count as well.
    const row = rowOf(
      account,
      { ...took, wallS: second.wallS, all, late: all },
      'again, from what was found',
    );
    return {
      ...row,
      measured: `${row.measured.replace(' after 5 s', '')} (the first time ${first} refused)`,
    };
  });
}

async function refusedBy(url: string): Promise<number> {
  const stats = (await (await fetch(url.replace(/v1$/, 'sim/stats'))).json()) as { rate_limited: number };
  return stats.rate_limited;
}

/** With its defaults, by the openai client of Python. */
async function inspectBeside(account: Account): Promise<Row> {
  const python = process.env.EXPGRAPH_BENCH_PYTHON ?? 'python3';
  const what = `the same by Inspect AI (bench/inspect_side.py), its defaults`;
  const version = spawnSync(python, ['-c', 'import inspect_ai; print(inspect_ai.__version__)'], {
    encoding: 'utf8',
  });
  if (version.status !== 0) {
    const measured = `left out: ${python} has no inspect_ai (EXPGRAPH_BENCH_PYTHON names another)`;
    return { what, floor: '-', measured, ratio: '-', wanted: '-', held: true };
  }
  const took = await against(account, (url) =>
    inFolder((folder) => sideRun({ python, url, folder, tasks: account.tasks })),
  );
  const row = rowOf(account, took, '');
  return { ...row, what: `${what}, ${version.stdout.trim()}`, wanted: '-', held: true };
}

async function sideRun(of: {
  readonly python: string;
  readonly url: string;
  readonly folder: string;
  readonly tasks: number;
}): Promise<number> {
  const script = path.join(ROOT, 'bench/inspect_side.py');
  const child = spawn(of.python, [script, of.url, String(of.tasks), of.folder], {
    cwd: of.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`inspect_side.py ended with ${code}`);
  const { answered } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { answered: number };
  return of.tasks - answered;
}

export async function accountLimits(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const limits of ['{ concurrency: 64 }', '{}'])
    for (const account of ACCOUNTS) rows.push(await alone(account, limits));
  rows.push(await inspectBeside(SMALL), await shared(SMALL), await again(SMALL));
  return rows;
}
