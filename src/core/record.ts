// What is kept. The types are generated from schema/record.schema.json: the files, the validator and the code agree.
export type {
  ArtifactLine,
  Attempt,
  Filter as RecordedFilter,
  Invocation as InvocationRecord,
  Part as PartLine,
  RunMetadata,
  ScenarioResult,
  ToolCall as RecordedToolCall,
  Usage as RecordedUsage,
} from './generated/record.ts';

/** The version of the artifact format: VERSION, and `v` in each line. */
export const FORMAT_VERSION = 1;
