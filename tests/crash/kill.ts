// kill -9 at random moments of the real program over the simulation: what was acknowledged is there once and unchanged.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { DEFAULT_SIM_SETTINGS } from '../../src/core/sim-settings.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { startSim } from '../../src/sim/server/sim.ts';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { program, startProgram } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import {
  acknowledgedKeys,
  eventLines,
  recordsByKey,
  type SmallExperiment,
  tasksOf,
  viewEssence,
  writeExperiment,
} from '../rig/small-experiment.ts';

/** Experiments that are killed at once: two cores wait for starts, disks and answers most of the time. */
const AT_ONCE = 6;
/** One kill in five falls on the start, the others on the work, from the moment when the first task is done. */
const EARLY_SHARE = 0.2;
const EARLY_WITHIN_MS = 900;
const WORK_WITHIN_MS = 600;

export const row: Row = {
  name: 'kill',
  how: 'kill -9 of the real program at random moments of runs over the simulation; then it is run to its end',
  holds:
    'every acknowledged record is there once and unchanged and was not executed again; the rest is executed; fsck is clean; the view equals that of a run that was never killed',
  full: 500,
  unit: 'kills',
  seconds: 240,
  async run({ count, random, isOver }) {
    const reference = await neverKilled();
    const total = { kills: 0, acknowledged: 0, torn: 0, experiments: 0 };
    const oneAfterAnother = async (): Promise<void> => {
      while (total.kills < count && !isOver()) {
        total.experiments++;
        const mayKill = (): boolean => total.kills < count && !isOver();
        await killOneExperiment({ reference, random, total, mayKill });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, oneAfterAnother));
    assert(
      total.acknowledged > 0,
      'nothing was ever acknowledged: the kills came too early to prove anything',
    );
    const { kills, acknowledged, torn, experiments } = total;
    return {
      tried: kills,
      seen: `${acknowledged} records acknowledged in ${experiments} experiments, 0 lost, 0 changed, 0 executed again; ${torn} torn tails`,
    };
  },
};

const EXPERIMENT = { variants: 2, scenarios: 300, runs: 2, concurrency: 16 } as const;

function experimentAt(url: string): SmallExperiment {
  return { ...EXPERIMENT, sim: `{ type: sim, base_url: "${url}" }` };
}

const SIM = { ...DEFAULT_SIM_SETTINGS, latencyMs: 40 };
const TASKS = tasksOf(experimentAt(''));

async function neverKilled(): Promise<Record<string, string>> {
  await using sim = await startSim({ settings: SIM });
  return await withFolder(async (cwd) => {
    writeExperiment(cwd, experimentAt(sim.url));
    const { code, stderr } = await program(['run'], { cwd });
    assert.equal(code, 0, tail(stderr));
    return viewEssence(cwd);
  });
}

async function killOneExperiment(at: {
  readonly reference: Record<string, string>;
  readonly random: () => number;
  readonly total: { kills: number; acknowledged: number; torn: number };
  readonly mayKill: () => boolean;
}): Promise<void> {
  const { total } = at;
  await using sim = await startSim({ settings: SIM });
  await withFolder(async (cwd) => {
    writeExperiment(cwd, experimentAt(sim.url));
    const events = path.join(cwd, 'events.jsonl');
    const seen = new Map<string, string>();
    while (at.mayKill()) {
      total.kills++;
      const { child, ended } = startProgram(['run', '--events', 'events.jsonl'], { cwd });
      const disarm = killLater(child, at.random);
      const { signal, code, stderr } = await ended;
      disarm();
      checkAcknowledged({ cwd, events, seen });
      total.torn += stderr.includes('unfinished line') ? 1 : 0;
      if (signal === 'SIGKILL') continue;
      // It was faster than the kill: that was none.
      total.kills--;
      assert.equal(code, 0, tail(stderr));
      break;
    }
    total.acknowledged += seen.size;
    await finish({
      cwd,
      events,
      seen,
      answeredBefore: sim.stats().answered,
      answered: () => sim.stats().answered,
    });
    assert.deepEqual(viewEssence(cwd), at.reference);
  });
}

function killLater(child: ChildProcess, random: () => number): () => void {
  let timer: NodeJS.Timeout | null = null;
  const killIn = (ms: number): void => {
    timer = setTimeout(() => child.kill('SIGKILL'), ms);
  };
  const share = random();
  if (random() < EARLY_SHARE) {
    killIn(share * EARLY_WITHIN_MS);
  } else {
    child.stderr!.on('data', (text: string) => {
      if (timer === null && text.includes(' done (')) killIn(share * WORK_WITHIN_MS);
    });
  }
  return () => {
    if (timer) clearTimeout(timer);
  };
}

/** `seen` grows by what was acknowledged since. */
function checkAcknowledged(at: {
  readonly cwd: string;
  readonly events: string;
  readonly seen: Map<string, string>;
}): void {
  const records = recordsByKey(at.cwd);
  for (const key of acknowledgedKeys(at.events)) {
    const kept = records.get(key) ?? [];
    assert.equal(kept.length, 1, `key ${key} was acknowledged and is there ${kept.length} times`);
    assert.equal(kept[0], at.seen.get(key) ?? kept[0], `key ${key} was changed`);
    at.seen.set(key, kept[0]!);
  }
}

async function finish(at: {
  readonly cwd: string;
  readonly events: string;
  readonly seen: Map<string, string>;
  readonly answeredBefore: number;
  readonly answered: () => number;
}): Promise<void> {
  const { cwd, events, seen } = at;
  const rest = await program(['run', '--json', '--events', 'events.jsonl'], { cwd });
  assert.equal(rest.code, 0, tail(rest.stderr));
  const summary = JSON.parse(rest.stdout) as RunSummary;
  assert.deepEqual([summary.complete, summary.failed, summary.scope.tasks], [true, 0, TASKS]);
  assert(summary.cached >= seen.size, `${seen.size} acknowledged, only ${summary.cached} cached`);
  // The simulation counts on its own: what the last run says it executed is what it asked for.
  assert.equal(at.answered() - at.answeredBefore, summary.executed);
  const all = recordsByKey(cwd);
  assert.equal(all.size, TASKS);
  for (const [key, lines] of all) assert.equal(lines.length, 1, `key ${key} was kept ${lines.length} times`);
  for (const [key, line] of seen) assert.equal(all.get(key)?.[0], line, `key ${key} was changed`);
  checkNeverAgain(events);
  const fsck = await program(['fsck'], { cwd });
  assert.equal(fsck.code, 0, tail(fsck.stdout + fsck.stderr));
}

/** No attempt starts for a key that was acknowledged before it, in whichever run. */
function checkNeverAgain(events: string): void {
  const finished = new Set<string>();
  for (const { kind, key } of eventLines(events)) {
    if (kind === 'task-finished') finished.add(String(key));
    if (kind !== 'attempt-started') continue;
    assert(!finished.has(String(key)), `key ${key} was acknowledged and executed again`);
  }
}
