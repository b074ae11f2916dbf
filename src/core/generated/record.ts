// Generated from schema/record.schema.json by `npm run generate`. Do not edit.

/**
 * Every line of every JSONL file under runs/, history/ and scores/, and every invocation.json, is one of these.
 */
export type ArtifactLine =
  | RunMetadata
  | ScenarioResult
  | ScoreMetadata
  | Score
  | Part
  | Tombstone
  | PaidTurn
  | TurnResults
  | FailedAttempt
  | Invocation
  | Archive;
export type Digest = string;
export type Git = null | {
  commit: string;
  dirty: boolean;
};
export type Time = string;
/**
 * Gapless number of the line in its history file.
 */
export type LineNumber = number;
/**
 * First 128 bits of the SHA-256 of all bytes of the line before it. Always the last field.
 */
export type Checksum = string;
export type FailureKind =
  | 'rate-limited'
  | 'overloaded'
  | 'timeout'
  | 'network'
  | 'worker-lost'
  | 'cancelled'
  | 'inputs-changed'
  | 'undeclared-input'
  | 'invalid-response'
  | 'code-failed'
  | 'code-temporary'
  | 'code-timeout'
  | 'broken-output'
  | 'nothing-recorded'
  | 'score-failed'
  | 'unauthorized'
  | 'quota-exhausted'
  | 'bad-request'
  | 'context-exceeded'
  | 'internal';

export interface RunMetadata {
  type: 'run_metadata';
  v: 1;
  experiment: string;
  invocation: string;
  variant: string;
  run: number;
  model: string;
  provider: string;
  temperature: number | null;
  system: string | null;
  /**
   * Which of these are declared and not told by whoever sent them: null there does not say that nothing was sent. Only where the work was not ours.
   *
   * @minItems 1
   */
  unknown?: ['model' | 'temperature' | 'system', ...('model' | 'temperature' | 'system')[]];
  tools_digest: Digest;
  variant_digest: Digest;
  manifest_digest: Digest;
  git: Git;
  started_at: Time;
  filter: Filter;
  expgraph: string;
  node: string;
  /**
   * In runs/: result lines below. In history/: tasks that the invocation planned for this variant and run.
   */
  scenarios: number;
  n?: LineNumber;
  c?: Checksum;
}
/**
 * The filters of the command line; empty = everything.
 */
