// kill -9 of a traced run, of the process that sends its traces, or of both; then run and push to the end.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_SIM_SETTINGS } from '../../src/core/sim-settings.ts';
import { startSim } from '../../src/sim/server/sim.ts';
import { spooledTraces, spoolFolders } from '../../src/tracing/spool/spool-read.ts';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { API_KEY, type Recorder, startRecorder } from '../rig/langsmith-recorder.ts';
import { program, startProgram } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import { ARTIFACTS, recordsByKey, writeExperiment } from '../rig/small-experiment.ts';

const AT_ONCE = 3;
const WITHIN_MS = 900;
const EXPERIMENT = { variants: 2, scenarios: 60, runs: 2, concurrency: 8 } as const;

export const row: Row = {
  name: 'langsmith-kill',
  how: 'kill -9 of a traced run and, half of the time, of its uploader, at random moments, with a service that loses answers; then run and push to the end',
  holds: 'every record’s trace is at LangSmith once, whole, with the id that the record has',
  full: 40,
  unit: 'kills',
  seconds: 60,
  async run({ count, random, isOver }) {
    const total = { kills: 0, traces: 0 };
    const oneAfterAnother = async (): Promise<void> => {
      while (total.kills < count && !isOver())
        await killOne({ random, total, mayKill: () => total.kills < count });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, oneAfterAnother));
    return { tried: total.kills, seen: `${total.traces.toLocaleString('en')} traces, each there once` };
  },
};

async function killOne(at: {
  readonly random: () => number;
  readonly total: { kills: number; traces: number };
  readonly mayKill: () => boolean;
}): Promise<void> {
  const { random, total } = at;
  await using sim = await startSim({ settings: { ...DEFAULT_SIM_SETTINGS, latencyMs: 40, errorRate: 0.05 } });
  await using recorder = await startRecorder({ loseAnswers: 0.2 });
  await withFolder(async (cwd) => {
    writeExperiment(cwd, { ...EXPERIMENT, sim: `{ type: sim, base_url: "${sim.url}" }` });
    const options = { cwd, env: { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url } };
    for (let kills = 0; kills < 3 && at.mayKill(); kills++) {
      total.kills++;
      const { child, ended } = startProgram(['run'], options);
      const timer = setTimeout(() => child.kill('SIGKILL'), 150 + WITHIN_MS * random());
      await ended;
      clearTimeout(timer);
      if (random() < 0.5) killUploader(cwd);
    }
    const last = await program(['run'], options);
    assert.equal(last.code, 0, tail(last.stderr));
    recorder.fault({ loseAnswers: 0 });
    const pushed = await program(['langsmith', 'push'], options);
    assert.equal(pushed.code, 0, tail(pushed.stderr));
    total.traces += checkTraces(cwd, recorder);
  });
}

/** Whoever holds the lock of the traces is sending them. */
function killUploader(cwd: string): void {
  try {
    const lock = readFileSync(path.join(cwd, ARTIFACTS, 'traces/lock.json'), 'utf8');
    process.kill((JSON.parse(lock) as { pid: number }).pid, 'SIGKILL');
  } catch {
    // There was none yet, or it has ended.
  }
}

function checkTraces(cwd: string, recorder: Recorder): number {
  const { roots, orphans, unended, differing } = recorder.check();
  assert.deepEqual({ orphans, unended, differing }, { orphans: 0, unended: 0, differing: 0 });
  const lines = [...recordsByKey(cwd).values()].flat();
  assert.equal(lines.length, EXPERIMENT.variants * EXPERIMENT.scenarios * EXPERIMENT.runs);
  for (const line of lines) {
    const record = JSON.parse(line) as {
      trace: { langsmith_run_id: string };
      scenario: string;
      attempts: { trace_id: string }[];
    };
    assert.equal(recorder.runs.get(record.trace.langsmith_run_id)?.name, record.scenario);
    for (const { trace_id: id } of record.attempts)
      assert.ok(recorder.runs.has(id), 'a failed attempt has its trace');
  }
  const root = path.join(cwd, ARTIFACTS, 'traces');
  const spooled = spoolFolders(root).flatMap((folder) => [...spooledTraces(path.join(root, folder))]);
  assert.equal(roots, spooled.length);
  return roots;
}
