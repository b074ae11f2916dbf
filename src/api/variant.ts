// What own code is written with: `import { defineVariant } from 'expgraph'`. Types, and one function that returns what it
// is given, so that an editor knows what may stand there.
import type { Json, JsonObject } from '../core/json.ts';
import type { CallOptionsV4, LanguageModel } from '../core/language-model.ts';
import type { ChatMessage } from '../core/manifest.ts';
import type { OpenAiMessage, OpenAiSdk, OpenAiTool } from '../providers/openai.ts';

export type { ChatMessage, Json, JsonObject };

/** A message as the SDK's chat completions take it. */
export type VariantMessage = OpenAiMessage;

/** A tool as the SDK's chat completions take it. */
export type VariantToolParam = OpenAiTool;

/**
 * The official OpenAI SDK, bound to this attempt: it talks to the variant's provider with its key. Each request waits
 * for the account's limits as every call of expgraph does, counts against the budget, ends at the attempt's deadline,
 * and is a span of its trace. Requests of one attempt are made one after the other. The SDK's own retries are off:
 * what fails is thrown, and if it comes out of `run`, expgraph classifies and retries the attempt.
 */
export type VariantClient = OpenAiSdk;

/**
 * A language model of the AI SDK (specification V4), bound to this attempt as `VariantClient` is: made by the package of the
 * variant's provider, with its key and address. `generateText` of `ai` takes it, with `maxRetries: 0`.
 * https://github.com/vercel/ai/tree/main/packages/provider
 */
export type VariantLanguageModel = LanguageModel;

/** What one call of such a model takes: prompt, tools and settings. */
export type VariantCallOptions = CallOptionsV4;

/** One cell's scenario as the scenario file has it. What is expected of the answer is not told. */
export type VariantScenario = {
  readonly id: string;
  /** Text, or a list of chat messages. */
  readonly input: string | readonly ChatMessage[];
  readonly category: string | null;
  readonly vars: JsonObject;
  readonly toolResults: JsonObject;
};

/** The form that an answer has to be of: any JSON object, or JSON of a schema. */
export type VariantFormat =
  | 'json'
  | {
      readonly name: string;
      readonly description?: string;
      /** JSON Schema. */
      readonly schema: { [name: string]: unknown };
      readonly strict?: boolean;
    };

/** What `run` is given. */
export type RunContext = {
  readonly scenario: VariantScenario;
  /** System prompt and input as the variant's `system` and `template` make them. */
  readonly messages: VariantMessage[];
  /** Of accounts that speak OpenAI's wire; of any other its first use is an error that says what to use. */
  readonly client: VariantClient;
  /** Of accounts that a package speaks for (`type: anthropic`, `google`, ... `ai-sdk`), and of no other. */
  readonly languageModel: VariantLanguageModel;
  /** What expgraph itself would ask `languageModel`: messages, tools and settings of the variant in its form. */
  readonly callOptions: VariantCallOptions;
  /** The variant's `model`. */
  readonly model: string;
  /** The variant's `temperature`, 0..2; null = not to be sent. */
  readonly temperature: number | null;
  /** The variant's `max_output_tokens`; null = no limit. */
  readonly maxOutputTokens: number | null;
  /** The variant's `params`. */
  readonly params: JsonObject;
  /** The manifest's `seed` + run - 1; null = none was given. */
  readonly seed: number | null;
  /** The variant's `tools`, those of the module included, as the SDK's chat completions take them. */
  readonly tools: VariantToolParam[];
  /**
   * The variant's `response_format` with its schema; null = text. What chat completions take is
   * `{ type: 'json_schema', json_schema: responseFormat }`, or `{ type: 'json_object' }` for `json`.
   */
  readonly responseFormat: VariantFormat | null;
  /** Name of the variant. */
  readonly variant: string;
  /** Repeat number, from 1. */
  readonly run: number;
  /** Try of this task, from 1. */
  readonly attempt: number;
  /**
   * Only with `proxy: true`: addresses of this attempt alone, by the variable that they stand for (`OPENAI_BASE_URL`,
   * `ANTHROPIC_BASE_URL`, ...), for clients that are handed theirs. null = nothing is recorded.
   */
  readonly proxy: { readonly [variable: string]: string } | null;
  /** Aborted when the deadline (`execution.timeout`) has passed or the run is given up. */
  readonly signal: AbortSignal;
  /** Kept in the record beside the attempt, as is what goes to the console. The last 16,000 characters stay. */
  readonly log: (...words: unknown[]) => void;
};

/** What `run` returns: the answer's text, or more. */
export type VariantResult =
  | string
  | {
      readonly text?: string;
      readonly toolCalls?: readonly {
        readonly name: string;
        readonly arguments?: JsonObject;
        readonly id?: string;
      }[];
      /** What was added to the conversation; default: what the calls of `client` answered. */
      readonly messages?: readonly object[];
      readonly finishReason?: string | null;
      /** Tokens; default: the sum over the calls of `client`. */
      readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
      /** Any further facts, as JSON: kept in the record under output.properties. */
      readonly properties?: JsonObject;
    };

/** A tool whose results come from code, for variants whose loop is expgraph's own (`max_turns` above 1, no `run`). */
export type VariantTool = {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments: calls that do not keep to it are told to the model and never reach the handler. */
  readonly parameters?: JsonObject;
  /**
   * What it returns is what the model is told; what it throws is told as an error. A whole number in `given` that JavaScript cannot
   * hold (an id of 19 digits) is a BigInt, whatever the type says.
   */
  readonly handler?: (
    given: JsonObject,
    context: Pick<RunContext, 'scenario' | 'variant' | 'run' | 'signal' | 'log'> & {
      /** Of this attempt alone, empty at first: what tools keep between calls. */
      readonly state: Map<string, unknown>;
    },
  ) => unknown;
};

/** What a module's default export is: `run`, `tools`, or both. */
export type VariantDefinition = {
  readonly tools?: readonly VariantTool[];
  /** The work of one attempt. Without it expgraph converses with the model itself, with `tools`. */
  readonly run?: (context: RunContext) => VariantResult | Promise<VariantResult>;
};

/**
 * Declares a variant of own code; the module's default export.
 * @throws TypeError where it has neither `run` nor `tools`
 */
export function defineVariant(definition: VariantDefinition): VariantDefinition {
  if (typeof definition?.run !== 'function' && !Array.isArray(definition?.tools)) {
    throw new TypeError('defineVariant takes { run }, { tools }, or both');
  }
  return definition;
}
