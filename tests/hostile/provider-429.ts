// A provider that limits, and says when to come again in every way there is, right, wrong, or not at all.
import assert from 'node:assert/strict';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { errorsOf, runHostile } from '../rig/hostile-run.ts';
import { fine, http, startRawProvider } from '../rig/raw-provider.ts';
import type { Row } from '../rig/row.ts';

/** What is sent beside the 429 of a scenario's first attempt. Nothing here asks for more than about a second. */
const WAITS: readonly (() => readonly string[])[] = [
  () => [],
  () => ['retry-after: 0'],
  () => ['retry-after: 1'],
  () => ['retry-after-ms: 50'],
  () => ['retry-after: -5'],
  () => ['retry-after: soon'],
  () => ['retry-after: 1e9'],
  () => ['retry-after: 99999999999999999999999'],
  () => ['retry-after: NaN'],
  () => ['retry-after: Thu, 01 Jan 1970 00:00:00 GMT'],
  () => [`retry-after: ${new Date(Date.now() + 1_000).toUTCString()}`],
  () => ['retry-after: Mon, 99 Foo 2099 99:99:99 GMT'],
  () => ['x-ratelimit-remaining-requests: 0', 'x-ratelimit-reset-requests: 200ms'],
  () => [
    'x-ratelimit-limit-requests: 0',
    'x-ratelimit-remaining-requests: -1',
    'x-ratelimit-reset-requests: -9s',
  ],
  () => [
    'x-ratelimit-limit-tokens: 1e99',
    'x-ratelimit-remaining-tokens: many',
    'x-ratelimit-reset-tokens: 6m',
  ],
];

const SCENARIOS = 30;
const BODIES = ['{"error":{"message":"slow down","type":"requests"}}', '', '<html>429</html>', 'null'];

export const row: Row = {
  name: 'provider-429',
  how: `a server refuses first attempts with 429 and ${WAITS.length} kinds of Retry-After (none, zero, negative, words, dates, absurd), and once asks for an hour`,
  holds:
    'each task is answered by its second attempt, none is tried before it was asked to; an hour of waiting is ended by --deadline with what is done kept',
  full: 5,
  unit: 'runs',
  seconds: 39,
  async run({ count, isOver }) {
    let tried = 0;
    for (; tried < count && !isOver(); tried++) {
      await refusedOnce();
      await anHour();
    }
    return { tried, seen: `${tried * WAITS.length} refusals waited out` };
  },
};

async function refusedOnce(): Promise<void> {
  let refused = 0;
  await using provider = await startRawProvider(({ scenario, attempt, socket }) => {
    const n = Number(scenario.slice(1));
    if (n % 2 === 1 || attempt > 1) {
      socket.write(fine());
      return;
    }
    refused += 1;
    const headers = ['content-type: application/json', ...WAITS[n / 2]!()];
    socket.write(http('429 Too Many Requests', { body: BODIES[(n / 2) % BODIES.length]!, headers }));
  });
  await withFolder(async (cwd) => {
    const { url } = provider;
    const seen = await runHostile({
      ...{ cwd, url, scenarios: SCENARIOS, concurrency: 2, timeoutMs: 20_000, retries: 2 },
    });
    assert.equal(seen.code, 0, tail(seen.stderr));
    assert.equal(refused, WAITS.length);
    for (const record of seen.records) {
      const isRefused = Number(record.scenario.slice(1)) % 2 === 0;
      assert.deepEqual(errorsOf(record), isRefused ? ['rate-limited', null] : [null], record.scenario);
    }
    const asked = seen.records.find(({ scenario }) => scenario === 's4')!;
    const [first, second] = asked.attempts.map(({ started_at }) => Date.parse(started_at));
    assert.ok(second! - first! >= 1_000, 'came again before the second that was asked for');
  });
}

async function anHour(): Promise<void> {
  await using provider = await startRawProvider(({ scenario, socket }) => {
    if (Number(scenario.slice(1)) < 10) socket.write(fine());
    else socket.write(http('429 Too Many Requests', { headers: ['retry-after: 3600'] }));
  });
  await withFolder(async (cwd) => {
    const { url } = provider;
    const seen = await runHostile({
      ...{ cwd, url, scenarios: 20, concurrency: 1, timeoutMs: 20_000, retries: 4 },
      args: ['--deadline', '3s'],
    });
    assert.equal(seen.code, 3, tail(seen.stderr));
    const done = seen.records.filter(({ status }) => status === 'completed');
    assert.equal(done.length, provider.calls() - refusalsIn(seen.events), 'what was answered is kept');
    assert.ok(
      refusalsIn(seen.events) >= 1 && refusalsIn(seen.events) <= 2,
      'a limited account is not asked again',
    );
  });
}

function refusalsIn(events: readonly Record<string, never>[]): number {
  return events.filter(({ kind }) => String(kind) === 'attempt-failed').length;
}
