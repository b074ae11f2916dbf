// The resolved manifest: every default applied, every file read, every matrix expanded. Plain data, nothing optional.

import type { ChatMessage, Tool } from './chat.ts';
import type { EndpointSettings } from './endpoint-settings.ts';
import type { Frame } from './frame.ts';
import type { GateLine } from './gate-line.ts';
import type { Harness, McpServer, ModuleHarness, PrepareStep } from './harness.ts';
import type { Json, JsonObject } from './json.ts';
import type { Played } from './played.ts';
import type { EndpointSdk, ProviderType } from './providers/table.ts';
import type { Price, PriceList } from './rates.ts';
import type { RemoteSettings } from './remote.ts';
import type { ResponseFormat } from './response-format.ts';
import type { ReviewProtocol } from './review.ts';
import type { ExpectsTools, Scorer } from './scoring.ts';
import type { Disclosure, Shield } from './trace.ts';
import type { Until } from './until.ts';

export type { ChatMessage, Tool } from './chat.ts';
export type { Price, PriceList, Rates } from './rates.ts';

export type Limits = {
  readonly concurrency: number | null;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
};

/** How the simulation behaves. Rates are shares 0..1 of the requests. */
export type SimSettings = {
  readonly latencyMs: number;
  /** Sigma of the log-normal latency; 0 = constant. */
  readonly latencySpread: number;
  readonly ratePerSecond: number | null;
  readonly burst: number | null;
  readonly tokensPerMinute: number | null;
  /** Size of the bucket of tokens; null = a minute's worth. */
  readonly tokenBurst: number | null;
  /** Calls beyond it are refused; null = no limit. */
  readonly maxInFlight: number | null;
  /** Requests are counted in windows of so many seconds, `ratePerSecond` for each; left out = a bucket that fills evenly. */
  readonly window?: SimWindow;
  /** Whether a limited simulation tells its limits with each answer. */
  readonly limitHeaders: boolean;
  readonly retryAfter: SimRetryAfter;
  readonly errorRate: number;
  readonly dropRate: number;
  readonly hangRate: number;
  readonly halfJsonRate: number;
  readonly dripRate: number;
  /** Between two bytes of a dripping answer. */
  readonly dripMs: number;
  readonly invalidUtf8Rate: number;
  readonly hugeRate: number;
  readonly hugeBytes: number;
  /** Median length of an answer's text; null = as long as it comes. */
  readonly answerBytes: number | null;
  readonly drift: SimDrift | null;
  readonly outage: SimOutage | null;
  /** How long a batch takes; left out = a second. */
  readonly batchMs?: number;
  /** After so long a batch expires, whatever is done; left out = a day. */
  readonly batchWindowMs?: number;
  readonly seed: number;
};

/** `fixed`: the count begins anew with each; `sliding`: what was asked in the last one counts. */
export type SimWindow = { readonly kind: 'fixed' | 'sliding'; readonly seconds: number };

/** With a 429: to the millisecond (true), in whole seconds as the header alone can say it, always so many seconds, or nothing. */
export type SimRetryAfter = boolean | 'seconds' | number;

/** After so many requests the provider is another one; null = as before in this respect. */
export type SimDrift = {
  readonly after: number;
  readonly latencyMs: number | null;
  readonly servedModel: string | null;
  /** What the account allows from then on; left out = as before. */
  readonly ratePerSecond?: number;
  readonly burst?: number;
};

/** After so many requests everything fails for a while. */
export type SimOutage = { readonly after: number; readonly forMs: number; readonly status: number };

/**
 * One provider account. `headers` and `baseUrl` may hold values of the environment: never write them to a file. What travels
 * instead is what was written (`written`, and `settings` as they are).
 */
export type Provider = {
  readonly name: string;
  readonly type: ProviderType;
  /** null = the type's own (core/providers): the vendor's, or a simulation that expgraph starts by itself. */
  readonly baseUrl: string | null;
  readonly apiKeyEnv: string | null;
  readonly api: 'chat' | 'responses';
  readonly headers: { readonly [name: string]: string };
  /** Both as the manifest has them; only where `${NAME}` was replaced in one of them. */
  readonly written?: {
    readonly baseUrl: string | null;
    readonly headers: { readonly [name: string]: string };
  };
  /** Only of types that a package speaks for. Values of the environment are in `options`, as it was written in `written`. */
  readonly sdk?: ProviderSdk;
  /** Only where there are some. */
  readonly settings?: EndpointSettings;
  /** What a tool loop says back beside the canonical form; `-name`: not even where it is by default. */
  readonly echo?: readonly string[];
  /** Headers whose values count in keys, beside those of core/key-headers.ts. In lower case. */
  readonly keyHeaders: readonly string[];
  readonly limits: Limits;
  readonly pricing: { readonly [model: string]: Price };
  /** Lists that say what further models cost here, the nearer one first; only where there are some. */
  readonly lists?: readonly PriceList[];
  /** Only where it is: this machine answers, and a model without a price costs nothing (core/price.ts). */
  readonly isLocal?: true;
  readonly sim: SimSettings;
  /** What the simulation is told to answer; only where it is told something. */
  readonly played?: Played;
};

/** How a package of the AI SDK's specification speaks for an account. */
export type ProviderSdk = EndpointSdk & {
  /** As written: `${NAME}` unreplaced. */
  readonly written: JsonObject;
  /** What may be sent otherwise than asked, by the setting's name; anything else that is, is a mistake. */
  readonly allow: readonly string[];
  /** Only where the package is a file of the project. */
  readonly own?: Pick<ModuleHarness, 'file' | 'code'>;
  /** The version that is installed, or was when frames were last built; absent = not known (project/open). */
  readonly version?: string;
};

