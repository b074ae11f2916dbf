// What an attempt came to, before it is an outcome.
import type { Lesson } from '../core/endpoint-settings.ts';
import type { Turn } from '../core/outcome.ts';
import type { TraceBeside } from '../core/trace.ts';
import type { ClientAnswer } from '../providers/provider.ts';

export type Attempted = {
  readonly answer: ClientAnswer;
  /** Each call of the model, where there may be more than one. */
  readonly turns: readonly Turn[] | null;
  /** Where somebody else measured it; milliseconds. */
  readonly tookMs?: number;
  /** Where the work's own tools trace below ours or beside it: when our trace began, milliseconds since 1970. */
  readonly traceMs?: number;
  readonly beside?: TraceBeside;
  /** When it began, by the same clock; milliseconds since 1970. */
  readonly beganMs?: number;
  readonly log?: string;
  readonly undeclared?: readonly string[];
  /** Functions of its code that ran, where somebody watched: `file:name`. */
  readonly ran?: readonly string[];
  readonly otherCode?: readonly string[];
  readonly heldSince?: number;
  /** Told once, whoever says it. */
  readonly lessons?: readonly Lesson[];
};