export interface Filter {
  variant?: string[];
  scenario?: string[];
  category?: string[];
  tag?: string[];
  runs?: number[];
  failed?: boolean;
  not_passed?: boolean;
  stale?: boolean;
  differs?: boolean;
  /**
   * Which of how many equal parts of what the others leave: 2/4.
   */
  shard?: string;
}
export interface ScenarioResult {
  type: 'scenario_result';
  v: 1;
  key: Digest;
  /**
   * 1 for the first record of a key, + 1 for each later one.
   */
  generation?: number;
  experiment: string;
  invocation: string;
  variant: string;
  scenario: string;
  category: string | null;
  run: number;
  status: 'completed' | 'failed';
  input: Input | BlobBody;
  /**
   * Files of the input whose bytes are kept as blobs, each once; absent where there are none.
   *
   * @minItems 1
   */
  media?: [BlobRef, ...BlobRef[]];
  output: null | Output | BlobBody;
  /**
   * SHA-256 of the canonical JSON of text, tool calls (name, arguments), finish_reason and, where the model refused in words of its own, refusal (not in records of before that).
   */
  output_digest: null | Digest;
  usage: null | Usage;
  /**
   * Of the answer, of every turn where there are some; of a failed record of every attempt. null = the price or the usage is unknown.
   */
  cost_usd: number | null;
  paid?: Paid;
  model: string;
  served_model: string | null;
  system_fingerprint?: string;
  provider: string;
  temperature: number | null;
  seed: number | null;
  /**
   * By what output.properties.line was read: the mapping and the version of the reader. Only where there is such a line.
   */
  reading?: string;
  /**
   * Only where nothing was drawn: another reading of the line that this earlier record keeps. Answer, usage, cost and times are that draw's; paid says 0.
   */
  reread?: {
    invocation: string;
    generation: number;
  };
  /**
   * What nobody told of this draw: null or empty there says nothing of what was sent. Only where the work was not ours.
   *
   * @minItems 1
   */
  unknown?: [
    'input' | 'model' | 'temperature' | 'seed' | 'system',
    ...('input' | 'model' | 'temperature' | 'seed' | 'system')[],
  ];
  started_at: Time;
  /**
   * From the start of the first attempt to the end of the last, waits included. null = it is not known: made elsewhere, and not told, or it waited in a batch.
   */
  duration_ms: number | null;
  /**
   * @minItems 1
   */
  attempts: [Attempt, ...Attempt[]];
  /**
   * Each call of the model, where there may be more than one: tool loops and own code.
   */
  turns?: Turn[];
  parts: {
    variant: Digest;
    scenario: Digest;
    engine: Digest;
  };
  trace: null | Trace;
  /**
   * In runs/ only: the present manifest asks for another key.
   */
  stale?: boolean;
  /**
   * In runs/ only: false = the present manifest does not hold this cell.
   */
  in_scope?: boolean;
  n?: LineNumber;
  c?: Checksum;
}
export interface Input {
  /**
   * The last user message as rendered.
   */
  prompt: string;
  messages: {
    [k: string]: unknown;
  }[];
  /**
   * Names of the scenario's own tools, which were offered in the place of the variant's; only where it brings some.
   */
  tools?: string[];
}
/**
 * Stands where a body of more than 64 kB would stand: its JSON text is the file blobs/sha256/<first two digits>/<sha256>.
 */
export interface BlobBody {
  blob: {
    sha256: Digest;
    bytes: number;
  };
}
/**
 * The file blobs/sha256/<first two digits>/<sha256>.
 */
export interface BlobRef {
  sha256: Digest;
  bytes: number;
}
export interface Output {
  text: string;
  /**
   * Only where the content was empty and the text is taken from another member of the message: reasoning_content, reasoning, thinking.
   */
  text_from?: string;
  tool_calls: ToolCall[];
  messages: {
    [k: string]: unknown;
  }[];
  finish_reason: string | null;
  /**
   * Only where the answer came with half characters (lone surrogates), which UTF-8 cannot write: the text with those as JSON escapes. text has U+FFFD in their place.
   */
  text_escaped?: string;
  refusal?: string;
  /**
   * The loop ended at max_turns while the model still called tools.
   */
  turn_limit?: true;
  /**
   * What the body held beside the answer, as it came: logprobs, provider, citations and whatever else, of the choice under choice, of usage beyond the counts under usage.
   */
  raw?: {
    [k: string]: unknown;
  };
  /**
   * What own code, a command or a test harness told beside its answer.
   */
  properties?: {
    [k: string]: unknown;
  };
}
export interface ToolCall {
  id?: string;
  name: string;
  /**
   * As parsed; {} where the model's text was not a JSON object.
   */
  arguments: {
    [k: string]: unknown;
  };
  /**
   * The model's own text, kept only where it was not a JSON object.
   */
  arguments_text?: string;
}
export interface Usage {
  input_tokens: number;
  output_tokens: number;
  total_tokens: number;
  cached_input_tokens?: number;
  /**
   * Of the input tokens, those written into the provider's prompt cache; absent = not told.
   */
  cache_write_input_tokens?: number;
  /**
   * Of these, those that are kept for an hour; absent = none, or not told.
   */
  cache_write_1h_input_tokens?: number;
  reasoning_tokens?: number;
  /**
   * What the server itself says that it charged (routers, xAI).
   */
  cost_usd?: number;
}
/**
 * What this invocation paid for the task in all, failed attempts included; absent where it is what usage and cost_usd say.
 */
