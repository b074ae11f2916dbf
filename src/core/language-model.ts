// A language model as the AI SDK's specification V4 has it, in our own words: own code is handed one, and packages are spoken to
// by it, without a package for its types. tests/providers/ai-sdk-types.test.ts holds it against `@ai-sdk/provider`.
// https://github.com/vercel/ai/tree/main/packages/provider/src/language-model/v4
import type { Json } from './json.ts';

/** Settings and facts of one vendor, by its name: `{anthropic: {...}}`. */
export type ProviderOptions = Record<string, { [name: string]: Json | undefined }>;

type Options = { providerOptions?: ProviderOptions };
type Metadata = { providerMetadata?: ProviderOptions };

export type FileData =
  /** Bytes, or base64. */
  | { type: 'data'; data: Uint8Array | string }
  | { type: 'url'; url: URL; originalUrl?: string }
  | { type: 'reference'; reference: Record<string, string> & { type?: never } }
  | { type: 'text'; text: string };
type GivenData = Extract<FileData, { type: 'data' | 'url' }>;

export type TextPart = { type: 'text'; text: string } & Options;
export type FilePart = { type: 'file'; filename?: string; data: FileData; mediaType: string } & Options;
export type ReasoningPart = { type: 'reasoning'; text: string } & Options;
export type ReasoningFilePart = { type: 'reasoning-file'; data: GivenData; mediaType: string } & Options;
export type CustomPart = { type: 'custom'; kind: `${string}.${string}` } & Options;
export type ToolCallPart = {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  input: unknown;
  providerExecuted?: boolean;
} & Options;
export type ToolResultPart = {
  type: 'tool-result';
  toolCallId: string;
  toolName: string;
  output: ToolResultOutput;
} & Options;
export type ApprovalPart = {
  type: 'tool-approval-response';
  approvalId: string;
  approved: boolean;
  reason?: string;
} & Options;

export type ToolResultOutput =
  | ({ type: 'text' | 'error-text'; value: string } & Options)
  | ({ type: 'json' | 'error-json'; value: Json } & Options)
  | ({ type: 'execution-denied'; reason?: string } & Options)
  | { type: 'content'; value: (TextPart | FilePart | ({ type: 'custom' } & Options))[] };

export type PromptMessage = (
  | { role: 'system'; content: string }
  | { role: 'user'; content: (TextPart | FilePart)[] }
  | {
      role: 'assistant';
      content: (
        | TextPart
        | FilePart
        | CustomPart
        | ReasoningPart
        | ReasoningFilePart
        | ToolCallPart
        | ToolResultPart
      )[];
    }
  | { role: 'tool'; content: (ToolResultPart | ApprovalPart)[] }
) &
  Options;

export type FunctionTool = {
  type: 'function';
  name: string;
  description?: string;
  /** JSON Schema. */
  inputSchema: object;
  inputExamples?: { input: { [name: string]: Json | undefined } }[];
  strict?: boolean;
} & Options;
export type ProviderTool = {
  type: 'provider';
  id: `${string}.${string}`;
  name: string;
  args: Record<string, unknown>;
};

export type CallOptionsV4 = {
  prompt: PromptMessage[];
  maxOutputTokens?: number;
  temperature?: number;
  stopSequences?: string[];
  topP?: number;
  topK?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  responseFormat?: { type: 'text' } | { type: 'json'; schema?: object; name?: string; description?: string };
  seed?: number;
  tools?: (FunctionTool | ProviderTool)[];
  toolChoice?: { type: 'auto' | 'none' | 'required' } | { type: 'tool'; toolName: string };
  includeRawChunks?: boolean;
  abortSignal?: AbortSignal;
  headers?: Record<string, string | undefined>;
  reasoning?: 'provider-default' | 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';
} & Options;

type Source = { type: 'source'; id: string } & (
  | { sourceType: 'url'; url: string; title?: string }
  | { sourceType: 'document'; mediaType: string; title: string; filename?: string }
) &
  Metadata;
type Citation = { source: Source; startIndex?: number; endIndex?: number; citedText?: string };

export type ToolCallContent = {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  /** JSON text. */
  input: string;
  providerExecuted?: boolean;
  dynamic?: boolean;
} & Metadata;

