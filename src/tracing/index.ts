// The table of tracers: one. It is imported when the first traced order comes, so that an untraced run loads nothing.
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { Tracer } from './spans/tracer.ts';

/** Where a run is traced, the SDK is loaded with the rest of a thread, from compiled code, and not with the first order. */
export async function preloadTracer(env: Env): Promise<void> {
  if (!env.LANGSMITH_API_KEY && !env.LANGCHAIN_API_KEY && !env.LANGSMITH_RUNS_ENDPOINTS) return;
  const { readLangSmithEnv } = await import('./endpoint.ts');
  if (readLangSmithEnv(env).kind === 'off') return;
  // An order finds out what is wrong with it, and goes on untraced.
  await import('./spans/langsmith.ts').then(({ loadSdk }) => loadSdk()).catch(() => {});
}

export type FindTracer = () => Promise<Tracer>;

/** One tracer a worker, made when it is first asked for. */
export function makeTracers(input: { readonly env: Env; readonly clock: Clock }): FindTracer {
  let made: Promise<Tracer> | null = null;
  return () => {
    made ??= import('./spans/langsmith.ts').then(({ makeLangSmithTracer }) => makeLangSmithTracer(input));
    return made;
  };
}
