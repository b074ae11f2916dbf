// Spans of the user's own code nest under the root of their attempt, in threads and with attempts side by side.
import { expect, test } from 'vitest';
import type { Span } from '../../src/core/trace.ts';
import { makePoolExecutor } from '../../src/executor/pool.ts';
import { orderAt, REQUEST, realClock } from '../rig/model-calls.ts';
import { traceOrder } from '../rig/spooled.ts';

/** name -> names of its children. */
function treeOf(spans: readonly Span[]): { readonly [name: string]: readonly string[] } {
  const tree: { [name: string]: string[] } = {};
  for (const { id, name } of spans) {
    const children = spans.filter(({ parent_run_id: parent }) => parent === id).map((child) => child.name);
    if (children.length > 0) tree[name] = children;
  }
  return tree;
}

test('traceable, an old traceable, LangChain and a wrapped OpenAI client are one tree per attempt', async () => {
  await using executor = makePoolExecutor({
    folder: '/',
    workers: 2,
    capacity: 8,
    // The service must get nothing of it but through us, whatever the environment asks of the SDK.
    env: {
      ...process.env,
      LANGSMITH_TRACING: 'false',
      LANGSMITH_PROJECT: 'other',
      LANGSMITH_RUNS_ENDPOINTS: '',
    },
    clock: realClock,
    threadUrl: new URL('../rig/threads/traced-thread.ts', import.meta.url),
  });
  const texts = ['a', 'b', 'c', 'd', 'e', 'f'];
  const outcomes = await Promise.all(
    texts.map((model, n) =>
      executor.execute({ ...orderAt(null, { request: { ...REQUEST, model } }), trace: traceOrder(n) }),
    ),
  );
  for (const [n, { spans: text }] of outcomes.entries()) {
    const spans = JSON.parse(text!) as Span[];
    const root = spans[0]!;
    expect(treeOf(spans)).toEqual({
      [`s:${n}`]: ['outer', 'chain', 'old chain', 'ChatOpenAI', 'endless'],
      outer: ['inner'],
      inner: ['old'],
    });
    expect(spans.every(({ trace_id, end_time }) => trace_id === root.id && end_time !== undefined)).toBe(
      true,
    );
    expect(spans.every(({ dotted_order }) => dotted_order.startsWith(root.dotted_order))).toBe(true);
    expect(root).toMatchObject({ inputs: { text: texts[n] }, outputs: { text: 'done' } });
    const byName = new Map(spans.map((span) => [span.name, span]));
    expect(byName.get('inner')).toMatchObject({
      run_type: 'retriever',
      inputs: { input: texts[n] },
      outputs: { outputs: `old ${texts[n]}` },
      extra: { metadata: { experiment: 'made', n, mine: 1 } },
    });
    expect(byName.get('ChatOpenAI')).toMatchObject({
      run_type: 'llm',
      extra: { metadata: { ls_model_name: 'm' } },
    });
    expect(byName.get('endless')!.error).toBe('the span was still open when its attempt ended');
    // Nothing of the environment, and no more of the machine than the SDK's callers said.
    expect(Object.keys(root.extra)).toEqual(['metadata']);
  }
});
