// A wall clock that goes back a day, forward ten years, and jumps in the middle of a run; another time zone. The whole
// program runs in this process with a clock of the row's; time zones are tried on the program itself.
import assert from 'node:assert/strict';
import path from 'node:path';
import { openReader } from '../../src/cache/index/reader.ts';
import { runCommandLine } from '../../src/cli/main.ts';
import { makeIo } from '../../src/cli/real-io.ts';
import { type Clock, clockOf } from '../../src/core/clock.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { program } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import { ARTIFACTS, tasksOf, writeExperiment } from '../rig/small-experiment.ts';
import { serve } from '../rig/story.ts';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;

const EXPERIMENT = {
  variants: 2,
  scenarios: 8,
  runs: 1,
  concurrency: 4,
  sim: '{ type: sim, sim: { latency_ms: 5 } }',
} as const;
const TASKS = tasksOf(EXPERIMENT);

/** How far the wall clock is off; asked anew each time. */
type Skew = (random: () => number) => number;
const SKEWS: { readonly [name: string]: Skew } = {
  'a day back': () => -DAY_MS,
  'ten years on': () => 10 * YEAR_MS,
  'back to 1970': () => -Date.now() + 1_000,
  'jumping by days at every look': (random) => (random() - 0.5) * 20 * DAY_MS,
  'jumping by years at every look': (random) => (random() - 0.3) * 10 * YEAR_MS,
  'set back by a second now and then': (random) => (random() < 0.3 ? -1_000 : 0),
};
const ZONES = ['Pacific/Kiritimati', 'America/St_Johns', 'Asia/Kathmandu', 'Etc/GMT+12', 'nowhere'];

export const row: Row = {
  name: 'clock-jumps',
  how: 'runs, forced runs and reruns whose wall clock goes back a day, forward ten years or jumps at every look; the program in five time zones',
  holds:
    'the newest record is the one that was drawn last, whatever the clock said; keys stay; a rerun executes nothing; no timeout fires and no duration is out of measure, for these keep to the monotonic clock',
  full: 36,
  unit: 'runs',
  seconds: 30,
  async run({ count, random, isOver }) {
    const names = Object.keys(SKEWS);
    let tried = 0;
    for (let i = 0; tried < count && !isOver(); i++) {
      const order = [
        names[i % names.length]!,
        names[(i + 1) % names.length]!,
        names[(i + 3) % names.length]!,
      ];
      tried += await withFolder((cwd) => jumpingRuns({ cwd, order, random }));
    }
    if (!isOver()) await timeZones();
    return {
      tried,
      seen: `${names.length} clocks and ${ZONES.length} time zones: 0 executed again, 0 out of order, 0 timeouts`,
    };
  },
};

/** One run, then the same forced with the other clocks, each followed by a rerun that must find nothing to do. */
async function jumpingRuns(at: {
  readonly cwd: string;
  readonly order: readonly string[];
  readonly random: () => number;
}): Promise<number> {
  const { cwd, random } = at;
  const root = path.join(cwd, ARTIFACTS);
  writeExperiment(cwd, EXPERIMENT);
  let keys: readonly string[] | null = null;
  for (const [i, name] of at.order.entries()) {
    const clock = skewed(SKEWS[name]!, random);
    const drawn = await command({
      cwd,
      clock,
      args: i === 0 ? ['run', '--json'] : ['run', '--json', '--force'],
    });
    assert.deepEqual([drawn.executed, drawn.failed, drawn.retries], [TASKS, 0, 0], name);
    assert(drawn.duration_ms >= 0 && drawn.duration_ms < DAY_MS, `${name}: it took ${drawn.duration_ms} ms`);
    const again = await command({ cwd, clock, args: ['run', '--json'] });
    assert.deepEqual([again.executed, again.cached], [0, TASKS], name);
    using reader = openReader(root);
    const { records } = serve(reader);
    for (const record of records.values()) {
      for (const ms of [record.duration_ms, ...record.attempts.map(({ duration_ms }) => duration_ms)]) {
        assert(ms !== null && ms >= 0 && ms < DAY_MS, `${name}: a record took ${ms} ms`);
      }
    }
    // What counts is the generation that was drawn last, in the order of the invocations' numbers.
    const newest = [...reader.records()].filter(({ generation }) => generation === i + 1);
    assert.equal(newest.length, TASKS, name);
    for (const { id, key, sequence } of newest) {
      assert.equal(sequence, i + 1, name);
      assert.equal(reader.history.byKey(key)?.id, id, `${name}: an older record counts`);
    }
    const now = newest.map(({ key }) => key as string).sort();
    assert.deepEqual(now, keys ?? now, `${name}: keys moved`);
    keys = now;
  }
  const fsck = await program(['fsck'], { cwd });
  assert.equal(fsck.code, 0, tail(fsck.stdout));
  return at.order.length;
}

function skewed(skew: Skew, random: () => number): Clock {
  const real = clockOf(globalThis);
  return { ...real, now: () => new Date(Math.max(0, real.now().getTime() + skew(random))) };
}

async function command(at: {
  readonly cwd: string;
  readonly clock: Clock;
  readonly args: readonly string[];
}): Promise<RunSummary> {
  const out: string[] = [];
  const err: string[] = [];
  const nowhere = {
    raw: () => {},
    isTerminal: false,
    isTty: false,
    colors: false,
    columns: () => 100,
    rows: () => 24,
  };
  const io = makeIo({
    detail: 'normal',
    out: { ...nowhere, write: (text) => void out.push(text) },
    err: { ...nowhere, write: (text) => void err.push(text) },
    env: { PATH: process.env.PATH },
    cwd: at.cwd,
    given: { folders: [], file: null },
    clean: (text) => text,
    clock: at.clock,
    random: Math.random,
    redactWith: () => {},
  });
  const code = await runCommandLine(io, at.args);
  assert.equal(code, 0, tail(err.join('')));
  return JSON.parse(out.join('')) as RunSummary;
}

async function timeZones(): Promise<void> {
  await withFolder(async (cwd) => {
    writeExperiment(cwd, EXPERIMENT);
    for (const [i, TZ] of ZONES.entries()) {
      const { code, stdout, stderr } = await program(['run', '--json'], { cwd, env: { TZ } });
      assert.equal(code, 0, tail(stderr));
      const { executed, invocation } = JSON.parse(stdout) as RunSummary;
      assert.equal(executed, i === 0 ? TASKS : 0, `in ${TZ}`);
      // The name is in UTC: within a minute of now, whatever the wall shows there.
      const [, y, mo, d, h, mi] = /-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/.exec(invocation)!.map(Number);
      const off = Math.abs(Date.UTC(y!, mo! - 1, d!, h!, mi!) - Date.now());
      assert(off < 10 * 60_000, `${invocation} in ${TZ} is not in UTC`);
    }
  });
}
