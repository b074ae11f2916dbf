// The experiment as a worker has it: with what preparation made, what MCP servers offer and what pytest collects here.

import { CommandError, EXIT } from '../open/command-error.ts';
import {
  type Experiment,
  makeExperimentReady,
  needsMore,
  openExperiment,
  surveyed,
} from '../open/experiment.ts';
import { takeStoreLock } from '../open/lock.ts';
import { note, type World } from '../open/world.ts';

const LOOK_MS = 500;

/**
 * In a folder that a run has locked, that run prepares; elsewhere the worker does.
 * @param isRunning whether a run over the queue has prepared what it needs
 */
export async function readyHere(
  io: World,
  input: {
    readonly file: string;
    readonly opened: Experiment;
    readonly isRunning: () => Promise<boolean>;
    readonly stop: AbortSignal;
  },
): Promise<Experiment> {
  const { file, opened, isRunning, stop } = input;
  if (!needsMore(opened.manifest)) return surveyed(io, opened);
  for (let looks = 0; ; looks++) {
    const lock = await tryLock(io, opened);
    if (lock !== null) {
      using _lock = lock;
      return await makeExperimentReady(io, file, opened);
    }
    if ((await isRunning()) || stop.aborted)
      return surveyed(io, await openExperiment(io, file, { as: 'plan' }));
    if (looks === 0)
      note(io, 'waiting until the run in this folder has prepared what it needs; Ctrl-C leaves');
    await new Promise<void>((resolve) => {
      io.clock.after(LOOK_MS, resolve);
    });
  }
}

async function tryLock(io: World, experiment: Experiment): Promise<Disposable | null> {
  try {
    return await takeStoreLock({ io, experiment, argv: ['worker'], wait: false });
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === EXIT.store) return null;
    throw error;
  }
}