export interface Paid {
  usage: Usage1;
  /**
   * null = of at least one call it is unknown.
   */
  cost_usd: number | null;
  /**
   * Only where cost_usd is null: what is known of it.
   */
  cost_usd_at_least?: number;
}
/**
 * As far as it is known.
 */
export interface Usage1 {
  input_tokens: number;
  output_tokens: number;
  total_tokens: number;
  cached_input_tokens?: number;
  /**
   * Of the input tokens, those written into the provider's prompt cache; absent = not told.
   */
  cache_write_input_tokens?: number;
  /**
   * Of these, those that are kept for an hour; absent = none, or not told.
   */
  cache_write_1h_input_tokens?: number;
  reasoning_tokens?: number;
  /**
   * What the server itself says that it charged (routers, xAI).
   */
  cost_usd?: number;
}
export interface Attempt {
  n: number;
  started_at: Time;
  /**
   * null = it is not known: made elsewhere, and not told, or it waited in a batch.
   */
  duration_ms: number | null;
  error: null | {
    kind: FailureKind;
    status: number | null;
    message: string;
  };
  request_id: string | null;
  usage?: Usage2;
  /**
   * Of an attempt that failed: the start of what came, on one line, where words alone do not explain it.
   */
  body?: string;
  /**
   * Of a score: something was said, and it is no verdict.
   */
  unread?: true;
  /**
   * Of this attempt's trace; absent where it was not traced.
   */
  trace_id?: string;
  batch?: BatchFacts;
  /**
   * What own code logged and printed, or a process wrote to stderr: the last 16,000 characters.
   */
  log?: string;
  /**
   * Who did it; only where work is spread over a queue.
   */
  worker?: string;
}
/**
 * Of an attempt that failed: what the answer that was none says that it took.
 */
export interface Usage2 {
  input_tokens: number;
  output_tokens: number;
  total_tokens: number;
  cached_input_tokens?: number;
  /**
   * Of the input tokens, those written into the provider's prompt cache; absent = not told.
   */
  cache_write_input_tokens?: number;
  /**
   * Of these, those that are kept for an hour; absent = none, or not told.
   */
  cache_write_1h_input_tokens?: number;
  reasoning_tokens?: number;
  /**
   * What the server itself says that it charged (routers, xAI).
   */
  cost_usd?: number;
}
/**
 * Of an answer that came in a batch of the provider: how long the model took for it is not known, so the attempt has no duration.
 */
export interface BatchFacts {
  /**
   * The provider's id of the batch.
   */
  id: string;
  /**
   * Its custom_id there.
   */
  item: string;
  /**
   * When the provider took the batch.
   */
  submitted_at: string;
  /**
   * When its answers were fetched.
   */
  collected_at: string;
}
/**
 * One call of the model in a tool loop, and what the tools that it called gave back.
 */
export interface Turn {
  n: number;
  started_at: Time;
  /**
   * Tools included.
   */
  duration_ms: number;
  finish_reason: string | null;
  usage: null | Usage;
  request_id: string | null;
  tool_results: ToolResult[];
  /**
   * As output.raw; of the last turn it is there.
   */
  raw?: {
    [k: string]: unknown;
  };
  /**
   * Only where the server had refused what was said back by the rules: members that were said back to it beside them, or, with a minus, left out.
   */
  repaired?: string[];
  /**
   * Only where an earlier invocation paid for this turn: which one.
   */
  invocation?: string;
  /**
   * Only of failed records, which have no output: what the model said and what it was told.
   */
  messages?: {
    [k: string]: unknown;
  }[];
  /**
   * Only of failed records, and of calls that the recording proxy saw.
   */
  tool_calls?: ToolCall[];
  /**
   * Only of calls that the recording proxy saw: the model that was asked.
   */
  model?: string;
}
/**
 * What a tool gave back; its text stands in output.messages.
 */
