// Generated from schema/experiment.schema.json by `npm run generate`. Do not edit.

/**
 * How often each scenario is drawn per variant.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "runs".
 */
export type Runs = number;
/**
 * The form of the answer, on every wire: json (any JSON object), or {schema, name, description, strict}; null = text.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "responseFormat".
 */
export type ResponseFormat =
  | ('json' | null)
  | {
      /**
       * The JSON Schema, or the path of a JSON or YAML file with it.
       */
      schema:
        | {
            [k: string]: unknown;
          }
        | string;
      /**
       * What the model is told that it is called (default: answer).
       */
      name?: string;
      /**
       * Told to the model where the wire has a place for it.
       */
      description?: string;
      /**
       * Ask the API to hold the answer to the schema (default: as the API has it).
       */
      strict?: boolean;
    };
/**
 * @minItems 1
 * @maxItems 1000
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "argv".
 */
export type Argv = [string, ...string[]];
/**
 * Names of variables that the process is given from your environment: keys, for example. Their values count in no key and are written nowhere.
 *
 * @maxItems 1000
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "passEnv".
 */
export type PassEnv = string[];
/**
 * A file of variables (.env) that the process is given, relative to the experiment's folder. Variables of pass_env that are set in your environment and those of env go before it. Its values count in no key and are written nowhere.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "envFile".
 */
export type EnvFile = string;
/**
 * Record what the harness's own clients ask and are answered: a proxy on loopback, to which the usual variables (OPENAI_BASE_URL, ANTHROPIC_BASE_URL, ...) point. true, or {replay}. It counts in no key.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "proxy".
 */
export type Proxy =
  | boolean
  | {
      /**
       * Requests that are byte for byte those of the kept draw of this cell are answered from it, as long as they are (default false).
       */
      replay?: boolean;
    };
/**
 * Seconds, or text such as 500ms, 60s, 5m.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "duration".
 */
export type Duration = number | string;
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "column".
 */
export type Column = string;
/**
 * A program of any language: JSON on stdin, a JSON result on stdout.
 *
 * @minItems 1
 * @maxItems 1000
 */
export type Argv1 = [string, ...string[]];
/**
 * The tool's name, or { name, arguments }. Arguments by dotted path: a plain value, or checks such as { contains: ... }; {{title}} stands for a field of the expectation.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "intentTool".
 */
export type IntentTool =
  | string
  | {
      /**
       * The tool's name.
       */
      name: string;
      /**
       * What is held against its arguments, by dotted path.
       */
      arguments?: {
        [k: string]: unknown;
      };
    };
/**
 * What the simulation answers: id or glob of a scenario -> the answer, or the path of a YAML or JSON file with such a map.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simAnswersOrFile".
 */
export type SimAnswersOrFile = string | SimAnswers;
/**
 * A text, a list with one answer per run, or {text, tool_calls}, {turns}, {error}, {likely}, {variants}.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simAnswer".
 */
export type SimAnswer = string | number | boolean | [SimRun, ...SimRun[]] | SimAnswerParts;
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simRun".
 */
export type SimRun = string | number | boolean | SimRunParts;
/**
 * @minItems 1
 * @maxItems 100
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simCalls".
 */
export type SimCalls = [
  {
    name: string;
    arguments?: {
      [k: string]: unknown;
    };
  },
  ...{
    name: string;
    arguments?: {
      [k: string]: unknown;
    };
  }[],
];
/**
 * An HTTP status in the place of an answer, or {status, message}.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simError".
 */
export type SimError =
  | number
  | {
      status: number;
      message?: string;
    };
/**
 * Answer by answer of one conversation: a tool loop is answered with the first, then with the second, ...
 *
 * @minItems 1
 * @maxItems 1000
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simTurns".
 */
export type SimTurns = [SimTurn, ...SimTurn[]];
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simTurn".
 */
export type SimTurn = string | number | boolean | SimTurnParts;
/**
 * What a model would say more or less often: each draw takes one by weight, at temperature 0 always the heaviest. Never part of a key.
 *
 * @minItems 1
 * @maxItems 1000
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simLikely".
 */
export type SimLikely = [
  string | number | boolean | SimLikelyParts,
  ...(string | number | boolean | SimLikelyParts)[],
];
/**
 * A glob, or a list of which one has to match.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "globs".
 */
export type Globs = string | [string, ...string[]];
/**
 * Default: passed, xpassed.
 *
 * @maxItems 5
 */
export type TestOutcomes = ('passed' | 'failed' | 'skipped' | 'xfailed' | 'xpassed')[];
/**
 * Default: failed. What is in neither list is told by its name alone.
 *
 * @maxItems 5
 */
