// One attempt as plain data: it crosses a thread today and a network later, so it holds no function, no secret and no path
// of this machine. Whoever does it has an environment and the experiment's folder of its own.
import type { BatchOrder } from './batch-facts.ts';
import type { Key } from './brand.ts';
import type { Conversation } from './conversation.ts';
import type { EndpointSettings } from './endpoint-settings.ts';
import type { HarnessOrder, McpServer } from './harness.ts';
import type { JsonObject } from './json.ts';
import type { ChatMessage, Tool } from './manifest.ts';
import type { EndpointSdk, ProviderType } from './providers/table.ts';
import type { ResponseFormat } from './response-format.ts';
import type { ScoreOrder } from './score-order.ts';
import type { Cell } from './task.ts';
import type { TraceOrder } from './trace.ts';

/** What a model is asked. Field names are ours; a provider's adapter turns them into its wire form. */
export type ModelRequest = {
  readonly model: string;
  /** System prompt included. */
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly Tool[];
  /** null = not sent. */
  readonly temperature: number | null;
  readonly maxOutputTokens: number | null;
  /** Already seed + run - 1; null = not sent. */
  readonly seed: number | null;
  /** Passed to the API as they are. */
  readonly params: JsonObject;
  /** Only where the answer has to be of a form. */
  readonly responseFormat?: ResponseFormat;
  /** What was said since, in the provider's own form: turns of a tool loop. */
  readonly since?: readonly JsonObject[];
};

/** `${NAME}` stands in an order as it stands in the manifest: whoever does it puts in the values that it has. */
export type Endpoint = {
  readonly type: ProviderType;
  readonly baseUrl: string | null;
  /** The NAME of the variable: each worker reads the key from its own environment. */
  readonly apiKeyEnv: string | null;
  readonly api: 'chat' | 'responses';
  readonly headers: { readonly [name: string]: string };
  /** Only where the manifest says how it has to be talked to. */
  readonly settings?: EndpointSettings;
  /** Only where a package of the user's project speaks to it. `${NAME}` in its options is replaced where the work is done. */
  readonly sdk?: EndpointSdk;
  /** Only where a tool loop says more back than the canonical form, or less. Transport: nothing of it enters a key. */
  readonly echo?: readonly string[];
};

export type Order = {
  readonly key: Key;
  readonly cell: Cell;
  /** 1 for the first. */
  readonly attempt: number;
  /** For this attempt, from its start in the worker. */
  readonly timeoutMs: number;
  readonly endpoint: Endpoint;
  readonly request: ModelRequest;
  /** Only where there may be more than one turn. The timeout is then one call's. */
  readonly conversation?: Conversation;
  /** Names of the tools that the scenario brings in the place of the variant's; only where it brings some. */
  readonly scenarioTools?: readonly string[];
  /** Only where own code, a program or a test does the work. The timeout is then the whole attempt's. */
  readonly work?: HarnessOrder;
  /** Only where tools of an MCP server are offered. */
  readonly mcp?: McpServer;
  /** Only where it goes in a batch. The timeout is then nobody's. */
  readonly batch?: BatchOrder;
  /** Only where an answer is judged. */
  readonly score?: ScoreOrder;
  /** Only where this attempt is traced. */
  readonly trace?: TraceOrder;
};
