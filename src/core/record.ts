// What is kept. The types are generated from schema/record.schema.json: the files, the validator and the code agree.
import type { Input, ScenarioResult as KeptResult, Output, Score } from './generated/record.ts';

export type {
  Archive as ArchiveRecord,
  ArtifactLine,
  Attempt,
  BlobBody,
  Filter as RecordedFilter,
  Invocation as InvocationRecord,
  Part as PartLine,
  RunMetadata,
  ScenarioResult as KeptResult,
  Score as ScoreRecord,
  ScoreMetadata,
  Tombstone,
  ToolCall as RecordedToolCall,
  Turn as RecordedTurn,
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

/** The newest artifact format that is read. `v` in each line is 1 in both. */
export const FORMAT_VERSION = 2;
/** What a new store is: format 2 begins with the first blob or tombstone, which readers of format 1 would misread. */
export const FIRST_FORMAT_VERSION = 1;