export type TestOutcomes1 = ('passed' | 'failed' | 'skipped' | 'xfailed' | 'xpassed')[];
/**
 * A model that judges. Everything here counts in the keys of its scores.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "judge".
 */
export type Judge = {
  /**
   * A name under providers, or a built-in (default: the experiment's).
   */
  provider?: string;
  /**
   * Default: the experiment's, where the provider is the experiment's too.
   */
  model?: string;
  /**
   * Default 0; null = do not send it.
   */
  temperature?: number | null;
  /**
   * null = do not send a limit (default).
   */
  max_output_tokens?: number | null;
  /**
   * Passed to the API as they are.
   */
  params?: {
    [k: string]: unknown;
  };
  /**
   * Sent where the provider takes one (default: none).
   */
  seed?: number | null;
  system?: Text;
  prompt?: Text;
  rubric?: Text;
  /**
   * The categories that it chooses from, each with its score 0..1 (default: it gives a number 0..1).
   */
  choices?: {
    [k: string]: number;
  };
  /**
   * Independent judgements of one output (default 1).
   */
  votes?: number;
  /**
   * A variant: each answer is held against its answer to the same scenario and run, in both orders, and scores 1 where it is preferred in both, 0 where in neither, 0.5 otherwise. The prompt reads {{first}} and {{second}}.
   */
  pairwise?: string;
} | null;
/**
 * Text, or {file: path} to read it from a file.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "text".
 */
export type Text = string | TextFile;
/**
 * How near the answer's text is to a reference, as a provider's embeddings have it: the cosine of the two, 0..1. Everything here counts in the keys of its scores.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "embedding".
 */
export type Embedding = {
  /**
   * A name under providers, or a built-in (default: the experiment's).
   */
  provider?: string;
  /**
   * The embedding model's id as the provider knows it.
   */
  model: string;
  /**
   * For all scenarios (default: each scenario's expect.embedding, or the text that it expects).
   */
  reference?: string;
  /**
   * Sent where the provider takes it.
   */
  dimensions?: number;
  /**
   * Passed to the API as they are.
   */
  params?: {
    [k: string]: unknown;
  };
} | null;
/**
 * A program of any language: JSON on stdin, a verdict as JSON on stdout.
 *
 * @minItems 1
 * @maxItems 1000
 */
export type Argv2 = [string, ...string[]];
/**
 * A condition (>= 0.9; no worse than baseline by 0.05; better than previous; with ", 95%" of the interval), or a list of which all have to hold.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "gateConditions".
 */
export type GateConditions = string | [string, ...string[]];
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
       * Whether `langsmith sync` uploads a result once more, into its experiment, whose trace is in the project already (default true). LangSmith bills each trace.
       */
      second_roots?: boolean;
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
       * Whether spans have metadata (default full). Without it nothing can be filtered by variant or run but by tags.
       */
      metadata?: 'full' | 'none';
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
 * @maxItems 5
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "testOutcomes".
 */
export type TestOutcomes2 = ('passed' | 'failed' | 'skipped' | 'xfailed' | 'xpassed')[];
/**
 * The day on which the prices were looked up: 2026-11-20.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "day".
 */
export type Day = string;
/**
 * Where they are from: an address, or words.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "price-source".
 */
export type PriceSource = string;
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "envName".
 */
