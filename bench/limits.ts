// How well a limited or failing provider is used: wall against the least that its limits allow, refusals, retries.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeExperiment } from './made.ts';
import { CLI, median, type Row, repeat, runNode, tempFolder } from './measure.ts';
import { type Sim, startSimProcess } from './sim-process.ts';

const CALLS = 3_000;
const RATE = 50;
const LATENCY_MS = 120;

type Event = { readonly kind: string; readonly at: string; readonly variant?: string } & {
  readonly error?: { readonly kind: string };
};

type Limited = {
  readonly wallMs: number;
  readonly attempts: number;
  /** Share of the attempts after the first second that were answered 429. */
  readonly refused: number;
  readonly lost: number;
};

async function limitedRun(at: {
  readonly sim: Sim;
  readonly provider: readonly string[];
  readonly concurrency?: number;
}): Promise<Limited> {
  const { folder, remove } = tempFolder();
  try {
    writeExperiment({
      folder,
      variants: 2,
      scenarios: CALLS / 6,
      runs: 3,
      provider: ['type: openai', `base_url: ${at.sim.url}`, ...at.provider],
      concurrency: at.concurrency ?? 128,
    });
    const run = await runNode([CLI, 'run', '--json', '--events', 'events.jsonl'], { cwd: folder });
    const { executed, failed, attempts } = JSON.parse(run.stdout) as {
      executed: number;
      failed: number;
      attempts: number;
    };
    const events = eventsOf(folder);
    const first = Date.parse(events.find(({ kind }) => kind === 'attempt-started')!.at);
    const late = events.filter(({ at: time }) => Date.parse(time) > first + 1_000);
    const ended = late.filter(({ kind }) => kind === 'attempt-failed' || kind === 'task-finished').length;
    const refused = late.filter(({ error }) => error?.kind === 'rate-limited').length;
    return { wallMs: run.wallMs, attempts, refused: refused / ended, lost: CALLS - executed + failed };
  } finally {
    remove();
  }
}

export function eventsOf(folder: string): readonly Event[] {
  const text = readFileSync(path.join(folder, 'events.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
}

/** A bucket of 50 a second that holds 50: no client can be done sooner than the bucket fills. */
export async function bucket(): Promise<readonly Row[]> {
  const idealMs = ((CALLS - RATE) / RATE) * 1000 + LATENCY_MS;
  const row = async (at: {
    readonly what: string;
    readonly provider: readonly string[];
    readonly sim: readonly string[];
    readonly most: { readonly wall: number; readonly refused: number } | null;
  }): Promise<Row> => {
    const runs = await repeat(1, async () => {
      const args = [
        '--latency',
        String(LATENCY_MS),
        '--rate',
        String(RATE),
        '--burst',
        String(RATE),
        ...at.sim,
      ];
      const sim = await startSimProcess(args);
      try {
        return await limitedRun({ sim, provider: at.provider });
      } finally {
        await sim.stop();
      }
    });
    const wallMs = median(runs.map((run) => run.wallMs));
    const refused = median(runs.map((run) => run.refused));
    const lost = Math.max(...runs.map((run) => run.lost));
    const ratio = wallMs / idealMs;
    const { most } = at;
    return {
      what: `${CALLS} calls, a bucket of ${RATE}/s, ${at.what}`,
      floor: `${(idealMs / 1000).toFixed(1)} s (ideal)`,
      measured: `${(wallMs / 1000).toFixed(1)} s, ${(refused * 100).toFixed(2)} % 429, ${lost} lost`,
      ratio: `${ratio.toFixed(3)} x`,
      wanted: most ? `at most ${most.wall} x, ${most.refused * 100} % 429, 0 lost` : '-',
      held: lost === 0 && (most === null || (ratio <= most.wall && refused <= most.refused)),
    };
  };
  return [
    await row({
      what: 'declared',
      provider: [`limits: { rpm: ${RATE * 60} }`],
      sim: [],
      most: { wall: 1.05, refused: 0.01 },
    }),
    await row({ what: 'undeclared', provider: [], sim: [], most: { wall: 1.25, refused: 0.05 } }),
  ];
}

/** 5 % of the answers are 500, 2 % of the sockets are dropped. */
export async function failures(): Promise<Row> {
  const sim = await startSimProcess(['--latency', '50', '--errors', '0.05', '--drops', '0.02']);
  try {
    const run = await limitedRun({ sim, provider: [] });
    const ratio = run.attempts / CALLS;
    return {
      what: `${CALLS} calls, 5 % answered 500, 2 % dropped`,
      floor: `${CALLS} tasks`,
      measured: `${run.attempts} calls, ${run.lost} lost`,
      ratio: `${ratio.toFixed(3)} x`,
      wanted: 'at most 1.10 x, 0 lost',
      held: ratio <= 1.1 && run.lost === 0,
    };
  } finally {
    await sim.stop();
  }
}
