// Requests of a size that the service takes, and traces moved in time.
import { expect, test } from 'vitest';
import { orderSegment, type Span } from '../../src/core/trace.ts';
import { childSpan, rootSpan } from '../../src/tracing/spans/spans.ts';
import type { SpooledTrace } from '../../src/tracing/spool/spool-read.ts';
import { halves, makeBatches, shifted, wireRuns } from '../../src/tracing/upload/batches.ts';

const START = Date.parse('2026-11-22T20:45:01.123Z');
const CONTENT = {
  type: 'chain',
  startMs: START,
  endMs: START + 50,
  inputs: {},
  outputs: {},
  error: null,
  facts: { run: 1 },
} as const;

function trace(name: string, of: { spans?: number; bytes?: number } = {}): SpooledTrace {
  const root = rootSpan({ ...CONTENT, name, seed: name, tags: ['expgraph'] });
  const children: Span[] = Array.from({ length: (of.spans ?? 1) - 1 }, (_, place) =>
    childSpan(root, { ...CONTENT, name: `child ${place}`, seed: name, place }),
  );
  return {
    v: 1,
    trace: root.id,
    start: root.start_time,
    project: 'p',
    experiment: null,
    example: null,
    runs: [root, ...children],
    bytes: of.bytes ?? 100,
  };
}

test('a request has at most 100 spans and 10 MB, whole traces, in order', () => {
  const traces = [
    ...Array.from({ length: 30 }, (_, i) => trace(`t${i}`, { spans: 7 })),
    trace('big', { bytes: 9e6 }),
    trace('bigger', { bytes: 12e6 }),
  ];
  const batches = makeBatches(traces);
  expect(batches.map((batch) => batch.length)).toEqual([14, 14, 3, 1]);
  expect(batches.flat()).toEqual(traces);
  expect(makeBatches([])).toEqual([]);
});

test('a batch is halved without losing one', () => {
  const batch = [trace('a'), trace('b'), trace('c')];
  expect(halves(batch)).toEqual([[batch[0], batch[1]], [batch[2]]]);
});

test('the project is named on every span, the example on roots only', () => {
  const plain = trace('a', { spans: 2 });
  expect(wireRuns([plain]).map(({ session_name }) => session_name)).toEqual(['p', 'p']);
  const counted = wireRuns([{ ...plain, experiment: 'e', example: 'x' }]);
  expect(counted.map(({ session_id, reference_example_id }) => [session_id, reference_example_id])).toEqual([
    ['e', 'x'],
    ['e', undefined],
  ]);
});

test('a shifted trace keeps ids and durations, moves every time, and tells the true ones', () => {
  const day = 86_400_000;
  const before = trace('a', { spans: 2 });
  const after = shifted(before, day);
  const [root, child] = after.runs;
  expect(root).toMatchObject({
    id: before.trace,
    start_time: '2026-11-23T20:45:01.123Z',
    end_time: '2026-11-23T20:45:01.173Z',
    dotted_order: orderSegment({ startMs: START + day, order: 1, id: before.trace }),
    extra: { metadata: { run: 1, expgraph_started_at: '2026-11-22T20:45:01.123Z' } },
  });
  expect(child!.dotted_order).toBe(
    `${root!.dotted_order}.${orderSegment({ startMs: START + day, order: 2, id: child!.id })}`,
  );
  expect(shifted(before, 0)).toBe(before);
});

test('microseconds survive a shift', () => {
  const before = trace('a');
  const exact = { ...before, runs: [{ ...before.runs[0]!, start_time: '2026-11-22T20:45:01.123001Z' }] };
  expect(shifted(exact, 1000).runs[0]!.start_time).toBe('2026-11-22T20:45:02.123001Z');
});
