// Where one run stops, and what it waits for, as the command line says it.
import { parseDuration } from '../../core/duration.ts';
import { CommandError } from '../open/command-error.ts';
import { type PatienceOptions, readPatience } from './patience.ts';
import type { Limits } from './session.ts';

export type RunLimitOptions = PatienceOptions & {
  readonly maxNew?: string;
  readonly deadline?: string;
  readonly langsmithFlush?: string;
  readonly langsmithRequired?: boolean;
  readonly sendOnly?: boolean;
};

/** @throws CommandError for what is no number or no time */
export function readLimits(options: RunLimitOptions): Limits {
  const { maxNew, deadline, langsmithFlush, langsmithRequired } = options;
  if (maxNew !== undefined && !/^[1-9][0-9]{0,8}$/.test(maxNew)) {
    throw new CommandError(`--max-new takes a number of tasks from 1, not ${JSON.stringify(maxNew)}`);
  }
  const ms = deadline === undefined ? null : parseDuration(deadline);
  if (deadline !== undefined && !ms) {
    throw new CommandError(`--deadline takes a time like 90s, 30m or 1.5h, not ${JSON.stringify(deadline)}`);
  }
  const flush = langsmithFlush ?? (langsmithRequired ? '60s' : undefined);
  const flushMs = flush === undefined ? null : parseDuration(flush);
  if (flush !== undefined && flushMs === null) {
    throw new CommandError(`--langsmith-flush takes a time like 5s or 2m, not ${JSON.stringify(flush)}`);
  }
  return {
    flushMs,
    patienceMs: readPatience(options),
    maxNew: maxNew === undefined ? null : Number(maxNew),
    deadline: ms && deadline ? { ms, text: deadline } : null,
    ...(options.sendOnly ? { batches: 'sent' as const } : {}),
  };
}
