// The stream of changes: what is told, and how a server that went away is waited for.
import { expect, test } from 'vitest';
import { follow } from '../../src/page/base/follow.ts';

type Step = Response | Error;

/** Follows a server that answers in these ways one after the other, until there are no more of them. */
async function followed(
  steps: readonly Step[],
): Promise<{ readonly heard: string[]; readonly waits: number[] }> {
  const heard: string[] = [];
  const waits: number[] = [];
  const leaving = new AbortController();
  const left = [...steps];
  await follow({
    open: async () => {
      const step = left.shift()!;
      if (step instanceof Error) throw step;
      return step;
    },
    changed: (revision) => heard.push(revision),
    state: (connection) => heard.push(`(${connection})`),
    signal: leaving.signal,
    wait: async (ms) => {
      waits.push(ms);
      if (left.length === 0) leaving.abort();
    },
  });
  return { heard, waits };
}

/** A body that comes in these pieces. */
function pieces(...texts: readonly string[]): Response {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const text of texts) controller.enqueue(encoder.encode(text));
        controller.close();
      },
    }),
  );
}

test('revisions are heard however the lines are cut, and what is no revision is passed over', async () => {
  const { heard } = await followed([
    pieces('{"revi', 'sion":"a"}\n\n{"revision":"b"}\n', 'nonsense\n7\n{"revision":7}\n{"revision":"c"}\n'),
  ]);
  expect(heard).toEqual(['(open)', 'a', 'b', 'c', '(lost)']);
});

test('a server that went away is asked again, less and less often, and as before once it is there', async () => {
  const gone = new TypeError('fetch failed');
  const { heard, waits } = await followed([
    gone,
    gone,
    new Response('', { status: 502 }),
    pieces('{"revision":"a"}\n'),
    gone,
    gone,
    gone,
    gone,
    gone,
    gone,
  ]);
  expect(heard.filter((line) => line !== '(lost)')).toEqual(['(open)', 'a']);
  expect(waits).toEqual([500, 1000, 2000, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

test('a token that is not known is said so', async () => {
  const { heard } = await followed([new Response('{}', { status: 401 })]);
  expect(heard).toEqual(['(refused)']);
});
