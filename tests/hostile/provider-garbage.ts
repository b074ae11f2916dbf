// A provider that answers the first time with what is no answer: each is one failed attempt of one task, and no more.
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { errorsOf, runHostile } from '../rig/hostile-run.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { program } from '../rig/program.ts';
import { fine, http, startRawProvider } from '../rig/raw-provider.ts';
import type { Row } from '../rig/row.ts';

type Garbage = {
  readonly name: string;
  readonly bytes: (random: () => number) => Buffer;
  /** What the first attempt is recorded as; null = it is an answer in spite of all. */
  readonly kind: string | null;
  /** The server hangs up after it. */
  readonly closes?: boolean;
};

const ANSWER = JSON.stringify(chatAnswer('yes'));
const noise = (random: () => number): Buffer =>
  Buffer.from(Array.from({ length: 2_000 }, () => Math.floor(random() * 256)));
const json = (value: unknown): Buffer => http('200 OK', { body: JSON.stringify(value) });

const GARBAGE: readonly Garbage[] = [
  {
    name: 'bytes that are no UTF-8 inside the text',
    bytes: () => http('200 OK', { body: Buffer.from(JSON.stringify(chatAnswer('\u00ff\u00fe')), 'latin1') }),
    kind: 'invalid-response',
  },
  {
    name: 'half of the JSON',
    bytes: () => http('200 OK', { body: ANSWER.slice(0, 60) }),
    kind: 'invalid-response',
  },
  {
    name: 'a web page with status 200',
    bytes: () =>
      http('200 OK', {
        body: '<html><script>alert(1)</script></html>',
        headers: ['content-type: text/html'],
      }),
    kind: 'invalid-response',
  },
  { name: 'nothing', bytes: () => http('200 OK'), kind: 'invalid-response' },
  {
    name: 'no content',
    bytes: () => Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'),
    kind: 'invalid-response',
  },
  {
    name: 'a length that promises more, then the end',
    bytes: () => http('200 OK', { body: ANSWER, headers: [`content-length: ${ANSWER.length + 100}`] }),
    kind: 'network',
    closes: true,
  },
  {
    name: 'a length that is too short, and the rest behind it',
    bytes: () => http('200 OK', { body: ANSWER, headers: ['content-length: 40'] }),
    kind: 'invalid-response',
  },
  {
    name: 'two lengths',
    bytes: () => http('200 OK', { body: ANSWER, headers: ['content-length: 40', 'content-length: 41'] }),
    kind: 'invalid-response',
  },
  {
    name: 'compression that nobody asked for',
    bytes: () => http('200 OK', { body: gzipSync(ANSWER), headers: ['content-encoding: gzip'] }),
    // It is read all the same.
    kind: null,
  },
  {
    name: 'noise that says it is gzip',
    bytes: (random) => http('200 OK', { body: noise(random), headers: ['content-encoding: gzip'] }),
    kind: 'invalid-response',
  },
  {
    name: 'a header of 200 kB',
    bytes: () => http('200 OK', { body: ANSWER, headers: [`x-long: ${'a'.repeat(200_000)}`] }),
    kind: 'invalid-response',
  },
  {
    name: 'twenty thousand headers',
    bytes: () =>
      http('200 OK', { body: ANSWER, headers: Array.from({ length: 20_000 }, (_, i) => `x-${i}: 1`) }),
    kind: 'invalid-response',
  },
  {
    name: 'noise instead of HTTP',
    bytes: (random) => Buffer.from(`no ${noise(random)}`),
    kind: 'invalid-response',
  },
  {
    name: 'chunks whose sizes are words',
    bytes: () => http('200 OK', { body: 'many\r\nxx\r\n', headers: ['transfer-encoding: chunked'] }),
    kind: 'invalid-response',
  },
  {
    name: 'a hundred interim answers before the real one',
    bytes: () => Buffer.concat([Buffer.from('HTTP/1.1 102 Processing\r\n\r\n'.repeat(100)), fine()]),
    kind: null,
  },
  {
    name: 'the wrong content type around a right answer',
    bytes: () => http('200 OK', { body: ANSWER, headers: ['content-type: image/png'] }),
    kind: null,
  },
  { name: 'no choices', bytes: () => json({ ...chatAnswer('x'), choices: [] }), kind: 'invalid-response' },
  { name: 'choices that are a number', bytes: () => json({ choices: 7 }), kind: 'invalid-response' },
  { name: 'a list', bytes: () => json([1, 2]), kind: 'invalid-response' },
  {
    name: 'a nest of a hundred thousand lists',
    bytes: () => http('200 OK', { body: `{"choices":${'['.repeat(100_000)}${']'.repeat(100_000)}}` }),
    kind: 'invalid-response',
  },
  {
    name: 'a right answer and another one that nobody asked for',
    bytes: () => Buffer.concat([fine('yes'), fine('not asked for')]),
    kind: null,
  },
];

