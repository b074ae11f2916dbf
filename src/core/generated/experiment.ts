// Generated from schema/experiment.schema.json by `npm run generate`. Do not edit.

/**
 * How often each scenario is drawn per variant.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "runs".
 */
export type Runs = number;
/**
 * Text, or {file: path} to read it from a file.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "text".
 */
export type Text =
  | string
  | {
      file: string;
    };
/**
 * LangSmith, where LANGSMITH_API_KEY is set; false = not even then.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "langsmith".
 */
export type Langsmith =
  | {
      /**
       * The LangSmith project (default: LANGSMITH_PROJECT, else expgraph).
       */
      project?: string | null;
      /**
       * Name of the dataset that the scenarios become (default: expgraph/<name>).
       */
      dataset?: string | null;
      /**
       * Each variant is an experiment over that dataset, its runs are repetitions (default false).
       */
      experiments?: boolean;
      /**
       * Share of scenario x run that is traced, the same for all variants (default 1).
       */
      sampling?: number;
      /**
       * How much of inputs is sent (default full).
       */
      inputs?: 'full' | 'hash' | 'none';
      /**
       * How much of outputs is sent (default full).
       */
      outputs?: 'full' | 'hash' | 'none';
      /**
       * Regular expressions whose matches are replaced before anything is written, beside the built-in rules.
       *
       * @maxItems 100
       */
      redact?: (
        | string
        | {
            pattern: string;
            replace?: string;
          }
      )[];
      /**
       * Longer texts are cut in the trace, never in the record (default 65536).
       */
      max_chars?: number;
      /**
       * Whether feedback prolongs a trace's retention, which LangSmith bills (default false).
       */
      extend_retention?: boolean;
    }
  | boolean
  | null;

/**
 * An expgraph experiment: variants x scenarios x runs.
 */
export interface ExperimentFile {
  /**
   * Version of the manifest format.
   */
  version: 1;
  /**
   * A slug: results go to artifacts/<name>/.
   */
  name: string;
  /**
   * What the experiment asks. For people; never part of a key.
   */
  description?: string;
  runs?: Runs;
  /**
   * Run k sends seed + k - 1 where the provider takes a seed.
   */
  seed?: number;
  /**
   * A name under providers, or a built-in: sim, openai.
   */
  provider?: string;
  /**
   * The model id as the provider knows it.
   */
  model?: string;
  /**
   * null = do not send it (reasoning models refuse it).
   */
  temperature?: number | null;
  /**
   * null = do not send a limit.
   */
  max_output_tokens?: number | null;
  params?: Params;
  system?: Text;
  template?: Text;
  /**
   * A path (YAML or JSON) or an inline list of {name, description, parameters}.
   */
  tools?: string | Tool[];
  /**
   * > 1: the loop goes on with tool results, for so many calls of the model at most.
   */
  max_turns?: number;
  /**
   * Enters the key: variants of equal content share draws unless their salt differs.
   */
  salt?: string;
  /**
   * Globs relative to this file; a leading ! excludes.
   *
   * @minItems 1
   * @maxItems 1000
   */
  scenarios: [string, ...string[]];
  /**
   * Globs of further files that count in every key.
   *
   * @maxItems 1000
   */
  inputs?: string[];
  /**
   * The arms. Each overrides any setting of the top level.
   */
  variants: {
    [k: string]: Variant;
  };
  /**
   * Provider accounts by name. The only place where ${NAME} is replaced from the environment.
   */
  providers?: {
    [k: string]: Provider;
  };
  /**
   * Scorers (a later version).
   */
  scorers?: {
    [k: string]: unknown;
  }[];
  execution?: Execution;
  tracing?: Tracing;
}
/**
 * Passed to the API as they are.
 */
