// What one invocation is made of, whoever asks for it.
import type { Store } from '../../cache/store.ts';
import type { GateLine } from '../../core/gate-line.ts';
import type { Withheld } from '../../core/summary.ts';
import type { Filter, Plan } from '../../core/task.ts';
import type { StandBy } from '../draw/stand-by.ts';
import type { Experiment } from '../open/experiment.ts';
import type { OpenListener } from '../open/watchers.ts';
import type { World } from '../open/world.ts';

export type Session = {
  readonly io: World;
  readonly experiment: Experiment;
  readonly store: Store;
  /** Of its pending tasks those are executed that are in `pending`. */
  readonly plan: Plan;
  readonly filter: Filter;
  /** What commands that go on repeat: the folder and the manifest. */
  readonly place: string;
  readonly force: boolean;
  /** Of a forced one: it goes on where one before it was broken off. */
  readonly goesOn?: boolean;
  readonly limits: Limits;
  /** By the same command before, of its budget; left out = nothing. */
  readonly spentUsd?: number;
  /** When the command, or the round, began. */
  readonly startedMs: number;
  readonly argv: readonly string[];
  /** Where every event is appended; null = nowhere. Opened when the invocation begins. */
  readonly events: OpenListener | null;
  /** False: no provider is called. */
  readonly mayExecute: boolean;
  /** Whether answers are judged, where there are scorers; `judge-new`: not where judging failed before. */
  readonly scoring: 'judge' | 'judge-new' | 'skip';
  /** Whether somebody has to be told that files were edited meanwhile. */
  readonly onEdits: 'warn' | 'known';
  readonly langsmithRequired: boolean;
  /** What has begun already; left out = nothing has. */
  readonly standBy?: StandBy;
  /** What the command line wants beside the manifest's gate. */
  readonly moreGate: readonly GateLine[];
  /** A blind review is open: nobody is told of which arm anything is, and no gate is measured. Left out = none is. */
  readonly withheld?: Withheld;
};

/** As the command line says it; the deadline from the start of the command. */
export type Limits = {
  readonly maxNew: number | null;
  readonly deadline: { readonly ms: number; readonly text: string } | null;
  /** How long a provider that does not answer is waited for; null = as usual. */
  readonly patienceMs: number | null;
  /** Whether answers of batches are waited for, or only that these are out; left out = answers are. */
  readonly batches?: 'answered' | 'sent';
  /** How long the end may wait for traces to be sent; null = as long as it is not felt. */
  readonly flushMs: number | null;
};
