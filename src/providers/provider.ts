// The face of the room: one call to a model. The adapter classifies what happened; what to do about it is the loop's.

import type { Clock } from '../core/clock.ts';
import type { Lesson } from '../core/endpoint-settings.ts';
import type { Env } from '../core/env.ts';
import type { JsonObject } from '../core/json.ts';
import type { Endpoint, ModelRequest } from '../core/order.ts';
import type { Completion, Failure, LimitsSeen, ToolCall, Usage } from '../core/outcome.ts';
import type { SpokenTo } from '../core/providers/table.ts';
import type { Result } from '../core/result.ts';
import type { BodyRoom } from './body-room.ts';
import type { LeanFetch, TakeBytes } from './lean-fetch.ts';

export interface ModelClient {
  /** Makes one HTTP request; where the endpoint refuses how it was asked and says so, that request again in its way.
   * Never rejects: whatever goes wrong is a classified failure. */
  complete(request: ModelRequest, options: CallOptions): Promise<ClientAnswer>;
  /** The calls of an answer, each with an id that no other call of the conversation has; null where its form knows none. */
  nameCalls(
    answer: Pick<Completion, 'toolCalls' | 'messages'>,
    earlier: readonly ToolCall[],
  ): readonly ToolCall[];
  /** What a tool gave back, as it is kept and, in the form that the server takes, said by the next request. */
  toolMessage(result: {
    readonly id: string | null;
    readonly name: string;
    readonly text: string;
  }): JsonObject;
}

export type CallOptions = {
  /** Aborted with a reason named `TimeoutError` = the deadline passed; with any other reason = the call is cancelled. */
  readonly signal: AbortSignal;
  /** Which repeat this is. Only a simulation is told: a real provider must not see more than the request. */
  readonly run: number;
  /** A change of what is said back that a refusal of this very request asked for: tried, and remembered where it is taken. */
  readonly mend?: readonly string[];
};

type Told = {
  readonly requestId: string | null;
  /** What the headers say of the account's limits; null = nothing, or no answer came. */
  readonly limits: LimitsSeen | null;
};

export type ClientAnswer =
  | (Told & {
      readonly kind: 'completion';
      readonly completion: Completion;
      /** What was said back otherwise than by the rules; absent where nothing was. */
      readonly repaired?: readonly string[];
      /** The mend was taken, for the first time here. */
      readonly isNews?: true;
    })
  | (Told & {
      readonly kind: 'failure';
      readonly failure: Failure;
      /** Asked again with this mend it may be taken. */
      readonly mend?: readonly string[];
    })
  | { readonly kind: 'cancelled' };

/** One request of own code, on its way. */
export type BoundCall = {
  /** As it is sent; {} where it is no JSON object. */
  readonly body: JsonObject;
  /** Makes it, once. Never rejects. */
  readonly send: (signal: AbortSignal) => Promise<ClientAnswer>;
};

/** Decides when a request of own code is sent, and learns how it ended. An answer without `send` refuses it. */
export type CallHook = (call: BoundCall) => Promise<ClientAnswer>;

/** What an adapter is made from. */
export type ClientSettings = {
  readonly endpoint: Endpoint;
  readonly apiKey: string;
  readonly clock: Clock;
  /** For the proxy variables. */
  readonly env: Env;
  /** Of the whole worker. */
  readonly room: BodyRoom;
  /** Told once what the endpoint turned out to need. */
  readonly say?: (lesson: Lesson) => void;
  /** Shown each request and what came back, for who wants to know an endpoint (doctor --call). */
  readonly watch?: (exchange: Exchange) => void;
};

export type Exchange = {
  readonly body: JsonObject;
  readonly response: Response;
};

/** What an adapter's clients are made from. */
export type AdapterSettings = ClientSettings & {
  /** null = the package knows where it is. */
  readonly baseUrl: URL | null;
  /** Tells the server which repeat this is; null = it is not told. */
  readonly runHeader: string | null;
  /** Connections that others use, too; left out = its own. */
  readonly send?: LeanFetch;
};

export type BoundSettings = AdapterSettings & {
  readonly hook: CallHook;
  readonly run: number;
  /** What expgraph itself would ask for this attempt. */
  readonly request: ModelRequest;
  readonly send: LeanFetch;
};

/** Texts as vectors. */
export type EmbedRequest = {
  readonly model: string;
  readonly texts: readonly string[];
  /** null = not sent. */
  readonly dimensions: number | null;
  /** Passed to the API as they are. */
  readonly params: JsonObject;
};

export type EmbedAnswer =
  | (Told & {
      readonly kind: 'embeddings';
      /** One for each text, in their order. */
      readonly vectors: readonly (readonly number[])[];
      readonly usage: Usage | null;
      readonly servedModel: string | null;
    })
  | Exclude<ClientAnswer, { readonly kind: 'completion' }>;

/** The two halves of a call, for whoever brings them together another way (a batch), and other requests to the same account. */
export interface SplitClient {
  /** What `complete` would send. */
  bodyOf(request: ModelRequest): Promise<Result<JsonObject, Failure>>;
  /** What an answer says that came another way: read, classified and redacted as if `complete` had got it. Never rejects. */
  read(input: {
    readonly request: ModelRequest;
    readonly status: number;
    readonly headers: { readonly [name: string]: string };
    readonly text: string;
  }): Promise<ClientAnswer>;
  /**
   * One request with the account's own address, headers and key. @param path behind the address, with its slash @param take is given a
   * good answer piece by piece, as it comes, and its text is '' then: a file may be longer than any string @returns any status
   */
  ask(input: {
    readonly method: 'GET' | 'POST' | 'DELETE';
    readonly path: string;
    readonly headers?: { readonly [name: string]: string };
    readonly body?: string;
    readonly signal: AbortSignal;
    readonly take?: TakeBytes;
  }): Promise<Result<{ readonly status: number; readonly headers: Headers; readonly text: string }, Failure>>;
}

/** Each may throw what an SDK or an agent throws over impossible settings (a header, a proxy): index.ts makes it a failure. */
export type Adapter<Sdk> = {
  makeClient(settings: AdapterSettings): ModelClient;
  /** Loads what else a first call would wait for. Never rejects. @param folder of the manifest, absolute */
  warm(account: SpokenTo, folder: string): Promise<void>;
  /** One cheap question: is anybody there, and is the key taken. */
  probe(settings: AdapterSettings, signal: AbortSignal): Promise<Result<Probed, Failure>>;
  /** The client that own code is handed: each of its requests goes through the hook. */
  makeBoundSdk(settings: BoundSettings): Promise<Result<Sdk, Failure>>;
  makeSplit(settings: AdapterSettings): Promise<SplitClient>;
  embed(settings: AdapterSettings, request: EmbedRequest, options: CallOptions): Promise<EmbedAnswer>;
  /** Its connections are kept alive. */
  makeSend(settings: Pick<ClientSettings, 'env' | 'room' | 'endpoint'>): LeanFetch;
};

/** `models`: null = there is no such list. */
export type Probed = { readonly status: number; readonly models: readonly string[] | null };
