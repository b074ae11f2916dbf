// The numbers of one invocation. Field names are those of `run --json`: what is printed is what scripts read.

import type { VotesAgreement } from './agreement.ts';
import type { BatchOut } from './batch-facts.ts';
import type { KeptLimits, NewLimits } from './limit-memory.ts';

import type { UntilSummary } from './until.ts';

export type UsageTotals = {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
};

/** Answers that ended otherwise than whole. They are answers, and they count. */
export type Endings = {
  /** At a limit: of the output, or of the context. */
  readonly cut: number;
  readonly filtered: number;
  /** No content came: the text is what was thought (`output.text_from`). */
  readonly thought_only: number;
};

export type HowEnded =
  | 'complete'
  | 'incomplete'
  | 'budget-reached'
  | 'max-new-reached'
  | 'in-batches'
  | 'deadline-reached'
  | 'interrupted'
  | 'halted'
  | 'damaged';

/** One row of the summary table: a variant x run in scope, over cached and executed cells alike. */
export type SummaryRow = {
  readonly variant: string;
  readonly run: number;
  /** Cells in scope. */
  readonly scenarios: number;
  /** Of these, cells with a current completed record. */
  readonly completed: number;
  /** Executed now, whatever came of it. */
  readonly executed: number;
  readonly cached: number;
  readonly failed: number;
  readonly retries: number;
  /** Of the completed cells that tell it; null = some are completed, and none of them does. */
  readonly usage: UsageTotals | null;
  /** Completed cells that do not tell what they used. Only where there are some. */
  readonly usage_unknown?: number;
  /** null = the price of at least one record is unknown. */
  readonly cost_usd: number | null;
  /** Of the attempt that answered; null where nothing is completed. */
  readonly latency_ms: { readonly p50: number | null; readonly p95: number | null };
  /** Completed cells of which it is not known: they came in a batch, or from elsewhere. Only where there are some. */
  readonly latency_unknown?: number;
};

/** What became of the traces of an invocation by the time that it ended. */
export type LangSmithSummary = {
  readonly traces: number;
  readonly sent: number;
  /** LangSmith will never take them; `langsmith status` says why. */
  readonly rejected: number;
  /** Not sent on purpose: too old, or without their experiment. */
  readonly held: number;
  /** Waiting in artifacts/. */
  readonly left: number;
  readonly state: 'up' | 'down' | 'stopped';
  readonly why: string | null;
  readonly project: string;
  /** The project's page; null while it is not known. */
  readonly url: string | null;
};

/** One scorer's word on one variant, over the cells in scope. */
export type ScoreRow = {
  readonly scorer: string;
  readonly variant: string;
  /** Cells that have an answer and that the scorer is about. */
  readonly cells: number;
  /** Of these without a verdict: a failed scorer is a missing score, never a zero. */
  readonly missing: number;
  /** null = the scorer does not say pass or fail. */
  readonly passed: number | null;
  /** Mean score of the cells that have one; null = none has. */
  readonly mean: number | null;
  /** Cells of which it says pass or fail. */
  readonly decided: number;
  /** Cells of which it gives a number: `mean` is theirs. */
  readonly scored: number;
  /** Only of scores that the answers came with: nobody here judged them. */
  readonly precomputed?: true;
  /** Only of judges of pairs: in how many the same place was preferred in both orders. */
  readonly followed_order?: number;
};

/** `first`: hostile text, to be sanitized where it is printed. */
export type UnreadVerdicts = {
  readonly scorer: string;
  /** Judgements in scope: equal outputs have one, each vote is one. */
  readonly verdicts: number;
  readonly unread: number;
  readonly first: string;
};

/** Votes of one judge that differ in whether an answer passes, or in its label. */
export type SplitVotes = {
  readonly scorer: string;
  readonly votes: number;
  /** Cells of which more than one vote is there. */
  readonly cells: number;
  readonly disagreed: number;
  /** Of these, as many votes for as against, or two labels said equally often. */
  readonly tied: number;
};

/** What judging did and what is known now. */
export type ScoresSummary = {
  /** Judgements in scope: equal outputs have one. */
  readonly tasks: number;
  readonly executed: number;
  readonly cached: number;
  readonly failed: number;
  readonly missing: number;
  readonly attempts: number;
  readonly retries: number;
  readonly usage: UsageTotals;
  readonly cost_usd: number | null;
  readonly rows: readonly ScoreRow[];
  /** Of each judge with several votes. Only where answers have some. */
  readonly agreement?: readonly VotesAgreement[];
  /** Of each scorer that said what is no verdict. Only where there are some. */
  readonly unread?: readonly UnreadVerdicts[];
  /** Of each judge with several votes, where they are not all of one mind. Only where there are some. */
  readonly votes?: readonly SplitVotes[];
  /** Paths of scores/runs/, relative to the working folder. */
  readonly files: readonly string[];
  /** What accounts that refused judges turned out to allow. Only where there are some. */
  readonly limits_found?: readonly NewLimits[];
  /** Cells of which a scorer failed to say anything: how many, and the first of them. Only where there are some. */
  readonly not_judged?: NotPassed;
  readonly how: HowEnded;
  readonly why: string | null;
};

/** A cell that did not come out as wished: its task failed, or a scorer says so. */
export type NotPassedCell = {
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  readonly kind: 'failed' | 'not-passed';
  /** Who says so; null where the task itself failed. */
  readonly scorer: string | null;
  /** One line, as the provider or the scorer gave it: hostile text, to be sanitized where it is printed. */
  readonly reason: string;
};

