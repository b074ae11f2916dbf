// The table of tracers: one. It is imported when the first traced order comes, so that an untraced run loads nothing.
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { Tracer } from './tracer.ts';

export type FindTracer = () => Promise<Tracer>;

/** One tracer a worker, made when it is first asked for. */
export function makeTracers(at: { readonly env: Env; readonly clock: Clock }): FindTracer {
  let made: Promise<Tracer> | null = null;
  return () => {
    made ??= import('./langsmith.ts').then(({ makeLangSmithTracer }) => makeLangSmithTracer(at));
    return made;
  };
}