/** What comes whole, in an answer as in a stream. */
type Whole =
  | ({ type: 'custom'; kind: `${string}.${string}` } & Metadata)
  | ({ type: 'file' | 'reasoning-file'; mediaType: string; data: GivenData } & Metadata)
  | ({ type: 'tool-approval-request'; approvalId: string; toolCallId: string } & Metadata)
  | Source
  | ToolCallContent
  | ({
      type: 'tool-result';
      toolCallId: string;
      toolName: string;
      result: NonNullable<Json>;
      isError?: boolean;
      preliminary?: boolean;
      dynamic?: boolean;
    } & Metadata);

export type AnswerContent =
  | ({ type: 'text'; text: string; citations?: Citation[] } & Metadata)
  | ({ type: 'reasoning'; text: string } & Metadata)
  | Whole;

export type FinishReason = {
  unified: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'interrupted' | 'other';
  raw: string | undefined;
};

export type ModelUsage = {
  inputTokens: {
    total: number | undefined;
    noCache: number | undefined;
    cacheRead: number | undefined;
    cacheWrite: number | undefined;
  };
  outputTokens: { total: number | undefined; text: number | undefined; reasoning: number | undefined };
  raw?: { [name: string]: Json | undefined };
};

export type ModelWarning =
  | { type: 'unsupported' | 'compatibility'; feature: string; details?: string }
  | { type: 'deprecated'; setting: string; message: string }
  | { type: 'other'; message: string };

type ResponseMetadata = { id?: string; timestamp?: Date; modelId?: string };

export type GenerateResult = {
  content: AnswerContent[];
  structuredOutputText?: string;
  finishReason: FinishReason;
  usage: ModelUsage;
  request?: { url?: string; body?: unknown };
  response?: ResponseMetadata & { headers?: Record<string, string>; body?: unknown };
  warnings: ModelWarning[];
} & Metadata;

export type StreamPart =
  | ({ type: 'text-start' | 'reasoning-start' | 'reasoning-end' | 'tool-input-end'; id: string } & Metadata)
  | ({ type: 'text-delta' | 'reasoning-delta' | 'tool-input-delta'; id: string; delta: string } & Metadata)
  | ({ type: 'text-end'; id: string; citations?: Citation[] } & Metadata)
  | ({
      type: 'tool-input-start';
      id: string;
      toolName: string;
      inputEncoding?: 'json' | 'text';
      providerExecuted?: boolean;
      dynamic?: boolean;
      title?: string;
    } & Metadata)
  | Whole
  | { type: 'stream-start'; warnings: ModelWarning[] }
  | ({ type: 'response-metadata' } & ResponseMetadata)
  | ({ type: 'finish'; usage: ModelUsage; finishReason: FinishReason } & Metadata)
  | { type: 'ping' }
  | { type: 'raw'; rawValue: unknown }
  | { type: 'error'; error: unknown };

export type LanguageModel = {
  readonly specificationVersion: 'v4';
  readonly provider: string;
  readonly modelId: string;
  supportedUrls: PromiseLike<Record<string, RegExp[]>> | Record<string, RegExp[]>;
  doGenerate(options: CallOptionsV4): PromiseLike<GenerateResult>;
  doStream(options: CallOptionsV4): PromiseLike<{
    stream: ReadableStream<StreamPart>;
    request?: { url?: string; body?: unknown };
    response?: { headers?: Record<string, string> };
  }>;
};

export type EmbeddingModel = {
  readonly specificationVersion: 'v4';
  readonly provider: string;
  readonly modelId: string;
  readonly maxEmbeddingsPerCall: PromiseLike<number | undefined> | number | undefined;
  readonly supportsParallelCalls: PromiseLike<boolean> | boolean;
  doEmbed(
    options: {
      values: string[];
      dimensions?: number;
      abortSignal?: AbortSignal;
      headers?: Record<string, string | undefined>;
    } & Options,
  ): PromiseLike<
    {
      embeddings: number[][];
      usage?: { tokens: number };
      response?: { headers?: Record<string, string>; body?: unknown };
      warnings: ModelWarning[];
    } & Metadata
  >;
};
