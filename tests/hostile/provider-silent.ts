// A provider that takes some requests and never says a word: each ends by its own deadline, and nobody waits for it.
import assert from 'node:assert/strict';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { errorsOf, runHostile } from '../rig/hostile-run.ts';
import { program } from '../rig/program.ts';
import { fine, startRawProvider } from '../rig/raw-provider.ts';
import type { Row } from '../rig/row.ts';

const SCENARIOS = 24;
const TIMEOUT_MS = 400;
/** The loop's own watchdog comes this much later: who ends before it was ended by the deadline in the worker. */
const WATCHDOG_MS = 5_000;
/** Never eight failures in a row, or the whole provider is left alone for a while. */
const SILENT = new Set(['s2', 's9', 's16']);

export const row: Row = {
  name: 'provider-silent',
  how: `a server takes ${SILENT.size} of ${SCENARIOS} requests and never answers, whatever the attempt`,
  holds:
    'each attempt ends as timeout by its own deadline, retries are bounded, the others need one attempt, the run ends',
  full: 10,
  unit: 'runs',
  kinds: 2,
  seconds: 22,
  async run({ count, isOver }) {
    let tried = 0;
    for (; tried < count && !isOver(); tried++) await round(tried % 2 === 0 ? 'nothing' : 'a head');
    return { tried, seen: `${tried * SILENT.size * 2} attempts ended by their deadline` };
  },
};

async function round(says: 'nothing' | 'a head'): Promise<void> {
  await using provider = await startRawProvider(({ scenario, socket }) => {
    if (!SILENT.has(scenario)) socket.write(fine());
    else if (says === 'a head') socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
  });
  await withFolder(async (cwd) => {
    const { url } = provider;
    const seen = await runHostile({
      ...{ cwd, url, scenarios: SCENARIOS, concurrency: 4, timeoutMs: TIMEOUT_MS, retries: 1 },
    });
    assert.equal(seen.code, 1, tail(seen.stderr));
    assert.equal(seen.summary.failed, SILENT.size);
    assert.equal(seen.records.length, SCENARIOS);
    for (const record of seen.records) {
      const isSilent = SILENT.has(record.scenario);
      assert.deepEqual(errorsOf(record), isSilent ? ['timeout', 'timeout'] : [null], record.scenario);
      for (const { duration_ms } of isSilent ? record.attempts : []) {
        assert.ok(
          duration_ms !== null && duration_ms > TIMEOUT_MS - 5 && duration_ms < WATCHDOG_MS,
          `${duration_ms} ms`,
        );
      }
    }
    assert.equal(provider.calls(), SCENARIOS + SILENT.size);
    const fsck = await program(['fsck'], { cwd });
    assert.equal(fsck.code, 0, fsck.stdout);
  });
}
