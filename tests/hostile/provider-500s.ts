// A provider that breaks: now and then, for some tasks always, or altogether.
import assert from 'node:assert/strict';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { errorsOf, runHostile } from '../rig/hostile-run.ts';
import { fine, http, startRawProvider } from '../rig/raw-provider.ts';
import type { Row } from '../rig/row.ts';

const SCENARIOS = 30;
const STATUSES = [
  '500 Oops',
  '502 Bad Gateway',
  '503 Service Unavailable',
  '504 Gateway Timeout',
  '529 Busy',
];
const BODIES = [
  '{"error":{"message":"it broke","type":"server_error"}}',
  '',
  '<html><h1>502 Bad Gateway</h1></html>',
  '{"error":',
  `{"error":{"message":${JSON.stringify('x'.repeat(100_000))}}}`,
];
/** These fail whatever the attempt: fewer in a row than what makes a provider be left alone. */
const ALWAYS = new Set(['s7', 's22']);

export const row: Row = {
  name: 'provider-500s',
  how: 'a server answers every third first attempt and two tasks always with 500 to 529 and bodies of all kinds; another one fails altogether',
  holds:
    'failures are recorded as overloaded with their status, retries are bounded, the others need one attempt; a dead provider is left alone after eight failures and probed',
  full: 6,
  unit: 'runs',
  seconds: 29,
  async run({ count, random, isOver }) {
    let tried = 0;
    for (; tried < count && !isOver(); tried++) {
      await nowAndThen(random);
      await altogether();
    }
    return { tried, seen: `${tried * (10 + ALWAYS.size * 3)} server errors` };
  },
};

async function nowAndThen(random: () => number): Promise<void> {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)]!;
  await using provider = await startRawProvider(({ scenario, attempt, socket }) => {
    const fails = ALWAYS.has(scenario) || (isUnlucky(scenario) && attempt === 1);
    socket.write(fails ? http(pick(STATUSES), { body: pick(BODIES) }) : fine());
  });
  await withFolder(async (cwd) => {
    const { url } = provider;
    const seen = await runHostile({
      ...{ cwd, url, scenarios: SCENARIOS, concurrency: 3, timeoutMs: 20_000, retries: 2 },
    });
    assert.equal(seen.code, 1, tail(seen.stderr));
    assert.equal(seen.records.length, SCENARIOS);
    for (const record of seen.records) {
      const { scenario, attempts } = record;
      const many = ALWAYS.has(scenario) ? 3 : isUnlucky(scenario) ? 1 : 0;
      const expected = [...Array(many).fill('overloaded'), ...(ALWAYS.has(scenario) ? [] : [null])];
      assert.deepEqual(errorsOf(record), expected, scenario);
      for (const { error } of attempts) {
        if (error === null) continue;
        assert.ok((error.status ?? 0) >= 500, `status ${error.status}`);
        assert.ok(error.message.length < 3_000, 'a message is bounded');
      }
    }
  });
}

async function altogether(): Promise<void> {
  await using provider = await startRawProvider(({ socket }) => {
    socket.write(http('500 Oops', { body: BODIES[0]! }));
  });
  await withFolder(async (cwd) => {
    const { url } = provider;
    const seen = await runHostile({
      ...{ cwd, url, scenarios: SCENARIOS, concurrency: 8, timeoutMs: 20_000, retries: 4 },
      args: ['--deadline', '3s'],
    });
    assert.notEqual(seen.code, 0);
    assert.ok(
      seen.events.some(({ kind }) => String(kind) === 'lane-suspended'),
      tail(seen.stderr),
    );
    // Eight in a row, those that were under way, and a probe after each pause.
    assert.ok(provider.calls() <= 24, `${provider.calls()} calls to a dead provider`);
    assert.equal(seen.records.filter(({ status }) => status === 'completed').length, 0);
  });
}

function isUnlucky(scenario: string): boolean {
  return Number(scenario.slice(1)) % 3 === 0;
}
