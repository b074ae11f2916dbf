// Opens the store for writing, or says who has it.
import { hostname } from 'node:os';
import path from 'node:path';
import { openStore } from '../cache/files.ts';
import type { Store } from '../cache/store.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Experiment } from './experiment.ts';
import type { Io } from './io.ts';

export function lockedStore(at: {
  readonly io: Io;
  readonly experiment: Experiment;
  readonly argv: readonly string[];
  /** `rebuild`: index.db is made anew from the history whatever its state. */
  readonly index: 'keep' | 'rebuild';
}): Store {
  const { io, experiment } = at;
  const opened = openStore({
    root: experiment.root,
    redact: experiment.redact,
    index: at.index,
    holder: {
      pid: process.pid,
      host: hostname(),
      command: experiment.redact(`expgraph ${at.argv.join(' ')}`),
      since: io.clock.now().toISOString(),
    },
  });
  if (opened.kind === 'ok') return opened.value;
  const by = opened.error.holder;
  const who = by ? `process ${by.pid} on ${by.host} (${by.command}, since ${by.since})` : 'another process';
  throw new CommandError(
    `${path.relative(io.cwd, experiment.root)} is in use by ${who}. Wait for it, or stop it: its lock goes with it.`,
    EXIT.store,
  );
}
