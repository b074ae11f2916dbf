// What a run is asked for, once its options are read.
import type { GateLine } from '../../core/gate-line.ts';
import type { Filter } from '../../core/task.ts';
import type { GivenLimits } from '../open/limits-given.ts';
import type { OpenListener } from '../open/watchers.ts';
import type { RemoteUse } from '../share/sharing.ts';
import type { Limits } from './invocation.ts';

export type RunRequest = {
  /** Of the manifest, from the world's folder. */
  readonly file: string;
  readonly filter: Filter;
  /** Draw the cells in scope again; older records stay. */
  readonly force: boolean;
  /** With `force`: what a broken-off run has drawn is drawn again as well. */
  readonly anew: boolean;
  /** Call no provider: tell what is there. */
  readonly offline: boolean;
  /** Whether results are shared with the manifest's remote: taken from it before, and given to it after. */
  readonly remote: RemoteUse;
  /** Whether answers are judged. */
  readonly scoring: 'judge' | 'skip';
  /** In the place of what the manifest says under `execution:`. */
  readonly given: GivenLimits;
  readonly limits: Limits;
  /** Wait for whoever has the store, however long that takes. */
  readonly wait: boolean;
  readonly langsmithRequired: boolean;
  /** Beside the manifest's gate. */
  readonly moreGate: readonly GateLine[];
  readonly events: OpenListener | null;
  /** Redis, where workers elsewhere do the work; null = it is done here. */
  readonly queue: string | null;
  /** What this was asked with, kept in the history. */
  readonly argv: readonly string[];
};