/** How many cells, and what is said of the first of them: a line for each scorer that says so of a cell. */
export type NotPassed = { readonly cells: number; readonly shown: readonly NotPassedCell[] };

/** What one line of `gate:` wanted, and what was found. */
export type GateVerdict = {
  /** As the manifest writes it, each arm of a glob by its own name: `variants.applike.pass`. */
  readonly name: string;
  /** As the manifest writes it, such as `>= 0.9`. */
  readonly wanted: string;
  /**
   * What the condition looks at: the number, the bound of its interval, or the difference to what it is held against.
   * null = there is nothing to measure, or it cannot be said.
   */
  readonly found: number | null;
  readonly held: boolean;
  /** Only where it cannot be said: not all is there that it is about, and the exit code says that. */
  readonly unsaid?: true;
  /** What was wanted and what was found, in words; ends with `command` where there is one. */
  readonly sentence: string;
  /** Shows which cells made it so, or brings what is missing. Only where it does not hold. */
  readonly command?: string;
};

/** A blind review is open: rows of arms are put together, and what cannot be is left out. Exit code 5 in the place of 0. */
export type Withheld = {
  /** Ids of the reviews that are open. */
  readonly reviews: readonly string[];
  /** Since when, who can close them, and what shows it all the same: one paragraph. */
  readonly why: string;
};

/** What went to a remote, or came from it. `bytes`: of packs. */
export type Brought = {
  readonly invocations: number;
  readonly records: number;
  readonly scores: number;
  readonly bytes: number;
};

/** What a run took from its remote and gave to it; null = it did not come to that. */
export type SharedSummary = {
  readonly remote: string;
  readonly pulled: Brought | null;
  readonly pushed: Brought | null;
  /** Why not all of that was done; null = it was. */
  readonly problem: string | null;
};

export type RunSummary = {
  /** Only where the manifest has a remote, and it was not left alone. */
  readonly remote?: SharedSummary;
  /** Batches that are out when it ends. Only where there are some. */
  readonly batches?: readonly BatchOut[];
  readonly experiment: string;
  readonly invocation: string;
  /** `shard`, as `2/4`: of which shard alone this is told. */
  readonly scope: { readonly tasks: number; readonly shard?: string };
  readonly executed: number;
  readonly cached: number;
  readonly failed: number;
  readonly missing: number;
  readonly complete: boolean;
  /** Attempts and retries of this invocation. */
  readonly attempts: number;
  readonly retries: number;
  /**
   * Tokens and money that this invocation spent, every call counted once, whatever became of its task. null = there were
   * calls, and none of them told what it used.
   */
  readonly usage: UsageTotals | null;
  /** Calls that did not tell it. Only where there are some. */
  readonly usage_unknown?: number;
  /** null = of at least one call it is unknown. */
  readonly cost_usd: number | null;
  /** What is known of it. */
  readonly cost_usd_at_least: number;
  readonly duration_ms: number;
  readonly variants: readonly SummaryRow[];
  /** Paths of the view's files, relative to the working folder. */
  readonly files: readonly string[];
  /** Of the answers of this invocation. Only where there are some. */
  readonly endings?: Endings;
  /** True when the simulation played an answer in scope, as its record says: the numbers are no model's. */
  readonly simulated: boolean;
  /** All that was asked is on this machine and has no price: what cost_usd says nothing of is taken to be free. Only where it is so. */
  readonly local?: true;
  /** What accounts that refused calls turned out to allow. Only where there are some. */
  readonly limits_found?: readonly NewLimits[];
  /** Pairs of variants in scope that share every draw; only where there are some. */
  readonly twins?: readonly (readonly [string, string])[];
  /** Only where there are scorers. */
  readonly scores?: ScoresSummary;
  /** Cells in scope that failed or did not pass: how many, and the first of them. Only where there are some. */
  readonly not_passed?: NotPassed;
  /** Only where the manifest or the command line has a gate. */
  readonly gate?: readonly GateVerdict[];
  /** Only where the manifest says when runs are enough. */
  readonly until?: UntilSummary;
  /** Only where it was stopped with tasks left: the command that goes on, and how many it will draw. */
  readonly go_on?: { readonly command: string; readonly tasks: number };
  /** Only where traces were made. */
  readonly langsmith?: LangSmithSummary;
  readonly how: HowEnded;
  /** One sentence where the invocation ended early; null otherwise. */
  readonly why: string | null;
  /** Only while a blind review is open, and nobody said --unblind. */
  readonly withheld?: Withheld;
};

/** The completeness matrix of `status`. */
export type StatusSummary = {
  readonly experiment: string;
  /** As of a run: of which shard alone this is told. */
  readonly shard?: string;
  readonly complete: boolean;
  /** True when the simulation played a record in scope, as the record says. */
  readonly simulated: boolean;
  /** How many it played. */
  readonly played: number;
  /** Answers of other programs in the scope of the filters: they count for no cell, and stand in where answers are judged. */
  readonly imported: number;
  /** Batches that are out. Only where there are some. */
  readonly batches?: readonly BatchOut[];
  /** What accounts of the manifest turned out to allow, as it was last found; where the next run begins. Only where there are some. */
  readonly limits?: readonly KeptLimits[];
  readonly rows: readonly {
    readonly variant: string;
    readonly run: number;
    readonly scenarios: number;
    readonly completed: number;
    readonly stale: number;
    readonly failed: number;
    readonly missing: number;
  }[];
  /** Only while a blind review is open, and nobody said --unblind. */
  readonly withheld?: Withheld;
};
