// The face of the room: the spans of one attempt. Whatever runs inside `trace` and speaks to LangSmith's SDK (traceable,
// wrapOpenAI, LangChain) nests under it; nothing of it is sent from here, and nothing waits for a network.
import type { Facts, TraceOrder } from '../../core/trace.ts';

export interface Tracer {
  /**
   * Runs `work` as the inside of a root span. Adds no failure of its own: what `work` rejects with passes through, and a
   * trace that cannot be made is made without its payloads.
   */
  trace<Result>(root: RootSpan<Result>): Promise<{ readonly result: Result; readonly spans: string }>;
}

export type RootSpan<Result> = {
  readonly order: TraceOrder;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly inputs: unknown;
  readonly work: (scope: Scope) => Promise<Result>;
  readonly ending: (result: Result) => Ending;
};

/** A place in a trace where spans may be added. */
export interface Scope {
  span<Result>(child: ChildSpan<Result>): Promise<Result>;
}

export type ChildSpan<Result> = {
  readonly name: string;
  readonly type: 'chain' | 'llm' | 'tool';
  readonly inputs: unknown;
  /** Beside those of the root, which every span has. */
  readonly facts: Facts | LlmFacts;
  readonly work: (scope: Scope) => Promise<Result>;
  readonly ending: (result: Result) => Ending;
};

/** What LangSmith reads models and prices from; the names are its own. */
export type LlmFacts = {
  readonly ls_provider: string;
  readonly ls_model_name: string;
  readonly ls_model_type: 'chat';
  readonly ls_temperature?: number;
  readonly ls_max_tokens?: number;
  readonly ls_invocation_params: { readonly [name: string]: unknown };
};

/** How a span ended; an error makes it a failed one. */
export type Ending = { readonly outputs: unknown; readonly error: string | null };

/** Where nothing is traced. */
export const NO_SCOPE: Scope = { span: ({ work }) => work(NO_SCOPE) };