/** Tasks beside them that are answered well, so that harm done to others would show. */
const HEALTHY = 15;

export const row: Row = {
  name: 'provider-garbage',
  how: `a server of raw bytes answers with ${GARBAGE.length} kinds of garbage (no UTF-8, half JSON, HTML, lying lengths, header bombs, noise) between good answers`,
  holds:
    'each is one attempt of the right kind, the second attempt gets the answer, the other tasks need one attempt, the store is sound',
  full: 10,
  unit: 'runs',
  seconds: 20,
  async run({ count, random, isOver }) {
    let tried = 0;
    for (; tried < count && !isOver(); tried++) await round(random);
    return { tried, seen: `${tried * GARBAGE.length} garbled answers, 0 tasks lost` };
  },
};

async function round(random: () => number): Promise<void> {
  await using provider = await startRawProvider(({ scenario, attempt, socket }) => {
    const garbage = garbageOf(scenario);
    socket.write(garbage && attempt === 1 ? garbage.bytes(random) : fine());
    if (garbage?.closes && attempt === 1) socket.end();
  });
  await withFolder(async (cwd) => {
    const scenarios = GARBAGE.length + HEALTHY;
    const seen = await runHostile({
      ...{ cwd, url: provider.url, scenarios },
      // Few at once: the garbage must not look like eight failures in a row, which is another story.
      ...{ concurrency: 2, timeoutMs: 20_000, retries: 2 },
    });
    assert.equal(seen.code, 0, tail(seen.stderr));
    assert.equal(seen.records.length, scenarios);
    for (const record of seen.records) {
      const garbage = garbageOf(record.scenario);
      const errors = errorsOf(record);
      assert.equal(record.output?.text, 'yes', garbage?.name);
      // What lies behind an answer hits whoever uses the connection next: that attempt alone, and only as network.
      const own = garbage?.kind ? [garbage.kind, null] : [null];
      const strays = errors.length - own.length;
      assert.ok(
        strays === 0 || (strays > 0 && errors.every(isAllowedStray(own))),
        `${garbage?.name}: ${errors}`,
      );
      if (strays === 0) assert.deepEqual(errors, own, garbage?.name ?? record.scenario);
    }
    const strays = seen.records.filter((record) => {
      return errorsOf(record).length > (garbageOf(record.scenario)?.kind ? 2 : 1);
    });
    assert.ok(strays.length <= 3, `${strays.length} tasks were hit by what others got`);
    const fsck = await program(['fsck'], { cwd });
    assert.equal(fsck.code, 0, fsck.stdout);
  });
}

function isAllowedStray(own: readonly (string | null)[]) {
  return (kind: string | null): boolean =>
    own.includes(kind) || kind === 'network' || kind === 'invalid-response';
}

/** Garbage and good answers by turns. */
function garbageOf(scenario: string): Garbage | null {
  const n = Number(scenario.slice(1));
  if (n < 2 * HEALTHY) return n % 2 === 0 ? GARBAGE[n / 2]! : null;
  return GARBAGE[n - HEALTHY]!;
}
