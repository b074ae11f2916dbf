// One invocation's tracing from its first trace to the line in its summary.
import type { LangSmithSummary } from '../../core/summary.ts';
import { projectPage } from './pages.ts';
import { readTracing } from './settings.ts';
import { openTraces, type Traces, type TracesInput } from './traces.ts';
import { startUploader, type Uploader } from './uploader.ts';

export type RunTracing = Disposable & {
  readonly traces: Traces;
  /** The loop is over: no trace comes any more. */
  end(): void;
  /** Nor anything to be said of them: what is left is sent while the run has its own last things to do. */
  over(): void;
  /** Whether somebody sends for this invocation. */
  isSending(): boolean;
  finish(input: { readonly runMs: number; readonly limitMs: number | null }): Promise<LangSmithSummary>;
};

/** Somebody set what asks for traces, and would look for them. */
function tellUntraced(emit: TracesInput['emit'], why: string): void {
  const message = `nothing is traced: ${why}`;
  const hint = '`tracing: { langsmith: false }` in the manifest says that nothing is to be';
  emit({ kind: 'diagnostic', severity: 'warning', code: 'tracing', message, hint });
}

/** null = nothing is traced. */
export async function startTracing(
  input: Omit<TracesInput, 'tracing' | 'onFirst'>,
): Promise<RunTracing | null> {
  const state = readTracing(input.io, input.experiment);
  if (state.kind === 'off') {
    if (!state.isMeant) tellUntraced(input.emit, state.why);
    return null;
  }
  const { tracing } = state;
  const { io, record } = input;
  let uploader: Uploader | null = null;
  const start = (): void => {
    const { root } = tracing;
    const { invocation: folder, expgraph: version } = record;
    uploader = startUploader({ root, folder, version, env: io.env, clock: io.clock });
  };
  const traces = await openTraces({ ...input, tracing, onFirst: start });
  return {
    traces,
    end: () => traces.end(),
    over: () => uploader?.end(),
    isSending: () => uploader !== null,
    async finish({ runMs, limitMs }) {
      const kept = traces.kept();
      const news = await uploader?.wait({ traces: kept, runMs, limitMs });
      const sent = (news?.sent ?? 0) + (news?.present ?? 0);
      const [rejected, held] = [news?.rejected ?? 0, news?.held ?? 0];
      return {
        traces: kept,
        sent,
        rejected,
        held,
        left: kept - sent - rejected - held,
        state: news?.state ?? 'up',
        why: news?.why ?? null,
        project: tracing.project,
        url: projectPage(tracing),
      };
    },
    [Symbol.dispose]: () => traces[Symbol.dispose](),
  };
}
