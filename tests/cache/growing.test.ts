// A reader beside a run: what is durable and in no index yet was acknowledged to nobody, and is not worth a copy of the index.
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/cache/files.ts';
import { openReader } from '../../src/cache/index/reader.ts';
import type { Store, StoreReader } from '../../src/cache/store.ts';
import type { InvocationId } from '../../src/core/invocation-id.ts';
import { entry, invocationRecord, task } from '../rig/records.ts';
import { tempFolder } from '../rig/temp.ts';

const HOLDER = {
  pid: process.pid,
  host: hostname(),
  command: 'expgraph run',
  since: '2026-01-02T03:04:05.000Z',
};
const [ONE, TWO] = ['one', 'two'].map((scenario) => task({ variant: 'a', scenario, run: 1 })) as [Task, Task];
type Task = ReturnType<typeof task>;

type Started = { readonly store: Store; readonly invocation: InvocationId; readonly file: string };

/** A run that has drawn `tasks` and goes on. */
async function running(root: string, tasks: readonly Task[]): Promise<Started> {
  const opened = openStore({ root, holder: HOLDER, redact: (text) => text });
  if (opened.kind === 'err') throw new Error('the store is locked');
  const store = opened.value;
  const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
  store.begin(invocationRecord(invocation));
  for (const of of tasks) await store.put(entry(of, { invocation }));
  return { store, invocation, file: path.join(root, 'history', invocation, 'a_run1.jsonl') };
}

/** The line of the second record as a run writes it, without a word to the index. */
async function appendSecond(file: string): Promise<void> {
  const other = await running(tempFolder(), [ONE, TWO]);
  using _ = other.store;
  appendFileSync(file, `${readFileSync(other.file, 'utf8').trimEnd().split('\n').at(-1)}\n`);
}

function scenariosIn(reader: StoreReader): readonly string[] {
  return [...reader.records()].map(({ scenario }) => scenario);
}

describe('a reader beside a run that appended a line and has not indexed it yet', () => {
  it('reads all that was acknowledged, says that it is behind, and reads on once the index has it', async () => {
    const root = tempFolder();
    const { store, invocation, file } = await running(root, [ONE]);
    using _ = store;
    const before = readFileSync(file);
    await appendSecond(file);
    using reader = openReader(root);
    expect([scenariosIn(reader), reader.isBehind()]).toEqual([['one'], true]);
    // As if it had never been: the writer's own next line stands there.
    writeFileSync(file, before);
    await store.put(entry(TWO, { invocation }));
    expect([reader.refresh(), reader.isBehind(), scenariosIn(reader)]).toEqual([true, false, ['one', 'two']]);
  });

  it('reads the line itself where who wrote it was killed', async () => {
    const root = tempFolder();
    const { store, file } = await running(root, [ONE]);
    using _ = store;
    await appendSecond(file);
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    writeFileSync(path.join(root, 'lock.json'), JSON.stringify({ ...HOLDER, pid }));
    using reader = openReader(root);
    expect([scenariosIn(reader), reader.isBehind()]).toEqual([['one', 'two'], false]);
  });

  it('reads it as well where the invocation has ended: nobody would add it any more', async () => {
    const root = tempFolder();
    const { store, invocation, file } = await running(root, [ONE]);
    using _ = store;
    await store.end(invocationRecord(invocation, 'complete'));
    await appendSecond(file);
    using reader = openReader(root);
    expect([scenariosIn(reader), reader.isBehind()]).toEqual([['one', 'two'], false]);
  });

  it('reads the files where one of them was replaced and has not grown', async () => {
    const root = tempFolder();
    const { store, file } = await running(root, [ONE, TWO]);
    using _ = store;
    writeFileSync(file, readFileSync(file, 'utf8').split('\n').slice(0, 2).join('\n').concat('\n'));
    using reader = openReader(root);
    expect([scenariosIn(reader), reader.isBehind()]).toEqual([['one'], false]);
  });
});
