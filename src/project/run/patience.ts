// How long a server that is not there yet is waited for, as the command line says it.
import { parseDuration } from '../../core/duration.ts';
import { CommandError } from '../open/command-error.ts';

export type PatienceOptions = {
  /** true = without end. */
  readonly waitForProvider?: string | true;
};

/** Infinity = for ever; null = it was not said. */
export function readPatience({ waitForProvider: wanted }: PatienceOptions): number | null {
  if (wanted === undefined) return null;
  const ms = wanted === true ? Number.POSITIVE_INFINITY : parseDuration(wanted);
  if (ms !== null) return ms;
  throw new CommandError(
    `--wait-for-provider takes a time like 90s or 10m, or nothing, not ${JSON.stringify(wanted)}`,
  );
}