export type EnvName = string;

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
  /**
   * Text, {file: path}, or null for none. {{vars.x}}, {{input}}, {{id}} and {{category}} are filled from the scenario, {{!x}} is sent as {{x}}.
   */
  system?: string | TextFile | null;
  /**
   * What becomes of a scenario: text, {file: path}, or a list of chat messages {role, content}; {file: prompt.json} and .yaml may hold such a list. {{input}} (the default), {{vars.x}}, {{id}}, {{category}}; {{!x}} is sent as {{x}}.
   */
  template?: string | TextFile | [Message, ...Message[]];
  /**
   * A path (YAML or JSON) or an inline list of {name, description, parameters}.
   */
  tools?: string | Tool[];
  response_format?: ResponseFormat;
  /**
   * > 1: the loop goes on with tool results, for so many calls of the model at most.
   */
  max_turns?: number;
  /**
   * Enters the key: variants of equal content share draws unless their salt differs.
   */
  salt?: string;
  mcp?: Mcp;
  pytest?: Pytest;
  /**
   * Steps that run once before the tasks, and again when what they read has changed. What they make counts in every key.
   *
   * @maxItems 100
   */
  prepare?: PrepareStep[];
  /**
   * Globs relative to this file; a leading ! excludes. Files of other tools: { files, map }, alone or as an item.
   */
  scenarios: [string | ScenarioFiles, ...(string | ScenarioFiles)[]] | ScenarioFiles;
  /**
   * Globs of further files that count in every key.
   *
   * @maxItems 1000
   */
  inputs?: string[];
  /**
   * Whether an attempt fails that read a file of this folder which nobody declared (inputs, code, prepare). Default: it fails where CI=true, elsewhere it is a warning.
   */
  strict_inputs?: boolean;
  /**
   * The arms. Each overrides any setting of the top level.
   */
  variants: {
    [k: string]: Variant;
  };
  /**
   * What the variants differ in on purpose: settings such as tools, system or params.top_p. Any other difference between them is warned of. What a matrix varies counts by itself.
   *
   * @maxItems 100
   */
  varies?: string[];
  /**
   * What each intent of the scenarios' expectations is in the tools of each variant: a map, or the path of a file that holds it.
   */
  expects_tools?: string | Intents;
  /**
   * Provider accounts by name. The only place where ${NAME} is replaced from the environment.
   */
  providers?: {
    [k: string]: Provider;
  };
  /**
   * A file of prices, which stands before the list that expgraph ships: YAML or JSON with sellers, or LiteLLM's JSON. Never part of a key.
   */
  prices?: string;
  /**
   * Where results are shared with other machines: s3://bucket/prefix, file:///share/results or https://host/results, or a map with its url (docs/remotes.md). Never part of a key.
   */
  remote?: string | Remote;
  /**
   * What every provider of type sim answers that has no answers of its own.
   */
  sim?: {
    answers?: SimAnswersOrFile;
  };
  /**
   * What judges the answers: a kind by its name (- tool_calls), or a map with one kind and its options. None: one is made of what the scenarios expect.
   *
   * @maxItems 100
   */
  scorers?: (string | Scorer)[];
  /**
   * What scenarios belong to at a level above them, as vars.customer or category: scenarios of one customer are not independent, so compare counts customers. A scenario that does not say it stands for itself. Never part of a key.
   */
  cluster?: string;
  /**
   * What has to be true of the results, by what is measured: { pass: ">= 0.9", "variants.applike.pass": "no worse than baseline by 0.05", cost: "<= 0.5" }. Otherwise run, score and compare exit with 6 (docs/gates.md). Never part of a key.
   */
  gate?: {
    [k: string]: GateConditions;
  };
  /**
   * Draws one more run of every scenario at a time until a goal is reached, and keeps its promise however often it looks: { half_width: 0.05, max_runs: 10 } or { decided: 0.1, max_runs: 10 } (docs/until.md). "runs" is what is drawn before the first look. Never part of a key.
   */
  until?: {
    /**
     * Enough when the interval of every difference, or of the one arm, is at most so far from its middle: 0.05 is +-0.05.
     */
    half_width?: number;
    /**
     * Enough when every difference is found, or shown to be smaller than this.
     */
    decided?: number;
    /**
     * Of each scenario and variant, at most.
     */
    max_runs: number;
    /**
     * What is looked at. Default: score.
     */
    metric?: 'score' | 'pass';
    /**
     * Names or globs: arms that are drawn further, each compared with the first. Default: all.
     *
     * @minItems 1
     * @maxItems 1000
     */
    variants?: [string, ...string[]];
  };
  /**
   * How people judge the answers, blind: what they are asked, what their labels mean, who reads how much (docs/review.md). Written before anybody reads. Never part of a key.
   */
  review?: {
    /**
     * What is judged, by name, each with the question that readers answer. The first is the primary one: any gap in it is settled by a third.
     */
    dimensions: {
      [k: string]: string;
    };
    /**
     * What a reader may say of each dimension: a value, and the sentence that says when it is meant. Not with mode: pair.
     */
    labels?: {
      [k: string]: number | ReviewLabel;
    };
    /**
     * When an answer passes: "no LABEL" (no dimension has it) or "all LABEL" (each is at least it). Default: no label of the least value.
     */
    pass?: string;
    /**
     * How many read what is read by all. Default: 2.
     */
    reviewers?: number;
    /**
     * Share of the cards that all of them read; the rest is divided. Default: 0.2.
     */
    overlap?: number;
    /**
     * single: one answer a card. pair: two of different arms, which is better. Default: single.
     */
    mode?: 'single' | 'pair';
    /**
     * What readers are not shown. variant, run, tokens and latency always are hidden; tools: names of tools; arguments: names of their arguments, calls are shown as intents (expects_tools) where these map them. Default: [variant, run, tokens, latency, tools].
     *
     * @maxItems 6
     */
    mask?: ('variant' | 'run' | 'tokens' | 'latency' | 'tools' | 'arguments')[];
    /**
     * Cards of a scenario one after the other, or apart with the arms in balance; each reader has an order of his own. Default: shuffled.
     */
    order?: 'by-scenario' | 'shuffled';
    /**
     * Share of a reader's cards that he is shown a second time. Default: 0.05.
     */
    repeats?: number;
  };
  execution?: Execution;
  artifacts?: Artifacts;
  watch?: Watch;
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
 * via the `definition` "textFile".
 */