export interface Params {
  [k: string]: unknown;
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "tool".
 */
export interface Tool {
  /**
   * The function name that the model sees.
   */
  name: string;
  description?: string;
  /**
   * JSON Schema of the arguments.
   */
  parameters?: {
    [k: string]: unknown;
  };
  /**
   * Ask the API to hold the arguments to the schema.
   */
  strict?: boolean;
  /**
   * What it gives back in a tool loop (max_turns above 1): any JSON; text may hold {{arguments.x}}, {{vars.x}} and {{id}}. A scenario's tool_results go before it. Never sent as part of the tool.
   */
  result?: {
    [k: string]: unknown;
  };
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "variant".
 */
export interface Variant {
  /**
   * For people; never part of a key.
   */
  description?: string;
  runs?: Runs;
  /**
   * A name under providers, or a built-in: sim, openai.
   */
  provider?: string;
  /**
   * The model id as the provider knows it.
   */
  model?: string;
  /**
   * null = do not send it (reasoning models refuse it).
   */
  temperature?: number | null;
  /**
   * null = do not send a limit.
   */
  max_output_tokens?: number | null;
  params?: Params;
  system?: Text;
  template?: Text;
  /**
   * A path (YAML or JSON) or an inline list of {name, description, parameters}.
   */
  tools?: string | Tool[];
  /**
   * > 1: the loop goes on with tool results, for so many calls of the model at most.
   */
  max_turns?: number;
  /**
   * Enters the key: variants of equal content share draws unless their salt differs.
   */
  salt?: string;
  /**
   * One variant per combination: name[model=a,temperature=0].
   */
  matrix?: {
    /**
     * @minItems 1
     * @maxItems 100
     */
    [k: string]: [unknown, ...unknown[]];
  };
  /**
   * Own code (a later version).
   */
  use?: string;
  /**
   * Any language (a later version).
   */
  command?: string[];
  /**
   * A pytest harness (a later version).
   */
  pytest?: {
    [k: string]: unknown;
  };
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "provider".
 */
export interface Provider {
  /**
   * openai: any OpenAI-compatible endpoint. sim: the built-in simulation.
   */
  type: 'openai' | 'sim';
  /**
   * e.g. http://127.0.0.1:11434/v1
   */
  base_url?: string;
  /**
   * Name of the environment variable that holds the key.
   */
  api_key_env?: string;
  /**
   * Chat completions (default) or the responses API.
   */
  api?: 'chat' | 'responses';
  /**
   * The model of variants that name none of their own: switching provider is then one line.
   */
  model?: string;
  /**
   * Sent with each request; never recorded.
   */
  headers?: {
    [k: string]: string;
  };
  /**
   * What the account allows. Shared by all variants that use this provider.
   */
  limits?: {
    concurrency?: number;
    /**
     * Requests per minute.
     */
    rpm?: number;
    /**
     * Tokens per minute.
     */
    tpm?: number;
  };
  /**
   * USD per million tokens, by model.
   */
  pricing?: {
    [k: string]: {
      input: number;
      cached_input?: number;
      output: number;
    };
  };
  /**
   * type sim only: how the simulation behaves. Transport, never part of a key.
   */
  sim?: {
    /**
     * Median latency.
     */
    latency_ms?: number;
    /**
     * Sigma of the log-normal latency; 0 = constant.
     */
    latency_spread?: number;
    /**
     * Token bucket; beyond it 429 with Retry-After.
     */
    rate_per_s?: number;
    /**
     * Size of that bucket (default: a second's worth). The x-ratelimit headers name it as the limit.
     */
    burst?: number;
    /**
     * The same for tokens of question and answer together.
     */
    tokens_per_minute?: number;
    /**
     * Size of the bucket of tokens (default: a minute's worth).
     */
    token_burst?: number;
    /**
     * Calls at one time; beyond it 429.
     */
    max_in_flight?: number;
    /**
     * Tell the limits in x-ratelimit headers with each answer (default true).
     */
    limit_headers?: boolean;
    /**
     * Say Retry-After with a 429 (default true).
     */
    retry_after?: boolean;
    /**
     * Share of requests answered 500.
     */
    error_rate?: number;
    /**
     * Share of requests whose socket is dropped.
     */
    drop_rate?: number;
    /**
     * Share of requests never answered.
     */
    hang_rate?: number;
    /**
     * Share of answers cut in the middle.
     */
    half_json_rate?: number;
    /**
     * Share of answers that come a byte at a time.
     */
    drip_rate?: number;
    /**
     * Between two bytes of those (default 1000).
     */
    drip_ms?: number;
    /**
     * Share of answers that hold bytes that are no UTF-8.
     */
    invalid_utf8_rate?: number;
    /**
     * Share of answers whose text has huge_bytes.
     */
    huge_rate?: number;
    /**
     * Length of those (default 50000000).
     */
    huge_bytes?: number;
    /**
     * Median length of an answer's text.
     */
    answer_bytes?: number;
    /**
     * After so many requests the provider is another one.
     */
    drift?: {
      /**
       * Requests before it.
       */
      after: number;
      /**
       * Median latency from then on.
       */
      latency_ms?: number;
      /**
       * The model that answers name from then on.
       */
      served_model?: string;
    };
    /**
     * After so many requests everything fails for a while.
     */
    outage?: {
      /**
       * Requests before it.
       */
      after: number;
      /**
       * How long it takes, from the first request that it meets.
       */
      for_ms: number;
      /**
       * What it answers (default 503).
       */
      status?: number;
    };
    /**
     * Seed of latencies and faults.
     */
    seed?: number;
  };
}
/**
 * How tasks are executed. Never part of a key.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "execution".
 */
export interface Execution {
  /**
   * Calls in flight at most, over all providers (default 128). A provider without limits.concurrency starts with 16 and finds its own number below this.
   */
  concurrency?: number;
  /**
   * Retries after the first attempt (default 4).
   */
  retries?: number;
  /**
   * Per attempt: seconds, or text such as 500ms, 60s, 5m (default 60s).
   */
  timeout?: number | string;
  /**
   * Stop starting tasks when this invocation has spent it.
   */
  budget_usd?: number;
  /**
   * Worker threads (default 2; 0 = in the main thread).
   */
  workers?: number;
}
/**
 * Where traces go. Never part of a key.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "tracing".
 */
export interface Tracing {
  langsmith?: Langsmith;
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "settings".
 */
export interface Settings {
  /**
   * A name under providers, or a built-in: sim, openai.
   */
  provider?: string;
  /**
   * The model id as the provider knows it.
   */
  model?: string;
  /**
   * null = do not send it (reasoning models refuse it).
   */
  temperature?: number | null;
  /**
   * null = do not send a limit.
   */
  max_output_tokens?: number | null;
  params?: Params;
  system?: Text;
  template?: Text;
  /**
   * A path (YAML or JSON) or an inline list of {name, description, parameters}.
   */
  tools?: string | Tool[];
  /**
   * > 1: the loop goes on with tool results, for so many calls of the model at most.
   */
  max_turns?: number;
  /**
   * Enters the key: variants of equal content share draws unless their salt differs.
   */
  salt?: string;
  [k: string]: unknown;
}