export interface ToolResult {
  id?: string;
  name: string;
  /**
   * Where it came from; none = an error that the model was told.
   */
  source: 'scenario' | 'tool' | 'handler' | 'mcp' | 'none';
  error?: 'unknown-tool' | 'invalid-arguments' | 'no-result' | 'tool-failed';
}
export interface Trace {
  /**
   * The root span of the attempt that this result is of.
   */
  langsmith_run_id: string;
  /**
   * The LangSmith project that it was sent to.
   */
  project?: string;
  /**
   * Id of the LangSmith experiment that it counts in; absent for a plain trace.
   */
  experiment?: string;
  /**
   * The trace that the harness's own tools made of the same item (@pytest.mark.langsmith): a root of their experiment.
   */
  harness?: {
    run_id: string;
    session_id?: string;
    started_at?: string;
    [k: string]: unknown;
  };
  [k: string]: unknown;
}
/**
 * First line of a file of scores.
 */
export interface ScoreMetadata {
  type: 'score_metadata';
  v: 1;
  experiment: string;
  invocation: string;
  scorer: string;
  kind: string;
  scorer_digest: Digest;
  manifest_digest: Digest;
  git: Git;
  started_at: Time;
  filter: Filter;
  expgraph: string;
  node: string;
  n?: LineNumber;
  c?: Checksum;
}
/**
 * What a scorer said of one output. Its key is made of the scorer, of what is expected and of the output's digest: whatever cell has that output has this score.
 */
export interface Score {
  type: 'score';
  v: 1;
  key: Digest;
  generation?: number;
  experiment: string;
  invocation: string;
  scorer: string;
  kind: string;
  /**
   * Of a judge with several votes; 1 for everybody else.
   */
  vote: number;
  scenario: string;
  category: string | null;
  /**
   * With run: the first cell that had this output. Others may share the score.
   */
  variant: string;
  run: number;
  /**
   * A failed score is a missing one: score, passed and label are null.
   */
  status: 'completed' | 'failed';
  output_digest: Digest;
  score: number | null;
  passed: boolean | null;
  /**
   * Of rules and judges: what passed was held against; null = the scorer said itself whether it passes. Tables hold it against the threshold of the manifest.
   */
  pass_at?: number | null;
  label: string | null;
  reason: string | null;
  details?: {
    [k: string]: unknown;
  };
  usage: null | Usage;
  /**
   * 0 where no model is asked; null = the price or the usage is unknown.
   */
  cost_usd: number | null;
  paid?: Paid;
  /**
   * The judge's; null where no model is asked.
   */
  model: string | null;
  served_model: string | null;
  provider: string | null;
  started_at: Time;
  duration_ms: number;
  /**
   * @minItems 1
   */
  attempts: [Attempt, ...Attempt[]];
  /**
   * variant: what the scorer is; scenario: what of the scenario it sees; engine: who judges.
   */
  parts: {
    variant: Digest;
    scenario: Digest;
    engine: Digest;
  };
  n?: LineNumber;
  c?: Checksum;
}
/**
 * The content behind a digest of a record's parts: the preimage of the key, kept so that a change can be explained.
 */
export interface Part {
  type: 'part';
  v: 1;
  part: 'variant' | 'scenario' | 'engine';
  digest: Digest;
  /**
   * Or a blobBody, where it is over 64 kB.
   */
  content: {
    [k: string]: unknown;
  };
  /**
   * A secret of the environment was taken out of the content: it no longer gives the digest.
   */
  redacted?: boolean;
  n: LineNumber;
  c: Checksum;
}
/**
 * Stands where a record stood that gc moved to archive/: what it was, and where its line is now.
 */
