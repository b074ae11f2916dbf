// A provider whose answers are far too long: kept up to a limit, refused above it, and never the end of a thread.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import type { ScenarioResult } from '../../src/core/record.ts';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { errorsOf, runHostile } from '../rig/hostile-run.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { program } from '../rig/program.ts';
import { fine, startRawProvider } from '../rig/raw-provider.ts';
import type { Row } from '../rig/row.ts';
import { ARTIFACTS } from '../rig/small-experiment.ts';

const MB = 1_000_000;
const SCENARIOS = 40;
/** Bytes of text by scenario; all others are answered in a word. 70 MB is above what is taken (64 MiB). */
const KEPT = new Map([
  ['s3', 50 * MB],
  ['s8', 50 * MB],
  ['s9', 20 * MB],
  ['s10', 20 * MB],
  ['s20', 20 * MB],
]);
const REFUSED = new Map([['s15', 70 * MB]]);

/** All at once: what a runaway model does to every task of a variant. */
const TOGETHER = 32;
const TOGETHER_BYTES = 20 * MB;

/** What a run may take at its peak, threads included. Measured: 1,100 to 2,000 MB. */
const MOST_BYTES = 3_000 * MB;

export const row: Row = {
  name: 'provider-huge',
  how: `answers of 20, 50 and 70 MB between short ones, and ${TOGETHER} answers of 20 MB at once`,
  holds:
    'up to 64 MiB an answer is kept byte for byte, above it is invalid-response; memory is bounded, no worker is lost, the short ones need one attempt',
  full: 3,
  unit: 'runs',
  seconds: 34,
  async run({ count, isOver }) {
    let tried = 0;
    let peak = 0;
    for (; tried < count && !isOver(); tried++) {
      peak = Math.max(peak, await between());
      // A third of the runs: 0.6 GB go through the program in each.
      if (tried % 3 === 0) peak = Math.max(peak, await together());
    }
    return { tried, seen: `peak of memory ${Math.round(peak / MB)} MB` };
  },
};

async function between(): Promise<number> {
  await using provider = await startRawProvider(({ scenario, socket }) => {
    const bytes = KEPT.get(scenario) ?? REFUSED.get(scenario);
    if (bytes === undefined) socket.write(fine());
    else sendLong(socket, bytes);
  });
  return await withFolder(async (cwd) => {
    const { url } = provider;
    const seen = await runHostile({
      ...{ cwd, url, scenarios: SCENARIOS, concurrency: 8, timeoutMs: 60_000, retries: 1 },
    });
    assert.equal(seen.code, 1, tail(seen.stderr));
    assert.equal(seen.records.length, SCENARIOS, tail(seen.stderr));
    for (const record of seen.records) {
      const isRefused = REFUSED.has(record.scenario);
      assert.deepEqual(
        errorsOf(record),
        isRefused ? ['invalid-response', 'invalid-response'] : [null],
        record.scenario,
      );
      if (isRefused) assert.match(record.attempts[0].error!.message, /more than \d+ bytes/);
      const bytes = KEPT.get(record.scenario);
      if (bytes !== undefined) assert.equal(textIn(cwd, record).length, bytes, record.scenario);
    }
    const fsck = await program(['fsck'], { cwd });
    assert.equal(fsck.code, 0, fsck.stdout);
    assert.ok(seen.peakBytes < MOST_BYTES, `${seen.peakBytes} bytes at the peak`);
    return seen.peakBytes;
  });
}

async function together(): Promise<number> {
  await using provider = await startRawProvider(({ socket }) => sendLong(socket, TOGETHER_BYTES));
  return await withFolder(async (cwd) => {
    const { url } = provider;
    const seen = await runHostile({
      ...{ cwd, url, scenarios: TOGETHER, concurrency: TOGETHER, timeoutMs: 120_000, retries: 0 },
    });
    const lost = seen.records.filter((record) => errorsOf(record).includes('worker-lost'));
    assert.equal(lost.length, 0, lost[0]?.attempts[0].error?.message);
    assert.equal(seen.code, 0, tail(seen.stderr));
    assert.ok(seen.peakBytes < MOST_BYTES, `${seen.peakBytes} bytes at the peak`);
    return seen.peakBytes;
  });
}

/** Outputs of this length stand in blobs. */
function textIn(cwd: string, record: ScenarioResult): string {
  const { sha256 } = (record.output as unknown as { readonly blob: { readonly sha256: string } }).blob;
  const blob = path.join(cwd, ARTIFACTS, 'blobs/sha256', sha256.slice(0, 2), sha256);
  return JSON.parse(readFileSync(blob, 'utf8')).text;
}

const PIECE = Buffer.alloc(100_000, 'long ');

/** Valid JSON around so many bytes of text, as fast as they are read. */
function sendLong(socket: Socket, bytes: number): void {
  const [head, tailPart] = JSON.stringify(chatAnswer('MARK')).split('MARK') as [string, string];
  const length = head.length + bytes + tailPart.length;
  socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${head}`);
  let left = bytes;
  const goOn = (): void => {
    while (left > 0) {
      if (socket.destroyed) return;
      const piece = PIECE.subarray(0, Math.min(left, PIECE.length));
      left -= piece.length;
      if (socket.write(piece)) continue;
      socket.once('drain', goOn);
      return;
    }
    socket.write(tailPart);
  };
  goOn();
}
