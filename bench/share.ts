// What it costs to share: ten new records among a million, in bytes from the remote and in time; and a whole history, taken at once.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { layoutOf } from '../src/cache/disk/layout.ts';
import { borrowed } from '../src/cache/disk/lock-handle.ts';
import { lockStore, openLocked } from '../src/cache/files.ts';
import { pullAll, pushAll } from '../src/project/share/sync.ts';
import { openMemory } from '../src/remote/memory.ts';
import type { RemoteFiles } from '../src/remote/remote.ts';
import { handClock } from '../tests/rig/clock.ts';
import { entry, invocationRecord, task } from '../tests/rig/records.ts';
import { shareOf } from '../tests/rig/share.ts';
import { fillHistory, writeExperiment } from './made.ts';
import { type Row, tempFolder } from './measure.ts';

const HOLDER = { pid: process.pid, host: 'bench', command: 'bench', since: '2026-01-02T03:04:05.000Z' };
const NEW = 10;

export async function share(): Promise<readonly Row[]> {
  return [await newAmong(100_000), await newAmong(1_000_000)];
}

async function newAmong(records: number): Promise<Row> {
  const { folder, remove } = tempFolder();
  try {
    writeExperiment({
      ...{ folder, variants: 10, scenarios: records / 20, runs: 2 },
      provider: ['type: sim'],
    });
    await fillHistory(folder, { distinct: true });
    const root = path.join(folder, 'artifacts', 'made');
    const files = new Map<string, Uint8Array>();
    await synced(root, openMemory({ files }), 'push');
    const reader = path.join(folder, 'reader');
    cpSync(root, reader, { recursive: true, preserveTimestamps: true });
    // Copied files are others to an index, which reads them once: a store that pulls is in use.
    opened(reader);
    const lineBytes = await drawMore(root);
    await synced(root, openMemory({ files }), 'push');
    const seen = { bytes: 0, requests: 0 };
    const startedMs = performance.now();
    const pulled = await synced(reader, counted(openMemory({ files }), seen), 'pull');
    const wallMs = performance.now() - startedMs;
    if (pulled !== NEW) throw new Error(`${pulled} records came`);
    return {
      what: `remote pull of ${NEW} new among ${records.toLocaleString('en')} records: bytes read there`,
      floor: `${(lineBytes / 1000).toFixed(1)} kB, the lines themselves`,
      measured: `${(seen.bytes / 1000).toFixed(1)} kB in ${seen.requests} requests, ${wallMs.toFixed(0)} ms`,
      ratio: (seen.bytes / lineBytes).toFixed(2),
      wanted: 'under 100 kB',
      held: seen.bytes < 100_000,
    };
  } finally {
    remove();
  }
}

/** @returns bytes of their lines */
async function drawMore(root: string): Promise<number> {
  const lock = taken(root);
  using store = openLocked({ root, redact: (text) => text, lock });
  const invocation = store.nextInvocation(new Date());
  store.begin(invocationRecord(invocation));
  let bytes = 0;
  for (let i = 0; i < NEW; i++) {
    const kept = await store.put(entry(task({ variant: 'new', scenario: `s${i}`, run: 1 }), { invocation }));
    bytes += JSON.stringify(kept).length + 1;
  }
  await store.end(invocationRecord(invocation, 'complete'));
  return bytes;
}

/** @returns how many records came */
async function synced(root: string, remote: RemoteFiles, what: 'pull' | 'push'): Promise<number> {
  using hold = taken(root);
  const share = shareOf({ root, remote });
  const at = { root, hold, mend() {} };
  const pulled = await pullAll(share, at);
  if (what === 'push') await pushAll(share, { ...at, clock: handClock() }, pulled);
  else indexed(root, hold);
  return pulled.records;
}

function opened(root: string): void {
  using hold = taken(root);
  indexed(root, hold);
}

function indexed(root: string, hold: ReturnType<typeof taken>): void {
  openLocked({ root, redact: (text) => text, lock: borrowed(hold) })[Symbol.dispose]();
}

function taken(root: string) {
  const lock = lockStore({ root: layoutOf(root).root, holder: HOLDER });
  if (lock.kind === 'err') throw new Error('locked');
  return lock.value;
}

function counted(remote: RemoteFiles, seen: { bytes: number; requests: number }): RemoteFiles {
  return {
    ...remote,
    shown: remote.shown,
    canWrite: 'unknown',
    async get(name, limits) {
      const bytes = await remote.get(name, limits);
      seen.requests++;
      seen.bytes += bytes?.length ?? 0;
      return bytes;
    },
  };
}