export interface Tombstone {
  type: 'tombstone';
  v: 1;
  key: Digest;
  generation: number;
  experiment: string;
  invocation: string;
  variant: string;
  scenario: string;
  category: string | null;
  run: number;
  status: 'completed' | 'failed';
  output_digest: null | Digest;
  usage: null | Usage;
  cost_usd: number | null;
  /**
   * Of the attempt that answered.
   */
  latency_ms: number | null;
  served_model: string | null;
  started_at: Time;
  /**
   * How many there were.
   */
  attempts: number;
  parts: {
    variant: Digest;
    scenario: Digest;
    engine: Digest;
  };
  archived_at: Time;
  /**
   * Name of the folder in archive/.
   */
  archive: string;
  /**
   * Length of the record's line without its line end.
   */
  record_bytes: number;
  record_c: Checksum;
  n: LineNumber;
  c: Checksum;
}
/**
 * A line of attempts.jsonl: a call of a conversation, of own code, or of an attempt that failed, that was answered or may be charged. Written as it comes, before the task has a record.
 */
export interface PaidTurn {
  type: 'turn';
  v: 1;
  key: Digest;
  variant: string;
  scenario: string;
  run: number;
  attempt: number;
  /**
   * Its number in the conversation; of own code in the attempt.
   */
  turn: number;
  started_at: Time;
  duration_ms: number;
  request_id: string | null;
  model: string;
  served_model: string | null;
  finish_reason: string | null;
  usage: null | Usage;
  /**
   * null = the price or the usage is unknown.
   */
  cost_usd: number | null;
  /**
   * What the model said, in the provider's own form.
   */
  messages: {
    [k: string]: unknown;
  }[];
  tool_calls: ToolCall[];
  raw?: {
    [k: string]: unknown;
  };
  /**
   * Of own code's call that failed and may be charged.
   */
  error?: {
    kind: FailureKind;
    status: number | null;
    message: string;
  };
  /**
   * As in a record's turns.
   */
  repaired?: string[];
  /**
   * A call of own code or of a judge: recorded and counted, and never gone on from.
   */
  own_code?: true;
  /**
   * It came after its attempt had been given up (another one may be at work: it is never gone on from), or after a stop that waits for nothing. Its record does not count it.
   */
  late?: 'given-up' | 'stopped';
  /**
   * A secret of the environment was taken out: no conversation goes on from here.
   */
  redacted?: true;
  n: LineNumber;
  c: Checksum;
}
/**
 * A line of attempts.jsonl: what the tools gave back that a turn before it had called.
 */
export interface TurnResults {
  type: 'results';
  v: 1;
  key: Digest;
  variant: string;
  scenario: string;
  run: number;
  attempt: number;
  turn: number;
  /**
   * What the model is told, in the provider's own form.
   */
  messages: {
    [k: string]: unknown;
  }[];
  tool_results: ToolResult[];
  late?: 'given-up' | 'stopped';
  /**
   * A secret of the environment was taken out: no conversation goes on from here.
   */
  redacted?: true;
  n: LineNumber;
  c: Checksum;
}
/**
 * A line of attempts.jsonl: an attempt of a task that failed or was cancelled. Written before it is told.
 */
