// Whoever reads during a run: never blocked, never in the way, and nothing that was seen once disappears.
import assert from 'node:assert/strict';
import path from 'node:path';
import { openReader } from '../../src/cache/index/reader.ts';
import { DEFAULT_SIM_SETTINGS } from '../../src/core/sim-settings.ts';
import { startSim } from '../../src/sim/server/sim.ts';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { program, startProgram } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import { ARTIFACTS, tasksOf, writeExperiment } from '../rig/small-experiment.ts';
import { serve } from '../rig/story.ts';

const EXPERIMENT = { variants: 4, scenarios: 200, runs: 1, concurrency: 8 } as const;
/** Readings in this process between two of the program. */
const READINGS = 5;

/** Commands that only read, and the exit codes that they have while a run is going on. */
const COMMANDS: readonly { readonly args: readonly string[]; readonly codes: readonly number[] }[] = [
  { args: ['plan'], codes: [0] },
  { args: ['status'], codes: [0, 1] },
  { args: ['history', 'v0/s1'], codes: [0] },
  { args: ['show', 'v0/s1/1'], codes: [0, 2] },
  { args: ['diff', '1'], codes: [0, 2] },
  { args: ['fsck'], codes: [0] },
];

export const row: Row = {
  name: 'reader-during-writer',
  how: 'plan, status, history, show, diff and fsck, and a reader in this process, again and again while runs are going on',
  holds:
    'no reader is blocked or fails on the growing end; exit codes are the documented ones; a record that was seen is seen from then on; the run completes undisturbed',
  full: 300,
  unit: 'readings',
  seconds: 30,
  async run({ count, isOver }) {
    await using sim = await startSim({ settings: { ...DEFAULT_SIM_SETTINGS, latencyMs: 60 } });
    let tried = 0;
    let growing = 0;
    let runs = 0;
    while (tried < count && !isOver()) {
      runs++;
      await withFolder(async (cwd) => {
        writeExperiment(cwd, { ...EXPERIMENT, sim: `{ type: sim, base_url: "${sim.url}" }` });
        let running = true;
        const { ended } = startProgram(['run'], { cwd });
        const run = ended.finally(() => {
          running = false;
        });
        let before = 0;
        for (let i = 0; running && tried < count; i++) {
          const { args, codes } = COMMANDS[i % COMMANDS.length]!;
          const read = await program(args, { cwd });
          tried++;
          const { code, stdout, stderr } = read;
          assert(codes.includes(code!), `${args[0]} ended with ${code}: ${tail(stderr + stdout)}`);
          for (let n = 0; n < READINGS; n++, tried++) {
            const now = readAll(path.join(cwd, ARTIFACTS));
            assert(now >= before, `${before} records were seen before, now ${now}`);
            if (now > before) growing++;
            before = now;
          }
        }
        const { code, stderr } = await run;
        assert.equal(code, 0, tail(stderr));
        assert.equal(readAll(path.join(cwd, ARTIFACTS)), tasksOf({ ...EXPERIMENT, sim: '' }));
      });
    }
    assert(growing > 0, 'no reading saw the history grow');
    return { tried, seen: `${growing} of them saw it grow, in ${runs} runs; 0 failed` };
  },
};

/** @returns how many records are served; none of them may be refused. */
function readAll(root: string): number {
  using reader = openReader(root);
  const { records, refused } = serve(reader);
  assert.equal(refused, 0, 'a record of the growing end was refused');
  // That the index could not be used for the moment is a note: the history itself was read.
  const warnings = reader.diagnostics.filter(({ severity }) => severity !== 'note');
  assert.deepEqual(
    warnings.map(({ code }) => code),
    [],
  );
  return records.size;
}
