// What is kept. The types are generated from schema/record.schema.json: the files, the validator and the code agree.
import type {
  FailedAttempt,
  Input,
  ScenarioResult as KeptResult,
  Output,
  PaidTurn,
  Score,
  TurnResults,
} from './generated/record.ts';

export type {
  Archive as ArchiveRecord,
  ArtifactLine,
  Attempt,
  BlobBody,
  FailedAttempt,
  Filter as RecordedFilter,
  Invocation as InvocationRecord,
  Paid as RecordedPaid,
  PaidTurn,
  Part as PartLine,
  RunMetadata,
  ScenarioResult as KeptResult,
  Score as ScoreRecord,
  ScoreMetadata,
  Tombstone,
  ToolCall as RecordedToolCall,
  Turn as RecordedTurn,
  TurnResults,
  Usage as RecordedUsage,
} from './generated/record.ts';

/** A whole record. As kept in a line (KeptResult) a large body is the name of a blob; whoever reads gets the body. */
export type ScenarioResult = Omit<KeptResult, 'input' | 'output'> & {
  readonly input: Input;
  readonly output: Output | null;
};

/** What a store keeps: one of draws, one of scores. */
export type AnyRecord = ScenarioResult | Score;

/** A record before the store gives it its generation and its line. */
export type Unkept<R extends AnyRecord> = R extends unknown ? Omit<R, 'generation' | 'n' | 'c'> : never;

/** A line of the log of attempts, before the store seals it. */
export type LogLine = Unsealed<PaidTurn> | Unsealed<TurnResults> | Unsealed<FailedAttempt>;
type Unsealed<Line> = Omit<Line, 'n' | 'c' | 'redacted'>;

/** The newest artifact format that is read. `v` in each line is 1 in both. */
export const FORMAT_VERSION = 2;
/** What a new store is: format 2 begins with the first blob or tombstone, which readers of format 1 would misread. */
export const FIRST_FORMAT_VERSION = 1;
