// Everything that can happen in an invocation, as data. Reporters and --events read it; nothing flows back. It is written
// as it stands, so its fields are named as in every file: snake_case.
import type { Diagnostic } from './diagnostic.ts';
import type { KeptLimits, NewLimits } from './limit-memory.ts';
import type { FailureKind } from './outcome.ts';
import type { RecordedPaid, RecordedUsage } from './record.ts';
import type { HowEnded } from './summary.ts';
import type { Cell, Reason } from './task.ts';

/** What happens after a failed attempt. */
export type EventDecision =
  | { readonly kind: 'retry'; readonly delay_ms: number; readonly next_attempt: number }
  | { readonly kind: 'give-up'; readonly why: string }
  | { readonly kind: 'halt'; readonly why: string };

type OfTask = Cell & { readonly key: string };
/** The cell is the first one that has the output. */
type OfScore = OfTask & { readonly scorer: string; readonly vote: number };

type AttemptError = {
  readonly kind: FailureKind;
  readonly status: number | null;
  readonly message: string;
  readonly retry_after_ms: number | null;
};

export type RunEvent =
  | {
      readonly kind: 'invocation-started';
      readonly experiment: string;
      /** `2/4`: whose cells it is about. Only where it is one shard of several. */
      readonly shard?: string;
      readonly provider: readonly { readonly name: string; readonly simulated: boolean }[];
    }
  | {
      readonly kind: 'plan-made';
      readonly tasks: number;
      readonly pending: number;
      readonly cached: number;
      /** One entry per variant x run in the manifest's order: what the bars are made of. */
      readonly groups: readonly {
        readonly variant: string;
        readonly run: number;
        readonly tasks: number;
        readonly cached: number;
      }[];
    }
  | (OfTask & { readonly kind: 'task-skipped'; readonly why: 'cached' | 'shared' })
  | (OfTask & { readonly kind: 'attempt-started'; readonly attempt: number; readonly reason: Reason['kind'] })
  | (OfTask & {
      readonly kind: 'attempt-failed';
      readonly attempt: number;
      readonly error: AttemptError;
      readonly decision: EventDecision;
      /** Who did it, as far as that is known; only where work is spread over a queue. */
      readonly worker?: string;
    })
  /** An account begins where an earlier invocation left off, and how long ago that was; `tasks` wait for it, null = not known. */
  | (KeptLimits & { readonly kind: 'lane-hinted'; readonly age_ms: number; readonly tasks: number | null })
  | { readonly kind: 'lane-cooled'; readonly lane: string; readonly for_ms: number }
  /** What an account that refused calls turned out to allow; when its work is done. */
  | (NewLimits & { readonly kind: 'lane-learned' })
  /** A provider that kept failing is probed, one call at a time; `probes` have failed so far. */
  | {
      readonly kind: 'lane-suspended';
      readonly lane: string;
      readonly for_ms: number;
      readonly probes: number;
      readonly why: string;
      /** Nothing listens there, which a diagnostic has told, and how long it is waited for. */
      readonly is_awaited?: true;
    }
  | { readonly kind: 'lane-resumed'; readonly lane: string; readonly after_ms: number }
  | {
      readonly kind: 'lane-given-up';
      readonly lane: string;
      readonly after_ms: number;
      readonly probes: number;
      readonly why: string;
    }
  /** Sent only after the record is durable. */
  | (OfTask & {
      readonly kind: 'task-finished';
      readonly status: 'completed' | 'failed';
      readonly attempts: number;
      /** null = it is not known. */
      readonly duration_ms: number | null;
      readonly usage: RecordedUsage | null;
      readonly cost_usd: number | null;
      /** What this invocation paid for it, where that is something else. */
      readonly paid?: RecordedPaid;
      /** Who answered; only where work is spread over a queue. */
      readonly worker?: string;
    })
  /** Outputs that are there, and judgements of them that are missing. */
  | {
      readonly kind: 'scores-planned';
      readonly tasks: number;
      readonly pending: number;
      readonly cached: number;
      /** One entry per scorer in the manifest's order. */
      readonly scorers: readonly {
        readonly scorer: string;
        readonly tasks: number;
        readonly cached: number;
      }[];
    }
  | (OfScore & { readonly kind: 'score-started'; readonly attempt: number })
  | (OfScore & {
      readonly kind: 'score-attempt-failed';
      readonly attempt: number;
      readonly error: AttemptError;
      readonly decision: EventDecision;
    })
  /** Sent only after the record is durable. */
  | (OfScore & {
      readonly kind: 'score-finished';
      readonly status: 'completed' | 'failed';
      readonly attempts: number;
      /** null = it is not known. */
      readonly duration_ms: number | null;
      readonly usage: RecordedUsage | null;
      readonly cost_usd: number | null;
    })
  | {
      readonly kind: 'budget-reached';
      readonly spent_usd: number;
      readonly budget_usd: number;
      /** What the call may cost that did not fit. */
      readonly needs_usd?: number;
      readonly why?: string;
    }
  /** A program has done its work and is still there: its own end is waited for, for so long. */
  | { readonly kind: 'waiting'; readonly what: string; readonly limit_ms: number }
  | { readonly kind: 'waiting-over'; readonly what: string; readonly after_ms: number }
  /** A vendor has taken a batch. Its own id is in `batch`, as in the three below. */
  | { readonly kind: 'batch-sent'; readonly batch: string; readonly provider: string; readonly items: number }
  /** One that is out was looked at, and something has changed. */
  | {
      readonly kind: 'batch-progress';
      readonly batch: string;
      readonly provider: string;
      readonly items: number;
      /** Answered or failed, as the vendor counts. */
      readonly done: number;
      readonly failed: number;
      readonly sent_at: string;
    }
  /** Its answers are here. Those that failed are tried again or not as any other. */
  | {
      readonly kind: 'batch-collected';
      readonly batch: string;
      readonly provider: string;
      readonly items: number;
      readonly answered: number;
      readonly failed: number;
      readonly after_ms: number;
    }
  /** It was refused as a whole after it was taken: nothing of it was run. */
  | {
      readonly kind: 'batch-refused';
      readonly batch: string;
      readonly provider: string;
      readonly items: number;
      readonly why: string;
    }
  | ({ readonly kind: 'diagnostic' } & Pick<Diagnostic, 'severity' | 'code' | 'message' | 'hint'>)
  | {
      readonly kind: 'invocation-ended';
      readonly how: HowEnded;
      readonly exit_code: number;
    };

/** An event as it is written: numbered without gaps, timed, and tied to its invocation. */
export type EventLine = RunEvent & {
  readonly v: 1;
  readonly seq: number;
  readonly at: string;
  readonly invocation: string;
};