/** With its options as they were written: whoever does the work puts in what its own environment has. */
export function travellingSdk({ package: name, create, method, written }: ProviderSdk): EndpointSdk {
  return { package: name, create, method, options: written };
}

/** One arm, with nothing left to look up. */
export type Variant = {
  readonly name: string;
  /** Its file names start with this; unique among the variants without regard to case. */
  readonly slug: string;
  readonly provider: string;
  readonly model: string;
  readonly temperature: number | null;
  readonly maxOutputTokens: number | null;
  readonly params: JsonObject;
  readonly system: string | null;
  /** What becomes of a scenario: the text of one user message, or messages, with `{{placeholders}}` in each text. */
  readonly template: string | readonly ChatMessage[];
  readonly tools: readonly Tool[];
  readonly maxTurns: number;
  readonly seed: number | null;
  /** Only where the answer has to be of a form. */
  readonly responseFormat?: ResponseFormat;
  readonly salt: string;
  readonly runs: number;
  /** Only of variants whose model is asked by a package, once it has been built (project/open). */
  readonly frame?: Frame;
  /** Whose tools the model is offered beside `tools`; null = none. */
  readonly mcp: McpServer | null;
  /** Who does the work of an attempt; null = expgraph itself calls the model. */
  readonly harness: Harness | null;
};

export type Scenario = {
  readonly id: string;
  /** Text, or a conversation whose last user message is the input. */
  readonly input: string | readonly ChatMessage[];
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly description: string | null;
  readonly vars: JsonObject;
  readonly expect: Json;
  readonly toolResults: JsonObject;
  /** Offered in the place of each variant's own `tools`; only where it brings some. */
  readonly tools?: readonly Tool[];
  /** What its intents are in each variant's tools: the manifest's words, its file's, its own; the nearer one won. */
  readonly expectsTools: ExpectsTools;
  /** Where it was read: for messages, never for keys. */
  readonly source: { readonly file: string; readonly line: number };
};

export type Execution = {
  readonly concurrency: number;
  /** Retries after the first attempt. */
  readonly retries: number;
  readonly timeoutMs: number;
  readonly budgetUsd: number | null;
  readonly workers: number;
  /** Cells go as batches where their account takes them; only where it is asked for. */
  readonly batch?: true;
};

/** How `expgraph watch` behaves. */
export type WatchSettings = {
  /** A round whose estimate is above it, or unknown, is asked about; null = none is. */
  readonly confirmUsd: number | null;
  /** How long files have to be quiet before they are planned. */
  readonly debounceMs: number;
};

/** How traces go to LangSmith, as far as the manifest says; null = not said there. */
export type LangSmithSettings = {
  readonly project: string | null;
  readonly dataset: string | null;
  /** Variants are experiments over a dataset of the scenarios, runs their repetitions. */
  readonly experiments: boolean;
  /** Whether `langsmith sync` uploads what has a trace in the plain project already. */
  readonly secondRoots: boolean;
  /** Share of scenario x run, 0..1. */
  readonly sampling: number | null;
  readonly inputs: Disclosure | null;
  readonly outputs: Disclosure | null;
  readonly metadata: 'full' | 'none' | null;
  readonly rules: Shield['rules'];
  readonly maxChars: number;
  readonly extendRetention: boolean;
};

export type Manifest = {
  /** Absolute path of experiment.yaml. */
  readonly file: string;
  /** Absolute path of its folder: relative paths and artifacts/ start here. */
  readonly folder: string;
  readonly name: string;
  readonly description: string | null;
  readonly variants: readonly Variant[];
  readonly scenarios: readonly Scenario[];
  /** Settings in which the variants differ on purpose, axes of matrices among them; null = not declared. */
  readonly varies: readonly string[] | null;
  /** As the manifest says it, for all scenarios. */
  readonly expectsTools: ExpectsTools;
  /** By name; holds each provider that a variant uses and each that is declared. */
  readonly providers: { readonly [name: string]: Provider };
  /** Digest of each declared input file by path relative to the folder, sorted. Contents count, paths do not. */
  readonly inputs: readonly { readonly path: string; readonly digest: string }[];
  /** As `inputs` are written. */
  readonly inputPatterns: readonly string[];
  /** Whether what was read and not declared voids an answer; null = not said. */
  readonly strictInputs: boolean | null;
  /** What runs before the tasks, in this order. */
  readonly prepare: readonly PrepareStep[];
  /** What judges the answers, in the order of the manifest; never a part of a sample's key. */
  readonly scorers: readonly Scorer[];
  /** What scenarios belong to at a level above them, as `vars.customer`; null = they are the units. Never a part of a key. */
  readonly cluster: string | null;
  /** What has to be true of the results; never a part of a key. */
  readonly gate: readonly GateLine[];
  /** When runs are enough; only where it is said. Never a part of a key. */
  readonly until?: Until;
  /** How people judge the answers, blind; only where it is said. Never a part of a key. */
  readonly review?: ReviewProtocol;
  /** Where results are shared; only where it is said. Never a part of a key. */
  readonly remote?: RemoteSettings;
  readonly execution: Execution;
  /** Who may read and write what is kept. */
  readonly artifacts: { readonly mode: 'private' | 'group' };
  readonly watch: WatchSettings;
  /** null = switched off. */
  readonly langsmith: LangSmithSettings | null;
  /** Absolute paths of the files that it was read from; `inputs` are not among them. */
  readonly sources: readonly string[];
  /** The manifest as resolved but with `${NAME}` unreplaced: safe to write. */
  readonly printable: JsonObject;
  /** Values taken from the environment for this manifest (keys, `${NAME}`): what must never be written. */
  readonly secrets: readonly { readonly name: string; readonly value: string }[];
};