export interface FailedAttempt {
  type: 'attempt';
  v: 1;
  key: Digest;
  variant: string;
  scenario: string;
  run: number;
  attempt: number;
  started_at: Time;
  duration_ms: number | null;
  request_id: string | null;
  error: {
    kind: FailureKind;
    status: number | null;
    message: string;
  };
  /**
   * Of the call that failed, beside turns that have lines of their own: 0 = nothing is charged for it, null = it may have been charged.
   */
  cost_usd: number | null;
  usage?: Usage;
  body?: string;
  trace_id?: string;
  batch?: BatchFacts;
  log?: string;
  worker?: string;
  /**
   * A secret of the environment was taken out: no conversation goes on from here.
   */
  redacted?: true;
  n: LineNumber;
  c: Checksum;
}
export interface Invocation {
  type: 'invocation';
  v: 1;
  invocation: string;
  experiment: string;
  argv: string[];
  /**
   * Only of an import: the file that the records are of.
   */
  imported?: {
    /**
     * Its name, without its folder; of a folder and of several files their names.
     */
    file: string;
    sha256: Digest;
    format: 'jsonl' | 'json' | 'csv' | 'inspect' | 'promptfoo' | 'expgraph' | 'mixed';
  };
  filter: Filter;
  force: boolean;
  /**
   * The manifest as resolved, without values of the environment.
   */
  manifest: {
    [k: string]: unknown;
  };
  manifest_digest: Digest;
  /**
   * Only where a list of prices says what models cost: by what its costs were reckoned.
   */
  prices?: {
    lists: {
      provider: string;
      /**
       * file: the manifest's prices. shipped: the list that came with this expgraph.
       */
      from: 'file' | 'shipped';
      source: string;
      /**
       * The day on which they were looked up; null = not told.
       */
      date: string | null;
      digest: Digest;
    }[];
    /**
     * Of variants and scorers, in USD per million tokens.
     */
    models: {
      provider: string;
      model: string;
      /**
       * The id that the list has it under.
       */
      line: string;
      /**
       * Which of the lists.
       */
      digest: string;
      input: number;
      cached_input?: number | null;
      cache_write?: number;
      cache_write_1h?: number;
      output: number;
      /**
       * What a call in a batch costs of it; left out = half.
       */
      batch?: number;
      above?: {
        [k: string]: unknown;
      };
      [k: string]: unknown;
    }[];
  };
  git: Git;
  expgraph: string;
  node: string;
  platform: string;
  /**
   * Only where a package of the project asks models: the exact version of each, by its name.
   */
  packages?: {
    [k: string]: string;
  };
  started_at: Time;
  ended_at: null | Time;
  /**
   * How it ended; running in a folder whose invocation is over means that it was killed.
   */
  how:
    | 'running'
    | 'complete'
    | 'incomplete'
    | 'budget-reached'
    | 'max-new-reached'
    | 'in-batches'
    | 'deadline-reached'
    | 'interrupted'
    | 'halted'
    | 'damaged';
  /**
   * The sentence why it ended so, figures and signal included; null where it is complete. Absent while it runs, and where an earlier version kept it.
   */
  why?: string | null;
  exit_code: number | null;
  /**
   * Only where the manifest has until: the look that was taken when it ended, as run --json tells it (docs/until.md).
   */
  until?: {
    goal:
      | {
          half_width: number;
        }
      | {
          decided: number;
        };
    metric: 'score' | 'pass';
    /**
     * One after this many runs, and one after each further one up to the last.
     */
    looks: {
      first: number;
      last: number;
    };
    questions: {
      first: string;
      second: string | null;
      runs: number;
      scenarios: number;
      estimate: number;
      low: number;
      high: number;
      half_width: number;
      /**
       * Of this look alone.
       */
      p: number | null;
      /**
       * What p may be at most.
       */
      level: number;
      state: 'narrow' | 'found' | 'smaller' | 'open' | 'last' | 'scenarios-vary' | 'runs-short';
      /**
       * Scenarios or runs that would do, roughly.
       */
      needs: number | null;
    }[];
    /**
     * Why no look could be taken.
     */
    waits: string | null;
    /**
     * What is drawn next; null = nothing.
     */
    next: null | {
      run: number;
      variants: string[];
      tasks: number;
    };
  };
  totals: {
    tasks: number;
    executed: number;
    cached: number;
    failed: number;
    missing: number;
    attempts: number;
    retries: number;
    /**
     * As far as it is known; null = there were calls, and none of them told it.
     */
    usage: null | Usage;
    cost_usd: number | null;
    duration_ms: number;
    /**
     * Answers of this invocation that ended otherwise than whole. Absent where there are none.
     */
    endings?: {
      cut: number;
      filtered: number;
      thought_only: number;
    };
    /**
     * What is known of the cost where cost_usd is null.
     */
    cost_usd_at_least?: number;
  };
}
/**
 * archive/<id>/archive.json: written when every line and blob of the archive is durable, before a line of the history is touched.
 */
export interface Archive {
  type: 'archive';
  v: 1;
  archive: string;
  archived_at: Time;
  argv: string[];
  records: number;
  bytes: number;
  blobs: number;
  expgraph: string;
}
