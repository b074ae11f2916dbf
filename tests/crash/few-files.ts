// Too few file descriptors: an experiment of a hundred files under `ulimit -n`.
import assert from 'node:assert/strict';
import path from 'node:path';
import type { RunSummary } from '../../src/core/summary.ts';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { program } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import { acknowledgedKeys, recordsByKey, tasksOf, writeExperiment } from '../rig/small-experiment.ts';

const EXPERIMENT = {
  variants: 50,
  scenarios: 2,
  runs: 2,
  concurrency: 8,
  sim: '{ type: sim, sim: { latency_ms: 2 } }',
} as const;

/** The first try is the 64 of the specification; below 50 the workers cannot load and each order waits for its timeout. */
const FEWEST = 56;
const MOST = 160;

export const row: Row = {
  name: 'few-files',
  how: 'the real program under `ulimit -n 64` (and 56 to 160) with an experiment of 100 files',
  holds:
    'it completes, or says in one sentence why not; what was acknowledged is there; with enough descriptors it completes and executes only the rest',
  full: 10,
  unit: 'runs',
  seconds: 20,
  missing: () => (process.platform === 'win32' ? 'there is no ulimit here' : null),
  async run({ count, random, isOver }) {
    let tried = 0;
    const ends: Record<string, number> = {};
    for (; tried < count && !isOver(); tried++) {
      const limit = tried === 0 ? 64 : FEWEST + Math.floor(random() * (MOST - FEWEST));
      const end = await runWith(limit);
      ends[end] = (ends[end] ?? 0) + 1;
    }
    const said = Object.entries(ends).map(([end, times]) => `${times} x ${end}`);
    return { tried, seen: `${said.join(', ')}; 0 lost` };
  },
};

async function runWith(limit: number): Promise<string> {
  return withFolder(async (cwd) => {
    writeExperiment(cwd, EXPERIMENT);
    const through = ['bash', '-c', `ulimit -n ${limit}; exec "$@"`, 'bash'];
    const few = await program(['run', '--events', 'events.jsonl'], { cwd, through });
    const what = `ulimit -n ${limit}: ${tail(few.stderr)}`;
    assert([0, 1, 2, 4].includes(few.code!), what);
    assert.doesNotMatch(few.stderr, /this is a bug|\n {4}at /, what);
    if (few.code !== 0)
      assert.match(few.stderr + few.stdout, /EMFILE|too many open files|unable to open/i, what);
    const acknowledged = acknowledgedKeys(path.join(cwd, 'events.jsonl'));
    const before = recordsByKey(cwd);
    for (const key of acknowledged)
      assert.equal(before.get(key)?.length, 1, `key ${key} was acknowledged; ${what}`);
    const rest = await program(['run', '--json'], { cwd });
    assert.equal(rest.code, 0, tail(rest.stderr));
    const { cached, executed } = JSON.parse(rest.stdout) as RunSummary;
    assert.equal(cached + executed, tasksOf(EXPERIMENT));
    const fsck = await program(['fsck'], { cwd });
    assert.equal(fsck.code, 0, tail(fsck.stdout));
    return `exit ${few.code}`;
  });
}