export interface TextFile {
  file: string;
}
/**
 * One chat message; members beside role and content are sent as they are.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "message".
 */
export interface Message {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  content:
    | string
    | {
        [k: string]: unknown;
      }[]
    | null;
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
 * An MCP server whose tools the model is offered: {command: [...]} started for each attempt, or {url}.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "mcp".
 */
export interface Mcp {
  command?: Argv;
  /**
   * Streamable HTTP.
   */
  url?: string;
  env?: Env;
  pass_env?: PassEnv;
  /**
   * Only these of its tools (default: all).
   *
   * @minItems 1
   * @maxItems 1000
   */
  tools?: [string, ...string[]];
}
/**
 * Variables that the process is given; they count in the key. Beside them it gets PATH, HOME, LANG, TMPDIR and little else.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "env".
 */
export interface Env {
  [k: string]: string;
}
/**
 * A pytest harness, as it is: its items are the cells.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "pytest".
 */
export interface Pytest {
  /**
   * Test files or folders.
   */
  path: string | [string, ...string[]];
  /**
   * The interpreter (default python3).
   */
  python?: string;
  /**
   * Further arguments of pytest, e.g. [-k, fast, -n, '4'].
   *
   * @maxItems 100
   */
  args?: string[];
  /**
   * Where the harness keeps its variants: a parameter, a marker's first argument, or an environment variable. A bare word means the name variant (VARIANT for env).
   */
  variants_from?:
    | ('param' | 'marker' | 'env')
    | {
        param?: string;
        marker?: string;
        env?: string;
      };
  /**
   * The parameter that names the scenario (default: all that are left).
   */
  scenario_param?: string;
  /**
   * Where the harness counts its runs by itself, if not by pytest-repeat: a parameter of whole numbers, {param: rep}. It is the run, and no part of the scenario.
   */
  runs_from?: {
    param: string;
  };
  /**
   * Where the harness writes its own JSON lines: a glob, or {files, fields}.
   */
  collect?:
    | string
    | {
        files: string;
        /**
         * What their first run is called (default: 0 where a line of theirs says 0, else 1).
         */
        runs_from?: 0 | 1;
        /**
         * Our name: a path in theirs, e.g. {text: traj[-1].content, scenario: case}.
         */
        fields?: {
          [k: string]: string;
        };
      };
  /**
   * What a test is that passed and recorded nothing: no text, no call, no line (default: failed).
   */
  empty?: 'failed' | 'allowed';
  /**
   * Items that one process is given at most (default 500).
   */
  batch?: number;
  /**
   * How long pytest may take to end by itself once its last item is done: sessionfinish, atexit, threads (default 60s). Then it is ended.
   */
  end_timeout?: number | string;
  env?: Env;
  pass_env?: PassEnv;
  env_file?: EnvFile;
  proxy?: Proxy;
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "prepareStep".
 */
export interface PrepareStep {
  command: Argv;
  /**
   * Globs of what it reads.
   *
   * @maxItems 1000
   */
  inputs?: string[];
  /**
   * Globs of what it makes.
   *
   * @minItems 1
   * @maxItems 1000
   */
  outputs: [string, ...string[]];
  env?: Env;
  pass_env?: PassEnv;
  timeout?: Duration;
}
/**
 * Files whose columns have other names.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "scenarioFiles".
 */
export interface ScenarioFiles {
  /**
   * A glob, or a list of globs.
   */
  files: string | [string, ...string[]];
  map?: ScenarioMap;
}
/**
 * Field of a scenario -> column of the file, or a path into it: question, inputs.question, messages[0].content. Columns that are not named are left alone.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "scenarioMap".
 */
export interface ScenarioMap {
  /**
   * Without one, ids are made from what the model is asked.
   */
  id?: string;
  input?: Column;
  category?: Column;
  tags?: Column;
  description?: Column;
  /**
   * Name of the variable -> column.
   */
  vars?: {
    [k: string]: Column;
  };
  /**
   * The column that holds what is expected, or rule -> column: { contains: target }.
   */
  expect?:
    | string
    | {
        [k: string]: Column;
      };
  tools?: Column;
  tool_results?: Column;
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
  /**
   * Text, {file: path}, or null for none. {{vars.x}}, {{input}}, {{id}} and {{category}} are filled from the scenario, {{!x}} is sent as {{x}}.
   */
  system?: string | TextFile | null;
  /**
   * What becomes of a scenario: text, {file: path}, or a list of chat messages {role, content}; {file: prompt.json} and .yaml may hold such a list. {{input}} (the default), {{vars.x}}, {{id}}, {{category}}; {{!x}} is sent as {{x}}.
   */
  template?: string | TextFile | [Message, ...Message[]];
  /**
   * A path (YAML or JSON) or an inline list of {name, description, parameters}.
   */
  tools?: string | Tool[];
  response_format?: ResponseFormat;
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
  mcp?: Mcp;
  /**
   * Own code: a TypeScript or JavaScript module whose default export is defineVariant({...}).
   */
  use?: string;
  command?: Argv1;
  /**
   * command only. once (default): a process an attempt. stream: processes that stay and serve many tasks, JSON lines both ways.
   */
  protocol?: 'once' | 'stream';
  env?: Env;
  pass_env?: PassEnv;
  env_file?: EnvFile;
  /**
   * command only: processes at one time (default 8).
   */
  processes?: number;
  /**
   * use and protocol stream only: tasks that one thread or process is given at a time (default 1). Own code says with it that its attempts may run side by side in one module.
   */
  in_flight?: number;
  pytest?: Pytest;
  /**
   * What the harness calls this variant (default: its name).
   */
  pytest_variant?: string;
  proxy?: Proxy;
}
/**
 * By intent, then by variant (a name or a glob).
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "intents".
 */
export interface Intents {
  [k: string]: IntentTools;
}
/**
 * By variant: the tool that means the intent there.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "intentTools".
 */
export interface IntentTools {
  [k: string]: IntentTool;
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "provider".
 */
export interface Provider {
  /**
   * openai: any OpenAI-compatible endpoint. sim: the built-in simulation. none: no account, for own code and programs that need none from expgraph. anthropic: Claude by Anthropic, by the package @ai-sdk/anthropic. google: Gemini by Google, by the package @ai-sdk/google. mistral: Mistral, by the package @ai-sdk/mistral. bedrock: Amazon Bedrock, by the package @ai-sdk/amazon-bedrock. azure: Azure OpenAI, by the package @ai-sdk/azure. groq: Groq, by the package @ai-sdk/groq. xai: Grok by xAI, by the package @ai-sdk/xai. cohere: Cohere, by the package @ai-sdk/cohere. deepseek: DeepSeek, by the package @ai-sdk/deepseek. ai-sdk: any package of the AI SDK's provider specification (package, create, options).
   */
  type:
    | 'openai'
    | 'sim'
    | 'none'
    | 'anthropic'
    | 'google'
    | 'mistral'
    | 'bedrock'
    | 'azure'
    | 'groq'
    | 'xai'
    | 'cohere'
    | 'deepseek'
    | 'ai-sdk';
  /**
   * e.g. http://127.0.0.1:11434/v1. {model} in its path is filled in from each request: https://x.openai.azure.com/openai/deployments/{model}
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
   * type ai-sdk only: a package of the AI SDK's provider specification that this project installs, or a module of it (./my-provider.ts).
   */
  package?: string;
  /**
   * type ai-sdk only: the function of the package that makes a provider of settings, e.g. createAcme.
   */
  create?: string;
  /**
   * Types of the AI SDK only: settings of the package beside address, key and headers, e.g. { region: eu-central-1 }. ${NAME} is replaced in its texts.
   */
  options?: {
    [k: string]: unknown;
  };
  /**
   * Types of the AI SDK only: settings that the package may send otherwise than asked, or not at all: [temperature, max_output_tokens]. Anything else that it changes is a mistake.
   *
   * @maxItems 20
   */
  allow?: string[];
  /**
   * Sent with each request; never recorded.
   */
  headers?: {
    [k: string]: string;
  };
  /**
   * How the key is sent: Authorization: Bearer (default), a header api-key (Azure) or x-api-key, or not at all.
   */
  auth?: 'bearer' | 'api-key' | 'x-api-key' | 'none';
  /**
   * Behind the path of each request, e.g. {api-version: "2024-10-21"}; never recorded.
   */
  query?: {
    [k: string]: string;
  };
  /**
   * The field that max_output_tokens is sent as, e.g. max_completion_tokens (default: as the API has it, and as a refusal says).
   */
  max_tokens_field?: string;
  /**
   * true: answers are asked for as streams. false: stream: false is sent. auto (default): nothing is said of it, until the endpoint says that it serves nothing but streams.
   */
  stream?: true | false | 'auto';
  /**
   * What error answers of a status mean here, whatever they say: {424: retry, 403: fail, 402: halt}. halt leaves the whole account.
   */
  on_status?: {
    [k: string]: 'retry' | 'fail' | 'halt';
  };
  timeout?: Duration;
  /**
   * The proxy of this provider, http://host:port; none: not even the one of HTTPS_PROXY.
   */
  proxy?: string;
  /**
   * PEM file of an authority that is trusted beside the usual ones; relative to this file.
   */
  ca_file?: string;
  /**
   * What a tool loop says back of the model's own messages and calls beside the canonical form, e.g. [reasoning_content]; a.b is the member b of a; name is that of tool messages; -reasoning_details leaves out what is said back by default. Transport, never part of a key.
   *
   * @maxItems 100
   */
  echo?: string[];
  /**
   * Names of further headers that choose who answers: the digests of their values count in keys. Those of known gateways count by themselves (docs/keys.md).
   *
   * @maxItems 100
   */
  key_headers?: string[];
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
   * USD per million tokens, by model. A base_url on this machine costs nothing where no price is named; unknown: it does, and nobody knows what (a gateway).
   */
  pricing?:
    | {
        [k: string]: Price;
      }
    | 'unknown';
  /**
   * type sim only: how the simulation behaves, and what it answers. Only answers count in keys, those of a cell in its own.
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
     * Requests are counted in windows instead of a bucket: rate_per_s times seconds in each. burst is not read.
     */
    window?: {
      /**
       * fixed: the count begins anew with each window; sliding: the requests of the last seconds count.
       */
      kind: 'fixed' | 'sliding';
      /**
       * Length of a window.
       */
      seconds: number;
    };
    /**
     * Tell the limits in x-ratelimit headers with each answer (default true).
     */
    limit_headers?: boolean;
    /**
     * What a 429 says of when to come back: true = Retry-After and retry-after-ms (default), seconds = Retry-After alone, rounded up, a number = always so many seconds, false = nothing.
     */
    retry_after?: boolean | 'seconds' | number;
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
      /**
       * Requests a second from then on.
       */
      rate_per_s?: number;
      /**
       * Size of that bucket.
       */
      burst?: number;
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
     * How long a batch takes (default 1000).
     */
    batch_ms?: number;
    /**
     * After so long a batch expires, whatever is done by then (default: a day).
     */
    batch_window_ms?: number;
    /**
     * Seed of latencies and faults.
     */
    seed?: number;
    answers?: SimAnswersOrFile;
  };
}
/**
 * USD per million tokens.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "price".
 */
export interface Price {
  input: number;
  /**
   * What comes from the provider's prompt cache (default: as input).
   */
  cached_input?: number;
  /**
   * What is written into the provider's prompt cache (default: as input).
   */
  cache_write?: number;
  /**
   * What is written there for an hour (default: as cache_write).
   */
  cache_write_1h?: number;
  output: number;
  /**
   * What a call in a batch costs of this: 0.6 = 60 % (default: what its list says, else 0.5).
   */
  batch?: number;
  /**
   * What a call costs whose input is longer than so many tokens, all of it.
   */
  above?: {
    tokens: number;
    input: number;
    cached_input?: number;
    cache_write?: number;
    cache_write_1h?: number;
    output: number;
  };
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "sim-answers".
 */
export interface SimAnswers {
  [k: string]: SimAnswer;
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simRunParts".
 */
export interface SimRunParts {
  text?: string;
  tool_calls?: SimCalls;
  error?: SimError;
  turns?: SimTurns;
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simTurnParts".
 */
export interface SimTurnParts {
  text?: string;
  tool_calls?: SimCalls;
  error?: SimError;
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simAnswerParts".
 */
export interface SimAnswerParts {
  text?: string;
  tool_calls?: SimCalls;
  error?: SimError;
  turns?: SimTurns;
  likely?: SimLikely;
  /**
   * Name or glob of a variant -> its own answer.
   */
  variants?: {
    [k: string]: string | number | boolean | [SimRun, ...SimRun[]] | SimVariantParts;
  };
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simLikelyParts".
 */
export interface SimLikelyParts {
  /**
   * How often it is drawn at temperature 1, against the others (default 1).
   */
  weight?: number;
  text?: string;
  tool_calls?: SimCalls;
  error?: SimError;
  turns?: SimTurns;
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "simVariantParts".
 */
export interface SimVariantParts {
  text?: string;
  tool_calls?: SimCalls;
  error?: SimError;
  turns?: SimTurns;
  likely?: SimLikely;
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "remote".
 */
export interface Remote {
  /**
   * s3://bucket/prefix, file:///share/results or https://host/results.
   */
  url: string;
  /**
   * Whether run sends what it made (default true).
   */
  push?: boolean;
  timeout?: Duration;
  /**
   * Of s3: the store's address, https://minio.example:9000 (default: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, else AWS).
   */
  endpoint?: string;
  /**
   * Of s3 (default: AWS_REGION, AWS_DEFAULT_REGION, what the endpoint's name says, else us-east-1).
   */
  region?: string;
  /**
   * Of s3: whether the bucket is in the path or in the name of the host (default: path with an endpoint, virtual at AWS).
   */
  style?: 'path' | 'virtual';
  /**
   * Whether http:// to another machine is taken (default false).
   */
  allow_http?: boolean;
  /**
   * Of s3: the variable that holds the id of the key (default AWS_ACCESS_KEY_ID).
   */
  access_key_env?: string;
  /**
   * Of s3: the variable that holds the secret (default AWS_SECRET_ACCESS_KEY).
   */
  secret_key_env?: string;
  /**
   * Of s3: the variable that holds the session's token (default AWS_SESSION_TOKEN, where the key is AWS_ACCESS_KEY_ID).
   */
  session_token_env?: string;
  /**
   * Of https: the variable that holds a bearer token.
   */
  token_env?: string;
  /**
   * The variable that holds the key with which what is shared is signed.
   */
  signature_key_env?: string;
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "scorer".
 */
export interface Scorer {
  /**
   * Unique; names the score in tables and files, and the scenarios' own expectation for it (default: the kind, or the stem of the file).
   */
  name?: string;
  /**
   * A score of at least this passes (default 1 for rules, 0.5 for judge, use and command).
   */
  pass_at?: number;
  /**
   * A JSONL file of answers with what people say of them (human), that score --calibrate holds the scorer against.
   */
  calibrate?: string;
  only?: ScorerScope;
  /**
   * Rule: everything that a scenario expects, in one score. With a map: that expectation, for all scenarios.
   */
  expect?: {
    [k: string]: unknown;
  };
  /**
   * Rule: the answer is this text. Text, a list of texts that are as good, or {text, trim, ignore_case}.
   */
  exact?: {
    [k: string]: unknown;
  };
  /**
   * Rule: the answer holds these texts. Text, a list, or {all, any, none, ignore_case}.
   */
  contains?: {
    [k: string]: unknown;
  };
  /**
   * Rule: the answer matches. A pattern, a list, or {pattern, flags, matches}.
   */
  regex?: {
    [k: string]: unknown;
  };
  /**
   * Rule: the answer is JSON. {schema, values, equals}; schema may be a path; true = any JSON.
   */
  json?: {
    [k: string]: unknown;
  };
  /**
   * Rule: the answer makes these tool calls. A list of {name, arguments} or {intent, ...}, none, or {calls, order, extra}.
   */
  tool_calls?: {
    [k: string]: unknown;
  };
  /**
   * Rule: the number of the answer. A number, or {value, tolerance, relative, locale}.
   */
  numeric?: {
    [k: string]: unknown;
  };
  /**
   * Rule: the answer asks back and calls nothing: true or false.
   */
  clarify?: {
    [k: string]: unknown;
  };
  /**
   * Rule: the provider's word for why the answer ended, such as stop or length: a word, or a list of them.
   */
  finish_reason?: {
    [k: string]: unknown;
  };
  /**
   * Rule: the provider or the model reported a refusal or a content filter: true or false.
   */
  refused?: {
    [k: string]: unknown;
  };
  /**
   * A scorer of the package autoevals that calls no model: its name, or {scorer, expected, options}.
   */
  autoevals?: {
    [k: string]: unknown;
  };
  /**
   * Of tests (pytest): what their own assertions said. On by default; false = off. Or which outcomes pass and which fail.
   */
  outcome?:
    | (boolean | null)
    | {
        passes?: TestOutcomes;
        fails?: TestOutcomes1;
      };
  /**
   * A score that the answers came with (import, own code), taken as it is and marked: its name, or {score, range}.
   */
  precomputed?:
    | string
    | null
    | {
        /**
         * As their file calls it.
         */
        score: string;
        /**
         * What is 0 and what is 1 on its scale, e.g. [1, 5]; [5, 1] where lower is better (default [0, 1]).
         *
         * @minItems 2
         * @maxItems 2
         */
        range?: [number, number, ...number[]];
      };
  judge?: Judge;
  embedding?: Embedding;
  /**
   * Own code: a TypeScript or JavaScript module whose default export is defineScorer(...).
   */
  use?: string;
  command?: Argv2;
  /**
   * use and command only: handed to the scorer as they are.
   */
  options?: {
    [k: string]: unknown;
  };
  /**
   * command only. once (default): a process a judgement. stream: processes that stay, JSON lines both ways.
   */
  protocol?: 'once' | 'stream';
  env?: Env;
  pass_env?: PassEnv;
  /**
   * command only: processes at one time (default 8).
   */
  processes?: number;
  /**
   * use and protocol stream only: judgements that one thread or process is given at a time (default 1).
   */
  in_flight?: number;
  /**
   * use and command only: globs of further files that count in the scores' keys.
   *
   * @maxItems 1000
   */
  inputs?: string[];
}
/**
 * Only scenarios that match all of these; globs.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "scorerScope".
 */
export interface ScorerScope {
  scenario?: Globs;
  category?: Globs;
  tag?: Globs;
}
/**
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "reviewLabel".
 */
export interface ReviewLabel {
  /**
   * More is better; scores are scaled from the least to the greatest.
   */
  value: number;
  /**
   * When a reader says this.
   */
  anchor: string;
}
/**
 * How tasks are executed. Never part of a key.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "execution".
 */
export interface Execution {
  /**
   * Calls in flight at most, over all providers (default 128). A provider starts with 16 and finds what its account allows below this.
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
   * What this invocation may spend: a call that may cost more than is left of it is not made (docs/budgets.md).
   */
  budget_usd?: number;
  /**
   * Worker threads at most (default 2): a further one starts when those there are busy. 0 = in the main thread.
   */
  workers?: number;
  /**
   * Pending cells go as batches where the provider has such an API (openai, anthropic): half the price, answers within a day. run may end and be started again meanwhile (default false).
   */
  batch?: boolean;
}
/**
 * How results are kept on the disk. Never part of a key.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "artifacts".
 */
export interface Artifacts {
  /**
   * Who may read and write what is kept, whatever the umask: private = the user alone (files 0600, folders 0700; the default), group = the user and the group of the folder (0660, 2770).
   */
  mode?: 'private' | 'group';
}
/**
 * How expgraph watch behaves. Never part of a key.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "watch".
 */
export interface Watch {
  /**
   * Ask before a round whose estimate is above it, or whose cost is unknown (default 0.50; null = never ask).
   */
  confirm_usd?: number | null;
  /**
   * How long files have to be quiet before they are planned: seconds, or text such as 100ms, 1s (default 100ms).
   */
  debounce?: number | string;
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
  /**
   * Text, {file: path}, or null for none. {{vars.x}}, {{input}}, {{id}} and {{category}} are filled from the scenario, {{!x}} is sent as {{x}}.
   */
  system?: string | TextFile | null;
  /**
   * What becomes of a scenario: text, {file: path}, or a list of chat messages {role, content}; {file: prompt.json} and .yaml may hold such a list. {{input}} (the default), {{vars.x}}, {{id}}, {{category}}; {{!x}} is sent as {{x}}.
   */
  template?: string | TextFile | [Message, ...Message[]];
  /**
   * A path (YAML or JSON) or an inline list of {name, description, parameters}.
   */
  tools?: string | Tool[];
  response_format?: ResponseFormat;
  /**
   * > 1: the loop goes on with tool results, for so many calls of the model at most.
   */
  max_turns?: number;
  /**
   * Enters the key: variants of equal content share draws unless their salt differs.
   */
  salt?: string;
  mcp?: Mcp;
  pytest?: Pytest;
  [k: string]: unknown;
}
/**
 * A file of prices: what sellers ask for their models.
 *
 * This interface was referenced by `ExperimentFile`'s JSON-Schema
 * via the `definition` "price-list".
 */
export interface PriceList {
  version?: 1;
  note?: string;
  date?: Day;
  source?: PriceSource;
  /**
   * By a type of provider (openai, anthropic, ...: its own address), or by a name under providers.
   */
  sellers: {
    [k: string]: {
      date?: Day;
      source?: PriceSource;
      /**
       * An id that ends in a day up to the list's own (claude-sonnet-4-5-20250929) costs what the id without it does, where it has no line of its own (default false).
       */
      snapshots?: boolean;
      /**
       * What a call in a batch costs of an ordinary one: 0.5 = half.
       */
      batch?: number;
      /**
       * By model.
       */
      prices: {
        [k: string]: Price;
      };
    };
  };
}
