// A provider whose answers come a byte at a time and would take minutes: the deadline ends them while bytes still come.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { errorsOf, runHostile } from '../rig/hostile-run.ts';
import { fine, startRawProvider } from '../rig/raw-provider.ts';
import type { Row } from '../rig/row.ts';

const SCENARIOS = 24;
const TIMEOUT_MS = 400;
const WATCHDOG_MS = 5_000;
/** So that a whole answer would take more than a minute. */
const BYTE_EVERY_MS = 20;
const DRIPPING = new Set(['s0', 's11', 's23']);

export const row: Row = {
  name: 'provider-drips',
  how: `a server sends ${DRIPPING.size} of ${SCENARIOS} answers a byte every ${BYTE_EVERY_MS} ms, from the first byte or from the body on`,
  holds:
    'each attempt ends as timeout by its own deadline, the connection is closed under the server, the others need one attempt, the run ends',
  full: 10,
  unit: 'runs',
  kinds: 2,
  seconds: 23,
  async run({ count, isOver }) {
    let tried = 0;
    for (; tried < count && !isOver(); tried++) await round(tried % 2 === 0);
    return { tried, seen: `${tried * DRIPPING.size * 2} dripping answers cut off` };
  },
};

async function round(isHeadWhole: boolean): Promise<void> {
  let cutOff = 0;
  await using provider = await startRawProvider(({ scenario, socket }) => {
    if (!DRIPPING.has(scenario)) {
      socket.write(fine());
      return;
    }
    socket.once('close', () => cutOff++);
    drip(socket, isHeadWhole);
  });
  await withFolder(async (cwd) => {
    const { url } = provider;
    const seen = await runHostile({
      ...{ cwd, url, scenarios: SCENARIOS, concurrency: 4, timeoutMs: TIMEOUT_MS, retries: 1 },
    });
    assert.equal(seen.code, 1, tail(seen.stderr));
    for (const record of seen.records) {
      const drips = DRIPPING.has(record.scenario);
      assert.deepEqual(errorsOf(record), drips ? ['timeout', 'timeout'] : [null], record.scenario);
      for (const { duration_ms } of drips ? record.attempts : []) {
        assert.ok(
          duration_ms !== null && duration_ms > TIMEOUT_MS - 5 && duration_ms < WATCHDOG_MS,
          `${duration_ms} ms`,
        );
      }
    }
    assert.equal(seen.records.length, SCENARIOS);
    assert.equal(cutOff, 2 * DRIPPING.size);
  });
}

function drip(socket: Socket, isHeadWhole: boolean): void {
  const answer = fine('y'.repeat(4_000));
  let at = isHeadWhole ? answer.indexOf('{') : 0;
  if (isHeadWhole) socket.write(answer.subarray(0, at));
  const timer = setInterval(() => {
    socket.write(answer.subarray(at, ++at));
    if (at >= answer.length) clearInterval(timer);
  }, BYTE_EVERY_MS);
  socket.once('close', () => clearInterval(timer));
}
